//! Effective routes: what the sources of routes add up to for whatever sends from a subnet [UDR-OV].

mod explain;
mod rows;
mod select;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::resource::{NextHopType, PrivateEndpointNetworkPolicies};

pub use self::explain::{RouteCandidate, RouteVerdict};
pub(crate) use self::rows::{RouteRow, RouteRows};

use crate::network::Network;
use crate::table::{EndpointIx, GatewayIx, NetworkIx, SubnetIx};
use crate::trace::{Route, RouteSource, RouteState};

/// What a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextHop {
    /// An address of the sender's own network.
    Local,
    /// An address of a peered network.
    Peer { network: NetworkIx, is_global: bool },
    /// A public address.
    Internet,
    /// Nowhere.
    None,
    /// The private endpoint itself.
    Endpoint(EndpointIx),
    /// The machine, or the load balancer, with this address.
    Appliance(Ipv4Addr),
    /// A service's public addresses, under the subnet's identity.
    ServiceEndpoint,
    /// A gateway of the sender's network, or of a peer: the one a route was learned from, or for a user-defined route
    /// the VPN gateway there is.
    Gateway(Option<GatewayIx>),
}

impl NextHop {
    pub(crate) const fn next_hop_type(self) -> NextHopType {
        match self {
            Self::Local => NextHopType::VnetLocal,
            Self::Peer { is_global: false, .. } => NextHopType::VNetPeering,
            Self::Peer { is_global: true, .. } => NextHopType::VNetGlobalPeering,
            Self::Internet => NextHopType::Internet,
            Self::None => NextHopType::None,
            Self::Endpoint(_) => NextHopType::InterfaceEndpoint,
            Self::Appliance(_) => NextHopType::VirtualAppliance,
            Self::Gateway(_) => NextHopType::VirtualNetworkGateway,
            Self::ServiceEndpoint => NextHopType::VirtualNetworkServiceEndpoint,
        }
    }
}

/// Where a packet is sent from, as far as routes are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vantage {
    pub(crate) network: NetworkIx,
    /// The subnet whose route table counts; a platform resolver has none.
    pub(crate) subnet: Option<SubnetIx>,
}

/// A route table as a document states it, compiled.
#[derive(Clone, Debug)]
pub(crate) struct RouteTable {
    pub(crate) disable_bgp_route_propagation: bool,
    pub(crate) routes: RouteRows,
}

/// Why no effective routes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EffectiveRoutesRefusal {
    /// No network interface in a subnet, and no machine with one, has this id.
    NoSuchInterface,
    /// Azure does not show the effective routes of a private endpoint's interface [PE-OV].
    PrivateEndpoint,
}

impl Network {
    /// The effective routes of a network interface (or of a machine's first), in the order the CLI prints them:
    /// the network's ranges, its peers' ranges, the gateways', system routes, those of the route table, those of service
    /// endpoints, then the private endpoints by address.
    ///
    /// # Errors
    /// When Azure would not show them.
    pub fn effective_routes(&self, interface: &Id) -> Result<Vec<Route>, EffectiveRoutesRefusal> {
        let from = self.vantage_of(interface)?;
        let mut routes: Vec<(u8, Route)> = Vec::new();
        let rows = || self.sources(from).flat_map(|source| source.rows.iter().map(|row| (source.source, row)));
        let mut best: BTreeMap<Ipv4Net, u8> = BTreeMap::new();
        for (source, row) in rows() {
            let rank = precedence(source, row.hop);
            for prefix in row.prefixes() {
                best.entry(prefix).and_modify(|lowest| *lowest = rank.min(*lowest)).or_insert(rank);
            }
        }
        for (source, row) in rows() {
            let mut route = self.route(source, row.prefix, row.hop, row.name.as_ref());
            route.further_prefixes = row.further_prefixes.to_vec();
            // Taken out, so that of several with the same rank the first is the active one.
            match best.get(&row.prefix) {
                Some(rank) if *rank == precedence(source, row.hop) => drop(best.insert(row.prefix, 0)),
                Some(_) | None => route.state = RouteState::Invalid,
            }
            routes.push((printed_at(source, row.hop), route));
        }
        routes.sort_by_key(|(at, _)| *at);
        let mut routes: Vec<Route> = routes.into_iter().map(|(_, route)| route).collect();
        let reached = std::iter::once(from.network).chain(self.networks[from.network].peers.iter().copied());
        let mut endpoints: Vec<(Ipv4Addr, EndpointIx)> =
            reached.flat_map(|network| self.networks[network].endpoints.iter().copied()).collect();
        endpoints.sort_unstable();
        for (address, endpoint) in endpoints {
            let mut route = self.route(RouteSource::Default, address.into(), NextHop::Endpoint(endpoint), None);
            if self.overriding(from, endpoint, address).is_some() {
                route.state = RouteState::Invalid;
            }
            routes.push(route);
        }
        Ok(routes)
    }

    /// The sources of routes that count for a sender. A new kind of route is one more of them.
    pub(crate) fn sources(&self, from: Vantage) -> impl Iterator<Item = &RouteRows> {
        let own = &self.networks[from.network];
        let table = from.subnet.and_then(|subnet| self.subnets[subnet].route_table);
        let table = table.map(|table| &self.route_tables[table]);
        let is_propagated = !table.is_some_and(|table| table.disable_bgp_route_propagation);
        let learned = is_propagated.then_some(&own.learned_routes);
        let service_endpoints = from.subnet.map(|subnet| &self.subnets[subnet].service_endpoint_routes);
        [Some(&own.system_routes), learned, table.map(|table| &table.routes), service_endpoints].into_iter().flatten()
    }

    /// The routes of the sender's route table.
    pub(crate) fn user_routes(&self, from: Vantage) -> Option<&RouteRows> {
        let table = self.subnets[from.subnet?].route_table?;
        Some(&self.route_tables[table].routes)
    }

    /// The user-defined route that takes the place of a private endpoint's /32, if one does [PE-POLICY]: one of
    /// exactly that address, or, where the policies of the endpoint's subnet include route tables, one at least as
    /// long as the range of the endpoint's network.
    fn overriding(&self, from: Vantage, endpoint: EndpointIx, address: Ipv4Addr) -> Option<(Ipv4Net, &RouteRow)> {
        let user = self.user_routes(from)?.containing(address).next()?;
        let endpoint = &self.endpoints[endpoint];
        let range = endpoint.network.and_then(|network| self.range_containing(network, address))?;
        let is_replaced = user.0.prefix_len() == 32;
        let policies = endpoint.subnet.map(|subnet| self.subnets[subnet].endpoint_policies);
        let is_steered = policies.is_some_and(steers_endpoints) && user.0.prefix_len() >= range.prefix_len();
        (is_replaced || is_steered).then_some(user)
    }

    /// The range of a network that contains an address: the narrowest.
    pub(crate) fn range_containing(&self, network: NetworkIx, address: Ipv4Addr) -> Option<Ipv4Net> {
        let ranges = self.networks[network].prefixes.iter().filter(|range| range.contains(&address));
        ranges.max_by_key(|range| range.prefix_len()).copied()
    }

    fn vantage_of(&self, id: &Id) -> Result<Vantage, EffectiveRoutesRefusal> {
        if self.endpoints.by_id(id).is_some() {
            return Err(EffectiveRoutesRefusal::PrivateEndpoint);
        }
        let first = || self.machines.by_id(id)?.interfaces.first().copied();
        let interface = self.interfaces.find(id).or_else(first);
        let subnet = interface.and_then(|interface| self.interfaces[interface].subnet);
        let network = subnet.and_then(|subnet| self.subnets[subnet].network);
        network.map(|network| Vantage { network, subnet }).ok_or(EffectiveRoutesRefusal::NoSuchInterface)
    }

    /// A route as the CLI shows it, as long as nothing is better.
    fn route(&self, source: RouteSource, address_prefix: Ipv4Net, hop: NextHop, name: Option<&SmolStr>) -> Route {
        let (target, next_hop_ip_address) = match hop {
            NextHop::Peer { network, .. } => (Some(self.networks.id(network).clone()), None),
            NextHop::Endpoint(endpoint) => (Some(self.endpoints.id(endpoint).clone()), None),
            NextHop::Appliance(address) => (None, Some(address)),
            NextHop::Gateway(gateway) => (None, gateway.and_then(|gateway| self.gateways[gateway].address)),
            NextHop::Local | NextHop::Internet | NextHop::None | NextHop::ServiceEndpoint => (None, None),
        };
        Route {
            source,
            state: RouteState::Active,
            address_prefix,
            further_prefixes: Vec::new(),
            next_hop_type: hop.next_hop_type(),
            next_hop_ip_address,
            target,
            name: name.cloned(),
        }
    }
}

/// Which of several routes of one prefix takes part: the lowest, never 0 [UDR-OV]. A user-defined route comes before a learned
/// one and that before a system route, but the system's own routes to networks and peers are not replaced by learned ones,
/// and nothing replaces those of service endpoints [SE-OV].
const fn precedence(source: RouteSource, hop: NextHop) -> u8 {
    match (source, hop) {
        (RouteSource::Default, NextHop::ServiceEndpoint) => 1,
        (RouteSource::User, _) => 2,
        (RouteSource::Default, NextHop::Local | NextHop::Peer { .. } | NextHop::Endpoint(_)) => SYSTEM_FIRST,
        (RouteSource::VirtualNetworkGateway, _) => 4,
        (RouteSource::Default, NextHop::Internet | NextHop::None | NextHop::Appliance(_) | NextHop::Gateway(_)) => 5,
    }
}

/// The rank up to which system routes come before learned ones, even before longer ones.
const SYSTEM_FIRST: u8 = 3;

/// Where the CLI prints a route [SEED4].
const fn printed_at(source: RouteSource, hop: NextHop) -> u8 {
    match (source, hop) {
        (RouteSource::Default, NextHop::Local) => 0,
        (RouteSource::Default, NextHop::Peer { .. }) => 1,
        (RouteSource::VirtualNetworkGateway, _) => 2,
        (RouteSource::Default, NextHop::Internet | NextHop::None | NextHop::Appliance(_) | NextHop::Gateway(_)) => 3,
        (RouteSource::User, _) => 4,
        (RouteSource::Default, NextHop::ServiceEndpoint) => 5,
        (RouteSource::Default, NextHop::Endpoint(_)) => 6,
    }
}

/// Whether route tables apply to the private endpoints of a subnet [PE-POLICY].
pub(crate) const fn steers_endpoints(policies: PrivateEndpointNetworkPolicies) -> bool {
    matches!(policies, PrivateEndpointNetworkPolicies::Enabled | PrivateEndpointNetworkPolicies::RouteTableEnabled)
}
