//! The document: flat tables of resources, containment by reference.

mod alias;
mod claims;
mod expectation;
mod fresh;
mod places;
mod request;

use serde_json::Value;

pub use self::claims::Claim;
pub use self::expectation::{Expectation, ExpectedOutcome, ExpectedPath};
pub use self::request::{Request, RequestProtocol};
use crate::resource::{
    ApplicationSecurityGroup, Connection, DnsForwardingRuleset, DnsResolver, ExpressRouteCircuit, Extra,
    InternetClient, LoadBalancer, LocalNetworkGateway, NatGateway, NetworkInterface, NetworkSecurityGroup,
    OnPremisesHost, OnPremisesSite, PlatformService, PrivateDnsZone, PrivateEndpoint, PrivateLinkService,
    PublicIpAddress, RouteTable, ServiceEndpointPolicy, Subnet, Subscription, Tenant, VirtualMachine, VirtualNetwork,
    VirtualNetworkGateway, VirtualNetworkPeering,
};
use crate::schema::{Found, Misfit, Path, Stored, resource, words};
use crate::shape::Shape;
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
    /// When replies of a private endpoint go back through an appliance: sources differ (assumption A6).
    #[derive(Default)]
    pub enum ReturnPath {
        /// As observed: also without SNAT where the sender's network has no route to the endpoint.
        #[default]
        Observed = "Observed",
        /// As documented: only with SNAT, or with the tag `disableSnatOnPL` [INSPECT-FW][PE-NOSNAT].
        Documented = "Documented",
    }
}

/// Declares the document: what stands before its tables, the tables with the resource each holds, and what follows them.
/// From it come the type, its [`Kind`]s, and reading and replacing any part by name.
macro_rules! document {
    (
        { $($(#[doc = $head_doc:literal])* $head:ident: $head_type:ty = $head_key:literal or $head_default:expr,)* }
        tables { $($(#[doc = $table_doc:literal])* $kind:ident: $table:ident = $table_key:literal,)* }
        { $($(#[doc = $tail_doc:literal])* $tail:ident: $tail_type:ty = $tail_key:literal or $tail_default:expr,)* }
    ) => {
        resource! {
            /// What the user owns and shares.
            pub struct Document {
                /// Schema major; [`SCHEMA`].
                pub schema: u32 = "schema",
                $($(#[doc = $head_doc])* pub $head: $head_type = $head_key or $head_default,)*
                $($(#[doc = $table_doc])* pub $table: Table<$kind> = $table_key or Table::default(),)*
                $($(#[doc = $tail_doc])* pub $tail: $tail_type = $tail_key or $tail_default,)*
            }
        }

        impl Default for Document {
            fn default() -> Self {
                Self {
                    schema: SCHEMA,
                    $($head: $head_default,)*
                    $($table: Table::default(),)*
                    $($tail: $tail_default,)*
                    extra: Extra::new(),
                }
            }
        }

        words! {
            /// The type of a resource, by the name of the table it stands in.
            #[derive(PartialOrd, Ord, Hash)]
            pub enum Kind {
                $($(#[doc = $table_doc])* $kind = $table_key,)*
            }
        }

        impl Kind {
            /// Every type, in the order of the tables.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// What a resource of this type holds.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self {
                    $(Self::$kind => <$kind as Stored>::SHAPE,)*
                }
            }
        }

        impl Document {
            /// Every resource's type and id, table by table.
            pub fn ids(&self) -> impl Iterator<Item = (Kind, &Id)> {
                std::iter::empty()$(.chain(self.$table.ids().map(|id| (Kind::$kind, id))))*
            }

            /// Where a resource stands in its table.
            #[must_use]
            pub fn index_of(&self, kind: Kind, id: &Id) -> Option<usize> {
                match kind {
                    $(Kind::$kind => self.$table.index_of(id),)*
                }
            }

            /// A resource as JSON.
            #[must_use]
            pub fn resource(&self, kind: Kind, id: &Id) -> Option<Value> {
                match kind {
                    $(Kind::$kind => self.$table.get(id).map(Stored::to_json),)*
                }
            }

            /// Shows every reference of one resource; paths begin at the resource.
            pub(crate) fn references_of(&self, kind: Kind, id: &Id, found: &mut Found<'_>) {
                match kind {
                    $(Kind::$kind => {
                        if let Some(row) = self.$table.get(id) {
                            row.references(&Path::Root, found);
                        }
                    })*
                }
            }

            /// Whether a value reads as a resource of a type.
            pub(crate) fn reads(kind: Kind, value: Value) -> bool {
                match kind {
                    $(Kind::$kind => $kind::from_json(value, &Path::Root).is_ok(),)*
                }
            }

            /// Puts a resource at `index` of its table, in the place of the one with the same id, or takes it out.
            pub(crate) fn set_resource(
                &mut self,
                kind: Kind,
                id: &Id,
                index: usize,
                value: Option<Value>,
            ) -> Result<(), Misfit> {
                let root = Path::Root;
                let table = Path::Field(&root, kind.as_str());
                let at = Path::Field(&table, id.as_str());
                match kind {
                    $(Kind::$kind => self.$table.set_json(id, index, value, &at),)*
                }
            }

            /// A field of the document itself as JSON: one that is no table.
            #[must_use]
            pub fn field(&self, key: &str) -> Option<Value> {
                match key {
                    $($head_key => Some(self.$head.to_json()),)*
                    $($tail_key => Some(self.$tail.to_json()),)*
                    _ => None,
                }
            }

            /// Sets a field of the document itself.
            pub(crate) fn set_field(&mut self, key: &str, value: Value) -> Result<(), Misfit> {
                let root = Path::Root;
                let at = Path::Field(&root, key);
                match key {
                    $($head_key => self.$head = Stored::from_json(value, &at)?,)*
                    $($tail_key => self.$tail = Stored::from_json(value, &at)?,)*
                    _ => return Err(at.misfit("a document has no such field")),
                }
                Ok(())
            }
        }
    };
}

document! {
    {
        /// What the user calls it.
        title: String = "title" or String::new(),
        /// What it shows, in Markdown.
        description: String = "description" or String::new(),
        /// Which system routes apply.
        system_routes: SystemRoutes = "systemRoutes" or SystemRoutes::default(),
        /// When replies of a private endpoint go back through an appliance.
        return_path: ReturnPath = "returnPath" or ReturnPath::default(),
    }
    tables {
        /// Tenants.
        Tenant: tenants = "tenants",
        /// Subscriptions.
        Subscription: subscriptions = "subscriptions",
        /// Virtual networks.
        VirtualNetwork: virtual_networks = "virtualNetworks",
        /// Subnets.
        Subnet: subnets = "subnets",
        /// Peerings, one entry a direction.
        VirtualNetworkPeering: virtual_network_peerings = "virtualNetworkPeerings",
        /// Virtual machines.
        VirtualMachine: virtual_machines = "virtualMachines",
        /// Network interfaces of virtual machines.
        NetworkInterface: network_interfaces = "networkInterfaces",
        /// Load balancers.
        LoadBalancer: load_balancers = "loadBalancers",
        /// Public IP addresses.
        PublicIpAddress: public_ip_addresses = "publicIPAddresses",
        /// NAT gateways.
        NatGateway: nat_gateways = "natGateways",
        /// Private link services.
        PrivateLinkService: private_link_services = "privateLinkServices",
        /// Private endpoints.
        PrivateEndpoint: private_endpoints = "privateEndpoints",
        /// Private DNS zones.
        PrivateDnsZone: private_dns_zones = "privateDnsZones",
        /// DNS private resolvers.
        DnsResolver: dns_resolvers = "dnsResolvers",
        /// DNS forwarding rulesets.
        DnsForwardingRuleset: dns_forwarding_rulesets = "dnsForwardingRulesets",
        /// Platform services.
        PlatformService: platform_services = "platformServices",
        /// Network security groups.
        NetworkSecurityGroup: network_security_groups = "networkSecurityGroups",
        /// Application security groups.
        ApplicationSecurityGroup: application_security_groups = "applicationSecurityGroups",
        /// On-premises sites.
        OnPremisesSite: on_premises_sites = "onPremisesSites",
        /// Machines at sites.
        OnPremisesHost: on_premises_hosts = "onPremisesHosts",
        /// Machines on the Internet.
        InternetClient: internet_clients = "internetClients",
        /// Virtual network gateways.
        VirtualNetworkGateway: virtual_network_gateways = "virtualNetworkGateways",
        /// Local network gateways.
        LocalNetworkGateway: local_network_gateways = "localNetworkGateways",
        /// ExpressRoute circuits.
        ExpressRouteCircuit: express_route_circuits = "expressRouteCircuits",
        /// Connections of virtual network gateways.
        Connection: connections = "connections",
        /// Route tables.
        RouteTable: route_tables = "routeTables",
        /// Service endpoint policies.
        ServiceEndpointPolicy: service_endpoint_policies = "serviceEndpointPolicies",
    }
    {
        /// Saved questions; the first is offered when the document opens.
        requests: Vec<Request> = "requests" or Vec::new(),
        /// What requests are expected to do.
        expectations: Vec<Expectation> = "expectations" or Vec::new(),
    }
}

impl Document {
    /// The type of the resource with this id, if there is one.
    #[must_use]
    pub fn kind_of(&self, id: &Id) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| self.index_of(*kind, id).is_some())
    }
}
