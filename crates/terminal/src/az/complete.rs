//! What a line that begins with `az` may go on with.

use topology::{Document, Id, Kind};

use super::arguments::{Argument, GLOBAL, Takes, Values};
use super::commands::COMMANDS;
use super::{arm, connection, help, nic};
use crate::shell::Shell;

/// What may follow these words: the next word of a command, an option, or a value for the option before.
pub(crate) fn candidates(given: &[&str], shell: &Shell, document: &Document) -> Vec<String> {
    let path_length = given.iter().position(|word| word.starts_with('-')).unwrap_or(given.len());
    let (path, options) = given.split_at(path_length);
    let owned: Vec<String> = path.iter().map(|word| (*word).to_owned()).collect();
    let Some(command) = COMMANDS.iter().find(|command| command.is_at(&owned)) else {
        return help::next_words(path).into_iter().map(|(word, _)| word.to_owned()).collect();
    };
    let known = || command.arguments.iter().chain(GLOBAL);
    let last = options.last().and_then(|last| known().find(|argument| argument.names.contains(last)));
    if let Some(argument) = last.filter(|argument| argument.takes != Takes::Nothing) {
        return values(argument, shell, document);
    }
    let is_given = |argument: &&Argument| argument.names.iter().any(|name| options.contains(name));
    known().filter(|argument| !is_given(argument)).map(|argument| argument.names[0].to_owned()).collect()
}

fn values(argument: &Argument, shell: &Shell, document: &Document) -> Vec<String> {
    let own = shell.subscription(document);
    let is_here = |id: &&Id| document.subscription_of(id) == own;
    let named = |kind: Kind| {
        let of_kind = document.ids().filter(move |(other, _)| *other == kind).map(|(_, id)| id).filter(is_here);
        of_kind.map(|id| document.display_name(id).to_owned())
    };
    match argument.values {
        Values::Free => Vec::new(),
        Values::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Values::Names(Kind::NetworkInterface) => {
            let endpoints = document.private_endpoints.ids().filter(is_here);
            let of_endpoints = endpoints.map(|endpoint| nic::endpoint_interface(document, endpoint));
            named(Kind::NetworkInterface).chain(of_endpoints).collect()
        }
        Values::Names(kind) => named(kind).collect(),
        Values::Targets => {
            let targets = document.private_link_services.ids().chain(document.platform_services.ids());
            targets.map(|id| arm::id(document, id)).collect()
        }
        Values::Connections => connection::ids(document),
        Values::Groups => {
            let zones = document.private_dns_zones.ids().filter(is_here);
            let groups = zones.filter_map(|zone| document.resource_group_of(zone));
            let own = own.and_then(|own| document.resource_group_of(own));
            groups.chain(own).map(str::to_owned).collect()
        }
        Values::Subscriptions => document.subscriptions.ids().map(ToString::to_string).collect(),
    }
}
