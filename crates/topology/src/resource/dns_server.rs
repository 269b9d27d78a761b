//! A DNS server that runs in a virtual machine's guest.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use wire::DomainName;

use super::{Extra, RecordSet};

/// A zone the server is the authority of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsServerZone {
    /// Record sets by the name relative to the zone, `@` for the zone itself.
    #[serde(default)]
    pub record_sets: IndexMap<SmolStr, RecordSet>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How a guest's DNS server answers: its own zones, then the longest conditional forwarder, then its forwarders,
/// then the root servers [MICROHACK][DMAUSER-DNS].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsServer {
    /// Servers that get every question nothing else takes, in the order they are tried [MULTIREGION].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwarders: Vec<Ipv4Addr>,
    /// Servers for the names below a suffix, in the order they are tried.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub conditional_forwarders: IndexMap<DomainName, Vec<Ipv4Addr>>,
    /// Zones of its own by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub zones: IndexMap<DomainName, DnsServerZone>,
    /// Whether it asks the root servers itself when it has no forwarder, or none answers.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub root_hints: bool,
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
