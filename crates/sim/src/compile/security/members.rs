//! What security rules mean by `VirtualNetwork`, `Internet` and application security groups, once addresses and
//! peerings are known [SVC-TAGS].

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::format_smolstr;
use topology::problem::ProblemCode;
use topology::{Document, Id};

use crate::compile::Problems;
use crate::network::{Endpoint, Network};
use crate::security::{AddressSet, ApplicationGroup, NetworkTags};
use crate::table::{ApplicationGroupIx, NetworkIx, Rows};
use crate::walk::AZURE_DNS;

/// Ranges that are not the Internet, whoever uses them (RFC 1918, RFC 6598, RFC 3927).
const NOT_INTERNET: [&str; 5] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
/// Application security groups an interface may join [VNET-LIMITS].
const MOST_JOINED: usize = 20;

pub(in crate::compile) fn assemble(document: &Document, network: &mut Network, problems: &mut Problems) {
    tags(document, network);
    members(document, network, problems);
}

fn tags(document: &Document, network: &mut Network) {
    let reserved: Vec<Ipv4Net> =
        NOT_INTERNET.iter().map(|range| range.parse().expect("the reserved ranges are well formed")).collect();
    // Of two entries for one direction the first counts, as it does for routes.
    let mut open: BTreeMap<(NetworkIx, NetworkIx), bool> = BTreeMap::new();
    for (_, peering) in &document.virtual_network_peerings {
        let ends =
            (network.networks.find(&peering.virtual_network), network.networks.find(&peering.remote_virtual_network));
        if let (Some(from), Some(to)) = ends {
            open.entry((from, to)).or_insert(peering.allow_virtual_network_access);
        }
    }
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for here in networks {
        let row = &network.networks[here];
        let counts = |peer: &NetworkIx| open.get(&(here, *peer)).copied().unwrap_or(true);
        let prefixes_of = |peer: &NetworkIx| network.networks[*peer].prefixes.iter().copied();
        let counted = row.peers.iter().filter(|peer| counts(peer)).flat_map(prefixes_of);
        let learned = row.learned_routes.rows.iter().map(|row| row.prefix);
        let inside: Vec<Ipv4Net> =
            row.prefixes.iter().copied().chain(counted).chain(learned).chain([AZURE_DNS.into()]).collect();
        let mut closed_peers: Vec<NetworkIx> = row.peers.iter().copied().filter(|peer| !counts(peer)).collect();
        closed_peers.sort_unstable();
        let closed = closed_peers.iter().flat_map(prefixes_of);
        let not_internet = AddressSet::of(inside.iter().copied().chain(closed).chain(reserved.iter().copied()));
        let tags = NetworkTags { virtual_network: AddressSet::of(inside), not_internet, closed_peers };
        network.networks[here].tags = tags;
    }
}

fn members(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut groups = Rows::compile(&document.application_security_groups, |_, _| ApplicationGroup::default());
    let interfaces = document.network_interfaces.iter().map(|(id, row)| {
        let index = network.interfaces.find(id).map(|index| &network.interfaces[index]);
        let owner = index.and_then(|row| network.subnets[row.subnet?].network);
        (id, &row.application_security_groups, index.and_then(|row| row.address).into_iter().collect(), owner)
    });
    let endpoints = document.private_endpoints.iter().map(|(id, row)| {
        let endpoint = network.endpoints.by_id(id);
        let addresses: Vec<Ipv4Addr> = endpoint.into_iter().flat_map(Endpoint::addresses).collect();
        (id, &row.application_security_groups, addresses, endpoint.and_then(|endpoint| endpoint.network))
    });
    for (id, joined, addresses, owner) in interfaces.chain(endpoints) {
        if joined.len() > MOST_JOINED {
            let code = ProblemCode::SecurityLimit { count: joined.len(), limit: MOST_JOINED };
            problems.add(id, "applicationSecurityGroups", code);
        }
        for (position, group) in joined.iter().enumerate() {
            let field = format_smolstr!("applicationSecurityGroups/{position}");
            let table = &document.application_security_groups;
            let found: Option<ApplicationGroupIx> = problems.reference(table, group, id, field.clone());
            let (Some(index), Some(owner)) = (found, owner) else { continue };
            if addresses.is_empty() {
                continue;
            }
            let members: &mut Vec<_> = &mut groups[index].members;
            if members.first().is_some_and(|(_, first)| *first != owner) {
                let group: Id = group.clone();
                problems.add(id, field, ProblemCode::ApplicationSecurityGroupSpansNetworks { group });
            }
            members.extend(addresses.iter().map(|address| (*address, owner)));
        }
    }
    let indices: Vec<ApplicationGroupIx> = groups.iter().map(|(index, _, _)| index).collect();
    for index in indices {
        groups[index].members.sort_unstable();
    }
    network.application_groups = groups;
}
