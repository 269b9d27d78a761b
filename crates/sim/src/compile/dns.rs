//! Private zones, their records, and who may ask them [PRIV-ZONE].

use smol_str::{SmolStr, format_smolstr};
use topology::Document;

use super::Problems;
use crate::network::{Network, RecordSet, Zone, ZoneLink};
use crate::table::{Index, NetworkIx, Rows, ZoneIx};

pub(super) fn zones(document: &Document) -> Rows<ZoneIx, Zone> {
    Rows::compile(&document.private_dns_zones, |_, row| Zone {
        name: row.name.clone(),
        records: (row.record_sets.iter())
            .map(|(name, set)| {
                let name = SmolStr::new(name.to_ascii_lowercase());
                (name, RecordSet { ttl: set.ttl, addresses: set.a_records.clone() })
            })
            .collect(),
    })
}

/// Links zones to networks and indexes them by name. A network cannot be linked to two zones of one name
/// [OBS-OVERLAP]: the first link counts.
pub(super) fn link(document: &Document, network: &mut Network, problems: &mut Problems) {
    for (position, (id, row)) in document.private_dns_zones.iter().enumerate() {
        let zone = ZoneIx::new(position);
        for (name, link) in &row.virtual_network_links {
            let field = format_smolstr!("virtualNetworkLinks/{name}");
            let linked: Option<NetworkIx> =
                problems.reference(&document.virtual_networks, &link.virtual_network, id, field);
            if let Some(linked) = linked {
                let link = ZoneLink { zone, name: name.clone(), policy: link.resolution_policy };
                network.networks[linked].links.entry(row.name.clone()).or_insert(link);
            }
        }
        network.zone_names.zones.entry(row.name.clone()).or_insert(zone);
        for record in row.record_sets.keys() {
            let full = if record == "@" { Ok(row.name.clone()) } else { row.name.child(record) };
            if let Ok(full) = full {
                network.zone_names.holders.entry(full).or_insert(zone);
            }
        }
    }
}
