//! A hub with appliances, and spokes that reach each other through them.

use serde_json::{Map, Value, json};

/// The blobs behind every private endpoint.
pub const STORE: &str = "store";

/// A hub (10.0.0.0/16) and two spokes (10.1.0.0/16 and 10.2.0.0/16), peered with the hub only. Each has a machine at
/// `.0.4` that serves port 80, and a private endpoint at `.1.4`. In the hub stands an appliance at 10.0.2.4, too.
pub fn hub_and_spokes() -> Value {
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

pub fn machine(document: &mut Value, name: &str, subnet: &str, interface: Value) {
    document["virtualMachines"][name] = json!({});
    let mut row = json!({ "virtualMachine": name, "subnet": subnet });
    row.as_object_mut().unwrap().extend(interface.as_object().unwrap().clone());
    document["networkInterfaces"][format!("{name}-nic")] = row;
}

/// Both directions of a peering with the same flags.
pub fn peer(document: &mut Value, one: &str, other: &str, flags: Value) {
    for (from, to) in [(one, other), (other, one)] {
        let mut row = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
        row.as_object_mut().unwrap().extend(flags.as_object().unwrap().clone());
        document["virtualNetworkPeerings"][format!("{from}-to-{to}")] = row;
    }
}

/// Gives a subnet a route table of its own; a hop that is an address is an appliance.
pub fn route(document: &mut Value, subnet: &str, routes: &[(&str, &str)]) {
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

/// Makes a machine forward, in the guest and at its interface.
pub fn appliance(document: &mut Value, machine: &str, forwarding: Value) {
    document["virtualMachines"][machine]["forwarding"] = forwarding;
    document["networkInterfaces"][format!("{machine}-nic")]["enableIPForwarding"] = json!(true);
}

/// Everything at once: appliances of every kind, alone, in a row and behind a load balancer, and routes to them all.
pub fn full_of_appliances() -> Value {
    let mut document = hub_and_spokes();
    for (name, subnet) in [("nva2", "hub-appliances"), ("nva3", "spoke2-appliances"), ("nva4", "hub-appliances")] {
        machine(&mut document, name, subnet, json!({}));
    }
    document["networkInterfaces"]["nva2-inside"] =
        json!({ "virtualMachine": "nva2", "subnet": "hub-vms", "enableIPForwarding": true });
    for alike in ["nva", "nva4"] {
        appliance(&mut document, alike, json!({}));
        document["networkInterfaces"][format!("{alike}-nic")]["tags"] = json!({ "disableSnatOnPL": "true" });
    }
    appliance(&mut document, "nva2", json!({ "snat": "Always", "stateful": false }));
    appliance(&mut document, "nva3", json!({ "snat": "PublicDestinations", "azureFirewall": true }));
    document["loadBalancers"]["lb"] = json!({
        "frontendIPConfigurations": { "frontend": { "subnet": "hub-appliances", "privateIPAddress": "10.0.2.100" } },
        "backendAddressPools": { "pool": { "networkInterfaces": ["nva-nic", "nva4-nic"] } },
        "loadBalancingRules": { "all": {
            "frontendIPConfiguration": "frontend", "backendAddressPool": "pool",
            "protocol": "All", "frontendPort": 0, "backendPort": 0
        } }
    });
    for part in ["endpoints", "vms"] {
        document["subnets"][format!("hub-{part}")]["privateEndpointNetworkPolicies"] = json!("Enabled");
    }
    route(
        &mut document,
        "spoke1-vms",
        &[("10.2.0.0/16", "10.0.2.100"), ("10.0.0.0/16", "10.0.2.4"), ("0.0.0.0/0", "10.0.2.5")],
    );
    route(&mut document, "spoke2-vms", &[("10.1.0.0/16", "10.2.2.4"), ("0.0.0.0/0", "10.2.2.4")]);
    route(&mut document, "spoke2-appliances", &[("10.1.0.0/16", "10.0.2.100")]);
    route(&mut document, "hub-vms", &[("10.1.0.0/16", "10.0.2.5"), ("10.2.1.4/32", "10.0.2.4")]);
    document
}
