//! Machines outside Azure without a tunnel: on-premises names, and what the Internet reaches [MICROHACK][PE-OV].

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::json;
use sim::trace::{Event, Outcome, OutsideHop, PathKind, Place, Silence};
use topology::problem::ProblemCode;

use support::hybrid::{blob_from, from, place, places_where, told, with_site};
use support::names::{PRIVATE, id, silences};
use support::{cause, network, status};

#[test]
fn rule_5_4_from_the_internet_a_private_endpoint_is_never_reached() {
    let mut document = with_site();
    let trace = from(&document, "traveller", PRIVATE);
    assert_eq!(cause(&trace), "NotRoutedOnInternet");
    assert!(matches!(&trace.outcome, Outcome::Dropped { at: Place::Internet, .. }));
    document["internetClients"]["traveller"]["hosts"] = json!({ "acct.blob.core.windows.net": PRIVATE });
    assert_eq!(cause(&blob_from(&document, "traveller")), "NotRoutedOnInternet", "even when a name leads there");
}

#[test]
fn rule_5_4_the_internet_asks_the_public_dns_only_and_meets_the_public_endpoint() {
    let mut document = with_site();
    let trace = blob_from(&document, "traveller");
    assert_eq!((told(&trace).as_str(), status(&trace)), ("public", Some(200)));
    let Outcome::Answered { path, caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((*path, caller.address.to_string().as_str()), (PathKind::Public, "198.51.100.200"));
    let asked = places_where(&trace, |event| matches!(event, Event::PublicAlias { private_link: true, .. }));
    assert_eq!(asked, [Place::PublicDns], "the alias of Private Link is given to the whole Internet");
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    assert_eq!(status(&blob_from(&document, "traveller")), Some(403));
}

#[test]
fn a_site_reaches_the_internet_as_its_own_public_address_and_the_reply_comes_back_to_the_machine() {
    let document = with_site();
    let trace = blob_from(&document, "clerk");
    let Outcome::Answered { caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!(caller.address.to_string(), "203.0.113.10");
    let undone = places_where(
        &trace,
        |event| matches!(event, Event::OutboundUntranslated { private } if private.address.to_string() == "192.168.0.20"),
    );
    assert_eq!(undone, [place("hq")]);
}

#[test]
fn machines_of_a_site_reach_each_other_and_nothing_that_is_not_there() {
    let document = with_site();
    let to = |address: &str| support::ask(&document, json!({ "from": "clerk", "to": address }));
    let trace = to("192.168.0.30");
    assert_eq!(status(&trace), Some(200));
    let local = |event: &Event| matches!(event, Event::OutsideRouteSelected { hop: OutsideHop::Local, .. });
    assert_eq!(places_where(&trace, local), [place("clerk")]);
    assert_eq!(cause(&to("192.168.0.99")), "AddressUnused");
    assert_eq!(cause(&to("192.168.0.20")), "ConnectionRefused");
    assert_eq!(cause(&to("10.1.0.5")), "NotRoutedOnInternet", "no tunnel leads to the virtual network");
}

// 3.7.2, 9.2 and 9.4: names on premises

#[test]
fn misconfiguration_m4_without_a_conditional_forwarder_on_premises_gets_the_public_address() {
    let trace = blob_from(&with_site(), "clerk");
    assert_eq!(told(&trace), "public");
    let iterated = places_where(&trace, |event| matches!(event, Event::QueryForwarded { .. }));
    assert!(iterated.iter().all(|at| *at == place("hq-dns")), "{iterated:?}");
}

#[test]
fn misconfiguration_m5_a_forwarder_for_the_privatelink_name_never_fires_when_the_upstream_follows_the_alias() {
    let mut document = with_site();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] = json!({
        "conditionalForwarders": { "privatelink.blob.core.windows.net": ["192.168.0.11"] },
        "forwarders": ["8.8.8.8"],
    });
    let trace = blob_from(&document, "clerk");
    assert_eq!((told(&trace).as_str(), silences(&trace).as_slice()), ("public", &[][..]));
    // 9.4: a server that resolves from the root itself looks at every alias again, and then it does fire.
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["forwarders"] = json!([]);
    let trace = blob_from(&document, "clerk");
    assert_eq!(silences(&trace), [Silence::AddressUnused], "the conditional forwarder is asked");
}

#[test]
fn misconfiguration_m6_azure_dns_answers_no_question_from_on_premises() {
    let mut document = with_site();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] =
        json!({ "conditionalForwarders": { "blob.core.windows.net": ["168.63.129.16"] } });
    let trace = blob_from(&document, "clerk");
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("SERVFAIL", "ForwardersUnreachable"));
    assert_eq!(silences(&trace), [Silence::AzureDnsOutside]);
    document["onPremisesSites"]["hq"]["dnsServers"] = json!(["168.63.129.16"]);
    assert_eq!(cause(&blob_from(&document, "clerk")), "ResolverUnreachable", "nor may a machine ask it itself");
}

#[test]
fn rule_9_4_a_zone_of_its_own_answers_on_premises_without_anybody_else() {
    let mut document = with_site();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["zones"]["acct.blob.core.windows.net"]["recordSets"]["@"] =
        json!({ "ttl": 3600, "aRecords": [PRIVATE] });
    assert_eq!(told(&blob_from(&document, "clerk")), PRIVATE);
}

#[test]
fn a_machine_outside_that_is_told_no_server_asks_a_public_resolver() {
    let mut document = with_site();
    document["onPremisesSites"]["hq"]["dnsServers"] = json!([]);
    for sender in ["clerk", "traveller"] {
        let trace = blob_from(&document, sender);
        let asked = |event: &Event| matches!(event, Event::QuerySent { server, .. } if server.to_string() == "8.8.8.8");
        assert_eq!(places_where(&trace, asked), [place(sender)]);
        assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A60")), "{sender}");
    }
}

#[test]
fn what_contradicts_itself_on_a_site_is_reported() {
    let mut document = with_site();
    document["onPremisesHosts"]["lost"] = json!({ "onPremisesSite": "nowhere", "ipAddress": "192.168.0.40" });
    document["onPremisesHosts"]["stranger"] = json!({ "onPremisesSite": "hq", "ipAddress": "172.16.0.4" });
    document["onPremisesHosts"]["double"] = json!({ "onPremisesSite": "hq", "ipAddress": "192.168.0.20" });
    let problems = sim::compile(&support::read(&document)).1;
    let codes: Vec<ProblemCode> = problems.into_iter().map(|problem| problem.code).collect();
    let address = "172.16.0.4".parse().unwrap();
    let taken = "192.168.0.20".parse().unwrap();
    let expected = [
        ProblemCode::MissingReference { reference: "nowhere".into() },
        ProblemCode::AddressNotAtSite { address },
        ProblemCode::AddressInUse { address: taken, by: id("clerk") },
    ];
    assert_eq!(codes, expected);
    assert_eq!(cause(&blob_from(&document, "lost")), "SenderWithoutInterface");
    assert_eq!(network(&document).address_of(&id("clerk")).unwrap(), taken);
}
