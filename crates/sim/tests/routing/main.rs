//! Routes, peerings and appliances rule by rule, on a hub with two spokes.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

#[path = "../support/mod.rs"]
mod support;
mod tables;

use serde_json::{Map, Value, json};
use sim::trace::{Event, Place, Route};
use sim::{Trace, compile};
use topology::Id;
use topology::problem::ProblemCode;

use support::{network, read};

/// The blobs behind every private endpoint.
const STORE: &str = "store";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// A hub (10.0.0.0/16) and two spokes (10.1.0.0/16 and 10.2.0.0/16), peered with the hub only. Each has a machine at
/// `.0.4` that serves port 80, and a private endpoint at `.1.4`. In the hub stands an appliance at 10.0.2.4, too.
fn hub_and_spokes() -> Value {
    let mut document = json!({
        "schema": 1,
        "tenants": { "tenant": {} },
        "subscriptions": { "subscription": { "tenant": "tenant" } },
        "platformServices": { STORE: {
            "type": "Microsoft.Storage/storageAccounts", "subscription": "subscription", "content": { "/": "data" }
        } },
    });
    for (n, name) in ["hub", "spoke1", "spoke2"].into_iter().enumerate() {
        document["virtualNetworks"][name] =
            json!({ "subscription": "subscription", "addressPrefixes": [format!("10.{n}.0.0/16")] });
        for (m, part) in ["vms", "endpoints", "appliances"].into_iter().enumerate() {
            document["subnets"][format!("{name}-{part}")] =
                json!({ "virtualNetwork": name, "addressPrefix": format!("10.{n}.{m}.0/24") });
        }
        machine(&mut document, &format!("{name}-vm"), &format!("{name}-vms"), json!({}));
        document["virtualMachines"][format!("{name}-vm")]["services"] = json!([{ "name": "web", "port": 80 }]);
        document["privateEndpoints"][format!("{name}-pe")] = json!({
            "subnet": format!("{name}-endpoints"),
            "privateLinkServiceConnections": [{
                "privateLinkServiceId": STORE, "groupIds": ["blob"],
                "privateLinkServiceConnectionState": { "status": "Approved" }
            }]
        });
    }
    machine(&mut document, "nva", "hub-appliances", json!({}));
    for spoke in ["spoke1", "spoke2"] {
        peer(&mut document, "hub", spoke, json!({ "allowForwardedTraffic": true }));
    }
    document
}

fn machine(document: &mut Value, name: &str, subnet: &str, interface: Value) {
    document["virtualMachines"][name] = json!({});
    let mut row = json!({ "virtualMachine": name, "subnet": subnet });
    row.as_object_mut().unwrap().extend(interface.as_object().unwrap().clone());
    document["networkInterfaces"][format!("{name}-nic")] = row;
}

/// Both directions of a peering with the same flags.
fn peer(document: &mut Value, one: &str, other: &str, flags: Value) {
    for (from, to) in [(one, other), (other, one)] {
        let mut row = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
        row.as_object_mut().unwrap().extend(flags.as_object().unwrap().clone());
        document["virtualNetworkPeerings"][format!("{from}-to-{to}")] = row;
    }
}

/// Gives a subnet a route table of its own; a hop that is an address is an appliance.
fn route(document: &mut Value, subnet: &str, routes: &[(&str, &str)]) {
    let routes: Map<String, Value> = routes
        .iter()
        .map(|(prefix, hop)| {
            let row = match hop.parse::<std::net::Ipv4Addr>() {
                Ok(address) => json!({
                    "addressPrefix": prefix, "nextHopType": "VirtualAppliance", "nextHopIpAddress": address.to_string()
                }),
                Err(_) => json!({ "addressPrefix": prefix, "nextHopType": hop }),
            };
            (format!("to-{}", prefix.replace(['.', '/'], "-")), row)
        })
        .collect();
    let table = format!("{subnet}-routes");
    document["routeTables"][&table] = json!({ "subscription": "subscription", "routes": routes });
    document["subnets"][subnet]["routeTable"] = json!(table);
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

fn by_address(from: &str, to: &str) -> Value {
    json!({ "from": from, "to": to, "protocol": "TCP" })
}
