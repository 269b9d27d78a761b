//! Expectations saved with a document, and whether they hold.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::{Value, json};
use sim::compile;
use sim::expectation::{Mismatch, evaluate};
use sim::trace::PathKind;
use topology::document::{Expectation, ExpectedPath};

use support::{PEERED, TWO_TENANTS, json, network, read};

/// The request from the linked network, which gets the blob through the private endpoint.
fn blob(from: &str) -> Value {
    json!({ "from": from, "protocol": "HTTPS", "to": "rg1sto1brng1.blob.core.windows.net", "path": "/test1/test.txt" })
}

#[track_caller]
fn check(document: &Value, expectation: Value, expected: &[Mismatch]) {
    let expectation: Expectation = serde_json::from_value(expectation).unwrap();
    assert_eq!(evaluate(&network(document), &expectation).mismatches, expected);
}

#[test]
fn a_request_is_expected_to_be_answered_unless_something_else_is_said() {
    let document = json(PEERED);
    check(&document, json!({ "request": blob("rg1vm1") }), &[]);
    check(&document, json!({ "request": blob("rg1vm2") }), &[Mismatch::NotAnswered]);
    check(&document, json!({ "request": blob("rg1vm2"), "outcome": "Blocked" }), &[]);
    check(&document, json!({ "request": blob("rg1vm1"), "outcome": "Blocked" }), &[Mismatch::NotBlocked]);
}

#[test]
fn a_path_that_does_not_exist_is_an_answer_of_the_service() {
    let mut request = blob("rg1vm1");
    request["path"] = json!("/nothing");
    check(&json(PEERED), json!({ "request": request }), &[]);
}

#[test]
fn the_way_the_address_and_the_caller_can_be_expected() {
    let (document, vm1, vm2) = (json(PEERED), blob("rg1vm1"), blob("rg1vm2"));
    let all = json!({ "request": vm1, "path": "PrivateEndpoint", "resolvesTo": "10.0.0.5", "caller": "10.0.0.4" });
    check(&document, all, &[]);
    let (expected, found) = (ExpectedPath::PrivateEndpoint, Some(PathKind::Public));
    let refused = json!({ "request": vm2, "outcome": "Blocked", "path": "PrivateEndpoint" });
    check(&document, refused, &[Mismatch::Path { expected, found }]);
    let (expected, found) = ("10.0.0.5".parse().unwrap(), "52.239.170.68".parse().ok());
    let public = json!({ "request": vm2, "outcome": "Blocked", "resolvesTo": "10.0.0.5" });
    check(&document, public, &[Mismatch::Address { expected, found }]);
    let (expected, found) = ("10.0.0.9".parse().unwrap(), "10.0.0.4".parse().ok());
    check(&document, json!({ "request": vm1, "caller": "10.0.0.9" }), &[Mismatch::Caller { expected, found }]);
}

#[test]
fn the_provider_sees_the_nat_ip_as_the_caller() {
    let request = json!({ "from": "client1", "to": "10.0.1.4" });
    check(&json(TWO_TENANTS), json!({ "request": request, "caller": "10.0.2.4", "via": "pls-iis" }), &[]);
    let expected = "msdn-vnet".parse().unwrap();
    check(&json(TWO_TENANTS), json!({ "request": request, "via": "msdn-vnet" }), &[Mismatch::Via { expected }]);
}

#[test]
fn expectations_travel_with_the_document_and_change_nothing_else() {
    let mut value = json(PEERED);
    let before = compile(&read(&value)).1;
    value["expectations"] = json!([{ "request": blob("rg1vm1"), "path": "PrivateEndpoint", "later": true }]);
    let document = read(&value);
    assert_eq!(compile(&document).1, before);
    let link = topology::link::encode(&document);
    assert_eq!(topology::link::decode(&link).unwrap(), document);
    assert!(topology::file::print(&document).contains("\"later\": true"), "unknown fields survive");
}
