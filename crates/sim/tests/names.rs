//! What a name resolves to: the outcomes of a private endpoint's name, zones and their links, and who else could
//! have answered.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use expect_test::expect_file;
use serde_json::{Value, json};
use sim::explain::ZoneVerdict;
use sim::resolve_everywhere;
use sim::trace::{DropCause, Event};
use topology::problem::ProblemCode;

use support::names::{BLOB, PRIVATE, events, from_client, hub_and_spoke, id, link, name, told};
use support::{cause, network, status};

// 3.5.5: the seven rows of what `acct.<svc>` resolves to. `UPDATE_EXPECT=1` writes their traces anew.

/// The trace of one row, held to the one on file.
macro_rules! outcome {
    ($document:expr, $file:literal) => {{
        let trace = from_client($document, BLOB);
        expect_file![concat!("../../../tests/goldens/", $file, ".txt")].assert_eq(&support::text(&trace));
        trace
    }};
}

fn set_state(document: &mut Value, state: &str) {
    let connection = &mut document["privateEndpoints"]["pe"]["privateLinkServiceConnections"][0];
    connection["privateLinkServiceConnectionState"]["status"] = json!(state);
}

#[test]
fn outcome_row_1_without_a_connection_the_zone_is_not_consulted() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document.as_object_mut().unwrap().shift_remove("privateEndpoints");
    let trace = outcome!(&document, "name-1-no-connection");
    assert_eq!(told(&trace), "public");
    assert!(!trace.to_json().contains("privatelink"));
}

#[test]
fn outcome_row_2_approved_and_not_linked_is_public_by_the_privatelink_alias() {
    let trace = outcome!(&hub_and_spoke(), "name-2-not-linked");
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::PublicAlias { private_link: true, .. })));
    assert!(events(&trace).iter().any(|event| matches!(event, Event::ZoneNotLinked { .. })));
}

#[test]
fn outcome_row_3_approved_linked_and_recorded_is_private() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    let trace = outcome!(&document, "name-3-recorded");
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
}

#[test]
fn outcome_row_4_linked_without_a_record_is_nxdomain_with_the_alias_in_the_answer() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    let trace = outcome!(&document, "name-4-missing");
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("NXDOMAIN", "NameNotResolved"));
    let aliases = trace.steps.iter().find_map(|step| match &step.event {
        Event::AnswerReceived { records, .. } => Some(records.len()),
        _ => None,
    });
    assert_eq!(aliases, Some(1));
}

#[test]
fn outcome_row_5_nxdomain_redirect_is_public() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"]["spoke"]["resolutionPolicy"] = json!("NxDomainRedirect");
    let trace = outcome!(&document, "name-5-redirected");
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::RedirectedToPublic { .. })));
}

#[test]
fn outcome_row_6_a_connection_that_is_not_approved_inserts_no_alias() {
    for state in ["Pending", "Rejected"] {
        let mut document = hub_and_spoke();
        link(&mut document, "spoke");
        set_state(&mut document, state);
        let trace =
            if state == "Pending" { outcome!(&document, "name-6-not-approved") } else { from_client(&document, BLOB) };
        assert_eq!(told(&trace), "public", "{state}");
        assert!(!events(&trace).iter().any(|event| matches!(event, Event::PrivateRecord { .. })));
    }
}

#[test]
fn outcome_row_7_the_stale_record_of_a_deleted_endpoint_leads_nowhere() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"]["acct"]["aRecords"] = json!(["10.1.0.99"]);
    let trace = outcome!(&document, "name-7-stale");
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("10.1.0.99", "AddressUnused"));
}

// 3.3: zones and links

#[test]
fn rule_3_3_7_machines_register_themselves_in_the_registration_zone() {
    let mut document = hub_and_spoke();
    document["privateDnsZones"]["corp"] = json!({
        "subscription": "sub",
        "name": "corp.example",
        "virtualNetworkLinks": {
            "hub": { "virtualNetwork": "hub", "registrationEnabled": true },
            "spoke": { "virtualNetwork": "spoke" },
        },
    });
    let trace = from_client(&document, "DNS.corp.example");
    assert_eq!(told(&trace), "10.0.0.4");
    let held = trace.steps.iter().find(|step| matches!(step.event, Event::PrivateRecord { ttl: 10, .. })).unwrap();
    assert_eq!(held.sources, ["PRIV-ZONE", "VNET-LINKS"]);
    assert_eq!(told(&from_client(&document, "client.corp.example")), "NXDOMAIN", "a resolution link registers nobody");
    document["privateDnsZones"]["corp"]["recordSets"]["dns"] = json!({ "ttl": 60, "aRecords": ["10.0.0.8"] });
    assert_eq!(told(&from_client(&document, "dns.corp.example")), "10.0.0.8", "a record made by hand stays");
    document["privateDnsZones"]["second"] = document["privateDnsZones"]["corp"].clone();
    document["privateDnsZones"]["second"]["name"] = json!("second.example");
    let problems = sim::compile(&support::read(&document)).1;
    let second = ProblemCode::SecondRegistrationZone { network: id("hub"), zone: id("corp") };
    assert!(problems.iter().any(|problem| problem.code == second), "{problems:?}");
}

#[test]
fn rule_3_3_9_a_record_in_a_zone_of_the_same_name_that_is_not_linked_is_pointed_out() {
    let mut document = hub_and_spoke();
    document["privateDnsZones"]["twin"] = json!({
        "subscription": "sub",
        "name": "privatelink.blob.core.windows.net",
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
    });
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "NXDOMAIN", "M9");
    assert!(trace.steps.iter().any(|step| match &step.event {
        Event::ZoneNotLinked { zone, network, .. } => *zone == id("zone") && *network == id("spoke"),
        _ => false,
    }));
    let explained = network(&document).explain_name(&id("spoke"), &name("acct.privatelink.blob.core.windows.net"));
    let candidates = explained.unwrap().zones;
    let seen: Vec<_> = candidates.iter().map(|zone| (zone.zone.as_str(), zone.holds, &zone.verdict)).collect();
    let linked = ZoneVerdict::SameNameLinked { linked: id("twin") };
    assert_eq!(seen, [("zone", true, &linked), ("twin", false, &ZoneVerdict::SaysMissing)]);
    link(&mut document, "spoke");
    let problems = sim::compile(&support::read(&document)).1;
    let overlap = ProblemCode::OverlappingNamespaces { network: id("spoke"), linked: id("zone") };
    assert!(problems.iter().any(|problem| problem.code == overlap), "{problems:?}");
}

#[test]
fn a_shorter_zone_loses_to_a_longer_linked_one_and_says_to_which() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["wide"] = json!({
        "subscription": "sub",
        "name": "windows.net",
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
    });
    let explained = network(&document).explain_name(&id("spoke"), &name("acct.privatelink.blob.core.windows.net"));
    let explained = explained.unwrap();
    let verdicts: Vec<_> = explained.zones.iter().map(|zone| (zone.labels, zone.verdict.clone())).collect();
    assert_eq!(verdicts, [(5, ZoneVerdict::Answers), (2, ZoneVerdict::LongerZone { zone: id("zone") })]);
    assert!(!explained.public);
    let unlinked = network(&document).explain_name(&id("hub"), &name(BLOB)).unwrap();
    assert_eq!((unlinked.zones[0].verdict.clone(), unlinked.public), (ZoneVerdict::NotLinked, true));
}

#[test]
fn the_answer_from_every_network_stands_side_by_side() {
    let mut document = hub_and_spoke();
    link(&mut document, "hub");
    document["virtualNetworks"]["alone"] =
        json!({ "subscription": "sub", "addressPrefixes": ["10.2.0.0/16"], "dnsServers": ["10.0.0.4"] });
    let answers = resolve_everywhere(&network(&document), &name(BLOB));
    let rows: Vec<_> = answers
        .iter()
        .map(|row| {
            let private = row.address.is_some_and(|address| address.is_private());
            (row.network.as_str(), row.address.is_some(), private, row.cause.as_ref().map(DropCause::code))
        })
        .collect();
    let alone = ("alone", false, false, Some("ResolverUnreachable"));
    assert_eq!(rows, [("hub", true, true, None), ("spoke", true, false, None), alone]);
}
