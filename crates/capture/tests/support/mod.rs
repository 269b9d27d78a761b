//! What the tests share: runs of the published topologies, and frames as text a reviewer can read.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test helper")]

use std::fmt::Write as _;

use capture::{Frame, StepFrames, frames, pcapng};
use serde_json::{Value, json};
use sim::{Network, Session, Trace, compile, send};
use topology::Document;

pub const TWO_TENANTS: &str = include_str!("../../../../public/topologies/private-link-service-two-tenants.json");
pub const PEERED: &str = include_str!("../../../../public/topologies/storage-and-key-vault-peered.json");

/// A document, its network, and what became of one request.
pub struct Run {
    pub document: Document,
    pub network: Network,
    pub trace: Trace,
}

impl Run {
    pub fn of(document: Value, request: Value) -> Self {
        let document: Document = serde_json::from_value(document).unwrap();
        let network = compile(&document).0;
        let request = serde_json::from_value(request).unwrap();
        let trace = send(&network, &mut Session::new(), &request);
        Self { document, network, trace }
    }

    pub fn frames(&self) -> Vec<StepFrames> {
        frames(&self.trace, &self.document, &self.network)
    }

    pub fn pcapng(&self) -> Vec<u8> {
        pcapng(&self.trace, &self.document, &self.network, &|step| format!("{:?}", step.phase))
    }

    /// Every frame of every step.
    pub fn all_frames(&self) -> Vec<Frame> {
        self.frames().into_iter().flat_map(|step| step.before.into_iter().chain(step.after)).collect()
    }

    /// The first frame that arrives or leaves with an event of this name.
    pub fn at(&self, event: &str) -> StepFrames {
        let named = |step: &sim::Step| format!("{:?}", step.event).starts_with(event);
        let position = self.trace.steps.iter().position(named).unwrap();
        self.frames().swap_remove(position)
    }
}

pub fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// IIS in the other tenant, by the address of the private endpoint.
pub fn two_tenants() -> Run {
    let document = document(TWO_TENANTS);
    let request = document["requests"][0].clone();
    Run::of(document, request)
}

/// The same with a PROXY header, which IIS here understands.
pub fn proxied() -> Run {
    let mut document = document(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["enableProxyProtocol"] = json!(true);
    for machine in ["iis-0", "iis-1"] {
        document["virtualMachines"][machine]["services"][0]["parsesProxyProtocol"] = json!(true);
    }
    let request = document["requests"][0].clone();
    Run::of(document, request)
}

/// A blob, by its public name, from the network whose zone is linked.
pub fn blob() -> Run {
    let document = document(PEERED);
    let request = document["requests"][0].clone();
    Run::of(document, request)
}

/// A name that the linked zone does not hold.
pub fn missing() -> Run {
    let name = "nobody.privatelink.blob.core.windows.net";
    Run::of(document(PEERED), json!({ "from": "rg1vm1", "protocol": "HTTPS", "to": name }))
}

/// A port nothing listens on.
pub fn refused() -> Run {
    let mut document = document(TWO_TENANTS);
    for machine in document["virtualMachines"].as_object_mut().unwrap().values_mut() {
        machine["services"] = json!([]);
    }
    for rule in document["loadBalancers"]["lb-iis"]["loadBalancingRules"].as_object_mut().unwrap().values_mut() {
        rule.as_object_mut().unwrap().remove("probe");
    }
    let request = document["requests"][0].clone();
    Run::of(document, request)
}

/// A question that a DNS server in a guest forwards to Azure.
pub fn forwarded() -> Run {
    let mut document = document(PEERED);
    let network = document["virtualNetworks"]["rg1vnet1"].as_object_mut().unwrap();
    network.insert("dnsServers".into(), json!(["10.0.0.200"]));
    document["virtualMachines"]["dns"] = json!({ "dnsServer": { "forwarders": ["168.63.129.16"] } });
    let subnet = document["networkInterfaces"].as_object().unwrap().values().next().unwrap()["subnet"].clone();
    document["networkInterfaces"]["dns-nic"] =
        json!({ "virtualMachine": "dns", "subnet": subnet, "privateIPAddress": "10.0.0.200" });
    let request = document["requests"][0].clone();
    Run::of(document, request)
}

/// Two networks that reach each other through an appliance between them, which puts its own address on what it sends.
pub fn through_an_appliance() -> Run {
    let vm = json!({ "services": [{ "name": "web", "port": 80 }] });
    let nva = json!({ "forwarding": { "snat": "Always" } });
    let network = |prefix: &str| json!({ "subscription": "sub", "addressPrefixes": [prefix] });
    let subnet = |network: &str, prefix: &str| json!({ "virtualNetwork": network, "addressPrefix": prefix });
    let peering = |from: &str, to: &str| json!({ "virtualNetwork": from, "remoteVirtualNetwork": to, "allowForwardedTraffic": true });
    let nic = |machine: &str, subnet: &str| json!({ "virtualMachine": machine, "subnet": subnet });
    let mut document = json!({
        "schema": 1,
        "tenants": { "contoso": {} },
        "subscriptions": { "sub": { "tenant": "contoso" } },
        "virtualNetworks": {
            "hub": network("10.0.0.0/16"), "one": network("10.1.0.0/16"), "two": network("10.2.0.0/16")
        },
        "subnets": {
            "hub-vms": subnet("hub", "10.0.0.0/24"),
            "one-vms": subnet("one", "10.1.0.0/24"),
            "two-vms": subnet("two", "10.2.0.0/24")
        },
        "virtualNetworkPeerings": {
            "hub-one": peering("hub", "one"), "one-hub": peering("one", "hub"),
            "hub-two": peering("hub", "two"), "two-hub": peering("two", "hub")
        },
        "virtualMachines": { "nva": nva, "client": {}, "server": vm },
        "networkInterfaces": {
            "nva-nic": nic("nva", "hub-vms"), "client-nic": nic("client", "one-vms"), "server-nic": nic("server", "two-vms")
        },
        "routeTables": { "by-nva": { "subscription": "sub", "routes": { "other": {
            "addressPrefix": "10.2.0.0/16", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"
        } } } }
    });
    document["networkInterfaces"]["nva-nic"]["enableIPForwarding"] = json!(true);
    document["subnets"]["one-vms"]["routeTable"] = json!("by-nva");
    Run::of(document, json!({ "from": "client", "to": "10.2.0.4" }))
}

/// An echo request within a network.
pub fn ping() -> Run {
    Run::of(document(PEERED), json!({ "from": "rg1vm1", "to": "10.1.0.4", "protocol": "ICMP" }))
}

/// One line a field: bytes, name, value, origin.
pub fn text(frame: &Frame) -> String {
    let mut out = String::new();
    for field in &frame.fields {
        let range = format!("{}..{}", field.range.start, field.range.end);
        writeln!(out, "{range:<9} {:<24} {}  ← {:?}", field.name, field.value, field.origin).unwrap();
    }
    out
}
