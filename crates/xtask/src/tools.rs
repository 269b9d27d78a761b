//! The tools a build needs, installed when they are missing and only then.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::{capture, cargo, find, locked_version, root, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Later releases of Trunk need a newer compiler than the one this workspace pins.
const TRUNK: &str = "0.21.14";

const CARGO_FUZZ: &str = "0.13.2";

/// Everything for a build of the site.
pub(crate) fn set_up() -> Result<()> {
    wasm_target()?;
    wasm_bindgen()?;
    trunk()
}

/// The standard library for wasm.
pub(crate) fn wasm_target() -> Result<()> {
    let sysroot = capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("setup: adding the {TARGET} target");
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))
        .with_context(|| format!("the Rust target {TARGET} is missing; with rustup: rustup target add {TARGET}"))
}

/// `wasm-bindgen` and its test runner, of exactly the version the library has in Cargo.lock: the two speak a
/// format that changes between releases.
pub(crate) fn wasm_bindgen() -> Result<()> {
    let wanted = locked_version("wasm-bindgen")?;
    if has("wasm-bindgen", &wanted) && has("wasm-bindgen-test-runner", &wanted) {
        return Ok(());
    }
    println!("setup: installing wasm-bindgen {wanted} (about five minutes on two cores)");
    // Without --locked: the lock file in that package names a release that has been withdrawn.
    install(&["--force", &format!("wasm-bindgen-cli@{wanted}")])
}

fn trunk() -> Result<()> {
    if has("trunk", TRUNK) {
        return Ok(());
    }
    println!("setup: installing Trunk {TRUNK} (about ten minutes on two cores)");
    let package = format!("trunk@{TRUNK}");
    install(&["--locked", &package, "--no-default-features", "--features", "rustls"])
}

/// What builds and runs the programs in `fuzz`.
pub(crate) fn cargo_fuzz() -> Result<()> {
    if has("cargo-fuzz", CARGO_FUZZ) {
        return Ok(());
    }
    println!("setup: installing cargo-fuzz {CARGO_FUZZ} (about a minute)");
    install(&["--locked", &format!("cargo-fuzz@{CARGO_FUZZ}")])
}

/// Installs without optimising: these tools run for seconds and would take long to build.
fn install(arguments: &[&str]) -> Result<()> {
    run(cargo()
        .arg("install")
        .args(arguments)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"))
}

fn has(program: &str, version: &str) -> bool {
    let Some(path) = find(program) else { return false };
    let Ok(output) = Command::new(path).arg("--version").output() else { return false };
    String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1) == Some(version)
}
