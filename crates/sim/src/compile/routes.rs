//! The system routes of every virtual network, in the order the CLI prints them [UDR-OV][SEED4].

use ipnet::Ipv4Net;
use topology::document::SystemRoutes;

use crate::network::Network;
use crate::routes::{NextHop, RouteRow, RouteRows};
use crate::table::NetworkIx;
use crate::trace::RouteSource;

/// System routes that lead nowhere. 172.16.0.0/12 is in the set of today only (dispute D1);
/// the two ranges of 25.0.0.0/8 are Microsoft's own [SEED4].
const RESERVED: [&str; 6] =
    ["10.0.0.0/8", ADDED_AFTER_2021, "100.64.0.0/10", "192.168.0.0/16", "25.33.80.0/20", "25.41.3.0/25"];
const ADDED_AFTER_2021: &str = "172.16.0.0/12";

pub(super) fn assemble(network: &mut Network) {
    let reserved: Vec<Ipv4Net> = RESERVED
        .iter()
        .filter(|prefix| network.system_routes == SystemRoutes::Y2026 || **prefix != ADDED_AFTER_2021)
        .map(|prefix| prefix.parse().expect("the reserved prefixes are well formed"))
        .collect();
    let networks: Vec<NetworkIx> = network.networks.iter().map(|(index, _, _)| index).collect();
    for index in networks {
        let rows = rows(network, index, &reserved);
        network.networks[index].system_routes = RouteRows::new(RouteSource::Default, rows);
    }
}

fn rows(network: &Network, index: NetworkIx, reserved: &[Ipv4Net]) -> Vec<RouteRow> {
    let own = &network.networks[index];
    let local = own.prefixes.iter().map(|prefix| RouteRow::new(*prefix, NextHop::Local));
    let peered = own.peers.iter().flat_map(|peer| {
        let remote = &network.networks[*peer];
        let hop = NextHop::Peer { network: *peer, is_global: remote.location != own.location };
        remote.prefixes.iter().map(move |prefix| RouteRow::new(*prefix, hop))
    });
    let internet = RouteRow::new(Ipv4Net::default(), NextHop::Internet);
    // A network that equals or contains a reserved range takes its route away; one inside it does not.
    let none = reserved
        .iter()
        .filter(|reserved| !own.prefixes.iter().any(|prefix| prefix.contains(*reserved)))
        .map(|prefix| RouteRow::new(*prefix, NextHop::None));
    local.chain(peered).chain([internet]).chain(none).collect()
}
