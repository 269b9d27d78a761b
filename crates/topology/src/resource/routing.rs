//! Route tables and what their routes lead to [UDR-OV].

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use ipnet::Ipv4Net;
use smol_str::SmolStr;

use crate::Id;
use crate::schema::{resource, words};

words! {
    /// `nextHopType` in the CLI's words [SEED4]. A route of a route table may name some of them only.
    pub enum NextHopType {
        /// Within the virtual network.
        VnetLocal = "VnetLocal",
        /// A network peered in the same region.
        VNetPeering = "VNetPeering",
        /// A network peered in another region.
        VNetGlobalPeering = "VNetGlobalPeering",
        /// The virtual network's gateway, or the one it uses through a peering.
        VirtualNetworkGateway = "VirtualNetworkGateway",
        /// The Internet, or Azure's public addresses over the backbone.
        Internet = "Internet",
        /// A machine that forwards, by its address.
        VirtualAppliance = "VirtualAppliance",
        /// A service's public addresses through a service endpoint.
        VirtualNetworkServiceEndpoint = "VirtualNetworkServiceEndpoint",
        /// A private endpoint.
        InterfaceEndpoint = "InterfaceEndpoint",
        /// Dropped.
        None = "None",
    }
}

resource! {
    /// `Microsoft.Network/routeTables/routes`: a user-defined route.
    pub struct Route {
        /// The destinations it covers.
        pub address_prefix: Ipv4Net = "addressPrefix",
        /// Where it leads.
        pub next_hop_type: NextHopType = "nextHopType",
        /// The address of the appliance, or of a load balancer in front of several.
        pub next_hop_ip_address: Option<Ipv4Addr> = "nextHopIpAddress" or None,
    }
}

resource! {
    /// `Microsoft.Network/routeTables`. Subnets name the one they use.
    pub struct RouteTable {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// Whether routes learned from gateways stay away from the subnets that use it.
        pub disable_bgp_route_propagation: bool = "disableBgpRoutePropagation" or false,
        /// Its routes.
        pub routes: IndexMap<SmolStr, Route> = "routes" or IndexMap::new(),
    }
}
