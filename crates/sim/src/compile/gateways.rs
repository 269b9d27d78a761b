//! Gateways: where they stand, whom they serve, and what their tunnels tell both ends [VPN-NAT][PEER-MANAGE].

mod connections;
mod transit;

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use smol_str::SmolStr;
use topology::problem::ProblemCode;
use topology::resource::GatewayType;
use topology::{Document, Id, check};

use super::Problems;
use crate::gateways::{Far, Gateway};
use crate::network::Network;
use crate::routes::{NextHop, RouteRow, RouteRows};
use crate::table::{GatewayIx, Index, MachineIx, NetworkIx, Rows, SubnetIx};
use crate::trace::RouteSource;

/// The gateways without their tunnels. One that Azure refuses has no network.
pub(super) fn gateways(document: &Document, problems: &mut Problems) -> Rows<GatewayIx, Gateway> {
    Rows::compile(&document.virtual_network_gateways, |id, row| {
        let subnet: Option<SubnetIx> = problems.reference(&document.subnets, &row.subnet, id, "subnet");
        let refused = check::gateway(document, id);
        let owner = document.virtual_network_of(&row.subnet).filter(|_| refused.is_empty());
        problems.0.extend(refused);
        Gateway {
            kind: row.gateway_type,
            network: owner.and_then(|owner| index_of(document, owner)),
            subnet,
            address: None,
            tunnels: Vec::new(),
            served: Vec::new(),
            pool: row.vpn_client_configuration.vpn_client_address_pool.iter().map(Ipv4Net::trunc).collect(),
            dns_servers: row.vpn_client_configuration.dns_servers.clone(),
            clients: BTreeMap::new(),
        }
    })
}

fn index_of(document: &Document, network: &Id) -> Option<NetworkIx> {
    document.virtual_networks.index_of(network).map(NetworkIx::new)
}

/// Tunnels, transit through peerings, clients, and what every network learns of them.
pub(super) fn assemble(document: &Document, network: &mut Network, problems: &mut Problems) {
    transit::serve(document, network, problems);
    connections::connect(document, network, problems);
    clients(document, network, problems);
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for index in networks {
        let rows = learned(network, index);
        network.networks[index].learned_routes = RouteRows::new(RouteSource::VirtualNetworkGateway, rows);
    }
}

/// Clients with a point-to-site connection, each with the lowest free address of the pool (assumption A61).
fn clients(document: &Document, network: &mut Network, problems: &mut Problems) {
    for (id, row) in &document.internet_clients {
        let Some(target) = &row.virtual_network_gateway else { continue };
        let field = SmolStr::new_static("virtualNetworkGateway");
        let table = &document.virtual_network_gateways;
        let gateway: Option<GatewayIx> = problems.reference(table, target, id, field.clone());
        let machine: Option<MachineIx> = network.machines.find(id);
        let (Some(gateway), Some(machine)) = (gateway, machine) else { continue };
        let row = &mut network.gateways[gateway];
        if row.network.is_none() || row.kind != GatewayType::Vpn {
            continue;
        }
        // The first address of a pool is the gateway's own.
        let free = row.pool.iter().flat_map(|range| range.hosts().skip(1)).find(|host| !row.clients.contains_key(host));
        match free {
            Some(address) => {
                row.clients.insert(address, machine);
                if let Some(outside) = &mut network.machines[machine].outside {
                    outside.vpn = Some((gateway, address));
                }
            }
            None => problems.add(id, field, ProblemCode::ClientPoolIsFull { gateway: target.clone() }),
        }
    }
}

/// What a network learns: the ranges behind the tunnels of the gateways it uses. An ExpressRoute gateway's come first:
/// of equal ranges they are preferred (assumption A62).
fn learned(network: &Network, index: NetworkIx) -> Vec<RouteRow> {
    let mut gateways: Vec<GatewayIx> = network.gateways_of(index).collect();
    gateways.sort_by_key(|gateway| network.gateways[*gateway].kind == GatewayType::Vpn);
    let mut rows: Vec<RouteRow> = Vec::new();
    for gateway in gateways {
        let row = &network.gateways[gateway];
        let tunnels = row.tunnels.iter().map(|tunnel| &network.tunnels[*tunnel]);
        // A range told over a tunnel that is down is forgotten; one that is stated stays.
        let told = tunnels.filter(|tunnel| tunnel.is_up || !tunnel.bgp);
        let own = &network.networks[index].prefixes;
        let beyond = told.filter(|tunnel| !leads_to(network, &tunnel.far, index));
        let ranges = beyond.flat_map(|tunnel| &tunnel.outbound).chain(&row.pool);
        for range in ranges.filter(|range| !own.contains(range)) {
            let known = rows.iter().any(|row| row.prefix == *range && row.hop == NextHop::Gateway(Some(gateway)));
            if !known {
                rows.push(RouteRow::new(*range, NextHop::Gateway(Some(gateway))));
            }
        }
    }
    rows
}

/// Whether a tunnel ends in the network itself.
fn leads_to(network: &Network, far: &Far, index: NetworkIx) -> bool {
    match far {
        Far::Site { .. } => false,
        Far::Gateway(gateway) => network.gateways[*gateway].network == Some(index),
    }
}
