//! `privatelink-lab`: what a document of Private Link Lab says, answered on the command line. `docs/cli.md` documents
//! it.

mod arguments;
mod check;
mod diagnose;
mod input;
mod matrix;
mod output;
mod request;
mod table;
mod tables;
mod trace;

use std::io::{self, Write as _};
use std::process::ExitCode;

use arguments::{Action, Arguments, Format, HELP, VERSION};
use output::{Answer, Failure};

/// The answer is no: an expectation fails, a request is not delivered, a name has no address.
const NO: u8 = 1;
/// The command line is not understood.
const USAGE: u8 = 2;
/// A file or link cannot be read.
const UNREADABLE: u8 = 3;

fn main() -> ExitCode {
    match run() {
        Ok((text, code)) => {
            // A reader that has seen enough, as `head`, is no failure.
            match io::stdout().lock().write_all(text.as_bytes()) {
                Ok(()) => ExitCode::from(code),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(code),
                Err(error) => complain(&Failure::Unreadable(error.to_string())),
            }
        }
        Err(failure) => complain(&failure),
    }
}

fn complain(failure: &Failure) -> ExitCode {
    let (hint, code) = match failure {
        Failure::Usage(_) => ("\nTry 'privatelink-lab --help'.", USAGE),
        Failure::Unreadable(_) => ("", UNREADABLE),
    };
    // Nothing is left to say when standard error is gone, too.
    drop(writeln!(io::stderr().lock(), "privatelink-lab: {failure}{hint}"));
    ExitCode::from(code)
}

/// What goes to standard output, and the exit code.
fn run() -> Result<(String, u8), Failure> {
    let Arguments { action, format } = arguments::parse(lexopt::Parser::from_env())?;
    let answer = match action {
        Action::Help => return Ok((HELP.to_owned(), 0)),
        Action::Version => return Ok((VERSION.to_owned(), 0)),
        Action::Open { link } => return Ok((input::open(&link)?, 0)),
        Action::Link { file } => return Ok((input::link(&file)?, 0)),
        Action::Resolve { file, from, name } => trace::resolve(&input::document(&file)?, &from, &name)?,
        Action::Connect { file, asking } => trace::connect(&input::document(&file)?, &asking)?,
        Action::Routes { file, interface } => tables::routes(&input::document(&file)?, &interface)?,
        Action::Rules { file, interface } => tables::rules(&input::document(&file)?, &interface)?,
        Action::Matrix { file, against } => matrix::matrix(&file, against.as_deref())?,
        Action::Check { file } => check::check(&input::document(&file)?),
        Action::Diagnose { file, asking } => diagnose::diagnose(&input::document(&file)?, &asking)?,
    };
    let Answer { text, json, is_yes } = answer;
    let text = match format {
        Format::Text => text,
        Format::Json => format!("{json:#}\n"),
    };
    Ok((text, if is_yes { 0 } else { NO }))
}
