//! Private zones, their records, and who may ask them [PRIV-ZONE].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use indexmap::IndexMap;
use smol_str::{SmolStr, format_smolstr};
use topology::problem::ProblemCode;
use topology::resource::RecordSet as Records;
use topology::{Document, Id};
use wire::DomainName;

use super::Problems;
use crate::names::DnsServer;
use crate::network::{Network, RecordSet, Zone, ZoneLink};
use crate::table::{Index, NetworkIx, Rows, ZoneIx};

/// How long a registered record may be kept, in seconds.
const REGISTERED_TTL: u32 = 10;

pub(super) fn zones(document: &Document) -> Rows<ZoneIx, Zone> {
    Rows::compile(&document.private_dns_zones, |_, row| zone(&row.name, &row.record_sets))
}

pub(super) fn server(row: &topology::resource::DnsServer) -> Box<DnsServer> {
    Box::new(DnsServer {
        zones: row.zones.iter().map(|(name, row)| (name.clone(), zone(name, &row.record_sets))).collect(),
        conditional_forwarders: row.conditional_forwarders.clone().into_iter().collect(),
        forwarders: row.forwarders.clone(),
        root_hints: row.root_hints,
    })
}

fn zone(name: &DomainName, record_sets: &IndexMap<SmolStr, Records>) -> Zone {
    let records = record_sets.iter().map(|(name, set)| {
        let (addresses, alias) = (set.a_records.clone(), set.cname_record.clone());
        (SmolStr::new(name.to_ascii_lowercase()), RecordSet { ttl: set.ttl, addresses, alias, registered: false })
    });
    Zone { name: name.clone(), records: records.collect() }
}

/// Links zones to networks and indexes them by name. A network cannot be linked to two zones of one name
/// [OBS-OVERLAP]: the first link counts.
pub(super) fn link(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut registrations: BTreeMap<NetworkIx, ZoneIx> = BTreeMap::new();
    for (position, (id, row)) in document.private_dns_zones.iter().enumerate() {
        let zone = ZoneIx::new(position);
        for (name, link) in &row.virtual_network_links {
            let field = format_smolstr!("virtualNetworkLinks/{name}");
            let linked: Option<NetworkIx> =
                problems.reference(&document.virtual_networks, &link.virtual_network, id, field.clone());
            let Some(linked) = linked else { continue };
            let (asking, zones) = (&mut network.networks[linked], &network.zones);
            match asking.links.entry(row.name.clone()) {
                Entry::Vacant(free) => {
                    free.insert(ZoneLink { zone, name: name.clone(), policy: link.resolution_policy });
                }
                Entry::Occupied(taken) => {
                    let code = ProblemCode::OverlappingNamespaces {
                        network: link.virtual_network.clone(),
                        linked: zones.id(taken.get().zone).clone(),
                    };
                    problems.add(id, field, code);
                    continue;
                }
            }
            if link.registration_enabled {
                let first = *registrations.entry(linked).or_insert(zone);
                if first == zone {
                    continue;
                }
                let (network, zone) = (link.virtual_network.clone(), network.zones.id(first).clone());
                problems.add(id, field, ProblemCode::SecondRegistrationZone { network, zone });
            }
        }
    }
    register(network, &registrations);
    index(network);
}

/// Writes the machines of registering networks into their zone, by their own name [VNET-LINKS].
/// A record someone wrote by hand stays as it is.
fn register(network: &mut Network, registrations: &BTreeMap<NetworkIx, ZoneIx>) {
    if registrations.is_empty() {
        return;
    }
    let mut machines: Vec<(Id, ZoneIx, std::net::Ipv4Addr)> = Vec::new();
    for (index, id, _) in network.machines.iter() {
        let Some(sender) = network.sender(index) else { continue };
        if let Some(zone) = registrations.get(&sender.network) {
            machines.push((id.clone(), *zone, sender.address));
        }
    }
    for (id, zone, address) in machines {
        let name = SmolStr::new(id.as_str().to_ascii_lowercase());
        let set = RecordSet { ttl: REGISTERED_TTL, addresses: vec![address], alias: None, registered: true };
        network.zones[zone].records.entry(name).or_insert(set);
    }
}

fn index(network: &mut Network) {
    let names = &mut network.zone_names;
    for (zone, _, row) in network.zones.iter() {
        names.zones.entry(row.name.clone()).or_insert(zone);
        for record in row.records.keys() {
            let full = if record == "@" { Ok(row.name.clone()) } else { row.name.child(record) };
            if let Ok(full) = full {
                names.holders.entry(full).or_default().push(zone);
            }
        }
    }
}
