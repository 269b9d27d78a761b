//! What the tests share: the published topologies, and traces as text a reviewer can read.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test helper")]

pub mod hub_and_spokes;
pub mod hybrid;
pub mod names;

use std::fmt::Write as _;

use serde_json::Value;
use sim::trace::{Event, Outcome, Place};
use sim::{Network, Session, Trace, compile, send};
use topology::Document;
use topology::document::Request;

pub const TWO_TENANTS: &str = include_str!("../../../../public/topologies/private-link-service-two-tenants.json");
pub const PEERED: &str = include_str!("../../../../public/topologies/storage-and-key-vault-peered.json");
pub const SERVICE_ENDPOINT: &str = include_str!("../../../../public/topologies/storage-by-service-endpoint.json");

pub const THROUGH_VPN: &str = include_str!("../../../../public/topologies/on-premises-through-vpn.json");

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn network(document: &Value) -> Network {
    compile(&read(document)).0
}

pub fn read(document: &Value) -> Document {
    serde_json::from_value(document.clone()).unwrap()
}

pub fn request(request: Value) -> Request {
    serde_json::from_value(request).unwrap()
}

/// Sends one request in a fresh session.
pub fn ask(document: &Value, question: Value) -> Trace {
    send(&network(document), &mut Session::new(), &request(question))
}

pub fn cause(trace: &Trace) -> &'static str {
    match &trace.outcome {
        Outcome::Dropped { cause, .. } => cause.code(),
        Outcome::Answered { .. } | Outcome::Resolved { .. } => "Answered",
    }
}

pub fn status(trace: &Trace) -> Option<u16> {
    match &trace.outcome {
        Outcome::Answered { response, .. } => response.as_ref().map(|response| response.status),
        Outcome::Resolved { .. } | Outcome::Dropped { .. } => None,
    }
}

/// One line a step: phase, place, event, packet before and after, rewritten fields, sources and assumptions.
pub fn text(trace: &Trace) -> String {
    let mut out = String::new();
    for step in &trace.steps {
        let event = serde_json::to_value(&step.event).unwrap();
        let event = event.as_object().and_then(|event| event.keys().next().cloned()).unwrap();
        write!(out, "{:?} {} {event}", step.phase, place(&step.at)).unwrap();
        match (&step.event, &step.before, &step.after) {
            (Event::RouteSelected { route, losers, .. }, _, _) => {
                write!(out, " {} {:?}", route.address_prefix, route.next_hop_type).unwrap();
                let losers: Vec<String> = losers.iter().map(|route| route.address_prefix.to_string()).collect();
                write!(out, " over {}", losers.join(", ")).unwrap();
            }
            (_, Some(before), Some(after)) if before != after => write!(out, " [{before}] ⇒ [{after}]").unwrap(),
            (_, Some(packet), _) | (_, None, Some(packet)) => write!(out, " [{packet}]").unwrap(),
            (_, None, None) => {}
        }
        if !step.via.is_empty() {
            write!(out, " via {}", step.via.iter().map(place).collect::<Vec<_>>().join(" ")).unwrap();
        }
        for rewrite in &step.rewrites {
            write!(out, " {:?}←{}", rewrite.field, rewrite.origin).unwrap();
        }
        for key in step.sources.iter().chain(&step.assumptions) {
            write!(out, " [{key}]").unwrap();
        }
        out.push('\n');
    }
    writeln!(out, "{}", serde_json::to_string(&trace.outcome).unwrap()).unwrap();
    out
}

fn place(place: &Place) -> String {
    match place {
        Place::Resource(id) => id.to_string(),
        Place::AzureDns(network) => format!("azure-dns@{network}"),
        Place::PublicDns => "public-dns".into(),
        Place::Internet => "internet".into(),
    }
}
