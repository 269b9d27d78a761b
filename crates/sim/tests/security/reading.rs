//! Why a rule decided, effective rules, and what is wrong with a rule.

use serde_json::{Value, json};
use sim::security::{EffectiveRulesRefusal, SecurityScope};
use sim::trace::Event;
use sim::{Session, send};
use topology::problem::ProblemCode;

use crate::support::{PEERED, TWO_TENANTS, ask, json, network, read, request};
use crate::*;

// Why

#[test]
fn every_rule_says_which_of_its_parts_match() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({
        "other-port": rule(100, "Outbound", "Deny", json!({ "destinationPortRange": "443" })),
        "other-source": rule(110, "Outbound", "Deny", json!({ "sourceAddressPrefix": "10.0.0.9" })),
        "udp": rule(120, "Outbound", "Deny", json!({ "protocol": "Udp", "sourcePortRange": "1" })),
        "web": rule(130, "Outbound", "Allow", json!({ "destinationAddressPrefix": "10.0.1.0/24" })),
    });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    let network = network(&document);
    let trace = send(&network, &mut Session::new(), &request(to_iis()));
    let step = evaluated(&trace);
    let Event::SecurityEvaluated { subject, direction, rule: winner, .. } = &step.event else { panic!() };
    let matrix = network.explain_security(subject, *direction, &step.before.unwrap());
    let rows: Vec<(String, [bool; 5], bool)> = matrix
        .iter()
        .map(|row| {
            let parts = [row.protocol, row.source, row.source_port, row.destination, row.destination_port];
            (row.rule.to_string(), parts, row.decides)
        })
        .collect();
    let all = [true; 5];
    let row = |name: &str, parts, decides| (name.to_owned(), parts, decides);
    assert_eq!(
        rows,
        [
            row("other-port", [true, true, true, true, false], false),
            row("other-source", [true, false, true, true, true], false),
            row("udp", [false, true, false, true, true], false),
            row("web", all, true),
            row("AllowVnetOutBound", all, false),
            row("AllowInternetOutBound", [true, true, true, false, true], false),
            row("DenyAllOutBound", all, false),
        ]
    );
    assert_eq!(winner, "web");
    assert!(network.explain_security(&id("web"), *direction, &step.before.unwrap()).is_empty(), "no group there");
}

#[test]
fn effective_rules_name_the_interfaces_group_then_the_subnets_and_expand_what_tags_mean() {
    let mut document = json(PEERED);
    let rules = json!({ "sto": rule(100, "Outbound", "Allow", json!({ "destinationAddressPrefix": "Storage" })) });
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg-subnet", &rules);
    guard(&mut document, "networkInterfaces", "rg1vm2165", "nsg-nic", &json!({}));
    let network = network(&document);
    let groups = network.effective_rules(&id("rg1vm2")).unwrap();
    let attached: Vec<(&str, SecurityScope, &str)> =
        groups.iter().map(|group| (group.group.as_str(), group.scope, group.subject.as_str())).collect();
    assert_eq!(
        attached,
        [
            ("nsg-nic", SecurityScope::NetworkInterface, "rg1vm2165"),
            ("nsg-subnet", SecurityScope::Subnet, "rg1vnet2-default"),
        ]
    );
    let expanded = |name: &str| {
        let rule = groups[1].rules.iter().find(|rule| rule.name == name).unwrap();
        rule.expanded_destination.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(expanded("AllowVnetOutBound"), ["10.0.0.0/24", "10.1.0.0/24", "168.63.129.16/32"]);
    assert!(expanded("sto").contains(&"52.239.170.68/32".to_owned()));
}

#[test]
fn rule_1_2_9_effective_rules_of_a_private_endpoint_are_not_shown() {
    let network = network(&json(TWO_TENANTS));
    assert_eq!(network.effective_rules(&id("pe-iis")), Err(EffectiveRulesRefusal::PrivateEndpoint));
    assert_eq!(network.effective_rules(&id("web")), Err(EffectiveRulesRefusal::NoSuchInterface));
    assert_eq!(network.effective_rules(&id("client1")), Ok(vec![]));
}

// Problems

#[test]
fn wrong_rules_are_reported_where_they_are_and_match_nothing() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({
        "low": rule(99, "Inbound", "Allow", json!({})),
        "high": rule(4097, "Inbound", "Allow", json!({})),
        "one": rule(100, "Inbound", "Allow", json!({})),
        "two": rule(100, "Inbound", "Allow", json!({})),
        "other-direction": rule(100, "Outbound", "Deny", json!({ "destinationAddressPrefix": "10.0.0.0/33" })),
        "port": rule(101, "Outbound", "Deny", json!({ "destinationPortRange": "90-80" })),
        "tag": rule(102, "Outbound", "Deny", json!({ "destinationAddressPrefix": "Storag" })),
        "tags": rule(103, "Inbound", "Deny", json!({ "sourceAddressPrefixes": ["Internet", "Storage"] })),
        "mixed": rule(104, "Inbound", "Deny", json!({
            "sourceAddressPrefix": "*", "sourceApplicationSecurityGroups": ["nobody"]
        })),
        "six": rule(105, "Outbound", "Deny", json!({ "destinationAddressPrefix": "2001:db8::/32" })),
    });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    let expected = [
        ("securityRules/low/priority", ProblemCode::SecurityRulePriority { priority: 99 }),
        ("securityRules/high/priority", ProblemCode::SecurityRulePriority { priority: 4097 }),
        ("securityRules/two/priority", ProblemCode::SecurityRuleConflict { other: "one".into(), priority: 100 }),
        (
            "securityRules/other-direction/destinationAddressPrefix",
            ProblemCode::SecurityRuleAddressPrefix { prefix: "10.0.0.0/33".into() },
        ),
        ("securityRules/port/destinationPortRange", ProblemCode::SecurityRulePortRange { range: "90-80".into() }),
        (
            "securityRules/tag/destinationAddressPrefix",
            ProblemCode::SecurityRuleAddressPrefix { prefix: "Storag".into() },
        ),
        ("securityRules/tags/sourceAddressPrefixes", ProblemCode::SecurityRuleSeveralTags),
        (
            "securityRules/mixed/sourceApplicationSecurityGroups",
            ProblemCode::MissingReference { reference: "nobody".into() },
        ),
        ("securityRules/mixed/sourceApplicationSecurityGroups", ProblemCode::SecurityRulePrefixesAndGroups),
    ];
    let expected: Vec<(String, ProblemCode)> =
        expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect();
    assert_eq!(problems(&document), expected);
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "AllowVnetOutBound");
}

#[test]
fn references_to_groups_are_checked_and_limits_are_counted() {
    let mut document = json(TWO_TENANTS);
    document["subnets"]["web"]["networkSecurityGroup"] = json!("client1");
    document["networkInterfaces"]["client1-nic"]["networkSecurityGroup"] = json!("nobody");
    document["networkInterfaces"]["client1-nic"]["applicationSecurityGroups"] = json!(["nobody"]);
    let missing = |reference: &str| ProblemCode::MissingReference { reference: reference.into() };
    let expected = [
        ("networkSecurityGroup".to_owned(), missing("client1")),
        ("networkSecurityGroup".to_owned(), missing("nobody")),
        ("applicationSecurityGroups/0".to_owned(), missing("nobody")),
    ];
    assert_eq!(problems(&document), expected);

    let mut document = json(TWO_TENANTS);
    let rules: serde_json::Map<String, Value> =
        (0..1001).map(|n| (format!("rule-{n}"), rule(100 + n, "Inbound", "Allow", json!({})))).collect();
    guard(&mut document, "subnets", "web", "nsg", &Value::Object(rules));
    let limit = ProblemCode::SecurityLimit { count: 1001, limit: 1000 };
    assert_eq!(problems(&document), [("securityRules".to_owned(), limit)]);
}

#[test]
fn members_of_an_application_security_group_stand_in_one_network() {
    let mut document = json(PEERED);
    document["applicationSecurityGroups"] = json!({ "asg": { "subscription": "subscription-01" } });
    for interface in ["rg1vm1243", "rg1vm2165"] {
        document["networkInterfaces"][interface]["applicationSecurityGroups"] = json!(["asg"]);
    }
    let spans = ProblemCode::ApplicationSecurityGroupSpansNetworks { group: id("asg") };
    assert_eq!(problems(&document), [("applicationSecurityGroups/0".to_owned(), spans)]);
}

#[test]
fn a_document_with_security_groups_is_written_as_it_was_read() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({ "all": rule(100, "Inbound", "Allow", json!({
        "protocol": "Tcp", "sourceAddressPrefix": "Internet", "sourcePortRange": "*",
        "destinationAddressPrefixes": ["10.0.0.0/24"], "destinationPortRanges": ["80", "443"], "description": "kept"
    })) });
    guard(&mut document, "subnets", "web", "nsg", &rules);
    document["applicationSecurityGroups"] = json!({ "asg": { "subscription": "provider-01" } });
    document["networkInterfaces"]["iis-0-nic"]["applicationSecurityGroups"] = json!(["asg"]);
    let parsed = read(&document);
    assert_eq!(serde_json::to_value(&parsed).unwrap(), document);
    assert_eq!(topology::link::decode(&topology::link::encode(&parsed)).unwrap(), parsed);
}
