//! `build`: the site in dist/, and what a visitor downloads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project::{dist, find, root, run};
use crate::{tables, tools, wasm_file};

/// What a first visit is to download at most, compressed. KB are thousands of bytes.
const BUDGET: usize = 400_000;

/// What a first visit must not exceed meanwhile. Only ever lowered: growth has to be paid for.
const LIMIT: usize = 850_000;

/// What gzip adds around a deflate stream: a header of 10 bytes and a trailer of 8.
const GZIP_FRAME: usize = 18;

/// What is loaded with the first question to the second thread.
const LATER: [&str; 3] = ["desk.js", "worker.js", "worker_bg.wasm"];

/// One file of the site.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its path below dist/, with `/`.
    pub(crate) path: String,
    /// Bytes on disk.
    pub(crate) raw: usize,
    /// Bytes as gzip would send them.
    pub(crate) gzip: usize,
    /// Whether a first visit loads it.
    pub(crate) first_load: bool,
}

/// Builds the site and prints its sizes.
pub(crate) fn build() -> Result<()> {
    tools::set_up()?;
    bundle()?;
    let parts = parts()?;
    println!("\n{}", sizes(&parts));
    Ok(())
}

/// Builds the site into dist/ with the tools already there.
pub(crate) fn bundle() -> Result<()> {
    // Trunk reads NO_COLOR as true or false only, and refuses the customary "1".
    run(Command::new("trunk").args(["build", "--skip-version-check"]).current_dir(root()).env_remove("NO_COLOR"))?;
    shrink(&dist().join("web_bg.wasm"))?;
    shrink(&dist().join("worker_bg.wasm"))
}

/// Fails when a first visit downloads more than it may; says so while it is more than it should.
pub(crate) fn check_budget() -> Result<()> {
    let total = first_load(&parts()?);
    ensure!(total <= LIMIT, "a first visit downloads {}, more than {}", kilobytes(total), kilobytes(LIMIT));
    if total > BUDGET {
        println!("a first visit downloads {}; the budget is {}", kilobytes(total), kilobytes(BUDGET));
    }
    Ok(())
}

/// Passes the wasm through `wasm-opt` where that is installed (a version too old for it leaves it as it was), and
/// takes out what no browser reads.
fn shrink(wasm: &Path) -> Result<()> {
    if let Some(wasm_opt) = find("wasm-opt") {
        let smaller = wasm.with_extension("opt");
        match run(Command::new(wasm_opt).arg("-Oz").arg("-o").arg(&smaller).arg(wasm)) {
            Ok(()) => fs::rename(&smaller, wasm).context("putting the optimised wasm in place")?,
            Err(error) => println!("wasm-opt is not used: {error:#}"),
        }
    }
    let bytes = fs::read(wasm).with_context(|| format!("reading {}", wasm.display()))?;
    fs::write(wasm, wasm_file::without_names(&bytes)?).context("writing the wasm without names")
}

/// Every file of the built site, by path.
pub(crate) fn parts() -> Result<Vec<Part>> {
    let top = dist();
    let shown_first = first_topology(&top);
    let mut files = Vec::new();
    collect(&top, &mut files)?;
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            let path = relative(&top, &file);
            let later = path.starts_with("topologies/") || LATER.contains(&path.as_str());
            let first_load = !later || path == "topologies/index.json" || shown_first.as_deref() == Some(&path);
            Ok(Part { raw: bytes.len(), gzip: gzip_size(&bytes), first_load, path })
        })
        .collect()
}

/// Bytes of a first visit, compressed.
pub(crate) fn first_load(parts: &[Part]) -> usize {
    parts.iter().filter(|part| part.first_load).map(|part| part.gzip).sum()
}

/// The sizes as a table.
pub(crate) fn sizes(parts: &[Part]) -> String {
    let mut rows: Vec<Vec<String>> = parts
        .iter()
        .map(|part| {
            let when = if part.first_load { "first visit" } else { "when opened" };
            vec![part.path.clone(), kilobytes(part.raw), kilobytes(part.gzip), when.to_owned()]
        })
        .collect();
    let total = first_load(parts);
    let verdict = if total <= BUDGET { "within" } else { "OVER" };
    rows.push(vec![
        "first visit in total".to_owned(),
        kilobytes(parts.iter().filter(|part| part.first_load).map(|part| part.raw).sum()),
        kilobytes(total),
        format!("{verdict} {}", kilobytes(BUDGET)),
    ]);
    tables::markdown(&["file", "size", "gzip", "loaded"], &rows)
}

/// `12.3 KB`.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

fn gzip_size(bytes: &[u8]) -> usize {
    miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + GZIP_FRAME
}

/// The document a first visit opens: the first of the list.
fn first_topology(top: &Path) -> Option<String> {
    let text = fs::read_to_string(top.join("topologies/index.json")).ok()?;
    let list: serde_json::Value = serde_json::from_str(&text).ok()?;
    let file = list.as_array()?.first()?.get("file")?.as_str()?;
    Some(format!("topologies/{file}"))
}

fn relative(top: &Path, file: &Path) -> String {
    let below = file.strip_prefix(top).unwrap_or(file);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_first_visit_loads_counts_against_the_budget() {
        let part = |path: &str, gzip, first_load| Part { path: path.into(), raw: 0, gzip, first_load };
        assert_eq!(first_load(&[part("web.js", 10, true), part("topologies/b.json", 7, false)]), 10);
    }

    #[test]
    fn gzip_sizes_include_the_frame() {
        assert!(gzip_size(b"") >= GZIP_FRAME);
        assert!(gzip_size(&[7; 100_000]) < 1_000);
    }

    #[test]
    fn kilobytes_are_thousands_with_one_decimal() {
        assert_eq!(kilobytes(399_960), "399.9 KB");
        assert_eq!(kilobytes(50), "0.0 KB");
    }
}
