//! One command line on its way: what it may look at, and what it leaves.

use std::net::Ipv4Addr;

use sim::trace::DropCause;
use sim::{Asked, Lookup, Network, Outcome, Session, Trace, look_up, open, send};
use smol_str::SmolStr;
use topology::document::{Request, RequestProtocol};
use topology::resource::Extra;
use topology::{Document, Id};
use wire::DomainName;

use crate::output::{Output, Stream};
use crate::shell::Shell;

/// A command line being run.
pub(crate) struct Run<'a> {
    pub(crate) line: &'a str,
    pub(crate) shell: &'a Shell,
    pub(crate) document: &'a Document,
    pub(crate) network: &'a Network,
    pub(crate) session: &'a mut Session,
    pub(crate) output: Output,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        line: &'a str,
        shell: &'a Shell,
        document: &'a Document,
        network: &'a Network,
        session: &'a mut Session,
    ) -> Self {
        Self { line: line.trim(), shell, document, network, session, output: Output::default() }
    }

    /// Writes to standard output; a line end in the text starts a new line.
    pub(crate) fn print(&mut self, text: impl AsRef<str>) {
        self.output.write(Stream::Output, text.as_ref());
    }

    /// Writes to standard error.
    pub(crate) fn error(&mut self, text: impl AsRef<str>) {
        self.output.write(Stream::Error, text.as_ref());
    }

    /// Writes a warning as PowerShell does.
    pub(crate) fn warn(&mut self, text: impl AsRef<str>) {
        self.output.write(Stream::Warning, &format!("WARNING: {}", text.as_ref()));
    }

    /// Writes to standard error and sets the exit code.
    pub(crate) fn fail(&mut self, exit_code: u8, text: impl AsRef<str>) {
        self.error(text);
        self.output.exit_code = exit_code;
    }

    /// The machine the line was typed on; programs that need one are not offered elsewhere.
    pub(crate) fn machine(&self) -> Option<&'a Id> {
        self.shell.machine()
    }

    /// Asks for a name from this machine.
    pub(crate) fn look_up(&mut self, name: &DomainName, asked: Asked) -> Option<Lookup> {
        let lookup = look_up(self.network, self.session, self.machine()?, name, asked);
        self.output.traces.push(lookup.trace.clone());
        Some(lookup)
    }

    /// Sends a request from this machine.
    pub(crate) fn send(&mut self, question: Question<'_>) -> Option<Trace> {
        let request = self.request(question)?;
        let trace = send(self.network, self.session, &request);
        self.output.traces.push(trace.clone());
        Some(trace)
    }

    /// Sends a request from this machine, and keeps the connection.
    pub(crate) fn open(&mut self, question: Question<'_>) -> Option<Trace> {
        let request = self.request(question)?;
        let (trace, _) = open(self.network, self.session, &request, None);
        self.output.traces.push(trace.clone());
        Some(trace)
    }

    fn request(&self, question: Question<'_>) -> Option<Request> {
        Some(Request {
            from: self.machine()?.clone(),
            protocol: question.protocol,
            to: SmolStr::new(question.to),
            port: question.port.filter(|port| *port != question.protocol.default_port()),
            path: question.path.map(SmolStr::new),
            insecure: question.insecure,
            extra: Extra::new(),
        })
    }
}

/// What a program sends.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) protocol: RequestProtocol,
    pub(crate) to: &'q str,
    pub(crate) port: Option<u16>,
    pub(crate) path: Option<&'q str>,
    pub(crate) insecure: bool,
}

/// Why a trace ended without an answer.
pub(crate) fn cause(trace: &Trace) -> Option<&DropCause> {
    match &trace.outcome {
        Outcome::Dropped { cause, .. } => Some(cause),
        Outcome::Answered { .. } | Outcome::Resolved { .. } => None,
    }
}

/// The private address of the machine a line was typed on.
pub(crate) fn own_address(run: &Run<'_>) -> Option<Ipv4Addr> {
    run.network.address_of(run.machine()?)
}
