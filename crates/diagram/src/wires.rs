//! Which wires there are, and where they run.

use sim::Place;
use topology::resource::{ConnectionStatus, ConnectionTunnelStatus, ConnectionType};
use topology::{Document, Id};

use crate::geometry::Point;

/// What a wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireKind {
    /// A private endpoint's connection.
    Ribbon(ConnectionStatus),
    /// A part of a service: frontend, backend.
    Attachment,
    /// A peering; `both` when both directions exist.
    Peering { both: bool },
    /// A zone's or ruleset's link to a network.
    DnsLink,
    /// A connection of a gateway; `up` when it carries packets.
    Tunnel { up: bool },
}

/// A wire and its way.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) kind: WireKind,
    pub(crate) from: Place,
    pub(crate) to: Place,
    /// Wires of one bundle may share their way.
    pub(crate) bundle: usize,
    pub(crate) points: Vec<Point>,
}

fn resource(id: &Id) -> Place {
    Place::Resource(id.clone())
}

/// The wires of a document without their ways, the most important first. Ends may not exist.
pub(crate) fn of(document: &Document) -> Vec<Wire> {
    let mut wires: Vec<Wire> = Vec::new();
    let mut n_bundles = 0;
    for (id, endpoint) in &document.private_endpoints {
        if let Some(connection) = endpoint.connection() {
            let kind = WireKind::Ribbon(connection.private_link_service_connection_state.status);
            add(&mut wires, kind, resource(id), resource(&connection.private_link_service_id), n_bundles);
            n_bundles += 1;
        }
    }
    for (id, peering) in &document.virtual_network_peerings {
        let (from, to) = (&peering.virtual_network, &peering.remote_virtual_network);
        let reverse = |(other_id, other): &(&Id, &topology::resource::VirtualNetworkPeering)| {
            *other_id != id && other.virtual_network == *to && other.remote_virtual_network == *from
        };
        let both = document.virtual_network_peerings.iter().any(|entry| reverse(&entry));
        let is_drawn = wires.iter().any(|wire| wire.from == resource(to) && wire.to == resource(from));
        if from != to && !(both && is_drawn) {
            add(&mut wires, WireKind::Peering { both }, resource(from), resource(to), n_bundles);
            n_bundles += 1;
        }
    }
    for connection in document.connections.iter().map(|(_, connection)| connection) {
        let far = match connection.connection_type {
            ConnectionType::IPsec => &connection.local_network_gateway2,
            ConnectionType::Vnet2Vnet => &connection.virtual_network_gateway2,
            ConnectionType::ExpressRoute => &connection.peer,
        };
        if let Some(far) = far {
            let up = connection.connection_status == ConnectionTunnelStatus::Connected;
            let kind = WireKind::Tunnel { up };
            add(&mut wires, kind, resource(far), resource(&connection.virtual_network_gateway1), n_bundles);
            n_bundles += 1;
        }
    }
    for (id, client) in &document.internet_clients {
        if let Some(gateway) = &client.virtual_network_gateway {
            add(&mut wires, WireKind::Tunnel { up: true }, resource(id), resource(gateway), n_bundles);
            n_bundles += 1;
        }
    }
    for (id, service) in &document.private_link_services {
        for frontend in &service.load_balancer_frontend_ip_configurations {
            add(&mut wires, WireKind::Attachment, resource(id), resource(&frontend.parent), n_bundles);
        }
        n_bundles += 1;
    }
    for (id, balancer) in &document.load_balancers {
        let members = balancer.backend_address_pools.values().flat_map(|pool| &pool.network_interfaces);
        for interface in members.filter_map(|interface| document.network_interfaces.get(interface)) {
            add(&mut wires, WireKind::Attachment, resource(id), resource(&interface.virtual_machine), n_bundles);
        }
        let frontends = balancer.frontend_ip_configurations.values();
        for address in frontends.filter_map(|frontend| frontend.public_ip_address.as_ref()) {
            add(&mut wires, WireKind::Attachment, resource(address), resource(id), n_bundles);
        }
        n_bundles += 1;
    }
    for (_, interface) in &document.network_interfaces {
        if let Some(address) = &interface.public_ip_address {
            add(&mut wires, WireKind::Attachment, resource(address), resource(&interface.virtual_machine), n_bundles);
            n_bundles += 1;
        }
    }
    for (id, gateway) in &document.nat_gateways {
        for address in &gateway.public_ip_addresses {
            add(&mut wires, WireKind::Attachment, resource(id), resource(address), n_bundles);
        }
        for (subnet, _) in document.subnets.iter().filter(|(_, row)| row.nat_gateway.as_ref() == Some(id)) {
            add(&mut wires, WireKind::Attachment, resource(id), resource(subnet), n_bundles);
        }
        n_bundles += 1;
    }
    for (id, zone) in &document.private_dns_zones {
        for link in zone.virtual_network_links.values() {
            add(&mut wires, WireKind::DnsLink, resource(id), Place::AzureDns(link.virtual_network.clone()), n_bundles);
        }
        n_bundles += 1;
    }
    for (id, ruleset) in &document.dns_forwarding_rulesets {
        for link in ruleset.virtual_network_links.values() {
            add(&mut wires, WireKind::DnsLink, resource(id), Place::AzureDns(link.virtual_network.clone()), n_bundles);
        }
        n_bundles += 1;
    }
    wires
}

fn add(wires: &mut Vec<Wire>, kind: WireKind, from: Place, to: Place, bundle: usize) {
    let is_new =
        !wires.iter().rev().take_while(|wire| wire.bundle == bundle).any(|wire| wire.from == from && wire.to == to);
    if is_new && from != to {
        wires.push(Wire { kind, from, to, bundle, points: Vec::new() });
    }
}

/// What zones and platform services want to stand above and below.
pub(crate) fn pulls(wires: &[Wire]) -> Vec<(Place, Place)> {
    wires
        .iter()
        .filter_map(|wire| match wire.kind {
            WireKind::Ribbon(_) => Some((wire.to.clone(), wire.from.clone())),
            WireKind::DnsLink => Some((wire.from.clone(), wire.to.clone())),
            WireKind::Attachment | WireKind::Peering { .. } | WireKind::Tunnel { .. } => None,
        })
        .collect()
}
