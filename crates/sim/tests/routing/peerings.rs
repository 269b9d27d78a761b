//! Peerings: flags, regions, what Azure refuses.

use serde_json::{Value, json};
use topology::problem::ProblemCode;

use super::support::{ask, cause, network};
use super::{by_address, hub_and_spokes, id, peer, problems, table};

fn add_network(document: &mut Value, name: &str, prefixes: &[&str]) {
    document["virtualNetworks"][name] = json!({ "subscription": "subscription", "addressPrefixes": prefixes });
}

#[test]
fn rule_5_1_4_a_private_endpoint_s_route_goes_to_direct_peers_only() {
    let document = hub_and_spokes();
    let endpoints = |interface: &str| {
        table(&document, interface).into_iter().filter(|row| row.ends_with("InterfaceEndpoint")).count()
    };
    assert_eq!((endpoints("hub-vm-nic"), endpoints("spoke1-vm-nic"), endpoints("spoke2-vm-nic")), (3, 2, 2));
}

#[test]
fn rule_5_1_9_a_peer_in_another_region_has_another_next_hop_and_is_reached_all_the_same() {
    let mut document = hub_and_spokes();
    document["virtualNetworks"]["spoke1"]["location"] = json!("eastus");
    assert!(table(&document, "hub-vm-nic").contains(&"Default Active 10.1.0.0/16 VNetGlobalPeering".into()));
    assert!(table(&document, "hub-vm-nic").contains(&"Default Active 10.2.0.0/16 VNetPeering".into()));
    for to in ["10.1.0.4", "10.1.1.4"] {
        assert_eq!(cause(&ask(&document, by_address("hub-vm", to))), "Answered", "{to}");
    }
}

#[test]
fn rule_5_1_1_one_direction_alone_carries_nothing() {
    for gone in ["hub-to-spoke1", "spoke1-to-hub"] {
        let mut document = hub_and_spokes();
        document["virtualNetworkPeerings"].as_object_mut().unwrap().shift_remove(gone);
        assert_eq!(cause(&ask(&document, by_address("hub-vm", "10.1.0.4"))), "RouteNone");
        assert!(matches!(problems(&document)[..], [(_, ProblemCode::PeeringOneWay { .. })]));
    }
}

#[test]
fn rule_5_1_5_without_allow_virtual_network_access_traffic_flows_unless_a_default_rule_minds() {
    let mut document = hub_and_spokes();
    document["virtualNetworkPeerings"]["spoke1-to-hub"]["allowVirtualNetworkAccess"] = json!(false);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.0.4"));
    assert_eq!(cause(&trace), "Answered");
    assert_eq!(trace.steps[0].assumptions, ["A21"]);
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "subscription" });
    document["networkInterfaces"]["spoke1-vm-nic"]["networkSecurityGroup"] = json!("nsg");
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.0.4"))), "DeniedBySecurityGroup");
}

#[test]
fn rule_5_1_2_networks_that_overlap_are_not_peered() {
    let mut document = hub_and_spokes();
    add_network(&mut document, "twin", &["192.168.0.0/24", "10.0.128.0/17"]);
    peer(&mut document, "twin", "hub", json!({}));
    let overlap = |remote| {
        let prefixes = vec!["10.0.0.0/16".parse().unwrap()];
        ("remoteVirtualNetwork".to_owned(), ProblemCode::PeeringOverlap { remote: id(remote), prefixes })
    };
    let expected = [overlap("hub"), overlap("twin")];
    assert_eq!(problems(&document), expected);
}

#[test]
fn m33_a_network_does_not_join_one_whose_peer_it_overlaps_not_even_a_peer_that_has_gone() {
    let mut document = hub_and_spokes();
    add_network(&mut document, "twin", &["10.1.0.0/24"]);
    peer(&mut document, "twin", "hub", json!({}));
    let expected = ProblemCode::PeeringOverlapWithPeer {
        first: id("twin"),
        second: id("hub"),
        third: id("spoke1"),
        prefixes: vec!["10.1.0.0/24".parse().unwrap()],
    };
    let refused = |document: &Value| problems(document).into_iter().filter(|(_, code)| *code == expected).count();
    assert_eq!(refused(&document), 2);
    document["virtualNetworkPeerings"].as_object_mut().unwrap().shift_remove("spoke1-to-hub");
    assert_eq!(refused(&document), 2, "a peering left over counts");
    document["virtualNetworkPeerings"].as_object_mut().unwrap().shift_remove("hub-to-spoke1");
    assert_eq!(problems(&document), []);
}

#[test]
fn rule_5_1_2_ranges_within_ranges_overlap_whatever_their_order() {
    for prefixes in [["10.3.1.0/24", "10.3.0.0/16"], ["10.3.0.0/16", "10.3.1.0/24"]] {
        let mut document = hub_and_spokes();
        add_network(&mut document, "wide", &prefixes);
        add_network(&mut document, "narrow", &["10.3.2.0/24"]);
        peer(&mut document, "wide", "narrow", json!({}));
        assert!(matches!(problems(&document)[..], [(_, ProblemCode::PeeringOverlap { .. }), _]), "{prefixes:?}");
    }
}

#[test]
fn rule_5_1_3_a_second_peering_to_the_same_network_is_refused() {
    let mut document = hub_and_spokes();
    document["virtualNetworkPeerings"]["again"] = json!({ "virtualNetwork": "hub", "remoteVirtualNetwork": "spoke1" });
    document["virtualNetworkPeerings"]["alone"] = json!({ "virtualNetwork": "hub", "remoteVirtualNetwork": "hub" });
    let codes: Vec<ProblemCode> = problems(&document).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, [ProblemCode::PeeringTwice { remote: id("spoke1") }, ProblemCode::PeeringWithItself]);
    assert_eq!(cause(&ask(&document, by_address("hub-vm", "10.1.0.4"))), "Answered");
}

#[test]
fn rule_5_1_9_a_network_has_500_peerings() {
    let mut document =
        json!({ "schema": 1, "tenants": { "t": {} }, "subscriptions": { "subscription": { "tenant": "t" } } });
    add_network(&mut document, "hub", &["10.255.0.0/24"]);
    for n in 0..501 {
        let spoke = format!("spoke{n}");
        add_network(&mut document, &spoke, &[&format!("10.{}.{}.0/24", n / 256, n % 256)]);
        peer(&mut document, "hub", &spoke, json!({}));
    }
    let limit = ProblemCode::PeeringLimit { count: 501, limit: 500 };
    assert_eq!(problems(&document), [("virtualNetworkPeerings".to_owned(), limit)]);
    assert_eq!(network(&document).overlapping_networks(), []);
}
