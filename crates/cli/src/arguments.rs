//! The command line.

use lexopt::{Arg, Parser, ValueExt as _};

use crate::output::Failure;
use crate::request::Asking;

pub(crate) const HELP: &str = "\
usage: privatelink-lab COMMAND FILE [options]

Simulates Azure Private Link: what a name resolves to, which way a packet goes, and why.
FILE is a document of Private Link Lab (JSON); '-' reads standard input.

  resolve FILE --from VM NAME            what a machine is told when it asks for a name
  connect FILE --from VM TARGET[:PORT]   what happens to a request, step by step
  diagnose FILE --from VM TARGET[:PORT]  why a request fails, and the smallest edits that help
  routes FILE --nic NIC                  the effective routes of a network interface
  rules FILE --nic NIC                   the effective security rules of a network interface
  matrix FILE [--against OTHER]          who reaches what; or only what differs in another document
  check FILE                             the document's problems and expectations
  link FILE                              the document as the fragment of a link
  open LINK                              the document of a link

TARGET is a name, an address or a URL. Without a URL, port 80 means HTTP, 443 or none HTTPS, 1433 SQL, any other TCP.

  -o, --output FORMAT   text (the default) or json
      --from VM         the machine that asks
      --nic NIC         a network interface, or a machine for its first
      --path PATH       the path asked for
  -k, --insecure        accept a certificate for another name
  -h, --help            print this text
  -V, --version         print the version

Exit codes: 0 yes; 1 no (not delivered, not resolved, an expectation or the document is not all right);
2 the command line is not understood; 3 a file or link cannot be read.
";

pub(crate) const VERSION: &str = concat!("privatelink-lab ", env!("CARGO_PKG_VERSION"), "\n");

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Help,
    Version,
    Resolve { file: String, from: String, name: String },
    Connect { file: String, asking: Asking },
    Diagnose { file: String, asking: Asking },
    Routes { file: String, interface: String },
    Rules { file: String, interface: String },
    Matrix { file: String, against: Option<String> },
    Check { file: String },
    Link { file: String },
    Open { link: String },
}

#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) action: Action,
    pub(crate) format: Format,
}

/// What stands on the command line, in any order.
#[derive(Default)]
struct Given {
    words: Vec<String>,
    from: Option<String>,
    nic: Option<String>,
    against: Option<String>,
    path: Option<String>,
    insecure: bool,
}

pub(crate) fn parse(mut parser: Parser) -> Result<Arguments, Failure> {
    let mut given = Given::default();
    let mut format = Format::Text;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Arguments { action: Action::Help, format }),
            Arg::Short('V') | Arg::Long("version") => return Ok(Arguments { action: Action::Version, format }),
            Arg::Short('o') | Arg::Long("output") => format = output_format(&parser.value()?.string()?)?,
            Arg::Short('k') | Arg::Long("insecure") => given.insecure = true,
            Arg::Long("from") => given.from = Some(parser.value()?.string()?),
            Arg::Long("nic") => given.nic = Some(parser.value()?.string()?),
            Arg::Long("against") => given.against = Some(parser.value()?.string()?),
            Arg::Long("path") => given.path = Some(parser.value()?.string()?),
            Arg::Value(word) => given.words.push(word.string()?),
            Arg::Short(_) | Arg::Long(_) => return Err(argument.unexpected().into()),
        }
    }
    Ok(Arguments { action: given.action()?, format })
}

fn output_format(word: &str) -> Result<Format, Failure> {
    match word {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        other => Err(Failure::Usage(format!("'{other}' is not an output format; there are text and json"))),
    }
}

impl Given {
    fn action(mut self) -> Result<Action, Failure> {
        let mut words = std::mem::take(&mut self.words).into_iter();
        let Some(command) = words.next() else { return Ok(Action::Help) };
        let mut next = |what: &str| words.next().ok_or_else(|| Failure::Usage(format!("{command}: {what} is missing")));
        let action = match command.as_str() {
            "help" => Action::Help,
            "resolve" => Action::Resolve { file: next("FILE")?, name: next("NAME")?, from: self.from(&command)? },
            "connect" => Action::Connect { file: next("FILE")?, asking: self.asking(&command, next("TARGET")?)? },
            "diagnose" => Action::Diagnose { file: next("FILE")?, asking: self.asking(&command, next("TARGET")?)? },
            "routes" => Action::Routes { file: next("FILE")?, interface: self.nic(&command)? },
            "rules" => Action::Rules { file: next("FILE")?, interface: self.nic(&command)? },
            "matrix" => Action::Matrix { file: next("FILE")?, against: self.against.take() },
            "check" => Action::Check { file: next("FILE")? },
            "link" => Action::Link { file: next("FILE")? },
            "open" => Action::Open { link: next("LINK")? },
            other => return Err(Failure::Usage(format!("'{other}' is not a command"))),
        };
        if let Some(word) = words.next() {
            return Err(Failure::Usage(format!("{command}: '{word}' is one word too many")));
        }
        self.is_used_up(&command)?;
        Ok(action)
    }

    fn from(&mut self, command: &str) -> Result<String, Failure> {
        self.from.take().ok_or_else(|| Failure::Usage(format!("{command}: --from VM is missing")))
    }

    fn nic(&mut self, command: &str) -> Result<String, Failure> {
        self.nic.take().ok_or_else(|| Failure::Usage(format!("{command}: --nic NIC is missing")))
    }

    fn asking(&mut self, command: &str, target: String) -> Result<Asking, Failure> {
        let (path, insecure) = (self.path.take(), std::mem::take(&mut self.insecure));
        Ok(Asking { from: self.from(command)?, target, path, insecure })
    }

    /// An option that a command has no use for is a mistake, not a decoration.
    fn is_used_up(&self, command: &str) -> Result<(), Failure> {
        let left = [
            (self.from.is_some(), "--from"),
            (self.nic.is_some(), "--nic"),
            (self.against.is_some(), "--against"),
            (self.path.is_some(), "--path"),
            (self.insecure, "--insecure"),
        ];
        match left.iter().find(|(is_left, _)| *is_left) {
            Some((_, option)) => Err(Failure::Usage(format!("{command}: {option} means nothing here"))),
            None => Ok(()),
        }
    }
}
