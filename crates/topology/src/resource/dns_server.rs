//! A DNS server that runs in a virtual machine's guest.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;
use wire::DomainName;

use super::RecordSet;
use crate::schema::resource;

resource! {
    /// A zone the server is the authority of.
    #[derive(Default)]
    pub struct DnsServerZone {
        /// Record sets by the name relative to the zone, `@` for the zone itself.
        pub record_sets: IndexMap<SmolStr, RecordSet> = "recordSets" or IndexMap::new(),
    }
}

resource! {
    /// How a guest's DNS server answers: its own zones, then the longest conditional forwarder, then its forwarders,
    /// then the root servers [MICROHACK][DMAUSER-DNS].
    pub struct DnsServer {
        /// Servers that get every question nothing else takes, in the order they are tried [MULTIREGION].
        pub forwarders: Vec<Ipv4Addr> = "forwarders" or Vec::new(),
        /// Servers for the names below a suffix, in the order they are tried.
        pub conditional_forwarders: IndexMap<DomainName, Vec<Ipv4Addr>> = "conditionalForwarders" or IndexMap::new(),
        /// Zones of its own by name.
        pub zones: IndexMap<DomainName, DnsServerZone> = "zones" or IndexMap::new(),
        /// Whether it asks the root servers itself when it has no forwarder, or none answers.
        pub root_hints: bool = "rootHints" or true,
    }
}
