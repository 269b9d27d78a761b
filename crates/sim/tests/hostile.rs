//! Documents as large or as tangled as anybody can make them end in bounded time, and with a cause.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

#[allow(dead_code, reason = "the benchmarks use the rest of it")]
#[path = "../benches/hub_and_spoke/mod.rs"]
mod large;
mod support;

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use sim::{Session, compile, send};
use support::names::{BLOB, from_client, hub_and_spoke, link, use_dns};
use support::{ask, cause, read, status};

/// Long enough for an unoptimised build on a busy machine; what takes longer grows faster than the document.
const PATIENCE: Duration = Duration::from_secs(60);

fn in_time<T>(act: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = act();
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
    result
}

#[test]
fn ten_thousand_network_interfaces_compile_and_answer() {
    in_time(|| {
        let (network, problems) = compile(&large::document(10_000));
        assert!(problems.is_empty());
        let mut session = Session::new();
        for request in [large::blob_by_name(10_000), large::web_by_address()] {
            assert_eq!(cause(&send(&network, &mut session, &request)), "Answered");
        }
    });
}

#[test]
fn ten_thousand_security_rules_are_looked_through() {
    let mut document = hub_and_spoke();
    let rule = |n: u32| {
        json!({
            "priority": 100 + n % 3900, "direction": "Outbound", "access": "Deny",
            "sourceAddressPrefix": format!("192.0.2.{}", n % 256), "destinationAddressPrefix": "198.51.100.0/24"
        })
    };
    let rules: Map<String, Value> = (0..10_000).map(|n| (format!("rule-{n}"), rule(n))).collect();
    document["networkSecurityGroups"]["many"] = json!({ "subscription": "sub", "securityRules": rules });
    for subnet in document["subnets"].as_object_mut().unwrap().values_mut() {
        subnet["networkSecurityGroup"] = json!("many");
    }
    link(&mut document, "spoke");
    assert_eq!(status(&in_time(|| from_client(&document, BLOB))), Some(200));
}

#[test]
fn a_thousand_linked_zones_are_searched_by_suffix() {
    let mut document = hub_and_spoke();
    for n in 0..1000 {
        document["privateDnsZones"][format!("zone-{n}")] = json!({
            "subscription": "sub", "name": format!("z{n}.blob.core.windows.net"),
            "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
            "recordSets": { "@": { "ttl": 10, "aRecords": ["10.1.0.5"] } }
        });
    }
    link(&mut document, "spoke");
    assert_eq!(status(&in_time(|| from_client(&document, BLOB))), Some(200));
    assert_eq!(cause(&in_time(|| from_client(&document, "x.z999.blob.core.windows.net"))), "NameNotResolved");
}

#[test]
fn servers_that_all_forward_to_each_other_give_up() {
    let mut document = hub_and_spoke();
    let addresses: Vec<String> = (0..12).map(|n| format!("10.0.0.{}", 100 + n)).collect();
    for (n, address) in addresses.iter().enumerate() {
        let id = format!("dns-{n}");
        document["virtualMachines"][&id] = json!({ "dnsServer": { "forwarders": addresses, "rootHints": false } });
        document["networkInterfaces"][format!("{id}-nic")] =
            json!({ "virtualMachine": id, "subnet": "hub-default", "privateIPAddress": address });
    }
    let servers: Vec<&str> = addresses.iter().map(String::as_str).collect();
    use_dns(&mut document, "spoke", &servers);
    let trace = in_time(|| from_client(&document, BLOB));
    assert!(["ForwardingLoop", "ForwardersUnreachable"].contains(&cause(&trace)), "{}", cause(&trace));
    assert!(trace.steps.len() < 1000, "{}", trace.steps.len());
}

#[test]
fn aliases_in_a_circle_and_aliases_without_end_are_given_up() {
    let mut document = hub_and_spoke();
    let alias = |to: &str| json!({ "ttl": 10, "cnameRecord": format!("{to}.loop.example") });
    let mut records = Map::new();
    for n in 0..1000 {
        records.insert(format!("n{n}"), alias(&format!("n{}", n + 1)));
    }
    records.insert("a".into(), alias("b"));
    records.insert("b".into(), alias("a"));
    records.insert("self".into(), alias("self"));
    document["privateDnsZones"]["loop"] = json!({
        "subscription": "sub", "name": "loop.example", "recordSets": records,
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } }
    });
    for name in ["a.loop.example", "self.loop.example", "n0.loop.example"] {
        let trace = in_time(|| from_client(&document, name));
        assert_eq!(cause(&trace), "AliasLoop", "{name}");
        assert!(trace.steps.len() < 100, "{name}: {}", trace.steps.len());
    }
}

#[test]
fn networks_that_all_have_the_same_addresses_are_told_apart() {
    let mut document = hub_and_spoke();
    for n in 0..1000 {
        document["virtualNetworks"][format!("twin-{n}")] =
            json!({ "subscription": "sub", "addressPrefixes": ["10.9.0.0/16"] });
    }
    let (network, _) = in_time(|| compile(&read(&document)));
    assert_eq!(in_time(|| network.overlapping_networks()).len(), 1000 * 999 / 2);
    link(&mut document, "spoke");
    assert_eq!(status(&in_time(|| from_client(&document, BLOB))), Some(200));
}

#[test]
fn two_hundred_networks_all_peered_with_each_other_route_to_each_other() {
    let mut document = hub_and_spoke();
    for n in 0..200 {
        let id = format!("mesh-{n}");
        document["virtualNetworks"][&id] =
            json!({ "subscription": "sub", "addressPrefixes": [format!("172.20.{n}.0/24")] });
        document["subnets"][format!("{id}-subnet")] =
            json!({ "virtualNetwork": id, "addressPrefix": format!("172.20.{n}.0/24") });
        for other in 0..n {
            for (from, to) in [(n, other), (other, n)] {
                document["virtualNetworkPeerings"][format!("peering-{from}-{to}")] =
                    json!({ "virtualNetwork": format!("mesh-{from}"), "remoteVirtualNetwork": format!("mesh-{to}") });
            }
        }
    }
    for n in [0, 199] {
        document["virtualMachines"][format!("vm-{n}")] = json!({ "services": [{ "name": "web", "port": 80 }] });
        document["networkInterfaces"][format!("vm-{n}-nic")] =
            json!({ "virtualMachine": format!("vm-{n}"), "subnet": format!("mesh-{n}-subnet") });
    }
    let trace = in_time(|| ask(&document, json!({ "from": "vm-0", "to": "172.20.199.4" })));
    assert_eq!(status(&trace), Some(200));
}
