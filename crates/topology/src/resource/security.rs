//! Network security groups and application security groups [NSG-OV].

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Extra, is_default};
use crate::Id;

/// Which way a flow passes the interface or subnet a security group stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Direction {
    /// Towards it.
    Inbound,
    /// Away from it.
    Outbound,
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Inbound => "Inbound",
            Self::Outbound => "Outbound",
        })
    }
}

/// What a security rule does to a flow it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// The flow passes.
    Allow,
    /// The flow is dropped silently.
    Deny,
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        })
    }
}

/// The protocol a security rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecurityRuleProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// IPsec ESP.
    Esp,
    /// IPsec AH.
    Ah,
    /// Every protocol; what a rule means that names none.
    #[default]
    #[serde(rename = "*")]
    Any,
}

impl std::fmt::Display for SecurityRuleProtocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tcp => "Tcp",
            Self::Udp => "Udp",
            Self::Icmp => "Icmp",
            Self::Esp => "Esp",
            Self::Ah => "Ah",
            Self::Any => "*",
        })
    }
}

/// `securityRules[]`. A side that names no prefix and no application security group means every address, and one
/// that names no port range every port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityRule {
    /// 100 to 4096, once per direction; the lowest that matches decides.
    pub priority: u32,
    /// Which flows it looks at.
    pub direction: Direction,
    /// What it does to them.
    pub access: Access,
    /// The protocol it matches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub protocol: SecurityRuleProtocol,
    /// An address, a range, a service tag or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_address_prefix: Option<SmolStr>,
    /// Several of them: an augmented rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_address_prefixes: Vec<SmolStr>,
    /// Whose members are the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_application_security_groups: Vec<Id>,
    /// A port, a range such as `8000-8080`, or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_port_range: Option<SmolStr>,
    /// Several of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_port_ranges: Vec<SmolStr>,
    /// An address, a range, a service tag or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination_address_prefix: Option<SmolStr>,
    /// Several of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destination_address_prefixes: Vec<SmolStr>,
    /// Whose members are the destination.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destination_application_security_groups: Vec<Id>,
    /// A port, a range, or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination_port_range: Option<SmolStr>,
    /// Several of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destination_port_ranges: Vec<SmolStr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/networkSecurityGroups`, attached to subnets and network interfaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkSecurityGroup {
    /// The subscription it lives in.
    pub subscription: Id,
    /// The rules by name. The six default rules follow them in every group and are not written down.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub security_rules: IndexMap<SmolStr, SecurityRule>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/applicationSecurityGroups`: a name for the network interfaces and private endpoints that join it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSecurityGroup {
    /// The subscription it lives in.
    pub subscription: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
