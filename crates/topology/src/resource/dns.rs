//! Private DNS zones.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;
use wire::DomainName;

use crate::Id;
use crate::schema::{resource, words};

words! {
    /// `resolutionPolicy` of a link [PRIV-FALLBACK].
    #[derive(Default)]
    pub enum ResolutionPolicy {
        /// A name the zone does not hold does not exist.
        #[default]
        Default = "Default",
        /// A name the zone does not hold is looked up on the Internet.
        NxDomainRedirect = "NxDomainRedirect",
    }
}

resource! {
    /// `virtualNetworkLinks`: lets a network ask the zone [VNET-LINKS].
    pub struct VirtualNetworkLink {
        /// The network that may ask.
        pub virtual_network: Id = "virtualNetwork",
        /// Whether machines of the network register themselves.
        pub registration_enabled: bool = "registrationEnabled" or false,
        /// What happens to names the zone does not hold.
        pub resolution_policy: ResolutionPolicy = "resolutionPolicy" or ResolutionPolicy::default(),
    }
}

resource! {
    /// The records of one name in a zone.
    pub struct RecordSet {
        /// How long a resolver may keep them, in seconds. Zone groups write 10 [PE-DNSINT].
        pub ttl: u32 = "ttl",
        /// The addresses of an A record set.
        pub a_records: Vec<Ipv4Addr> = "aRecords" or Vec::new(),
        /// The name this one is an alias of (`cnameRecord.cname`). A name that is an alias holds nothing else.
        pub cname_record: Option<DomainName> = "cnameRecord" or None,
    }
}

resource! {
    /// `Microsoft.Network/privateDnsZones`.
    pub struct PrivateDnsZone {
        /// The subscription it lives in. A zone belongs to no region.
        pub subscription: Id = "subscription",
        /// The zone's name. Two zones may have the same [PRIV-FALLBACK]; ids tell them apart.
        pub name: DomainName = "name",
        /// Links by name.
        pub virtual_network_links: IndexMap<SmolStr, VirtualNetworkLink> = "virtualNetworkLinks" or IndexMap::new(),
        /// Record sets by the name relative to the zone, `@` for the zone itself.
        pub record_sets: IndexMap<SmolStr, RecordSet> = "recordSets" or IndexMap::new(),
        /// The resource group, where it is not its subscription's: this is how zones of one name come about [PRIV-FALLBACK].
        pub resource_group: Option<SmolStr> = "resourceGroup" or None,
    }
}
