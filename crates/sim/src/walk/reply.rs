//! The way back: by the routes of whoever replies, not simply the way forth reversed. Every rewrite is undone where it
//! was made, in reverse order; an appliance that keeps track of connections drops one it sees half of.

use std::net::Ipv4Addr;

use topology::Id;
use topology::document::ReturnPath;
use wire::packet::{Packet, Payload, Transport};

use super::appliance::Passed;
use super::outside::is_private;
use super::transit::{Departure, Lost};
use super::{Connection, Hop, Server, Verdict, Walk, rewrites};
use crate::network::Holder;
use crate::routes::NextHop;
use crate::table::{InterfaceIx, MachineIx};
use crate::trace::{DropCause, Event, PathKind, Place, ReplyReason};

/// A reply on its way.
struct Reply<'c> {
    connection: &'c Connection,
    packet: Packet,
    /// How many of the places passed on the way forth still lie ahead.
    ahead: usize,
    /// Places passed since the last step.
    via: Vec<Place>,
    /// Every place passed.
    passed: Vec<Place>,
    /// Appliances it passed that the request had not.
    strays: Vec<MachineIx>,
}

/// What became of a reply at one place.
enum Next {
    /// It is back at the sender.
    Arrived,
    /// It goes on from there.
    Onwards(Departure),
}

impl Walk<'_> {
    /// SYN-ACK from the server to the sender, or the datagram that answers one.
    pub(super) fn accept(&mut self, connection: &mut Connection) -> Verdict<()> {
        let transport = connection.sent.transport;
        let mut reply = Reply {
            packet: connection.arrived.accepted(),
            ahead: connection.hops.len(),
            connection,
            via: Vec::new(),
            passed: Vec::new(),
            strays: Vec::new(),
        };
        if let Err(lost) = self.bring_back(&mut reply) {
            return self.lose(lost);
        }
        let Reply { packet, via, passed, .. } = reply;
        let (local, remote) = (packet.destination, packet.source);
        let event = match transport {
            Transport::Tcp | Transport::Icmp => Event::Connected { local, remote },
            Transport::Udp => Event::DatagramAnswered { local, remote },
        };
        let step = self.step(self.sender_place(), event);
        step.via = via;
        step.before = Some(packet);
        connection.back = passed;
        Verdict::Continue(())
    }

    fn bring_back(&mut self, reply: &mut Reply<'_>) -> Result<(), Lost> {
        let mut from = self.replier(reply.connection);
        loop {
            let next = if let Some(from) = from {
                let hop = self.choose_reply_route(&from, reply)?;
                let to = reply.packet.destination.address;
                self.undo(reply);
                self.follow_back(&from, hop, to, reply)?
            } else {
                // Replies through Private Link, and from public addresses, are bound to where the request came from.
                self.undo(reply);
                match reply.connection.kind {
                    PathKind::PrivateEndpoint => self.leave_endpoint(reply)?,
                    PathKind::Private => self.reenter(reply)?,
                    PathKind::Public | PathKind::ServiceEndpoint => self.straight_back(reply)?,
                }
            };
            match next {
                Next::Arrived => return Ok(()),
                Next::Onwards(departure) => from = Some(departure),
            }
        }
    }

    /// Where a guest's reply leaves. A backend behind a private link service replies to the binding, whatever its routes
    /// say (assumption A54).
    fn replier(&self, connection: &Connection) -> Option<Departure> {
        match (&connection.server, connection.kind) {
            (Server::Guest(machine), PathKind::Private | PathKind::Public | PathKind::ServiceEndpoint) => {
                let place = Place::Resource(self.network.machines.id(*machine).clone());
                self.departure(place, connection.reached?)
            }
            (Server::Guest(_), PathKind::PrivateEndpoint) | (Server::Platform { .. }, _) => None,
        }
    }

    /// The route of a reply. One that leads straight back, as most do, is no step.
    fn choose_reply_route(&mut self, from: &Departure, reply: &Reply<'_>) -> Result<NextHop, Lost> {
        if reply.connection.hops.iter().all(|hop| hop.appliance.is_none()) {
            let hop = self.network.next_hop(from.vantage(), reply.packet.destination.address);
            let is_plain = |hop: &NextHop| match hop {
                NextHop::Local | NextHop::Peer { .. } | NextHop::Internet | NextHop::Gateway(_) => true,
                NextHop::None | NextHop::Endpoint(_) | NextHop::Appliance(_) | NextHop::ServiceEndpoint => false,
            };
            if let Some(hop) = hop.filter(is_plain) {
                return Ok(hop);
            }
        }
        self.choose_route(from, reply.packet)
    }

    fn follow_back(
        &mut self,
        from: &Departure,
        hop: NextHop,
        address: Ipv4Addr,
        reply: &mut Reply<'_>,
    ) -> Result<Next, Lost> {
        let (network, packet) = (self.network, reply.packet);
        let owner = match hop {
            NextHop::Local => from.network,
            NextHop::Peer { network, .. } => network,
            NextHop::Appliance(hop) => {
                let (_, interface) = self.appliance(from, hop, packet)?;
                return self.reach_back(from, interface, reply);
            }
            NextHop::Internet if !is_private(address) => return self.straight_back(reply),
            NextHop::Gateway(_) => return self.straight_back(reply),
            NextHop::Internet | NextHop::None | NextHop::Endpoint(_) | NextHop::ServiceEndpoint => {
                return from.lost(DropCause::AddressUnused { address }, packet);
            }
        };
        self.cross_peering(from, owner, packet)?;
        match network.networks[owner].addresses.get(&address) {
            Some(Holder::Interface(interface)) => self.reach_back(from, *interface, reply),
            Some(_) | None => {
                let at = Place::Resource(network.networks.id(owner).clone());
                Err(Lost { at, cause: DropCause::AddressUnused { address }, packet })
            }
        }
    }

    /// A reply at a machine: the sender, an appliance that had sent the request on, or one that had not.
    fn reach_back(&mut self, from: &Departure, interface: InterfaceIx, reply: &mut Reply<'_>) -> Result<Next, Lost> {
        let (network, packet) = (self.network, reply.packet);
        let Some(machine) = network.interfaces[interface].machine else {
            return from.lost(DropCause::AddressUnused { address: packet.destination.address }, packet);
        };
        let id = network.machines.id(machine);
        if *id == self.request.from {
            return self.straight_back(reply);
        }
        if reply.next_appliance().is_some_and(|(_, passed)| passed.machine == machine) {
            return self.back_through(reply);
        }
        let at = Place::Resource(id.clone());
        self.admit(interface, machine, &at, packet)?;
        let lost = |cause| Err(Lost { at: at.clone(), cause, packet });
        if network.machines[machine].forwarding.as_ref().is_some_and(|forwarding| forwarding.stateful) {
            return lost(DropCause::AsymmetricReturn { appliance: id.clone() });
        }
        if reply.strays.contains(&machine) {
            return lost(DropCause::RoutingLoop);
        }
        reply.strays.push(machine);
        let outbound = network.leaves_by(machine, interface, packet.destination.address);
        self.send_back(reply, &at, network.interfaces.id(outbound), packet);
        let departure = self.departure(at.clone(), outbound);
        departure.map(Next::Onwards).map_or_else(|| lost(DropCause::GuestDoesNotForward), Ok)
    }

    /// From outside into the network whose appliance sent the request out: by the routes of the gateway's subnet.
    fn reenter(&mut self, reply: &mut Reply<'_>) -> Result<Next, Lost> {
        let network = self.network;
        let left_by =
            reply.next_appliance().and_then(|(position, _)| match &reply.connection.hops.get(position + 1)?.place {
                Place::Resource(id) => self.departure_of(network.gateways.find(id)?),
                Place::AzureDns(_) | Place::PublicDns | Place::Internet => None,
            });
        let Some(from) = left_by else { return self.straight_back(reply) };
        let hop = self.choose_route(&from, reply.packet)?;
        self.follow_back(&from, hop, reply.packet.destination.address, reply)
    }

    /// To the machine the reply is addressed to, past the appliances between.
    fn straight_back(&mut self, reply: &mut Reply<'_>) -> Result<Next, Lost> {
        let ahead = &reply.connection.hops[..reply.ahead];
        let is = |test: fn(&Passed) -> bool| move |hop: &Hop| hop.appliance.as_ref().is_some_and(test);
        let target = ahead.iter().rposition(is(|passed| passed.is_translated));
        let passed_by = &ahead[target.map_or(0, |target| target + 1)..];
        if let Some(Passed { machine, seen: packet, .. }) =
            passed_by.iter().find(|hop| is(|passed| passed.is_stateful)(hop)).and_then(|hop| hop.appliance)
        {
            let appliance: Id = self.network.machines.id(machine).clone();
            let at = Place::Resource(appliance.clone());
            return Err(Lost { at, cause: DropCause::AsymmetricReturn { appliance }, packet });
        }
        match target {
            Some(target) => {
                reply.ahead = target + 1;
                self.back_through(reply)
            }
            None => Ok(Next::Arrived),
        }
    }

    /// Out of a private endpoint: through the appliance that sent the request on, or past it (assumption A6).
    fn leave_endpoint(&mut self, reply: &mut Reply<'_>) -> Result<Next, Lost> {
        let network = self.network;
        let Some((position, passed)) = reply.next_appliance() else { return self.straight_back(reply) };
        let at = reply.connection.hops[position + 1].place.clone();
        let has_route = || {
            let Place::Resource(id) = &at else { return false };
            let owner = network.endpoints.by_id(id).and_then(|endpoint| endpoint.network);
            let sender = reply.connection.origin;
            sender.is_some_and(|sender| {
                owner == Some(sender) || owner.is_some_and(|owner| network.networks[sender].peers.contains(&owner))
            })
        };
        let reason = if passed.is_translated {
            ReplyReason::SourceTranslated
        } else if network.interfaces[passed.outbound].keeps_source {
            ReplyReason::Tagged
        } else if network.return_path == ReturnPath::Documented {
            ReplyReason::Documented
        } else if has_route() {
            ReplyReason::RouteOfItsOwn
        } else {
            ReplyReason::NoRouteOfItsOwn
        };
        let appliance = network.machines.id(passed.machine).clone();
        let step = self.step(at, Event::EndpointReplied { appliance, reason });
        step.via = std::mem::take(&mut reply.via);
        step.before = Some(reply.packet);
        step.after = Some(reply.packet);
        step.sources = vec!["INSPECT-FW", "DMAUSER-FW"];
        match reason {
            ReplyReason::SourceTranslated => {}
            ReplyReason::Tagged => step.sources = vec!["PE-NOSNAT"],
            ReplyReason::NoRouteOfItsOwn | ReplyReason::RouteOfItsOwn | ReplyReason::Documented => {
                step.assumptions = vec!["A6"];
            }
        }
        match reason {
            ReplyReason::SourceTranslated | ReplyReason::Tagged | ReplyReason::NoRouteOfItsOwn => {
                self.back_through(reply)
            }
            ReplyReason::RouteOfItsOwn | ReplyReason::Documented => self.straight_back(reply),
        }
    }

    /// Through the next appliance of the way forth, which puts back what it had changed.
    fn back_through(&mut self, reply: &mut Reply<'_>) -> Result<Next, Lost> {
        let Some((position, passed)) = reply.next_appliance() else { return Ok(Next::Arrived) };
        let hop = &reply.connection.hops[position];
        reply.ahead = position;
        let after = hop.undo.as_ref().map_or(reply.packet, |undo| undo.original.accepted());
        let interface = self.network.interfaces.id(passed.inbound);
        self.send_back(reply, &hop.place, interface, after);
        if let (Some(step), Some(undo)) = (self.steps.last_mut(), &hop.undo) {
            let (before, after) = (step.before.unwrap_or(after), after);
            step.rewrites = rewrites(before, after, |field| undo.origin.of(field));
        }
        match self.departure(hop.place.clone(), passed.inbound) {
            Some(departure) => Ok(Next::Onwards(departure)),
            None => Ok(Next::Arrived),
        }
    }

    fn send_back(&mut self, reply: &mut Reply<'_>, at: &Place, interface: &Id, after: Packet) {
        let before = reply.packet;
        let destination = (before != after).then_some(after.destination);
        let step = self.step(at.clone(), Event::ReplyForwarded { interface: interface.clone(), destination });
        step.via = std::mem::take(&mut reply.via);
        step.before = Some(before);
        step.after = Some(after);
        step.sources = vec!["UDR-OV"];
        reply.passed.push(at.clone());
        reply.packet = after;
    }

    /// What lies between the reply and the next appliance, or the sender, belongs to the platform and undoes itself.
    fn undo(&mut self, reply: &mut Reply<'_>) {
        while let Some(Hop { place, undo, appliance: None }) = reply.connection.hops[..reply.ahead].last() {
            reply.ahead -= 1;
            reply.passed.push(place.clone());
            let Some(undo) = undo else {
                reply.via.push(place.clone());
                continue;
            };
            let before = reply.packet;
            reply.packet = undo.original.accepted();
            let step = self.step(place.clone(), undo.event.clone());
            step.via = std::mem::take(&mut reply.via);
            step.before = Some(before);
            step.after = Some(reply.packet);
            step.rewrites = rewrites(before, reply.packet, |field| undo.origin.of(field));
        }
    }
}

impl Reply<'_> {
    /// The last appliance ahead, and its position.
    fn next_appliance(&self) -> Option<(usize, Passed)> {
        let ahead = self.connection.hops[..self.ahead].iter().enumerate().rev();
        ahead.filter_map(|(position, hop)| Some((position, hop.appliance?))).next()
    }
}

impl Connection {
    /// The places between sender and server.
    pub(super) fn places(&self) -> Vec<Place> {
        self.hops.iter().map(|hop| hop.place.clone()).collect()
    }

    /// A packet of the sender as the server sees it.
    pub(super) const fn at_server(&self, payload: Payload) -> Packet {
        self.arrived.carrying(payload)
    }

    /// A packet of the server as the sender sees it.
    pub(super) const fn at_sender(&self, payload: Payload) -> Packet {
        self.sent.reply(payload)
    }
}
