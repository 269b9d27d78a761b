//! Platform services rule by rule: names, private endpoints, service endpoints, firewalls.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod apps;
mod denials;
mod endpoints;
mod firewall;
mod names;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use sim::trace::{Event, Outcome, Response};
use sim::{Trace, compile};
use topology::Id;
use topology::problem::ProblemCode;

use support::{ask, read};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// A network `vnet` with a client at 10.0.0.4 and one service `acct` of a type, both in westeurope.
fn with_service(resource_type: &str) -> Value {
    json!({
        "schema": 1,
        "tenants": { "contoso": {} },
        "subscriptions": { "sub": { "tenant": "contoso" } },
        "virtualNetworks": { "vnet": { "subscription": "sub", "addressPrefixes": ["10.0.0.0/16"] } },
        "subnets": {
            "default": { "virtualNetwork": "vnet", "addressPrefix": "10.0.0.0/24" },
            "endpoints": { "virtualNetwork": "vnet", "addressPrefix": "10.0.1.0/24" },
        },
        "virtualMachines": { "client": {} },
        "networkInterfaces": { "client-nic": { "virtualMachine": "client", "subnet": "default" } },
        "platformServices": {
            "acct": { "type": resource_type, "subscription": "sub", "content": { "/": "hello" } },
        },
    })
}

/// Adds an approved private endpoint `pe` in `endpoints` for one group id, with its zone linked to the network and the
/// records a zone group writes.
fn add_endpoint(document: &mut Value, group_id: &str) {
    document["privateEndpoints"]["pe"] = json!({
        "subnet": "endpoints",
        "privateLinkServiceConnections": [{
            "privateLinkServiceId": "acct",
            "groupIds": [group_id],
            "privateLinkServiceConnectionState": { "status": "Approved" },
        }],
    });
    for name in compile(&read(document)).0.endpoint_names(&id("pe")) {
        let zone = name.zone.to_string();
        if document["privateDnsZones"].get(&zone).is_none() {
            document["privateDnsZones"][&zone] = json!({
                "subscription": "sub",
                "name": zone,
                "virtualNetworkLinks": { "link": { "virtualNetwork": "vnet" } },
            });
        }
        document["privateDnsZones"][&zone]["recordSets"][name.record.as_str()] =
            json!({ "ttl": 10, "aRecords": [name.address.unwrap().to_string()] });
    }
}

fn https(to: &str) -> Value {
    json!({ "from": "client", "protocol": "HTTPS", "to": to })
}

/// The address the client was told.
fn address(trace: &Trace) -> String {
    let told = trace.steps.iter().find_map(|step| match step.event {
        Event::AnswerReceived { address, code, .. } => {
            Some(address.map_or_else(|| code.to_string(), |address| address.to_string()))
        }
        _ => None,
    });
    told.unwrap()
}

/// The public aliases of the answer: name and target.
fn aliases(trace: &Trace) -> Vec<(String, String)> {
    let found = trace.steps.iter().filter_map(|step| match &step.event {
        Event::PublicAlias { name, target, .. } => Some((name.to_string(), target.to_string())),
        _ => None,
    });
    found.collect()
}

fn problems(document: &Value) -> Vec<(String, ProblemCode)> {
    let found = compile(&read(document)).1.into_iter();
    found.map(|problem| (format!("{}/{}", problem.subject, problem.field), problem.code)).collect()
}
fn response(trace: &Trace) -> Response {
    match &trace.outcome {
        Outcome::Answered { response: Some(response), .. } => response.clone(),
        other => panic!("{other:?}"),
    }
}
