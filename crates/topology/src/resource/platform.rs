//! Services of the platform: storage accounts, key vaults and whatever else the service catalogue names.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use ipnet::Ipv4Net;
use smol_str::SmolStr;
use wire::DomainName;

use super::RoleAssignment;
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
        /// The access rules of a network security perimeter decide.
        SecuredByPerimeter = "SecuredByPerimeter",
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
    /// A resource that may pass, whatever address it comes from [STG-NET].
    pub struct ResourceAccessRule {
        /// The tenant it belongs to.
        pub tenant_id: Option<Id> = "tenantId" or None,
        /// The resource, or an ARM type for all of that type.
        pub resource_id: SmolStr = "resourceId",
    }
}

resource! {
    /// `networkAcls` (the CLI says `networkRuleSet`) [STG-NET].
    #[derive(Default)]
    pub struct NetworkAcls {
        /// What happens to a request no rule names.
        pub default_action: DefaultAction = "defaultAction" or DefaultAction::default(),
        /// Which of Azure's own services pass: `AzureServices` (the default) or `None`; storage also lists `Logging` and
        /// `Metrics`.
        pub bypass: Option<SmolStr> = "bypass" or None,
        /// Public addresses or ranges that may pass.
        pub ip_rules: Vec<SmolStr> = "ipRules" or Vec::new(),
        /// Subnets that may pass.
        pub virtual_network_rules: Vec<VirtualNetworkRule> = "virtualNetworkRules" or Vec::new(),
        /// Resources that may pass.
        pub resource_access_rules: Vec<ResourceAccessRule> = "resourceAccessRules" or Vec::new(),
    }
}

impl NetworkAcls {
    /// Whether trusted services of Azure pass.
    #[must_use]
    pub fn bypasses_trusted_services(&self) -> bool {
        self.bypass_words().any(|word| word == "AzureServices")
    }

    /// What `bypass` lists.
    pub fn bypass_words(&self) -> impl Iterator<Item = &str> {
        self.bypass.as_deref().unwrap_or("AzureServices").split(',').map(str::trim)
    }
}

resource! {
    /// `firewallRules` of a SQL server: addresses that may pass, by range [SQL-CONN].
    pub struct FirewallRule {
        /// The first address.
        pub start_ip_address: Ipv4Addr = "startIpAddress",
        /// The last address. From 0.0.0.0 to 0.0.0.0 means every service of Azure.
        pub end_ip_address: Ipv4Addr = "endIpAddress",
    }
}

resource! {
    /// An inbound access rule of a network security perimeter.
    #[derive(Default)]
    pub struct PerimeterRule {
        /// Public ranges that may pass.
        pub address_prefixes: Vec<Ipv4Net> = "addressPrefixes" or Vec::new(),
        /// Subscriptions whose resources may pass.
        pub subscriptions: Vec<Id> = "subscriptions" or Vec::new(),
    }
}

resource! {
    /// The network security perimeter a service is associated with.
    #[derive(Default)]
    pub struct Perimeter {
        /// Its inbound access rules by name.
        pub access_rules: IndexMap<SmolStr, PerimeterRule> = "accessRules" or IndexMap::new(),
    }
}

words! {
    /// `connectionType` of a SQL server's connection policy [SQL-REDIR].
    #[derive(Default)]
    pub enum ConnectionPolicy {
        /// Redirect inside Azure, proxy from outside and through private endpoints.
        #[default]
        Default = "Default",
        /// Everything passes the gateway.
        Proxy = "Proxy",
        /// After the login the client connects again, to a port of the node that holds the database.
        Redirect = "Redirect",
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
        /// The resource group, where it is not its subscription's.
        pub resource_group: Option<SmolStr> = "resourceGroup" or None,
        /// Further regions it lives in: geo-replications of a registry, locations of a Cosmos DB account.
        pub replica_locations: Vec<SmolStr> = "replicaLocations" or Vec::new(),
        /// Parts of its names that Azure chose, such as `dnsPrefix`; names whose parts nobody knows do not exist.
        pub name_parts: IndexMap<SmolStr, SmolStr> = "nameParts" or IndexMap::new(),
        /// Who may do what with it; its own tenant everything, when absent.
        pub role_assignments: Option<Vec<RoleAssignment>> = "roleAssignments" or None,
        /// Whether the public endpoint answers. Absent means `Enabled`, but for services that a private endpoint closes.
        pub public_network_access: Option<PublicNetworkAccess> = "publicNetworkAccess" or None,
        /// The firewall of the public endpoint.
        pub network_acls: NetworkAcls = "networkAcls" or NetworkAcls::default(),
        /// `firewallRules` of a SQL server by name.
        pub firewall_rules: IndexMap<SmolStr, FirewallRule> = "firewallRules" or IndexMap::new(),
        /// The perimeter that decides when `publicNetworkAccess` is `SecuredByPerimeter`.
        pub network_security_perimeter: Perimeter = "networkSecurityPerimeter" or Perimeter::default(),
        /// How a SQL server's gateway hands a login over.
        pub connection_policy: ConnectionPolicy = "connectionPolicy" or ConnectionPolicy::default(),
        /// The subnet a web app sends from; without one it sends from outside every virtual network [ISS-71181].
        pub virtual_network_subnet_id: Option<Id> = "virtualNetworkSubnetId" or None,
        /// Whether a web app's traffic to public addresses goes through that subnet, too.
        pub vnet_route_all_enabled: bool = "vnetRouteAllEnabled" or true,
        /// Whether a web app reaches its content share through that subnet.
        pub vnet_content_share_enabled: bool = "vnetContentShareEnabled" or false,
        /// Public names and addresses by group id, where a document pins them.
        pub public_endpoints: IndexMap<SmolStr, PublicEndpoint> = "publicEndpoints" or IndexMap::new(),
        /// What a GET of a path returns, by path.
        pub content: IndexMap<SmolStr, String> = "content" or IndexMap::new(),
    }
}
