//! `nslookup`, as on Windows and as on Linux.

use std::net::Ipv4Addr;

use sim::{Asked, Lookup};
use topology::resource::OsType;
use wire::DomainName;
use wire::dns::ResponseCode;

use super::{DNS_PORT, STUB, addresses, aliases, canonical};
use crate::run::Run;

/// How long Windows waits for one answer, in seconds, and how often it asks.
const WINDOWS_WAIT_S: u64 = 2;
const WINDOWS_TRIES: u64 = 4;
/// How long Linux waits until it gives up, in seconds.
const LINUX_WAIT_S: u64 = 15;

/// `nslookup [-type=A] NAME [SERVER]`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let (options, words): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|word| word.starts_with('-'));
    for option in options {
        let kind = option.split_once('=').map(|(_, kind)| kind.to_ascii_uppercase());
        if !matches!(kind.as_deref(), Some("A" | "CNAME")) {
            return run.fail(1, format!("nslookup: {option} is not supported; -type=A and -type=CNAME are"));
        }
    }
    let Some(name) = words.first() else {
        return run.fail(1, "nslookup: the interactive mode is not supported; nslookup NAME [SERVER]");
    };
    if name.parse::<Ipv4Addr>().is_ok() {
        return run.fail(1, "nslookup: names of addresses (PTR records) are not part of the model");
    }
    let Ok(name) = name.parse::<DomainName>() else {
        return run.fail(1, format!("nslookup: '{name}' is not a legal name"));
    };
    let server = match words.get(1).map(|word| word.parse::<Ipv4Addr>()) {
        Some(Err(_)) => return run.fail(1, format!("nslookup: couldn't get address for '{}': not found", words[1])),
        Some(Ok(server)) => Some(server),
        None => None,
    };
    match run.shell.system {
        OsType::Linux => on_linux(run, &name, server),
        OsType::Windows => on_windows(run, &name, server),
    }
}

fn on_linux(run: &mut Run<'_>, name: &DomainName, server: Option<Ipv4Addr>) {
    let Some(lookup) = run.look_up(name, server.map_or(Asked::Client, Asked::Server)) else { return };
    let asked = server.unwrap_or(STUB);
    let code = match (lookup.code, server) {
        (Some(code), _) => code,
        // The stub answers SERVFAIL for servers that say nothing.
        (None, None) => ResponseCode::ServFail,
        (None, Some(_)) => {
            run.session.advance(LINUX_WAIT_S);
            return run.fail(1, ";; connection timed out; no servers could be reached\n");
        }
    };
    run.print(format!("Server:\t\t{asked}\nAddress:\t{asked}#{DNS_PORT}\n"));
    if code != ResponseCode::NoError {
        run.print(format!("** server can't find {name}: {code}\n"));
        run.output.exit_code = 1;
        return;
    }
    if lookup.records.is_empty() {
        run.print(format!("*** Can't find {name}: No answer\n"));
        run.output.exit_code = 1;
        return;
    }
    run.print("Non-authoritative answer:");
    for (alias, target) in aliases(&lookup.records) {
        run.print(format!("{alias}\tcanonical name = {target}."));
    }
    let end = canonical(name, &lookup.records);
    for address in lookup.addresses() {
        run.print(format!("Name:\t{end}\nAddress: {address}"));
    }
    run.print("");
}

fn on_windows(run: &mut Run<'_>, name: &DomainName, server: Option<Ipv4Addr>) {
    let Some(lookup) = run.look_up(name, server.map_or(Asked::Lease, Asked::Server)) else { return };
    let asked = lookup.server.map_or_else(|| String::from("UnKnown"), |server| server.to_string());
    let header = format!("Server:  UnKnown\nAddress:  {asked}\n");
    let Some(code) = lookup.code else {
        let waited = format!("DNS request timed out.\n    timeout was {WINDOWS_WAIT_S} seconds.");
        // The first question is for the name of the server itself.
        run.print(format!("{waited}\n{header}"));
        for _ in 0..WINDOWS_TRIES {
            run.print(&waited);
        }
        run.session.advance(WINDOWS_WAIT_S * (WINDOWS_TRIES + 1));
        return run.fail(1, "*** Request to UnKnown timed-out");
    };
    run.print(header);
    match code {
        ResponseCode::NoError => answer_on_windows(run, name, &lookup),
        // With an alias in the answer the name exists as far as nslookup is concerned.
        ResponseCode::NxDomain if !lookup.records.is_empty() => answer_on_windows(run, name, &lookup),
        ResponseCode::NxDomain => run.fail(1, format!("*** UnKnown can't find {name}: Non-existent domain")),
        ResponseCode::Refused => run.fail(1, format!("*** UnKnown can't find {name}: Query refused")),
        ResponseCode::ServFail | ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::Unknown(_) => {
            run.fail(1, format!("*** UnKnown can't find {name}: Server failed"));
        }
    }
}

fn answer_on_windows(run: &mut Run<'_>, name: &DomainName, lookup: &Lookup) {
    run.print("Non-authoritative answer:");
    run.print(format!("Name:    {}", canonical(name, &lookup.records)));
    let found = addresses(lookup);
    match found.as_slice() {
        [] => {}
        [address] => run.print(format!("Address:  {address}")),
        [..] => run.print(format!("Addresses:  {}", found.join("\n          "))),
    }
    let others: Vec<String> = aliases(&lookup.records).map(|(alias, _)| alias.to_string()).collect();
    if !others.is_empty() {
        run.print(format!("Aliases:  {}", others.join("\n          ")));
    }
    run.print("");
}
