//! `bench`: engine and drawing natively, the engine in wasm, the page in a browser, the download; one table.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::project::{capture, cargo, find, root, target};
use crate::suites::{NATIVE, Stage, WASM, in_browser};
use crate::{site, tables, tools};

/// One line of the table: where, what, how much.
type Row = Vec<String>;

/// Measures everything and prints the table.
pub(crate) fn run() -> Result<()> {
    tools::set_up()?;
    let mut rows = native()?;
    rows.extend(growth(&rows));
    rows.extend(instructions()?);
    rows.extend(wasm()?);
    site::bundle()?;
    rows.extend(page()?);
    rows.extend(download()?);
    println!("\n{}", tables::markdown(&["where", "what", "measured"], &rows));
    Ok(())
}

fn native() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for package in ["sim", "diagram"] {
        if root().join("crates").join(package).join("benches").is_dir() {
            let text = tee(cargo().args(["bench", "-p", package, "--bench", "*"]))?;
            rows.extend(divan_rows(&text).into_iter().map(|(name, time)| row("native", &name, &time)));
        }
    }
    Ok(rows)
}

/// How much more ten times the size costs, as an exponent: 1 is ten times as much. From 1,000 to 10,000.
fn growth(rows: &[Row]) -> Vec<Row> {
    let measured = |name: &str| rows.iter().find(|row| row[1] == name).and_then(|row| seconds(&row[2]));
    let exponent = |row: &Row| {
        let name = row[1].strip_suffix(" 10000")?;
        let (small, large) = (measured(&format!("{name} 1000"))?, measured(&row[1])?);
        Some(self::row("native", &format!("{name}, growth exponent"), &format!("{:.2}", (large / small).log10())))
    };
    rows.iter().filter_map(exponent).collect()
}

/// `28.3 ms` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ')?;
    let scale = match unit {
        "s" => 1.0,
        "ms" => 1e-3,
        "µs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}

/// What valgrind counts for compiling and for one trace: the same in every run. Without valgrind, nothing.
fn instructions() -> Result<Vec<Row>> {
    if find("valgrind").is_none() {
        println!("no instructions are counted: there is no valgrind here");
        return Ok(Vec::new());
    }
    let build = ["bench", "-p", "sim", "--bench", "instructions", "--no-run", "--message-format", "json"];
    let messages = capture(cargo().args(build))?;
    let program = executable(&messages).context("cargo says where it put the benchmark")?;
    let mut rows = Vec::new();
    for (what, name, times) in
        [("compile", "compile", 1), ("name", "trace by name", 50), ("service", "trace of a service", 50)]
    {
        for machines in [100, 1_000, 10_000] {
            // Once more than nothing, so that what is read only once is not counted.
            let (base, all) = (counted(&program, what, machines, 1)?, counted(&program, what, machines, 1 + times)?);
            let each = (all - base) / times;
            rows.push(row("native, callgrind", &format!("{name} {machines}"), &format!("{each} instructions")));
        }
    }
    Ok(rows)
}

/// How many instructions a run of the benchmark takes.
fn counted(program: &str, what: &str, machines: u32, times: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", program, what]);
    let output = command.args([machines.to_string(), times.to_string()]).output().context("starting valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    collected(&text).with_context(|| format!("valgrind counted nothing: {text}"))
}

/// The number after `Collected : `.
fn collected(text: &str) -> Option<u64> {
    text.split_once("Collected : ")?.1.split_whitespace().next()?.parse().ok()
}

/// The program cargo's messages name last.
fn executable(messages: &str) -> Option<String> {
    let named = messages.lines().rev().find_map(|line| line.split_once("\"executable\":\""))?;
    named.1.split_once('"').map(|(path, _)| path.to_owned())
}

fn wasm() -> Result<Vec<Row>> {
    let mut command = cargo();
    command.args(["bench", "--profile", "release"]).args(WASM).args(["-p", "tests", "--bench", "wasm"]);
    // Where the runner keeps its last result; without this, in the sources.
    command.env("WASM_BINDGEN_BENCH_RESULT", target().join("wasm-bench.json"));
    let text = tee(in_browser(&mut command)?)?;
    Ok(criterion_rows(&text).into_iter().map(|(name, time)| row("wasm in Chromium", &name, &time)).collect())
}

fn page() -> Result<Vec<Row>> {
    let stage = Stage::start()?;
    let mut command = cargo();
    command.args(["bench", "--profile", "dev"]).args(NATIVE).args(["--bench", "page"]);
    let text = tee(stage.tell(&mut command))?;
    Ok(page_rows(&text).into_iter().map(|(name, value)| row("page in Chromium", &name, &value)).collect())
}

fn download() -> Result<Vec<Row>> {
    let parts = site::parts()?;
    let total = site::kilobytes(site::first_load(&parts));
    let mut rows = vec![row("download, gzip", "first visit in total", &total)];
    let large = parts.iter().filter(|part| part.first_load && part.gzip >= 2_000);
    rows.extend(large.map(|part| row("download, gzip", &part.path, &site::kilobytes(part.gzip))));
    Ok(rows)
}

fn row(place: &str, what: &str, measured: &str) -> Row {
    vec![place.to_owned(), what.to_owned(), measured.to_owned()]
}

/// Runs a command, showing what it prints, and returns that.
fn tee(command: &mut Command) -> Result<String> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("starting cargo bench")?;
    let output = child.stdout.take().context("cargo bench has no output")?;
    let mut text = String::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("reading what cargo bench prints")?;
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    let status = child.wait()?;
    ensure!(status.success(), "cargo bench ended with {status}");
    Ok(text)
}

/// The medians of divan's tree of benchmarks: groups are joined with their members.
fn divan_rows(text: &str) -> Vec<(String, String)> {
    let mut groups: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        let Some(branch) = line.find(['├', '╰']) else { continue };
        // Each level of the tree is three characters wide.
        let depth = line[..branch].chars().count() / 3;
        let rest = line[branch..].trim_start_matches(['├', '╰', '─', ' ']);
        let mut columns = rest.split('│').map(str::trim);
        let first = columns.next().unwrap_or_default();
        let name = first.split_whitespace().next().unwrap_or_default().to_owned();
        groups.truncate(depth);
        if let Some(median) = columns.nth(1).filter(|median| !median.is_empty()) {
            let full = groups.iter().map(String::as_str).chain([name.as_str()]).collect::<Vec<_>>().join(" ");
            rows.push((full, median.to_owned()));
        }
        groups.push(name);
    }
    rows
}

/// The point estimates of `NAME  time:   [low estimate high]`.
fn criterion_rows(text: &str) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut previous = String::new();
    for line in text.lines().map(without_colour) {
        if let Some((name, interval)) = line.split_once("time:") {
            let name = if name.trim().is_empty() { previous.clone() } else { name.trim().to_owned() };
            let words: Vec<&str> = interval.trim().trim_matches(['[', ']']).split_whitespace().collect();
            if let [_, _, value, unit, _, _] = words.as_slice() {
                rows.push((name, format!("{value} {unit}")));
            }
        }
        line.trim().clone_into(&mut previous);
    }
    rows
}

/// The lines `measured: NAME = VALUE`.
fn page_rows(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("measured: ")?.split_once(" = "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A line without the escape sequences that colour it.
fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_divan_tree_gives_one_row_a_leaf_with_its_median() {
        let text = "\
engine       fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ compile                 │               │               │               │         │
│  ├─ 100    10 µs         │ 30 µs         │ 12 µs         │ 13 µs         │ 100     │ 100
│  ╰─ 1000   110 µs        │ 300 µs        │ 120 µs        │ 130 µs        │ 100     │ 100
╰─ send      3.1 µs        │ 9 µs          │ 3.2 µs        │ 3.3 µs        │ 100     │ 100
";
        let rows = divan_rows(text);
        let expected = [("compile 100", "12 µs"), ("compile 1000", "120 µs"), ("send", "3.2 µs")];
        assert_eq!(rows, expected.map(|(name, time)| (name.to_owned(), time.to_owned())));
    }

    #[test]
    fn an_estimate_is_read_without_its_colours_whether_the_name_fits_the_line_or_not() {
        let text = "\u{1b}[32mcompile\u{1b}[0m      time:   [1.0 µs \u{1b}[1m 1.1 µs\u{1b}[0m 1.2 µs]\n\
                    a name of its own line, long\n      time:   [2 ms 3 ms 4 ms]\n";
        let expected = [("compile", "1.1 µs"), ("a name of its own line, long", "3 ms")];
        assert_eq!(criterion_rows(text), expected.map(|(name, time)| (name.to_owned(), time.to_owned())));
    }

    #[test]
    fn only_lines_that_say_so_are_measurements_of_the_page() {
        let text = "Running page\nmeasured: frame p95 = 4.1 ms\n";
        assert_eq!(page_rows(text), [("frame p95".to_owned(), "4.1 ms".to_owned())]);
    }

    #[test]
    fn ten_times_the_cost_at_ten_times_the_size_is_an_exponent_of_one() {
        let rows = [row("native", "compile 1000", "2.5 ms"), row("native", "compile 10000", "25 ms")];
        assert_eq!(growth(&rows), [row("native", "compile, growth exponent", "1.00")]);
        assert_eq!(seconds("4 µs").map(|seconds| (seconds * 1e6).round()), Some(4.0));
        assert_eq!(seconds("4 parsecs"), None);
    }

    #[test]
    fn the_count_and_the_program_are_found_in_what_the_tools_print() {
        assert_eq!(collected("==1== Events    : Ir\n==1== Collected : 1234\n"), Some(1234));
        let messages = "{\"executable\":null}\n{\"reason\":\"x\",\"executable\":\"/t/instructions-1\",\"fresh\":true}\n{\"reason\":\"build-finished\"}";
        assert_eq!(executable(messages).as_deref(), Some("/t/instructions-1"));
    }
}
