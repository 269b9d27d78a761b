//! Helpers of the tests about names: the hub and the spoke, and what a trace says about a name.

#![allow(clippy::wildcard_enum_match_arm, reason = "a helper looks for the events it is about")]

use serde_json::{Value, json};
use sim::Trace;
use sim::trace::{Event, Place, Silence};
use topology::Id;
use wire::DomainName;

use super::{ask, cause};

pub const BLOB: &str = "acct.blob.core.windows.net";
pub const PRIVATE: &str = "10.1.0.5";

pub fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

pub fn link(document: &mut Value, network: &str) {
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"][network] = json!({ "virtualNetwork": network });
}

pub fn use_dns(document: &mut Value, network: &str, servers: &[&str]) {
    document["virtualNetworks"][network]["dnsServers"] = json!(servers);
}

pub fn blob() -> Value {
    json!({ "from": "client", "protocol": "HTTPS", "to": BLOB })
}

/// The address the client was told, or the code of what it met instead.
pub fn told(trace: &Trace) -> String {
    for step in &trace.steps {
        match &step.event {
            Event::AnswerReceived { address: Some(address), .. } | Event::HostsFile { address, .. }
                if step.at == Place::Resource(id("client")) =>
            {
                return if address.to_string().starts_with("10.") { address.to_string() } else { "public".into() };
            }
            Event::AnswerReceived { address: None, code, .. } => return code.to_string(),
            _ => {}
        }
    }
    cause(trace).into()
}

pub fn from_client(document: &Value, to: &str) -> Trace {
    ask(document, json!({ "from": "client", "protocol": "HTTPS", "to": to }))
}

pub fn events(trace: &Trace) -> Vec<&Event> {
    trace.steps.iter().map(|step| &step.event).collect()
}

pub fn silences(trace: &Trace) -> Vec<Silence> {
    let found = trace.steps.iter().filter_map(|step| match step.event {
        Event::ServerSilent { silence, .. } => Some(silence),
        _ => None,
    });
    found.collect()
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
