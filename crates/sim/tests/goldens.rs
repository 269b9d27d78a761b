//! The exact bytes of the traces of the scenarios, and the same traces as text.
//! `UPDATE_EXPECT=1 cargo test -p sim --test goldens` writes them anew.

mod support;

use expect_test::expect_file;
use serde_json::{Value, json};
use sim::Trace;
use sim::trace::PathKind;

use support::{PEERED, SERVICE_ENDPOINT, THROUGH_VPN, TWO_TENANTS, ask, json};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";
const PRIVATELINK_BLOB: &str = "rg1sto1brng1.privatelink.blob.core.windows.net";

macro_rules! check {
    ($trace:expr, $name:literal) => {{
        let trace: &Trace = $trace;
        expect_file![concat!("../../../tests/goldens/", $name, ".json")].assert_eq(&trace.to_json());
        expect_file![concat!("../../../tests/goldens/", $name, ".txt")].assert_eq(&support::text(trace));
    }};
}

fn blob(from: &str, to: &str, insecure: bool) -> Value {
    json!({ "from": from, "protocol": "HTTPS", "to": to, "path": "/test1/test.txt", "insecure": insecure })
}

fn first_request(document: &Value) -> Trace {
    ask(document, document["requests"][0].clone())
}

#[test]
fn a_client_reaches_iis_in_the_other_tenant_and_iis_sees_the_nat_ip() {
    let trace = first_request(&json(TWO_TENANTS));
    check!(&trace, "two-tenants");
    let sim::Outcome::Answered { caller, response, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!(caller.to_string(), "10.0.2.4:1024");
    assert!(response.as_ref().unwrap().body.contains("10.0.2.4"));
}

#[test]
fn the_machine_in_the_linked_network_gets_the_blob_by_the_public_name() {
    let trace = first_request(&json(PEERED));
    check!(&trace, "peered-vm1-blob");
    assert_eq!(support::status(&trace), Some(200));
}

#[test]
fn the_machine_in_the_linked_network_gets_the_blob_by_the_privatelink_name_as_with_curl_k() {
    let trace = ask(&json(PEERED), blob("rg1vm1", PRIVATELINK_BLOB, true));
    check!(&trace, "peered-vm1-blob-privatelink-name");
    assert_eq!(support::status(&trace), Some(200));
}

#[test]
fn the_machine_in_the_other_network_is_led_to_the_public_endpoint_and_refused() {
    let trace = ask(&json(PEERED), blob("rg1vm2", BLOB, false));
    check!(&trace, "peered-vm2-blob");
    assert_eq!(support::status(&trace), Some(403));
    assert!(trace.to_json().contains("52.239.170.68"));
}

#[test]
fn after_linking_the_zone_the_machine_in_the_other_network_gets_the_blob() {
    let mut document = json(PEERED);
    document["privateDnsZones"]["zone-blob"]["virtualNetworkLinks"]["linkvnet2"] =
        json!({ "virtualNetwork": "rg1vnet2" });
    let trace = ask(&document, blob("rg1vm2", BLOB, false));
    check!(&trace, "peered-vm2-blob-linked");
    assert_eq!(support::status(&trace), Some(200));
}

#[test]
fn the_machine_in_the_linked_network_reads_the_secret() {
    let document = json(PEERED);
    let trace = ask(&document, document["requests"][2].clone());
    check!(&trace, "peered-vm1-key-vault");
    assert_eq!(support::status(&trace), Some(200));
}

/// Every hop of rule 9.3: the stub, the server on premises, its conditional forwarder, the tunnel, the inbound endpoint,
/// the zone, and back; then the site's route, the gateway, the routes of its subnet, the private endpoint.
#[test]
fn a_workstation_on_premises_gets_the_blob_through_vpn_forwarder_and_resolver() {
    let document = json(THROUGH_VPN);
    let trace = first_request(&document);
    check!(&trace, "on-premises-blob");
    assert_eq!(support::status(&trace), Some(200));
    let from_outside = ask(&document, document["requests"][1].clone());
    assert_eq!(support::status(&from_outside), Some(403), "the traveller meets the firewall of the public endpoint");
}

#[test]
fn the_machine_with_the_service_endpoint_gets_the_blob_under_its_private_address() {
    let trace = first_request(&json(SERVICE_ENDPOINT));
    check!(&trace, "service-endpoint-vm1-blob");
    let sim::Outcome::Answered { path, caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((*path, caller.address.to_string().as_str()), (PathKind::ServiceEndpoint, "10.0.0.4"));
    assert_eq!(support::status(&trace), Some(200));
}

#[test]
fn the_peered_machine_without_one_comes_from_a_public_address_and_is_refused() {
    let document = json(SERVICE_ENDPOINT);
    let trace = ask(&document, document["requests"][1].clone());
    check!(&trace, "service-endpoint-vm2-blob");
    assert_eq!((trace.path(), support::status(&trace)), (Some(PathKind::Public), Some(403)));
}

#[test]
fn the_policy_keeps_the_service_endpoint_from_another_account() {
    let document = json(SERVICE_ENDPOINT);
    let trace = ask(&document, document["requests"][2].clone());
    check!(&trace, "service-endpoint-vm1-other-account");
    assert_eq!((trace.path(), support::status(&trace)), (Some(PathKind::ServiceEndpoint), Some(403)));
}

#[test]
fn the_routes_of_service_endpoints_are_those_of_the_article() {
    let mut document = json(SERVICE_ENDPOINT);
    let shown = |document: &Value, interface: &str| -> Vec<String> {
        let routes = support::network(document).effective_routes(&interface.parse().unwrap()).unwrap();
        routes.iter().map(|route| format!("{} {}", route.address_prefix, route.next_hop_type)).collect()
    };
    let before = [
        "10.0.0.0/24 VnetLocal",
        "10.1.0.0/24 VNetPeering",
        "0.0.0.0/0 Internet",
        "10.0.0.0/8 None",
        "100.64.0.0/10 None",
        "192.168.0.0/16 None",
        "25.33.80.0/20 None",
        "25.41.3.0/25 None",
    ];
    let storage = "191.239.224.0/26 VirtualNetworkServiceEndpoint";
    assert_eq!(shown(&document, "rg1vm1243"), [&before[..], &[storage]].concat());
    assert_eq!(shown(&document, "rg1vm2165")[2..], before[2..], "routes are not sent over the peering");
    assert_eq!(shown(&document, "rg1vm2165").len(), before.len());
    let endpoints = document["subnets"]["rg1vnet1-default"]["serviceEndpoints"].as_array_mut().unwrap();
    endpoints.push(json!({ "service": "Microsoft.KeyVault" }));
    let vault = "191.238.72.152/29 VirtualNetworkServiceEndpoint";
    assert_eq!(shown(&document, "rg1vm1243"), [&before[..], &[storage, vault]].concat());
    let routes = support::network(&document).effective_routes(&"rg1vm1243".parse().unwrap()).unwrap();
    let further = &routes[8].further_prefixes;
    assert_eq!(further[0].to_string(), "191.239.203.0/28");
    assert_eq!(further[24].to_string(), "13.65.107.32/28");
    assert!(further.iter().any(|prefix| prefix.to_string() == "52.239.170.68/32"));
}
