//! Load balancers.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Extra, is_default};
use crate::Id;

/// `sku.name` of a load balancer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sku {
    /// Standard: the only one a private link service accepts [PLS-OV].
    #[default]
    Standard,
    /// Basic.
    Basic,
}

/// Where a load balancer receives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrontendIpConfiguration {
    /// The subnet of an internal frontend.
    pub subnet: Id,
    /// Its address; the lowest free one of the subnet when absent.
    #[serde(rename = "privateIPAddress", default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The machines a load balancer spreads flows over, by network interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackendAddressPool {
    /// Members by network interface. A private link service needs such a pool [PLS-OV].
    #[serde(default)]
    pub network_interfaces: Vec<Id>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How a probe asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeProtocol {
    /// TCP handshake.
    Tcp,
    /// HTTP GET; only 200 counts as healthy [PROBE].
    Http,
    /// HTTPS GET; only 200 counts as healthy.
    Https,
}

/// A health probe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// How it asks.
    pub protocol: ProbeProtocol,
    /// The port on the backend it asks.
    pub port: u16,
    /// The path an HTTP probe asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_path: Option<SmolStr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Every protocol and port (HA ports).
    All,
}

/// Which part of a flow decides its backend [LB-DIST].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadDistribution {
    /// Five-tuple.
    #[default]
    Default,
    /// Source and destination address.
    #[serde(rename = "SourceIP")]
    SourceIp,
    /// Source and destination address, and protocol.
    #[serde(rename = "SourceIPProtocol")]
    SourceIpProtocol,
}

/// A load-balancing rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadBalancingRule {
    /// The frontend it listens on, by name.
    #[serde(rename = "frontendIPConfiguration")]
    pub frontend_ip_configuration: SmolStr,
    /// The pool it spreads over, by name.
    pub backend_address_pool: SmolStr,
    /// The probe that decides who is healthy, by name. Without one every member counts as healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<SmolStr>,
    /// What it matches.
    pub protocol: RuleProtocol,
    /// Port on the frontend.
    pub frontend_port: u16,
    /// Port on the backend.
    pub backend_port: u16,
    /// What decides the backend.
    #[serde(default, skip_serializing_if = "is_default")]
    pub load_distribution: LoadDistribution,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/loadBalancers`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadBalancer {
    /// Standard or Basic.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sku: Sku,
    /// Frontends by name.
    #[serde(rename = "frontendIPConfigurations", default)]
    pub frontend_ip_configurations: IndexMap<SmolStr, FrontendIpConfiguration>,
    /// Pools by name.
    #[serde(default)]
    pub backend_address_pools: IndexMap<SmolStr, BackendAddressPool>,
    /// Probes by name.
    #[serde(default)]
    pub probes: IndexMap<SmolStr, Probe>,
    /// Rules by name.
    #[serde(default)]
    pub load_balancing_rules: IndexMap<SmolStr, LoadBalancingRule>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
