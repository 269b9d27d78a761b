//! What machines remember of names: hosts files, caches, leases.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::{Value, json};
use sim::cache::CacheKind;
use sim::trace::{Event, Place};
use sim::{Session, send};

use support::names::{BLOB, PRIVATE, blob, events, from_client, hub_and_spoke, id, link, told, use_dns};
use support::{network, request, status};

// 3.7.11, 3.7.12, M42: hosts file, caches, leases

#[test]
fn rule_3_7_11_the_hosts_file_answers_before_any_server() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.99"]);
    document["virtualMachines"]["client"]["hosts"] = json!({ BLOB: PRIVATE });
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
}

/// Whether the client's answer came from its own cache, and the address it then connected to.
fn again(document: &Value, session: &mut Session) -> (bool, String) {
    let trace = send(&network(document), session, &request(blob()));
    let cached = trace.steps.iter().find_map(|step| match &step.event {
        Event::CachedAnswer { address, .. } if step.at == Place::Resource(id("client")) => {
            Some(address.map_or("nothing".into(), |address| address.to_string()))
        }
        _ => None,
    });
    match cached {
        Some(address) => {
            (true, if address.starts_with("10.") || address == "nothing" { address } else { "public".into() })
        }
        None => (false, told(&trace)),
    }
}

#[test]
fn an_answer_is_kept_as_long_as_its_shortest_lived_record() {
    let mut document = hub_and_spoke();
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "public".into()));
    link(&mut document, "spoke");
    assert_eq!(again(&document, &mut session), (true, "public".into()), "M42: the stale answer");
    session.advance(59);
    assert_eq!(again(&document, &mut session), (true, "public".into()));
    session.advance(1);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
    session.advance(9);
    assert_eq!(again(&document, &mut session), (true, PRIVATE.into()));
    session.advance(1);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()), "a zone group's record lives 10 s");
}

#[test]
fn rule_3_7_12_a_missing_name_is_kept_too_until_the_cache_is_flushed() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "NXDOMAIN".into()));
    document["privateDnsZones"]["zone"]["recordSets"]["acct"] = json!({ "ttl": 10, "aRecords": [PRIVATE] });
    assert_eq!(again(&document, &mut session), (true, "nothing".into()));
    assert_eq!(session.cached_names(&id("client"), CacheKind::Client).count(), 1);
    session.flush_dns(&id("client"), CacheKind::Client);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn a_dns_server_keeps_answers_for_all_its_clients() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "public".into()));
    link(&mut document, "hub");
    session.flush_dns(&id("client"), CacheKind::Client);
    let trace = send(&network(&document), &mut session, &request(blob()));
    assert_eq!(told(&trace), "public");
    assert!(!events(&trace).iter().any(|event| matches!(event, Event::QueryForwarded { .. })));
    session.flush_all_dns();
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn a_servers_failure_is_not_kept() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "rootHints": false });
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "SERVFAIL".into()));
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "forwarders": ["168.63.129.16"] });
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn m42_a_client_asks_the_servers_of_its_lease_until_it_is_renewed() {
    let mut document = hub_and_spoke();
    link(&mut document, "hub");
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session).1, "public");
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    session.flush_all_dns();
    let trace = send(&network(&document), &mut session, &request(blob()));
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::LeaseOutdated { .. })));
    session.flush_all_dns();
    session.renew_lease(&id("client"));
    assert_eq!(again(&document, &mut session).1, PRIVATE);
}
