//! The document: flat tables of resources, containment by reference.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::resource::{
    ApplicationSecurityGroup, DnsForwardingRuleset, DnsResolver, Extra, LoadBalancer, NetworkInterface,
    NetworkSecurityGroup, PlatformService, PrivateDnsZone, PrivateEndpoint, PrivateLinkService, Subnet, Subscription,
    Tenant, VirtualMachine, VirtualNetwork, VirtualNetworkPeering, is_default,
};
use crate::{Id, Table};

/// The schema major this version writes.
pub const SCHEMA: u32 = 1;

/// Which system routes apply: Azure has changed them over the years (dispute D1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SystemRoutes {
    /// As captured in 2021: without 172.16.0.0/12.
    #[serde(rename = "2021")]
    Y2021,
    /// As documented today: with 172.16.0.0/12. What schema 1 means when it says nothing.
    #[default]
    #[serde(rename = "2026")]
    Y2026,
}

/// What the sender speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestProtocol {
    /// HTTP, port 80.
    #[default]
    #[serde(rename = "HTTP")]
    Http,
    /// HTTPS, port 443.
    #[serde(rename = "HTTPS")]
    Https,
    /// A bare TCP connection.
    #[serde(rename = "TCP")]
    Tcp,
}

impl RequestProtocol {
    /// The port used when none is given.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http | Self::Tcp => 80,
            Self::Https => 443,
        }
    }
}

impl std::fmt::Display for RequestProtocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::Tcp => "TCP",
        })
    }
}

/// A saved question: who asks whom for what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The virtual machine that sends.
    pub from: Id,
    /// What it speaks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub protocol: RequestProtocol,
    /// A name or an address.
    pub to: SmolStr,
    /// TCP port; the protocol's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Path asked for; `/` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<SmolStr>,
    /// Whether a certificate for another name is accepted, as with `curl -k`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub insecure: bool,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Request {
    /// The TCP port this request opens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.protocol.default_port())
    }

    /// The path it asks for.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or("/")
    }
}

/// What the user owns and shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Schema major; [`SCHEMA`].
    pub schema: u32,
    /// What the user calls it.
    #[serde(default)]
    pub title: String,
    /// What it shows, in Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Which system routes apply.
    #[serde(default, skip_serializing_if = "is_default")]
    pub system_routes: SystemRoutes,
    /// Tenants.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub tenants: Table<Tenant>,
    /// Subscriptions.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub subscriptions: Table<Subscription>,
    /// Virtual networks.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub virtual_networks: Table<VirtualNetwork>,
    /// Subnets.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub subnets: Table<Subnet>,
    /// Peerings, one entry a direction.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub virtual_network_peerings: Table<VirtualNetworkPeering>,
    /// Virtual machines.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub virtual_machines: Table<VirtualMachine>,
    /// Network interfaces of virtual machines.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub network_interfaces: Table<NetworkInterface>,
    /// Load balancers.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub load_balancers: Table<LoadBalancer>,
    /// Private link services.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub private_link_services: Table<PrivateLinkService>,
    /// Private endpoints.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub private_endpoints: Table<PrivateEndpoint>,
    /// Private DNS zones.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub private_dns_zones: Table<PrivateDnsZone>,
    /// DNS private resolvers.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub dns_resolvers: Table<DnsResolver>,
    /// DNS forwarding rulesets.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub dns_forwarding_rulesets: Table<DnsForwardingRuleset>,
    /// Platform services.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub platform_services: Table<PlatformService>,
    /// Network security groups.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub network_security_groups: Table<NetworkSecurityGroup>,
    /// Application security groups.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub application_security_groups: Table<ApplicationSecurityGroup>,
    /// Saved questions; the first is offered when the document opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// Unknown fields, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            title: String::new(),
            description: String::new(),
            system_routes: SystemRoutes::default(),
            tenants: Table::default(),
            subscriptions: Table::default(),
            virtual_networks: Table::default(),
            subnets: Table::default(),
            virtual_network_peerings: Table::default(),
            virtual_machines: Table::default(),
            network_interfaces: Table::default(),
            load_balancers: Table::default(),
            private_link_services: Table::default(),
            private_endpoints: Table::default(),
            private_dns_zones: Table::default(),
            dns_resolvers: Table::default(),
            dns_forwarding_rulesets: Table::default(),
            platform_services: Table::default(),
            network_security_groups: Table::default(),
            application_security_groups: Table::default(),
            requests: Vec::new(),
            extra: Extra::new(),
        }
    }
}

/// The type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Kind {
    /// A tenant.
    Tenant,
    /// A subscription.
    Subscription,
    /// A virtual network.
    VirtualNetwork,
    /// A subnet.
    Subnet,
    /// One direction of a peering.
    VirtualNetworkPeering,
    /// A virtual machine.
    VirtualMachine,
    /// A network interface.
    NetworkInterface,
    /// A load balancer.
    LoadBalancer,
    /// A private link service.
    PrivateLinkService,
    /// A private endpoint.
    PrivateEndpoint,
    /// A private DNS zone.
    PrivateDnsZone,
    /// A DNS private resolver.
    DnsResolver,
    /// A DNS forwarding ruleset.
    DnsForwardingRuleset,
    /// A platform service.
    PlatformService,
    /// A network security group.
    NetworkSecurityGroup,
    /// An application security group.
    ApplicationSecurityGroup,
}

impl Document {
    /// The type of the resource with this id, if there is one.
    #[must_use]
    pub fn kind_of(&self, id: &Id) -> Option<Kind> {
        self.ids().find_map(|(kind, other)| (other == id).then_some(kind))
    }

    /// Every resource's type and id, table by table.
    pub fn ids(&self) -> impl Iterator<Item = (Kind, &Id)> {
        fn of<T>(kind: Kind, table: &Table<T>) -> impl Iterator<Item = (Kind, &Id)> {
            table.ids().map(move |id| (kind, id))
        }
        of(Kind::Tenant, &self.tenants)
            .chain(of(Kind::Subscription, &self.subscriptions))
            .chain(of(Kind::VirtualNetwork, &self.virtual_networks))
            .chain(of(Kind::Subnet, &self.subnets))
            .chain(of(Kind::VirtualNetworkPeering, &self.virtual_network_peerings))
            .chain(of(Kind::VirtualMachine, &self.virtual_machines))
            .chain(of(Kind::NetworkInterface, &self.network_interfaces))
            .chain(of(Kind::LoadBalancer, &self.load_balancers))
            .chain(of(Kind::PrivateLinkService, &self.private_link_services))
            .chain(of(Kind::PrivateEndpoint, &self.private_endpoints))
            .chain(of(Kind::PrivateDnsZone, &self.private_dns_zones))
            .chain(of(Kind::DnsResolver, &self.dns_resolvers))
            .chain(of(Kind::DnsForwardingRuleset, &self.dns_forwarding_rulesets))
            .chain(of(Kind::PlatformService, &self.platform_services))
            .chain(of(Kind::NetworkSecurityGroup, &self.network_security_groups))
            .chain(of(Kind::ApplicationSecurityGroup, &self.application_security_groups))
    }

    /// The name shown for a resource: its own where it has one, its id otherwise.
    #[must_use]
    pub fn display_name<'a>(&'a self, id: &'a Id) -> &'a str {
        let named = self
            .tenants
            .get(id)
            .and_then(|tenant| tenant.name.as_deref())
            .or_else(|| self.subnets.get(id).and_then(|subnet| subnet.name.as_deref()))
            .or_else(|| self.private_dns_zones.get(id).map(|zone| zone.name.as_str()));
        named.unwrap_or(id.as_str())
    }

    /// The network interfaces attached to a machine, in document order.
    pub fn interfaces_of<'a>(&'a self, machine: &'a Id) -> impl Iterator<Item = (&'a Id, &'a NetworkInterface)> {
        self.network_interfaces.iter().filter(move |(_, interface)| interface.virtual_machine == *machine)
    }

    /// The subnet a resource stands in, where it stands in one: a machine by its first interface,
    /// a load balancer by its first frontend, a private link service by its first NAT IP, a DNS resolver by its first
    /// endpoint.
    #[must_use]
    pub fn subnet_of(&self, id: &Id) -> Option<&Id> {
        if let Some(interface) = self.network_interfaces.get(id) {
            return Some(&interface.subnet);
        }
        if self.virtual_machines.contains(id) {
            let first = self.network_interfaces.iter().find(|(_, interface)| interface.virtual_machine == *id);
            return first.map(|(_, interface)| &interface.subnet);
        }
        if let Some(balancer) = self.load_balancers.get(id) {
            return balancer.frontend_ip_configurations.values().next().map(|frontend| &frontend.subnet);
        }
        if let Some(service) = self.private_link_services.get(id) {
            return service.ip_configurations.first().map(|configuration| &configuration.subnet);
        }
        if let Some(resolver) = self.dns_resolvers.get(id) {
            let inbound = resolver.inbound_endpoints.values().next().map(|endpoint| &endpoint.subnet);
            return inbound.or_else(|| resolver.outbound_endpoints.values().next().map(|endpoint| &endpoint.subnet));
        }
        self.private_endpoints.get(id).map(|endpoint| &endpoint.subnet)
    }

    /// The virtual network a resource stands in, or is.
    #[must_use]
    pub fn virtual_network_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.virtual_networks.contains(id) {
            return Some(id);
        }
        if let Some(resolver) = self.dns_resolvers.get(id) {
            return Some(&resolver.virtual_network);
        }
        let subnet = if self.subnets.contains(id) { id } else { self.subnet_of(id)? };
        self.subnets.get(subnet).map(|subnet| &subnet.virtual_network)
    }

    /// The subscription a resource is charged to, or is.
    #[must_use]
    pub fn subscription_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.subscriptions.contains(id) {
            return Some(id);
        }
        if let Some(zone) = self.private_dns_zones.get(id) {
            return Some(&zone.subscription);
        }
        if let Some(ruleset) = self.dns_forwarding_rulesets.get(id) {
            return Some(&ruleset.subscription);
        }
        if let Some(service) = self.platform_services.get(id) {
            return Some(&service.subscription);
        }
        if let Some(group) = self.network_security_groups.get(id) {
            return Some(&group.subscription);
        }
        if let Some(group) = self.application_security_groups.get(id) {
            return Some(&group.subscription);
        }
        let network = self.virtual_network_of(id)?;
        self.virtual_networks.get(network).map(|network| &network.subscription)
    }

    /// The tenant a resource belongs to, or is.
    #[must_use]
    pub fn tenant_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.tenants.contains(id) {
            return Some(id);
        }
        let subscription = self.subscription_of(id)?;
        self.subscriptions.get(subscription).map(|subscription| &subscription.tenant)
    }

    /// A subnet's virtual network name followed by its own, for tables that list subnets of several networks.
    #[must_use]
    pub fn qualified_subnet_name(&self, id: &Id) -> Option<SmolStr> {
        let subnet = self.subnets.get(id)?;
        Some(smol_str::format_smolstr!("{}/{}", subnet.virtual_network, self.display_name(id)))
    }
}
