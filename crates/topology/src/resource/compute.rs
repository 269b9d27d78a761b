//! Virtual machines, what listens on them, and their network interfaces.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;
use wire::DomainName;

use super::DnsServer;
use crate::Id;
use crate::schema::{resource, words};

words! {
    /// What a guest service listens for.
    #[derive(Default)]
    pub enum GuestTransport {
        /// TCP connections.
        #[default]
        Tcp = "Tcp",
        /// UDP datagrams.
        Udp = "Udp",
    }
}

resource! {
    /// Something that listens in the guest.
    pub struct GuestService {
        /// What it is, such as `IIS`.
        pub name: SmolStr = "name",
        /// What it listens for.
        pub transport: GuestTransport = "protocol" or GuestTransport::default(),
        /// Port it listens on.
        pub port: u16 = "port",
        /// Whether it is stopped for the time being: nothing listens then.
        pub stopped: bool = "stopped" or false,
        /// The HTTP status it answers with.
        pub status: u16 = "status" or 200,
        /// The HTTP status of single paths, such as the one a health probe asks for.
        pub status_by_path: IndexMap<SmolStr, u16> = "statusByPath" or IndexMap::new(),
        /// Whether it expects a PROXY protocol v2 header before each connection's bytes [PLS-OV].
        pub parses_proxy_protocol: bool = "parsesProxyProtocol" or false,
    }
}

words! {
    /// `storageProfile.osDisk.osType`.
    #[derive(Default)]
    pub enum OsType {
        /// Linux.
        #[default]
        Linux = "Linux",
        /// Windows.
        Windows = "Windows",
    }
}

words! {
    /// Whose packets a machine sends on with its own address as their source.
    #[derive(Default)]
    pub enum SourceNat {
        /// Nobody's.
        #[default]
        Never = "Never",
        /// Everybody's, as an application rule of Azure Firewall does [INSPECT-FW].
        Always = "Always",
        /// Those to public addresses, as a network rule of Azure Firewall does [INSPECT-FW].
        PublicDestinations = "PublicDestinations",
    }
}

resource! {
    /// What makes a guest send on packets that are not for it: a firewall, a router [UDR-OV].
    #[derive(Default)]
    pub struct GuestForwarding {
        /// Whose source it replaces.
        pub snat: SourceNat = "snat" or SourceNat::default(),
        /// Whether it drops what belongs to no connection it has seen both halves of; a plain router does not mind.
        pub stateful: bool = "stateful" or true,
        /// Whether it is Azure Firewall, whose interface forwards without being told to.
        pub azure_firewall: bool = "azureFirewall" or false,
    }
}

resource! {
    /// `Microsoft.Compute/virtualMachines`, with what runs in the guest.
    #[derive(Default)]
    pub struct VirtualMachine {
        /// What listens in the guest.
        pub services: Vec<GuestService> = "services" or Vec::new(),
        /// The DNS server that runs in the guest, if one does.
        pub dns_server: Option<Box<DnsServer>> = "dnsServer" or None,
        /// Addresses on the guest's loopback interface. A rule with a floating IP needs its frontend's here [LB-FLOAT].
        pub loopback_addresses: Vec<Ipv4Addr> = "loopbackAddresses" or Vec::new(),
        /// The guest's hosts file: it answers before any server is asked [PE-DNS].
        pub hosts: IndexMap<DomainName, Ipv4Addr> = "hosts" or IndexMap::new(),
        /// Which tools its terminal has, and how they print.
        pub os_type: OsType = "osType" or OsType::default(),
        /// Whether, and how, the guest forwards.
        pub forwarding: Option<Box<GuestForwarding>> = "forwarding" or None,
    }
}

resource! {
    /// `dnsSettings` of a network interface.
    #[derive(Default)]
    pub struct InterfaceDnsSettings {
        /// Servers the machine asks instead of its network's; empty inherits the network's [MICROHACK].
        pub dns_servers: Vec<Ipv4Addr> = "dnsServers" or Vec::new(),
    }
}

resource! {
    /// `Microsoft.Network/networkInterfaces` with its one IP configuration.
    pub struct NetworkInterface {
        /// The machine it is attached to.
        pub virtual_machine: Id = "virtualMachine",
        /// The subnet it stands in.
        pub subnet: Id = "subnet",
        /// Its address; the lowest free one of the subnet when absent.
        pub private_ip_address: Option<Ipv4Addr> = "privateIPAddress" or None,
        /// Its own public IP address [LB-OUT].
        pub public_ip_address: Option<Id> = "publicIPAddress" or None,
        /// The security group its flows pass, besides the subnet's.
        pub network_security_group: Option<Id> = "networkSecurityGroup" or None,
        /// The application security groups it has joined.
        pub application_security_groups: Vec<Id> = "applicationSecurityGroups" or Vec::new(),
        /// DNS servers of its own.
        pub dns_settings: InterfaceDnsSettings = "dnsSettings" or InterfaceDnsSettings::default(),
        /// Whether Azure lets it receive and send packets of others [UDR-OV].
        pub enable_ip_forwarding: bool = "enableIPForwarding" or false,
        /// Tags; `disableSnatOnPL` means something to Azure [PE-NOSNAT].
        pub tags: IndexMap<SmolStr, SmolStr> = "tags" or IndexMap::new(),
    }
}

impl GuestService {
    /// The HTTP status a request for a path gets.
    #[must_use]
    pub fn status_of(&self, path: &str) -> u16 {
        self.status_by_path.get(path).copied().unwrap_or(self.status)
    }
}
