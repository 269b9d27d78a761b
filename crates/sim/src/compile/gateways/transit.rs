//! Whom a gateway serves: its own network, and those that use it through a peering [PEER-MANAGE].

use std::collections::BTreeMap;

use topology::problem::ProblemCode;
use topology::{Document, Id};

use crate::compile::Problems;
use crate::network::Network;
use crate::table::{GatewayIx, NetworkIx};

pub(super) fn serve(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut owned: BTreeMap<NetworkIx, Vec<GatewayIx>> = BTreeMap::new();
    for (gateway, _, row) in network.gateways.iter() {
        if let Some(owner) = row.network {
            owned.entry(owner).or_default().push(gateway);
        }
    }
    let mut served: Vec<(GatewayIx, NetworkIx)> = Vec::new();
    for (owner, gateways) in &owned {
        served.extend(gateways.iter().map(|gateway| (*gateway, *owner)));
    }
    let mut allowed: BTreeMap<(NetworkIx, NetworkIx), bool> = BTreeMap::new();
    for (_, peering) in &document.virtual_network_peerings {
        if let Some(ends) = ends(network, &peering.virtual_network, &peering.remote_virtual_network) {
            allowed.entry(ends).or_insert(peering.allow_gateway_transit);
        }
    }
    let mut users: BTreeMap<NetworkIx, NetworkIx> = BTreeMap::new();
    for (id, peering) in &document.virtual_network_peerings {
        let Some((spoke, hub)) = ends(network, &peering.virtual_network, &peering.remote_virtual_network) else {
            continue;
        };
        if !peering.use_remote_gateways || !network.networks[spoke].peers.contains(&hub) {
            continue;
        }
        let remote = peering.remote_virtual_network.clone();
        let first = *users.entry(spoke).or_insert(hub);
        let refusal = if first != hub {
            Some(ProblemCode::SecondRemoteGateway { remote: network.networks.id(first).clone() })
        } else if owned.contains_key(&spoke) {
            Some(ProblemCode::RemoteGatewayBesideOwn { network: peering.virtual_network.clone() })
        } else if !owned.contains_key(&hub) {
            Some(ProblemCode::RemoteGatewayMissing { remote })
        } else if !allowed.get(&(hub, spoke)).copied().unwrap_or(false) {
            Some(ProblemCode::GatewayTransitNotAllowed { remote })
        } else {
            None
        };
        match refusal {
            Some(code) => problems.add(id, "useRemoteGateways", code),
            None => served.extend(owned.get(&hub).into_iter().flatten().map(|gateway| (*gateway, spoke))),
        }
    }
    for (gateway, user) in served {
        let row = &mut network.gateways[gateway].served;
        if !row.contains(&user) {
            row.push(user);
        }
    }
}

fn ends(network: &Network, from: &Id, to: &Id) -> Option<(NetworkIx, NetworkIx)> {
    Some((network.networks.find(from)?, network.networks.find(to)?))
}
