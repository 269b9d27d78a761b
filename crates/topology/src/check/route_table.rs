//! What a route table may be [UDR-OV][VNET-LIMITS].

use std::collections::{BTreeMap, BTreeSet};

use ipnet::Ipv4Net;
use smol_str::{SmolStr, format_smolstr};

use super::Found;
use crate::problem::{Problem, ProblemCode};
use crate::resource::{NextHopType, Route, RouteTable};
use crate::{Document, Id};

/// Routes in a table.
const ROUTE_LIMIT: usize = 400;
/// Tables in a subscription.
const TABLE_LIMIT: usize = 200;

/// What is wrong with the route tables of a document.
#[must_use]
pub fn route_tables(document: &Document) -> Vec<Problem> {
    let mut found = Found::default();
    let mut tables: BTreeMap<&Id, usize> = BTreeMap::new();
    for (id, table) in &document.route_tables {
        *tables.entry(&table.subscription).or_default() += 1;
        found.0.extend(route_table(id, table));
    }
    for (subscription, count) in tables.into_iter().filter(|(_, count)| *count > TABLE_LIMIT) {
        found.add(subscription, "routeTables", ProblemCode::RouteLimit { count, limit: TABLE_LIMIT });
    }
    found.0
}

/// The routes that count: those that lead somewhere a route table may name, and of two with one prefix the first.
pub fn usable_routes(table: &RouteTable) -> impl Iterator<Item = (&SmolStr, &Route)> {
    let mut taken: BTreeSet<Ipv4Net> = BTreeSet::new();
    table.routes.iter().filter(move |(_, route)| leads_somewhere(route) && taken.insert(route.address_prefix.trunc()))
}

/// What is wrong with one of them.
pub(crate) fn route_table(id: &Id, table: &RouteTable) -> Vec<Problem> {
    let mut found = Found::default();
    let count = table.routes.len();
    if count > ROUTE_LIMIT {
        found.add(id, "routes", ProblemCode::RouteLimit { count, limit: ROUTE_LIMIT });
    }
    let mut taken: BTreeMap<Ipv4Net, &SmolStr> = BTreeMap::new();
    for (name, route) in &table.routes {
        let (prefix, next_hop_type) = (route.address_prefix.trunc(), route.next_hop_type);
        match taken.get(&prefix) {
            Some(other) => {
                let conflict = ProblemCode::RouteConflict { other: (*other).clone(), prefix };
                found.add(id, format_smolstr!("routes/{name}/addressPrefix"), conflict);
            }
            None => drop(taken.insert(prefix, name)),
        }
        let address = format_smolstr!("routes/{name}/nextHopIpAddress");
        match (next_hop_type, route.next_hop_ip_address) {
            (NextHopType::VirtualAppliance, Some(_)) => {}
            (NextHopType::VirtualAppliance, None) => found.add(id, address, ProblemCode::RouteWithoutNextHop),
            (_, None) => {}
            (_, Some(_)) => found.add(id, address, ProblemCode::RouteNextHopAddressNotAllowed { next_hop_type }),
        }
        if !is_allowed(next_hop_type) {
            let code = ProblemCode::RouteNextHopNotAllowed { next_hop_type };
            found.add(id, format_smolstr!("routes/{name}/nextHopType"), code);
        }
    }
    found.0
}

fn leads_somewhere(route: &Route) -> bool {
    is_allowed(route.next_hop_type)
        && (route.next_hop_type != NextHopType::VirtualAppliance || route.next_hop_ip_address.is_some())
}

/// Whether a route table may name a next hop: the rest are the platform's own [UDR-OV].
const fn is_allowed(next_hop_type: NextHopType) -> bool {
    match next_hop_type {
        NextHopType::VnetLocal
        | NextHopType::VirtualNetworkGateway
        | NextHopType::Internet
        | NextHopType::VirtualAppliance
        | NextHopType::None => true,
        NextHopType::VNetPeering
        | NextHopType::VNetGlobalPeering
        | NextHopType::VirtualNetworkServiceEndpoint
        | NextHopType::InterfaceEndpoint => false,
    }
}
