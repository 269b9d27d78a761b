//! Effective routes and the choice among them [UDR-OV].

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use topology::Id;

use crate::network::{Network, PrefixRow};
use crate::table::{EndpointIx, NetworkIx};
use crate::trace::{NextHopType, Route, RouteSource, RouteState};

/// What the chosen route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextHop {
    /// The private endpoint itself.
    Endpoint(EndpointIx),
    /// An address of this network.
    Network(NetworkIx),
    /// A public address.
    Internet,
    /// Nowhere.
    None,
}

/// The chosen route and the rows it won against.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) next_hop: NextHop,
    pub(crate) route: Route,
    pub(crate) losers: Vec<Route>,
}

impl Network {
    /// The effective routes of a network interface (or of a machine's first), in the order the CLI prints them:
    /// the network's ranges, its peers' ranges, system routes, then the private endpoints by address.
    #[must_use]
    pub fn effective_routes(&self, interface: &Id) -> Vec<Route> {
        let Some(network) = self.network_of_interface(interface) else { return Vec::new() };
        let row = &self.networks[network];
        let mut endpoints: Vec<(Ipv4Addr, EndpointIx)> = row.endpoints.clone();
        for peer in &row.peers {
            endpoints.extend(&self.networks[*peer].endpoints);
        }
        endpoints.sort();
        let mut routes: Vec<Route> = row.rows.iter().map(|row| self.prefix_route(row)).collect();
        routes.extend(endpoints.into_iter().map(|(address, endpoint)| self.endpoint_route(address, endpoint)));
        let mut seen = BTreeSet::new();
        for route in &mut routes {
            if !seen.insert(route.address_prefix) {
                route.state = RouteState::Invalid;
            }
        }
        routes
    }

    /// Longest prefix first; of equal prefixes the one that stands first. `None` when nothing contains the address.
    pub(crate) fn select_route(&self, network: NetworkIx, destination: Ipv4Addr) -> Option<Selection> {
        let rows = &self.networks[network].rows;
        let mut candidates: Vec<(NextHop, Route)> = Vec::new();
        for row in rows.iter().filter(|row| row.prefix.contains(&destination)) {
            if let Some(owner) = row.network {
                let endpoints = &self.networks[owner].endpoints;
                if let Ok(position) = endpoints.binary_search_by_key(&destination, |(address, _)| *address) {
                    let endpoint = endpoints[position].1;
                    candidates.push((NextHop::Endpoint(endpoint), self.endpoint_route(destination, endpoint)));
                }
            }
            let next_hop = match (row.next_hop_type, row.network) {
                (NextHopType::None, _) => NextHop::None,
                (_, Some(owner)) => NextHop::Network(owner),
                (_, None) => NextHop::Internet,
            };
            candidates.push((next_hop, self.prefix_route(row)));
        }
        candidates.sort_by_key(|(_, route)| std::cmp::Reverse(route.address_prefix.prefix_len()));
        let mut candidates = candidates.into_iter();
        let (next_hop, route) = candidates.next()?;
        Some(Selection { next_hop, route, losers: candidates.map(|(_, route)| route).collect() })
    }

    fn network_of_interface(&self, id: &Id) -> Option<NetworkIx> {
        let interface = match self.interfaces.find(id) {
            Some(interface) => interface,
            None => *self.machines.by_id(id)?.interfaces.first()?,
        };
        self.subnets[self.interfaces[interface].subnet?].network
    }

    fn prefix_route(&self, row: &PrefixRow) -> Route {
        let target = match row.next_hop_type {
            NextHopType::VNetPeering | NextHopType::VNetGlobalPeering => {
                row.network.map(|network| self.networks.id(network).clone())
            }
            NextHopType::VnetLocal | NextHopType::Internet | NextHopType::None | NextHopType::InterfaceEndpoint => None,
        };
        default_route(row.prefix, row.next_hop_type, target)
    }

    fn endpoint_route(&self, address: Ipv4Addr, endpoint: EndpointIx) -> Route {
        let target = Some(self.endpoints.id(endpoint).clone());
        default_route(Ipv4Net::from(address), NextHopType::InterfaceEndpoint, target)
    }
}

const fn default_route(address_prefix: Ipv4Net, next_hop_type: NextHopType, target: Option<Id>) -> Route {
    Route { source: RouteSource::Default, state: RouteState::Active, address_prefix, next_hop_type, target }
}
