//! Why a request goes no further.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::resource::{ConnectionStatus, Direction};
use wire::DomainName;

use crate::security::SecurityScope;

/// Why a packet or a name goes no further. The names are stable codes; `docs/causes.md` lists them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum DropCause {
    /// The sender has no network interface, or does not exist.
    SenderWithoutInterface,
    /// The target is neither a name nor an address.
    TargetNotUnderstood,
    /// The name does not exist from where it was asked.
    NameNotResolved { name: DomainName },
    /// The alias chain never ends.
    AliasLoop { name: DomainName },
    /// A question went round in a circle of DNS servers.
    ForwardingLoop { name: DomainName },
    /// A DNS server could not reach any of the servers it sends this name to, and answered SERVFAIL.
    ForwardersUnreachable { name: DomainName, at: Id },
    /// A DNS server has no forwarder and no root hints, and answered SERVFAIL.
    NoForwarder { name: DomainName, at: Id },
    /// The custom DNS server of the network does not answer.
    ResolverUnreachable { server: Ipv4Addr },
    /// The route says `None`.
    RouteNone { prefix: Ipv4Net },
    /// The route names an appliance that cannot be reached: nothing in the network or its peers has the address.
    ApplianceUnreachable { address: Ipv4Addr },
    /// The packet would have to be sent on, and the interface's `enableIPForwarding` is off.
    IpForwardingDisabled { interface: Id },
    /// The packet would have to be sent on, and the guest does not forward.
    GuestDoesNotForward,
    /// The load balancer is the next hop, and has no rule for every port.
    NoHaPortsRule { frontend: SmolStr },
    /// The receiving network's peering with `network` accepts only packets that started there.
    ForwardedTrafficNotAllowed { network: Id },
    /// A packet left for the Internet with another source than its interface's address.
    SourceNotTranslated { source: Ipv4Addr },
    /// An appliance that keeps track of connections saw only one half of this one.
    AsymmetricReturn { appliance: Id },
    /// The route leads to a gateway, and the network has and uses none.
    GatewayMissing { prefix: Ipv4Net },
    /// Nothing has this address.
    AddressUnused { address: Ipv4Addr },
    /// A private address has no route on the Internet.
    NotRoutedOnInternet { address: Ipv4Addr },
    /// No tunnel of the gateway leads to the address.
    NoTunnel { address: Ipv4Addr },
    /// The tunnel the route leads into is not connected.
    TunnelDown { connection: Id },
    /// A packet came back to an appliance that had already sent it on, or goes round in a circle of gateways.
    RoutingLoop,
    /// A dynamic NAT rule lets only its internal side begin.
    NatRuleOneWay { gateway: Id, rule: SmolStr },
    /// The subnet has no way out to the Internet.
    NoOutboundAccess { subnet: Id },
    /// The machine stands behind a Standard load balancer, which takes the default way out away and gives none itself.
    BehindLoadBalancer { balancer: Id },
    /// Every port of the way out is taken.
    SnatPortsExhausted,
    /// A Standard public address takes nothing in before a security group allows it.
    ClosedByDefault { interface: Id },
    /// The private endpoint's connection is not approved.
    ConnectionNotApproved { status: ConnectionStatus },
    /// The private endpoint's target is missing or not usable.
    EndpointWithoutTarget,
    /// The sender's network sees more private endpoints than Azure carries traffic for, and this is one too many.
    EndpointBeyondLimit { limit: usize },
    /// The private link service has no NAT IP.
    NatIpMissing,
    /// Every NAT port towards the backend is taken.
    NatPortsExhausted,
    /// The private link service has no frontend.
    FrontendMissing,
    /// No rule of the load balancer matches the frontend and port.
    NoLoadBalancingRule { frontend: SmolStr, port: u16 },
    /// The rule's pool has no healthy member.
    NoHealthyBackend { pool: SmolStr },
    /// The load balancer sent the flow back to the machine it came from.
    Hairpin { frontend: Ipv4Addr, healthy: u32 },
    /// The packet keeps the frontend's address, and the guest has no such address.
    FloatingAddressMissing { address: Ipv4Addr },
    /// The private link service has forgotten the binding of an idle connection.
    BindingForgotten { idle_s: u64 },
    /// The load balancer has forgotten an idle flow.
    FlowForgotten { idle_s: u64 },
    /// The port of the public address an idle connection left by is somebody else's by now.
    PortLeaseForgotten { idle_s: u64 },
    /// The load balancer has reset the idle connection.
    ConnectionWasReset { balancer: Id, after_s: u64 },
    /// The server waits for a PROXY header that nobody sends.
    ProxyHeaderMissing { service: SmolStr },
    /// The server took the PROXY header for the beginning of a TLS handshake.
    TlsHandshakeFailed { service: SmolStr },
    /// The server of an open connection does not exist any more.
    ServerGone,
    /// The service does not listen on this port, and says nothing.
    PortNotServed { port: u16 },
    /// The guest refused: nothing listens on the port (TCP RST).
    ConnectionRefused { port: u16 },
    /// Echo requests are not carried here.
    EchoNotAnswered,
    /// The certificate is for another name, and the sender insists.
    CertificateMismatch { host: SmolStr },
    /// A rule of a security group denies the flow.
    DeniedBySecurityGroup { group: Id, rule: SmolStr, direction: Direction, scope: SecurityScope },
}

impl DropCause {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SenderWithoutInterface => "SenderWithoutInterface",
            Self::TargetNotUnderstood => "TargetNotUnderstood",
            Self::NameNotResolved { .. } => "NameNotResolved",
            Self::AliasLoop { .. } => "AliasLoop",
            Self::ForwardingLoop { .. } => "ForwardingLoop",
            Self::ForwardersUnreachable { .. } => "ForwardersUnreachable",
            Self::NoForwarder { .. } => "NoForwarder",
            Self::ResolverUnreachable { .. } => "ResolverUnreachable",
            Self::RouteNone { .. } => "RouteNone",
            Self::ApplianceUnreachable { .. } => "ApplianceUnreachable",
            Self::IpForwardingDisabled { .. } => "IpForwardingDisabled",
            Self::GuestDoesNotForward => "GuestDoesNotForward",
            Self::NoHaPortsRule { .. } => "NoHaPortsRule",
            Self::ForwardedTrafficNotAllowed { .. } => "ForwardedTrafficNotAllowed",
            Self::SourceNotTranslated { .. } => "SourceNotTranslated",
            Self::AsymmetricReturn { .. } => "AsymmetricReturn",
            Self::GatewayMissing { .. } => "GatewayMissing",
            Self::AddressUnused { .. } => "AddressUnused",
            Self::NotRoutedOnInternet { .. } => "NotRoutedOnInternet",
            Self::NoTunnel { .. } => "NoTunnel",
            Self::TunnelDown { .. } => "TunnelDown",
            Self::RoutingLoop => "RoutingLoop",
            Self::NatRuleOneWay { .. } => "NatRuleOneWay",
            Self::NoOutboundAccess { .. } => "NoOutboundAccess",
            Self::BehindLoadBalancer { .. } => "BehindLoadBalancer",
            Self::SnatPortsExhausted => "SnatPortsExhausted",
            Self::ClosedByDefault { .. } => "ClosedByDefault",
            Self::ConnectionNotApproved { .. } => "ConnectionNotApproved",
            Self::EndpointWithoutTarget => "EndpointWithoutTarget",
            Self::EndpointBeyondLimit { .. } => "EndpointBeyondLimit",
            Self::NatIpMissing => "NatIpMissing",
            Self::NatPortsExhausted => "NatPortsExhausted",
            Self::FrontendMissing => "FrontendMissing",
            Self::NoLoadBalancingRule { .. } => "NoLoadBalancingRule",
            Self::NoHealthyBackend { .. } => "NoHealthyBackend",
            Self::Hairpin { .. } => "Hairpin",
            Self::FloatingAddressMissing { .. } => "FloatingAddressMissing",
            Self::BindingForgotten { .. } => "BindingForgotten",
            Self::FlowForgotten { .. } => "FlowForgotten",
            Self::PortLeaseForgotten { .. } => "PortLeaseForgotten",
            Self::ConnectionWasReset { .. } => "ConnectionWasReset",
            Self::ProxyHeaderMissing { .. } => "ProxyHeaderMissing",
            Self::TlsHandshakeFailed { .. } => "TlsHandshakeFailed",
            Self::ServerGone => "ServerGone",
            Self::PortNotServed { .. } => "PortNotServed",
            Self::ConnectionRefused { .. } => "ConnectionRefused",
            Self::EchoNotAnswered => "EchoNotAnswered",
            Self::CertificateMismatch { .. } => "CertificateMismatch",
            Self::DeniedBySecurityGroup { .. } => "DeniedBySecurityGroup",
        }
    }
}
