//! Documents for tests.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use diagram::text::FixedMetrics;
use diagram::{Orientation, Scene};
use serde_json::{Value, json};
use topology::{Document, Id};

pub(crate) fn scenario(name: &str) -> Document {
    let path = format!("{}/../../public/topologies/{name}.json", env!("CARGO_MANIFEST_DIR"));
    topology::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) const SCENARIOS: [&str; 4] = [
    "private-link-service-two-tenants",
    "storage-and-key-vault-peered",
    "on-premises-through-vpn",
    "storage-by-service-endpoint",
];

pub(crate) fn scene(document: &Document, orientation: Orientation) -> Scene {
    let (network, _) = sim::compile(document);
    Scene::build(document, &network, orientation, &FixedMetrics)
}

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// What a generated document holds. Each entry of a list is a resource; the number chooses its parent, which does
/// not exist when the number is beyond the parents there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) n_tenants: usize,
    pub(crate) networks: Vec<usize>,
    pub(crate) subnets: Vec<usize>,
    pub(crate) machines: Vec<Option<usize>>,
    /// Subnet, and the target among the private link services followed by the platform services.
    pub(crate) endpoints: Vec<(usize, usize)>,
    pub(crate) services: Vec<usize>,
    pub(crate) zones: Vec<usize>,
    pub(crate) platforms: Vec<usize>,
    pub(crate) peerings: Vec<(usize, usize)>,
    /// How many of the first subnets and interfaces have a security group; its name is longer for each.
    pub(crate) guarded: usize,
    pub(crate) n_sites: usize,
    /// Machines, devices and circuits of sites, gateways of subnets, clients: which of them, and its parent.
    pub(crate) outside: Vec<(usize, usize)>,
}

fn group(index: usize) -> String {
    format!("nsg-{}", "x".repeat(index * 4))
}

pub(crate) fn document(plan: &Plan) -> Document {
    let mut document = json!({ "schema": 1, "title": "generated" });
    let mut put = |table: &str, id: String, value: Value| document[table][id] = value;
    for index in 0..plan.n_tenants {
        put("tenants", format!("tenant-{index}"), json!({}));
        put("subscriptions", format!("sub-{index}"), json!({ "tenant": format!("tenant-{index}") }));
    }
    for (index, subscription) in plan.networks.iter().enumerate() {
        let value = json!({ "subscription": format!("sub-{subscription}"), "addressPrefixes": ["10.0.0.0/8"] });
        put("virtualNetworks", format!("vnet-{index}"), value);
    }
    for (index, network) in plan.subnets.iter().enumerate() {
        let prefix = format!("10.{index}.0.0/16");
        let mut value = json!({ "virtualNetwork": format!("vnet-{network}"), "addressPrefix": prefix });
        if index < plan.guarded {
            value["networkSecurityGroup"] = json!(group(index));
        }
        put("subnets", format!("subnet-{index}"), value);
    }
    for (index, subnet) in plan.machines.iter().enumerate() {
        put("virtualMachines", format!("vm-{index}"), json!({}));
        if let Some(subnet) = subnet {
            let mut value = json!({ "virtualMachine": format!("vm-{index}"), "subnet": format!("subnet-{subnet}") });
            if index < plan.guarded {
                value["networkSecurityGroup"] = json!(group(index));
            }
            put("networkInterfaces", format!("nic-{index}"), value);
        }
    }
    for (index, subnet) in plan.services.iter().enumerate() {
        let subnet = format!("subnet-{subnet}");
        let members: Vec<String> =
            (0..plan.machines.len()).skip(index).step_by(3).take(4).map(|n| format!("nic-{n}")).collect();
        let balancer = json!({
            "frontendIPConfigurations": { "frontend": { "subnet": &subnet } },
            "backendAddressPools": { "pool": { "networkInterfaces": members } },
        });
        put("loadBalancers", format!("lb-{index}"), balancer);
        let service = json!({
            "loadBalancerFrontendIpConfigurations": [format!("lb-{index}/frontend")],
            "ipConfigurations": [{ "subnet": &subnet }],
        });
        put("privateLinkServices", format!("pls-{index}"), service);
    }
    for (index, (subnet, target)) in plan.endpoints.iter().enumerate() {
        let target = match target.checked_sub(plan.services.len()) {
            None => format!("pls-{target}"),
            Some(platform) => format!("paas-{platform}"),
        };
        let value = json!({
            "subnet": format!("subnet-{subnet}"),
            "privateLinkServiceConnections": [{ "privateLinkServiceId": target }],
        });
        put("privateEndpoints", format!("pe-{index}"), value);
    }
    for (index, network) in plan.zones.iter().enumerate() {
        let value = json!({
            "subscription": format!("sub-{}", index % 3),
            "name": format!("privatelink.zone{index}.example"),
            "virtualNetworkLinks": { "link": { "virtualNetwork": format!("vnet-{network}") } },
        });
        put("privateDnsZones", format!("zone-{index}"), value);
    }
    for (index, subscription) in plan.platforms.iter().enumerate() {
        let value =
            json!({ "type": "Microsoft.Storage/storageAccounts", "subscription": format!("sub-{subscription}") });
        put("platformServices", format!("paas-{index}"), value);
    }
    for (index, (from, to)) in plan.peerings.iter().enumerate() {
        let value = json!({ "virtualNetwork": format!("vnet-{from}"), "remoteVirtualNetwork": format!("vnet-{to}") });
        put("virtualNetworkPeerings", format!("peering-{index}"), value);
    }
    for index in 0..plan.n_sites {
        put("onPremisesSites", format!("site-{index}"), json!({ "addressPrefixes": ["192.168.0.0/16"] }));
    }
    for (index, (what, parent)) in plan.outside.iter().enumerate() {
        let (id, site, gateway) = (format!("outside-{index}"), format!("site-{parent}"), format!("outside-{parent}"));
        let device = json!({ "subscription": "sub-0", "onPremisesSite": site });
        match what {
            0 => put("onPremisesHosts", id, json!({ "onPremisesSite": site, "ipAddress": "192.168.0.4" })),
            1 => put("localNetworkGateways", id, device),
            2 => put("expressRouteCircuits", id, device),
            3 => put("virtualNetworkGateways", id, json!({ "subnet": format!("subnet-{parent}") })),
            4 => put("internetClients", id, json!({ "virtualNetworkGateway": gateway })),
            _ => put(
                "connections",
                id,
                json!({
                    "virtualNetworkGateway1": gateway,
                    "localNetworkGateway2": format!("outside-{}", index / 2),
                }),
            ),
        }
    }
    topology::file::parse(&document.to_string()).unwrap()
}
