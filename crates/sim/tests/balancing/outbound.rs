//! The way out to the Internet, and in from it: §7.1.4 and §7.6.

use serde_json::{Value, json};
use sim::trace::{DropCause, Event, Outcome};
use sim::{Place, Session, send};

use super::support::{ask, cause, network, request, status};
use super::{caller, farm, find, id, open_web, public_farm, server, to};

/// A second network with a machine that anyone may ask, at a public address of its own.
fn with_site(mut document: Value) -> Value {
    document["virtualNetworks"]["site"] = json!({ "subscription": "sub", "addressPrefixes": ["10.9.0.0/24"] });
    document["subnets"]["site"] =
        json!({ "virtualNetwork": "site", "addressPrefix": "10.9.0.0/24", "networkSecurityGroup": "open" });
    document["virtualMachines"]["site"] = json!({ "services": [{ "name": "nginx", "port": 80 }] });
    document["publicIPAddresses"]["site-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.9" });
    document["networkInterfaces"]["site-nic"] =
        json!({ "virtualMachine": "site", "subnet": "site", "publicIPAddress": "site-ip" });
    open_web(&mut document);
    document
}

const SITE: &str = "198.51.100.9";

fn out(from: &str) -> Value {
    json!({ "from": from, "to": SITE })
}

fn outbound_rule(document: &mut Value, ports: u32) {
    document["loadBalancers"]["lb"]["outboundRules"]["out"] = json!({
        "frontendIPConfigurations": ["front"], "backendAddressPool": "pool", "allocatedOutboundPorts": ports
    });
}

#[test]
fn rule_7_6_1_an_own_public_address_comes_before_the_nat_gateway_the_outbound_rule_and_the_default() {
    let mut document = with_site(public_farm());
    document["publicIPAddresses"]["own-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.1" });
    document["publicIPAddresses"]["nat-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.2" });
    document["natGateways"]["gateway"] = json!({ "subscription": "sub", "publicIpAddresses": ["nat-ip"] });
    document["subnets"]["web"]["natGateway"] = json!("gateway");
    document["networkInterfaces"]["web-0-nic"]["publicIPAddress"] = json!("own-ip");
    outbound_rule(&mut document, 0);
    let seen = |document: &Value| caller(&ask(document, out("web-0"))).split(':').next().unwrap().to_owned();
    assert_eq!(seen(&document), "198.51.100.1");
    let both = ask(&document, out("web-0"));
    assert!(both.steps.iter().any(|step| step.assumptions.contains(&"A72")));
    document["networkInterfaces"]["web-0-nic"].as_object_mut().unwrap().shift_remove("publicIPAddress");
    assert_eq!(seen(&document), "198.51.100.2");
    document["subnets"]["web"].as_object_mut().unwrap().shift_remove("natGateway");
    assert_eq!(seen(&document), "198.51.100.77");
    document["loadBalancers"] = json!({});
    assert!(seen(&document).starts_with("203.0.113."), "the default is an address of Azure's own");
}

#[test]
fn rule_7_6_1_behind_only_an_internal_load_balancer_there_is_no_way_out() {
    let document = with_site(farm());
    let trace = ask(&document, out("web-0"));
    let Outcome::Dropped { cause: DropCause::BehindLoadBalancer { balancer }, .. } = &trace.outcome else {
        panic!("{:?}", trace.outcome)
    };
    assert_eq!(balancer, &id("lb"));
    assert_eq!(cause(&ask(&document, out("client"))), "Answered", "its neighbour leaves by default");
}

#[test]
fn rule_7_6_1_a_subnet_without_default_outbound_access_is_opened_by_any_explicit_way_out() {
    let mut document = with_site(farm());
    document["subnets"]["clients"]["defaultOutboundAccess"] = json!(false);
    assert_eq!(cause(&ask(&document, out("client"))), "NoOutboundAccess");
    document["publicIPAddresses"]["nat-ip"] = json!({ "subscription": "sub" });
    document["natGateways"]["gateway"] = json!({ "subscription": "sub", "publicIpAddresses": ["nat-ip"] });
    document["subnets"]["clients"]["natGateway"] = json!("gateway");
    let trace = ask(&document, out("client"));
    let compiled = network(&document);
    assert_eq!(
        caller(&trace).split(':').next(),
        compiled.address_of(&id("nat-ip")).map(|ip| ip.to_string()).as_deref()
    );
    let place = find(&trace, |step| matches!(step.event, Event::SourceTranslated { .. }).then(|| step.at.clone()));
    assert_eq!(place, Some(Place::Resource(id("gateway"))));
}

#[test]
fn rule_7_6_1_a_rule_with_disable_outbound_snat_lends_its_frontend_to_nobody() {
    let mut document = with_site(public_farm());
    assert!(caller(&ask(&document, out("web-0"))).starts_with("198.51.100.77:"), "the frontend is shared");
    document["loadBalancers"]["lb"]["loadBalancingRules"]["http"]["disableOutboundSnat"] = json!(true);
    assert_eq!(cause(&ask(&document, out("web-0"))), "BehindLoadBalancer");
    outbound_rule(&mut document, 0);
    assert!(caller(&ask(&document, out("web-0"))).starts_with("198.51.100.77:"));
}

#[test]
fn rule_7_6_2_each_machine_has_ports_of_its_own_and_no_more() {
    let mut document = with_site(public_farm());
    outbound_rule(&mut document, 8);
    let compiled = network(&document);
    let mut session = Session::new();
    let mut ports = |machine: &str, n: usize| -> Vec<String> {
        (0..n).map(|_| caller(&send(&compiled, &mut session, &request(out(machine))))).collect()
    };
    let (first, second) = (ports("web-0", 8), ports("web-1", 8));
    assert_eq!((first[0].as_str(), second[0].as_str()), ("198.51.100.77:1024", "198.51.100.77:1032"));
    assert!(first.iter().all(|caller| !second.contains(caller)));
    assert_eq!(cause(&send(&compiled, &mut session, &request(out("web-0")))), "SnatPortsExhausted");
    session.advance(240);
    assert_eq!(cause(&send(&compiled, &mut session, &request(out("web-0")))), "Answered", "idle ports are free again");
}

#[test]
fn rule_7_1_4_a_public_frontend_is_closed_until_a_security_group_opens_it() {
    let document = public_farm();
    let trace = ask(&document, to("198.51.100.77"));
    assert_eq!(status(&trace), Some(200), "{:?}", trace.outcome);
    assert!(server(&trace).unwrap().starts_with("web-"));
    assert!(caller(&trace).starts_with("203.0.113."), "the server sees the client's public address");
    let mut without = document.clone();
    without["subnets"]["web"].as_object_mut().unwrap().shift_remove("networkSecurityGroup");
    assert_eq!(cause(&ask(&without, to("198.51.100.77"))), "ClosedByDefault");
    let mut denying = document;
    denying["networkSecurityGroups"]["open"]["securityRules"] = json!({});
    assert_eq!(cause(&ask(&denying, to("198.51.100.77"))), "DeniedBySecurityGroup");
    assert_eq!(cause(&ask(&farm(), to("10.0.0.100"))), "Answered", "an internal frontend needs no group");
}

#[test]
fn rule_7_1_1_a_client_on_the_internet_reaches_a_public_frontend_and_is_seen_as_itself() {
    let mut document = public_farm();
    document["internetClients"]["laptop"] = json!({ "publicIPAddress": "192.0.2.7" });
    let trace = ask(&document, json!({ "from": "laptop", "to": "198.51.100.77" }));
    assert_eq!(status(&trace), Some(200), "{:?}", trace.outcome);
    assert!(caller(&trace).starts_with("192.0.2.7:"));
}

#[test]
fn rule_7_1_4_a_machines_own_public_address_is_closed_as_well() {
    let mut document = with_site(farm());
    let trace = ask(&document, out("client"));
    assert_eq!((status(&trace), server(&trace).as_deref()), (Some(200), Some("site")));
    document["subnets"]["site"].as_object_mut().unwrap().shift_remove("networkSecurityGroup");
    assert_eq!(cause(&ask(&document, out("client"))), "ClosedByDefault");
}

#[test]
fn rule_7_6_1_a_nat_gateway_lets_nothing_in() {
    let mut document = farm();
    document["publicIPAddresses"]["nat-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.2" });
    document["publicIPAddresses"]["spare"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.3" });
    document["natGateways"]["gateway"] = json!({ "subscription": "sub", "publicIpAddresses": ["nat-ip"] });
    assert_eq!(cause(&ask(&document, to("198.51.100.2"))), "PortNotServed");
    assert_eq!(cause(&ask(&document, to("198.51.100.3"))), "AddressUnused");
}
