//! Tunnels of every kind, from both ends.

use serde_json::{Value, json};
use sim::trace::{Event, NextHopType, OutsideHop, PathKind, ReplyReason, RouteSource, TunnelKind};
use sim::{Outcome, Trace};

use crate::support::hybrid::{blob_from, full_of_tunnels, place, places_where, problems, reach, told, with_vpn};
use crate::support::names::{PRIVATE, id};
use crate::support::{ask, cause, network, status};

fn over_express_route(document: &mut Value) {
    document["virtualNetworkGateways"]["gateway"] = json!({ "subnet": "hub-gateway", "gatewayType": "ExpressRoute" });
    document["expressRouteCircuits"]["line"] = json!({ "subscription": "sub", "onPremisesSite": "hq" });
    document["connections"]["hq-vpn"] =
        json!({ "virtualNetworkGateway1": "gateway", "connectionType": "ExpressRoute", "peer": "line" });
}

fn kinds(trace: &Trace) -> Vec<(TunnelKind, String, String)> {
    let entered = trace.steps.iter().filter_map(|step| match &step.event {
        Event::TunnelEntered { kind, entry, exit, .. } => Some((*kind, entry.to_string(), exit.to_string())),
        _ => None,
    });
    entered.collect()
}

fn tunnel(kind: TunnelKind, entry: &str, exit: &str) -> (TunnelKind, String, String) {
    (kind, entry.into(), exit.into())
}

#[test]
fn rule_9_1_on_premises_reaches_a_private_endpoint_in_a_spoke_through_the_hubs_gateway() {
    let trace = reach(&with_vpn(), "clerk", PRIVATE);
    let Outcome::Answered { path, caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((*path, caller.address.to_string().as_str()), (PathKind::PrivateEndpoint, "192.168.0.20"));
    assert_eq!(kinds(&trace), [tunnel(TunnelKind::IPsec, "hq-device", "gateway")]);
    let routed = places_where(
        &trace,
        |event| matches!(event, Event::RouteSelected { route, .. } if route.next_hop_type == NextHopType::InterfaceEndpoint),
    );
    assert_eq!(routed, [place("gateway")], "the GatewaySubnet has the endpoint's /32");
}

#[test]
fn rule_5_3_1_express_route_reaches_private_endpoints_over_the_private_peering_only() {
    let mut document = with_vpn();
    over_express_route(&mut document);
    let trace = blob_from(&document, "clerk");
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
    let tunnels = kinds(&trace);
    assert_eq!(tunnels[0], tunnel(TunnelKind::ExpressRoute, "line", "gateway"));
    document["expressRouteCircuits"]["line"]["peerings"] = json!(["MicrosoftPeering"]);
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "NotRoutedOnInternet");
}

#[test]
fn rule_9_1_a_machine_in_a_spoke_reaches_on_premises_by_the_learned_route_and_the_reply_comes_back() {
    let document = with_vpn();
    let trace = ask(&document, json!({ "from": "client", "to": "192.168.0.30" }));
    assert_eq!(status(&trace), Some(200));
    assert_eq!(kinds(&trace), [tunnel(TunnelKind::IPsec, "gateway", "hq-device")]);
    let learned = |event: &Event| {
        matches!(event, Event::RouteSelected { route, .. } if route.source == RouteSource::VirtualNetworkGateway
            && route.next_hop_type == NextHopType::VirtualNetworkGateway
            && route.next_hop_ip_address.is_some_and(|address| address.to_string() == "10.0.255.4"))
    };
    assert_eq!(places_where(&trace, learned), [place("client")]);
    let connected = trace.steps.iter().find(|step| matches!(step.event, Event::Connected { .. })).unwrap();
    assert_eq!(connected.via, [place("hq-device"), place("gateway")]);
    assert_eq!(cause(&ask(&document, json!({ "from": "client", "to": "192.168.0.99" }))), "AddressUnused");
}

#[test]
fn rule_1_7_4_a_site_learns_the_ranges_of_networks_and_no_private_endpoint() {
    let known: Vec<String> =
        network(&with_vpn()).ranges_known_at(&id("hq")).iter().map(|(range, _)| range.to_string()).collect();
    assert_eq!(known, ["10.0.0.0/16", "10.1.0.0/16"]);
    let trace = reach(&with_vpn(), "clerk", PRIVATE);
    let step = trace.steps.iter().find(|step| matches!(step.event, Event::OutsideRouteSelected { .. })).unwrap();
    assert!(step.assumptions.contains(&"A24"), "{:?}", step.assumptions);
}

#[test]
fn a_tunnel_that_is_down_swallows_packets_of_stated_routes_and_takes_learned_ones_with_it() {
    let mut document = with_vpn();
    document["connections"]["hq-vpn"]["connectionStatus"] = json!("NotConnected");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "TunnelDown");
    let to_site = json!({ "from": "client", "to": "192.168.0.30" });
    assert_eq!(cause(&ask(&document, to_site.clone())), "TunnelDown");
    document["connections"]["hq-vpn"]["enableBgp"] = json!(true);
    assert_eq!(network(&document).learned_ranges(&id("spoke")), []);
    assert_eq!(cause(&ask(&document, to_site)), "RouteNone");
}

#[test]
fn with_bgp_a_gateway_learns_what_the_site_uses_and_passes_on_what_other_tunnels_told() {
    let mut document = with_vpn();
    document["localNetworkGateways"]["hq-device"]["addressPrefixes"] = json!([]);
    assert_eq!(network(&document).learned_ranges(&id("hub")), [], "nothing is stated");
    document["connections"]["hq-vpn"]["enableBgp"] = json!(true);
    document["onPremisesSites"]["branch"] = json!({ "addressPrefixes": ["172.16.0.0/16"] });
    document["onPremisesHosts"]["printer"] = json!({
        "onPremisesSite": "branch",
        "ipAddress": "172.16.0.9",
        "services": [{ "name": "printer", "port": 80 }],
    });
    document["localNetworkGateways"]["branch-device"] = json!({ "subscription": "sub", "onPremisesSite": "branch" });
    document["connections"]["branch-vpn"] = json!({
        "virtualNetworkGateway1": "gateway",
        "localNetworkGateway2": "branch-device",
        "enableBgp": true,
    });
    let learned: Vec<String> =
        network(&document).learned_ranges(&id("spoke")).iter().map(ToString::to_string).collect();
    assert_eq!(learned, ["192.168.0.0/16", "172.16.0.0/16"]);
    let trace = ask(&document, json!({ "from": "clerk", "to": "172.16.0.9" }));
    assert_eq!(status(&trace), Some(200), "from site to site through the gateway");
    assert_eq!(kinds(&trace).len(), 2);
    document["connections"]["branch-vpn"]["enableBgp"] = json!(false);
    assert_eq!(cause(&ask(&document, json!({ "from": "clerk", "to": "172.16.0.9" }))), "NotRoutedOnInternet");
}

#[test]
fn rule_5_2_5_a_point_to_site_client_reaches_private_endpoints_and_needs_a_server_inside_for_their_names() {
    let mut document = with_vpn();
    document["virtualNetworkGateways"]["gateway"]["vpnClientConfiguration"] =
        json!({ "vpnClientAddressPool": ["172.20.0.0/24"], "dnsServers": ["10.0.1.4"] });
    document["internetClients"]["traveller"]["virtualNetworkGateway"] = json!("gateway");
    let trace = blob_from(&document, "traveller");
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
    let Outcome::Answered { caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!(caller.address.to_string(), "172.20.0.2", "an address of the pool");
    assert_eq!(kinds(&trace), vec![tunnel(TunnelKind::PointToSite, "traveller", "gateway"); 2]);
    let split =
        |event: &Event| matches!(event, Event::OutsideRouteSelected { hop: OutsideHop::PointToSite { .. }, .. });
    assert_eq!(places_where(&trace, split), vec![place("traveller"); 2]);
    document["virtualNetworkGateways"]["gateway"]["vpnClientConfiguration"]["dnsServers"] = json!([]);
    let trace = blob_from(&document, "traveller");
    assert_eq!(told(&trace), "public", "a public resolver knows nothing of private zones");
    let Outcome::Answered { caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!(caller.address.to_string(), "198.51.100.200", "public addresses stay outside the tunnel");
}

#[test]
fn rule_1_7_8_a_route_table_on_the_gateway_subnet_steers_what_comes_from_on_premises() {
    let mut document = with_vpn();
    document["routeTables"]["steering"] = json!({
        "subscription": "sub",
        "routes": { "spoke": { "addressPrefix": "10.1.0.0/16", "nextHopType": "None" } },
    });
    document["subnets"]["hub-gateway"]["routeTable"] = json!("steering");
    assert_eq!(
        cause(&reach(&document, "clerk", PRIVATE)),
        "Answered",
        "the policy of the endpoint's subnet is Disabled"
    );
    document["subnets"]["spoke-default"]["privateEndpointNetworkPolicies"] = json!("RouteTableEnabled");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "RouteNone");
}

#[test]
fn rule_6_4_the_tag_virtual_network_covers_what_is_learned_from_gateways() {
    let mut document = with_vpn();
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "sub" });
    document["subnets"]["spoke-default"]["networkSecurityGroup"] = json!("nsg");
    document["virtualMachines"]["client"]["services"] = json!([{ "name": "web", "port": 443 }]);
    assert_eq!(cause(&reach(&document, "clerk", "10.1.0.4")), "Answered");
    document["localNetworkGateways"]["hq-device"]["addressPrefixes"] = json!(["192.168.0.0/28"]);
    let denied = reach(&document, "clerk", "10.1.0.4");
    assert_eq!(cause(&denied), "DeniedBySecurityGroup", "192.168.0.20 is not among the stated ranges");
}

#[test]
fn rule_5_3_2_fast_path_is_a_label_and_the_step_says_what_it_could_carry() {
    let mut document = with_vpn();
    over_express_route(&mut document);
    document["connections"]["hq-vpn"]["expressRouteGatewayBypass"] = json!(true);
    let trace = reach(&document, "clerk", PRIVATE);
    assert_eq!(cause(&trace), "Answered");
    let step = trace.steps.iter().find(|step| matches!(step.event, Event::TunnelEntered { .. })).unwrap();
    assert_eq!((step.sources.as_slice(), step.assumptions.as_slice()), (&["PE-OV", "ER-FASTPATH"][..], &["A64"][..]));
}

#[test]
fn tunnels_of_every_kind_stand_side_by_side() {
    let document = full_of_tunnels();
    assert_eq!(problems(&document), []);
    for (sender, address) in
        [("clerk", PRIVATE), ("traveller", PRIVATE), ("robinson", PRIVATE), ("twin-clerk", "100.64.0.5")]
    {
        assert_eq!(cause(&reach(&document, sender, address)), "Answered", "{sender}");
    }
}

#[test]
fn of_the_same_range_learned_twice_the_one_over_express_route_is_used() {
    let mut document = with_vpn();
    document["virtualNetworkGateways"]["line-gateway"] =
        json!({ "subnet": "hub-gateway", "gatewayType": "ExpressRoute" });
    document["expressRouteCircuits"]["line"] = json!({ "subscription": "sub", "onPremisesSite": "hq" });
    document["connections"]["hq-line"] =
        json!({ "virtualNetworkGateway1": "line-gateway", "connectionType": "ExpressRoute", "peer": "line" });
    let trace = ask(&document, json!({ "from": "client", "to": "192.168.0.30" }));
    assert_eq!(kinds(&trace), [tunnel(TunnelKind::ExpressRoute, "line-gateway", "line")]);
    let routes = network(&document).effective_routes(&id("client")).unwrap();
    let learned = routes.iter().filter(|route| route.source == RouteSource::VirtualNetworkGateway);
    let states: Vec<&str> = learned.map(|route| route.state.as_str()).collect();
    assert_eq!(states, ["Active", "Invalid"]);
}

#[test]
fn a_reply_to_on_premises_needs_a_route_to_the_gateway_and_that_of_a_private_endpoint_does_not() {
    let mut document = with_vpn();
    document["virtualMachines"]["client"]["services"] = json!([{ "name": "web", "port": 443 }]);
    assert_eq!(cause(&reach(&document, "clerk", "10.1.0.4")), "Answered");
    document["routeTables"]["alone"] = json!({ "subscription": "sub", "disableBgpRoutePropagation": true });
    document["subnets"]["spoke-default"]["routeTable"] = json!("alone");
    assert_eq!(cause(&reach(&document, "clerk", "10.1.0.4")), "RouteNone");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "Answered");
}

#[test]
fn rule_9_7_a_route_on_the_gateway_subnet_sends_what_comes_from_on_premises_through_the_firewall() {
    let mut document = with_vpn();
    document["virtualMachines"]["firewall"] = json!({ "forwarding": {} });
    document["networkInterfaces"]["firewall-nic"] = json!({ "virtualMachine": "firewall", "subnet": "hub-default", "privateIPAddress": "10.0.0.9", "enableIPForwarding": true });
    document["routeTables"]["steering"] = json!({
        "subscription": "sub",
        "routes": { "endpoint": {
            "addressPrefix": "10.1.0.5/32", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.9",
        } },
    });
    document["subnets"]["hub-gateway"]["routeTable"] = json!("steering");
    assert_eq!(cause(&reach(&document, "clerk", PRIVATE)), "ForwardedTrafficNotAllowed");
    document["virtualNetworkPeerings"]["spoke-to-hub"]["allowForwardedTraffic"] = json!(true);
    let trace = reach(&document, "clerk", PRIVATE);
    assert_eq!(cause(&trace), "Answered");
    let passed = places_where(&trace, |event| matches!(event, Event::Forwarded { .. }));
    assert_eq!(passed, [place("firewall")]);
    let replied = places_where(&trace, |event| {
        matches!(event, Event::EndpointReplied { reason: ReplyReason::NoRouteOfItsOwn, .. })
    });
    assert_eq!(replied, [place("pe")], "on premises has no /32, so the reply goes through the firewall, too");
}
