//! The routes of every virtual network, in the order the CLI prints them [UDR-OV][SEED4].

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use topology::Document;
use topology::document::SystemRoutes;
use topology::problem::ProblemCode;

use super::Problems;
use crate::network::{Network, PrefixRow};
use crate::table::{Index, NetworkIx};
use crate::trace::NextHopType;

/// System routes that lead nowhere. 172.16.0.0/12 is in the set of today only (dispute D1);
/// the two ranges of 25.0.0.0/8 are Microsoft's own [SEED4].
const RESERVED: [&str; 6] =
    ["10.0.0.0/8", ADDED_AFTER_2021, "100.64.0.0/10", "192.168.0.0/16", "25.33.80.0/20", "25.41.3.0/25"];
const ADDED_AFTER_2021: &str = "172.16.0.0/12";

pub(super) fn assemble(document: &Document, network: &mut Network, problems: &mut Problems) {
    connect_peers(document, network, problems);
    let reserved: Vec<Ipv4Net> = RESERVED
        .iter()
        .filter(|prefix| network.system_routes == SystemRoutes::Y2026 || **prefix != ADDED_AFTER_2021)
        .map(|prefix| prefix.parse().expect("the reserved prefixes are well formed"))
        .collect();
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for index in networks {
        let rows = rows(network, index, &reserved);
        network.networks[index].rows = rows;
    }
}

fn rows(network: &Network, index: NetworkIx, reserved: &[Ipv4Net]) -> Vec<PrefixRow> {
    let own = &network.networks[index];
    let local = own.prefixes.iter().map(|prefix| row(*prefix, NextHopType::VnetLocal, Some(index)));
    let peered = own.peers.iter().flat_map(|peer| {
        let remote = &network.networks[*peer];
        let regional = remote.location == own.location;
        let hop = if regional { NextHopType::VNetPeering } else { NextHopType::VNetGlobalPeering };
        remote.prefixes.iter().map(move |prefix| row(*prefix, hop, Some(*peer)))
    });
    let internet = row(Ipv4Net::default(), NextHopType::Internet, None);
    // A network that equals or contains a reserved range takes its route away; one inside it does not.
    let none = reserved
        .iter()
        .filter(|reserved| !own.prefixes.iter().any(|prefix| prefix.contains(*reserved)))
        .map(|prefix| row(*prefix, NextHopType::None, None));
    local.chain(peered).chain([internet]).chain(none).collect()
}

const fn row(prefix: Ipv4Net, next_hop_type: NextHopType, network: Option<NetworkIx>) -> PrefixRow {
    PrefixRow { prefix, next_hop_type, network }
}

/// Peerings with both directions, whose address spaces do not overlap: Azure refuses the others [PEER-MANAGE].
fn connect_peers(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut directions = BTreeSet::new();
    let mut entries = Vec::with_capacity(document.virtual_network_peerings.len());
    for (id, peering) in &document.virtual_network_peerings {
        let table = &document.virtual_networks;
        let from: Option<NetworkIx> = problems.reference(table, &peering.virtual_network, id, "virtualNetwork");
        let to = problems.reference(table, &peering.remote_virtual_network, id, "remoteVirtualNetwork");
        if let (Some(from), Some(to)) = (from, to)
            && from.position() != NetworkIx::position(to)
            && directions.insert((from, to))
        {
            entries.push((id, from, to));
        }
    }
    for (id, from, to) in entries {
        let remote = network.networks.id(to).clone();
        let overlaps = overlap(&network.networks[from].prefixes, &network.networks[to].prefixes);
        if overlaps {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOverlap { remote });
        } else if directions.contains(&(to, from)) {
            network.networks[from].peers.push(to);
        } else {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOneWay { remote });
        }
    }
}

fn overlap(one: &[Ipv4Net], other: &[Ipv4Net]) -> bool {
    one.iter().any(|a| other.iter().any(|b| a.contains(b) || b.contains(a)))
}
