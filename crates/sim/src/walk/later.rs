//! A connection that stays open, and data sent over it later: whatever on its way has forgotten it by then drops the data
//! in silence [PLS-OV][LB-TCPRST].

use std::ops::ControlFlow;

use smol_str::{SmolStr, format_smolstr};
use topology::document::{Request, RequestProtocol};
use topology::resource::ConnectionStatus;
use wire::packet::{Packet, Payload, Transport};

use super::{Connection, Hop, Server, Verdict, Walk, rewrites};
use crate::network::Network;
use crate::session::{Kept, KeptServer, Memory, OpenConnection, Session};
use crate::trace::{DropCause, Event, Outcome, Phase, Place, Trace};

/// Carries a request through the network as [`send`](super::send) does, and keeps the connection open: its number, when it
/// was answered. With `keepalive_s` the client sends a TCP keepalive after as many idle seconds, again and again.
#[must_use]
pub fn open(
    network: &Network,
    session: &mut Session,
    request: &Request,
    keepalive_s: Option<u64>,
) -> (Trace, Option<u32>) {
    let mut walk = Walk::new(network, session, request);
    let (ControlFlow::Continue(outcome) | ControlFlow::Break(outcome)) = walk.run();
    let is_flow = request.protocol.transport() != Transport::Icmp;
    let answered = is_flow && matches!(outcome, Outcome::Answered { .. });
    let opened = walk.opened.take().filter(|_| answered);
    let trace = Trace { request: request.clone(), steps: walk.steps, outcome };
    let number = opened.map(|connection| session.keep(request.clone(), keepalive_s, connection.keep(network)));
    (trace, number)
}

/// Sends more over an open connection, whatever has happened meanwhile. `None` when there is no such connection.
#[must_use]
pub fn send_on(network: &Network, session: &mut Session, connection: u32) -> Option<Trace> {
    let open = session.connection(connection)?.clone();
    session.observe(network);
    let mut walk = Walk::new(network, session, &open.request);
    let (ControlFlow::Continue(outcome) | ControlFlow::Break(outcome)) = walk.send_more(&open);
    let trace = Trace { request: open.request.clone(), steps: walk.steps, outcome };
    Some(trace)
}

impl Walk<'_> {
    fn send_more(&mut self, open: &OpenConnection) -> Verdict<Outcome> {
        self.phase = Phase::Request;
        let idle_s = self.session.now_s().saturating_sub(open.last_used_s);
        let connection = open.kept.open(self.network);
        let sent = open.kept.sent.carrying(Payload::Request);
        if let Some(reset) = &open.reset {
            let (balancer, at_s) = (reset.balancer.clone(), reset.at_s);
            let cause = DropCause::ConnectionWasReset { balancer, after_s: at_s.saturating_sub(open.last_used_s) };
            return self.drop_at(self.sender_place(), cause, None);
        }
        let step = self.step(self.sender_place(), Event::DataSent { idle_s });
        step.after = Some(sent);
        self.pass_memories(open)?;
        let Some(connection) = connection else {
            return self.drop_at(self.sender_place(), DropCause::ServerGone, Some(sent));
        };
        self.still_served(&connection)?;
        self.session.used(open.number);
        match self.request.protocol {
            RequestProtocol::Http | RequestProtocol::Https | RequestProtocol::Sql => {
                let greeting = self.greet_again(&connection);
                self.request_over(&connection, greeting)
            }
            RequestProtocol::Tcp | RequestProtocol::Udp | RequestProtocol::Icmp | RequestProtocol::Dns => {
                let caller = connection.arrived.source;
                let step = self.step(self.server_place(&connection.server), Event::DataArrived { caller });
                step.via = connection.places();
                step.before = Some(connection.at_server(Payload::Request));
                Verdict::Continue(Outcome::Answered { path: connection.kind, caller, response: None })
            }
        }
    }

    /// Every place on the way either still knows the flow or drops it.
    fn pass_memories(&mut self, open: &OpenConnection) -> Verdict<()> {
        let now_s = self.session.now_s();
        for (position, memory) in &open.kept.memories {
            let place = open.kept.hops[*position].place.clone();
            let (before, after) = open.kept.around(*position);
            if let Memory::Approval(endpoint) = memory {
                let row = self.network.endpoints.by_id(endpoint);
                let status = row.and_then(|row| row.status).unwrap_or(ConnectionStatus::Disconnected);
                if status != ConnectionStatus::Approved {
                    let ended = self.drop_at(place, DropCause::ConnectionNotApproved { status }, Some(before));
                    if let Some(step) = self.steps.last_mut() {
                        step.assumptions = vec!["A2"];
                    }
                    return ended;
                }
                continue;
            }
            let Some((idle_s, limit_s)) = self.session.touch(memory, now_s) else {
                let idle_s = now_s.saturating_sub(open.last_used_s);
                return self.drop_at(place, memory.forgotten(idle_s), Some(before));
            };
            let step = self.step(place, Event::FlowContinued { idle_s, limit_s });
            step.before = Some(before);
            step.after = Some(after);
            step.rewrites = rewrites(before, after, |_| memory.origin());
            step.sources = memory.sources();
        }
        Verdict::Continue(())
    }

    /// Whether what listened still does: a process that is gone makes the guest answer with RST.
    fn still_served(&mut self, connection: &Connection) -> Verdict<()> {
        let Server::Guest(machine) = connection.server else { return Verdict::Continue(()) };
        if self.listener(connection, machine).is_some() {
            return Verdict::Continue(());
        }
        let (place, packet) = (self.server_place(&connection.server), connection.at_server(Payload::Request));
        let port = packet.destination.port;
        if packet.transport == Transport::Udp {
            return self.drop_at(place, DropCause::PortNotServed { port }, Some(packet));
        }
        let ended = self.drop_at(place, DropCause::ConnectionRefused { port }, Some(packet));
        if let Some(step) = self.steps.last_mut() {
            step.after = Some(packet.reply(Payload::Rst));
        }
        ended
    }
}

impl Connection {
    /// What a session keeps of it.
    fn keep(self, network: &Network) -> Kept {
        let Self { kind, sent, arrived, hops, memories, header, server, back, .. } = self;
        let hops = hops.into_iter().map(|hop| Hop::new(hop.place, hop.undo)).collect();
        let server = match server {
            Server::Guest(machine) => KeptServer::Guest(network.machines.id(machine).clone()),
            Server::Platform { platform, sub_resource, private, identity } => KeptServer::Platform {
                platform: network.platforms.id(platform).clone(),
                sub_resource,
                private,
                identity: identity.map(|subnet| network.subnets.id(subnet).clone()),
            },
        };
        Kept { kind, sent, arrived, hops, memories, header, server, back }
    }
}

impl Memory {
    /// What becomes of data that comes too late.
    const fn forgotten(&self, idle_s: u64) -> DropCause {
        match self {
            Self::Approval(_) | Self::Binding { .. } => DropCause::BindingForgotten { idle_s },
            Self::Flow(_) => DropCause::FlowForgotten { idle_s },
            Self::Lease(_) => DropCause::PortLeaseForgotten { idle_s },
        }
    }

    /// The row that says how a packet is rewritten.
    fn origin(&self) -> SmolStr {
        match self {
            Self::Approval(endpoint) => format_smolstr!("privateEndpoints/{endpoint}"),
            Self::Binding { number, .. } => format_smolstr!("natBindings/{number}"),
            Self::Flow(key) => format_smolstr!("loadBalancers/{}", key.balancer),
            Self::Lease(key) => format_smolstr!("snatPorts/{}", key.public),
        }
    }

    fn sources(&self) -> Vec<&'static str> {
        match self {
            Self::Approval(_) => vec!["PE-OV"],
            Self::Binding { .. } => vec!["PLS-OV"],
            Self::Flow(_) => vec!["LB-DIST", "LB-TCPRST"],
            Self::Lease(_) => vec!["LB-OUT"],
        }
    }
}

impl Kept {
    /// The connection in a network of today; `None` when its server is gone.
    fn open(&self, network: &Network) -> Option<Connection> {
        let server = match &self.server {
            KeptServer::Guest(machine) => Server::Guest(network.machines.find(machine)?),
            KeptServer::Platform { platform, sub_resource, private, identity } => Server::Platform {
                platform: network.platforms.find(platform)?,
                sub_resource: *sub_resource,
                private: *private,
                identity: identity.as_ref().and_then(|subnet| network.subnets.find(subnet)),
            },
        };
        let Self { kind, sent, arrived, hops, memories, header, back, .. } = self.clone();
        let (origin, reached) = (None, None);
        Some(Connection { kind, sent, arrived, hops, memories, header, origin, reached, server, back })
    }

    /// A packet of the client as it comes to a hop, and as it leaves it.
    fn around(&self, position: usize) -> (Packet, Packet) {
        let originals = || self.hops.iter().enumerate().filter_map(|(n, hop)| Some((n, hop.undo.as_ref()?.original)));
        let next = |from: usize| originals().find(|(n, _)| *n >= from).map_or(self.arrived, |(_, packet)| packet);
        (next(position).carrying(Payload::Request), next(position + 1).carrying(Payload::Request))
    }
}

impl Connection {
    /// A packet of the client as it leaves a place.
    pub(super) fn packet_from(&self, place: &Place) -> Packet {
        let after = self.hops.iter().skip_while(|hop| hop.place != *place).skip(1);
        let mut originals = after.filter_map(|hop| hop.undo.as_ref());
        originals.next().map_or(self.arrived, |undo| undo.original)
    }
}
