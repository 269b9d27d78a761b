//! Command lines as people type them on a machine or in the Cloud Shell: read, run on the network, printed as the real
//! tool prints.
//!
//! Everything asked is asked of the simulator, and comes back with its traces, so that it can be played. Everything
//! changed is a [`Command`](topology::command::Command) for the caller to carry out, so that it can be undone.

mod az;
mod complete;
mod dns;
mod guest;
mod history;
mod http;
mod line;
mod output;
mod power_shell;
mod programs;
mod reach;
mod run;
mod shell;
pub mod table;

use sim::{Network, Session};
use topology::Document;

pub use complete::{Completion, complete};
pub use history::History;
pub use output::{Line, Output, Stream};
pub use shell::{Shell, ShellPlace};

/// Runs one command line. The session moves on: caches fill, ports are used, waiting takes its time.
#[must_use]
pub fn run(line: &str, shell: &Shell, document: &Document, network: &Network, session: &mut Session) -> Output {
    programs::run(run::Run::new(line, shell, document, network, session))
}

/// A shell with the lines typed so far.
#[derive(Clone, Debug)]
pub struct Terminal {
    shell: Shell,
    history: History,
}

impl Terminal {
    /// A terminal in which nothing has been typed.
    #[must_use]
    pub fn new(shell: Shell) -> Self {
        Self { shell, history: History::default() }
    }

    /// Where it runs.
    #[must_use]
    pub const fn shell(&self) -> &Shell {
        &self.shell
    }

    /// The lines typed so far.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }

    /// Goes back and forth among the lines typed so far.
    pub const fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// Runs one command line and remembers it.
    #[must_use]
    pub fn run(&mut self, line: &str, document: &Document, network: &Network, session: &mut Session) -> Output {
        self.history.push(line);
        run(line, &self.shell, document, network, session)
    }
}
