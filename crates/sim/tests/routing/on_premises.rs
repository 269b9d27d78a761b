//! From a site through a gateway and an appliance: the routes of the `GatewaySubnet` (9.7, 1.7.8).

use serde_json::{Value, json};
use sim::Trace;
use sim::trace::{Event, ReplyReason};

use super::support::{ask, cause};
use super::{appliance, by_address, chosen, hub_and_spokes, places, policy, route};

/// The hub's VPN gateway, used by both spokes, and a site with one machine at 172.20.0.10 that serves port 80, too.
fn with_site() -> Value {
    let mut document = hub_and_spokes();
    document["subnets"]["hub-gateway"] =
        json!({ "virtualNetwork": "hub", "name": "GatewaySubnet", "addressPrefix": "10.0.255.0/27" });
    document["virtualNetworkGateways"]["gateway"] = json!({ "subnet": "hub-gateway" });
    document["onPremisesSites"]["plant"] = json!({ "addressPrefixes": ["172.20.0.0/16"] });
    document["onPremisesHosts"]["clerk"] = json!({
        "onPremisesSite": "plant", "ipAddress": "172.20.0.10", "services": [{ "name": "web", "port": 80 }]
    });
    document["localNetworkGateways"]["device"] =
        json!({ "subscription": "subscription", "onPremisesSite": "plant", "addressPrefixes": ["172.20.0.0/16"] });
    document["connections"]["vpn"] = json!({ "virtualNetworkGateway1": "gateway", "localNetworkGateway2": "device" });
    for spoke in ["spoke1", "spoke2"] {
        document["virtualNetworkPeerings"][format!("hub-to-{spoke}")]["allowGatewayTransit"] = json!(true);
        document["virtualNetworkPeerings"][format!("{spoke}-to-hub")]["useRemoteGateways"] = json!(true);
    }
    appliance(&mut document, "nva", json!({}));
    document
}

fn reason(trace: &Trace) -> Option<ReplyReason> {
    trace.steps.iter().find_map(|step| match step.event {
        Event::EndpointReplied { reason, .. } => Some(reason),
        _ => None,
    })
}

#[test]
fn without_routes_of_its_own_the_gateway_sends_straight_to_the_endpoint() {
    for to in ["10.0.1.4", "10.1.1.4"] {
        let trace = ask(&with_site(), by_address("clerk", to));
        assert_eq!(cause(&trace), "Answered", "{to}");
        assert_eq!(chosen(&trace), [format!("gateway: Default Active {to}/32 InterfaceEndpoint")]);
    }
}

#[test]
fn rule_1_7_8_a_route_of_the_gateway_subnet_steers_sites_through_a_firewall() {
    let mut document = with_site();
    route(&mut document, "hub-gateway", &[("10.0.1.4/32", "10.0.2.4")]);
    let trace = ask(&document, by_address("clerk", "10.0.1.4"));
    assert_eq!(chosen(&trace)[0], "gateway: User Active 10.0.1.4/32 VirtualAppliance 10.0.2.4");
    assert!(places(&trace).contains(&"nva".into()));
    let mut document = with_site();
    route(&mut document, "hub-gateway", &[("10.0.0.0/16", "10.0.2.4")]);
    assert!(!places(&ask(&document, by_address("clerk", "10.0.1.4"))).contains(&"nva".into()));
    policy(&mut document, "hub-endpoints", "RouteTableEnabled");
    assert!(places(&ask(&document, by_address("clerk", "10.0.1.4"))).contains(&"nva".into()));
}

#[test]
fn rule_1_8_2_a_site_needs_no_snat_wherever_the_endpoint_is() {
    for (n, subnet) in [(0, "hub"), (1, "spoke1")] {
        let mut document = with_site();
        let to = format!("10.{n}.1.4");
        route(&mut document, "hub-gateway", &[(&format!("{to}/32"), "10.0.2.4")]);
        let trace = ask(&document, by_address("clerk", &to));
        assert_eq!((cause(&trace), reason(&trace)), ("Answered", Some(ReplyReason::NoRouteOfItsOwn)), "{subnet}");
        document["returnPath"] = json!("Documented");
        assert_eq!(cause(&ask(&document, by_address("clerk", &to))), "AsymmetricReturn", "{subnet}");
        appliance(&mut document, "nva", json!({ "snat": "Always" }));
        assert_eq!(cause(&ask(&document, by_address("clerk", &to))), "Answered", "{subnet}");
    }
}

#[test]
fn a_machine_s_reply_to_a_site_goes_past_the_firewall_unless_its_own_routes_name_it() {
    let mut document = with_site();
    route(&mut document, "hub-gateway", &[("10.1.0.0/16", "10.0.2.4")]);
    let there = by_address("clerk", "10.1.0.4");
    assert_eq!(cause(&ask(&document, there.clone())), "AsymmetricReturn");
    route(&mut document, "spoke1-vms", &[("172.20.0.0/16", "10.0.2.4")]);
    let trace = ask(&document, there);
    assert_eq!(cause(&trace), "Answered");
    assert_eq!(places(&trace).iter().filter(|place| *place == "nva").count(), 2);
}

#[test]
fn a_site_s_reply_goes_through_the_firewall_only_by_a_route_of_the_gateway_subnet() {
    let mut document = with_site();
    route(&mut document, "spoke1-vms", &[("172.20.0.0/16", "10.0.2.4")]);
    let there = by_address("spoke1-vm", "172.20.0.10");
    assert_eq!(cause(&ask(&document, there.clone())), "AsymmetricReturn");
    route(&mut document, "hub-gateway", &[("10.1.0.0/16", "10.0.2.4")]);
    let trace = ask(&document, there);
    assert_eq!(cause(&trace), "Answered");
    assert_eq!(places(&trace).iter().filter(|place| *place == "nva").count(), 2);
}

#[test]
fn rule_4_3_1_without_propagation_there_is_no_way_back_to_a_site() {
    let mut document = with_site();
    route(&mut document, "spoke1-vms", &[]);
    document["routeTables"]["spoke1-vms-routes"]["disableBgpRoutePropagation"] = json!(true);
    let trace = ask(&document, by_address("clerk", "10.1.0.4"));
    assert_eq!(cause(&trace), "RouteNone");
    assert_eq!(places(&trace).last().unwrap(), "spoke1-vm");
}
