//! The exact bytes of the traces of both scenarios, and the same traces as text.
//! `UPDATE_EXPECT=1 cargo test -p sim --test goldens` writes them anew.

mod support;

use expect_test::expect_file;
use serde_json::{Value, json};
use sim::Trace;

use support::{PEERED, THROUGH_VPN, TWO_TENANTS, ask, json};

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
