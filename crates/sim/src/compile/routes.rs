//! The routes of every virtual network, in the order the CLI prints them [UDR-OV][SEED4].

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use topology::document::SystemRoutes;
use topology::problem::ProblemCode;
use topology::{Document, Id};

use super::Problems;
use crate::network::{Network, PrefixRow};
use crate::table::NetworkIx;
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

/// One direction of a peering whose two networks exist.
struct Direction<'d> {
    id: &'d Id,
    from: NetworkIx,
    to: NetworkIx,
}

/// Connects the peerings that have both directions and that Azure does not refuse [PEER-MANAGE].
fn connect_peers(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut known = BTreeSet::new();
    let mut directions = Vec::with_capacity(document.virtual_network_peerings.len());
    for (id, peering) in &document.virtual_network_peerings {
        let table = &document.virtual_networks;
        let from: Option<NetworkIx> = problems.reference(table, &peering.virtual_network, id, "virtualNetwork");
        let to = problems.reference(table, &peering.remote_virtual_network, id, "remoteVirtualNetwork");
        if let (Some(from), Some(to)) = (from, to)
            && from != to
            && known.insert((from, to))
        {
            directions.push(Direction { id, from, to });
        }
    }
    let refused = refused_pairs(network, &directions, &known);
    for Direction { id, from, to } in directions {
        let remote = network.networks.id(to).clone();
        if refused.contains(&(from.min(to), from.max(to))) {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOverlap { remote });
        } else if known.contains(&(to, from)) {
            network.networks[from].peers.push(to);
        } else {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOneWay { remote });
        }
    }
}

/// Pairs that Azure refuses: a network may overlap neither the one it is peered with nor any that one is already
/// peered with. Of two that overlap, the later one in the document is refused.
fn refused_pairs(
    network: &Network,
    directions: &[Direction<'_>],
    known: &BTreeSet<(NetworkIx, NetworkIx)>,
) -> BTreeSet<(NetworkIx, NetworkIx)> {
    let mut spaces: BTreeMap<NetworkIx, Ranges> = BTreeMap::new();
    let mut decided = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for Direction { from, to, .. } in directions {
        let pair = (*from.min(to), *from.max(to));
        if !decided.insert(pair) {
            continue;
        }
        let ends = [(*from, *to), (*to, *from)];
        let overlaps = ends.iter().any(|(near, far)| {
            let own = &network.networks[*near].prefixes;
            spaces.entry(*near).or_insert_with(|| Ranges::of(own)).overlaps(&network.networks[*far].prefixes)
        });
        if overlaps {
            refused.insert(pair);
        } else if known.contains(&(*to, *from)) {
            for (near, far) in ends {
                spaces.entry(near).or_default().add(&network.networks[far].prefixes);
            }
        }
    }
    refused
}

/// Address ranges by their first address, as a network and its peers use them.
#[derive(Default)]
struct Ranges(BTreeMap<Ipv4Addr, Ipv4Addr>);

impl Ranges {
    fn of(prefixes: &[Ipv4Net]) -> Self {
        let mut ranges = Self::default();
        ranges.add(prefixes);
        ranges
    }

    fn add(&mut self, prefixes: &[Ipv4Net]) {
        for prefix in prefixes {
            let around = self.0.range_mut(..=prefix.network()).next_back();
            match around.filter(|(_, last)| **last >= prefix.network()) {
                Some((_, last)) => *last = prefix.broadcast().max(*last),
                None => drop(self.0.insert(prefix.network(), prefix.broadcast())),
            }
        }
    }

    fn overlaps(&self, prefixes: &[Ipv4Net]) -> bool {
        prefixes.iter().any(|prefix| {
            let before = self.0.range(..=prefix.broadcast()).next_back();
            before.is_some_and(|(_, last)| *last >= prefix.network())
        })
    }
}
