//! Virtual networks, subnets and peerings.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Extra, is_default};
use crate::Id;

/// `Enabled` or `Disabled`, as ARM spells its switches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Enabled {
    /// On.
    #[default]
    Enabled,
    /// Off.
    Disabled,
}

/// `Microsoft.Network/virtualNetworks`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualNetwork {
    /// The subscription it lives in.
    pub subscription: Id,
    /// Azure region, such as `westeurope` (the default).
    #[serde(default = "default_location", skip_serializing_if = "is_default_location")]
    pub location: SmolStr,
    /// `addressSpace.addressPrefixes`.
    pub address_prefixes: Vec<Ipv4Net>,
    /// `dhcpOptions.dnsServers`; empty means Azure-provided DNS, 168.63.129.16 [MICROHACK].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns_servers: Vec<Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

pub(super) fn default_location() -> SmolStr {
    SmolStr::new_static("westeurope")
}

pub(super) fn is_default_location(location: &SmolStr) -> bool {
    location == "westeurope"
}

/// `privateEndpointNetworkPolicies` of the subnet that hosts private endpoints [PE-POLICY].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrivateEndpointNetworkPolicies {
    /// Neither security groups nor route tables apply to private endpoints.
    #[default]
    Disabled,
    /// Both apply.
    Enabled,
    /// Only security groups apply.
    NetworkSecurityGroupEnabled,
    /// Only route tables apply.
    RouteTableEnabled,
}

/// `Microsoft.Network/virtualNetworks/subnets`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subnet {
    /// The virtual network it divides.
    pub virtual_network: Id,
    /// Display name; the id when absent. Ids are unique in the document, subnet names only in their network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<SmolStr>,
    /// Its address range, within the network's.
    pub address_prefix: Ipv4Net,
    /// What applies to private endpoints here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub private_endpoint_network_policies: PrivateEndpointNetworkPolicies,
    /// Must be `Disabled` for the NAT addresses of a private link service [PLS-POLICY].
    #[serde(default, skip_serializing_if = "is_default")]
    pub private_link_service_network_policies: Enabled,
    /// Whether virtual machines without a public address reach the Internet from here (assumption A23).
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub default_outbound_access: bool,
    /// The security group every flow of the subnet passes [NSG-HOW].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_security_group: Option<Id>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One direction of a peering. Traffic needs both [PEER-MANAGE].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualNetworkPeering {
    /// The network this direction starts in.
    pub virtual_network: Id,
    /// The network it leads to.
    pub remote_virtual_network: Id,
    /// Whether the remote network counts as `VirtualNetwork` in security rules.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub allow_virtual_network_access: bool,
    /// Whether packets that did not start in the remote network are accepted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow_forwarded_traffic: bool,
    /// Whether the remote network may use this network's gateway.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow_gateway_transit: bool,
    /// Whether this network uses the remote network's gateway.
    #[serde(default, skip_serializing_if = "is_default")]
    pub use_remote_gateways: bool,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_yes(value: &bool) -> bool {
    *value
}
