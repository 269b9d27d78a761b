//! Machines and what stands before them: order, default rules, tags, state.

use serde_json::json;
use sim::security::SecurityScope;
use sim::trace::{DropCause, Event, Outcome, Place};
use topology::resource::{Access, Direction};

use crate::support::{PEERED, TWO_TENANTS, ask, cause, json, network};
use crate::*;

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
    assert!(evaluated(&public).assumptions.contains(&"A47"));
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
    assert!(evaluated(&private).assumptions.contains(&"A46"));
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
    assert!(step.assumptions.contains(&"A45"));
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
