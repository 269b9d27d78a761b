//! `serve`: the built site on this machine, opened in the browser.

use std::process::{Command, ExitCode, Stdio};

use anyhow::Result;

use crate::server::Site;
use crate::{project, site};

/// The first port tried, and how many after it.
const PORTS: std::ops::Range<u16> = 8080..8180;

/// Builds and serves until interrupted.
pub(crate) fn run(open: bool) -> Result<ExitCode> {
    site::build()?;
    let served = Site::start(&project::dist(), "/", PORTS)?;
    println!("\nPrivate Link Lab is at {}  (Ctrl-C stops it)", served.url);
    if open {
        open_browser(&served.url);
    }
    served.wait()?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the page where there is a screen to open it on; where not, the printed address has to do.
fn open_browser(url: &str) {
    let mut command = if cfg!(target_os = "windows") {
        let mut command = Command::new("cmd");
        command.args(["/C", "start", ""]);
        command
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else if std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some() {
        Command::new("xdg-open")
    } else {
        return;
    };
    if let Err(error) = command.arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        println!("No browser was opened ({error}); open the address above.");
    }
}
