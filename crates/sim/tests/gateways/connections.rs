//! What Azure refuses of connections, and connections between networks [VPN-NAT].

use serde_json::{Value, json};
use sim::trace::{Event, NextHopType};
use topology::problem::ProblemCode;

use crate::support::hybrid::{place, places_where, problems, reach, with_vpn};
use crate::support::names::{PRIVATE, id};
use crate::support::{ask, cause};

/// A network that no peering reaches, with a machine at 10.9.0.4 and a gateway connected to the hub's in both directions.
fn with_island(range: &str, subnet: &str, gateway_subnet: &str) -> Value {
    let mut document = with_vpn();
    document["virtualNetworks"]["island"] = json!({ "subscription": "sub", "addressPrefixes": [range] });
    document["subnets"]["island-default"] = json!({ "virtualNetwork": "island", "addressPrefix": subnet });
    document["subnets"]["island-gateway"] =
        json!({ "virtualNetwork": "island", "name": "GatewaySubnet", "addressPrefix": gateway_subnet });
    document["virtualMachines"]["robinson"] = json!({ "services": [{ "name": "web", "port": 80 }] });
    document["networkInterfaces"]["robinson-nic"] = json!({ "virtualMachine": "robinson", "subnet": "island-default" });
    document["virtualNetworkGateways"]["ferry"] = json!({ "subnet": "island-gateway" });
    let connect = |from: &str, to: &str| {
        json!({
            "virtualNetworkGateway1": from,
            "virtualNetworkGateway2": to,
            "connectionType": "Vnet2Vnet",
            "enableBgp": true,
        })
    };
    document["connections"]["out"] = connect("gateway", "ferry");
    document["connections"]["back"] = connect("ferry", "gateway");
    document
}

#[test]
fn a_connection_between_gateways_joins_networks_and_reaches_their_private_endpoints() {
    let mut document = with_island("10.9.0.0/16", "10.9.0.0/24", "10.9.255.0/27");
    assert_eq!(problems(&document), []);
    let trace = reach(&document, "robinson", PRIVATE);
    assert_eq!(cause(&trace), "Answered");
    let at = |wanted: NextHopType| {
        places_where(
            &trace,
            |event| matches!(event, Event::RouteSelected { route, .. } if route.next_hop_type == wanted),
        )
    };
    assert_eq!(at(NextHopType::VirtualNetworkGateway), [place("robinson")]);
    assert_eq!(at(NextHopType::InterfaceEndpoint), [place("gateway")], "the /32 is known on the far side only");
    assert_eq!(cause(&ask(&document, json!({ "from": "client", "to": "10.9.0.4" }))), "Answered");
    document["connections"].as_object_mut().unwrap().shift_remove("back");
    assert_eq!(problems(&document), [ProblemCode::ConnectionOneWay { gateway: id("ferry") }]);
    assert_eq!(cause(&reach(&document, "robinson", PRIVATE)), "RouteNone");
}

#[test]
fn rule_5_2_1_connected_networks_must_not_overlap() {
    let document = with_island("10.0.0.0/16", "10.0.0.0/24", "10.0.255.0/27");
    let overlap = ProblemCode::ConnectionOverlap { range: "10.0.0.0/16".parse().unwrap() };
    assert_eq!(problems(&document), [overlap.clone(), overlap]);
}

#[test]
fn rule_5_2_1_a_site_must_not_overlap_the_networks_it_is_connected_to() {
    let mut document = with_vpn();
    document["localNetworkGateways"]["hq-device"]["addressPrefixes"] = json!(["10.1.0.0/24"]);
    let range = "10.1.0.0/24".parse().unwrap();
    assert_eq!(problems(&document), [ProblemCode::ConnectionOverlap { range }], "a spoke's range counts, too");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "NotRoutedOnInternet");
}

#[test]
fn rule_5_2_2_two_sites_with_the_same_addresses_cannot_both_be_connected_without_translation() {
    let mut document = with_vpn();
    document["onPremisesSites"]["twin"] = json!({ "addressPrefixes": ["192.168.0.0/16"] });
    document["localNetworkGateways"]["twin-device"] =
        json!({ "subscription": "sub", "onPremisesSite": "twin", "addressPrefixes": ["192.168.0.0/16"] });
    document["connections"]["twin-vpn"] =
        json!({ "virtualNetworkGateway1": "gateway", "localNetworkGateway2": "twin-device" });
    let range = "192.168.0.0/16".parse().unwrap();
    assert_eq!(problems(&document), [ProblemCode::ConnectionOverlapsOther { range, connection: id("hq-vpn") }]);
    document["virtualNetworkGateways"]["gateway"]["natRules"]["twin"] = json!({
        "mode": "IngressSnat",
        "internalMappings": [{ "addressSpace": "192.168.0.0/16" }],
        "externalMappings": [{ "addressSpace": "172.30.0.0/16" }],
    });
    document["connections"]["twin-vpn"]["ingressNatRules"] = json!(["gateway/twin"]);
    assert_eq!(problems(&document), []);
}

#[test]
fn what_is_missing_or_does_not_fit_is_reported() {
    let mut document = with_vpn();
    document["connections"]["nowhere"] = json!({ "virtualNetworkGateway1": "gateway" });
    document["connections"]["unknown"] =
        json!({ "virtualNetworkGateway1": "gateway", "localNetworkGateway2": "nobody" });
    document["connections"]["line"] =
        json!({ "virtualNetworkGateway1": "gateway", "connectionType": "ExpressRoute", "peer": "line" });
    document["internetClients"]["traveller"]["virtualNetworkGateway"] = json!("gateway");
    let expected = [
        ProblemCode::ConnectionWithoutPeer,
        ProblemCode::MissingReference { reference: "nobody".into() },
        ProblemCode::ConnectionTypeMismatch { gateway: id("gateway") },
        ProblemCode::ClientPoolIsFull { gateway: id("gateway") },
    ];
    assert_eq!(problems(&document), expected);
}
