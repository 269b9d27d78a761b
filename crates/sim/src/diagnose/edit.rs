//! The edits rules suggest.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use smol_str::{SmolStr, format_smolstr};
use topology::command::Command;
use topology::resource::{Access, Direction};
use topology::{Document, Id, Kind};

use super::Remedy;

/// How long a record of a zone group may be kept, in seconds [PE-DNSINT].
const TTL: u32 = 10;
/// The priorities a security rule can have [NSG-OV].
const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=4096;

/// Sets a field of a resource.
pub(super) fn set(id: &Id, path: &[&str], value: impl Into<Value>) -> Remedy {
    let path = path.iter().copied().map(SmolStr::new).collect();
    Command::Set { id: id.clone(), path, value: value.into() }.into()
}

/// Takes a field of a resource away.
pub(super) fn unset(id: &Id, path: &[&str]) -> Remedy {
    set(id, path, Value::Null)
}

/// Creates a resource.
pub(super) fn create(kind: Kind, id: Id, value: Value) -> Remedy {
    Command::Create { kind, id, value }.into()
}

/// Links a network to a zone.
pub(super) fn link(zone: &Id, network: &Id) -> Remedy {
    Command::LinkZone { zone: zone.clone(), network: network.clone() }.into()
}

/// Writes a record of a zone.
pub(super) fn record(zone: &Id, name: &str, addresses: &[Ipv4Addr]) -> Remedy {
    set(zone, &["recordSets", name], json!({ "ttl": TTL, "aRecords": addresses }))
}

/// Lets a private endpoint's records be written into a zone, and follow the endpoint from now on.
pub(super) fn zone_group(endpoint: &Id, zone: &Id) -> Remedy {
    set(endpoint, &["privateDnsZoneGroup"], json!({ "privateDnsZoneConfigs": [{ "privateDnsZoneId": zone }] }))
}

/// A flow a new rule of a security group is to decide.
pub(super) struct Flow {
    pub(super) direction: Direction,
    pub(super) access: Access,
    /// Address, range or tag; every one when absent.
    pub(super) source: Option<SmolStr>,
    pub(super) destination: Option<SmolStr>,
    /// TCP port; every one and every protocol when absent.
    pub(super) port: Option<u16>,
}

/// A rule that decides a flow before the one of this priority does. `None` when no priority is left.
pub(super) fn rule_before(document: &Document, group: &Id, priority: u32, name: &str, flow: &Flow) -> Option<Remedy> {
    let rules = &document.network_security_groups.get(group)?.security_rules;
    let is_free =
        |priority: &u32| !rules.values().any(|rule| rule.direction == flow.direction && rule.priority == *priority);
    let mut priorities = PRIORITIES.filter(|free| *free < priority).rev();
    let priority = priorities.find(is_free)?;
    let mut row = json!({ "priority": priority, "direction": flow.direction, "access": flow.access });
    let stated = [("sourceAddressPrefix", &flow.source), ("destinationAddressPrefix", &flow.destination)];
    for (field, prefix) in stated {
        if let Some(prefix) = prefix {
            row[field] = json!(prefix);
        }
    }
    if let Some(port) = flow.port {
        row["protocol"] = json!("Tcp");
        row["destinationPortRange"] = json!(port.to_string());
    }
    Some(set(group, &["securityRules", &free_name(name, |name| rules.contains_key(name))], row))
}

/// `wanted`, or the first of `wanted-2`, `wanted-3`, … that is not taken.
pub(super) fn free_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> SmolStr {
    let numbered = (2_u32..).map(|number| format_smolstr!("{wanted}-{number}"));
    let mut names = std::iter::once(SmolStr::new(wanted)).chain(numbered);
    names.find(|name| !is_taken(name)).expect("there are more numbers than names")
}
