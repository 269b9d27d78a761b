//! `cargo xtask`: set-up, serve, build, test and bench, with nothing to install by hand but rustup.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks on its standard streams")]

mod bench;
mod browser;
mod fuzz;
mod project;
mod serve;
mod server;
mod site;
mod suites;
mod tables;
mod tools;
mod wasm_file;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
usage: cargo xtask COMMAND

  setup             install what is missing: the wasm target, Trunk, wasm-bindgen
  serve             build the site, serve it on http://127.0.0.1:8080 and open it
    --no-open         do not open a browser
  build             build the site into dist/, for any folder of any static host
  test              run every suite and say which passed
    --only SUITE      run one suite (may be repeated)
  bench             measure engine, drawing, page and download size
  fuzz              look for input that breaks the engine; needs a nightly compiler
    --minutes N       for so long with each target (default 1)
  help              print this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let mut words = arguments.iter().map(String::as_str);
    let command = words.next().unwrap_or("help");
    let options: Vec<&str> = words.collect();
    match (command, options.as_slice()) {
        ("setup", []) => tools::set_up().map(|()| ExitCode::SUCCESS),
        ("serve", []) => serve::run(true),
        ("serve", ["--no-open"]) => serve::run(false),
        ("build", []) => site::build().map(|()| ExitCode::SUCCESS),
        ("test", options) => Ok(suites::run_each(&suites::selected(options)?)),
        ("fuzz", options) => fuzz::run_each(fuzz::minutes(options)?).map(|()| ExitCode::SUCCESS),
        ("bench", []) => bench::run().map(|()| ExitCode::SUCCESS),
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        (command, options) => bail!("'{command} {}' is not a command; see `cargo xtask help`", options.join(" ")),
    }
}
