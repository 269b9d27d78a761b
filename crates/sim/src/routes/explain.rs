//! Why a packet takes the route it takes: every row that contains the address, and what became of it.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;

use super::{EffectiveRoutesRefusal, NextHop, SYSTEM_FIRST, Vantage, precedence};
use crate::network::Network;
use crate::table::NetworkIx;
use crate::trace::{Route, RouteSource, RouteState};

/// A row that contains the destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteCandidate {
    /// The row.
    pub route: Route,
    /// What became of it.
    pub verdict: RouteVerdict,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RouteVerdict {
    /// The packet takes it.
    Chosen,
    /// Another row has a longer prefix.
    LongerPrefix {
        /// That prefix.
        prefix: Ipv4Net,
    },
    /// Another row has the same prefix and comes first: `User`, then `VirtualNetworkGateway`, then `Default`; but the
    /// system's routes to virtual networks come before learned ones, and service endpoints before all [UDR-OV][SE-OV].
    SamePrefix {
        /// The source of that row.
        source: RouteSource,
    },
    /// A learned route within a virtual network, a peer or a service endpoint's range: the system's own row is preferred,
    /// though its prefix may be shorter [UDR-OV].
    SystemRouteFirst {
        /// The range of that row.
        prefix: Ipv4Net,
    },
    /// The /32 of a private endpoint: a user-defined route takes its place although it is shorter, because the
    /// policies of the endpoint's subnet include route tables [PE-POLICY].
    Overridden {
        /// The range of the user-defined route.
        prefix: Ipv4Net,
    },
}

/// A row as it is weighed.
#[derive(Clone, Debug)]
pub(super) struct Considered<'n> {
    pub(super) prefix: Ipv4Net,
    source: RouteSource,
    pub(super) hop: NextHop,
    name: Option<&'n SmolStr>,
    pub(super) verdict: RouteVerdict,
}

impl Network {
    /// Which rows of a network interface's (or of a machine's first interface's) effective routes contain an address,
    /// the longest first, and what became of each.
    ///
    /// # Errors
    /// When Azure would not show them.
    pub fn explain_route(
        &self,
        interface: &Id,
        destination: Ipv4Addr,
    ) -> Result<Vec<RouteCandidate>, EffectiveRoutesRefusal> {
        let from = self.vantage_of(interface)?;
        let considered = self.consider(from, destination);
        let candidates = considered
            .into_iter()
            .map(|row| RouteCandidate { route: self.considered_route(&row), verdict: row.verdict });
        Ok(candidates.collect())
    }

    /// Every row that contains an address, with its verdict: longest prefix first, then by precedence.
    pub(super) fn consider(&self, from: Vantage, destination: Ipv4Addr) -> Vec<Considered<'_>> {
        let mut rows = self.rows_containing(from, destination);
        rows.sort_by_key(|row| (std::cmp::Reverse(row.prefix.prefix_len()), precedence(row.source, row.hop)));
        let mut active: Option<(Ipv4Net, RouteSource)> = None;
        for row in rows.iter_mut().filter(|row| row.verdict == RouteVerdict::Chosen) {
            match active {
                Some((prefix, source)) if prefix == row.prefix => row.verdict = RouteVerdict::SamePrefix { source },
                Some(_) | None => active = Some((row.prefix, row.source)),
            }
        }
        // The system's routes to networks stand above learned ones, as long as they are active themselves.
        let is_first = |row: &&Considered<'_>| {
            row.verdict == RouteVerdict::Chosen
                && row.source == RouteSource::Default
                && precedence(row.source, row.hop) <= SYSTEM_FIRST
        };
        if let Some(prefix) = rows.iter().find(is_first).map(|row| row.prefix) {
            for row in &mut rows {
                if row.source == RouteSource::VirtualNetworkGateway && row.verdict == RouteVerdict::Chosen {
                    row.verdict = RouteVerdict::SystemRouteFirst { prefix };
                }
            }
        }
        let mut longest = None;
        for row in rows.iter_mut().filter(|row| row.verdict == RouteVerdict::Chosen) {
            match longest {
                Some(prefix) => row.verdict = RouteVerdict::LongerPrefix { prefix },
                None => longest = Some(row.prefix),
            }
        }
        rows
    }

    /// The rows that contain an address. A private endpoint's /32 already has its verdict when it is overridden.
    fn rows_containing(&self, from: Vantage, destination: Ipv4Addr) -> Vec<Considered<'_>> {
        let mut rows = Vec::with_capacity(8);
        for source in self.sources(from) {
            for (prefix, row) in source.containing(destination) {
                let (hop, name, verdict) = (row.hop, row.name.as_ref(), RouteVerdict::Chosen);
                let is_system = source.source == RouteSource::Default;
                let owner = match hop {
                    NextHop::Local if is_system => Some(from.network),
                    NextHop::Peer { network, .. } if is_system => Some(network),
                    NextHop::Local
                    | NextHop::Peer { .. }
                    | NextHop::Internet
                    | NextHop::None
                    | NextHop::Endpoint(_)
                    | NextHop::Appliance(_)
                    | NextHop::Gateway(_)
                    | NextHop::ServiceEndpoint => None,
                };
                rows.extend(owner.and_then(|owner| self.endpoint_row(from, owner, prefix, destination)));
                rows.push(Considered { prefix, source: source.source, hop, name, verdict });
            }
        }
        rows
    }

    /// The /32 of the private endpoint at an address, next to the row of the narrowest range it lies in.
    fn endpoint_row(
        &self,
        from: Vantage,
        owner: NetworkIx,
        range: Ipv4Net,
        address: Ipv4Addr,
    ) -> Option<Considered<'_>> {
        let endpoints = &self.networks[owner].endpoints;
        let position = endpoints.binary_search_by_key(&address, |(address, _)| *address).ok()?;
        if self.range_containing(owner, address) != Some(range) {
            return None;
        }
        let endpoint = endpoints[position].1;
        let verdict = match self.overriding(from, endpoint, address) {
            Some((prefix, _)) if prefix.prefix_len() < 32 => RouteVerdict::Overridden { prefix },
            Some(_) | None => RouteVerdict::Chosen,
        };
        let (source, hop) = (RouteSource::Default, NextHop::Endpoint(endpoint));
        Some(Considered { prefix: address.into(), source, hop, name: None, verdict })
    }

    pub(super) fn considered_route(&self, row: &Considered<'_>) -> Route {
        let mut route = self.route(row.source, row.prefix, row.hop, row.name);
        route.state = match row.verdict {
            RouteVerdict::Chosen | RouteVerdict::LongerPrefix { .. } | RouteVerdict::SystemRouteFirst { .. } => {
                RouteState::Active
            }
            RouteVerdict::SamePrefix { .. } | RouteVerdict::Overridden { .. } => RouteState::Invalid,
        };
        route
    }
}
