//! `Resolve-DnsName` of PowerShell.

use std::net::Ipv4Addr;

use sim::Asked;
use wire::DomainName;
use wire::dns::{Record, RecordType, ResponseCode};

use crate::power_shell::{failure, list, parameters, positional, row, switch, valued};
use crate::run::Run;

const COMMAND: &str = "Resolve-DnsName";
/// The widths of the columns `Type`, `TTL` and `Section`.
const COLUMNS: [usize; 3] = [6, 5, 10];
/// How long Windows waits until it gives up, in seconds.
const WAIT_S: u64 = 12;

/// `Resolve-DnsName [-Name] NAME [-Type A] [-Server SERVER] [-DnsOnly]`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let known = [
        positional("Name"),
        positional("Type"),
        valued("Server"),
        switch("DnsOnly"),
        switch("NoHostsFile"),
        switch("QuickTimeout"),
    ];
    let Some(given) = parameters(run, COMMAND, arguments, &known) else { return };
    let Some(name) = given.value("Name").and_then(|name| name.parse::<DomainName>().ok()) else {
        return run.fail(1, "Resolve-DnsName : -Name is the name to ask for");
    };
    if let Some(kind) =
        given.value("Type").filter(|kind| !["A", "A_AAAA", "CNAME"].contains(&kind.to_ascii_uppercase().as_str()))
    {
        return run.fail(1, format!("Resolve-DnsName : -Type {kind} is not supported here; A and CNAME are"));
    }
    let asked = match given.value("Server").map(str::parse::<Ipv4Addr>) {
        Some(Ok(server)) => Asked::Server(server),
        Some(Err(_)) => return run.fail(1, "Resolve-DnsName : -Server is the address of a DNS server"),
        None if given.has("NoHostsFile") => Asked::Lease,
        None => Asked::Client,
    };
    let Some(lookup) = run.look_up(&name, asked) else { return };
    if !lookup.records.is_empty() || lookup.code == Some(ResponseCode::NoError) {
        return show(run, &lookup.records);
    }
    let (message, category, id) = match lookup.code {
        Some(ResponseCode::NxDomain) => {
            ("DNS name does not exist", "ResourceUnavailable", "DNS_ERROR_RCODE_NAME_ERROR")
        }
        Some(_) => ("DNS server failure", "ResourceUnavailable", "DNS_ERROR_RCODE_SERVER_FAILURE"),
        None => {
            run.session.advance(WAIT_S);
            ("This operation returned because the timeout period expired", "OperationTimeout", "ERROR_TIMEOUT")
        }
    };
    let category = format!("{category}: ({name}:String) [{COMMAND}], Win32Exception");
    let id = format!("{id},Microsoft.DnsClient.Commands.ResolveDnsName");
    failure(run, &format!("{COMMAND} : {name}"), message, &category, &id);
}

/// The first kind of record decides what the table looks like; records of another kind follow as lists.
fn show(run: &mut Run<'_>, records: &[Record]) {
    let Some(first) = records.first().map(|record| record.data.record_type()) else { return };
    let of_first_kind = |record: &&Record| record.data.record_type() == first;
    let (value, width) = if first == RecordType::A { ("IPAddress", 46) } else { ("NameHost", 30) };
    let [kind, ttl, section] = COLUMNS;
    run.print("");
    run.print(row(&[("Name", width), ("Type", kind), ("TTL", ttl), ("Section", section), (value, 0)]));
    let line = "-".repeat(value.len());
    run.print(row(&[("----", width), ("----", kind), ("---", ttl), ("-------", section), (&line, 0)]));
    for record in records.iter().filter(of_first_kind) {
        let (name, seconds) = (record.name.as_str(), record.ttl.to_string());
        let (word, value) = (first.to_string(), record.data.to_string());
        run.print(row(&[(name, width), (&word, kind), (&seconds, ttl), ("Answer", section), (&value, 0)]));
    }
    for record in records.iter().filter(|record| !of_first_kind(record)) {
        run.print("");
        let label = if record.data.address().is_some() { "IP4Address" } else { "NameHost" };
        run.print(list(&[
            ("Name", record.name.to_string()),
            ("QueryType", record.data.record_type().to_string()),
            ("TTL", record.ttl.to_string()),
            ("Section", String::from("Answer")),
            (label, record.data.to_string()),
        ]));
    }
    run.print("\n");
}
