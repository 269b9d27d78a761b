//! The same document and request give the same bytes in wasm, in a browser, as natively: both are compared with
//! the golden traces, byte for byte.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own data has failed")]

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const TWO_TENANTS: &str = include_str!("../../public/topologies/private-link-service-two-tenants.json");
const PEERED: &str = include_str!("../../public/topologies/storage-and-key-vault-peered.json");
const SERVICE_ENDPOINT: &str = include_str!("../../public/topologies/storage-by-service-endpoint.json");
const THROUGH_VPN: &str = include_str!("../../public/topologies/on-premises-through-vpn.json");

/// One golden trace and what gives it.
struct Case {
    name: &'static str,
    golden: &'static str,
    document: Value,
    request: Value,
}

/// A case whose golden trace is the file of that name.
macro_rules! case {
    ($name:literal, $document:expr, $request:expr) => {
        Case {
            name: $name,
            golden: include_str!(concat!("../goldens/", $name, ".json")),
            document: $document,
            request: $request,
        }
    };
}

fn cases() -> Vec<Case> {
    let (two_tenants, peered): (Value, Value) = (parsed(TWO_TENANTS), parsed(PEERED));
    let (by_endpoint, through_vpn): (Value, Value) = (parsed(SERVICE_ENDPOINT), parsed(THROUGH_VPN));
    let request = |document: &Value, index: usize| document["requests"][index].clone();
    let blob = |from: &str, to: &str, insecure: bool| json!({ "from": from, "protocol": "HTTPS", "to": to, "path": "/test1/test.txt", "insecure": insecure });
    let name = "rg1sto1brng1.blob.core.windows.net";
    let mut linked = peered.clone();
    linked["privateDnsZones"]["zone-blob"]["virtualNetworkLinks"]["linkvnet2"] =
        json!({ "virtualNetwork": "rg1vnet2" });
    let privatelink = blob("rg1vm1", "rg1sto1brng1.privatelink.blob.core.windows.net", true);
    vec![
        case!("two-tenants", two_tenants.clone(), request(&two_tenants, 0)),
        case!("peered-vm1-blob", peered.clone(), request(&peered, 0)),
        case!("peered-vm1-blob-privatelink-name", peered.clone(), privatelink),
        case!("peered-vm1-key-vault", peered.clone(), request(&peered, 2)),
        case!("peered-vm2-blob", peered.clone(), blob("rg1vm2", name, false)),
        case!("peered-vm2-blob-linked", linked, blob("rg1vm2", name, false)),
        case!("service-endpoint-vm1-blob", by_endpoint.clone(), request(&by_endpoint, 0)),
        case!("service-endpoint-vm2-blob", by_endpoint.clone(), request(&by_endpoint, 1)),
        case!("service-endpoint-vm1-other-account", by_endpoint.clone(), request(&by_endpoint, 2)),
        case!("on-premises-blob", through_vpn.clone(), request(&through_vpn, 0)),
    ]
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn trace(document: &Value, request: &Value) -> String {
    let document = topology::file::parse(&document.to_string()).unwrap();
    let request = serde_json::from_value(request.clone()).unwrap();
    let (network, _) = sim::compile(&document);
    sim::send(&network, &mut sim::Session::new(), &request).to_json()
}

#[wasm_bindgen_test(unsupported = test)]
fn every_golden_trace_comes_out_byte_for_byte() {
    for case in cases() {
        let trace = trace(&case.document, &case.request);
        assert!(trace == case.golden.trim_end(), "{} differs:\n{trace}", case.name);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_document_survives_its_link_and_gives_the_same_trace() {
    for case in cases() {
        let document = topology::file::parse(&case.document.to_string()).unwrap();
        let opened = topology::link::decode(&topology::link::encode(&document)).unwrap();
        assert_eq!(opened, document, "{}", case.name);
        let again = parsed(&topology::file::print(&opened));
        assert_eq!(trace(&again, &case.request), trace(&case.document, &case.request), "{}", case.name);
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn no_golden_trace_is_left_out() {
    let mut files: Vec<String> = std::fs::read_dir(tests::root().join("tests/goldens"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str().unwrap().strip_suffix(".json").map(str::to_owned))
        .collect();
    files.sort();
    let mut named: Vec<&str> = cases().iter().map(|case| case.name).collect();
    named.sort_unstable();
    assert_eq!(named, files);
}
