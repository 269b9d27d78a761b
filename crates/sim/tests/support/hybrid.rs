//! A headquarters beside the hub and the spoke: a DNS server at 192.168.0.10, a clerk's machine at 192.168.0.20 and a
//! file server at 192.168.0.30; a traveller on the Internet.

use serde_json::{Value, json};
use sim::Trace;
use sim::trace::{Event, Place};
use topology::problem::ProblemCode;

use super::ask;
use super::names::{BLOB, hub_and_spoke, id};

pub fn site(document: &mut Value) {
    document["onPremisesSites"]["hq"] = json!({
        "addressPrefixes": ["192.168.0.0/16"],
        "dnsServers": ["192.168.0.10"],
        "publicIPAddress": "203.0.113.10",
    });
    document["onPremisesHosts"]["hq-dns"] = json!({
        "onPremisesSite": "hq",
        "ipAddress": "192.168.0.10",
        "dnsServer": {},
    });
    document["onPremisesHosts"]["clerk"] = json!({ "onPremisesSite": "hq", "ipAddress": "192.168.0.20" });
    document["onPremisesHosts"]["files"] = json!({
        "onPremisesSite": "hq",
        "ipAddress": "192.168.0.30",
        "services": [{ "name": "files", "port": 80 }],
    });
    document["internetClients"]["traveller"] = json!({ "publicIPAddress": "198.51.100.200" });
}

/// A VPN gateway in the hub at 10.0.255.4 that the spoke uses, too, and a connection to the headquarters; the DNS server
/// there forwards the public suffix to a private resolver in the hub, whose network is linked to the zone.
pub fn with_vpn() -> Value {
    let mut document = with_site();
    document["subnets"]["hub-gateway"] =
        json!({ "virtualNetwork": "hub", "name": "GatewaySubnet", "addressPrefix": "10.0.255.0/27" });
    document["virtualNetworkGateways"]["gateway"] = json!({ "subnet": "hub-gateway", "sku": "VpnGw2" });
    document["localNetworkGateways"]["hq-device"] =
        json!({ "subscription": "sub", "onPremisesSite": "hq", "addressPrefixes": ["192.168.0.0/16"] });
    document["connections"]["hq-vpn"] =
        json!({ "virtualNetworkGateway1": "gateway", "localNetworkGateway2": "hq-device" });
    document["virtualNetworkPeerings"]["hub-to-spoke"]["allowGatewayTransit"] = json!(true);
    document["virtualNetworkPeerings"]["spoke-to-hub"]["useRemoteGateways"] = json!(true);
    document["dnsResolvers"]["resolver"] =
        json!({ "virtualNetwork": "hub", "inboundEndpoints": { "in": { "subnet": "hub-in" } } });
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] =
        json!({ "conditionalForwarders": { "blob.core.windows.net": ["10.0.1.4"] } });
    super::names::link(&mut document, "hub");
    document
}

/// Tunnels of every kind: to the headquarters twice, to a site with the same addresses behind NAT rules, to another
/// network, to the traveller.
pub fn full_of_tunnels() -> Value {
    let mut document = with_vpn();
    document["virtualNetworkGateways"]["line-gateway"] =
        json!({ "subnet": "hub-gateway", "gatewayType": "ExpressRoute" });
    document["expressRouteCircuits"]["line"] = json!({ "subscription": "sub", "onPremisesSite": "hq" });
    document["connections"]["hq-line"] =
        json!({ "virtualNetworkGateway1": "line-gateway", "connectionType": "ExpressRoute", "peer": "line" });
    document["onPremisesSites"]["twin"] = json!({ "addressPrefixes": ["192.168.0.0/16"] });
    document["onPremisesHosts"]["twin-clerk"] = json!({ "onPremisesSite": "twin", "ipAddress": "192.168.0.20" });
    document["localNetworkGateways"]["twin-device"] =
        json!({ "subscription": "sub", "onPremisesSite": "twin", "addressPrefixes": ["192.168.0.0/16"] });
    let rule = |mode: &str, internal: &str, external: &str| {
        json!({
            "mode": mode,
            "internalMappings": [{ "addressSpace": internal }],
            "externalMappings": [{ "addressSpace": external }],
        })
    };
    document["virtualNetworkGateways"]["gateway"]["natRules"] = json!({
        "in": rule("IngressSnat", "192.168.0.0/16", "172.30.0.0/16"),
        "out": rule("EgressSnat", "10.1.0.0/16", "100.64.0.0/16"),
    });
    document["connections"]["twin-vpn"] = json!({
        "virtualNetworkGateway1": "gateway",
        "localNetworkGateway2": "twin-device",
        "ingressNatRules": ["gateway/in"],
        "egressNatRules": ["gateway/out"],
    });
    document["virtualNetworkGateways"]["gateway"]["vpnClientConfiguration"] =
        json!({ "vpnClientAddressPool": ["172.20.0.0/24"], "dnsServers": ["10.0.1.4"] });
    document["internetClients"]["traveller"]["virtualNetworkGateway"] = json!("gateway");
    document["virtualNetworks"]["island"] = json!({ "subscription": "sub", "addressPrefixes": ["10.9.0.0/16"] });
    document["subnets"]["island-default"] = json!({ "virtualNetwork": "island", "addressPrefix": "10.9.0.0/24" });
    document["subnets"]["island-gateway"] =
        json!({ "virtualNetwork": "island", "name": "GatewaySubnet", "addressPrefix": "10.9.255.0/27" });
    document["virtualMachines"]["robinson"] = json!({ "services": [{ "name": "web", "port": 80 }] });
    document["networkInterfaces"]["robinson-nic"] = json!({ "virtualMachine": "robinson", "subnet": "island-default" });
    document["virtualNetworkGateways"]["ferry"] = json!({ "subnet": "island-gateway" });
    for (id, from, to) in [("out", "gateway", "ferry"), ("back", "ferry", "gateway")] {
        document["connections"][id] = json!({
            "virtualNetworkGateway1": from,
            "virtualNetworkGateway2": to,
            "connectionType": "Vnet2Vnet",
            "enableBgp": true,
        });
    }
    document
}

/// The hub and the spoke with a site that no tunnel leads to yet.
pub fn with_site() -> Value {
    let mut document = hub_and_spoke();
    site(&mut document);
    document
}

/// Sends a question for the blob, or for any name or address.
pub fn from(document: &Value, sender: &str, to: &str) -> Trace {
    ask(document, json!({ "from": sender, "protocol": "HTTPS", "to": to }))
}

/// Opens a connection to an address as far as port 443.
pub fn reach(document: &Value, sender: &str, address: &str) -> Trace {
    ask(document, json!({ "from": sender, "protocol": "TCP", "to": address, "port": 443 }))
}

pub fn blob_from(document: &Value, sender: &str) -> Trace {
    from(document, sender, BLOB)
}

/// What the sender was told: a private address, “public”, a response code, or the cause.
pub fn told(trace: &Trace) -> String {
    let sender = Place::Resource(trace.request.from.clone());
    for step in trace.steps.iter().filter(|step| step.at == sender) {
        if let Event::AnswerReceived { address, code, .. } = &step.event {
            return match address {
                Some(address) if address.is_private() => address.to_string(),
                Some(_) => "public".into(),
                None => code.to_string(),
            };
        }
    }
    super::cause(trace).into()
}

/// The places of the steps whose event satisfies a condition.
pub fn places_where(trace: &Trace, wanted: impl Fn(&Event) -> bool) -> Vec<Place> {
    trace.steps.iter().filter(|step| wanted(&step.event)).map(|step| step.at.clone()).collect()
}

pub fn problems(document: &Value) -> Vec<ProblemCode> {
    sim::compile(&super::read(document)).1.into_iter().map(|problem| problem.code).collect()
}

pub fn place(text: &str) -> Place {
    Place::Resource(id(text))
}
