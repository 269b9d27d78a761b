//! Rules and who takes a flow: §7.1, §7.2, §7.5, §7.7, and UDP (dispute D2).

use proptest::prelude::*;
use serde_json::{Value, json};
use sim::trace::{DropCause, Event, Outcome, PathKind};
use sim::{Place, Session, Trace, send};

use super::support::{TWO_TENANTS, ask, cause, json as parse, network, request, status};
use super::{caller, farm, find, id, public_farm, server, to};

fn front() -> Value {
    to("10.0.0.100")
}

fn rule(document: &mut Value) -> &mut Value {
    &mut document["loadBalancers"]["lb"]["loadBalancingRules"]["http"]
}

#[test]
fn rule_7_1_5_the_backend_sees_the_client_and_the_client_the_frontend() {
    let trace = ask(&farm(), front());
    assert!(caller(&trace).starts_with("10.0.1.4:"));
    let remote = find(&trace, |step| match step.event {
        Event::Connected { remote, .. } => Some(remote.to_string()),
        _ => None,
    });
    assert_eq!(remote.as_deref(), Some("10.0.0.100:80"));
}

#[test]
fn rule_7_1_6_a_frontend_takes_only_what_a_rule_says() {
    let mut document = farm();
    assert_eq!(
        cause(&ask(&document, json!({ "from": "client", "to": "10.0.0.100", "port": 22 }))),
        "NoLoadBalancingRule"
    );
    let udp = json!({ "from": "client", "to": "10.0.0.100", "protocol": "UDP", "port": 80 });
    assert_eq!(cause(&ask(&document, udp)), "NoLoadBalancingRule", "a TCP rule takes no datagram");
    rule(&mut document)["frontendIPConfiguration"] = json!("other");
    assert_eq!(cause(&ask(&document, front())), "NoLoadBalancingRule");
}

#[test]
fn rule_7_1_3_a_udp_rule_carries_datagrams_and_their_answers() {
    let mut document = farm();
    for machine in ["web-0", "web-1"] {
        document["virtualMachines"][machine]["services"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "syslog", "protocol": "Udp", "port": 5140 }));
    }
    document["loadBalancers"]["lb"]["loadBalancingRules"]["syslog"] = json!({
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "probe": "http",
        "protocol": "Udp", "frontendPort": 514, "backendPort": 5140
    });
    let question = json!({ "from": "client", "to": "10.0.0.100", "protocol": "UDP", "port": 514 });
    let trace = ask(&document, question);
    assert!(matches!(trace.outcome, Outcome::Answered { path: PathKind::Private, response: None, .. }));
    let Event::DatagramAnswered { remote, .. } = &trace.steps.last().unwrap().event else { panic!("{trace:?}") };
    assert_eq!(remote.to_string(), "10.0.0.100:514");
    document["virtualMachines"] = json!({ "web-0": {}, "web-1": {}, "client": {} });
    let direct = json!({ "from": "client", "to": "10.0.0.4", "protocol": "UDP", "port": 5140 });
    assert_eq!(cause(&ask(&document, direct)), "PortNotServed", "nobody tells the sender");
}

#[test]
fn dispute_d2_private_link_carries_udp() {
    let mut document = parse(TWO_TENANTS);
    for machine in ["iis-0", "iis-1"] {
        document["virtualMachines"][machine]["services"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "game", "protocol": "Udp", "port": 7777 }));
    }
    document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["game"] = json!({
        "frontendIPConfiguration": "frontend", "backendAddressPool": "iis", "protocol": "Udp",
        "frontendPort": 7777, "backendPort": 7777
    });
    let trace = ask(&document, json!({ "from": "client1", "to": "10.0.1.4", "protocol": "UDP", "port": 7777 }));
    assert_eq!(caller(&trace), "10.0.2.4:1024");
}

#[test]
fn rule_7_2_1_two_and_three_tuples_stick_to_the_source_address() {
    let backends = |distribution: &str| {
        let mut document = farm();
        rule(&mut document)["loadDistribution"] = json!(distribution);
        let compiled = network(&document);
        let mut session = Session::new();
        let servers = (0..30).map(|_| server(&send(&compiled, &mut session, &request(front()))).unwrap());
        servers.collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!((backends("SourceIP"), backends("SourceIPProtocol"), backends("Default")), (1, 1, 2));
}

#[test]
fn rule_2_3_5_behind_a_private_link_service_source_affinity_sticks_to_the_nat_ip() {
    let mut document = parse(TWO_TENANTS);
    document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"]["loadDistribution"] = json!("SourceIP");
    let compiled = network(&document);
    let mut session = Session::new();
    let question = request(json!({ "from": "client1", "to": "10.0.1.4" }));
    let servers: std::collections::BTreeSet<Option<String>> =
        (0..30).map(|_| server(&send(&compiled, &mut session, &question))).collect();
    assert_eq!(servers.len(), 1);
}

#[test]
fn rule_7_1_2_a_pool_by_address_balances_as_one_by_network_interface() {
    let mut document = farm();
    document["loadBalancers"]["lb"]["backendAddressPools"]["pool"] = json!({
        "virtualNetwork": "vnet",
        "loadBalancerBackendAddresses": { "a": { "ipAddress": "10.0.0.4" }, "b": { "ipAddress": "10.0.0.5" } }
    });
    let compiled = network(&document);
    let mut session = Session::new();
    let servers: std::collections::BTreeSet<Option<String>> =
        (0..30).map(|_| server(&send(&compiled, &mut session, &request(front())))).collect();
    assert_eq!(servers.len(), 2);
}

#[test]
fn rule_7_5_1_with_a_floating_ip_the_guest_needs_the_frontends_address() {
    let mut document = farm();
    rule(&mut document)["enableFloatingIP"] = json!(true);
    let trace = ask(&document, front());
    assert_eq!(cause(&trace), "FloatingAddressMissing");
    for machine in ["web-0", "web-1"] {
        document["virtualMachines"][machine]["loopbackAddresses"] = json!(["10.0.0.100"]);
    }
    let trace = ask(&document, front());
    assert_eq!(status(&trace), Some(200));
    let arrived = find(&trace, |step| match step.event {
        Event::GuestAccepted { socket, .. } => Some(socket.to_string()),
        _ => None,
    });
    assert_eq!(arrived.as_deref(), Some("10.0.0.100:80"), "the packet is still for the frontend");
}

#[test]
fn rule_7_5_2_ha_ports_take_every_port_and_keep_it() {
    let mut document = farm();
    document["virtualMachines"]["web-0"]["services"] =
        json!([{ "name": "nginx", "port": 80 }, { "name": "x", "port": 9000 }]);
    document["virtualMachines"]["web-1"]["services"] = document["virtualMachines"]["web-0"]["services"].clone();
    document["loadBalancers"]["lb"]["loadBalancingRules"] = json!({ "ha": {
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "probe": "http",
        "protocol": "All", "frontendPort": 0, "backendPort": 0
    } });
    let trace = ask(&document, json!({ "from": "client", "to": "10.0.0.100", "port": 9000 }));
    assert_eq!(status(&trace), Some(200));
    let refused = ask(&document, json!({ "from": "client", "to": "10.0.0.100", "port": 9001 }));
    assert_eq!(cause(&refused), "ConnectionRefused");
}

#[test]
fn rule_7_5_3_an_inbound_nat_rule_leads_one_port_to_one_machine() {
    let mut document = farm();
    document["virtualMachines"]["web-1"]["services"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "sshd", "port": 22 }));
    document["loadBalancers"]["lb"]["inboundNatRules"]["ssh"] = json!({
        "frontendIPConfiguration": "front", "protocol": "Tcp", "frontendPort": 2201, "backendPort": 22,
        "backendIPConfiguration": "web-1-nic"
    });
    let question = json!({ "from": "client", "to": "10.0.0.100", "protocol": "TCP", "port": 2201 });
    let trace = ask(&document, question);
    assert_eq!(server(&trace).as_deref(), Some("web-1"));
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::NatRuleApplied { .. })));
}

#[test]
fn rule_7_5_3_a_nat_rule_for_a_pool_gives_each_member_a_port_of_the_range() {
    let mut document = farm();
    document["loadBalancers"]["lb"]["inboundNatRules"]["web"] = json!({
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "backendPort": 80,
        "frontendPortRangeStart": 8000, "frontendPortRangeEnd": 8001
    });
    let at =
        |port: u16| ask(&document, json!({ "from": "client", "to": "10.0.0.100", "protocol": "TCP", "port": port }));
    assert_eq!((server(&at(8000)).as_deref(), server(&at(8001)).as_deref()), (Some("web-0"), Some("web-1")));
    assert_eq!(cause(&at(8002)), "NoLoadBalancingRule");
}

#[test]
fn m32_a_member_that_asks_its_own_internal_frontend_fails_now_and_then() {
    let compiled = network(&farm());
    let mut session = Session::new();
    let question = request(json!({ "from": "web-0", "to": "10.0.0.100" }));
    let traces: Vec<Trace> = (0..40).map(|_| send(&compiled, &mut session, &question)).collect();
    let (failed, worked): (Vec<&Trace>, Vec<&Trace>) = traces.iter().partition(|trace| status(trace).is_none());
    assert!(failed.len() > 5 && worked.len() > 5, "{} failed", failed.len());
    for trace in failed {
        let Outcome::Dropped { cause: DropCause::Hairpin { healthy, .. }, at } = &trace.outcome else { panic!() };
        assert_eq!((*healthy, at), (2, &Place::Resource(id("web-0"))));
    }
    for trace in worked {
        assert_eq!(server(trace).as_deref(), Some("web-1"));
        assert!(trace.steps.iter().any(|step| step.event == Event::HairpinPossible { healthy: 2 }));
    }
    let outsider = ask(&farm(), front());
    assert!(!outsider.steps.iter().any(|step| matches!(step.event, Event::HairpinPossible { .. })));
}

#[test]
fn rule_7_7_1_a_private_endpoint_in_front_of_the_same_load_balancer_avoids_the_hairpin() {
    let mut document = farm();
    document["subnets"]["web"]["privateLinkServiceNetworkPolicies"] = json!("Disabled");
    document["privateLinkServices"]["pls"] = json!({
        "loadBalancerFrontendIpConfigurations": ["lb/front"], "ipConfigurations": [{ "subnet": "web" }]
    });
    document["privateEndpoints"]["pe"] = json!({
        "subnet": "clients", "privateIPAddress": "10.0.1.200",
        "privateLinkServiceConnections": [{
            "privateLinkServiceId": "pls", "privateLinkServiceConnectionState": { "status": "Approved" }
        }]
    });
    let compiled = network(&document);
    let mut session = Session::new();
    let question = request(json!({ "from": "web-0", "to": "10.0.1.200" }));
    let servers: std::collections::BTreeSet<Option<String>> =
        (0..40).map(|_| server(&send(&compiled, &mut session, &question))).collect();
    assert_eq!(servers, [Some("web-0".to_owned()), Some("web-1".to_owned())].into());
}

#[test]
fn m31_a_public_frontend_behind_a_group_that_denies_the_probe_is_unreachable_only_through_the_load_balancer() {
    let mut document = public_farm();
    document["networkSecurityGroups"]["open"]["securityRules"]["deny-all"] = json!({
        "priority": 200, "direction": "Inbound", "access": "Deny", "protocol": "*",
        "sourceAddressPrefix": "AzureLoadBalancer", "sourcePortRange": "*",
        "destinationAddressPrefix": "*", "destinationPortRange": "*"
    });
    let trace = ask(&document, to("198.51.100.77"));
    assert_eq!(cause(&trace), "NoHealthyBackend");
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::ProbeDenied { .. })));
    assert_eq!(status(&ask(&document, to("10.0.0.4"))), Some(200));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn rule_7_2_2_the_same_tuple_and_the_same_healthy_members_give_the_same_backend(
        down in proptest::collection::vec(any::<bool>(), 5),
        sent_before in 0_usize..20,
    ) {
        let mut document = farm();
        let mut members = Vec::new();
        for (n, down) in down.iter().enumerate() {
            let (machine, interface) = (format!("m-{n}"), format!("m-{n}-nic"));
            document["virtualMachines"][&machine] =
                json!({ "services": [{ "name": "nginx", "port": 80, "stopped": down }] });
            document["networkInterfaces"][&interface] = json!({ "virtualMachine": machine, "subnet": "web" });
            members.push(interface);
        }
        document["loadBalancers"]["lb"]["backendAddressPools"]["pool"]["networkInterfaces"] = json!(members);
        let compiled = network(&document);
        let mut session = Session::new();
        for _ in 0..sent_before {
            let trace = send(&compiled, &mut session, &request(front()));
            prop_assert!(!trace.steps.is_empty());
        }
        // A checkpoint sends from the same port again; long after, with every flow forgotten, the hash decides anew.
        let mut checkpoint = session.clone();
        checkpoint.advance(1000);
        let (now, later) = (
            send(&compiled, &mut session, &request(front())),
            send(&compiled, &mut checkpoint, &request(front())),
        );
        prop_assert_eq!(server(&now), server(&later));
        let up = down.iter().filter(|down| !**down).count();
        prop_assert_eq!(server(&now).is_some(), up > 0);
    }
}
