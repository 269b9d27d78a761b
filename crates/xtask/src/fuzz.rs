//! `fuzz`: looks for inputs that break what the tests promise, with libFuzzer, for as long as asked.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::project::{root, run};
use crate::tools;

/// The programs in `fuzz/fuzz_targets`.
const TARGETS: [&str; 3] = ["file", "message", "send"];
/// The longest input tried, in bytes.
const LONGEST: usize = 8192;

/// Runs each target for so many minutes. What breaks is kept in `fuzz/artifacts`, what leads somewhere new in
/// `fuzz/corpus`.
pub(crate) fn run_each(minutes: u32) -> Result<()> {
    tools::cargo_fuzz()?;
    for target in TARGETS {
        let mut command = Command::new("rustup");
        command.args(["run", "nightly", "cargo", "fuzz", "run", target]).current_dir(root().join("fuzz"));
        command.arg("--").arg(format!("-max_total_time={}", minutes * 60)).arg(format!("-max_len={LONGEST}"));
        run(command.args(["-timeout=20", "-rss_limit_mb=4096"]))
            .with_context(|| format!("{target} found something, or there is no nightly compiler"))?;
    }
    Ok(())
}

/// The number after `--minutes`; one without it.
pub(crate) fn minutes(options: &[&str]) -> Result<u32> {
    match options {
        [] => Ok(1),
        ["--minutes", number] => number.parse().with_context(|| format!("'{number}' is not a number of minutes")),
        _ => bail!("expected --minutes N"),
    }
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, minutes};
    use crate::project::root;

    #[test]
    fn every_target_is_run() {
        let folder = std::fs::read_dir(root().join("fuzz/fuzz_targets")).expect("the folder is there");
        let mut files: Vec<String> =
            folder.map(|file| file.expect("a file").file_name().into_string().expect("a name")).collect();
        files.sort();
        assert_eq!(files, TARGETS.map(|target| format!("{target}.rs")));
    }

    #[test]
    fn minutes_are_one_or_what_is_asked_for() {
        assert_eq!(minutes(&[]).ok(), Some(1));
        assert_eq!(minutes(&["--minutes", "7"]).ok(), Some(7));
        assert!(minutes(&["--minutes"]).is_err() && minutes(&["--minutes", "x"]).is_err());
    }
}
