//! `az`, Azure's command line: its commands, and how one is read and run.

mod arguments;
mod arm;
mod call;
mod commands;
pub(crate) mod complete;
mod connection;
mod error;
mod help;
mod link_service;
mod nic;
mod policy;
mod print;
mod private_dns;
mod private_endpoint;
mod query;
mod storage;
mod vnet;
mod zone_group;

use self::arguments::Given;
use self::call::Call;
use self::commands::{COMMANDS, Command};
use self::error::AzError;
use crate::run::Run;

/// `az GROUP… COMMAND [--OPTION VALUE]…`
pub(crate) fn run(run: &mut Run<'_>, words: &[String]) {
    let path_length = words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len());
    let (path, options) = words.split_at(path_length);
    let wants_help = options.iter().any(|word| word == "--help" || word == "-h");
    let Some(command) = COMMANDS.iter().find(|command| command.is_at(path)) else {
        return match help::group(path) {
            Some(text) => run.print(text),
            None => fail(run, &help::misspelled(path)),
        };
    };
    if wants_help {
        return run.print(help::command(command));
    }
    if let Err(error) = execute(run, command, options) {
        fail(run, &error);
    }
}

fn execute(run: &mut Run<'_>, command: &Command, options: &[String]) -> Result<(), AzError> {
    let given = Given::read(command.arguments, options)?;
    let format = print::Format::read(given.value("--output"))?;
    let query = given.value("--query").map(query::Query::read).transpose()?;
    let mut call = Call::new(run, given)?;
    let answer = (command.run)(&mut call)?;
    run.output.commands = call.into_commands();
    if let Some(answer) = answer {
        let text = print::text(&answer, command.table, format, query.as_ref())?;
        if !text.is_empty() {
            run.print(text);
        }
    }
    Ok(())
}

fn fail(run: &mut Run<'_>, error: &AzError) {
    run.fail(error.exit_code(), error.to_string());
}
