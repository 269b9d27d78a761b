//! NAT rules of VPN gateways [VPN-NAT].

use serde_json::{Value, json};
use sim::trace::{Event, Field};
use sim::{Outcome, Trace};
use topology::problem::ProblemCode;

use crate::support::hybrid::{place, places_where, problems, reach, with_vpn};
use crate::support::names::id;
use crate::support::{ask, cause, network, status};

/// The site uses the addresses of the spoke, 10.1.0.0/16. To the site the spoke appears as 100.64.0.0/16; to the
/// networks the site appears as 100.65.0.0/16. The clerk stands at 10.1.7.20 now.
fn overlapping() -> Value {
    let mut document = with_vpn();
    document["onPremisesSites"]["hq"]["addressPrefixes"] = json!(["10.1.0.0/16"]);
    for (host, address) in [("hq-dns", "10.1.7.10"), ("clerk", "10.1.7.20"), ("files", "10.1.7.30")] {
        document["onPremisesHosts"][host]["ipAddress"] = json!(address);
    }
    document["localNetworkGateways"]["hq-device"]["addressPrefixes"] = json!(["10.1.0.0/16"]);
    let rule = |mode: &str, external: &str| {
        json!({
            "mode": mode,
            "internalMappings": [{ "addressSpace": "10.1.0.0/16" }],
            "externalMappings": [{ "addressSpace": external }],
        })
    };
    document["virtualNetworkGateways"]["gateway"]["natRules"] =
        json!({ "in": rule("IngressSnat", "100.65.0.0/16"), "out": rule("EgressSnat", "100.64.0.0/16") });
    document["connections"]["hq-vpn"]["ingressNatRules"] = json!(["gateway/in"]);
    document["connections"]["hq-vpn"]["egressNatRules"] = json!(["gateway/out"]);
    document
}

fn caller(trace: &Trace) -> String {
    match &trace.outcome {
        Outcome::Answered { caller, .. } => caller.address.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rule_5_2_3_with_overlap_on_premises_reaches_a_private_endpoint_at_its_egress_mapping() {
    let document = overlapping();
    assert_eq!(problems(&document), []);
    let trace = reach(&document, "clerk", "100.64.0.5");
    assert_eq!(caller(&trace), "100.65.7.20");
    let step = trace.steps.iter().find(|step| matches!(step.event, Event::GatewayTranslated { .. })).unwrap();
    let after = step.after.unwrap();
    assert_eq!(
        (after.source.address.to_string(), after.destination.address.to_string()),
        ("100.65.7.20".into(), "10.1.0.5".into())
    );
    let origins: Vec<(Field, &str)> =
        step.rewrites.iter().map(|rewrite| (rewrite.field, rewrite.origin.as_str())).collect();
    let expected = [
        (Field::SourceAddress, "virtualNetworkGateways/gateway/natRules/in"),
        (Field::DestinationAddress, "virtualNetworkGateways/gateway/natRules/out"),
    ];
    assert_eq!(origins, expected);
    assert_eq!(
        cause(&reach(&document, "clerk", "10.1.0.5")),
        "AddressUnused",
        "that address is used on the site itself"
    );
}

#[test]
fn rule_5_2_2_one_rule_works_in_both_directions_and_the_reply_is_put_back() {
    let document = overlapping();
    let trace = ask(&document, json!({ "from": "client", "to": "100.65.7.30" }));
    assert_eq!((status(&trace), caller(&trace).as_str()), (Some(200), "100.64.0.4"));
    let undone = trace.steps.iter().find(|step| matches!(step.event, Event::GatewayUntranslated)).unwrap();
    let after = undone.after.unwrap();
    assert_eq!(undone.at, place("gateway"));
    assert_eq!(
        (after.source.address.to_string(), after.destination.address.to_string()),
        ("100.65.7.30".into(), "10.1.0.4".into())
    );
}

#[test]
fn rule_5_2_2_routes_are_told_after_translation_with_bgp_only_when_the_gateway_is_told_to() {
    let mut document = overlapping();
    let network_of = |document: &Value| {
        let network = network(document);
        let learned: Vec<String> = network.learned_ranges(&id("spoke")).iter().map(ToString::to_string).collect();
        let known = network.ranges_known_at(&id("hq")).iter().map(|(range, _)| range.to_string()).collect();
        (learned, known)
    };
    let expected: (Vec<String>, Vec<String>) =
        (vec!["100.65.0.0/16".into()], vec!["10.0.0.0/16".into(), "100.64.0.0/16".into()]);
    assert_eq!(network_of(&document), expected);
    document["connections"]["hq-vpn"]["enableBgp"] = json!(true);
    let range = "10.1.0.0/16".parse().unwrap();
    assert_eq!(problems(&document), [ProblemCode::ConnectionOverlap { range }]);
    document["virtualNetworkGateways"]["gateway"]["enableBgpRouteTranslationForNat"] = json!(true);
    assert_eq!(network_of(&document), expected);
}

#[test]
fn rule_5_2_2_behind_a_dynamic_rule_only_the_internal_side_begins() {
    let mut document = overlapping();
    document["virtualNetworkGateways"]["gateway"]["natRules"]["in"]["type"] = json!("Dynamic");
    document["virtualNetworkGateways"]["gateway"]["natRules"]["in"]["externalMappings"] =
        json!([{ "addressSpace": "100.65.0.0/28" }]);
    let trace = reach(&document, "clerk", "100.64.0.5");
    assert!(caller(&trace).starts_with("100.65.0."), "{}", caller(&trace));
    assert!(trace.steps.iter().any(|step| step.assumptions == ["A65"]));
    let trace = ask(&document, json!({ "from": "client", "to": "100.65.0.14" }));
    assert_eq!(cause(&trace), "NatRuleOneWay");
}

#[test]
fn rule_5_2_2_nat_rules_need_a_large_gateway_a_site_and_fitting_ranges() {
    let mut document = overlapping();
    document["virtualNetworkGateways"]["gateway"]["sku"] = json!("VpnGw1");
    let size = ProblemCode::NatRuleSize { sku: "VpnGw1".into() };
    assert_eq!(problems(&document)[..2], [size.clone(), size]);

    let mut document = overlapping();
    document["virtualNetworkGateways"]["gateway"]["natRules"]["out"]["externalMappings"] =
        json!([{ "addressSpace": "100.64.0.0/24" }]);
    assert_eq!(problems(&document)[0], ProblemCode::NatRuleMappings { rule: "out".into() });

    let mut document = with_vpn();
    document["virtualNetworkGateways"]["gateway"] = json!({ "subnet": "hub-gateway", "gatewayType": "ExpressRoute" });
    document["expressRouteCircuits"]["line"] = json!({ "subscription": "sub", "onPremisesSite": "hq" });
    document["connections"]["hq-vpn"] = json!({
        "virtualNetworkGateway1": "gateway",
        "connectionType": "ExpressRoute",
        "peer": "line",
        "egressNatRules": ["gateway/out"],
    });
    assert_eq!(problems(&document), [ProblemCode::NatRuleNotAllowed]);
}

#[test]
fn a_connection_without_rules_changes_nothing() {
    let trace = reach(&with_vpn(), "clerk", "10.1.0.5");
    assert_eq!(places_where(&trace, |event| matches!(event, Event::GatewayTranslated { .. })), []);
}
