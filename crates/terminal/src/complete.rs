//! What a line may go on with.

use sim::Network;
use topology::catalogue::catalogue;
use topology::{Document, Kind};

use crate::az;
use crate::programs::{Home, PROGRAMS, find};
use crate::shell::Shell;

/// What may stand in the place of the last word of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins, in bytes.
    pub start: usize,
    /// The words that begin with what has been typed, in order.
    pub words: Vec<String>,
}

/// Completes the last word of a line.
#[must_use]
pub fn complete(line: &str, shell: &Shell, document: &Document, network: &Network) -> Completion {
    let start = line.rfind(' ').map_or(0, |space| space + 1);
    let (before, typed) = line.split_at(start);
    let given: Vec<&str> = before.split_whitespace().collect();
    let candidates = match given.split_first() {
        None => programs(shell),
        Some((&"az", given)) => az::complete::candidates(given, shell, document),
        Some((&"help", _)) => programs(shell),
        Some((program, _)) => {
            let Some(program) = find(program, shell.system) else { return Completion::default() };
            let options = program.options.iter().map(|option| (*option).to_owned());
            if typed.starts_with(['-', '+', '/']) {
                options.collect()
            } else {
                options.chain(targets(document, network)).collect()
            }
        }
    };
    let lower = typed.to_ascii_lowercase();
    let mut words: Vec<String> =
        candidates.into_iter().filter(|word| word.to_ascii_lowercase().starts_with(&lower)).collect();
    words.sort();
    words.dedup();
    Completion { start, words }
}

fn programs(shell: &Shell) -> Vec<String> {
    let on_machine = shell.machine().is_some();
    let is_there = |home: Home| match home {
        Home::Everywhere => true,
        Home::Machines => on_machine,
        Home::System(system) => on_machine && shell.system == system,
    };
    PROGRAMS.iter().filter(|program| is_there(program.home)).map(|program| program.names[0].to_owned()).collect()
}

/// Names and addresses that something answers at: accounts by their public names, records of private zones, and the
/// private addresses of endpoints, machines and load balancers.
fn targets(document: &Document, network: &Network) -> Vec<String> {
    let mut targets = Vec::new();
    for (account, service) in &document.platform_services {
        let of_type = catalogue().services.iter().filter(|row| row.resource_type == service.resource_type);
        let suffixes = of_type.flat_map(|row| &row.names).map(|names| &names.public_suffix);
        targets.extend(suffixes.filter(|suffix| !suffix.contains('{')).map(|suffix| format!("{account}.{suffix}")));
    }
    for zone in document.private_dns_zones.iter().map(|(_, zone)| zone) {
        let names = zone.record_sets.keys().filter(|name| *name != "@");
        targets.extend(names.map(|name| format!("{name}.{}", zone.name)));
    }
    let addressed = [Kind::PrivateEndpoint, Kind::VirtualMachine, Kind::LoadBalancer];
    let ids = document.ids().filter(|(kind, _)| addressed.contains(kind));
    targets.extend(ids.filter_map(|(_, id)| network.address_of(id)).map(|address| address.to_string()));
    targets
}
