//! The PROXY protocol: §2.7, bytes and all; and Direct Connect, §2.10.

use serde_json::{Value, json};
use sim::session::ProbeAnswer;
use sim::trace::{Event, Outcome};
use sim::{Session, Trace, compile, send};
use wire::proxy_v2::Header;

use super::support::{TWO_TENANTS, ask, cause, json as parse, network, read, request, status};
use super::{caller, find, id, server};

fn iis(protocol: &str) -> Value {
    json!({ "from": "client1", "to": "10.0.1.4", "protocol": protocol, "insecure": true })
}

/// The two tenants; `on` switches the header on at the service, `parses` at the listeners.
fn tenants(on: bool, parses: bool) -> Value {
    let mut document = parse(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["enableProxyProtocol"] = json!(on);
    for machine in ["iis-0", "iis-1"] {
        document["virtualMachines"][machine]["services"] = json!([
            { "name": "IIS", "port": 80, "parsesProxyProtocol": parses },
            { "name": "IIS", "port": 443, "parsesProxyProtocol": parses }
        ]);
    }
    let balancer = &mut document["loadBalancers"]["lb-iis"];
    balancer["loadBalancingRules"]["https"] = balancer["loadBalancingRules"]["http"].clone();
    for field in ["frontendPort", "backendPort"] {
        balancer["loadBalancingRules"]["https"][field] = json!(443);
    }
    document
}

/// The same without probes, so that requests reach listeners that a probe would hold to be down.
fn unprobed(on: bool, parses: bool) -> Value {
    let mut document = tenants(on, parses);
    for rule in ["http", "https"] {
        document["loadBalancers"]["lb-iis"]["loadBalancingRules"][rule].as_object_mut().unwrap().shift_remove("probe");
    }
    document
}

fn header(trace: &Trace) -> Option<Header> {
    find(trace, |step| match &step.event {
        Event::ProxyHeaderSent { header, .. } => Some(header.clone()),
        _ => None,
    })
}

#[test]
fn rule_2_7_2_the_header_names_the_client_the_endpoint_and_the_link_identifier() {
    let document = tenants(true, true);
    let trace = ask(&document, iis("HTTP"));
    let header = header(&trace).unwrap();
    let bytes = header.encode();
    let link = network(&document).link_identifier(&id("pe-iis")).unwrap();
    assert_eq!(bytes.len(), 36);
    assert_eq!(bytes[..16], [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 20]);
    assert_eq!(bytes[16..24], [10, 0, 0, 4, 10, 0, 1, 4]);
    assert_eq!((u16::from_be_bytes([bytes[24], bytes[25]]), bytes[26..28].to_vec()), (49152, vec![0, 80]));
    assert_eq!(bytes[28..32], [0xee, 0, 5, 1]);
    assert_eq!(u32::from_le_bytes([bytes[32], bytes[33], bytes[34], bytes[35]]), link);
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A12")));
}

#[test]
fn rule_2_7_6_on_and_understood_the_server_knows_the_client() {
    for protocol in ["HTTP", "HTTPS"] {
        let trace = ask(&tenants(true, true), iis(protocol));
        assert_eq!(status(&trace), Some(200), "{:?}", trace.outcome);
        assert_eq!(caller(&trace), "10.0.0.4:49152");
    }
}

#[test]
fn rule_2_7_6_off_and_not_expected_the_server_knows_the_nat_ip() {
    let trace = ask(&tenants(false, false), iis("HTTP"));
    assert_eq!((status(&trace), header(&trace)), (Some(200), None));
    assert_eq!(caller(&trace), "10.0.2.4:1024");
}

#[test]
fn rule_2_7_6_on_and_not_understood_http_answers_400_and_tls_fails() {
    let trace = ask(&unprobed(true, false), iis("HTTP"));
    assert_eq!(status(&trace), Some(400));
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A13")));
    assert_eq!(cause(&ask(&unprobed(true, false), iis("HTTPS"))), "TlsHandshakeFailed");
}

#[test]
fn rule_2_7_6_off_and_expected_the_server_resets() {
    for protocol in ["HTTP", "HTTPS", "TCP"] {
        assert_eq!(cause(&ask(&unprobed(false, true), iis(protocol))), "ProxyHeaderMissing", "{protocol}");
    }
}

#[test]
fn m27_after_switching_it_on_the_probes_fail_and_with_them_every_backend() {
    let before = network(&tenants(false, false));
    let mut session = Session::new();
    let question = request(iis("HTTP"));
    assert_eq!(status(&send(&before, &mut session, &question)), Some(200));
    let after = network(&tenants(true, false));
    session.observe(&after);
    assert_eq!(status(&send(&after, &mut session, &question)), Some(400), "before the probes have noticed");
    session.advance(5);
    let trace = send(&after, &mut session, &question);
    assert_eq!(cause(&trace), "NoHealthyBackend");
    let answer = find(&trace, |step| match &step.event {
        Event::ProbeFailed { answer, .. } => Some(answer.clone()),
        _ => None,
    });
    assert_eq!(answer, Some(ProbeAnswer::HeaderNotUnderstood { service: id("pls-iis") }));
}

#[test]
fn rule_2_7_4_probes_carry_the_header_as_well() {
    let answers = |on, parses| {
        let document = tenants(on, parses);
        let compiled = network(&document);
        let held = Session::new().backend_probes(&compiled, &id("lb-iis"));
        held.iter().map(|probe| probe.answer.clone()).next().unwrap()
    };
    assert_eq!(answers(true, true), ProbeAnswer::Up);
    assert_eq!(answers(false, false), ProbeAnswer::Up);
    assert_eq!(answers(true, false), ProbeAnswer::HeaderNotUnderstood { service: id("pls-iis") });
    assert_eq!(answers(false, true), ProbeAnswer::HeaderMissing);
}

#[test]
fn rule_2_7_5_one_service_switches_the_probes_of_the_whole_load_balancer() {
    let mut document = tenants(true, true);
    let balancer = &mut document["loadBalancers"]["lb-iis"];
    balancer["frontendIPConfigurations"]["second"] = json!({ "subnet": "web" });
    balancer["backendAddressPools"]["plain"] = json!({ "networkInterfaces": ["plain-nic"] });
    let mut rule = balancer["loadBalancingRules"]["http"].clone();
    rule["frontendIPConfiguration"] = json!("second");
    rule["backendAddressPool"] = json!("plain");
    balancer["loadBalancingRules"]["plain"] = rule;
    document["virtualMachines"]["plain"] = json!({ "services": [{ "name": "nginx", "port": 80 }] });
    document["networkInterfaces"]["plain-nic"] = json!({ "virtualMachine": "plain", "subnet": "web" });
    document["privateLinkServices"]["pls-plain"] = json!({
        "loadBalancerFrontendIpConfigurations": ["lb-iis/second"], "ipConfigurations": [{ "subnet": "nat" }]
    });
    let mut endpoint = document["privateEndpoints"]["pe-iis"].clone();
    endpoint["manualPrivateLinkServiceConnections"][0]["privateLinkServiceId"] = json!("pls-plain");
    document["privateEndpoints"]["pe-plain"] = endpoint;
    assert_eq!(compile(&read(&document)).1, []);
    let plain = json!({ "from": "client1", "to": "10.0.1.5" });
    assert_eq!(status(&ask(&document, iis("HTTP"))), Some(200));
    assert_eq!(cause(&ask(&document, plain.clone())), "NoHealthyBackend", "nobody touched this service");
    document["privateLinkServices"]["pls-plain"]["enableProxyProtocol"] = json!(true);
    document["virtualMachines"]["plain"]["services"][0]["parsesProxyProtocol"] = json!(true);
    let trace = ask(&document, plain);
    assert_eq!((status(&trace), caller(&trace).as_str()), (Some(200), "10.0.0.4:49152"));
}

#[test]
fn rule_2_7_8_datagrams_carry_no_header() {
    let mut document = tenants(true, true);
    for machine in ["iis-0", "iis-1"] {
        let services = document["virtualMachines"][machine]["services"].as_array_mut().unwrap();
        services.push(json!({ "name": "game", "protocol": "Udp", "port": 7777 }));
    }
    document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["game"] = json!({
        "frontendIPConfiguration": "frontend", "backendAddressPool": "iis", "protocol": "Udp",
        "frontendPort": 7777, "backendPort": 7777
    });
    let trace = ask(&document, json!({ "from": "client1", "to": "10.0.1.4", "protocol": "UDP", "port": 7777 }));
    assert!(matches!(trace.outcome, Outcome::Answered { .. }) && header(&trace).is_none());
}

// Direct Connect

fn direct(destination: &str) -> Value {
    let mut document = parse(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"] = json!({
        "destinationIPAddress": destination, "ipConfigurations": [{ "subnet": "nat" }, { "subnet": "nat" }]
    });
    document
}

#[test]
fn rule_2_10_direct_connect_leads_to_an_address_without_a_load_balancer() {
    let document = direct("10.0.0.5");
    let trace = ask(&document, iis("HTTP"));
    assert_eq!((status(&trace), server(&trace).as_deref()), (Some(200), Some("iis-1")));
    assert!(caller(&trace).starts_with("10.0.2."));
    assert!(!trace.steps.iter().any(|step| matches!(step.event, Event::Balanced { .. })));
    assert_eq!(network(&document).nat_capacity(&id("pls-iis")), 128_000, "two NAT IPs, one destination");
}

#[test]
fn rule_2_10_direct_connect_follows_the_routes_of_its_network_and_never_to_an_endpoint() {
    let mut document = direct("10.5.0.4");
    assert_eq!(cause(&ask(&document, iis("HTTP"))), "RouteNone");
    document["virtualNetworks"]["far"] = json!({ "subscription": "provider-01", "addressPrefixes": ["10.5.0.0/16"] });
    document["subnets"]["far-subnet"] = json!({ "virtualNetwork": "far", "addressPrefix": "10.5.0.0/24" });
    document["virtualMachines"]["far-vm"] = json!({ "services": [{ "name": "nginx", "port": 80 }] });
    document["networkInterfaces"]["far-nic"] = json!({ "virtualMachine": "far-vm", "subnet": "far-subnet" });
    for (name, from, to) in [("out", "msdn-vnet", "far"), ("in", "far", "msdn-vnet")] {
        document["virtualNetworkPeerings"][name] = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
    }
    assert_eq!(server(&ask(&document, iis("HTTP"))).as_deref(), Some("far-vm"), "a peered network");
    let mut to_endpoint = direct("10.0.0.50");
    to_endpoint["privateEndpoints"]["near"] = json!({ "subnet": "web", "privateIPAddress": "10.0.0.50" });
    assert_eq!(cause(&ask(&to_endpoint, iis("HTTP"))), "AddressUnused");
}
