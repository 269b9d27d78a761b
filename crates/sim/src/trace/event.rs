//! What a step of a trace says.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::document::RequestProtocol;
use topology::resource::{Access, ConnectionPolicy, ConnectionStatus, Direction, PrivateEndpointNetworkPolicies};
use wire::DomainName;
use wire::dns::{Record, RecordType, ResponseCode};
use wire::packet::Socket;
use wire::proxy_v2::Header;

use super::{DropCause, FirewallVerdict, OutsideHop, ReplyReason, Response, Route, TunnelKind};
use crate::balancing::Exit;
use crate::forwarding::{Forwarding, ServerFailure, Silence};
use crate::security::SecurityScope;
use crate::session::ProbeAnswer;

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
    AnswerRelayed { name: DomainName, code: ResponseCode, records: Vec<Record>, address: Option<Ipv4Addr> },
    /// The answer reached the client.
    AnswerReceived { name: DomainName, code: ResponseCode, records: Vec<Record>, address: Option<Ipv4Addr> },

    /// The effective route for the destination was chosen. `losers` are the other rows that contain it.
    RouteSelected { destination: Ipv4Addr, route: Route, losers: Vec<Route> },
    /// A route of a machine outside Azure was chosen.
    OutsideRouteSelected { destination: Ipv4Addr, prefix: Ipv4Net, hop: OutsideHop },
    /// A packet entered a tunnel, at one end of it. A point-to-site client has no connection of its own.
    TunnelEntered { connection: Option<Id>, kind: TunnelKind, entry: Id, exit: Id },
    /// NAT rules of a connection moved addresses at its gateway: of the source first.
    GatewayTranslated { rules: Vec<SmolStr> },
    /// The gateway put the addresses back for the reply.
    GatewayUntranslated,
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
    /// A service endpoint of the sender's subnet carries the packet to a service: the source stays what it is, and the
    /// service learns the subnet.
    ServiceEndpointTaken { subnet: Id, service: SmolStr },
    /// Neither routes nor security groups apply to the platform's own addresses [WIRE-IP].
    RoutesBypassed { destination: Ipv4Addr },
    /// A load balancer with HA ports passed the packet to one of its members as it is: it is the next hop, not the
    /// destination.
    NextHopBalanced { rule: SmolStr, pool: SmolStr, healthy: u32, members: u32, backend: Id },
    /// A machine sent on a packet that is not for it; `source` is the new one where it puts its own address there.
    Forwarded { interface: Id, source: Option<Socket> },
    /// The source became a public address on the way to the Internet.
    OutboundTranslated { public: Socket },
    /// The source became the public address of a resource on the way to the Internet.
    SourceTranslated { public: Socket, exit: Exit },
    /// A machine's own public address, as the destination of a packet from the Internet, became its private one.
    DestinationTranslated { private: Socket },
    /// The private endpoint's connection decided whether traffic enters Private Link.
    EndpointAdmitted { status: ConnectionStatus, target: Id, link_identifier: u32, group_id: Option<SmolStr> },
    /// The private link service bound a NAT port: source and destination become the provider's.
    Translated { nat: Socket, frontend: Socket, consumer: Socket, endpoint: Socket, binding: u32 },
    /// The load balancer chose a backend.
    Balanced { rule: SmolStr, pool: SmolStr, healthy: u32, members: u32, backend: Id, socket: Socket },
    /// An inbound NAT rule chose the backend.
    NatRuleApplied { rule: SmolStr, backend: Id, socket: Socket },
    /// The sender is one of the members its flow may go to; this one went to another.
    HairpinPossible { healthy: u32 },
    /// A health probe holds `failed` backends to be down; the first is named with what it answers.
    ProbeFailed { probe: SmolStr, interface: Id, answer: ProbeAnswer, failed: u32 },
    /// The private link service bound a NAT port and sends on to the address of Direct Connect.
    TranslatedDirectly { nat: Socket, destination: Socket, consumer: Socket, endpoint: Socket, binding: u32 },
    /// The private link service wrote a PROXY header before the client's bytes. `header` is its bytes.
    ProxyHeaderSent { client: Socket, link_identifier: u32, header: Header },
    /// The server read the header, and so knows the client.
    ProxyHeaderRead { service: SmolStr, client: Socket, link_identifier: u32 },
    /// The server took the header for a request that makes no sense.
    ProxyHeaderNotUnderstood { service: SmolStr },
    /// The sender sent more over its open connection.
    DataSent { idle_s: u64 },
    /// A place on the way still knew the flow, which had been idle for less than its limit.
    FlowContinued { idle_s: u64, limit_s: u64 },
    /// The data arrived.
    DataArrived { caller: Socket },
    /// The datagram was answered.
    DatagramAnswered { local: Socket, remote: Socket },
    /// A service in the guest accepted the connection.
    GuestAccepted { service: SmolStr, socket: Socket },
    /// A guest answered an echo request.
    EchoAnswered { socket: Socket },
    /// A platform service accepted the connection.
    PlatformAccepted { service: Id, socket: Socket, private: bool },
    /// The load balancer put its frontend back as the source of the reply.
    Unbalanced { frontend: Socket },
    /// The private link service undid its translation for the reply.
    Untranslated { endpoint: Socket, consumer: Socket, binding: u32 },
    /// A private endpoint sent its reply, and not simply back where the request came from: `appliance` had sent it on.
    EndpointReplied { appliance: Id, reason: ReplyReason },
    /// A machine sent on a reply; `destination` is the new one where it had replaced the source before.
    ReplyForwarded { interface: Id, destination: Option<Socket> },
    /// The public address on the way back became the machine's own.
    OutboundUntranslated { private: Socket },
    /// The machine's private address as the source of the reply became its public one.
    DestinationUntranslated { public: Socket },
    /// The sender has a connection.
    Connected { local: Socket, remote: Socket },

    /// The server's certificate was compared with the name asked for.
    CertificateChecked { host: SmolStr, certificate: SmolStr, matches: bool, accepted: bool },
    /// The application's request arrived. `caller` is the address the server sees.
    RequestArrived { protocol: RequestProtocol, host: SmolStr, path: SmolStr, caller: Socket },
    /// The platform service's firewall decided. `subnet` is the one whose identity the request carried.
    FirewallEvaluated {
        verdict: FirewallVerdict,
        caller: Ipv4Addr,
        #[serde(skip_serializing_if = "Option::is_none")]
        subnet: Option<Id>,
    },
    /// The gateway of a SQL server accepted the login and sends the client to a port of the node that holds the data.
    LoginRedirected { policy: ConnectionPolicy, port: u16 },
    /// The server answered.
    ResponseSent { response: Response },
    /// The answer reached the sender.
    ResponseReceived { response: Response },

    /// The request ends here.
    Dropped { cause: DropCause },
}
