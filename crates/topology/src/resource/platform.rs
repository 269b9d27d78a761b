//! Services of the platform: storage accounts, key vaults and whatever else the service catalogue names.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use smol_str::SmolStr;
use wire::DomainName;

use crate::Id;
use crate::schema::{resource, words};

words! {
    /// `publicNetworkAccess` [STG-NET].
    #[derive(Default)]
    pub enum PublicNetworkAccess {
        /// The public endpoint answers, subject to `networkAcls`.
        #[default]
        Enabled = "Enabled",
        /// Only private endpoints are answered.
        Disabled = "Disabled",
    }
}

words! {
    /// What happens to a request no rule names.
    #[derive(Default)]
    pub enum DefaultAction {
        /// It passes.
        #[default]
        Allow = "Allow",
        /// It is refused.
        Deny = "Deny",
    }
}

resource! {
    /// A subnet that may pass, by its service endpoint.
    pub struct VirtualNetworkRule {
        /// The subnet.
        pub subnet: Id = "virtualNetworkResourceId",
    }
}

resource! {
    /// `networkAcls` (the CLI says `networkRuleSet`) [STG-NET].
    #[derive(Default)]
    pub struct NetworkAcls {
        /// What happens to a request no rule names.
        pub default_action: DefaultAction = "defaultAction" or DefaultAction::default(),
        /// Public addresses or ranges that may pass.
        pub ip_rules: Vec<SmolStr> = "ipRules" or Vec::new(),
        /// Subnets that may pass.
        pub virtual_network_rules: Vec<VirtualNetworkRule> = "virtualNetworkRules" or Vec::new(),
    }
}

resource! {
    /// Where a sub-resource answers on the Internet. Azure chooses these; a document may pin what a capture showed.
    pub struct PublicEndpoint {
        /// The name at the end of the public alias chain.
        pub canonical_name: DomainName = "canonicalName",
        /// Its address.
        pub ip_address: Ipv4Addr = "ipAddress",
    }
}

resource! {
    /// A platform service: an account of a type the service catalogue describes.
    pub struct PlatformService {
        /// ARM type, such as `Microsoft.Storage/storageAccounts`.
        pub resource_type: SmolStr = "type",
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// Azure region, such as `westeurope` (the default): which regional service tag covers its public address.
        pub location: SmolStr = "location" or SmolStr::new_static("westeurope"),
        /// Further regions it lives in: geo-replications of a registry, locations of a Cosmos DB account.
        pub replica_locations: Vec<SmolStr> = "replicaLocations" or Vec::new(),
        /// Parts of its names that Azure chose, such as `dnsPrefix`; names whose parts nobody knows do not exist.
        pub name_parts: IndexMap<SmolStr, SmolStr> = "nameParts" or IndexMap::new(),
        /// Whether the public endpoint answers.
        pub public_network_access: PublicNetworkAccess = "publicNetworkAccess" or PublicNetworkAccess::default(),
        /// The firewall of the public endpoint.
        pub network_acls: NetworkAcls = "networkAcls" or NetworkAcls::default(),
        /// Public names and addresses by group id, where a document pins them.
        pub public_endpoints: IndexMap<SmolStr, PublicEndpoint> = "publicEndpoints" or IndexMap::new(),
        /// What a GET of a path returns, by path.
        pub content: IndexMap<SmolStr, String> = "content" or IndexMap::new(),
    }
}
