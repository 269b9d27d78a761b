//! `test`: every suite in order, to the end, and one line each about how it went.

use std::fs;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::browser::{Driver, driver_program};
use crate::project::{cargo, dist, root, run};
use crate::server::Site;
use crate::{site, tools};

/// The native packages, and one set of features for all commands on them: cargo then builds each dependency once.
pub(crate) const NATIVE: [&str; 7] =
    ["--workspace", "--exclude", "web", "--exclude", "worker", "--features", "tests/browser"];

/// The wasm target, for cargo.
pub(crate) const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// The site is tested below a path like this one, as on a host that serves many projects.
const SUB_PATH: &str = "/some/where/private-link-lab/";

/// One thing that can pass or fail.
pub(crate) struct Suite {
    name: &'static str,
    run: fn() -> Result<()>,
}

const SUITES: [Suite; 7] = [
    Suite { name: "format", run: format },
    Suite { name: "clippy", run: clippy_native },
    Suite { name: "clippy-wasm", run: clippy_wasm },
    Suite { name: "native", run: native },
    Suite { name: "wasm", run: wasm },
    Suite { name: "site", run: built_site },
    Suite { name: "browser", run: browser },
];

/// The suites that `--only NAME` options ask for; all of them without such an option.
pub(crate) fn selected(options: &[&str]) -> Result<Vec<&'static Suite>> {
    if options.is_empty() {
        return Ok(SUITES.iter().collect());
    }
    let (pairs, rest) = options.as_chunks::<2>();
    if !rest.is_empty() {
        bail!("expected --only SUITE");
    }
    pairs
        .iter()
        .map(|pair| match pair {
            ["--only", name] => SUITES.iter().find(|suite| suite.name == *name).with_context(|| {
                let names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
                format!("no suite is called '{name}'; there are {}", names.join(", "))
            }),
            [option, _] => bail!("'{option}' is not an option of test"),
        })
        .collect()
}

/// Runs the suites, each to its end whatever the others did.
pub(crate) fn run_each(suites: &[&Suite]) -> ExitCode {
    let results: Vec<(&str, Duration, Option<String>)> = suites
        .iter()
        .enumerate()
        .map(|(index, suite)| {
            println!("\n== {} ({} of {})", suite.name, index + 1, suites.len());
            let started = Instant::now();
            let failure = (suite.run)().err().map(|error| format!("{error:#}"));
            if let Some(failure) = &failure {
                println!("{} failed: {failure}", suite.name);
            }
            (suite.name, started.elapsed(), failure)
        })
        .collect();

    println!();
    for (name, took, failure) in &results {
        let verdict = if failure.is_none() { "ok" } else { "FAILED" };
        println!("{name:<12} {verdict:<6} {:>7.1} s", took.as_secs_f64());
    }
    let failed = results.iter().filter(|(_, _, failure)| failure.is_some()).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy_native() -> Result<()> {
    // Not --all-targets: that leaves out a test that `cargo test` does not run by itself, as the browser tests are.
    let targets = ["--lib", "--bins", "--examples", "--tests", "--benches", "--test", "browser"];
    run(cargo().arg("clippy").args(NATIVE).args(targets).args(["--", "-D", "warnings"]))
}

fn clippy_wasm() -> Result<()> {
    tools::wasm_target()?;
    run(cargo().arg("clippy").args(WASM).args([
        "-p",
        "web",
        "-p",
        "worker",
        "-p",
        "tests",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn native() -> Result<()> {
    run(cargo().arg("test").args(NATIVE))
}

fn wasm() -> Result<()> {
    tools::wasm_target()?;
    tools::wasm_bindgen()?;
    let mut command = cargo();
    command.arg("test").args(WASM).args(["-p", "tests", "--test", "wasm"]);
    for test in web_tests()? {
        command.args(["-p", "web", "--test", &test]);
    }
    run(in_browser(&mut command)?)
}

/// Prepares a cargo command whose target runs in headless Chromium by way of wasm-bindgen's test runner.
pub(crate) fn in_browser(command: &mut Command) -> Result<&mut Command> {
    Ok(command
        .env("CHROMEDRIVER", driver_program()?)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", root().join("webdriver.json"))
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300"))
}

/// The integration tests of the web crate, all of which run in a browser.
fn web_tests() -> Result<Vec<String>> {
    let folder = root().join("web/tests");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem()
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn built_site() -> Result<()> {
    site::build()?;
    site::check_budget()
}

fn browser() -> Result<()> {
    let stage = Stage::start()?;
    run(stage.tell(cargo().arg("test").args(NATIVE).args(["--test", "browser", "--", "--test-threads=2"])))
}

/// The built site on a server and a driver to visit it with.
pub(crate) struct Stage {
    site: Site,
    driver: Driver,
}

impl Stage {
    /// Serves dist/ below a sub-path and starts a driver.
    pub(crate) fn start() -> Result<Self> {
        ensure!(dist().join("index.html").is_file(), "dist/ holds no site; `cargo xtask build` makes it");
        Ok(Self { site: Site::start(&dist(), SUB_PATH, [0])?, driver: Driver::start(&driver_program()?)? })
    }

    /// Tells a command where both are.
    pub(crate) fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LAB_URL", &self.site.url).env("WEBDRIVER_URL", &self.driver.url)
    }
}
