//! Machines that send on what is not for them: firewalls and routers, alone or behind a load balancer [UDR-OV].

use std::net::Ipv4Addr;

use smol_str::format_smolstr;
use topology::resource::{Direction, RuleProtocol, SourceNat};
use wire::packet::{Packet, Socket};

use super::connect::Way;
use super::outside::is_private;
use super::transit::{Departure, Lost, Next};
use super::{Hop, Origin, Undo, Walk, rewrites};
use crate::network::{Holder, Network};
use crate::routes::NextHop;
use crate::table::{BalancerIx, InterfaceIx, MachineIx, NetworkIx};
use crate::trace::{DropCause, Event, Place};

/// An appliance a packet has passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) machine: MachineIx,
    /// Where the packet came in, and the reply goes out.
    pub(super) inbound: InterfaceIx,
    /// Where the packet went out.
    pub(super) outbound: InterfaceIx,
    /// Whether it put its own address as the source.
    pub(super) is_translated: bool,
    /// Whether it drops what belongs to no connection it has seen both halves of.
    pub(super) is_stateful: bool,
    /// The packet as it came in.
    pub(super) seen: Packet,
}

impl Walk<'_> {
    /// To the appliance a route names, through it and out again.
    pub(super) fn pass_appliance(&mut self, from: &Departure, hop: Ipv4Addr, way: &mut Way) -> Result<Next, Lost> {
        let packet = way.packet;
        let (owner, interface) = self.appliance(from, hop, packet)?;
        let network = self.network;
        let Some(machine) = network.interfaces[interface].machine else {
            return from.lost(DropCause::ApplianceUnreachable { address: hop }, packet);
        };
        let is_own = |other: &InterfaceIx| network.interfaces[*other].address == Some(packet.destination.address);
        if network.machines[machine].interfaces.iter().any(is_own) {
            return Ok(Next::Arrived(owner));
        }
        let place = Place::Resource(network.machines.id(machine).clone());
        if way.hops.iter().any(|hop| hop.appliance.is_some_and(|passed| passed.machine == machine)) {
            return Err(Lost { at: place, cause: DropCause::RoutingLoop, packet });
        }
        self.admit(interface, machine, &place, packet)?;
        let outbound = network.leaves_by(machine, interface, packet.destination.address);
        self.send_on(machine, interface, outbound, way);
        let departure = self.departure(place, outbound);
        departure.map(Next::Onwards).ok_or_else(|| {
            let at = Place::Resource(network.machines.id(machine).clone());
            Lost { at, cause: DropCause::ApplianceUnreachable { address: hop }, packet }
        })
    }

    /// The interface that takes packets for a next hop, and its network: behind a load balancer one of its members.
    pub(super) fn appliance(
        &mut self,
        from: &Departure,
        hop: Ipv4Addr,
        packet: Packet,
    ) -> Result<(NetworkIx, InterfaceIx), Lost> {
        let found = self.network.holder_near(from.network, hop);
        let Some((owner, holder)) = found else {
            return from.lost(DropCause::ApplianceUnreachable { address: hop }, packet);
        };
        self.cross_peering(from, owner, packet)?;
        match holder {
            Holder::Interface(interface) => Ok((owner, interface)),
            Holder::Frontend(balancer, position) => {
                self.balance_next_hop(balancer, position, packet).map(|interface| (owner, interface))
            }
            Holder::NatIp(_)
            | Holder::Endpoint(_)
            | Holder::Gateway(_)
            | Holder::Inbound(..)
            | Holder::Outbound(..) => from.lost(DropCause::ApplianceUnreachable { address: hop }, packet),
        }
    }

    /// A load balancer as the next hop passes packets as they are, and only by a rule for every port [LB-HAPORT].
    fn balance_next_hop(&mut self, index: BalancerIx, position: usize, packet: Packet) -> Result<InterfaceIx, Lost> {
        let network = self.network;
        let balancer = &network.balancers[index];
        let at = Place::Resource(network.balancers.id(index).clone());
        let frontend = &balancer.frontends[position].name;
        let mut rules = balancer.rules.iter().filter(|rule| rule.frontend == *frontend);
        let Some(rule) = rules.find(|rule| rule.protocol == RuleProtocol::All && rule.frontend_port == 0) else {
            return Err(Lost { at, cause: DropCause::NoHaPortsRule { frontend: frontend.clone() }, packet });
        };
        let member = self.backend_of_next_hop(index, rule, packet);
        let machine = member.and_then(|member| network.interfaces[member].machine);
        let (Some(member), Some(machine)) = (member, machine) else {
            self.point_out_denied_probes(rule, &at, packet);
            return Err(Lost { at, cause: DropCause::NoHealthyBackend { pool: rule.pool.clone() }, packet });
        };
        let event = Event::NextHopBalanced {
            rule: rule.name.clone(),
            pool: rule.pool.clone(),
            healthy: u32::try_from(rule.healthy.len()).unwrap_or(u32::MAX),
            members: rule.members,
            backend: network.machines.id(machine).clone(),
        };
        let step = self.step(at, event);
        step.before = Some(packet);
        step.after = Some(packet);
        step.sources = vec!["LB-HAPORT", "LB-DIST"];
        step.assumptions = vec!["A8", "A53"];
        Ok(member)
    }

    /// Whether a machine takes a packet that is not for it: its security groups, the interface's setting, the guest.
    pub(super) fn admit(
        &mut self,
        interface: InterfaceIx,
        machine: MachineIx,
        place: &Place,
        packet: Packet,
    ) -> Result<(), Lost> {
        let network = self.network;
        let lost = |cause| Err(Lost { at: place.clone(), cause, packet });
        if let Some(cause) = self.filter_passing(interface, Direction::Inbound, place, packet) {
            return lost(cause);
        }
        let guest = network.machines[machine].forwarding.as_ref();
        if !network.interfaces[interface].forwards && !guest.is_some_and(|guest| guest.azure_firewall) {
            return lost(DropCause::IpForwardingDisabled { interface: network.interfaces.id(interface).clone() });
        }
        if guest.is_none() { lost(DropCause::GuestDoesNotForward) } else { Ok(()) }
    }

    /// Out of the guest again, with its own address as the source where it is told so.
    fn send_on(&mut self, machine: MachineIx, inbound: InterfaceIx, outbound: InterfaceIx, way: &mut Way) {
        let network = self.network;
        let id = network.machines.id(machine);
        let place = Place::Resource(id.clone());
        let before = way.packet;
        let forwarding = network.machines[machine].forwarding.as_ref();
        let translates = match forwarding.map(|forwarding| forwarding.snat) {
            Some(SourceNat::Always) => true,
            Some(SourceNat::PublicDestinations) => !is_private(before.destination.address),
            Some(SourceNat::Never) | None => false,
        };
        let own = network.interfaces[outbound].address.filter(|_| translates);
        let source = own.map(|address| {
            let port = self.session.ephemeral_port(id, before.transport);
            Socket::new(address, port)
        });
        if let Some(source) = source {
            way.packet.source = source;
            way.origin = network.interfaces[outbound].subnet.and_then(|subnet| network.subnets[subnet].network);
        }
        let after = way.packet;
        let interface = network.interfaces.id(outbound).clone();
        let step = self.step(place.clone(), Event::Forwarded { interface, source });
        step.before = Some(before);
        step.after = Some(after);
        let origin = format_smolstr!("virtualMachines/{id}/forwarding/snat");
        step.rewrites = rewrites(before, after, |_| origin.clone());
        step.sources = if source.is_some() { vec!["UDR-OV", "INSPECT-FW"] } else { vec!["UDR-OV"] };
        if network.machines[machine].interfaces.len() > 1 {
            step.assumptions = vec!["A50"];
        }
        let undo = source.map(|_| {
            let event = Event::ReplyForwarded {
                interface: network.interfaces.id(inbound).clone(),
                destination: Some(before.source),
            };
            Undo { original: before, event, origin: Origin::Row(origin) }
        });
        let passed = Passed {
            machine,
            inbound,
            outbound,
            is_translated: source.is_some(),
            is_stateful: forwarding.is_some_and(|forwarding| forwarding.stateful),
            seen: before,
        };
        way.hops.push(Hop { place, undo, appliance: Some(passed) });
    }

    /// Where a packet leaves a machine by one of its interfaces.
    pub(super) fn departure(&self, place: Place, interface: InterfaceIx) -> Option<Departure> {
        let subnet = self.network.interfaces[interface].subnet?;
        let network = self.network.subnets[subnet].network?;
        Some(Departure { place, network, subnet: Some(subnet), interface: Some(interface), is_gateway: false })
    }
}

impl Network {
    /// What has an address in a network or in one it is peered with.
    pub(crate) fn holder_near(&self, here: NetworkIx, address: Ipv4Addr) -> Option<(NetworkIx, Holder)> {
        let mut rows = self.networks[here].system_routes.containing(address);
        let owner = rows.find_map(|(_, row)| match row.hop {
            NextHop::Local => Some(here),
            NextHop::Peer { network, .. } => Some(network),
            NextHop::Internet
            | NextHop::None
            | NextHop::Endpoint(_)
            | NextHop::Appliance(_)
            | NextHop::ServiceEndpoint
            | NextHop::Gateway(_) => None,
        })?;
        Some((owner, *self.networks[owner].addresses.get(&address)?))
    }

    /// The interface by which a forwarding guest sends a packet: the one whose subnet holds the destination, else the
    /// one it came in by (assumption A50).
    pub(crate) fn leaves_by(&self, machine: MachineIx, inbound: InterfaceIx, destination: Ipv4Addr) -> InterfaceIx {
        let holds = |interface: &&InterfaceIx| {
            let subnet = self.interfaces[**interface].subnet;
            subnet.is_some_and(|subnet| self.subnets[subnet].prefix.contains(&destination))
        };
        self.machines[machine].interfaces.iter().find(holds).copied().unwrap_or(inbound)
    }
}
