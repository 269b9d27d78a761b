//! What stands outside Azure: on-premises sites with their hosts, and clients on the Internet.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use ipnet::Ipv4Net;
use wire::DomainName;

use super::{DnsServer, GuestService, OsType};
use crate::Id;
use crate::schema::resource;

resource! {
    /// A place of one's own that connections of a virtual network gateway lead to [VPN-NAT].
    #[derive(Default)]
    pub struct OnPremisesSite {
        /// Display name; the id when absent.
        pub name: Option<String> = "name" or None,
        /// The ranges used there.
        pub address_prefixes: Vec<Ipv4Net> = "addressPrefixes" or Vec::new(),
        /// The DNS servers its hosts ask.
        pub dns_servers: Vec<Ipv4Addr> = "dnsServers" or Vec::new(),
        /// The address it appears as on the Internet; one of a documentation range when absent.
        pub public_ip_address: Option<Ipv4Addr> = "publicIPAddress" or None,
    }
}

resource! {
    /// A machine at a site, with what runs on it.
    pub struct OnPremisesHost {
        /// Where it stands.
        pub on_premises_site: Id = "onPremisesSite",
        /// What runs on it.
        pub os_type: OsType = "osType" or OsType::default(),
        /// Its address, within the site's ranges.
        pub ip_address: Ipv4Addr = "ipAddress",
        /// What listens on it.
        pub services: Vec<GuestService> = "services" or Vec::new(),
        /// The DNS server that runs on it, if one does.
        pub dns_server: Option<Box<DnsServer>> = "dnsServer" or None,
        /// Its hosts file: it answers before any server is asked [PE-DNS].
        pub hosts: IndexMap<DomainName, Ipv4Addr> = "hosts" or IndexMap::new(),
    }
}

resource! {
    /// A machine somewhere on the Internet.
    #[derive(Default)]
    pub struct InternetClient {
        /// What runs on it.
        pub os_type: OsType = "osType" or OsType::default(),
        /// The address it appears as; one of a documentation range when absent.
        pub public_ip_address: Option<Ipv4Addr> = "publicIPAddress" or None,
        /// The DNS servers it asks; a public resolver when it names none.
        pub dns_servers: Vec<Ipv4Addr> = "dnsServers" or Vec::new(),
        /// Its hosts file.
        pub hosts: IndexMap<DomainName, Ipv4Addr> = "hosts" or IndexMap::new(),
        /// The gateway it has a point-to-site connection to, if it has one [DMAUSER-P2S].
        pub virtual_network_gateway: Option<Id> = "virtualNetworkGateway" or None,
    }
}
