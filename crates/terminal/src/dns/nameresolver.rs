//! `nameresolver`, from the console of App Service.

use std::net::Ipv4Addr;

use sim::Asked;
use wire::DomainName;
use wire::dns::ResponseCode;

use super::{addresses, aliases, canonical};
use crate::run::Run;

/// `nameresolver NAME [SERVER]`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let Some(name) = arguments.first().and_then(|word| word.parse::<DomainName>().ok()) else {
        return run.fail(1, "usage: nameresolver.exe hostname [dns server]");
    };
    let asked = match arguments.get(1).map(|word| word.parse::<Ipv4Addr>()) {
        Some(Ok(server)) => Asked::Server(server),
        Some(Err(_)) => return run.fail(1, "usage: nameresolver.exe hostname [dns server]"),
        None => Asked::Lease,
    };
    let Some(lookup) = run.look_up(&name, asked) else { return };
    if let Some(server) = lookup.server {
        run.print(format!("Server: {server}\n"));
    }
    let found = addresses(&lookup);
    if found.is_empty() {
        let silent = lookup.code.is_none();
        let missing = lookup.code == Some(ResponseCode::NxDomain);
        return run.fail(
            1,
            match (silent, missing) {
                (true, _) => "DNS request timed out.",
                (false, true) => "*** Non-existent domain",
                (false, false) => "*** No address found",
            },
        );
    }
    run.print(format!("Non-authoritative answer:\nName: {}\nAddresses:", canonical(&name, &lookup.records)));
    run.print(found.join("\n"));
    let targets: Vec<String> = aliases(&lookup.records).map(|(_, target)| target.to_string()).collect();
    if !targets.is_empty() {
        run.print(format!("Aliases:\n{}", targets.join("\n")));
    }
}
