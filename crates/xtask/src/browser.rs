//! A browser and its WebDriver: found, installed where that is one command, and started.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, bail, ensure};

use crate::project::{find, run};

/// How long a driver may take before it answers.
const START: Duration = Duration::from_secs(30);

/// How long a driver may take to close its browsers.
const STOP: Duration = Duration::from_secs(5);

const BY_HAND: &str = "Browser tests need Chromium or Chrome and the ChromeDriver of the same major version, both on \
    the PATH (or the driver's path in CHROMEDRIVER).\n  Debian:  apt-get install chromium chromium-driver\n  \
    Fedora:  dnf install chromium chromedriver\n  Arch:    pacman -S chromium\n  macOS:   brew install --cask \
    google-chrome chromedriver\n  Windows: winget install Google.Chrome Chromium.ChromeDriver";

/// A running ChromeDriver; ended when dropped.
pub(crate) struct Driver {
    process: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl Driver {
    /// Starts the driver on a free port and waits until it listens.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Command::new(program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let driver = Self { process, url: format!("http://127.0.0.1:{port}") };
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            ensure!(started.elapsed() < START, "{} does not listen after {START:?}", program.display());
            thread::sleep(Duration::from_millis(50));
        }
        Ok(driver)
    }

    /// Sends the one request that needs no session, and waits until the process has ended.
    fn ask_to_stop(&mut self) -> Result<()> {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /shutdown HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let asked = Instant::now();
        while self.process.try_wait()?.is_none() {
            ensure!(asked.elapsed() < STOP, "the driver still runs {STOP:?} after it was asked to stop");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to stop, a driver also closes the browsers it opened. It may have ended by itself; either way it is
        // gone afterwards.
        if self.ask_to_stop().is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// The driver's program, with a browser for it, installed first on Debian and Ubuntu.
pub(crate) fn driver_program() -> Result<PathBuf> {
    if let Some(driver) = found() {
        return Ok(driver);
    }
    let Some(packages) = packages() else { bail!(BY_HAND) };
    println!("setup: installing {}", packages.join(" "));
    apt(&["update"]).and_then(|()| apt(&[&["install", "-y", "--no-install-recommends"], packages].concat()))?;
    found().context(BY_HAND)
}

fn found() -> Option<PathBuf> {
    let driver = env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find("chromedriver"))?;
    has_browser().then_some(driver)
}

fn has_browser() -> bool {
    const ELSEWHERE: [&str; 2] = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ];
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].iter().any(|name| find(name).is_some())
        || ELSEWHERE.iter().any(|path| Path::new(path).is_file())
}

/// What to ask apt for, on a system that has it.
fn packages() -> Option<&'static [&'static str]> {
    find("apt-get")?;
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let ubuntu = release.lines().any(|line| line == "ID=ubuntu");
    Some(if ubuntu { &["chromium-browser", "chromium-chromedriver"] } else { &["chromium", "chromium-driver"] })
}

fn apt(arguments: &[&str]) -> Result<()> {
    let root = cfg!(unix) && Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null())).context(BY_HAND)
}
