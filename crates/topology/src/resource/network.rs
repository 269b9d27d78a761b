//! Virtual networks, subnets and peerings.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;

use super::ServiceEndpoint;
use crate::Id;
use crate::schema::{resource, words};

words! {
    /// `Enabled` or `Disabled`, as ARM spells its switches.
    #[derive(Default)]
    pub enum Enabled {
        /// On.
        #[default]
        Enabled = "Enabled",
        /// Off.
        Disabled = "Disabled",
    }
}

resource! {
    /// `Microsoft.Network/virtualNetworks`.
    pub struct VirtualNetwork {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// Azure region, such as `westeurope` (the default).
        pub location: SmolStr = "location" or SmolStr::new_static("westeurope"),
        /// `addressSpace.addressPrefixes`.
        pub address_prefixes: Vec<Ipv4Net> = "addressPrefixes",
        /// `dhcpOptions.dnsServers`; empty means Azure-provided DNS, 168.63.129.16 [MICROHACK].
        pub dns_servers: Vec<Ipv4Addr> = "dnsServers" or Vec::new(),
        /// `Basic` raises the number of private endpoints the network takes [PE-HSPE].
        pub private_endpoint_vnet_policies: PrivateEndpointVNetPolicies = "privateEndpointVNetPolicies" or PrivateEndpointVNetPolicies::default(),
    }
}

words! {
    /// `privateEndpointVNetPolicies` of a network [PE-HSPE].
    #[derive(Default)]
    pub enum PrivateEndpointVNetPolicies {
        /// Up to 1,000 private endpoints.
        #[default]
        Disabled = "Disabled",
        /// High scale: up to 5,000.
        Basic = "Basic",
    }
}

words! {
    /// `privateEndpointNetworkPolicies` of the subnet that hosts private endpoints [PE-POLICY].
    #[derive(Default)]
    pub enum PrivateEndpointNetworkPolicies {
        /// Neither security groups nor route tables apply to private endpoints.
        #[default]
        Disabled = "Disabled",
        /// Both apply.
        Enabled = "Enabled",
        /// Only security groups apply.
        NetworkSecurityGroupEnabled = "NetworkSecurityGroupEnabled",
        /// Only route tables apply.
        RouteTableEnabled = "RouteTableEnabled",
    }
}

resource! {
    /// `Microsoft.Network/virtualNetworks/subnets`.
    pub struct Subnet {
        /// The virtual network it divides.
        pub virtual_network: Id = "virtualNetwork",
        /// Display name; the id when absent. Ids are unique in the document, subnet names only in their network.
        pub name: Option<SmolStr> = "name" or None,
        /// Its address range, within the network's.
        pub address_prefix: Ipv4Net = "addressPrefix",
        /// What applies to private endpoints here.
        pub private_endpoint_network_policies: PrivateEndpointNetworkPolicies = "privateEndpointNetworkPolicies" or PrivateEndpointNetworkPolicies::default(),
        /// Must be `Disabled` for the NAT addresses of a private link service [PLS-POLICY].
        pub private_link_service_network_policies: Enabled = "privateLinkServiceNetworkPolicies" or Enabled::default(),
        /// Whether virtual machines without a public address reach the Internet from here (assumption A23).
        pub default_outbound_access: bool = "defaultOutboundAccess" or true,
        /// The NAT gateway its machines leave by [LB-OUT].
        pub nat_gateway: Option<Id> = "natGateway" or None,
        /// Services that its traffic reaches under the subnet's identity [SE-OV].
        pub service_endpoints: Vec<ServiceEndpoint> = "serviceEndpoints" or Vec::new(),
        /// Which resources those services let it reach; every one where none is attached [SE-POL].
        pub service_endpoint_policies: Vec<Id> = "serviceEndpointPolicies" or Vec::new(),
        /// The security group every flow of the subnet passes [NSG-HOW].
        pub network_security_group: Option<Id> = "networkSecurityGroup" or None,
        /// The route table of everything that sends from the subnet [UDR-OV].
        pub route_table: Option<Id> = "routeTable" or None,
    }
}

resource! {
    /// One direction of a peering. Traffic needs both [PEER-MANAGE].
    pub struct VirtualNetworkPeering {
        /// The network this direction starts in.
        pub virtual_network: Id = "virtualNetwork",
        /// The network it leads to.
        pub remote_virtual_network: Id = "remoteVirtualNetwork",
        /// Whether the remote network counts as `VirtualNetwork` in security rules.
        pub allow_virtual_network_access: bool = "allowVirtualNetworkAccess" or true,
        /// Whether packets that did not start in the remote network are accepted.
        pub allow_forwarded_traffic: bool = "allowForwardedTraffic" or false,
        /// Whether the remote network may use this network's gateway.
        pub allow_gateway_transit: bool = "allowGatewayTransit" or false,
        /// Whether this network uses the remote network's gateway.
        pub use_remote_gateways: bool = "useRemoteGateways" or false,
    }
}
