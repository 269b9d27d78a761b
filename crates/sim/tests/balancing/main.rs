//! Standard load balancers, public addresses, private link services and what time does to them: a rule a test, named
//! after the rule's number.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod flows;
mod outbound;
mod problems;
mod proxy;
#[path = "../support/mod.rs"]
mod support;
mod time;

use serde_json::{Value, json};
use sim::trace::{Event, Outcome, Step};
use sim::{Place, Trace};
use topology::Id;

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// A network with a web pool of two machines behind a load balancer, a machine beside them, and nothing else.
fn farm() -> Value {
    json!({
        "schema": 1,
        "tenants": { "contoso": {} },
        "subscriptions": { "sub": { "tenant": "contoso" } },
        "virtualNetworks": { "vnet": { "subscription": "sub", "addressPrefixes": ["10.0.0.0/16"] } },
        "subnets": {
            "web": { "virtualNetwork": "vnet", "addressPrefix": "10.0.0.0/24" },
            "clients": { "virtualNetwork": "vnet", "addressPrefix": "10.0.1.0/24" }
        },
        "virtualMachines": {
            "web-0": { "services": [{ "name": "nginx", "port": 80 }] },
            "web-1": { "services": [{ "name": "nginx", "port": 80 }] },
            "client": {}
        },
        "networkInterfaces": {
            "web-0-nic": { "virtualMachine": "web-0", "subnet": "web" },
            "web-1-nic": { "virtualMachine": "web-1", "subnet": "web" },
            "client-nic": { "virtualMachine": "client", "subnet": "clients" }
        },
        "loadBalancers": { "lb": {
            "frontendIPConfigurations": { "front": { "subnet": "web", "privateIPAddress": "10.0.0.100" } },
            "backendAddressPools": { "pool": { "networkInterfaces": ["web-0-nic", "web-1-nic"] } },
            "probes": { "http": { "protocol": "Http", "port": 80, "requestPath": "/health" } },
            "loadBalancingRules": { "http": {
                "frontendIPConfiguration": "front", "backendAddressPool": "pool", "probe": "http",
                "protocol": "Tcp", "frontendPort": 80, "backendPort": 80
            } }
        } }
    })
}

/// The same with a public frontend, and a security group that lets web requests in.
fn public_farm() -> Value {
    let mut document = farm();
    document["publicIPAddresses"]["front-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.77" });
    document["loadBalancers"]["lb"]["frontendIPConfigurations"]["front"] = json!({ "publicIPAddress": "front-ip" });
    open_web(&mut document);
    document
}

fn open_web(document: &mut Value) {
    document["networkSecurityGroups"]["open"] = json!({ "subscription": "sub", "securityRules": {
        "web": { "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": "Internet", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "80" }
    } });
    document["subnets"]["web"]["networkSecurityGroup"] = json!("open");
}

fn to(target: &str) -> Value {
    json!({ "from": "client", "to": target })
}

fn find<T>(trace: &Trace, pick: impl Fn(&Step) -> Option<T>) -> Option<T> {
    trace.steps.iter().find_map(pick)
}

/// The machine that answered.
fn server(trace: &Trace) -> Option<String> {
    find(trace, |step| match (&step.event, &step.at) {
        (Event::GuestAccepted { .. }, Place::Resource(id)) => Some(id.to_string()),
        _ => None,
    })
}

fn caller(trace: &Trace) -> String {
    match &trace.outcome {
        Outcome::Answered { caller, .. } => caller.to_string(),
        other => panic!("{other:?}"),
    }
}
