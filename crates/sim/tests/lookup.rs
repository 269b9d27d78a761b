//! Questions for names as tools ask them: through the machine's resolver, past it, or at a named server.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::json;
use sim::{Asked, Lookup, Outcome, Session, look_up, send};
use topology::Id;
use wire::dns::ResponseCode;

use support::names::{BLOB, PRIVATE, from_client, hub_and_spoke, id, link, use_dns};
use support::{cause, network, request};

fn ask(document: &serde_json::Value, session: &mut Session, asked: Asked) -> Lookup {
    let client: Id = id("client");
    look_up(&network(document), session, &client, &BLOB.parse().unwrap(), asked)
}

fn addresses(lookup: &Lookup) -> Vec<String> {
    lookup.addresses().map(|address| address.to_string()).collect()
}

#[test]
fn a_tool_that_asks_the_servers_itself_looks_past_hosts_file_and_cache() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["virtualMachines"]["client"]["hosts"] = json!({ BLOB: "10.9.9.9" });
    let mut session = Session::new();
    assert_eq!(addresses(&ask(&document, &mut session, Asked::Client)), ["10.9.9.9"]);
    let direct = ask(&document, &mut session, Asked::Lease);
    assert_eq!(addresses(&direct), [PRIVATE]);
    assert_eq!(direct.server.unwrap().to_string(), "168.63.129.16");
    assert!(matches!(direct.trace.outcome, Outcome::Resolved { address } if address.to_string() == PRIVATE));
}

#[test]
fn a_cached_answer_comes_with_its_records_and_the_time_they_have_left() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    let mut session = Session::new();
    let first = ask(&document, &mut session, Asked::Client);
    session.advance(4);
    let second = ask(&document, &mut session, Asked::Client);
    assert_eq!(second.records.len(), first.records.len());
    assert_eq!(second.records.last().unwrap().ttl, first.records.last().unwrap().ttl - 4);
}

#[test]
fn a_named_server_that_says_nothing_leaves_no_code() {
    let document = hub_and_spoke();
    let silent = ask(&document, &mut Session::new(), Asked::Server("10.0.0.99".parse().unwrap()));
    assert_eq!((silent.code, cause(&silent.trace)), (None, "ResolverUnreachable"));
}

#[test]
fn a_public_resolver_is_told_the_public_address_whatever_is_linked() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    let public = ask(&document, &mut Session::new(), Asked::Server("8.8.8.8".parse().unwrap()));
    assert_eq!(public.code, Some(ResponseCode::NoError));
    assert_ne!(addresses(&public), [PRIVATE]);
}

#[test]
fn a_dns_request_ends_with_the_address_and_opens_no_connection() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &[]);
    let connecting = from_client(&document, BLOB);
    let asking = json!({"from": "client", "protocol": "DNS", "to": BLOB});
    let trace = send(&network(&document), &mut Session::new(), &request(asking));
    assert!(matches!(trace.outcome, Outcome::Resolved { .. }));
    assert_eq!(trace.steps, connecting.steps[..trace.steps.len()]);
}
