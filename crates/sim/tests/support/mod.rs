//! What the tests share: the published topologies, and traces as text a reviewer can read.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test helper")]

use std::fmt::Write as _;

use serde_json::{Value, json};
use sim::trace::{Event, Outcome, Place};
use sim::{Network, Session, Trace, compile, send};
use topology::Document;
use topology::document::Request;

pub const TWO_TENANTS: &str = include_str!("../../../../public/topologies/private-link-service-two-tenants.json");
pub const PEERED: &str = include_str!("../../../../public/topologies/storage-and-key-vault-peered.json");

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

/// A hub with a DNS server at 10.0.0.4, a spoke with a client at 10.1.0.4 and a private endpoint at 10.1.0.5 for a
/// storage account, and a zone that holds its name, linked to nobody yet.
pub fn hub_and_spoke() -> Value {
    json!({
        "schema": 1,
        "tenants": { "contoso": {} },
        "subscriptions": { "sub": { "tenant": "contoso" } },
        "virtualNetworks": {
            "hub": { "subscription": "sub", "addressPrefixes": ["10.0.0.0/16"] },
            "spoke": { "subscription": "sub", "addressPrefixes": ["10.1.0.0/16"] },
        },
        "subnets": {
            "hub-default": { "virtualNetwork": "hub", "addressPrefix": "10.0.0.0/24" },
            "hub-in": { "virtualNetwork": "hub", "addressPrefix": "10.0.1.0/28" },
            "hub-out": { "virtualNetwork": "hub", "addressPrefix": "10.0.2.0/28" },
            "spoke-default": { "virtualNetwork": "spoke", "addressPrefix": "10.1.0.0/24" },
        },
        "virtualNetworkPeerings": {
            "hub-to-spoke": { "virtualNetwork": "hub", "remoteVirtualNetwork": "spoke" },
            "spoke-to-hub": { "virtualNetwork": "spoke", "remoteVirtualNetwork": "hub" },
        },
        "virtualMachines": {
            "dns": { "dnsServer": { "forwarders": ["168.63.129.16"] } },
            "client": {},
        },
        "networkInterfaces": {
            "dns-nic": { "virtualMachine": "dns", "subnet": "hub-default" },
            "client-nic": { "virtualMachine": "client", "subnet": "spoke-default" },
        },
        "privateEndpoints": {
            "pe": {
                "subnet": "spoke-default",
                "privateIPAddress": "10.1.0.5",
                "privateLinkServiceConnections": [{
                    "privateLinkServiceId": "acct",
                    "groupIds": ["blob"],
                    "privateLinkServiceConnectionState": { "status": "Approved" },
                }],
            },
        },
        "privateDnsZones": {
            "zone": {
                "subscription": "sub",
                "name": "privatelink.blob.core.windows.net",
                "recordSets": { "acct": { "ttl": 10, "aRecords": ["10.1.0.5"] } },
            },
        },
        "platformServices": {
            "acct": {
                "type": "Microsoft.Storage/storageAccounts",
                "subscription": "sub",
                "content": { "/": "hello" },
            },
        },
    })
}

/// A resolver in the hub, and a ruleset linked to the spoke with one rule.
pub fn add_resolver(document: &mut Value, rule: Value) {
    document["dnsResolvers"]["resolver"] = json!({
        "virtualNetwork": "hub",
        "inboundEndpoints": { "in": { "subnet": "hub-in" } },
        "outboundEndpoints": { "out": { "subnet": "hub-out" } },
    });
    document["dnsForwardingRulesets"]["rules"] = json!({
        "subscription": "sub",
        "dnsResolverOutboundEndpoints": ["resolver/out"],
        "forwardingRules": { "rule": rule },
        "virtualNetworkLinks": { "spoke-link": { "virtualNetwork": "spoke" } },
    });
}

/// The same with everything that takes part in names: a DNS server of every kind, a resolver, a ruleset, aliases,
/// registration, a hosts file.
pub fn all_about_names() -> Value {
    let mut document = hub_and_spoke();
    let targets = json!([{ "ipAddress": "10.0.1.4" }, { "ipAddress": "10.0.0.4" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": targets }));
    document["dnsForwardingRulesets"]["rules"]["forwardingRules"]["all"] =
        json!({ "domainName": ".", "targetDnsServers": [{ "ipAddress": "10.0.0.5" }] });
    document["virtualNetworks"]["spoke"]["dnsServers"] = json!(["10.0.0.5", "10.0.0.4", "168.63.129.16"]);
    document["virtualMachines"]["other"] = json!({ "dnsServer": {
        "conditionalForwarders": { "privatelink.blob.core.windows.net": ["10.0.1.4", "10.0.0.4"] },
        "zones": { "corp.example": { "recordSets": {
            "files": { "ttl": 300, "cnameRecord": "acct.blob.core.windows.net" },
            "round": { "ttl": 300, "cnameRecord": "about.zone.example" },
        } } },
    } });
    document["networkInterfaces"]["other-nic"] = json!({ "virtualMachine": "other", "subnet": "hub-default" });
    document["networkInterfaces"]["dns-nic"]["dnsSettings"] = json!({ "dnsServers": ["10.0.1.4"] });
    document["virtualMachines"]["client"]["hosts"] = json!({ "pinned.corp.example": "10.1.0.5" });
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"]["hub"] = json!({ "virtualNetwork": "hub" });
    document["privateDnsZones"]["registered"] = json!({
        "subscription": "sub",
        "name": "zone.example",
        "virtualNetworkLinks": { "hub": { "virtualNetwork": "hub", "registrationEnabled": true } },
        "recordSets": { "about": { "ttl": 10, "cnameRecord": "round.corp.example" } },
    });
    document
}

/// Sends one request in a fresh session.
pub fn ask(document: &Value, question: Value) -> Trace {
    send(&network(document), &mut Session::new(), &request(question))
}

pub fn cause(trace: &Trace) -> &'static str {
    match &trace.outcome {
        Outcome::Dropped { cause, .. } => cause.code(),
        Outcome::Answered { .. } => "Answered",
    }
}

pub fn status(trace: &Trace) -> Option<u16> {
    match &trace.outcome {
        Outcome::Answered { response, .. } => response.as_ref().map(|response| response.status),
        Outcome::Dropped { .. } => None,
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
