//! Network security groups rule by rule, on small changes to the two published topologies.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::{Value, json};
use sim::security::{EffectiveRulesRefusal, SecurityScope};
use sim::trace::{DropCause, Event, Outcome, Place, Step};
use sim::{Session, Trace, compile, send};
use topology::Id;
use topology::problem::ProblemCode;
use topology::resource::{Access, Direction, PrivateEndpointNetworkPolicies};

use support::{PEERED, TWO_TENANTS, ask, cause, json, network, read, request};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// Attaches a group with these rules to a subnet or a network interface.
fn guard(document: &mut Value, table: &str, subject: &str, group: &str, rules: &Value) {
    let subscription = document["subscriptions"].as_object().unwrap().keys().next().unwrap().clone();
    document["networkSecurityGroups"][group] = json!({ "subscription": subscription, "securityRules": rules });
    document[table][subject]["networkSecurityGroup"] = json!(group);
}

fn rule(priority: u32, direction: &str, access: &str, rest: Value) -> Value {
    let mut rule = json!({ "priority": priority, "direction": direction, "access": access });
    for (key, value) in rest.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

fn deny_all(direction: &str) -> Value {
    json!({ "deny-all": rule(4096, direction, "Deny", json!({})) })
}

fn to_iis() -> Value {
    json!({ "from": "client1", "to": "10.0.1.4" })
}

fn blob_from(machine: &str) -> Value {
    json!({ "from": machine, "protocol": "HTTPS", "to": BLOB, "path": "/test1/test.txt" })
}

fn by_address() -> Value {
    json!({ "from": "rg1vm2", "protocol": "HTTPS", "to": "10.0.0.5", "insecure": true })
}

/// Every decision of a security group: place, scope, direction, rule.
fn decisions(trace: &Trace) -> Vec<(String, SecurityScope, Direction, String)> {
    let decided = trace.steps.iter().filter_map(|step| match (&step.event, &step.at) {
        (Event::SecurityEvaluated { scope, direction, rule, .. }, Place::Resource(at)) => {
            Some((at.to_string(), *scope, *direction, rule.to_string()))
        }
        _ => None,
    });
    decided.collect()
}

fn deciding_rule(trace: &Trace) -> String {
    decisions(trace).last().unwrap().3.clone()
}

fn evaluated(trace: &Trace) -> &Step {
    trace.steps.iter().find(|step| matches!(step.event, Event::SecurityEvaluated { .. })).unwrap()
}

fn problems(document: &Value) -> Vec<(String, ProblemCode)> {
    compile(&read(document)).1.into_iter().map(|problem| (problem.field.to_string(), problem.code)).collect()
}

// 6.1 Order, and both must allow [NSG-HOW]

#[test]
fn rule_6_1_without_a_group_nothing_is_evaluated() {
    assert_eq!(decisions(&ask(&json(TWO_TENANTS), to_iis())), []);
}

#[test]
fn rule_6_1_outbound_passes_the_interface_first_and_inbound_the_subnet_first() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "clients", "nsg-clients", &json!({}));
    guard(&mut document, "networkInterfaces", "client1-nic", "nsg-client", &json!({}));
    guard(&mut document, "subnets", "web", "nsg-web", &json!({}));
    guard(&mut document, "networkInterfaces", "iis-0-nic", "nsg-iis-0", &json!({}));
    guard(&mut document, "networkInterfaces", "iis-1-nic", "nsg-iis-1", &json!({}));
    let trace = ask(&document, to_iis());
    assert_eq!(cause(&trace), "Answered");
    let order: Vec<(SecurityScope, Direction)> =
        decisions(&trace).into_iter().map(|(_, scope, direction, _)| (scope, direction)).collect();
    assert_eq!(
        order,
        [
            (SecurityScope::NetworkInterface, Direction::Outbound),
            (SecurityScope::Subnet, Direction::Outbound),
            (SecurityScope::Subnet, Direction::Inbound),
            (SecurityScope::NetworkInterface, Direction::Inbound),
        ]
    );
}

#[test]
fn rule_6_1_one_denying_group_is_enough() {
    for (table, subject, scope) in [
        ("subnets", "clients", SecurityScope::Subnet),
        ("networkInterfaces", "client1-nic", SecurityScope::NetworkInterface),
    ] {
        let mut document = json(TWO_TENANTS);
        guard(&mut document, "subnets", "clients", "nsg-open", &json!({}));
        guard(&mut document, table, subject, "nsg", &deny_all("Outbound"));
        let trace = ask(&document, to_iis());
        let (group, rule) = (id("nsg"), "deny-all".into());
        let cause = DropCause::DeniedBySecurityGroup { group, rule, direction: Direction::Outbound, scope };
        assert_eq!(trace.outcome, Outcome::Dropped { cause, at: Place::Resource(id("client1")) });
        assert!(!trace.steps.iter().any(|step| matches!(step.event, Event::RouteSelected { .. })));
    }
}

#[test]
fn rule_6_1_traffic_within_a_subnet_is_evaluated_too() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "web", "nsg-web", &deny_all("Inbound"));
    let trace = ask(&document, json!({ "from": "iis-0", "to": "10.0.0.5" }));
    assert_eq!(cause(&trace), "DeniedBySecurityGroup");
    assert_eq!(trace.steps.last().unwrap().at, Place::Resource(id("iis-1")));
}

#[test]
fn rule_6_1_the_lowest_priority_that_matches_decides_whatever_the_order_written() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({
        "later": rule(300, "Outbound", "Deny", json!({})),
        "sooner": rule(200, "Outbound", "Allow", json!({ "destinationPortRange": "80" })),
    });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "sooner");
    let other_port = json!({ "from": "client1", "to": "10.0.1.4", "port": 81, "protocol": "TCP" });
    assert_eq!(deciding_rule(&ask(&document, other_port)), "later");
}

// 6.3 Default rules [NSG-OV]

#[test]
fn rule_6_3_every_group_ends_with_the_six_default_rules() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "clients", "nsg", &json!({}));
    let groups = network(&document).effective_rules(&id("client1-nic")).unwrap();
    let rules: Vec<(String, u32, Direction, Access)> = groups[0]
        .rules
        .iter()
        .map(|rule| (rule.name.to_string(), rule.priority, rule.direction, rule.access))
        .collect();
    let row = |name: &str, priority, direction, access| (name.to_owned(), priority, direction, access);
    assert_eq!(
        rules,
        [
            row("AllowVnetInBound", 65000, Direction::Inbound, Access::Allow),
            row("AllowAzureLoadBalancerInBound", 65001, Direction::Inbound, Access::Allow),
            row("DenyAllInBound", 65500, Direction::Inbound, Access::Deny),
            row("AllowVnetOutBound", 65000, Direction::Outbound, Access::Allow),
            row("AllowInternetOutBound", 65001, Direction::Outbound, Access::Allow),
            row("DenyAllOutBound", 65500, Direction::Outbound, Access::Deny),
        ]
    );
}

#[test]
fn rule_6_3_the_defaults_let_a_private_endpoint_a_peer_and_the_internet_be_reached() {
    let mut document = json(PEERED);
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &json!({}));
    assert_eq!(deciding_rule(&ask(&document, by_address())), "AllowVnetOutBound");
    let public = ask(&document, blob_from("rg1vm2"));
    assert_eq!(deciding_rule(&public), "AllowInternetOutBound");
    assert!(evaluated(&public).assumptions.contains(&"A42"));
}

// 6.4 and 6.5 Service tags [SVC-TAGS]

#[test]
fn rule_6_4_a_network_without_peering_is_neither_virtual_network_nor_internet() {
    let mut document = json(PEERED);
    document.as_object_mut().unwrap().shift_remove("virtualNetworkPeerings");
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &json!({}));
    assert_eq!(deciding_rule(&ask(&document, by_address())), "DenyAllOutBound");
}

#[test]
fn rule_5_1_5_a_peer_without_virtual_network_access_is_outside_the_tag_so_the_defaults_deny() {
    let mut document = json(PEERED);
    document["virtualNetworkPeerings"]["rg1vnet2-to-rg1vnet1"]["allowVirtualNetworkAccess"] = json!(false);
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &json!({}));
    assert_eq!(deciding_rule(&ask(&document, by_address())), "DenyAllOutBound");
    let rules = json!({ "hub": rule(100, "Outbound", "Allow", json!({ "destinationAddressPrefix": "10.0.0.0/24" })) });
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &rules);
    assert_eq!(cause(&ask(&document, by_address())), "Answered", "an explicit range still allows");
}

#[test]
fn assumption_a21_without_a_group_the_switch_of_the_peering_stops_nothing() {
    for peering in ["rg1vnet2-to-rg1vnet1", "rg1vnet1-to-rg1vnet2"] {
        let mut document = json(PEERED);
        document["virtualNetworkPeerings"][peering]["allowVirtualNetworkAccess"] = json!(false);
        let trace = ask(&document, by_address());
        assert_eq!(cause(&trace), "Answered");
        let route = trace.steps.iter().find(|step| matches!(step.event, Event::RouteSelected { .. })).unwrap();
        assert_eq!(route.assumptions, ["A21"]);
    }
    let trace = ask(&json(PEERED), by_address());
    assert!(trace.steps.iter().all(|step| !step.assumptions.contains(&"A21")));
}

#[test]
fn rule_6_10_a_service_tag_covers_the_public_address_and_never_the_private_endpoint() {
    let storage = json!({
        "storage": rule(100, "Outbound", "Deny", json!({ "destinationAddressPrefix": "Storage", "protocol": "Tcp" })),
    });
    let mut document = json(PEERED);
    guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &storage);
    guard(&mut document, "subnets", "rg1vnet1-default", "nsg-1", &storage);
    assert_eq!(deciding_rule(&ask(&document, blob_from("rg1vm2"))), "storage", "public");
    let private = ask(&document, blob_from("rg1vm1"));
    assert_eq!(cause(&private), "Answered");
    assert_eq!(deciding_rule(&private), "AllowVnetOutBound");
    assert!(evaluated(&private).assumptions.contains(&"A41"));
    let vault = json!({ "from": "rg1vm2", "protocol": "HTTPS", "to": "kv1brntest1.vault.azure.net" });
    assert_eq!(deciding_rule(&ask(&document, vault)), "AllowInternetOutBound", "another service");
}

#[test]
fn a_regional_service_tag_covers_its_region_only_and_case_does_not_matter() {
    for (tag, denied) in [
        ("Storage.EastUS", true),
        ("storage.eastus", true),
        ("Storage.WestEurope", false),
        ("AzureCloud.eastus", true),
        ("AzureKeyVault", false),
        ("AzureCloud", true),
        ("INTERNET", true),
        ("Sql", false),
    ] {
        let mut document = json(PEERED);
        document["platformServices"]["rg1sto1brng1"]["location"] = json!("eastus");
        let rules = json!({ "tag": rule(100, "Outbound", "Deny", json!({ "destinationAddressPrefix": tag })) });
        guard(&mut document, "subnets", "rg1vnet2-default", "nsg", &rules);
        assert_eq!(problems(&document), [], "{tag}");
        let is_denied = cause(&ask(&document, blob_from("rg1vm2"))) == "DeniedBySecurityGroup";
        assert_eq!(is_denied, denied, "{tag}");
    }
}

// 6.6 State [NSG-OV]

#[test]
fn rule_6_6_a_reply_belongs_to_its_flow_and_passes_a_group_that_denies_everything_inbound() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "clients", "nsg-clients", &deny_all("Inbound"));
    guard(&mut document, "subnets", "web", "nsg-web", &deny_all("Outbound"));
    let trace = ask(&document, to_iis());
    assert_eq!(cause(&trace), "Answered");
    let directions: Vec<Direction> = decisions(&trace).into_iter().map(|(_, _, direction, _)| direction).collect();
    assert_eq!(directions, [Direction::Outbound, Direction::Inbound]);
}

// 6.7 and 2.3.3 What the backend's group sees [NSG-OV]

#[test]
fn rule_6_7_behind_a_load_balancer_the_group_sees_the_client_and_the_backend_port() {
    let mut document = json(TWO_TENANTS);
    document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"]["frontendPort"] = json!(8080);
    document["virtualNetworks"]["msdn-vnet"]["addressPrefixes"] = json!(["10.0.0.0/16"]);
    document["virtualMachines"]["inside"] = json!({});
    document["networkInterfaces"]["inside-nic"] =
        json!({ "virtualMachine": "inside", "subnet": "nat", "privateIPAddress": "10.0.2.50" });
    let rules = json!({
        "client": rule(100, "Inbound", "Allow", json!({
            "sourceAddressPrefix": "10.0.2.50", "destinationAddressPrefix": "10.0.0.0/24",
            "destinationPortRange": "80"
        })),
        "probe": rule(110, "Inbound", "Allow", json!({ "sourceAddressPrefix": "AzureLoadBalancer" })),
        "rest": rule(200, "Inbound", "Deny", json!({})),
    });
    guard(&mut document, "subnets", "web", "nsg-web", &rules);
    let question = json!({ "from": "inside", "to": "10.0.0.10", "port": 8080 });
    assert_eq!(deciding_rule(&ask(&document, question)), "client");
}

#[test]
fn rule_2_3_3_behind_a_private_link_service_the_source_is_the_nat_ip_which_is_virtual_network() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "web", "nsg-web", &json!({}));
    let trace = ask(&document, to_iis());
    assert_eq!(deciding_rule(&trace), "AllowVnetInBound");
    let step = evaluated(&trace);
    assert_eq!(step.before.unwrap().source.address.to_string(), "10.0.2.4");
    assert!(step.assumptions.contains(&"A40"));
    let rules = json!({ "nat": rule(100, "Inbound", "Deny", json!({ "sourceAddressPrefix": "10.0.2.4" })) });
    guard(&mut document, "subnets", "web", "nsg-web", &rules);
    let denied = ask(&document, to_iis());
    assert_eq!((cause(&denied), deciding_rule(&denied).as_str()), ("DeniedBySecurityGroup", "nat"));
}

#[test]
fn rule_2_3_4_the_group_of_the_nat_subnet_does_not_meet_the_nat_ips() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "nat", "nsg-nat", &deny_all("Inbound"));
    assert_eq!(decisions(&ask(&document, to_iis())), []);
    assert_eq!(cause(&ask(&document, to_iis())), "Answered");
}

// 6.8 Platform addresses [NSG-OV]

#[test]
fn rule_6_8_dns_bypasses_groups_unless_the_platform_tag_is_denied() {
    let mut document = json(PEERED);
    guard(&mut document, "subnets", "rg1vnet1-default", "nsg", &deny_all("Outbound"));
    let trace = ask(&document, blob_from("rg1vm1"));
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::AnswerReceived { .. })), "the name resolves");
    assert_eq!(cause(&trace), "DeniedBySecurityGroup");
    for prefix in ["168.63.129.16", "VirtualNetwork", "*"] {
        let rules = json!({ "dns": rule(100, "Outbound", "Deny", json!({
            "destinationAddressPrefix": prefix, "destinationPortRange": "53"
        })) });
        guard(&mut document, "subnets", "rg1vnet1-default", "nsg", &rules);
        assert_eq!(cause(&ask(&document, blob_from("rg1vm1"))), "Answered", "{prefix}");
    }
    let rules = json!({ "dns": rule(100, "Outbound", "Deny", json!({
        "destinationAddressPrefix": "AzurePlatformDNS"
    })) });
    guard(&mut document, "subnets", "rg1vnet1-default", "nsg", &rules);
    let denied = ask(&document, blob_from("rg1vm1"));
    assert_eq!((cause(&denied), deciding_rule(&denied).as_str()), ("DeniedBySecurityGroup", "dns"));
    assert!(!denied.steps.iter().any(|step| matches!(step.event, Event::AnswerReceived { .. })));
}

// 6.9 Augmented rules and application security groups [NSG-OV]

#[test]
fn rule_6_9_an_augmented_rule_takes_many_prefixes_and_ports() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({ "many": rule(100, "Outbound", "Deny", json!({
        "sourceAddressPrefixes": ["10.0.0.4", "192.0.2.0/24"],
        "destinationAddressPrefixes": ["10.9.0.0/16", "10.0.1.0/29"],
        "destinationPortRanges": ["22", "79-81"],
        "protocol": "Tcp"
    })) });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "many");
    for (field, other) in [
        ("sourceAddressPrefixes", json!(["10.0.0.5"])),
        ("destinationAddressPrefixes", json!(["10.0.1.8/29"])),
        ("destinationPortRanges", json!(["81-90"])),
        ("sourcePortRange", json!("80")),
        ("protocol", json!("Udp")),
    ] {
        let mut other_rules = rules.clone();
        other_rules["many"][field] = other;
        guard(&mut document, "subnets", "clients", "nsg", &other_rules);
        assert_eq!(deciding_rule(&ask(&document, to_iis())), "AllowVnetOutBound", "{field}");
    }
}

#[test]
fn rule_6_9_an_application_security_group_stands_for_its_members() {
    let mut document = json(TWO_TENANTS);
    document["applicationSecurityGroups"] =
        json!({ "clients-asg": { "subscription": "consumer-01" }, "iis": { "subscription": "consumer-01" } });
    document["networkInterfaces"]["client1-nic"]["applicationSecurityGroups"] = json!(["clients-asg"]);
    document["privateEndpoints"]["pe-iis"]["applicationSecurityGroups"] = json!(["iis"]);
    let rules = json!({
        "asg": rule(100, "Outbound", "Deny", json!({
            "sourceApplicationSecurityGroups": ["clients-asg"], "destinationApplicationSecurityGroups": ["iis"]
        })),
    });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    assert_eq!(problems(&document), []);
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "asg");
    document["privateEndpoints"]["pe-iis"]["applicationSecurityGroups"] = json!([]);
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "AllowVnetOutBound");
}

#[test]
fn a_member_with_the_same_address_in_an_unrelated_network_does_not_match() {
    let mut document = json(TWO_TENANTS);
    document["applicationSecurityGroups"] = json!({ "asg": { "subscription": "consumer-01" } });
    document["networkInterfaces"]["iis-0-nic"]["applicationSecurityGroups"] = json!(["asg"]);
    let rules = json!({ "asg": rule(100, "Outbound", "Deny", json!({ "sourceApplicationSecurityGroups": ["asg"] })) });
    guard(&mut document, "subnets", "clients", "nsg", &rules);
    let network = network(&document);
    assert_eq!(network.address_of(&id("iis-0-nic")), network.address_of(&id("client1-nic")));
    assert_eq!(deciding_rule(&ask(&document, to_iis())), "AllowVnetOutBound");
}

// 1.6.4 and 6.11 Private endpoint network policies, M23 [PE-POLICY]

#[test]
fn rule_1_6_4_a_group_applies_to_private_endpoints_only_with_two_of_the_four_policies() {
    for (policies, applies) in
        [("Disabled", false), ("RouteTableEnabled", false), ("NetworkSecurityGroupEnabled", true), ("Enabled", true)]
    {
        let mut document = json(TWO_TENANTS);
        document["subnets"]["endpoints"]["privateEndpointNetworkPolicies"] = json!(policies);
        guard(&mut document, "subnets", "endpoints", "nsg", &deny_all("Inbound"));
        let trace = ask(&document, to_iis());
        assert_eq!(cause(&trace) == "DeniedBySecurityGroup", applies, "{policies}");
        if applies {
            assert_eq!(trace.steps.last().unwrap().at, Place::Resource(id("pe-iis")));
            assert!(evaluated(&trace).sources.contains(&"PE-POLICY"));
        }
    }
}

#[test]
fn m23_a_deny_that_does_not_apply_to_a_private_endpoint_is_pointed_out() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "endpoints", "nsg", &deny_all("Inbound"));
    let trace = ask(&document, to_iis());
    assert_eq!(cause(&trace), "Answered");
    let ignored: Vec<&Step> =
        trace.steps.iter().filter(|step| matches!(step.event, Event::SecurityNotApplied { .. })).collect();
    let expected = Event::SecurityNotApplied {
        subnet: id("endpoints"),
        group: id("nsg"),
        rule: "deny-all".into(),
        policies: PrivateEndpointNetworkPolicies::Disabled,
    };
    assert_eq!(ignored.len(), 1);
    assert_eq!((&ignored[0].event, &ignored[0].at), (&expected, &Place::Resource(id("pe-iis"))));
    guard(&mut document, "subnets", "endpoints", "nsg", &json!({}));
    let open = ask(&document, to_iis());
    assert!(!open.steps.iter().any(|step| matches!(step.event, Event::SecurityNotApplied { .. })), "it would allow");
}

#[test]
fn rule_6_11_at_a_private_endpoint_the_source_port_is_not_looked_at_and_outbound_rules_mean_nothing() {
    let mut document = json(TWO_TENANTS);
    document["subnets"]["endpoints"]["privateEndpointNetworkPolicies"] = json!("Enabled");
    let mut rules = deny_all("Outbound");
    rules["port"] = rule(100, "Inbound", "Deny", json!({ "sourcePortRange": "1" }));
    guard(&mut document, "subnets", "endpoints", "nsg", &rules);
    let trace = ask(&document, to_iis());
    assert_eq!(decisions(&trace).len(), 1);
    assert_eq!(deciding_rule(&trace), "port");
}

#[test]
fn the_clients_own_outbound_group_always_applies_towards_a_private_endpoint() {
    let mut document = json(PEERED);
    guard(&mut document, "networkInterfaces", "rg1vm2165", "nsg", &deny_all("Outbound"));
    let trace = ask(&document, by_address());
    assert_eq!((cause(&trace), &trace.steps[0].at), ("DeniedBySecurityGroup", &Place::Resource(id("rg1vm2"))));
}

// 6.12 Probes, M31 [PROBE]

#[test]
fn m31_a_group_that_denies_the_probe_takes_the_backends_down_and_is_named() {
    for rules in [
        json!({ "probes": rule(4096, "Inbound", "Deny", json!({ "sourceAddressPrefix": "AzureLoadBalancer" })) }),
        json!({ "probes": rule(4096, "Inbound", "Deny", json!({ "sourceAddressPrefix": "168.63.129.16/32" })) }),
        json!({
            "nat": rule(100, "Inbound", "Allow", json!({ "sourceAddressPrefix": "10.0.2.0/24" })),
            "probes": rule(4096, "Inbound", "Deny", json!({}))
        }),
    ] {
        let mut document = json(TWO_TENANTS);
        guard(&mut document, "subnets", "web", "nsg-web", &rules);
        let trace = ask(&document, to_iis());
        assert_eq!(
            (cause(&trace), &trace.steps.last().unwrap().at),
            ("NoHealthyBackend", &Place::Resource(id("lb-iis")))
        );
        let (interface, group) = (id("iis-0-nic"), id("nsg-web"));
        let named = Event::ProbeDenied { interface, group, rule: "probes".into(), denied: 2 };
        assert!(trace.steps.iter().any(|step| step.event == named));
        let network = network(&document);
        assert_eq!(network.probe_denials(&id("lb-iis")).len(), 2);
        assert!(network.backend_health(&id("lb-iis"), "iis").iter().all(|(_, _, _, healthy)| !healthy));
    }
}

#[test]
fn rule_6_12_an_allow_before_the_deny_or_no_probe_keeps_backends_up() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({
        "nat": rule(100, "Inbound", "Allow", json!({ "sourceAddressPrefix": "10.0.2.0/24" })),
        "probes": rule(200, "Inbound", "Allow", json!({ "sourceAddressPrefix": "AzureLoadBalancer" })),
        "rest": rule(4096, "Inbound", "Deny", json!({}))
    });
    guard(&mut document, "subnets", "web", "nsg-web", &rules);
    assert_eq!(cause(&ask(&document, to_iis())), "Answered");
    let mut without = json(TWO_TENANTS);
    without["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"].as_object_mut().unwrap().shift_remove("probe");
    guard(&mut without, "subnets", "web", "nsg-web", &deny_all("Inbound"));
    assert_eq!(
        cause(&ask(&without, to_iis())),
        "DeniedBySecurityGroup",
        "nothing takes it down, so the flow is denied"
    );
}

#[test]
fn a_group_on_one_backend_leaves_the_other_to_serve() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "networkInterfaces", "iis-0-nic", "nsg", &deny_all("Inbound"));
    let network = network(&document);
    let mut session = Session::new();
    for _ in 0..8 {
        let trace = send(&network, &mut session, &request(to_iis()));
        assert_eq!(cause(&trace), "Answered");
        assert!(trace.steps.iter().any(|step| step.at == Place::Resource(id("iis-1"))));
    }
}

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
