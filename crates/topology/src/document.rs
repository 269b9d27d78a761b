//! The document: flat tables of resources, containment by reference.

use serde::Serialize;
use smol_str::SmolStr;

use crate::resource::{
    ApplicationSecurityGroup, DnsForwardingRuleset, DnsResolver, Extra, LoadBalancer, NetworkInterface,
    NetworkSecurityGroup, PlatformService, PrivateDnsZone, PrivateEndpoint, PrivateLinkService, Subnet, Subscription,
    Tenant, VirtualMachine, VirtualNetwork, VirtualNetworkPeering,
};
use crate::schema::{resource, words};
use crate::{Id, Table};

/// The schema major this version writes.
pub const SCHEMA: u32 = 1;

words! {
    /// Which system routes apply: Azure has changed them over the years (dispute D1).
    #[derive(Default)]
    pub enum SystemRoutes {
        /// As captured in 2021: without 172.16.0.0/12.
        Y2021 = "2021",
        /// As documented today: with 172.16.0.0/12. What schema 1 means when it says nothing.
        #[default]
        Y2026 = "2026",
    }
}

words! {
    /// What the sender speaks.
    #[derive(Default)]
    pub enum RequestProtocol {
        /// HTTP, port 80.
        #[default]
        Http = "HTTP",
        /// HTTPS, port 443.
        Https = "HTTPS",
        /// A bare TCP connection.
        Tcp = "TCP",
    }
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

resource! {
    /// A saved question: who asks whom for what.
    pub struct Request {
        /// The virtual machine that sends.
        pub from: Id = "from",
        /// What it speaks.
        pub protocol: RequestProtocol = "protocol" or RequestProtocol::default(),
        /// A name or an address.
        pub to: SmolStr = "to",
        /// TCP port; the protocol's own when absent.
        pub port: Option<u16> = "port" or None,
        /// Path asked for; `/` when absent.
        pub path: Option<SmolStr> = "path" or None,
        /// Whether a certificate for another name is accepted, as with `curl -k`.
        pub insecure: bool = "insecure" or false,
    }
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

resource! {
    /// What the user owns and shares.
    pub struct Document {
        /// Schema major; [`SCHEMA`].
        pub schema: u32 = "schema",
        /// What the user calls it.
        pub title: String = "title" or String::new(),
        /// What it shows, in Markdown.
        pub description: String = "description" or String::new(),
        /// Which system routes apply.
        pub system_routes: SystemRoutes = "systemRoutes" or SystemRoutes::default(),
        /// Tenants.
        pub tenants: Table<Tenant> = "tenants" or Table::default(),
        /// Subscriptions.
        pub subscriptions: Table<Subscription> = "subscriptions" or Table::default(),
        /// Virtual networks.
        pub virtual_networks: Table<VirtualNetwork> = "virtualNetworks" or Table::default(),
        /// Subnets.
        pub subnets: Table<Subnet> = "subnets" or Table::default(),
        /// Peerings, one entry a direction.
        pub virtual_network_peerings: Table<VirtualNetworkPeering> = "virtualNetworkPeerings" or Table::default(),
        /// Virtual machines.
        pub virtual_machines: Table<VirtualMachine> = "virtualMachines" or Table::default(),
        /// Network interfaces of virtual machines.
        pub network_interfaces: Table<NetworkInterface> = "networkInterfaces" or Table::default(),
        /// Load balancers.
        pub load_balancers: Table<LoadBalancer> = "loadBalancers" or Table::default(),
        /// Private link services.
        pub private_link_services: Table<PrivateLinkService> = "privateLinkServices" or Table::default(),
        /// Private endpoints.
        pub private_endpoints: Table<PrivateEndpoint> = "privateEndpoints" or Table::default(),
        /// Private DNS zones.
        pub private_dns_zones: Table<PrivateDnsZone> = "privateDnsZones" or Table::default(),
        /// DNS private resolvers.
        pub dns_resolvers: Table<DnsResolver> = "dnsResolvers" or Table::default(),
        /// DNS forwarding rulesets.
        pub dns_forwarding_rulesets: Table<DnsForwardingRuleset> = "dnsForwardingRulesets" or Table::default(),
        /// Platform services.
        pub platform_services: Table<PlatformService> = "platformServices" or Table::default(),
        /// Network security groups.
        pub network_security_groups: Table<NetworkSecurityGroup> = "networkSecurityGroups" or Table::default(),
        /// Application security groups.
        pub application_security_groups: Table<ApplicationSecurityGroup> = "applicationSecurityGroups" or Table::default(),
        /// Saved questions; the first is offered when the document opens.
        pub requests: Vec<Request> = "requests" or Vec::new(),
    }
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
