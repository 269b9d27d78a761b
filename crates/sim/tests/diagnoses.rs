//! What holds of every diagnosis; the diagnoses themselves are in `tests/faults`.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::{Value, json};
use sim::diagnose::{Diagnosis, Remedy, diagnose, diagnose_expectation};
use sim::expectation::evaluate;
use sim::{Session, compile, send};
use topology::Document;
use topology::command::{Command, plan};
use topology::document::Expectation;

use support::{PEERED, TWO_TENANTS, json, read, request};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn diagnosis(document: &Value, question: Value) -> Option<Diagnosis> {
    let document = read(document);
    let network = compile(&document).0;
    diagnose(&document, &network, &send(&network, &mut Session::new(), &request(question)))
}

fn blob_from(machine: &str) -> Value {
    json!({ "from": machine, "protocol": "HTTPS", "to": BLOB, "path": "/test1/test.txt" })
}

fn commands(diagnosis: &Diagnosis) -> Vec<Vec<String>> {
    let shown = |remedy: &Remedy| serde_json::to_value(remedy).unwrap()["command"].as_str().unwrap_or("-").to_owned();
    diagnosis.proposals.iter().map(|proposal| proposal.remedies.iter().map(shown).collect()).collect()
}

#[test]
fn a_request_that_does_what_is_expected_has_no_diagnosis() {
    assert_eq!(diagnosis(&json(PEERED), blob_from("rg1vm1")), None);
}

#[test]
fn two_faults_take_two_edits() {
    let mut document = json(PEERED);
    let state = &mut document["privateEndpoints"]["rg1pe1kv1"]["privateLinkServiceConnections"][0];
    state["privateLinkServiceConnectionState"]["status"] = json!("Pending");
    document["privateEndpoints"]["rg1pe1kv2"] = document["privateEndpoints"]["rg1pe1kv1"].clone();
    document["privateEndpoints"]["rg1pe1kv2"]["privateIPAddress"] = json!("10.0.0.9");
    document["privateEndpoints"]["rg1pe1kv2"]["privateLinkServiceConnections"][0]["privateLinkServiceConnectionState"]
        ["status"] = json!("Approved");
    let question = json!({
        "from": "rg1vm2", "protocol": "HTTPS", "to": "kv1brntest1.vault.azure.net", "path": "/secrets/demo"
    });
    let found = diagnosis(&document, question).unwrap();
    assert_eq!(found.cause.code(), "M1");
    assert_eq!(commands(&found)[0], ["linkZone", "approveConnection"]);
}

#[test]
fn what_would_break_a_saved_expectation_is_not_proposed() {
    let mut document = json(PEERED);
    let found = diagnosis(&document, blob_from("rg1vm2")).unwrap();
    assert_eq!(commands(&found), [["linkZone"]]);
    document["expectations"] =
        json!([{ "request": blob_from("rg1vm2"), "resolvesTo": "52.239.170.68", "outcome": "Blocked" }]);
    let document = read(&document);
    let network = compile(&document).0;
    let answered = Expectation::answered(request(blob_from("rg1vm2")));
    let trace = send(&network, &mut Session::new(), &answered.request);
    let found = diagnose_expectation(&document, &network, &answered, &trace).unwrap();
    assert_eq!((found.cause.code(), found.proposals.len()), ("M1", 0));
}

#[test]
fn a_saved_expectation_of_the_same_request_says_what_is_expected() {
    let mut document = json(PEERED);
    document["platformServices"]["rg1sto1brng1"]["networkAcls"]["defaultAction"] = json!("Allow");
    assert_eq!(diagnosis(&document, blob_from("rg1vm2")), None, "the public address answers");
    document["expectations"] = json!([{ "request": blob_from("rg1vm2"), "path": "PrivateEndpoint" }]);
    assert_eq!(diagnosis(&document, blob_from("rg1vm2")).unwrap().cause.code(), "M1");
}

#[test]
fn fewer_edits_come_first() {
    let mut document = json(TWO_TENANTS);
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "provider-01", "securityRules": { "no": {
        "priority": 300, "direction": "Inbound", "access": "Deny", "sourceAddressPrefix": "10.0.2.0/24"
    } } });
    document["subnets"]["web"]["networkSecurityGroup"] = json!("nsg");
    let found = diagnosis(&document, json!({ "from": "client1", "to": "10.0.1.4" })).unwrap();
    let sizes: Vec<usize> = found.proposals.iter().map(|proposal| proposal.remedies.len()).collect();
    assert!(sizes.is_sorted() && sizes.len() >= 2, "{found:?}");
}

/// The document after a proposal, and the request asked then.
fn after(document: &Document, expectation: &Expectation, remedies: &[Remedy]) -> (Document, Expectation) {
    let (mut document, mut expectation) = (document.clone(), expectation.clone());
    for remedy in remedies {
        match remedy {
            Remedy::Command(command) => plan(&document, Command::clone(command)).unwrap().apply(&mut document),
            Remedy::Ask { ask } => expectation.request = ask.clone(),
            Remedy::RenewLease { .. } | Remedy::FlushDns { .. } | Remedy::KeepAlive { .. } => {}
        }
    }
    (document, expectation)
}

/// Takes fields out of both scenarios, one and two at a time, and asks everything: whatever is then proposed works.
#[test]
fn every_proposal_for_every_broken_document_works() {
    let mut proposals = 0;
    for text in [PEERED, TWO_TENANTS] {
        let whole = json(text);
        let questions = whole["requests"].as_array().unwrap().clone();
        for pointer in removable(&whole) {
            let mut value = whole.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            value.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(&key.replace("~1", "/"));
            let Ok(document) = serde_json::from_value::<Document>(value) else { continue };
            let network = compile(&document).0;
            for question in &questions {
                let expectation = Expectation::answered(request(question.clone()));
                let trace = send(&network, &mut Session::new(), &expectation.request);
                let Some(found) = diagnose(&document, &network, &trace) else { continue };
                assert_eq!(diagnose(&document, &network, &trace).as_ref(), Some(&found), "deterministic");
                assert!(found.evidence.is_sorted() && found.evidence.iter().all(|step| *step < trace.steps.len()));
                for proposal in &found.proposals {
                    assert!((1..=2).contains(&proposal.remedies.len()));
                    let (document, expectation) = after(&document, &expectation, &proposal.remedies);
                    assert!(evaluate(&compile(&document).0, &expectation).holds(), "{pointer}: {proposal:?}");
                    proposals += 1;
                }
            }
        }
    }
    assert!(proposals >= 10, "only {proposals} proposals were tried");
}

/// The paths of every field of every object.
fn removable(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(fields) => {
                for (key, child) in fields {
                    let path = format!("{path}/{}", key.replace('/', "~1"));
                    found.push(path.clone());
                    open.push((path, child));
                }
            }
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(n, child)| (format!("{path}/{n}"), child)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}
