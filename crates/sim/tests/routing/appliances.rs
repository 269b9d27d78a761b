//! Appliances: packets through them, their replies, and what a stateful one makes of half a connection.

use serde_json::{Value, json};
use sim::trace::{Event, Outcome, ReplyReason};
use sim::{Session, Trace, send};

use super::support::{ask, cause, network, request};
use super::{STORE, appliance, by_address, chosen, hub_and_spokes, machine, places, policy, route};

/// Spoke to spoke: each sends the other's range to the appliance in the hub.
fn spoke_to_spoke() -> Value {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({}));
    route(&mut document, "spoke1-vms", &[("10.2.0.0/16", "10.0.2.4")]);
    route(&mut document, "spoke2-vms", &[("10.1.0.0/16", "10.0.2.4")]);
    document
}

fn spoke1_to_spoke2(document: &Value) -> Trace {
    ask(document, by_address("spoke1-vm", "10.2.0.4"))
}

fn caller(trace: &Trace) -> String {
    match &trace.outcome {
        Outcome::Answered { caller, .. } => caller.address.to_string(),
        other => format!("{other:?}"),
    }
}

fn reason(trace: &Trace) -> Option<ReplyReason> {
    trace.steps.iter().find_map(|step| match step.event {
        Event::EndpointReplied { reason, .. } => Some(reason),
        _ => None,
    })
}

#[test]
fn rule_1_8_a_packet_passes_an_appliance_and_its_reply_returns_by_the_routes_of_whoever_replies() {
    let trace = spoke1_to_spoke2(&spoke_to_spoke());
    assert_eq!(
        chosen(&trace),
        [
            "spoke1-vm: User Active 10.2.0.0/16 VirtualAppliance 10.0.2.4",
            "nva: Default Active 10.2.0.0/16 VNetPeering",
            "spoke2-vm: User Active 10.1.0.0/16 VirtualAppliance 10.0.2.4",
            "nva: Default Active 10.1.0.0/16 VNetPeering",
        ]
    );
    assert_eq!(places(&trace), ["spoke1-vm", "nva", "spoke2-vm", "nva", "spoke1-vm"]);
    assert_eq!(caller(&trace), "10.1.0.4");
}

#[test]
fn m24_without_a_route_back_the_reply_is_lost_where_it_sets_out() {
    let mut document = spoke_to_spoke();
    document["subnets"]["spoke2-vms"].as_object_mut().unwrap().remove("routeTable");
    let trace = spoke1_to_spoke2(&document);
    assert_eq!(cause(&trace), "RouteNone");
    assert_eq!(places(&trace), ["spoke1-vm", "nva", "spoke2-vm"]);
}

#[test]
fn m24_peering_is_not_transitive_so_a_spoke_reaches_neither_machine_nor_endpoint_of_the_other() {
    for address in ["10.2.0.4", "10.2.1.4"] {
        let trace = ask(&hub_and_spokes(), by_address("spoke1-vm", address));
        assert_eq!(chosen(&trace), ["spoke1-vm: Default Active 10.0.0.0/8 None"]);
        assert_eq!(cause(&trace), "RouteNone");
    }
}

#[test]
fn rule_4_2_4_an_appliance_needs_ip_forwarding_on_its_interface_and_in_the_guest() {
    let mut document = spoke_to_spoke();
    document["networkInterfaces"]["nva-nic"]["enableIPForwarding"] = json!(false);
    assert_eq!(cause(&spoke1_to_spoke2(&document)), "IpForwardingDisabled");
    document["networkInterfaces"]["nva-nic"]["enableIPForwarding"] = json!(true);
    document["virtualMachines"]["nva"] = json!({});
    assert_eq!(cause(&spoke1_to_spoke2(&document)), "GuestDoesNotForward");
    document["networkInterfaces"]["nva-nic"]["enableIPForwarding"] = json!(false);
    document["virtualMachines"]["nva"] = json!({ "forwarding": { "azureFirewall": true } });
    assert_eq!(cause(&spoke1_to_spoke2(&document)), "Answered");
}

#[test]
fn rule_4_2_4_an_appliance_in_the_subnet_it_routes_loops() {
    let mut document = spoke_to_spoke();
    route(&mut document, "hub-appliances", &[("10.2.0.0/16", "10.0.2.4")]);
    assert_eq!(cause(&spoke1_to_spoke2(&document)), "RoutingLoop");
}

#[test]
fn two_appliances_that_send_to_each_other_loop() {
    let mut document = spoke_to_spoke();
    machine(&mut document, "nva2", "hub-vms", json!({}));
    appliance(&mut document, "nva2", json!({ "snat": "Always" }));
    route(&mut document, "hub-appliances", &[("10.2.0.0/16", "10.0.0.5")]);
    route(&mut document, "hub-vms", &[("10.2.0.0/16", "10.0.2.4")]);
    assert_eq!(cause(&spoke1_to_spoke2(&document)), "RoutingLoop");
}

#[test]
fn rule_4_2_4_a_next_hop_nobody_has_ends_the_request() {
    let mut document = spoke_to_spoke();
    for hop in ["10.0.2.9", "10.2.0.4", "192.0.2.1"] {
        route(&mut document, "spoke1-vms", &[("10.2.0.0/16", hop)]);
        assert_eq!(cause(&spoke1_to_spoke2(&document)), "ApplianceUnreachable", "{hop}");
    }
}

#[test]
fn a_route_to_an_appliance_that_covers_the_appliance_itself_still_reaches_it() {
    let mut document = spoke_to_spoke();
    document["virtualMachines"]["nva"]["services"] = json!([{ "name": "admin", "port": 80 }]);
    route(&mut document, "spoke1-vms", &[("10.0.0.0/16", "10.0.2.4")]);
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.2.4"))), "Answered");
}

#[test]
fn rule_1_8_1_with_snat_the_server_sees_the_appliance_and_needs_no_route_back() {
    let mut document = spoke_to_spoke();
    appliance(&mut document, "nva", json!({ "snat": "Always" }));
    document["subnets"]["spoke2-vms"].as_object_mut().unwrap().remove("routeTable");
    let trace = spoke1_to_spoke2(&document);
    assert_eq!(caller(&trace), "10.0.2.4");
    assert_eq!(places(&trace), ["spoke1-vm", "nva", "spoke2-vm", "nva", "spoke1-vm"]);
}

#[test]
fn rule_1_8_azure_firewall_network_rules_translate_public_destinations_only() {
    let mut document = spoke_to_spoke();
    appliance(&mut document, "nva", json!({ "snat": "PublicDestinations", "azureFirewall": true }));
    assert_eq!(caller(&spoke1_to_spoke2(&document)), "10.1.0.4");
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "10.0.2.4")]);
    let trace = ask(&document, by_address("spoke1-vm", "store.blob.core.windows.net"));
    assert_eq!(cause(&trace), "Answered");
    let way = places(&trace);
    assert_eq!(way[way.len() - 5..], ["spoke1-vm", "nva", STORE, "nva", "spoke1-vm"]);
}

#[test]
fn a_forwarded_packet_leaves_for_the_internet_only_with_the_appliance_s_own_address() {
    let mut document = spoke_to_spoke();
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "10.0.2.4")]);
    let blob = json!({ "from": "spoke1-vm", "to": "store.blob.core.windows.net", "protocol": "HTTPS", "path": "/" });
    let trace = ask(&document, blob);
    assert_eq!(cause(&trace), "SourceNotTranslated");
    assert_eq!(trace.steps.last().unwrap().assumptions, ["A51"]);
}

#[test]
fn m22_a_stateful_appliance_drops_a_connection_whose_reply_takes_another_way() {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({}));
    route(&mut document, "spoke1-vms", &[("10.0.0.0/24", "10.0.2.4")]);
    let there = by_address("spoke1-vm", "10.0.0.4");
    let trace = ask(&document, there.clone());
    assert_eq!(cause(&trace), "AsymmetricReturn");
    assert_eq!(chosen(&trace).last().unwrap(), "hub-vm: Default Active 10.1.0.0/16 VNetPeering");
    appliance(&mut document, "nva", json!({ "stateful": false }));
    assert_eq!(cause(&ask(&document, there.clone())), "Answered", "a plain router does not mind");
    appliance(&mut document, "nva", json!({ "snat": "Always" }));
    assert_eq!(cause(&ask(&document, there)), "Answered");
}

#[test]
fn a_stateful_appliance_drops_a_reply_to_a_request_it_has_not_seen() {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({}));
    route(&mut document, "hub-vms", &[("10.1.0.0/16", "10.0.2.4")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.0.4"));
    assert_eq!(cause(&trace), "AsymmetricReturn");
    appliance(&mut document, "nva", json!({ "stateful": false }));
    let trace = ask(&document, by_address("spoke1-vm", "10.0.0.4"));
    assert_eq!(places(&trace), ["spoke1-vm", "hub-vm", "nva", "spoke1-vm"]);
}

#[test]
fn rule_4_3_2_a_default_route_to_an_appliance_breaks_what_comes_in_from_elsewhere() {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({ "snat": "PublicDestinations" }));
    document["publicIPAddresses"]["vm-address"] =
        json!({ "subscription": "subscription", "sku": "Standard", "ipAddress": "20.50.1.1" });
    document["networkInterfaces"]["hub-vm-nic"]["publicIPAddress"] = json!("vm-address");
    document["internetClients"]["client"] = json!({});
    document["networkSecurityGroups"]["open"] = json!({ "subscription": "subscription", "securityRules": {
        "web": { "priority": 100, "direction": "Inbound", "access": "Allow", "destinationPortRange": "80" }
    } });
    document["networkInterfaces"]["hub-vm-nic"]["networkSecurityGroup"] = json!("open");
    let there = by_address("client", "20.50.1.1");
    assert_eq!(cause(&ask(&document, there.clone())), "Answered");
    route(&mut document, "hub-vms", &[("0.0.0.0/0", "10.0.2.4")]);
    assert_eq!(cause(&ask(&document, there)), "AsymmetricReturn");
}

#[test]
fn rule_5_1_6_forwarded_packets_need_allow_forwarded_traffic_at_the_receiving_peering() {
    let mut document = spoke_to_spoke();
    document["virtualNetworkPeerings"]["spoke2-to-hub"]["allowForwardedTraffic"] = json!(false);
    let trace = spoke1_to_spoke2(&document);
    assert_eq!((cause(&trace), places(&trace).last().unwrap().as_str()), ("ForwardedTrafficNotAllowed", "spoke2"));
    appliance(&mut document, "nva", json!({ "snat": "Always" }));
    let trace = spoke1_to_spoke2(&document);
    assert_eq!(cause(&trace), "Answered", "with SNAT they start in the hub");
    let mut document = spoke_to_spoke();
    document["virtualNetworkPeerings"]["spoke1-to-hub"]["allowForwardedTraffic"] = json!(false);
    let trace = spoke1_to_spoke2(&document);
    let end = (cause(&trace), places(&trace).last().unwrap().clone());
    assert_eq!(end, ("ForwardedTrafficNotAllowed", "spoke1".into()), "the reply is forwarded, too");
    for sender in ["hub-to-spoke1", "hub-to-spoke2"] {
        let mut document = spoke_to_spoke();
        document["virtualNetworkPeerings"][sender]["allowForwardedTraffic"] = json!(false);
        assert_eq!(cause(&spoke1_to_spoke2(&document)), "Answered", "{sender}");
    }
}

#[test]
fn security_groups_of_the_appliance_filter_what_it_forwards_in_both_directions() {
    for direction in ["Inbound", "Outbound"] {
        let mut document = spoke_to_spoke();
        document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "subscription", "securityRules": {
            "spokes": {
                "priority": 100, "direction": direction, "access": "Deny",
                "sourceAddressPrefix": "10.1.0.4", "destinationAddressPrefix": "10.2.0.4"
            }
        } });
        document["networkInterfaces"]["nva-nic"]["networkSecurityGroup"] = json!("nsg");
        let trace = spoke1_to_spoke2(&document);
        let end = (cause(&trace), places(&trace).last().unwrap().clone());
        assert_eq!(end, ("DeniedBySecurityGroup", "nva".into()), "{direction}");
    }
}

#[test]
fn a_guest_with_several_interfaces_sends_by_the_one_whose_subnet_holds_the_destination() {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({}));
    document["networkInterfaces"]["nva-inside"] =
        json!({ "virtualMachine": "nva", "subnet": "hub-vms", "enableIPForwarding": true });
    route(&mut document, "spoke1-vms", &[("10.0.0.0/24", "10.0.2.4")]);
    route(&mut document, "hub-vms", &[("10.1.0.0/16", "10.0.0.5")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.0.4"));
    assert_eq!(cause(&trace), "Answered");
    let forwarded = trace.steps.iter().find_map(|step| match &step.event {
        Event::Forwarded { interface, .. } => Some((interface.to_string(), step.assumptions.clone())),
        _ => None,
    });
    assert_eq!(forwarded, Some(("nva-inside".into(), vec!["A50"])));
}

/// Two appliances behind an internal load balancer at 10.0.2.100.
fn behind_a_load_balancer(rule: Value) -> Value {
    let mut document = spoke_to_spoke();
    machine(&mut document, "nva2", "hub-appliances", json!({}));
    appliance(&mut document, "nva2", json!({}));
    document["loadBalancers"]["lb"] = json!({
        "frontendIPConfigurations": { "frontend": { "subnet": "hub-appliances", "privateIPAddress": "10.0.2.100" } },
        "backendAddressPools": { "pool": { "networkInterfaces": ["nva-nic", "nva2-nic"] } },
        "loadBalancingRules": { "all": rule }
    });
    route(&mut document, "spoke1-vms", &[("10.2.0.0/16", "10.0.2.100")]);
    route(&mut document, "spoke2-vms", &[("10.1.0.0/16", "10.0.2.100")]);
    document
}

#[test]
fn rule_4_2_4_a_load_balancer_as_next_hop_needs_ha_ports_and_gives_both_directions_to_one_member() {
    let rule = |protocol: &str, port: u16| {
        json!({
            "frontendIPConfiguration": "frontend", "backendAddressPool": "pool",
            "protocol": protocol, "frontendPort": port, "backendPort": port
        })
    };
    assert_eq!(cause(&spoke1_to_spoke2(&behind_a_load_balancer(rule("Tcp", 80)))), "NoHaPortsRule");
    let compiled = network(&behind_a_load_balancer(rule("All", 0)));
    let mut session = Session::new();
    let mut members = std::collections::BTreeSet::new();
    for _ in 0..16 {
        let trace = send(&compiled, &mut session, &request(by_address("spoke1-vm", "10.2.0.4")));
        let way = places(&trace);
        assert_eq!(cause(&trace), "Answered");
        assert_eq!((way[1].as_str(), way[4].as_str()), ("lb", "lb"), "{way:?}");
        assert_eq!(way[2], way[5]);
        members.insert(way[2].clone());
    }
    assert_eq!(members.len(), 2);
}

/// Client, appliance and endpoint in these networks; the client's route names the endpoint's very address.
fn through(client: &str, endpoint: &str, forwarding: Value) -> Value {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", forwarding);
    let address =
        format!("10.{}.1.4/32", ["hub", "spoke1", "spoke2"].iter().position(|name| *name == endpoint).unwrap());
    route(&mut document, &format!("{client}-vms"), &[(&address, "10.0.2.4")]);
    document
}

fn to_endpoint(document: &Value, client: &str, endpoint: &str) -> Trace {
    let n = ["hub", "spoke1", "spoke2"].iter().position(|name| *name == endpoint).unwrap();
    ask(document, by_address(&format!("{client}-vm"), &format!("10.{n}.1.4")))
}

/// The matrix of [DMAUSER-FW], with the appliance in the hub.
const MATRIX: [(&str, &str, bool); 5] = [
    ("hub", "hub", false),
    ("spoke1", "spoke1", false),
    ("spoke1", "hub", false),
    ("spoke1", "spoke2", true),
    ("hub", "spoke2", false),
];

#[test]
fn rule_1_8_2_without_snat_only_a_network_without_a_route_to_the_endpoint_works_through_an_appliance() {
    for (client, endpoint, works) in MATRIX {
        let trace = to_endpoint(&through(client, endpoint, json!({})), client, endpoint);
        let expected = if works {
            ("Answered", Some(ReplyReason::NoRouteOfItsOwn))
        } else {
            ("AsymmetricReturn", Some(ReplyReason::RouteOfItsOwn))
        };
        assert_eq!((cause(&trace), reason(&trace)), expected, "{client} → hub → {endpoint}");
        let replied = trace.steps.iter().find(|step| matches!(step.event, Event::EndpointReplied { .. }));
        assert_eq!(replied.unwrap().assumptions, ["A6"]);
    }
}

#[test]
fn rule_1_8_1_with_snat_every_way_through_an_appliance_works() {
    for (client, endpoint, _) in MATRIX {
        let trace = to_endpoint(&through(client, endpoint, json!({ "snat": "Always" })), client, endpoint);
        assert_eq!((cause(&trace), reason(&trace)), ("Answered", Some(ReplyReason::SourceTranslated)));
        assert_eq!(caller(&trace), "10.0.2.4");
    }
}

#[test]
fn rule_1_8_3_with_the_tag_every_way_through_an_appliance_works_without_snat() {
    for (client, endpoint, _) in MATRIX {
        let mut document = through(client, endpoint, json!({}));
        document["networkInterfaces"]["nva-nic"]["tags"] = json!({ "disableSnatOnPL": "true" });
        let trace = to_endpoint(&document, client, endpoint);
        assert_eq!((cause(&trace), reason(&trace)), ("Answered", Some(ReplyReason::Tagged)));
    }
    let mut document = through("hub", "hub", json!({}));
    document["networkInterfaces"]["nva-nic"]["tags"] = json!({ "disableSnatOnPL": "True" });
    assert_eq!(cause(&to_endpoint(&document, "hub", "hub")), "AsymmetricReturn", "the value is case-sensitive");
}

#[test]
fn rule_1_8_4_as_documented_nothing_works_without_snat_or_tag() {
    for (client, endpoint, _) in MATRIX {
        let mut document = through(client, endpoint, json!({}));
        document["returnPath"] = json!("Documented");
        let trace = to_endpoint(&document, client, endpoint);
        assert_eq!((cause(&trace), reason(&trace)), ("AsymmetricReturn", Some(ReplyReason::Documented)));
        appliance(&mut document, "nva", json!({ "snat": "Always" }));
        assert_eq!(cause(&to_endpoint(&document, client, endpoint)), "Answered");
    }
}

#[test]
fn m22_the_request_arrives_and_the_connection_hangs() {
    let trace = to_endpoint(&through("spoke1", "hub", json!({})), "spoke1", "hub");
    assert_eq!(places(&trace), ["spoke1-vm", "nva", "hub-pe", STORE, "hub-pe", "nva"]);
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::PlatformAccepted { .. })));
}

#[test]
fn rule_1_7_10_a_route_table_of_the_endpoint_s_subnet_does_not_steer_its_replies() {
    let mut document = through("spoke1", "spoke2", json!({}));
    route(&mut document, "spoke2-endpoints", &[("10.1.0.0/16", "None"), ("10.0.0.0/16", "None")]);
    assert_eq!(cause(&to_endpoint(&document, "spoke1", "spoke2")), "Answered");
}

#[test]
fn m20_with_the_policy_a_route_for_the_endpoint_s_network_leads_through_the_firewall() {
    let mut document = hub_and_spokes();
    appliance(&mut document, "nva", json!({ "snat": "Always", "azureFirewall": true }));
    policy(&mut document, "hub-endpoints", "RouteTableEnabled");
    route(&mut document, "spoke1-vms", &[("10.0.0.0/16", "10.0.2.4")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.1.4"));
    assert_eq!(
        chosen(&trace)[..2],
        [
            "spoke1-vm: User Active 10.0.0.0/16 VirtualAppliance 10.0.2.4",
            "nva: Default Active 10.0.1.4/32 InterfaceEndpoint",
        ]
    );
    assert_eq!(cause(&trace), "Answered");
}

#[test]
fn rule_4_3_4_the_platform_s_own_addresses_bypass_routes() {
    for address in ["168.63.129.16", "169.254.169.254"] {
        let mut document = hub_and_spokes();
        route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "None")]);
        let trace = ask(&document, by_address("spoke1-vm", address));
        assert!(matches!(trace.steps[0].event, Event::RoutesBypassed { .. }));
        assert_eq!((cause(&trace), trace.steps.len()), ("PortNotServed", 2));
    }
    let mut document = hub_and_spokes();
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "None")]);
    let resolved =
        ask(&document, json!({ "from": "spoke1-vm", "to": "store.blob.core.windows.net", "protocol": "DNS" }));
    assert!(matches!(resolved.outcome, Outcome::Resolved { .. }), "{:?}", resolved.outcome);
}

#[test]
fn a_question_to_a_dns_server_passes_appliances_too() {
    let mut document = hub_and_spokes();
    document["virtualMachines"]["hub-vm"]["dnsServer"] = json!({ "forwarders": ["168.63.129.16"] });
    document["virtualNetworks"]["spoke1"]["dnsServers"] = json!(["10.0.0.4"]);
    route(&mut document, "spoke1-vms", &[("10.0.0.0/24", "10.0.2.4")]);
    let question = json!({ "from": "spoke1-vm", "to": "store.blob.core.windows.net", "protocol": "DNS" });
    assert_eq!(cause(&ask(&document, question.clone())), "ResolverUnreachable");
    appliance(&mut document, "nva", json!({}));
    let trace = ask(&document, question);
    assert!(matches!(trace.outcome, Outcome::Resolved { .. }), "{:?}", trace.outcome);
    assert!(places(&trace).contains(&"nva".into()));
}
