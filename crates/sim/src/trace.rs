//! What happened to a request: ordered, typed steps with exactly one outcome.
//!
//! Nothing here is prose. A step carries codes and values; the narration room turns them into sentences.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::document::{Request, RequestProtocol};
use topology::resource::{Access, ConnectionStatus, Direction, PrivateEndpointNetworkPolicies};
use wire::DomainName;
use wire::dns::{Record, RecordType, ResponseCode};
use wire::packet::{Packet, Socket};

pub use crate::forwarding::{Forwarding, ServerFailure, Silence};
use crate::security::SecurityScope;

/// The whole answer to one request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// What was asked.
    pub request: Request,
    /// What happened, in order. Never empty.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Where on the diagram a step happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Place {
    /// At a resource: a virtual machine, private endpoint, load balancer, zone, …
    Resource(Id),
    /// At the Azure-provided resolver 168.63.129.16 as seen from this virtual network.
    AzureDns(Id),
    /// In the public DNS.
    PublicDns,
    /// On the Internet edge: public addresses on the way to or from a virtual network.
    Internet,
}

/// The part of the conversation a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// Finding the address of a name.
    Resolve,
    /// Opening the connection, towards the target.
    Connect,
    /// Opening the connection, back to the sender.
    Accept,
    /// The application's request, towards the target.
    Request,
    /// The application's response, back to the sender.
    Response,
}

/// One decision at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The part of the conversation.
    pub phase: Phase,
    /// Where it happens.
    pub at: Place,
    /// The places the packet passed since the previous step without a decision of interest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Place>,
    /// What was decided, with the values it was decided on.
    pub event: Event,
    /// The packet as it arrived here; absent where no packet is involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Packet>,
    /// The packet as it leaves; absent when it ends here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Packet>,
    /// Which header fields this step rewrote, and the document field each new value comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rewrites: Vec<Rewrite>,
    /// Source keys of the rules applied, as in the fact sheet: `PE-OV`, `PLS-OV`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<&'static str>,
    /// Assumptions and disputes this step rests on, by register id: `A8`, `D1`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<&'static str>,
}

/// A header field that can be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Field {
    /// IPv4 source address.
    SourceAddress,
    /// TCP or UDP source port.
    SourcePort,
    /// IPv4 destination address.
    DestinationAddress,
    /// TCP or UDP destination port.
    DestinationPort,
}

/// One rewritten header field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rewrite {
    /// Which field.
    pub field: Field,
    /// The document field (a JSON path such as `privateLinkServices/pls-iis/ipConfigurations/0`) or the
    /// session table (`natBindings/1`) the new value comes from.
    pub origin: SmolStr,
}

/// Which list a route stands in [UDR-OV].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RouteSource {
    /// A system route.
    Default,
    /// A user-defined route.
    User,
    /// Learned from a gateway.
    VirtualNetworkGateway,
}

impl RouteSource {
    /// `Source` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::User => "User",
            Self::VirtualNetworkGateway => "VirtualNetworkGateway",
        }
    }
}

/// Whether a route takes part in selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RouteState {
    /// It does.
    Active,
    /// A better one of the same prefix replaces it.
    Invalid,
}

impl RouteState {
    /// `State` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invalid => "Invalid",
        }
    }
}

/// `nextHopType` in the CLI's words [SEED4].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NextHopType {
    /// Within the virtual network.
    VnetLocal,
    /// A network peered in the same region.
    VNetPeering,
    /// A network peered in another region.
    VNetGlobalPeering,
    /// The Internet, or Azure's public addresses over the backbone.
    Internet,
    /// Dropped.
    None,
    /// A private endpoint.
    InterfaceEndpoint,
}

impl NextHopType {
    /// `Next Hop Type` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VnetLocal => "VnetLocal",
            Self::VNetPeering => "VNetPeering",
            Self::VNetGlobalPeering => "VNetGlobalPeering",
            Self::Internet => "Internet",
            Self::None => "None",
            Self::InterfaceEndpoint => "InterfaceEndpoint",
        }
    }
}

/// One row of an effective route table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// `Default`, `User` or `VirtualNetworkGateway`.
    pub source: RouteSource,
    /// `Active` or `Invalid`.
    pub state: RouteState,
    /// The range it covers.
    pub address_prefix: Ipv4Net,
    /// Where it leads.
    pub next_hop_type: NextHopType,
    /// The resource behind the hop: the private endpoint, the remote network; absent for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Id>,
}

/// What was decided at a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum Event {
    /// A client asked its resolver.
    QuerySent { name: DomainName, record_type: RecordType, server: Ipv4Addr },
    /// The public DNS answered a name with an alias. `private_link` when it exists because of an approved
    /// private endpoint connection.
    PublicAlias { name: DomainName, target: DomainName, ttl: u32, private_link: bool },
    /// The public DNS answered a name with an address.
    PublicAddress { name: DomainName, address: Ipv4Addr, ttl: u32 },
    /// The public DNS does not know the name.
    PublicMissing { name: DomainName },
    /// A private zone linked to the asking network holds the name.
    PrivateRecord { zone: Id, link: SmolStr, name: DomainName, address: Ipv4Addr, ttl: u32 },
    /// A private zone linked to the asking network is the authority, and does not hold the name.
    PrivateMissing { zone: Id, link: SmolStr, name: DomainName },
    /// A private zone could hold the name, but is not linked to the asking network, so it is never asked.
    ZoneNotLinked { zone: Id, network: Id, name: DomainName },
    /// The zone's link sends a missing name back to the public DNS.
    RedirectedToPublic { zone: Id, link: SmolStr, name: DomainName },
    /// A private zone linked to the asking network says that the name is an alias.
    PrivateAlias { zone: Id, link: SmolStr, name: DomainName, target: DomainName, ttl: u32 },
    /// The guest's hosts file holds the name, so nobody is asked.
    HostsFile { name: DomainName, address: Ipv4Addr },
    /// A cache still holds the answer, for so many seconds.
    CachedAnswer { name: DomainName, code: ResponseCode, address: Option<Ipv4Addr>, remaining_s: u64 },
    /// The machine still asks the servers its DHCP lease named; the document names others by now.
    LeaseOutdated { leased: Vec<Ipv4Addr>, configured: Vec<Ipv4Addr> },
    /// A DNS server sent the question on.
    QueryForwarded { name: DomainName, server: Socket, reason: Forwarding },
    /// An inbound endpoint took the question; it answers as Azure DNS does in its own network.
    InboundEndpointAsked { name: DomainName, endpoint: SmolStr, network: Id },
    /// A `.` rule takes every name but Azure's own, and this is one.
    RulePassedOver { ruleset: Id, link: SmolStr, rule: SmolStr, name: DomainName },
    /// A server was asked and said nothing.
    ServerSilent { server: Socket, silence: Silence },
    /// A zone on the DNS server itself holds the name.
    ServerRecord { zone: DomainName, name: DomainName, address: Ipv4Addr, ttl: u32 },
    /// A zone on the DNS server itself says that the name is an alias.
    ServerAlias { zone: DomainName, name: DomainName, target: DomainName, ttl: u32 },
    /// A zone on the DNS server itself is the authority, and does not hold the name.
    ServerMissing { zone: DomainName, name: DomainName },
    /// A DNS server cannot answer (SERVFAIL).
    ServerFailed { name: DomainName, failure: ServerFailure },
    /// A DNS server passed an answer back to whoever had asked it.
    AnswerRelayed { name: DomainName, code: ResponseCode, address: Option<Ipv4Addr> },
    /// The answer reached the client.
    AnswerReceived { name: DomainName, code: ResponseCode, records: Vec<Record>, address: Option<Ipv4Addr> },

    /// The effective route for the destination was chosen. `losers` are the other rows that contain it.
    RouteSelected { destination: Ipv4Addr, route: Route, losers: Vec<Route> },
    /// A security group decided. `subject` is the subnet or network interface it is attached to.
    SecurityEvaluated {
        scope: SecurityScope,
        subject: Id,
        group: Id,
        direction: Direction,
        access: Access,
        rule: SmolStr,
        priority: u32,
    },
    /// A security group of the private endpoint's subnet would deny, but does not apply to private endpoints there.
    SecurityNotApplied { subnet: Id, group: Id, rule: SmolStr, policies: PrivateEndpointNetworkPolicies },
    /// Security groups deny the health probes of `denied` backends, which count as down; the first is named.
    ProbeDenied { interface: Id, group: Id, rule: SmolStr, denied: u32 },
    /// The source became a public address on the way to the Internet.
    OutboundTranslated { public: Socket },
    /// The private endpoint's connection decided whether traffic enters Private Link.
    EndpointAdmitted { status: ConnectionStatus, target: Id, link_identifier: u32, group_id: Option<SmolStr> },
    /// The private link service bound a NAT port: source and destination become the provider's.
    Translated { nat: Socket, frontend: Socket, consumer: Socket, endpoint: Socket, binding: u32 },
    /// The load balancer chose a backend.
    Balanced { rule: SmolStr, pool: SmolStr, healthy: u32, members: u32, backend: Id, socket: Socket },
    /// A service in the guest accepted the connection.
    GuestAccepted { service: SmolStr, socket: Socket },
    /// A platform service accepted the connection.
    PlatformAccepted { service: Id, socket: Socket, private: bool },
    /// The load balancer put its frontend back as the source of the reply.
    Unbalanced { frontend: Socket },
    /// The private link service undid its translation for the reply.
    Untranslated { endpoint: Socket, consumer: Socket, binding: u32 },
    /// The public address on the way back became the machine's own.
    OutboundUntranslated { private: Socket },
    /// The sender has a connection.
    Connected { local: Socket, remote: Socket },

    /// The server's certificate was compared with the name asked for.
    CertificateChecked { host: SmolStr, certificate: SmolStr, matches: bool, accepted: bool },
    /// The application's request arrived. `caller` is the address the server sees.
    RequestArrived { protocol: RequestProtocol, host: SmolStr, path: SmolStr, caller: Socket },
    /// The platform service's firewall decided.
    FirewallEvaluated { verdict: FirewallVerdict, caller: Ipv4Addr },
    /// The server answered.
    ResponseSent { response: Response },
    /// The answer reached the sender.
    ResponseReceived { response: Response },

    /// The request ends here.
    Dropped { cause: DropCause },
}

/// Which line of the firewall decided [STG-NET], and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FirewallVerdict {
    /// Allowed: it came through an approved private endpoint, which the firewall does not look at.
    AllowedByPrivateEndpoint,
    /// Allowed: `defaultAction` is `Allow`.
    AllowedByDefault,
    /// Allowed: an entry of `ipRules` matches.
    AllowedByIpRule,
    /// Denied: `publicNetworkAccess` is `Disabled`.
    DeniedPublicNetworkAccess,
    /// Denied: `defaultAction` is `Deny` and no rule matches.
    DeniedByDefault,
}

impl FirewallVerdict {
    /// Whether the request passes.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(self, Self::AllowedByPrivateEndpoint | Self::AllowedByDefault | Self::AllowedByIpRule)
    }
}

/// An application response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The service's own error code, such as `AuthorizationFailure`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<SmolStr>,
    /// The body as sent.
    pub body: String,
}

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
    /// Nothing has this address.
    AddressUnused { address: Ipv4Addr },
    /// The subnet has no way out to the Internet.
    NoOutboundAccess { subnet: Id },
    /// The private endpoint's connection is not approved.
    ConnectionNotApproved { status: ConnectionStatus },
    /// The private endpoint's target is missing or not usable.
    EndpointWithoutTarget,
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
    /// The service does not listen on this port, and says nothing.
    PortNotServed { port: u16 },
    /// The guest refused: nothing listens on the port (TCP RST).
    ConnectionRefused { port: u16 },
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
            Self::AddressUnused { .. } => "AddressUnused",
            Self::NoOutboundAccess { .. } => "NoOutboundAccess",
            Self::ConnectionNotApproved { .. } => "ConnectionNotApproved",
            Self::EndpointWithoutTarget => "EndpointWithoutTarget",
            Self::NatIpMissing => "NatIpMissing",
            Self::NatPortsExhausted => "NatPortsExhausted",
            Self::FrontendMissing => "FrontendMissing",
            Self::NoLoadBalancingRule { .. } => "NoLoadBalancingRule",
            Self::NoHealthyBackend { .. } => "NoHealthyBackend",
            Self::PortNotServed { .. } => "PortNotServed",
            Self::ConnectionRefused { .. } => "ConnectionRefused",
            Self::CertificateMismatch { .. } => "CertificateMismatch",
            Self::DeniedBySecurityGroup { .. } => "DeniedBySecurityGroup",
        }
    }
}

/// Which way the request took to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PathKind {
    /// Through a private endpoint.
    PrivateEndpoint,
    /// To an address of the virtual network or its peers.
    Private,
    /// To a public address.
    Public,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Outcome {
    /// The target answered. The answer may still be a refusal of its own, such as 403.
    Answered {
        /// Which way the request took.
        path: PathKind,
        /// The address the server saw.
        caller: Socket,
        /// What it said; absent for a bare TCP connection.
        response: Option<Response>,
    },
    /// The request did not get an answer.
    Dropped {
        /// Why.
        cause: DropCause,
        /// Where.
        at: Place,
    },
}

impl Trace {
    /// The canonical bytes of the trace: compact JSON, the same on every platform.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a trace holds only strings, numbers and lists")
    }
}
