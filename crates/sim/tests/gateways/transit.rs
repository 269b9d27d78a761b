//! Whom a gateway serves, and what networks learn from it [PEER-MANAGE][UDR-OV].

use serde_json::{Value, json};
use sim::trace::{NextHopType, RouteSource};
use topology::problem::ProblemCode;

use crate::support::hybrid::{problems, reach, with_vpn};
use crate::support::names::{PRIVATE, id};
use crate::support::{ask, cause, network};

/// The learned routes of the client in the spoke, as the CLI shows them.
fn learned(document: &Value) -> Vec<String> {
    let routes = network(document).effective_routes(&id("client")).unwrap();
    let learned = routes.into_iter().filter(|route| route.source == RouteSource::VirtualNetworkGateway);
    learned
        .inspect(|route| assert_eq!(route.next_hop_type, NextHopType::VirtualNetworkGateway))
        .map(|route| format!("{} {}", route.address_prefix, route.next_hop_ip_address.unwrap()))
        .collect()
}

#[test]
fn rule_5_1_8_with_a_remote_gateway_a_spoke_learns_what_is_on_premises_and_is_known_there() {
    let mut document = with_vpn();
    assert_eq!(learned(&document), ["192.168.0.0/16 10.0.255.4"]);
    document["virtualNetworkPeerings"]["spoke-to-hub"]["useRemoteGateways"] = json!(false);
    assert_eq!(learned(&document), [""; 0]);
    let known: Vec<String> =
        network(&document).ranges_known_at(&id("hq")).iter().map(|(range, _)| range.to_string()).collect();
    assert_eq!(known, ["10.0.0.0/16"]);
}

#[test]
fn misconfiguration_m24_without_gateway_transit_on_premises_has_no_route_to_the_private_endpoint_of_a_spoke() {
    let mut document = with_vpn();
    document["virtualNetworkPeerings"]["spoke-to-hub"]["useRemoteGateways"] = json!(false);
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "NotRoutedOnInternet");
    document["virtualNetworkPeerings"]["spoke-to-hub"]["useRemoteGateways"] = json!(true);
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "Answered");
}

#[test]
fn rule_5_1_7_azure_refuses_remote_gateways_that_are_not_there_not_offered_or_too_many() {
    let mut document = with_vpn();
    assert_eq!(problems(&document), []);
    document["virtualNetworkPeerings"]["hub-to-spoke"]["allowGatewayTransit"] = json!(false);
    assert_eq!(problems(&document), [ProblemCode::GatewayTransitNotAllowed { remote: id("hub") }]);
    assert_eq!(learned(&document), [""; 0]);

    let mut document = with_vpn();
    document["virtualNetworkGateways"] = json!({});
    document["connections"] = json!({});
    assert_eq!(problems(&document), [ProblemCode::RemoteGatewayMissing { remote: id("hub") }]);

    let mut document = with_vpn();
    document["subnets"]["spoke-gateway"] =
        json!({ "virtualNetwork": "spoke", "name": "GatewaySubnet", "addressPrefix": "10.1.255.0/27" });
    document["virtualNetworkGateways"]["own"] = json!({ "subnet": "spoke-gateway" });
    assert_eq!(problems(&document), [ProblemCode::RemoteGatewayBesideOwn { network: id("spoke") }]);
    assert_eq!(learned(&document), [""; 0]);

    let mut document = with_vpn();
    document["virtualNetworks"]["other"] = json!({ "subscription": "sub", "addressPrefixes": ["10.2.0.0/16"] });
    document["virtualNetworkPeerings"]["spoke-to-other"] =
        json!({ "virtualNetwork": "spoke", "remoteVirtualNetwork": "other", "useRemoteGateways": true });
    document["virtualNetworkPeerings"]["other-to-spoke"] =
        json!({ "virtualNetwork": "other", "remoteVirtualNetwork": "spoke", "allowGatewayTransit": true });
    assert_eq!(problems(&document), [ProblemCode::SecondRemoteGateway { remote: id("hub") }]);
    assert_eq!(learned(&document).len(), 1, "the first one counts");
}

#[test]
fn rule_4_3_1_a_route_table_without_propagation_keeps_learned_routes_away() {
    let mut document = with_vpn();
    document["routeTables"]["alone"] = json!({ "subscription": "sub", "disableBgpRoutePropagation": true });
    document["subnets"]["spoke-default"]["routeTable"] = json!("alone");
    assert_eq!(learned(&document), [""; 0]);
    assert_eq!(cause(&ask(&document, json!({ "from": "client", "to": "192.168.0.30" }))), "RouteNone");
    // A user-defined route to the gateway still leads there.
    document["routeTables"]["alone"]["routes"]["hq"] =
        json!({ "addressPrefix": "192.168.0.0/16", "nextHopType": "VirtualNetworkGateway" });
    assert_eq!(cause(&ask(&document, json!({ "from": "client", "to": "192.168.0.30" }))), "Answered");
}

#[test]
fn rule_4_2_1_a_user_defined_route_to_the_gateway_means_a_vpn_gateway() {
    let mut document = with_vpn();
    document["virtualNetworkGateways"]["gateway"] = json!({ "subnet": "hub-gateway", "gatewayType": "ExpressRoute" });
    document["expressRouteCircuits"]["line"] = json!({ "subscription": "sub", "onPremisesSite": "hq" });
    document["connections"]["hq-vpn"] =
        json!({ "virtualNetworkGateway1": "gateway", "connectionType": "ExpressRoute", "peer": "line" });
    let to_site = || json!({ "from": "client", "to": "192.168.0.30" });
    assert_eq!(cause(&ask(&document, to_site())), "Answered");
    document["routeTables"]["forced"] = json!({
        "subscription": "sub",
        "routes": { "hq": { "addressPrefix": "192.168.0.0/16", "nextHopType": "VirtualNetworkGateway" } },
    });
    document["subnets"]["spoke-default"]["routeTable"] = json!("forced");
    assert_eq!(cause(&ask(&document, to_site())), "GatewayMissing");
}

#[test]
fn rule_5_2_4_a_gateway_stands_in_the_gateway_subnet_once_for_each_type_and_without_a_default_route() {
    let mut document = with_vpn();
    document["subnets"]["hub-gateway"]["name"] = json!("Gateways");
    let codes = problems(&document);
    assert!(codes.contains(&ProblemCode::GatewaySubnetName { subnet: id("hub-gateway") }), "{codes:?}");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "NotRoutedOnInternet");

    let mut document = with_vpn();
    document["virtualNetworkGateways"]["second"] = json!({ "subnet": "hub-gateway" });
    assert_eq!(problems(&document), [ProblemCode::SecondGateway { network: id("hub"), gateway: id("gateway") }]);
    document["virtualNetworkGateways"]["second"]["gatewayType"] = json!("ExpressRoute");
    assert_eq!(problems(&document), [], "one of each type may stand there");

    let mut document = with_vpn();
    document["routeTables"]["all"] = json!({
        "subscription": "sub",
        "routes": { "all": { "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4" } },
    });
    document["subnets"]["hub-gateway"]["routeTable"] = json!("all");
    let codes = problems(&document);
    assert!(codes.contains(&ProblemCode::GatewayDefaultRoute { subnet: id("hub-gateway") }), "{codes:?}");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "NotRoutedOnInternet");
}
