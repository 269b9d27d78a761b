//! Services of the platform: storage accounts, key vaults and whatever else the service catalogue names.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use wire::DomainName;

use super::network::{default_location, is_default_location};
use super::{Extra, is_default};
use crate::Id;

/// `publicNetworkAccess` [STG-NET].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicNetworkAccess {
    /// The public endpoint answers, subject to `networkAcls`.
    #[default]
    Enabled,
    /// Only private endpoints are answered.
    Disabled,
}

/// What happens to a request no rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefaultAction {
    /// It passes.
    #[default]
    Allow,
    /// It is refused.
    Deny,
}

/// A subnet that may pass, by its service endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualNetworkRule {
    /// The subnet.
    #[serde(rename = "virtualNetworkResourceId")]
    pub subnet: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `networkAcls` (the CLI says `networkRuleSet`) [STG-NET].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkAcls {
    /// What happens to a request no rule names.
    #[serde(default)]
    pub default_action: DefaultAction,
    /// Public addresses or ranges that may pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ip_rules: Vec<SmolStr>,
    /// Subnets that may pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub virtual_network_rules: Vec<VirtualNetworkRule>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Where a sub-resource answers on the Internet. Azure chooses these; a document may pin what a capture showed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicEndpoint {
    /// The name at the end of the public alias chain.
    pub canonical_name: DomainName,
    /// Its address.
    #[serde(rename = "ipAddress")]
    pub ip_address: Ipv4Addr,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A platform service: an account of a type the service catalogue describes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformService {
    /// ARM type, such as `Microsoft.Storage/storageAccounts`.
    #[serde(rename = "type")]
    pub resource_type: SmolStr,
    /// The subscription it lives in.
    pub subscription: Id,
    /// Azure region, such as `westeurope` (the default): which regional service tag covers its public address.
    #[serde(default = "default_location", skip_serializing_if = "is_default_location")]
    pub location: SmolStr,
    /// Whether the public endpoint answers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub public_network_access: PublicNetworkAccess,
    /// The firewall of the public endpoint.
    #[serde(default, skip_serializing_if = "is_default")]
    pub network_acls: NetworkAcls,
    /// Public names and addresses by group id, where a document pins them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub public_endpoints: IndexMap<SmolStr, PublicEndpoint>,
    /// What a GET of a path returns, by path.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub content: IndexMap<SmolStr, String>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
