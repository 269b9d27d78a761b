//! Peerings [PEER-MANAGE].

use ipnet::Ipv4Net;

use super::limit;
use crate::address::overlap;
use crate::command::Refusal;
use crate::resource::VirtualNetworkPeering;
use crate::{Document, Id};

/// The peerings of a network, both ways, when its address space changes.
pub(super) fn of_network(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    for (peering, row) in &document.virtual_network_peerings {
        if row.virtual_network == *id || row.remote_virtual_network == *id {
            spaces(document, peering, faults);
        }
    }
}

/// One peering for each remote network, and address spaces that meet nobody else's.
pub(super) fn peering(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.virtual_network_peerings.get(id) else { return };
    if row.virtual_network == row.remote_virtual_network {
        faults.push(Refusal::PeeringWithItself { peering: id.clone(), network: row.virtual_network.clone() });
        return;
    }
    let peerings = document.virtual_network_peerings.iter();
    let own: Vec<_> = peerings.filter(|(_, other)| other.virtual_network == row.virtual_network).collect();
    let is_second = |(other, candidate): &&(&Id, &VirtualNetworkPeering)| {
        *other != id && candidate.remote_virtual_network == row.remote_virtual_network
    };
    if let Some((other, _)) = own.iter().find(is_second) {
        let (peering, other, remote) = (id.clone(), (*other).clone(), row.remote_virtual_network.clone());
        faults.push(Refusal::AnotherPeeringAlreadyReferencesRemoteVnet { peering, other, remote });
    }
    limit(faults, &row.virtual_network, "virtualNetworkPeerings", own.len(), 500);
    spaces(document, id, faults);
}

/// The address spaces of both sides may overlap neither each other nor a network peered with the other side. A peering
/// left over without its other direction counts [TRE-3255].
fn spaces(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.virtual_network_peerings.get(id) else { return };
    let (local, remote) = (&row.virtual_network, &row.remote_virtual_network);
    let prefixes = common(document, local, remote);
    if !prefixes.is_empty() {
        let (first, second) = (local.clone(), remote.clone());
        faults.push(Refusal::VnetAddressSpacesOverlap { peering: id.clone(), first, second, prefixes });
    }
    for (first, second) in [(local, remote), (remote, local)] {
        for third in peers(document, second).into_iter().filter(|third| third != first) {
            let prefixes = common(document, first, &third);
            if !prefixes.is_empty() {
                let (peering, first, second) = (id.clone(), first.clone(), second.clone());
                faults.push(Refusal::VnetAddressSpaceOverlapsWithAlreadyPeeredVnet {
                    peering,
                    first,
                    second,
                    third,
                    prefixes,
                });
            }
        }
    }
}

fn peers(document: &Document, network: &Id) -> Vec<Id> {
    let mut peers = Vec::new();
    for (_, row) in &document.virtual_network_peerings {
        let other = match (&row.virtual_network, &row.remote_virtual_network) {
            (local, remote) if local == network => remote,
            (local, remote) if remote == network => local,
            _ => continue,
        };
        if other != network && !peers.contains(other) {
            peers.push(other.clone());
        }
    }
    peers
}

/// The prefixes of the first network that overlap the second.
fn common(document: &Document, first: &Id, second: &Id) -> Vec<Ipv4Net> {
    let space = |id: &Id| document.virtual_networks.get(id).map_or(&[][..], |row| row.address_prefixes.as_slice());
    let others = space(second);
    space(first).iter().copied().filter(|prefix| others.iter().any(|other| overlap(*prefix, *other))).collect()
}
