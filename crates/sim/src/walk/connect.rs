//! The SYN from the sender's route to whoever accepts it.

use std::net::Ipv4Addr;

use topology::Id;
use wire::packet::{Packet, Payload, Transport};
use wire::proxy_v2::Header;

use super::transit::Departure;
use super::{AZURE_DNS, Connection, Hop, Server, Verdict, Walk};
use crate::network::{Holder, Sender};
use crate::security::INSTANCE_METADATA;
use crate::session::Memory;
use crate::table::{InterfaceIx, MachineIx, NetworkIx};
use crate::trace::{DropCause, Event, PathKind, Place};

impl Walk<'_> {
    pub(super) fn connect(&mut self, sender: Sender, destination: Ipv4Addr) -> Verdict<Connection> {
        let packet = self.first_packet(sender.address, destination);
        if [AZURE_DNS, INSTANCE_METADATA].contains(&destination) {
            return self.bypass_routes(sender, packet);
        }
        let mut way = Way::new(packet);
        way.origin = Some(sender.network);
        let server = self.carry(Departure::of(self.sender_place(), sender), &mut way)?;
        Verdict::Continue(way.connection(server))
    }

    /// The platform's own addresses are behind no route. Neither takes connections here: they are for questions and
    /// metadata.
    fn bypass_routes(&mut self, sender: Sender, packet: Packet) -> Verdict<Connection> {
        let destination = packet.destination.address;
        let step = self.step(self.sender_place(), Event::RoutesBypassed { destination });
        step.before = Some(packet);
        step.after = Some(packet);
        step.sources = vec!["WIRE-IP"];
        let place = match destination {
            AZURE_DNS => Place::AzureDns(self.network.networks.id(sender.network).clone()),
            _ => self.sender_place(),
        };
        self.drop_at(place, DropCause::PortNotServed { port: packet.destination.port }, Some(packet))
    }

    /// Adds an assumption to the step just made.
    pub(super) fn assume(&mut self, assumption: &'static str) {
        if let Some(step) = self.steps.last_mut() {
            step.assumptions.push(assumption);
        }
    }

    /// To an address of this or a peered network.
    pub(super) fn deliver(&mut self, network: NetworkIx, way: &mut Way) -> Verdict<Server> {
        let address = way.packet.destination.address;
        match self.network.networks[network].addresses.get(&address).copied() {
            Some(Holder::Interface(interface)) => self.reach_guest(interface, way),
            Some(Holder::Frontend(balancer, position)) => self.balance(balancer, position, way),
            Some(Holder::Inbound(resolver, _) | Holder::Outbound(resolver, _)) => {
                let place = Place::Resource(self.network.resolvers.id(resolver).clone());
                let port = way.packet.destination.port;
                self.drop_at(place, DropCause::PortNotServed { port }, Some(way.packet))
            }
            Some(Holder::Gateway(gateway)) => {
                let place = Place::Resource(self.network.gateways.id(gateway).clone());
                let port = way.packet.destination.port;
                self.drop_at(place, DropCause::PortNotServed { port }, Some(way.packet))
            }
            Some(Holder::NatIp(service)) => {
                let place = Place::Resource(self.network.services.id(service).clone());
                let port = way.packet.destination.port;
                self.drop_at(place, DropCause::PortNotServed { port }, Some(way.packet))
            }
            Some(Holder::Endpoint(endpoint)) if self.network.range_containing(network, address).is_some() => {
                self.assume("A52");
                self.enter_private_link(endpoint, way)
            }
            Some(Holder::Endpoint(_)) | None => {
                let place = Place::Resource(self.network.networks.id(network).clone());
                self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
            }
        }
    }

    /// To a machine, past its security groups.
    pub(super) fn reach_guest(&mut self, interface: InterfaceIx, way: &mut Way) -> Verdict<Server> {
        let packet = way.packet;
        let Some(machine) = self.network.interfaces[interface].machine else {
            let place = Place::Resource(self.network.interfaces.id(interface).clone());
            let cause = DropCause::AddressUnused { address: packet.destination.address };
            return self.drop_at(place, cause, Some(packet));
        };
        let place = Place::Resource(self.network.machines.id(machine).clone());
        self.pass_inbound(interface, &place, way)?;
        way.reached = Some(interface);
        self.reach_service(machine, way)
    }

    /// A machine accepts when something listens, and refuses with RST otherwise.
    pub(super) fn reach_service(&mut self, machine: MachineIx, way: &Way) -> Verdict<Server> {
        let packet = way.packet;
        let place = Place::Resource(self.network.machines.id(machine).clone());
        if packet.transport == Transport::Icmp {
            let accepted = Event::EchoAnswered { socket: packet.destination };
            let step = self.step(place, accepted);
            step.before = Some(packet);
            step.assumptions = vec!["A100"];
            return Verdict::Continue(Server::Guest(machine));
        }
        let port = packet.destination.port;
        let Some(listener) = self.network.machines[machine].services.get(&(packet.transport, port)) else {
            // A datagram nobody waits for is answered by ICMP, which neither a load balancer nor Private Link carries.
            if packet.transport == Transport::Udp {
                return self.drop_at(place, DropCause::PortNotServed { port }, Some(packet));
            }
            let refused = self.drop_at(place, DropCause::ConnectionRefused { port }, Some(packet));
            if let Some(step) = self.steps.last_mut() {
                step.after = Some(packet.reply(Payload::Rst));
            }
            return refused;
        };
        let accepted = Event::GuestAccepted { service: listener.name.clone(), socket: packet.destination };
        self.step(place, accepted).before = Some(packet);
        Verdict::Continue(Server::Guest(machine))
    }
}

/// A packet on its way forth.
pub(super) struct Way {
    pub(super) sent: Packet,
    pub(super) packet: Packet,
    pub(super) kind: PathKind,
    pub(super) hops: Vec<Hop>,
    /// What places remember of the flow, each with its hop's position.
    pub(super) memories: Vec<(usize, Memory)>,
    /// Whether it comes from the Internet, where a Standard public address is closed by default [LB-OV].
    pub(super) from_internet: bool,
    /// The network of whoever the packet names as its source; none outside Azure.
    pub(super) origin: Option<NetworkIx>,
    /// The network interface it arrived at.
    pub(super) reached: Option<InterfaceIx>,
    /// The NAT binding it came by: a NAT socket may lead to several backends at once.
    pub(super) binding: Option<u32>,
    /// The PROXY header that will come before the client's bytes, and the private link service that writes it.
    pub(super) header: Option<(Id, Header)>,
}

impl Way {
    /// Before the first step.
    pub(super) const fn new(packet: Packet) -> Self {
        Self {
            sent: packet,
            packet,
            kind: PathKind::Private,
            hops: Vec::new(),
            memories: Vec::new(),
            from_internet: false,
            origin: None,
            reached: None,
            binding: None,
            header: None,
        }
    }

    /// The place just passed keeps something for the packets to come.
    pub(super) fn remember(&mut self, memory: Memory) {
        self.memories.push((self.hops.len().saturating_sub(1), memory));
    }

    /// Once a server has accepted.
    pub(super) fn connection(self, server: Server) -> Connection {
        let Self { sent, packet: arrived, kind, hops, memories, header, origin, reached, .. } = self;
        Connection { kind, sent, arrived, hops, memories, header, origin, reached, server, back: Vec::new() }
    }
}
