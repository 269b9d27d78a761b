//! Network security groups rule by rule, on small changes to the two published topologies.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod endpoints;
mod flows;
mod reading;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use sim::security::SecurityScope;
use sim::trace::{Event, Place, Step};
use sim::{Trace, compile};
use topology::Id;
use topology::problem::ProblemCode;
use topology::resource::Direction;

use support::read;

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// Attaches a group with these rules to a subnet or a network interface.
fn guard(document: &mut Value, table: &str, subject: &str, group: &str, rules: &Value) {
    let subscription = document["subscriptions"].as_object().unwrap().keys().next().unwrap().clone();
    document["networkSecurityGroups"][group] = json!({ "subscription": subscription, "securityRules": rules });
    document[table][subject]["networkSecurityGroup"] = json!(group);
}

fn rule(priority: u32, direction: &str, access: &str, rest: Value) -> Value {
    let mut rule = json!({ "priority": priority, "direction": direction, "access": access });
    for (key, value) in rest.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

fn deny_all(direction: &str) -> Value {
    json!({ "deny-all": rule(4096, direction, "Deny", json!({})) })
}

fn to_iis() -> Value {
    json!({ "from": "client1", "to": "10.0.1.4" })
}

fn blob_from(machine: &str) -> Value {
    json!({ "from": machine, "protocol": "HTTPS", "to": BLOB, "path": "/test1/test.txt" })
}

fn by_address() -> Value {
    json!({ "from": "rg1vm2", "protocol": "HTTPS", "to": "10.0.0.5", "insecure": true })
}

/// Every decision of a security group: place, scope, direction, rule.
fn decisions(trace: &Trace) -> Vec<(String, SecurityScope, Direction, String)> {
    let decided = trace.steps.iter().filter_map(|step| match (&step.event, &step.at) {
        (Event::SecurityEvaluated { scope, direction, rule, .. }, Place::Resource(at)) => {
            Some((at.to_string(), *scope, *direction, rule.to_string()))
        }
        _ => None,
    });
    decided.collect()
}

fn deciding_rule(trace: &Trace) -> String {
    decisions(trace).last().unwrap().3.clone()
}

fn evaluated(trace: &Trace) -> &Step {
    trace.steps.iter().find(|step| matches!(step.event, Event::SecurityEvaluated { .. })).unwrap()
}

fn problems(document: &Value) -> Vec<(String, ProblemCode)> {
    compile(&read(document)).1.into_iter().map(|problem| (problem.field.to_string(), problem.code)).collect()
}
