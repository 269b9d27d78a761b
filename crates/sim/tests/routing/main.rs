//! Routes, peerings and appliances rule by rule, on a hub with two spokes.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod appliances;
mod on_premises;
mod peerings;
#[path = "../support/mod.rs"]
mod support;
mod tables;

use serde_json::{Value, json};
use sim::trace::{Event, Place, Route};
use sim::{Trace, compile};
use topology::Id;
use topology::problem::ProblemCode;

use support::hub_and_spokes::{STORE, appliance, hub_and_spokes, machine, peer, route};
use support::{network, read};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn policy(document: &mut Value, subnet: &str, policies: &str) {
    document["subnets"][subnet]["privateEndpointNetworkPolicies"] = json!(policies);
}

fn problems(document: &Value) -> Vec<(String, ProblemCode)> {
    compile(&read(document)).1.into_iter().map(|problem| (problem.field.to_string(), problem.code)).collect()
}

/// A row as the CLI prints it.
fn row(route: &Route) -> String {
    let hop = route.next_hop_ip_address.map_or_else(String::new, |address| format!(" {address}"));
    let (source, state, kind) = (route.source.as_str(), route.state.as_str(), route.next_hop_type);
    format!("{source} {state} {} {kind}{hop}", route.address_prefix)
}

/// The effective routes of an interface, as the CLI prints them.
fn table(document: &Value, interface: &str) -> Vec<String> {
    network(document).effective_routes(&id(interface)).unwrap().iter().map(row).collect()
}

/// Every route chosen on the way: where, and which row.
fn chosen(trace: &Trace) -> Vec<String> {
    let routes = trace.steps.iter().filter_map(|step| match (&step.event, &step.at) {
        (Event::RouteSelected { route, .. }, Place::Resource(at)) => Some(format!("{at}: {}", row(route))),
        _ => None,
    });
    routes.collect()
}

/// The resources a request passed, in order; one after itself counts once.
fn places(trace: &Trace) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for step in &trace.steps {
        for at in step.via.iter().chain([&step.at]) {
            let Place::Resource(id) = at else { continue };
            if places.last().is_none_or(|last| last != id.as_str()) {
                places.push(id.to_string());
            }
        }
    }
    places
}

fn by_address(from: &str, to: &str) -> Value {
    json!({ "from": from, "to": to, "protocol": "TCP" })
}
