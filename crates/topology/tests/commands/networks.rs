//! Address spaces, subnets and peerings (1.2.7, 5.1).

use serde_json::json;
use topology::Kind;
use topology::command::{Command, Refusal};

use crate::support::{create, delete, document, id, refused, row, run, set};

fn network(prefix: &str) -> Command {
    create(Kind::VirtualNetwork, "net", json!({"subscription": "shop", "addressPrefixes": [prefix]}))
}

fn peer(network: &str, remote: &str) -> Command {
    Command::Peer { network: id(network), remote: id(remote) }
}

#[test]
fn rule_1_2_7_some_ranges_are_for_no_network() {
    for prefix in ["224.0.0.0/8", "127.0.0.0/16", "169.254.0.0/24", "168.63.129.0/24", "255.255.255.0/24"] {
        let refusal = refused(&document(), network(prefix));
        assert!(matches!(refusal, Refusal::AddressSpaceForbidden { .. }), "{prefix}: {refusal:?}");
    }
    run(&mut document(), network("100.64.0.0/10"));
}

#[test]
fn rule_1_2_3_a_subnet_is_between_a_2_and_a_29() {
    let subnet = |prefix: &str| create(Kind::Subnet, "s", json!({"virtualNetwork": "hub", "addressPrefix": prefix}));
    assert!(matches!(refused(&document(), subnet("10.0.2.0/30")), Refusal::AddressPrefixLength { .. }));
    run(&mut document(), subnet("10.0.2.0/29"));
}

#[test]
fn a_subnet_lies_in_its_network_and_beside_the_others() {
    let subnet = |prefix: &str| create(Kind::Subnet, "s", json!({"virtualNetwork": "hub", "addressPrefix": prefix}));
    assert_eq!(refused(&document(), subnet("10.5.0.0/24")).code(), "NetcfgSubnetRangeOutsideVnet");
    let refusal = refused(&document(), subnet("10.0.0.128/25"));
    let (subnet, other, network) = (id("s"), id("clients"), id("hub"));
    assert_eq!(refusal, Refusal::NetcfgSubnetRangesOverlap { subnet, other, network });
}

#[test]
fn the_range_of_a_subnet_in_use_and_the_space_it_lies_in_are_fixed() {
    let mut document = document();
    let refusal = refused(&document, set("clients", "addressPrefix", json!("10.0.0.0/25")));
    let (resource, dependents) = (id("clients"), vec![id("client-nic")]);
    assert_eq!(refusal, Refusal::InUseSubnetCannotBeUpdated { resource, dependents });
    run(&mut document, set("endpoints", "addressPrefix", json!("10.0.9.0/24")));
    let shrunk = refused(&document, set("hub", "addressPrefixes", json!(["10.0.0.0/24"])));
    assert_eq!(shrunk.code(), "InUsePrefixCannotBeDeleted");
    run(&mut document, set("hub", "addressPrefixes/1", json!("10.9.0.0/16")));
}

#[test]
fn two_ranges_of_one_address_space_do_not_overlap() {
    let refusal = refused(&document(), set("hub", "addressPrefixes/1", json!("10.0.128.0/17")));
    assert!(matches!(refusal, Refusal::AddressPrefixesOverlap { .. }), "{refusal:?}");
}

#[test]
fn rule_5_1_1_a_peering_is_made_in_both_directions() {
    let mut document = document();
    run(&mut document, peer("hub", "spoke"));
    assert_eq!(row(&document, "hub-to-spoke")["remoteVirtualNetwork"], "spoke");
    assert_eq!(row(&document, "spoke-to-hub")["remoteVirtualNetwork"], "hub");
}

#[test]
fn rule_5_1_2_networks_whose_spaces_overlap_are_not_peered() {
    let refusal = refused(&document(), peer("hub", "plant"));
    let Refusal::VnetAddressSpacesOverlap { first, second, prefixes, .. } = &refusal else { panic!("{refusal:?}") };
    assert_eq!((first, second), (&id("hub"), &id("plant")));
    assert_eq!(prefixes[0].to_string(), "10.0.0.0/16");
}

#[test]
fn rule_5_1_2_m33_a_network_that_overlaps_a_peer_of_the_remote_is_not_peered() {
    let mut document = document();
    run(&mut document, peer("spoke", "hub"));
    let refusal = refused(&document, peer("plant", "spoke"));
    let prefixes = vec!["10.0.0.0/16".parse().unwrap()];
    let (first, second, third) = (id("plant"), id("spoke"), id("hub"));
    let peering = id("plant-to-spoke");
    assert_eq!(
        refusal,
        Refusal::VnetAddressSpaceOverlapsWithAlreadyPeeredVnet { peering, first, second, third, prefixes }
    );
}

#[test]
fn rule_5_1_2_m33_a_peering_left_over_still_counts_until_it_is_removed() {
    let mut document = document();
    run(&mut document, peer("spoke", "hub"));
    run(&mut document, delete("hub-to-spoke"));
    assert_eq!(refused(&document, peer("plant", "spoke")).code(), "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet");
    run(&mut document, delete("spoke-to-hub"));
    run(&mut document, peer("plant", "spoke"));
}

#[test]
fn rule_5_1_3_a_remote_network_has_one_peering() {
    let mut document = document();
    run(&mut document, peer("hub", "spoke"));
    let refusal = refused(&document, peer("hub", "spoke"));
    let (peering, other, remote) = (id("hub-to-spoke-2"), id("hub-to-spoke"), id("spoke"));
    assert_eq!(refusal, Refusal::AnotherPeeringAlreadyReferencesRemoteVnet { peering, other, remote });
}

#[test]
fn the_space_of_a_peered_network_grows_only_where_nothing_overlaps() {
    let mut document = document();
    run(&mut document, peer("hub", "spoke"));
    let grown = refused(&document, set("hub", "addressPrefixes/1", json!("10.1.0.0/24")));
    assert_eq!(grown.code(), "VnetAddressSpacesOverlap");
    run(&mut document, set("hub", "addressPrefixes/1", json!("10.2.0.0/24")));
}

#[test]
fn a_network_is_not_peered_with_itself() {
    assert!(matches!(refused(&document(), peer("hub", "hub")), Refusal::PeeringWithItself { .. }));
}

#[test]
fn rule_3_1_4_a_network_has_20_dns_servers() {
    let servers: Vec<String> = (4..25).map(|n| format!("10.0.0.{n}")).collect();
    let refusal = refused(&document(), set("hub", "dnsServers", json!(servers)));
    assert!(matches!(refusal, Refusal::LimitExceeded { count: 21, limit: 20, .. }), "{refusal:?}");
}

#[test]
fn security_rules_of_one_direction_have_different_priorities_between_100_and_4096() {
    let rule = |priority: u32| json!({"priority": priority, "direction": "Inbound", "access": "Deny"});
    let at = |priority| set("nsg", "securityRules/deny", rule(priority));
    assert_eq!(refused(&document(), at(99)).code(), "SecurityRuleInvalidPriority");
    assert_eq!(refused(&document(), at(100)).code(), "SecurityRuleConflict");
    run(&mut document(), at(4096));
}

#[test]
fn rule_4_2_1_a_route_table_takes_no_route_it_may_not_have() {
    let mut document = document();
    let route = |hop: &str| json!({"addressPrefix": "10.9.0.0/16", "nextHopType": hop});
    let table =
        |hop: &str| create(Kind::RouteTable, "routes", json!({"subscription": "shop", "routes": {"out": route(hop)}}));
    for (hop, code) in [
        ("InterfaceEndpoint", "RouteNextHopNotAllowed"),
        ("VNetPeering", "RouteNextHopNotAllowed"),
        ("VirtualAppliance", "RouteWithoutNextHop"),
    ] {
        let Refusal::NotTaken { problem, .. } = refused(&document, table(hop)) else { panic!("{hop}") };
        assert!(format!("{:?}", problem.code).starts_with(code), "{hop}: {:?}", problem.code);
    }
    run(&mut document, table("None"));
    let conflict = refused(&document, set("routes", "routes/again", route("Internet")));
    assert!(matches!(conflict, Refusal::NotTaken { .. }), "{conflict:?}");
}

#[test]
fn rule_8_3_4_the_firewall_rules_of_a_sql_server_are_fixed_while_its_public_address_is_closed() {
    let mut document = document();
    let office = set("srv", "firewallRules/office", json!({"startIpAddress": "20.0.0.1", "endIpAddress": "20.0.0.9"}));
    run(&mut document, set("srv", "publicNetworkAccess", json!("Disabled")));
    let refusal = refused(&document, office.clone());
    assert_eq!(refusal, Refusal::FirewallRulesFrozen { service: id("srv") });
    assert_eq!(refusal.code(), "42101");
    run(&mut document, set("srv", "publicNetworkAccess", json!("Enabled")));
    run(&mut document, office);
}
