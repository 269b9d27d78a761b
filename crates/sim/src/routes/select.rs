//! The choice among effective routes [UDR-OV].

use std::net::Ipv4Addr;

use super::{NextHop, RouteVerdict, Vantage};
use crate::network::Network;
use crate::table::NetworkIx;
use crate::trace::Route;

/// The chosen route and the rows it won against.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) hop: NextHop,
    pub(crate) route: Route,
    pub(crate) losers: Vec<Route>,
    /// The network whose private endpoint's route gave way to a shorter one.
    pub(crate) overridden: Option<NetworkIx>,
}

impl Network {
    /// The route a packet to an address takes. `None` when nothing contains the address.
    pub(crate) fn select_route(&self, from: Vantage, destination: Ipv4Addr) -> Option<Selection> {
        let considered = self.consider(from, destination);
        let chosen = considered.iter().position(|row| row.verdict == RouteVerdict::Chosen)?;
        let hop = considered[chosen].hop;
        let overridden = considered.iter().find_map(|row| match (&row.verdict, row.hop) {
            (RouteVerdict::Overridden { .. }, NextHop::Endpoint(endpoint)) => self.endpoints[endpoint].network,
            (RouteVerdict::Overridden { .. } | RouteVerdict::Chosen, _)
            | (RouteVerdict::LongerPrefix { .. } | RouteVerdict::SamePrefix { .. }, _)
            | (RouteVerdict::SystemRouteFirst { .. }, _) => None,
        });
        let mut losers: Vec<Route> = considered.iter().map(|row| self.considered_route(row)).collect();
        let route = losers.remove(chosen);
        Some(Selection { hop, route, losers, overridden })
    }

    /// Only where a packet to an address goes, without the reasons.
    pub(crate) fn next_hop(&self, from: Vantage, destination: Ipv4Addr) -> Option<NextHop> {
        let considered = self.consider(from, destination);
        considered.iter().find(|row| row.verdict == RouteVerdict::Chosen).map(|row| row.hop)
    }
}
