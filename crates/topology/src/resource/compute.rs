//! Virtual machines, what listens on them, and their network interfaces.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use wire::DomainName;

use super::{DnsServer, Extra, is_default};
use crate::Id;

/// Something that listens in the guest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GuestService {
    /// What it is, such as `IIS`.
    pub name: SmolStr,
    /// TCP port it listens on.
    pub port: u16,
    /// Whether it expects a PROXY protocol v2 header before each connection's bytes [PLS-OV].
    #[serde(default, skip_serializing_if = "is_default")]
    pub parses_proxy_protocol: bool,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Compute/virtualMachines`, with what runs in the guest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualMachine {
    /// What listens in the guest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<GuestService>,
    /// The DNS server that runs in the guest, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_server: Option<Box<DnsServer>>,
    /// The guest's hosts file: it answers before any server is asked [PE-DNS].
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub hosts: IndexMap<DomainName, Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `dnsSettings` of a network interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InterfaceDnsSettings {
    /// Servers the machine asks instead of its network's; empty inherits the network's [MICROHACK].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns_servers: Vec<Ipv4Addr>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `Microsoft.Network/networkInterfaces` with its one IP configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInterface {
    /// The machine it is attached to.
    pub virtual_machine: Id,
    /// The subnet it stands in.
    pub subnet: Id,
    /// Its address; the lowest free one of the subnet when absent.
    #[serde(rename = "privateIPAddress", default, skip_serializing_if = "Option::is_none")]
    pub private_ip_address: Option<Ipv4Addr>,
    /// The security group its flows pass, besides the subnet's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_security_group: Option<Id>,
    /// The application security groups it has joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub application_security_groups: Vec<Id>,
    /// DNS servers of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dns_settings: InterfaceDnsSettings,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}
