//! Zones, links and forwarding rules (3.3, 3.7).

use serde_json::{Value, json};
use topology::Kind;
use topology::command::{Command, Refusal};

use crate::support::{create, document, id, refused, run, set};

fn link(zone: &str, network: &str) -> Command {
    Command::LinkZone { zone: id(zone), network: id(network) }
}

#[test]
fn rule_3_3_2_a_network_is_linked_to_a_zone_once() {
    let reason = Refusal::AlreadyLinked { zone: id("blob-zone"), network: id("hub") };
    assert_eq!(refused(&document(), link("blob-zone", "hub")), reason);
}

#[test]
fn rule_3_3_2_a_network_registers_in_one_zone_only() {
    let mut document = document();
    run(&mut document, link("corp-zone", "hub"));
    run(&mut document, set("corp-zone", "virtualNetworkLinks/link-hub/registrationEnabled", json!(true)));
    let second = set("blob-zone", "virtualNetworkLinks/to-hub/registrationEnabled", json!(true));
    let refusal = refused(&document, second);
    assert_eq!(refusal, Refusal::SecondRegistrationZone { network: id("hub"), registered: id("corp-zone") });
    assert_eq!(refusal.code(), "Conflict");
}

#[test]
fn rule_3_3_3_m10_a_network_is_not_linked_to_two_zones_of_one_name() {
    let refusal = refused(&document(), link("other-blob-zone", "hub"));
    let (network, linked, zone) = (id("hub"), id("blob-zone"), id("other-blob-zone"));
    assert_eq!(refusal, Refusal::OverlappingNamespaces { network, linked, zone });
    assert_eq!(refusal.code(), "BadRequest");
    run(&mut document(), link("corp-zone", "hub"));
}

#[test]
fn rule_3_3_3_a_zone_does_not_take_the_name_of_another_its_networks_are_linked_to() {
    let mut document = document();
    run(&mut document, link("corp-zone", "hub"));
    let renamed = set("corp-zone", "name", json!("privatelink.blob.core.windows.net"));
    assert!(matches!(refused(&document, renamed), Refusal::OverlappingNamespaces { .. }));
}

#[test]
fn rule_3_3_5_a_zone_has_2_to_34_labels() {
    let zone = |name: String| create(Kind::PrivateDnsZone, "z", json!({"subscription": "shop", "name": name}));
    let reason = |count| Refusal::ZoneNameLabels { zone: id("z"), count };
    assert_eq!(refused(&document(), zone(String::from("corp"))), reason(1));
    assert_eq!(refused(&document(), zone(vec!["a"; 35].join("."))), reason(35));
    run(&mut document(), zone(vec!["a"; 34].join(".")));
}

#[test]
fn rule_3_3_4_a_record_set_holds_20_records() {
    let records = |count: u8| (0..count).map(|n| json!(format!("10.0.0.{n}"))).collect::<Vec<Value>>();
    let record = |count| set("corp-zone", "recordSets/www", json!({"ttl": 300, "aRecords": records(count)}));
    run(&mut document(), record(20));
    let refusal = refused(&document(), record(21));
    assert!(matches!(refusal, Refusal::LimitExceeded { count: 21, limit: 20, .. }), "{refusal:?}");
}

#[test]
fn rule_3_7_6_a_rule_has_six_targets_and_a_ruleset_two_outbound_endpoints() {
    let targets: Vec<Value> = (4..11).map(|n| json!({"ipAddress": format!("10.0.0.{n}")})).collect();
    let rules = json!({"all": {"domainName": ".", "targetDnsServers": targets}});
    let body = json!({"subscription": "shop", "forwardingRules": rules});
    let refusal = refused(&document(), create(Kind::DnsForwardingRuleset, "rules", body));
    assert!(matches!(refusal, Refusal::LimitExceeded { count: 7, limit: 6, .. }), "{refusal:?}");
}

#[test]
fn rule_3_7_7_azure_dns_is_no_target_of_a_rule() {
    let rules = json!({"all": {"domainName": ".", "targetDnsServers": [{"ipAddress": "168.63.129.16"}]}});
    let body = json!({"subscription": "shop", "forwardingRules": rules});
    let refusal = refused(&document(), create(Kind::DnsForwardingRuleset, "rules", body));
    assert_eq!(refusal, Refusal::RuleTargetIsAzureDns { ruleset: id("rules"), rule: "all".into() });
}

#[test]
fn rule_3_7_5_a_network_has_one_resolver() {
    let mut document = document();
    let resolver = json!({"virtualNetwork": "hub", "inboundEndpoints": {"in": {"subnet": "endpoints"}}});
    run(&mut document, create(Kind::DnsResolver, "resolver", resolver.clone()));
    let refusal = refused(&document, create(Kind::DnsResolver, "second", resolver));
    let (resolver, network, other) = (id("second"), id("hub"), id("resolver"));
    assert_eq!(refusal, Refusal::SecondResolver { resolver, network, other });
}
