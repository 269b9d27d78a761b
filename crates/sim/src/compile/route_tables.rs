//! User-defined routes: those Azure takes count, the rest are reported [UDR-OV].

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use smol_str::{SmolStr, format_smolstr};
use topology::problem::ProblemCode;
use topology::resource::{self, NextHopType};
use topology::{Document, Id};

use super::Problems;
use crate::routes::{NextHop, RouteRow, RouteRows, RouteTable};
use crate::table::{RouteTableIx, Rows};
use crate::trace::RouteSource;

/// Routes in a table, and tables in a subscription [VNET-LIMITS].
const MOST_ROUTES: usize = 400;
const MOST_TABLES: usize = 200;

pub(super) fn route_tables(document: &Document, problems: &mut Problems) -> Rows<RouteTableIx, RouteTable> {
    let mut tables: BTreeMap<&Id, usize> = BTreeMap::new();
    for (_, table) in &document.route_tables {
        *tables.entry(&table.subscription).or_default() += 1;
    }
    for (subscription, count) in tables.into_iter().filter(|(_, count)| *count > MOST_TABLES) {
        problems.add(subscription, "routeTables", ProblemCode::RouteLimit { count, limit: MOST_TABLES });
    }
    Rows::compile(&document.route_tables, |id, table| RouteTable {
        disable_bgp_route_propagation: table.disable_bgp_route_propagation,
        routes: RouteRows::new(RouteSource::User, rows(id, table, problems)),
    })
}

fn rows(id: &Id, table: &resource::RouteTable, problems: &mut Problems) -> Vec<RouteRow> {
    let count = table.routes.len();
    if count > MOST_ROUTES {
        problems.add(id, "routes", ProblemCode::RouteLimit { count, limit: MOST_ROUTES });
    }
    let mut taken: BTreeMap<Ipv4Net, &SmolStr> = BTreeMap::new();
    let mut rows = Vec::with_capacity(count);
    for (name, route) in &table.routes {
        let prefix = route.address_prefix.trunc();
        if let Some(other) = taken.get(&prefix) {
            let code = ProblemCode::RouteConflict { other: (*other).clone(), prefix };
            problems.add(id, format_smolstr!("routes/{name}/addressPrefix"), code);
            continue;
        }
        if let Some(hop) = hop(id, name, route, problems) {
            taken.insert(prefix, name);
            rows.push(RouteRow { name: Some(name.clone()), ..RouteRow::new(prefix, hop) });
        }
    }
    rows
}

/// What a route leads to; reported when Azure would not take it.
fn hop(id: &Id, name: &SmolStr, route: &resource::Route, problems: &mut Problems) -> Option<NextHop> {
    let next_hop_type = route.next_hop_type;
    let hop = match (next_hop_type, route.next_hop_ip_address) {
        (NextHopType::VirtualAppliance, Some(address)) => return Some(NextHop::Appliance(address)),
        (NextHopType::VirtualAppliance, None) => {
            problems.add(id, format_smolstr!("routes/{name}/nextHopIpAddress"), ProblemCode::RouteWithoutNextHop);
            return None;
        }
        (NextHopType::VnetLocal, _) => NextHop::Local,
        (NextHopType::VirtualNetworkGateway, _) => NextHop::Gateway(None),
        (NextHopType::Internet, _) => NextHop::Internet,
        (NextHopType::None, _) => NextHop::None,
        (
            NextHopType::VNetPeering
            | NextHopType::VNetGlobalPeering
            | NextHopType::VirtualNetworkServiceEndpoint
            | NextHopType::InterfaceEndpoint,
            _,
        ) => {
            let code = ProblemCode::RouteNextHopNotAllowed { next_hop_type };
            problems.add(id, format_smolstr!("routes/{name}/nextHopType"), code);
            return None;
        }
    };
    if route.next_hop_ip_address.is_some() {
        let code = ProblemCode::RouteNextHopAddressNotAllowed { next_hop_type };
        problems.add(id, format_smolstr!("routes/{name}/nextHopIpAddress"), code);
    }
    Some(hop)
}
