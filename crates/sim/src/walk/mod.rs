//! One request through a network: name, connection, answer, step by step.

mod app;
mod appliance;
mod application;
mod balance;
mod connect;
mod dns_azure;
mod dns_public;
mod dns_server;
mod everywhere;
mod inbound;
mod later;
mod lookup;
mod outbound;
mod outside;
mod platform;
mod private_link;
mod proxy;
mod reply;
mod resolve;
mod security;
mod service_endpoint;
mod transit;
mod tunnel;

pub use everywhere::{NetworkAnswer, resolve_everywhere};
pub use later::{open, send_on};
pub use lookup::{Asked, Lookup, leased_dns_servers, look_up};

use std::net::Ipv4Addr;
use std::ops::ControlFlow;

use smol_str::SmolStr;
use topology::Id;
use topology::document::{Request, RequestProtocol};
use wire::DomainName;
use wire::packet::{Packet, Payload, Socket, Transport};
use wire::proxy_v2::Header;

use self::appliance::Passed;
use crate::network::Network;
use crate::outside::{Stand, Station};
use crate::session::{Memory, Session};
use crate::table::{InterfaceIx, MachineIx, NetworkIx, PlatformIx, SubnetIx};
use crate::trace::{DropCause, Event, Field, Outcome, PathKind, Phase, Place, Rewrite, Step, Trace};

/// Azure's virtual address for DNS, DHCP and health probes: the same everywhere, outside all routing [WIRE-IP].
pub const AZURE_DNS: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Carries one request through the network. Session state (ports, bindings, flows) moves on with it.
#[must_use]
pub fn send(network: &Network, session: &mut Session, request: &Request) -> Trace {
    let mut walk = Walk::new(network, session, request);
    let (ControlFlow::Continue(outcome) | ControlFlow::Break(outcome)) = walk.run();
    Trace { request: request.clone(), steps: walk.steps, outcome }
}

/// Goes on with a value, or ends with an outcome.
type Verdict<T> = ControlFlow<Outcome, T>;

struct Walk<'a> {
    network: &'a Network,
    session: &'a mut Session,
    request: &'a Request,
    phase: Phase,
    steps: Vec<Step>,
    /// The DNS servers a question is waiting at, and for which name.
    waiting: Vec<(Place, DomainName)>,
    /// The security group that last kept a question from being sent.
    question_denied: Option<DropCause>,
    /// How many questions this request has cost.
    n_questions: usize,
    /// The port the next connection goes to.
    port: u16,
    /// The connection, once it is open.
    opened: Option<Connection>,
}

/// An open connection, as both ends see it.
struct Connection {
    kind: PathKind,
    /// The SYN as the sender sent it.
    sent: Packet,
    /// The SYN as the server saw it.
    arrived: Packet,
    /// What lies between, in the order passed.
    hops: Vec<Hop>,
    /// The network of whoever the server sees as the source, where it is one of Azure's.
    origin: Option<NetworkIx>,
    /// The server's network interface, where it has one.
    reached: Option<InterfaceIx>,
    /// What places remember of it, each with its hop's position.
    memories: Vec<(usize, Memory)>,
    /// The PROXY header before the client's bytes, and the private link service that writes it.
    header: Option<(Id, Header)>,
    server: Server,
    /// What lies between on the way back, in the order passed; known once the server's answer has arrived.
    back: Vec<Place>,
}

/// A place on the way, and what it changed.
#[derive(Clone, Debug)]
pub(crate) struct Hop {
    place: Place,
    undo: Option<Undo>,
    /// The appliance it is: replies return through one by routes only.
    appliance: Option<Passed>,
}

impl Hop {
    const fn new(place: Place, undo: Option<Undo>) -> Self {
        Self { place, undo, appliance: None }
    }
}

/// How a place puts back what it changed, for packets the other way.
#[derive(Clone, Debug)]
struct Undo {
    /// The packet as it arrived on the way forth.
    original: Packet,
    event: Event,
    /// Where the restored values stand.
    origin: Origin,
}

/// Where restored values stand in the document or the session.
#[derive(Clone, Debug)]
enum Origin {
    /// Everything from one row.
    Row(SmolStr),
    /// Address and port from different fields.
    Fields { address: SmolStr, port: SmolStr },
}

/// Who answers.
#[derive(Clone)]
enum Server {
    Guest(MachineIx),
    /// A platform service by sub-resource.
    Platform {
        platform: PlatformIx,
        sub_resource: usize,
        /// Whether it was reached through a private endpoint.
        private: bool,
        /// The subnet whose identity a service endpoint carries to it.
        identity: Option<SubnetIx>,
    },
}

impl<'a> Walk<'a> {
    fn new(network: &'a Network, session: &'a mut Session, request: &'a Request) -> Self {
        let steps = Vec::with_capacity(20);
        Self {
            network,
            session,
            request,
            phase: Phase::Resolve,
            steps,
            waiting: Vec::new(),
            question_denied: None,
            n_questions: 0,
            port: request.port(),
            opened: None,
        }
    }
}

impl Walk<'_> {
    fn run(&mut self) -> Verdict<Outcome> {
        let machine = self.network.machines.find(&self.request.from);
        let Some(sender) = machine.and_then(|machine| self.network.station(machine)) else {
            self.phase = Phase::Connect;
            return self.drop_at(self.sender_place(), DropCause::SenderWithoutInterface, None);
        };
        let to = self.request.to.trim();
        if self.request.protocol == RequestProtocol::Dns {
            let Ok(name) = to.parse::<DomainName>() else {
                return self.drop_at(self.sender_place(), DropCause::TargetNotUnderstood, None);
            };
            let address = self.resolve(self.station_for(sender, &name), name)?;
            return Verdict::Continue(Outcome::Resolved { address });
        }
        let (sender, address) = if let Ok(address) = to.parse::<Ipv4Addr>() {
            (sender, address)
        } else if let Ok(name) = to.parse::<DomainName>() {
            let station = self.station_for(sender, &name);
            let address = self.resolve(station, name)?;
            if station.stand != sender.stand {
                self.assume("A85");
            }
            (station, address)
        } else {
            return self.drop_at(self.sender_place(), DropCause::TargetNotUnderstood, None);
        };
        let connection = self.open(sender, address)?;
        let outcome = match self.request.protocol.transport() {
            Transport::Udp | Transport::Icmp => {
                let caller = connection.arrived.source;
                Verdict::Continue(Outcome::Answered { path: connection.kind, caller, response: None })
            }
            Transport::Tcp => self.converse(&connection),
        };
        self.opened = Some(connection);
        outcome
    }

    /// Opens a connection, or sends a datagram and gets its answer.
    fn open(&mut self, station: Station, address: Ipv4Addr) -> Verdict<Connection> {
        let (forth, back) = match self.request.protocol.transport() {
            Transport::Tcp | Transport::Icmp => (Phase::Connect, Phase::Accept),
            Transport::Udp => (Phase::Request, Phase::Response),
        };
        self.phase = forth;
        let station = self.station_towards(station, address);
        let sender = match station.stand {
            Stand::Network { .. } => self.network.sender(station.machine),
            Stand::Site(_) | Stand::Internet { .. } => None,
        };
        let mut connection = match sender {
            Some(sender) => self.connect(sender, address)?,
            None => self.connect_from_outside(station, address)?,
        };
        self.phase = back;
        self.accept(&mut connection)?;
        self.write_header(&connection);
        Verdict::Continue(connection)
    }

    fn sender_place(&self) -> Place {
        Place::Resource(self.request.from.clone())
    }

    /// Private Link, load balancers and platform services carry TCP and UDP only [PL-FAQ].
    fn refuse_echo(&mut self, place: &Place, packet: Packet) -> Verdict<()> {
        if packet.transport == Transport::Icmp {
            return self.drop_at(place.clone(), DropCause::EchoNotAnswered, Some(packet));
        }
        Verdict::Continue(())
    }

    /// Adds a step; the caller fills in what it has.
    fn step(&mut self, at: Place, event: Event) -> &mut Step {
        let step = Step {
            phase: self.phase,
            at,
            via: Vec::new(),
            event,
            before: None,
            after: None,
            rewrites: Vec::new(),
            sources: Vec::new(),
            assumptions: Vec::new(),
        };
        self.steps.push(step);
        self.steps.last_mut().expect("just pushed")
    }

    /// Ends the request here.
    fn drop_at<T>(&mut self, at: Place, cause: DropCause, packet: Option<Packet>) -> Verdict<T> {
        let (sources, assumptions) = basis(&cause);
        let step = self.step(at.clone(), Event::Dropped { cause: cause.clone() });
        step.before = packet;
        step.sources = sources.to_vec();
        step.assumptions = assumptions.to_vec();
        Verdict::Break(Outcome::Dropped { cause, at })
    }

    /// The SYN that opens this request's connection, its one datagram, or its echo request.
    fn first_packet(&mut self, source: Ipv4Addr, destination: Ipv4Addr) -> Packet {
        let transport = self.request.protocol.transport();
        let payload = match transport {
            Transport::Udp => Payload::Request,
            Transport::Tcp => Payload::Syn,
            Transport::Icmp => {
                let (source, destination) = (Socket::new(source, 0), Socket::new(destination, 0));
                return Packet { transport, source, destination, payload: Payload::EchoRequest };
            }
        };
        let port = self.session.ephemeral_port(&self.request.from, transport);
        Packet {
            transport,
            source: Socket::new(source, port),
            destination: Socket::new(destination, self.port),
            payload,
        }
    }
}

/// The header fields that differ, each with where its new value comes from.
fn rewrites(before: Packet, after: Packet, origin: impl Fn(Field) -> SmolStr) -> Vec<Rewrite> {
    let changes = [
        (Field::SourceAddress, before.source.address != after.source.address),
        (Field::SourcePort, before.source.port != after.source.port),
        (Field::DestinationAddress, before.destination.address != after.destination.address),
        (Field::DestinationPort, before.destination.port != after.destination.port),
    ];
    let changed = changes.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(field, _)| Rewrite { field, origin: origin(field) }).collect()
}

/// The rules and assumptions a drop rests on.
const fn basis(cause: &DropCause) -> (&'static [&'static str], &'static [&'static str]) {
    match cause {
        DropCause::SenderWithoutInterface | DropCause::TargetNotUnderstood => (&[], &[]),
        DropCause::NameNotResolved { .. } => (&["PRIV-FALLBACK"], &[]),
        DropCause::AliasLoop { .. } => (&[], &[]),
        DropCause::ForwardingLoop { .. } => (&["PR-RULES"], &[]),
        DropCause::ForwardersUnreachable { .. } | DropCause::NoForwarder { .. } => (&["MICROHACK"], &[]),
        DropCause::ResolverUnreachable { .. } => (&["MICROHACK"], &[]),
        DropCause::RouteNone { .. }
        | DropCause::ApplianceUnreachable { .. }
        | DropCause::IpForwardingDisabled { .. }
        | DropCause::GuestDoesNotForward
        | DropCause::GatewayMissing { .. } => (&["UDR-OV"], &[]),
        DropCause::AddressUnused { .. } | DropCause::NotRoutedOnInternet { .. } => (&[], &[]),
        DropCause::NoTunnel { .. } | DropCause::TunnelDown { .. } | DropCause::RoutingLoop => (&["UDR-OV"], &[]),
        DropCause::NatRuleOneWay { .. } => (&["VPN-NAT"], &[]),
        DropCause::NoOutboundAccess { .. } => (&["LB-OUT"], &["A23"]),
        DropCause::BehindLoadBalancer { .. } => (&["LB-OUT"], &[]),
        DropCause::SnatPortsExhausted => (&["LB-OUT"], &[]),
        DropCause::ClosedByDefault { .. } => (&["LB-OV"], &[]),
        DropCause::EndpointBeyondLimit { .. } => (&["PL-LIMITS", "PE-HSPE"], &["A84"]),
        DropCause::ConnectionNotApproved { .. } | DropCause::EndpointWithoutTarget => (&["PE-OV"], &["A1"]),
        DropCause::NatIpMissing | DropCause::FrontendMissing => (&["PLS-OV"], &[]),
        DropCause::NatPortsExhausted => (&["PL-FAQ-NEW"], &[]),
        DropCause::Hairpin { .. } => (&["LB-TRBL"], &[]),
        DropCause::FloatingAddressMissing { .. } => (&["LB-FLOAT"], &[]),
        DropCause::BindingForgotten { .. } => (&["PLS-OV"], &["A11"]),
        DropCause::FlowForgotten { .. } => (&["LB-TCPRST"], &["A11"]),
        DropCause::PortLeaseForgotten { .. } => (&["LB-OUT"], &[]),
        DropCause::ConnectionWasReset { .. } => (&["LB-TCPRST"], &[]),
        DropCause::ProxyHeaderMissing { .. } | DropCause::TlsHandshakeFailed { .. } => (&["PLS-OV"], &[]),
        DropCause::ServerGone => (&[], &[]),
        DropCause::NoLoadBalancingRule { .. } => (&["LB-COMP"], &[]),
        DropCause::NoHaPortsRule { .. } => (&["LB-HAPORT"], &[]),
        DropCause::ForwardedTrafficNotAllowed { .. } => (&["PEER-MANAGE"], &[]),
        DropCause::SourceNotTranslated { .. } => (&[], &["A51"]),
        DropCause::AsymmetricReturn { .. } => (&["INSPECT-FW"], &[]),
        DropCause::NoHealthyBackend { .. } => (&["PROBE"], &[]),
        DropCause::PortNotServed { .. } | DropCause::ConnectionRefused { .. } => (&[], &[]),
        DropCause::EchoNotAnswered => (&["PL-FAQ"], &[]),
        DropCause::CertificateMismatch { .. } => (&["STG-PE"], &[]),
        DropCause::DeniedBySecurityGroup { .. } => (&["NSG-HOW"], &[]),
    }
}
