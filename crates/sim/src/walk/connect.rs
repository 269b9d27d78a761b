//! The SYN from the sender's route to whoever accepts it.

use std::net::Ipv4Addr;

use wire::packet::{Packet, Payload};

use super::tunnel::Halt;
use super::{AZURE_DNS, Connection, Hop, Server, Verdict, Walk};
use crate::network::{Holder, Sender};
use crate::routes::NextHop;
use crate::table::{InterfaceIx, MachineIx, NetworkIx};
use crate::trace::{DropCause, Event, PathKind, Place};

impl Walk<'_> {
    pub(super) fn connect(&mut self, sender: Sender, destination: Ipv4Addr) -> Verdict<Connection> {
        let network = self.network;
        let packet = self.first_packet(sender.address, destination);
        if destination == AZURE_DNS {
            let place = Place::AzureDns(self.network.networks.id(sender.network).clone());
            return self.drop_at(place, DropCause::PortNotServed { port: packet.destination.port }, Some(packet));
        }
        self.pass_outbound(sender, packet)?;
        let Some(selection) = self.network.select_route(sender.vantage(), destination) else {
            let cause = DropCause::AddressUnused { address: destination };
            return self.drop_at(self.sender_place(), cause, Some(packet));
        };
        let prefix = selection.route.address_prefix;
        let selected = Event::RouteSelected { destination, route: selection.route, losers: selection.losers };
        let step = self.step(self.sender_place(), selected);
        step.before = Some(packet);
        step.after = Some(packet);
        step.sources = vec!["UDR-OV"];
        if let Some(owner) = selection.overridden {
            step.sources.push("PE-POLICY");
            if network.networks[owner].prefixes.len() > 1 {
                step.assumptions.push("A5");
            }
        }
        let closed = self.crosses_closed_peering(sender, selection.hop);
        if closed {
            self.assume("A21");
        }
        if let NextHop::Endpoint(endpoint) = selection.hop {
            if let Some(step) = self.steps.last_mut() {
                step.sources.push("SEED4");
            }
            let status = self.network.endpoints[endpoint].status;
            if status != Some(topology::resource::ConnectionStatus::Approved) {
                self.assume("A4");
            }
        }

        let mut way = Way::new(packet);
        let place = self.sender_place();
        let server = match selection.hop {
            NextHop::Endpoint(endpoint) => self.enter_private_link(endpoint, &mut way)?,
            NextHop::Local => self.deliver(sender.network, &mut way)?,
            NextHop::Peer { network, .. } => self.deliver(network, &mut way)?,
            NextHop::Internet => self.leave_for_internet(sender, &mut way)?,
            NextHop::ServiceEndpoint => self.take_service_endpoint(sender, &mut way)?,
            NextHop::None => return self.drop_at(place, DropCause::RouteNone { prefix }, Some(packet)),
            NextHop::Appliance(address) => {
                return self.drop_at(place, DropCause::ApplianceUnreachable { address }, Some(packet));
            }
            NextHop::Gateway(gateway) => {
                let missing = Halt { at: place, cause: DropCause::GatewayMissing { prefix } };
                self.send_by_gateway(sender.network, gateway, missing, &mut way)?
            }
        };
        Verdict::Continue(Connection { kind: way.kind, sent: way.sent, arrived: way.packet, hops: way.hops, server })
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
            Some(Holder::Endpoint(_)) | None => {
                let place = Place::Resource(self.network.networks.id(network).clone());
                self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
            }
        }
    }

    /// To a machine, past its security groups.
    pub(super) fn reach_guest(&mut self, interface: InterfaceIx, way: &Way) -> Verdict<Server> {
        let packet = way.packet;
        let Some(machine) = self.network.interfaces[interface].machine else {
            let place = Place::Resource(self.network.interfaces.id(interface).clone());
            let cause = DropCause::AddressUnused { address: packet.destination.address };
            return self.drop_at(place, cause, Some(packet));
        };
        let place = Place::Resource(self.network.machines.id(machine).clone());
        self.pass_inbound(interface, &place, way)?;
        self.reach_service(machine, way)
    }

    /// A machine accepts when something listens, and refuses with RST otherwise.
    pub(super) fn reach_service(&mut self, machine: MachineIx, way: &Way) -> Verdict<Server> {
        let packet = way.packet;
        let place = Place::Resource(self.network.machines.id(machine).clone());
        let port = packet.destination.port;
        let Some(service) = self.network.machines[machine].services.get(&port) else {
            let refused = self.drop_at(place, DropCause::ConnectionRefused { port }, Some(packet));
            if let Some(step) = self.steps.last_mut() {
                step.after = Some(packet.reply(Payload::Rst));
            }
            return refused;
        };
        let accepted = Event::GuestAccepted { service: service.clone(), socket: packet.destination };
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
    /// Whether it comes from the Internet, where a Standard public address is closed by default [LB-OV].
    pub(super) from_internet: bool,
}

impl Way {
    /// Before the first step.
    pub(super) const fn new(packet: Packet) -> Self {
        Self { sent: packet, packet, kind: PathKind::Private, hops: Vec::new(), from_internet: false }
    }
}
