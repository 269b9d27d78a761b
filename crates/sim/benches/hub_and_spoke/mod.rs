//! A hub and its spokes, as large as asked for.

use serde_json::{Map, Value, json};
use topology::Document;
use topology::document::Request;

/// Machines in each spoke.
const PER_SPOKE: usize = 20;
/// Storage accounts with a private endpoint in the hub.
const ACCOUNTS: usize = 10;

/// A hub with private endpoints and a private link service, and as many peered spokes as `machines` need.
pub(crate) fn document(machines: usize) -> Document {
    read(tables(machines))
}

/// The same with a security group of a hundred rules, none of which decides, on every subnet and every interface.
pub(crate) fn guarded(machines: usize) -> Document {
    let mut tables = tables(machines);
    let rules: Map<String, Value> = (0..100)
        .map(|n| {
            let row = json!({
                "priority": 100 + n, "direction": if n % 2 == 0 { "Inbound" } else { "Outbound" }, "access": "Deny",
                "sourceAddressPrefixes": [format!("192.0.2.{n}"), "198.51.100.0/24"], "destinationAddressPrefix": "Sql"
            });
            (format!("rule-{n}"), row)
        })
        .collect();
    tables.add("networkSecurityGroups", "group", json!({ "subscription": "subscription", "securityRules": rules }));
    for table in ["subnets", "networkInterfaces"] {
        for row in tables.0[table].as_object_mut().expect("tables are objects").values_mut() {
            row["networkSecurityGroup"] = json!("group");
        }
    }
    read(tables)
}

/// The same with a web server on every machine.
pub(crate) fn serving(machines: usize) -> Document {
    let mut tables = tables(machines);
    for row in tables.0["virtualMachines"].as_object_mut().expect("tables are objects").values_mut() {
        row["services"] = json!([{ "name": "IIS", "port": 80 }]);
    }
    read(tables)
}

/// The same with an appliance in the hub that every spoke sends everything private to, by a table of four hundred routes.
pub(crate) fn inspected(machines: usize) -> Document {
    let mut tables = tables(machines);
    subnet(&mut tables, "hub", "appliances", "10.0.2.0/24");
    machine(&mut tables, "nva", "appliances", json!({ "forwarding": {} }));
    let nva = json!({
        "virtualMachine": "nva", "subnet": "appliances", "privateIPAddress": "10.0.2.4", "enableIPForwarding": true
    });
    tables.add("networkInterfaces", "nva-nic", nva);
    let mut routes: Map<String, Value> = (0..399)
        .map(|n| {
            let prefix = format!("100.{}.{}.0/24", n / 256, n % 256);
            (format!("route-{n}"), json!({ "addressPrefix": prefix, "nextHopType": "None" }))
        })
        .collect();
    let inspect =
        json!({ "addressPrefix": "10.0.0.0/8", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.2.4" });
    routes.insert("inspect".into(), inspect);
    tables.add("routeTables", "routes", json!({ "subscription": "subscription", "routes": routes }));
    for (id, row) in tables.0["subnets"].as_object_mut().expect("tables are objects") {
        if id.starts_with("spoke") {
            row["routeTable"] = json!("routes");
        }
    }
    for row in tables.0["virtualNetworkPeerings"].as_object_mut().expect("tables are objects").values_mut() {
        row["allowForwardedTraffic"] = json!(true);
    }
    tables.0["virtualMachines"]["vm-0-0"]["services"] = json!([{ "name": "web", "port": 80 }]);
    read(tables)
}

/// The last machine asks the first one, two spokes away.
pub(crate) fn spoke_to_spoke(machines: usize) -> Request {
    let last = machines - 1;
    ask(json!({ "from": format!("vm-{}-{}", last / PER_SPOKE, last % PER_SPOKE), "to": "10.1.0.4" }))
}

fn tables(machines: usize) -> Tables {
    let spokes = machines.div_ceil(PER_SPOKE).max(1);
    let mut tables = Tables::default();
    tables.add("tenants", "tenant", json!({}));
    tables.add("subscriptions", "subscription", json!({ "tenant": "tenant" }));
    network(&mut tables, "hub", "10.0.0.0/16");
    subnet(&mut tables, "hub", "endpoints", "10.0.1.0/24");
    private_zone(&mut tables, spokes);
    for n in 0..ACCOUNTS {
        account(&mut tables, n);
    }
    provider(&mut tables);
    for n in 0..spokes {
        spoke(&mut tables, n, machines.saturating_sub(n * PER_SPOKE).min(PER_SPOKE));
    }
    tables.0.insert("schema".into(), json!(1));
    tables
}

fn read(tables: Tables) -> Document {
    serde_json::from_value(Value::Object(tables.0)).expect("the generated document is well formed")
}

/// A machine of the last spoke asks for a blob by name: alias, private zone, peering, private endpoint.
pub(crate) fn blob_by_name(machines: usize) -> Request {
    let last = machines - 1;
    ask(json!({
        "from": format!("vm-{}-{}", last / PER_SPOKE, last % PER_SPOKE), "protocol": "HTTPS",
        "to": "account3.blob.core.windows.net", "path": "/blob"
    }))
}

/// A machine of the first spoke reaches the private link service of the other tenant by address.
pub(crate) fn web_by_address() -> Request {
    ask(json!({ "from": "vm-0-0", "to": "10.0.1.200" }))
}

fn ask(request: Value) -> Request {
    serde_json::from_value(request).expect("the request is well formed")
}

#[derive(Default)]
struct Tables(Map<String, Value>);

impl Tables {
    fn add(&mut self, table: &str, id: &str, row: Value) {
        let table = self.0.entry(table).or_insert_with(|| json!({}));
        table.as_object_mut().expect("tables are objects").insert(id.into(), row);
    }
}

fn network(tables: &mut Tables, id: &str, prefix: &str) {
    tables.add("virtualNetworks", id, json!({ "subscription": "subscription", "addressPrefixes": [prefix] }));
}

fn subnet(tables: &mut Tables, network: &str, id: &str, prefix: &str) {
    let row = json!({
        "virtualNetwork": network, "addressPrefix": prefix, "privateLinkServiceNetworkPolicies": "Disabled"
    });
    tables.add("subnets", id, row);
}

fn private_zone(tables: &mut Tables, spokes: usize) {
    let mut links = Map::new();
    for n in 0..spokes {
        links.insert(format!("link-{n}"), json!({ "virtualNetwork": format!("spoke-{n}") }));
    }
    let records: Map<String, Value> = (0..ACCOUNTS)
        .map(|n| (format!("account{n}"), json!({ "ttl": 10, "aRecords": [format!("10.0.1.{}", n + 10)] })))
        .collect();
    let zone = json!({
        "subscription": "subscription", "name": "privatelink.blob.core.windows.net",
        "virtualNetworkLinks": links, "recordSets": records
    });
    tables.add("privateDnsZones", "zone", zone);
}

fn account(tables: &mut Tables, n: usize) {
    let account = format!("account{n}");
    let row = json!({
        "type": "Microsoft.Storage/storageAccounts", "subscription": "subscription", "content": { "/blob": "data" }
    });
    tables.add("platformServices", &account, row);
    let connection = json!({
        "privateLinkServiceId": account, "groupIds": ["blob"],
        "privateLinkServiceConnectionState": { "status": "Approved" }
    });
    let address = format!("10.0.1.{}", n + 10);
    let endpoint =
        json!({ "subnet": "endpoints", "privateIPAddress": address, "privateLinkServiceConnections": [connection] });
    tables.add("privateEndpoints", &format!("pe-{account}"), endpoint);
}

fn provider(tables: &mut Tables) {
    network(tables, "provider", "10.0.0.0/16");
    subnet(tables, "provider", "web", "10.0.0.0/24");
    for n in 0..4 {
        machine(tables, &format!("web-{n}"), "web", json!({ "services": [{ "name": "IIS", "port": 80 }] }));
    }
    let members: Vec<String> = (0..4).map(|n| format!("web-{n}-nic")).collect();
    let balancer = json!({
        "frontendIPConfigurations": { "frontend": { "subnet": "web" } },
        "backendAddressPools": { "pool": { "networkInterfaces": members } },
        "probes": { "http": { "protocol": "Http", "port": 80 } },
        "loadBalancingRules": { "http": {
            "frontendIPConfiguration": "frontend", "backendAddressPool": "pool", "probe": "http",
            "protocol": "Tcp", "frontendPort": 80, "backendPort": 80
        } }
    });
    tables.add("loadBalancers", "lb", balancer);
    let service = json!({
        "loadBalancerFrontendIpConfigurations": ["lb/frontend"], "ipConfigurations": [{ "subnet": "web" }]
    });
    tables.add("privateLinkServices", "pls", service);
    let connection =
        json!({ "privateLinkServiceId": "pls", "privateLinkServiceConnectionState": { "status": "Approved" } });
    let endpoint = json!({
        "subnet": "endpoints", "privateIPAddress": "10.0.1.200", "manualPrivateLinkServiceConnections": [connection]
    });
    tables.add("privateEndpoints", "pe-web", endpoint);
}

fn spoke(tables: &mut Tables, n: usize, machines: usize) {
    let (network_id, subnet_id) = (format!("spoke-{n}"), format!("spoke-{n}-subnet"));
    let prefix = format!("10.{}.{}.0/24", 1 + n / 256, n % 256);
    network(tables, &network_id, &prefix);
    subnet(tables, &network_id, &subnet_id, &prefix);
    for (name, from, to) in [("out", "hub", network_id.as_str()), ("in", network_id.as_str(), "hub")] {
        let row = json!({ "virtualNetwork": from, "remoteVirtualNetwork": to });
        tables.add("virtualNetworkPeerings", &format!("peering-{n}-{name}"), row);
    }
    for m in 0..machines {
        machine(tables, &format!("vm-{n}-{m}"), &subnet_id, json!({}));
    }
}

fn machine(tables: &mut Tables, id: &str, subnet: &str, row: Value) {
    tables.add("virtualMachines", id, row);
    tables.add("networkInterfaces", &format!("{id}-nic"), json!({ "virtualMachine": id, "subnet": subnet }));
}
