//! `dig` of BIND.

use std::net::Ipv4Addr;

use sim::trace::Event;
use sim::{Asked, Lookup};
use topology::Document;
use wire::DomainName;
use wire::dns::{Record, ResponseCode};
use wire::hash::fnv1a;

use super::lines::{message_len, private_soa, question, record, value};
use super::{DNS_PORT, STUB};
use crate::run::Run;

const VERSION: &str = "9.18.39-0ubuntu0.22.04.2-Ubuntu";
/// How long dig waits for one answer, in seconds, and how often it asks.
const WAIT_S: u64 = 5;
const TRIES: usize = 3;
/// The resolver of everybody that stands for the servers `+trace` walks down from the root: it never sees a private zone.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);

/// What is asked, and what is shown.
#[derive(Clone, Copy)]
struct Shown {
    short: bool,
    trace: bool,
    command: bool,
    question: bool,
    answer: bool,
    authority: bool,
    comments: bool,
    statistics: bool,
}

/// `dig [@SERVER] NAME [A] [+short] [+trace] [+noall +answer]`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let mut shown = Shown {
        short: false,
        trace: false,
        command: true,
        question: true,
        answer: true,
        authority: true,
        comments: true,
        statistics: true,
    };
    let mut server = None;
    let mut name = None;
    for word in arguments {
        if let Some(flag) = word.strip_prefix('+') {
            if !shown.set(flag) {
                run.fail(1, format!("Invalid option: +{flag}"));
                return run.error("Usage:  dig [@global-server] [domain] [q-type] {q-opt}");
            }
        } else if let Some(address) = word.strip_prefix('@') {
            let Ok(address) = address.parse::<Ipv4Addr>() else {
                return run.fail(10, format!("dig: couldn't get address for '{address}': not found"));
            };
            server = Some(address);
        } else if word == "-x" {
            return run.fail(1, "dig: -x: names of addresses (PTR records) are not part of the model");
        } else if word == "-t" || word.eq_ignore_ascii_case("IN") || word.eq_ignore_ascii_case("A") {
            // What is asked for anyway.
        } else if name.is_some() || word.starts_with('-') {
            return run.fail(1, format!("dig: {word} is not supported here; only A records are asked for"));
        } else {
            let Ok(asked) = word.parse::<DomainName>() else {
                return run.fail(10, format!("dig: '{word}' is not a legal name (empty label)"));
            };
            name = Some(asked);
        }
    }
    let Some(name) = name else { return run.fail(1, "dig: dig [@SERVER] NAME") };
    if shown.trace {
        return trace(run, &name, arguments);
    }
    let Some(lookup) = run.look_up(&name, server.map_or(Asked::Client, Asked::Server)) else { return };
    let code = match (lookup.code, server) {
        (Some(code), _) => code,
        (None, None) => ResponseCode::ServFail,
        (None, Some(server)) => return silent(run, server, arguments, shown),
    };
    if shown.short {
        for answer in &lookup.records {
            run.print(value(answer));
        }
        return;
    }
    print(run, &name, server, code, &lookup, arguments, shown);
}

impl Shown {
    /// Takes an option; false when it is not known.
    fn set(&mut self, flag: &str) -> bool {
        let (on, word) = flag.strip_prefix("no").map_or((true, flag), |word| (false, word));
        match word {
            "short" => self.short = on,
            "trace" => self.trace = on,
            "cmd" => self.command = on,
            "question" => self.question = on,
            "answer" => self.answer = on,
            "authority" => self.authority = on,
            "comments" => self.comments = on,
            "stats" => self.statistics = on,
            "all" => {
                (self.command, self.question, self.answer) = (on, on, on);
                (self.authority, self.comments, self.statistics) = (on, on, on);
            }
            // Without effect on what is shown here.
            "recurse" | "edns" | "tcp" | "additional" => {}
            _ => return false,
        }
        true
    }
}

fn banner(arguments: &[String]) -> String {
    format!("\n; <<>> DiG {VERSION} <<>> {}", arguments.join(" "))
}

fn silent(run: &mut Run<'_>, server: Ipv4Addr, arguments: &[String], shown: Shown) {
    run.session.advance(WAIT_S * u64::try_from(TRIES).unwrap_or(0));
    for _ in 0..TRIES {
        run.print(format!(";; communications error to {server}#{DNS_PORT}: timed out"));
    }
    if shown.command && !shown.short {
        run.print(format!("{}\n;; global options: +cmd", banner(arguments)));
    }
    run.print(";; no servers could be reached\n");
    run.output.exit_code = 9;
}

fn print(
    run: &mut Run<'_>,
    name: &DomainName,
    server: Option<Ipv4Addr>,
    code: ResponseCode,
    lookup: &Lookup,
    arguments: &[String],
    shown: Shown,
) {
    let asked = server.unwrap_or(STUB);
    let missing = code == ResponseCode::NxDomain;
    let authorities: Vec<Record> = authority(run.document, lookup).into_iter().filter(|_| missing).collect();
    if shown.command {
        run.print(format!("{}\n;; global options: +cmd", banner(arguments)));
    }
    if shown.comments {
        let id = fnv1a(name.as_str().as_bytes()) & 0xffff;
        let (answers, authorities) = (lookup.records.len(), authorities.len());
        let size = if server.is_none() { 65494 } else { 1232 };
        run.print(format!(
            ";; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: {code}, id: {id}\n;; flags: qr rd ra; QUERY: 1, ANSWER: {answers}, AUTHORITY: {authorities}, ADDITIONAL: 1\n\n;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: {size}"
        ));
    }
    if shown.question {
        section(run, shown, "QUESTION", [question(name)]);
    }
    if shown.answer && !lookup.records.is_empty() {
        section(run, shown, "ANSWER", lookup.records.iter().map(record));
    }
    if shown.authority && !authorities.is_empty() {
        section(run, shown, "AUTHORITY", authorities.iter().map(record));
    }
    if shown.statistics {
        let when = when(run.session.now_s());
        let size = message_len(name, code, &lookup.records, &authorities);
        run.print(format!(
            ";; Query time: 3 msec\n;; SERVER: {asked}#{DNS_PORT}({asked}) (UDP)\n;; WHEN: {when}\n;; MSG SIZE  rcvd: {size}\n"
        ));
    }
}

fn section(run: &mut Run<'_>, shown: Shown, title: &str, lines: impl IntoIterator<Item = String>) {
    if shown.comments {
        run.print(format!(";; {title} SECTION:"));
    }
    for line in lines {
        run.print(line);
    }
    if shown.comments {
        run.print("");
    }
}

/// The private zone that says that a name is missing states how long that may be remembered.
fn authority(document: &Document, lookup: &Lookup) -> Option<Record> {
    let zone = lookup.trace.steps.iter().rev().find_map(|step| {
        let Event::PrivateMissing { zone, .. } = &step.event else { return None };
        Some(zone)
    });
    private_soa(document.private_dns_zones.get(zone?)?.name.clone())
}

/// Session time as dig prints it; a session begins at midnight of 2026-01-01, and the date does not move.
fn when(now_s: u64) -> String {
    let (hours, minutes, seconds) = (now_s / 3600 % 24, now_s / 60 % 60, now_s % 60);
    format!("Thu Jan 01 {hours:02}:{minutes:02}:{seconds:02} UTC 2026")
}

/// The delegations from the root down, then what the last server says itself. None of them is a private zone.
fn trace(run: &mut Run<'_>, name: &DomainName, arguments: &[String]) {
    let Some(lookup) = run.look_up(name, Asked::Server(PUBLIC)) else { return };
    run.print(format!("{}\n;; global options: +cmd", banner(arguments)));
    if lookup.code.is_none() {
        run.session.advance(WAIT_S * u64::try_from(TRIES).unwrap_or(0));
        return run.fail(9, ";; communications error to 198.41.0.4#53: timed out\n;; no servers could be reached\n");
    }
    let labels: Vec<&str> = name.labels().collect();
    let top = labels.last().copied().unwrap_or_default();
    let second = labels.iter().rev().take(2).rev().copied().collect::<Vec<_>>().join(".");
    let delegation = |owner: &str, ttl: u32, servers: &[&str]| {
        let lines = servers.iter().map(|server| format!("{owner:<24}{ttl:<8}IN      NS      {server}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let from = |bytes: usize, server: &str| format!(";; Received {bytes} bytes from {server} in 3 ms\n");
    run.print(delegation(".", 518_400, &["a.root-servers.net.", "b.root-servers.net."]));
    run.print(from(239, &format!("{STUB}#{DNS_PORT}({STUB})")));
    run.print(delegation(&format!("{top}."), 172_800, &["a.gtld-servers.net.", "b.gtld-servers.net."]));
    run.print(from(1176, "198.41.0.4#53(a.root-servers.net)"));
    run.print(delegation(&format!("{second}."), 172_800, &["ns1-39.azure-dns.com.", "ns2-39.azure-dns.net."]));
    run.print(from(764, "192.5.6.30#53(a.gtld-servers.net)"));
    let first = &lookup.records[..lookup.records.len().min(1)];
    for answer in first {
        run.print(record(answer));
    }
    run.print(from(message_len(name, ResponseCode::NoError, first, &[]), "13.107.236.39#53(ns1-39.azure-dns.com)"));
}
