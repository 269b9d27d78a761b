//! User-defined routes: those Azure takes, as rows [UDR-OV].

use topology::Document;
use topology::check::usable_routes;
use topology::resource::{self, NextHopType};

use crate::routes::{NextHop, RouteRow, RouteRows, RouteTable};
use crate::table::{RouteTableIx, Rows};
use crate::trace::RouteSource;

pub(super) fn route_tables(document: &Document) -> Rows<RouteTableIx, RouteTable> {
    Rows::compile(&document.route_tables, |_, table| {
        let rows = usable_routes(table).filter_map(|(name, route)| {
            let row = RouteRow::new(route.address_prefix, next_hop(route)?);
            Some(RouteRow { name: Some(name.clone()), ..row })
        });
        RouteTable {
            disable_bgp_route_propagation: table.disable_bgp_route_propagation,
            routes: RouteRows::new(RouteSource::User, rows.collect()),
        }
    })
}

/// What a route leads to. `None` for what no route table may name.
fn next_hop(route: &resource::Route) -> Option<NextHop> {
    match route.next_hop_type {
        NextHopType::VirtualAppliance => route.next_hop_ip_address.map(NextHop::Appliance),
        NextHopType::VnetLocal => Some(NextHop::Local),
        NextHopType::VirtualNetworkGateway => Some(NextHop::Gateway(None)),
        NextHopType::Internet => Some(NextHop::Internet),
        NextHopType::None => Some(NextHop::None),
        NextHopType::VNetPeering
        | NextHopType::VNetGlobalPeering
        | NextHopType::VirtualNetworkServiceEndpoint
        | NextHopType::InterfaceEndpoint => None,
    }
}
