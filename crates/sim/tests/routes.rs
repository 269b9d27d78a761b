//! Effective routes [UDR-OV], checked against captured tables row for row.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use support::{PEERED, TWO_TENANTS, json, network};

fn check(document: &Value, interface: &str, expected: Expect) {
    let routes = network(document).effective_routes(&interface.parse().unwrap()).unwrap();
    let rows = routes.iter().map(|route| {
        let (source, state, hop) = (route.source, route.state, route.next_hop_type);
        format!("{source:?} {state:?} {} {hop:?}\n", route.address_prefix)
    });
    expected.assert_eq(&rows.collect::<String>());
}

#[test]
fn the_first_machine_has_the_captured_routes() {
    check(
        &json(PEERED),
        "rg1vm1243",
        expect![[r"
        Default Active 10.0.0.0/24 VnetLocal
        Default Active 10.1.0.0/24 VNetPeering
        Default Active 0.0.0.0/0 Internet
        Default Active 10.0.0.0/8 None
        Default Active 100.64.0.0/10 None
        Default Active 192.168.0.0/16 None
        Default Active 25.33.80.0/20 None
        Default Active 25.41.3.0/25 None
        Default Active 10.0.0.5/32 InterfaceEndpoint
        Default Active 10.0.0.6/32 InterfaceEndpoint
    "]],
    );
}

#[test]
fn the_peered_machine_has_the_captured_routes() {
    check(
        &json(PEERED),
        "rg1vm2165",
        expect![[r"
        Default Active 10.1.0.0/24 VnetLocal
        Default Active 10.0.0.0/24 VNetPeering
        Default Active 0.0.0.0/0 Internet
        Default Active 10.0.0.0/8 None
        Default Active 100.64.0.0/10 None
        Default Active 192.168.0.0/16 None
        Default Active 25.33.80.0/20 None
        Default Active 25.41.3.0/25 None
        Default Active 10.0.0.5/32 InterfaceEndpoint
        Default Active 10.0.0.6/32 InterfaceEndpoint
    "]],
    );
}

#[test]
fn a_document_of_today_has_172_16_too() {
    check(
        &json(TWO_TENANTS),
        "client1-nic",
        expect![[r"
        Default Active 10.0.0.0/16 VnetLocal
        Default Active 0.0.0.0/0 Internet
        Default Active 10.0.0.0/8 None
        Default Active 172.16.0.0/12 None
        Default Active 100.64.0.0/10 None
        Default Active 192.168.0.0/16 None
        Default Active 25.33.80.0/20 None
        Default Active 25.41.3.0/25 None
        Default Active 10.0.1.4/32 InterfaceEndpoint
    "]],
    );
}

#[test]
fn a_network_that_equals_or_contains_a_reserved_range_takes_its_route_away() {
    let mut document = json(TWO_TENANTS);
    document["virtualNetworks"]["ntt-vnet"]["addressPrefixes"] = json!(["10.0.0.0/8", "192.0.0.0/8"]);
    check(
        &document,
        "client1-nic",
        expect![[r"
        Default Active 10.0.0.0/8 VnetLocal
        Default Active 192.0.0.0/8 VnetLocal
        Default Active 0.0.0.0/0 Internet
        Default Active 172.16.0.0/12 None
        Default Active 100.64.0.0/10 None
        Default Active 25.33.80.0/20 None
        Default Active 25.41.3.0/25 None
        Default Active 10.0.1.4/32 InterfaceEndpoint
    "]],
    );
}

#[test]
fn a_peer_in_another_region_is_reached_by_global_peering() {
    let mut document = json(PEERED);
    document["virtualNetworks"]["rg1vnet2"]["location"] = json!("westeurope");
    let routes = network(&document).effective_routes(&"rg1vm1243".parse().unwrap()).unwrap();
    assert_eq!(routes[1].next_hop_type, sim::trace::NextHopType::VNetGlobalPeering);
    assert_eq!(routes[1].target.as_ref().map(topology::Id::as_str), Some("rg1vnet2"));
}

#[test]
fn a_peering_with_one_direction_gives_no_routes() {
    let mut document = json(PEERED);
    document["virtualNetworkPeerings"].as_object_mut().unwrap().shift_remove("rg1vnet1-to-rg1vnet2");
    let (compiled, problems) = sim::compile(&support::read(&document));
    let routes = compiled.effective_routes(&"rg1vm2165".parse().unwrap()).unwrap();
    assert!(routes.iter().all(|route| route.target.is_none()));
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn endpoint_routes_reach_direct_peers_only() {
    let mut document = json(PEERED);
    document["virtualNetworks"]["spoke"] =
        json!({ "subscription": "subscription-01", "location": "eastus", "addressPrefixes": ["10.2.0.0/24"] });
    document["subnets"]["spoke-default"] = json!({ "virtualNetwork": "spoke", "addressPrefix": "10.2.0.0/24" });
    document["virtualMachines"]["vm3"] = json!({});
    document["networkInterfaces"]["vm3-nic"] = json!({ "virtualMachine": "vm3", "subnet": "spoke-default" });
    for (name, from, to) in [("there", "spoke", "rg1vnet2"), ("back", "rg1vnet2", "spoke")] {
        document["virtualNetworkPeerings"][name] = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
    }
    let compiled = network(&document);
    let endpoints = |nic: &str| {
        let routes = compiled.effective_routes(&nic.parse().unwrap()).unwrap();
        routes.iter().filter(|route| route.address_prefix.prefix_len() == 32).count()
    };
    assert_eq!((endpoints("rg1vm2165"), endpoints("vm3-nic")), (2, 0));
}

#[test]
fn a_second_spoke_with_the_addresses_of_the_first_cannot_join_the_hub() {
    let mut document = json(PEERED);
    document["virtualNetworks"]["twin"] =
        json!({ "subscription": "subscription-01", "location": "eastus", "addressPrefixes": ["10.0.0.128/25"] });
    for (name, from, to) in [("there", "twin", "rg1vnet2"), ("back", "rg1vnet2", "twin")] {
        document["virtualNetworkPeerings"][name] = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
    }
    let (compiled, problems) = sim::compile(&support::read(&document));
    let subjects: Vec<&str> = problems.iter().map(|problem| problem.subject.as_str()).collect();
    assert_eq!(subjects, ["there", "back"]);
    let peered = compiled.effective_routes(&"rg1vm2165".parse().unwrap()).unwrap();
    assert_eq!(peered.iter().filter(|route| route.next_hop_type == sim::trace::NextHopType::VNetPeering).count(), 1);
}
