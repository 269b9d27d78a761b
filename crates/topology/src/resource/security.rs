//! Network security groups and application security groups [NSG-OV].

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::Id;
use crate::schema::{resource, words};

words! {
    /// Which way a flow passes the interface or subnet a security group stands at.
    #[derive(PartialOrd, Ord)]
    pub enum Direction {
        /// Towards it.
        Inbound = "Inbound",
        /// Away from it.
        Outbound = "Outbound",
    }
}

words! {
    /// What a security rule does to a flow it matches.
    pub enum Access {
        /// The flow passes.
        Allow = "Allow",
        /// The flow is dropped silently.
        Deny = "Deny",
    }
}

words! {
    /// The protocol a security rule matches.
    #[derive(Default)]
    pub enum SecurityRuleProtocol {
        /// TCP.
        Tcp = "Tcp",
        /// UDP.
        Udp = "Udp",
        /// ICMP.
        Icmp = "Icmp",
        /// IPsec ESP.
        Esp = "Esp",
        /// IPsec AH.
        Ah = "Ah",
        /// Every protocol; what a rule means that names none.
        #[default]
        Any = "*",
    }
}

resource! {
    /// `securityRules[]`. A side that names no prefix and no application security group means every address, and one
    /// that names no port range every port.
    pub struct SecurityRule {
        /// 100 to 4096, once per direction; the lowest that matches decides.
        pub priority: u32 = "priority",
        /// Which flows it looks at.
        pub direction: Direction = "direction",
        /// What it does to them.
        pub access: Access = "access",
        /// The protocol it matches.
        pub protocol: SecurityRuleProtocol = "protocol" or SecurityRuleProtocol::default(),
        /// An address, a range, a service tag or `*`.
        pub source_address_prefix: Option<SmolStr> = "sourceAddressPrefix" or None,
        /// Several of them: an augmented rule.
        pub source_address_prefixes: Vec<SmolStr> = "sourceAddressPrefixes" or Vec::new(),
        /// Whose members are the source.
        pub source_application_security_groups: Vec<Id> = "sourceApplicationSecurityGroups" or Vec::new(),
        /// A port, a range such as `8000-8080`, or `*`.
        pub source_port_range: Option<SmolStr> = "sourcePortRange" or None,
        /// Several of them.
        pub source_port_ranges: Vec<SmolStr> = "sourcePortRanges" or Vec::new(),
        /// An address, a range, a service tag or `*`.
        pub destination_address_prefix: Option<SmolStr> = "destinationAddressPrefix" or None,
        /// Several of them.
        pub destination_address_prefixes: Vec<SmolStr> = "destinationAddressPrefixes" or Vec::new(),
        /// Whose members are the destination.
        pub destination_application_security_groups: Vec<Id> = "destinationApplicationSecurityGroups" or Vec::new(),
        /// A port, a range, or `*`.
        pub destination_port_range: Option<SmolStr> = "destinationPortRange" or None,
        /// Several of them.
        pub destination_port_ranges: Vec<SmolStr> = "destinationPortRanges" or Vec::new(),
    }
}

resource! {
    /// `Microsoft.Network/networkSecurityGroups`, attached to subnets and network interfaces.
    pub struct NetworkSecurityGroup {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// The rules by name. The six default rules follow them in every group and are not written down.
        pub security_rules: IndexMap<SmolStr, SecurityRule> = "securityRules" or IndexMap::new(),
    }
}

resource! {
    /// `Microsoft.Network/applicationSecurityGroups`: a name for the network interfaces and private endpoints that join it.
    pub struct ApplicationSecurityGroup {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
    }
}
