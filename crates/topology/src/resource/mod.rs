//! One type per resource, in ARM's spelling. Fields a newer version or another tool added are kept in `extra`
//! and written back as they were.

mod compute;
mod dns;
mod dns_server;
mod gateway;
mod load_balancer;
mod network;
mod outside;
mod platform;
mod private_link;
mod public_ip;
mod resolver;
mod routing;
mod scope;
mod security;
mod service_endpoint;

pub use compute::{
    GuestForwarding, GuestService, GuestTransport, InterfaceDnsSettings, NetworkInterface, OsType, SourceNat,
    VirtualMachine,
};
pub use dns::{PrivateDnsZone, RecordSet, ResolutionPolicy, VirtualNetworkLink};
pub use dns_server::{DnsServer, DnsServerZone};
pub use gateway::{
    CircuitPeering, Connection, ConnectionTunnelStatus, ConnectionType, ExpressRouteCircuit, GatewayType,
    LocalNetworkGateway, NatRule, NatRuleMapping, NatRuleMode, NatRuleType, VirtualNetworkGateway,
    VpnClientConfiguration,
};
pub use load_balancer::{
    BackendAddressPool, DEFAULT_IDLE_MINUTES, FrontendIpConfiguration, InboundNatRule, LoadBalancer,
    LoadBalancerBackendAddress, LoadBalancingRule, LoadDistribution, NoHealthyBackendsBehavior, OutboundRule, Probe,
    ProbeProtocol, RuleProtocol, Sku,
};
pub use network::{
    Enabled, PrivateEndpointNetworkPolicies, PrivateEndpointVNetPolicies, Subnet, VirtualNetwork, VirtualNetworkPeering,
};
pub use outside::{InternetClient, OnPremisesHost, OnPremisesSite};
pub use platform::{
    ConnectionPolicy, DefaultAction, FirewallRule, NetworkAcls, Perimeter, PerimeterRule, PlatformService,
    PublicEndpoint, PublicNetworkAccess, ResourceAccessRule, VirtualNetworkRule,
};
pub use private_link::{
    AccessMode, AddressVersion, ConnectionState, ConnectionStatus, DnsZoneConfig, DnsZoneGroup,
    EndpointIpConfiguration, NatIpConfiguration, PrivateEndpoint, PrivateLinkService, PrivateLinkServiceConnection,
    Subscriptions,
};
pub use public_ip::{NatGateway, PublicIpAddress};
pub use resolver::{
    DnsForwardingRuleset, DnsResolver, ForwardingRule, ForwardingRuleState, InboundEndpoint, OutboundEndpoint,
    RulesetLink, TargetDnsServer,
};
pub use routing::{NextHopType, Route, RouteTable};
pub use scope::{Role, RoleAssignment, Subscription, Tenant};
pub use security::{
    Access, ApplicationSecurityGroup, Direction, NetworkSecurityGroup, SecurityRule, SecurityRuleProtocol,
};
pub use service_endpoint::{ServiceEndpoint, ServiceEndpointPolicy, ServiceEndpointPolicyDefinition};

/// Fields this version does not know, kept so that nothing a user saved is ever lost.
pub type Extra = serde_json::Map<String, serde_json::Value>;
