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

/// Peerings of one network [VNET-LIMITS].
const MOST_PEERINGS: usize = 500;

/// Connects the peerings that have both directions and that Azure does not refuse [PEER-MANAGE].
pub(super) fn connect(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut known = BTreeSet::new();
    let mut counts: BTreeMap<NetworkIx, usize> = BTreeMap::new();
    let mut directions = Vec::with_capacity(document.virtual_network_peerings.len());
    for (id, peering) in &document.virtual_network_peerings {
        let table = &document.virtual_networks;
        let from: Option<NetworkIx> = problems.reference(table, &peering.virtual_network, id, "virtualNetwork");
        let to = problems.reference(table, &peering.remote_virtual_network, id, "remoteVirtualNetwork");
        let (Some(from), Some(to)) = (from, to) else { continue };
        let remote = peering.remote_virtual_network.clone();
        if from == to {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringWithItself);
        } else if known.insert((from, to)) {
            *counts.entry(from).or_default() += 1;
            directions.push(Direction { id, from, to, allows_forwarded: peering.allow_forwarded_traffic });
        } else {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringTwice { remote });
        }
    }
    for (from, count) in counts.into_iter().filter(|(_, count)| *count > MOST_PEERINGS) {
        let code = ProblemCode::PeeringLimit { count, limit: MOST_PEERINGS };
        problems.add(network.networks.id(from), "virtualNetworkPeerings", code);
    }
    let refused = refused_pairs(network, &directions, &known);
    for Direction { id, from, to, allows_forwarded } in directions {
        let remote = network.networks.id(to).clone();
        if let Some(overlap) = refused.get(&(from.min(to), from.max(to))) {
            problems.add(id, "remoteVirtualNetwork", overlap.problem(network, remote));
        } else if known.contains(&(to, from)) {
            let row = &mut network.networks[from];
            row.peers.push(to);
            if !allows_forwarded {
                row.refuses_forwarded.push(to);
            }
        } else {
            problems.add(id, "remoteVirtualNetwork", ProblemCode::PeeringOneWay { remote });
        }
    }
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for index in networks {
        network.networks[index].refuses_forwarded.sort_unstable();
    }
}

/// Why two networks cannot be peered.
struct Overlap {
    /// The ranges of `first` that overlap.
    prefixes: Vec<Ipv4Net>,
    first: NetworkIx,
    second: NetworkIx,
    /// The network already peered with `second` that is in the way; `second` itself when there is none.
    third: Option<NetworkIx>,
}

impl Overlap {
    fn problem(&self, network: &Network, remote: Id) -> ProblemCode {
        let name = |index| network.networks.id(index).clone();
        let prefixes = self.prefixes.clone();
        match self.third {
            None => ProblemCode::PeeringOverlap { remote, prefixes },
            Some(third) => ProblemCode::PeeringOverlapWithPeer {
                first: name(self.first),
                second: name(self.second),
                third: name(third),
                prefixes,
            },
        }
    }
}

/// Pairs that Azure refuses: a network may overlap neither the one it is peered with nor any that one is already
/// peered with; a peering left over without its other direction still counts. Of two that overlap, the later one in
/// the document is refused.
fn refused_pairs(
    network: &Network,
    directions: &[Direction<'_>],
    known: &BTreeSet<(NetworkIx, NetworkIx)>,
) -> BTreeMap<(NetworkIx, NetworkIx), Overlap> {
    let mut spaces: BTreeMap<NetworkIx, Space> = BTreeMap::new();
    let mut decided = BTreeSet::new();
    let mut refused = BTreeMap::new();
    for Direction { from, to, .. } in directions {
        let pair = (*from.min(to), *from.max(to));
        if !decided.insert(pair) {
            continue;
        }
        let ends = [(*from, *to), (*to, *from)];
        let overlap = ends.iter().find_map(|(near, far)| {
            let space = spaces.entry(*near).or_insert_with(|| Space::of(&network.networks[*near].prefixes));
            space.overlap(network, *near, *far)
        });
        if let Some(overlap) = overlap {
            refused.insert(pair, overlap);
            continue;
        }
        for (near, far) in ends.into_iter().filter(|end| known.contains(end)) {
            let space = spaces.entry(near).or_default();
            space.ranges.add(&network.networks[far].prefixes);
            space.peers.push(far);
        }
    }
    refused
}

/// What a network and its peers use.
#[derive(Default)]
struct Space {
    ranges: Ranges,
    peers: Vec<NetworkIx>,
}

impl Space {
    fn of(prefixes: &[Ipv4Net]) -> Self {
        let mut space = Self::default();
        space.ranges.add(prefixes);
        space
    }

    /// Whether another network could not be peered with the one this space belongs to. Only then it is looked up why.
    fn overlap(&self, network: &Network, near: NetworkIx, far: NetworkIx) -> Option<Overlap> {
        let theirs = &network.networks[far].prefixes;
        if !self.ranges.overlaps(theirs) {
            return None;
        }
        let shared = |other: NetworkIx| -> Vec<Ipv4Net> {
            let ranges = Self::of(&network.networks[other].prefixes).ranges;
            theirs.iter().copied().filter(|prefix| ranges.overlaps(std::slice::from_ref(prefix))).collect()
        };
        let others = std::iter::once(near).chain(self.peers.iter().copied());
        let mut shared = others.map(|other| (other, shared(other)));
        let (other, prefixes) = shared.find(|(_, prefixes)| !prefixes.is_empty())?;
        Some(Overlap { prefixes, first: far, second: near, third: (other != near).then_some(other) })
    }
}

/// Address ranges by their first address, as a network and its peers use them.
#[derive(Default)]
struct Ranges(BTreeMap<Ipv4Addr, Ipv4Addr>);

impl Ranges {
    /// Keeps ranges apart: one that meets others becomes one with them.
    fn add(&mut self, prefixes: &[Ipv4Net]) {
        for prefix in prefixes {
            let (mut first, mut last) = (prefix.network(), prefix.broadcast());
            while let Some((start, end)) = self.0.range(..=last).next_back().filter(|(_, end)| **end >= first) {
                (first, last) = (first.min(*start), last.max(*end));
                let start = *start;
                self.0.remove(&start);
            }
            self.0.insert(first, last);
        }
    }

    fn overlaps(&self, prefixes: &[Ipv4Net]) -> bool {
        prefixes.iter().any(|prefix| {
            let before = self.0.range(..=prefix.broadcast()).next_back();
            before.is_some_and(|(_, last)| *last >= prefix.network())
        })
    }
}
