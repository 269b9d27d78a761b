//! Private DNS zones.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use wire::DomainName;

use super::{Extra, is_default};
use crate::Id;

/// `resolutionPolicy` of a link [PRIV-FALLBACK].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResolutionPolicy {
    /// A name the zone does not hold does not exist.
    #[default]
    Default,
    /// A name the zone does not hold is looked up on the Internet.
    NxDomainRedirect,
}

/// `virtualNetworkLinks`: lets a network ask the zone [VNET-LINKS].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualNetworkLink {
    /// The network that may ask.
    pub virtual_network: Id,
    /// Whether machines of the network register themselves.
    #[serde(default, skip_serializing_if = "is_default")]
    pub registration_enabled: bool,
    /// What happens to names the zone does not hold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub resolution_policy: ResolutionPolicy,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The records of one name in a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordSet {
    /// How long a resolver may keep them, in seconds. Zone groups write 10 [PE-DNSINT].
    pub ttl: u32,
    /// The addresses of an A record set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub a_records: Vec<Ipv4Addr>,
    /// The name this one is an alias of (`cnameRecord.cname`). A name that is an alias holds nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cname_record: Option<DomainName>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/privateDnsZones`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateDnsZone {
    /// The subscription it lives in. A zone belongs to no region.
    pub subscription: Id,
    /// The zone's name. Two zones may have the same [PRIV-FALLBACK]; ids tell them apart.
    pub name: DomainName,
    /// Links by name.
    #[serde(default)]
    pub virtual_network_links: IndexMap<SmolStr, VirtualNetworkLink>,
    /// Record sets by the name relative to the zone, `@` for the zone itself.
    #[serde(default)]
    pub record_sets: IndexMap<SmolStr, RecordSet>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
