//! Peerings: which networks are connected, and which Azure refuses to connect [PEER-MANAGE].

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use topology::problem::ProblemCode;
use topology::{Document, Id};

use super::Problems;
use crate::network::Network;
use crate::table::NetworkIx;

/// One direction of a peering whose two networks exist.
struct Direction<'d> {
    id: &'d Id,
    from: NetworkIx,
    to: NetworkIx,
    allows_forwarded: bool,
}

/// Connects the peerings that have both directions and that Azure does not refuse [PEER-MANAGE].
pub(super) fn connect(document: &Document, network: &mut Network, problems: &mut Problems) {
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
            directions.push(Direction { id, from, to, allows_forwarded: peering.allow_forwarded_traffic });
        }
    }
    let refused = refused_pairs(network, &directions, &known);
    for Direction { id, from, to, allows_forwarded } in directions {
        let remote = network.networks.id(to).clone();
        if refused.contains(&(from.min(to), from.max(to))) {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOverlap { remote });
        } else if known.contains(&(to, from)) {
            let row = &mut network.networks[from];
            row.peers.push(to);
            if !allows_forwarded {
                row.refuses_forwarded.push(to);
                row.refuses_forwarded.sort_unstable();
            }
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
