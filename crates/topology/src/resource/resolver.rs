//! Azure DNS Private Resolver and its forwarding rulesets.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Extra, is_default};
use crate::{ChildRef, Id};

/// `inboundEndpoints`: an address that answers as Azure DNS does in the resolver's network [PR-OV].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InboundEndpoint {
    /// The subnet its address is taken from; delegated to `Microsoft.Network/dnsResolvers`.
    pub subnet: Id,
    /// The address; the lowest free one of the subnet when absent.
    #[serde(rename = "privateIPAddress", default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `outboundEndpoints`: where forwarded questions leave from. It shows no address [PR-OV].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboundEndpoint {
    /// The subnet it stands in; delegated to `Microsoft.Network/dnsResolvers`.
    pub subnet: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/dnsResolvers`: one for each virtual network [PR-OV].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsResolver {
    /// The network whose zones and rulesets it answers with.
    pub virtual_network: Id,
    /// Inbound endpoints by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inbound_endpoints: IndexMap<SmolStr, InboundEndpoint>,
    /// Outbound endpoints by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outbound_endpoints: IndexMap<SmolStr, OutboundEndpoint>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One server a rule forwards to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetDnsServer {
    /// Its address; never 168.63.129.16 [PR-RULES].
    pub ip_address: Ipv4Addr,
    /// Its port; 53 when absent.
    #[serde(default = "dns_port", skip_serializing_if = "is_dns_port")]
    pub port: u16,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

const fn dns_port() -> u16 {
    53
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_dns_port(port: &u16) -> bool {
    *port == dns_port()
}

/// `forwardingRuleState` [PR-RULES].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForwardingRuleState {
    /// It takes part.
    #[default]
    Enabled,
    /// It is ignored.
    Disabled,
}

/// One rule of a ruleset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForwardingRule {
    /// The names it takes, with a dot at the end: `contoso.com.`, or `.` for every name.
    pub domain_name: SmolStr,
    /// Where they are forwarded, in the order tried.
    #[serde(default)]
    pub target_dns_servers: Vec<TargetDnsServer>,
    /// Whether it takes part.
    #[serde(default, skip_serializing_if = "is_default")]
    pub forwarding_rule_state: ForwardingRuleState,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `virtualNetworkLinks` of a ruleset: the network's questions to Azure DNS follow its rules. No peering is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesetLink {
    /// The network.
    pub virtual_network: Id,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/dnsForwardingRulesets` [PR-RULES].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsForwardingRuleset {
    /// The subscription it lives in.
    pub subscription: Id,
    /// The outbound endpoints it leaves by, as `resolver/endpoint`.
    #[serde(default)]
    pub dns_resolver_outbound_endpoints: Vec<ChildRef>,
    /// Rules by name.
    #[serde(default)]
    pub forwarding_rules: IndexMap<SmolStr, ForwardingRule>,
    /// Links by name.
    #[serde(default)]
    pub virtual_network_links: IndexMap<SmolStr, RulesetLink>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
