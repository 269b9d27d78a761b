//! Whom a gateway serves: its own network, and those that use it through a peering [PEER-MANAGE].

use std::collections::BTreeMap;

use topology::{Document, Id, check};

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
    for (id, peering) in &document.virtual_network_peerings {
        let Some((spoke, hub)) = ends(network, &peering.virtual_network, &peering.remote_virtual_network) else {
            continue;
        };
        if !peering.use_remote_gateways || !network.networks[spoke].peers.contains(&hub) {
            continue;
        }
        match check::remote_gateways(document, id) {
            Some(problem) => problems.0.push(problem),
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
