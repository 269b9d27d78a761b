//! Where a gateway may stand, and whose gateways a peering may use [UDR-OV][VNET-LIMITS][PEER-MANAGE].

use super::Found;
use crate::problem::{Problem, ProblemCode};
use crate::resource::{GatewayType, NextHopType, Route};
use crate::{Document, Id};

/// The only name a gateway's subnet may have.
const GATEWAY_SUBNET: &str = "GatewaySubnet";

/// What is wrong with where a gateway stands. One with a problem is not there.
#[must_use]
pub fn gateway(document: &Document, id: &Id) -> Vec<Problem> {
    let mut found = Found::default();
    let Some(row) = document.virtual_network_gateways.get(id) else { return found.0 };
    if !document.subnets.contains(&row.subnet) {
        return found.0;
    }
    if document.display_name(&row.subnet) != GATEWAY_SUBNET {
        found.add(id, "subnet", ProblemCode::GatewaySubnetName { subnet: row.subnet.clone() });
    }
    if let Some(network) = document.virtual_network_of(&row.subnet)
        && let Some(gateway) = first_of_type(document, network, row.gateway_type).filter(|first| *first != id)
    {
        let code = ProblemCode::SecondGateway { network: network.clone(), gateway: gateway.clone() };
        found.add(id, "gatewayType", code);
    }
    // A default route on its subnet cuts a VPN gateway off from its peers.
    if row.gateway_type == GatewayType::Vpn && has_default_route(document, &row.subnet) {
        found.add(id, "subnet", ProblemCode::GatewayDefaultRoute { subnet: row.subnet.clone() });
    }
    found.0
}

fn first_of_type<'d>(document: &'d Document, network: &Id, of: GatewayType) -> Option<&'d Id> {
    let mut gateways = document.virtual_network_gateways.iter();
    let stands_here =
        |row: &crate::resource::VirtualNetworkGateway| document.virtual_network_of(&row.subnet) == Some(network);
    gateways.find(|(_, row)| row.gateway_type == of && stands_here(row)).map(|(id, _)| id)
}

fn has_default_route(document: &Document, subnet: &Id) -> bool {
    let table = document.subnets.get(subnet).and_then(|subnet| subnet.route_table.as_ref());
    let routes = table.and_then(|table| document.route_tables.get(table)).map(|table| &table.routes);
    let leads_away =
        |route: &Route| route.address_prefix.prefix_len() == 0 && route.next_hop_type != NextHopType::Internet;
    routes.is_some_and(|routes| routes.values().any(leads_away))
}

/// Why a peering cannot use the gateways of the other side, when it says so.
#[must_use]
pub fn remote_gateways(document: &Document, id: &Id) -> Option<Problem> {
    let row = document.virtual_network_peerings.get(id).filter(|row| row.use_remote_gateways)?;
    let (own, remote) = (&row.virtual_network, &row.remote_virtual_network);
    let peerings = || document.virtual_network_peerings.iter().map(|(_, peering)| peering);
    let first = peerings().find(|other| other.use_remote_gateways && other.virtual_network == *own);
    let offered = peerings().find(|back| back.virtual_network == *remote && back.remote_virtual_network == *own);
    let code = if let Some(first) = first.filter(|first| first.remote_virtual_network != *remote) {
        ProblemCode::SecondRemoteGateway { remote: first.remote_virtual_network.clone() }
    } else if has_gateway(document, own) {
        ProblemCode::RemoteGatewayBesideOwn { network: own.clone() }
    } else if !has_gateway(document, remote) {
        ProblemCode::RemoteGatewayMissing { remote: remote.clone() }
    } else if !offered.is_some_and(|back| back.allow_gateway_transit) {
        ProblemCode::GatewayTransitNotAllowed { remote: remote.clone() }
    } else {
        return None;
    };
    Some(Problem { code, subject: id.clone(), field: "useRemoteGateways".into() })
}

fn has_gateway(document: &Document, network: &Id) -> bool {
    let gateways = document.virtual_network_gateways.iter();
    let mut here = gateways.filter(|(_, row)| document.virtual_network_of(&row.subnet) == Some(network));
    here.any(|(id, _)| gateway(document, id).is_empty())
}
