//! Private link services and private endpoints.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Extra, is_default};
use crate::{ChildRef, Id};

/// A list of subscription ids, or `*` for everyone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscriptions {
    /// Subscription ids, or the one entry `*`.
    #[serde(default)]
    pub subscriptions: Vec<SmolStr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One NAT IP of a private link service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NatIpConfiguration {
    /// The subnet the address is taken from.
    pub subnet: Id,
    /// The address; the lowest free one of the subnet when absent.
    #[serde(rename = "privateIPAddress", default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/privateLinkServices` [PLS-OV].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateLinkService {
    /// The frontends traffic arrives at, as `loadBalancer/frontend`.
    #[serde(default)]
    pub load_balancer_frontend_ip_configurations: Vec<ChildRef>,
    /// The NAT IPs consumers appear as: one to eight.
    #[serde(default)]
    pub ip_configurations: Vec<NatIpConfiguration>,
    /// Whether each connection to the backend begins with a PROXY v2 header.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enable_proxy_protocol: bool,
    /// Who can see the service. Empty: only through role-based access control.
    #[serde(default, skip_serializing_if = "is_default")]
    pub visibility: Subscriptions,
    /// Whose connections are approved at once; a subset of visibility.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auto_approval: Subscriptions,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `privateLinkServiceConnectionState.status` [PE-OV].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionStatus {
    /// The owner has not decided.
    #[default]
    Pending,
    /// Traffic flows.
    Approved,
    /// The owner said no.
    Rejected,
    /// The owner removed the connection, or the target is gone.
    Disconnected,
}

impl std::fmt::Display for ConnectionStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pending => "Pending",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Disconnected => "Disconnected",
        })
    }
}

/// `privateLinkServiceConnectionState`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionState {
    /// Where the approval stands.
    #[serde(default)]
    pub status: ConnectionStatus,
    /// What the owner wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One connection of a private endpoint to its target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateLinkServiceConnection {
    /// The private link service or platform service it connects to.
    pub private_link_service_id: Id,
    /// The sub-resource of a platform service; empty for a private link service [PE-OV].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_ids: Vec<SmolStr>,
    /// What the consumer wrote to the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_message: Option<String>,
    /// Where the approval stands.
    #[serde(default)]
    pub private_link_service_connection_state: ConnectionState,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One zone of a zone group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsZoneConfig {
    /// The zone that holds the endpoint's record.
    pub private_dns_zone_id: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `privateDnsZoneGroups/default`: the zones whose records follow the endpoint's life [PE-DNSINT].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsZoneGroup {
    /// Up to five zones.
    #[serde(default)]
    pub private_dns_zone_configs: Vec<DnsZoneConfig>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/privateEndpoints` [PE-OV].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateEndpoint {
    /// The subnet its network interface stands in.
    pub subnet: Id,
    /// The address of its network interface; the lowest free one of the subnet when absent (assumption A3).
    #[serde(rename = "privateIPAddress", default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<Ipv4Addr>,
    /// The connection, when its creator may approve it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub private_link_service_connections: Vec<PrivateLinkServiceConnection>,
    /// The connection, when the owner has to approve it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub manual_private_link_service_connections: Vec<PrivateLinkServiceConnection>,
    /// Which zones hold its records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_dns_zone_group: Option<DnsZoneGroup>,
    /// The application security groups it has joined; they mean something only where security groups apply to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub application_security_groups: Vec<Id>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PrivateEndpoint {
    /// Its one connection, whichever list holds it.
    #[must_use]
    pub fn connection(&self) -> Option<&PrivateLinkServiceConnection> {
        self.private_link_service_connections.iter().chain(&self.manual_private_link_service_connections).next()
    }

    /// Its one connection, to be changed.
    pub(crate) fn connection_mut(&mut self) -> Option<&mut PrivateLinkServiceConnection> {
        self.private_link_service_connections.iter_mut().chain(&mut self.manual_private_link_service_connections).next()
    }
}
