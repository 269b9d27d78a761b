//! The load balancer: rule, healthy members, hash, flow table [LB-DIST].

use smol_str::format_smolstr;
use topology::resource::{LoadDistribution, RuleProtocol};
use wire::packet::{Packet, Socket};

use super::connect::Way;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::identity::choose;
use crate::network::Rule;
use crate::session::FlowKey;
use crate::table::{BalancerIx, InterfaceIx};
use crate::trace::{DropCause, Event, Field, PathKind, Place};

impl Walk<'_> {
    pub(super) fn balance(&mut self, index: BalancerIx, position: usize, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let balancer = &network.balancers[index];
        let id = network.balancers.id(index);
        let place = Place::Resource(id.clone());
        let frontend = &balancer.frontends[position].name;
        let before = way.packet;
        self.refuse_echo(&place, before)?;
        let port = before.destination.port;
        let Some(rule) = balancer.rules.iter().find(|rule| rule.frontend == *frontend && rule.takes(port)) else {
            let cause = DropCause::NoLoadBalancingRule { frontend: frontend.clone(), port };
            return self.drop_at(place, cause, Some(before));
        };
        let Some(member) = self.backend(index, rule, before) else {
            self.point_out_denied_probes(rule, &place, before);
            return self.drop_at(place, DropCause::NoHealthyBackend { pool: rule.pool.clone() }, Some(before));
        };
        let interface = &network.interfaces[member];
        let (Some(address), Some(machine)) = (interface.address, interface.machine) else {
            return self.drop_at(place, DropCause::NoHealthyBackend { pool: rule.pool.clone() }, Some(before));
        };
        let backend_port = if rule.backend_port == 0 { port } else { rule.backend_port };
        way.packet.destination = Socket::new(address, backend_port);
        let after = way.packet;
        let balanced = Event::Balanced {
            rule: rule.name.clone(),
            pool: rule.pool.clone(),
            healthy: u32::try_from(rule.healthy.len()).unwrap_or(u32::MAX),
            members: rule.members,
            backend: network.machines.id(machine).clone(),
            socket: after.destination,
        };
        let behind_private_link = way.kind == PathKind::PrivateEndpoint;
        let step = self.step(place.clone(), balanced);
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| match field {
            Field::SourceAddress | Field::DestinationAddress => network.interface_path(member),
            Field::SourcePort | Field::DestinationPort => {
                format_smolstr!("loadBalancers/{id}/loadBalancingRules/{}/backendPort", rule.name)
            }
        });
        step.sources = vec!["LB-DIST", "PROBE"];
        step.assumptions = if behind_private_link { vec!["A8", "A9"] } else { vec!["A8"] };

        let origin = Origin::Fields {
            address: format_smolstr!("loadBalancers/{id}/frontendIPConfigurations/{frontend}"),
            port: format_smolstr!("loadBalancers/{id}/loadBalancingRules/{}/frontendPort", rule.name),
        };
        let event = Event::Unbalanced { frontend: before.destination };
        way.hops.push(Hop::new(place, Some(Undo { original: before, event, origin })));
        self.reach_guest(member, way)
    }

    /// The member that takes a packet for which the load balancer is the next hop; both directions of a flow have the
    /// same (assumption A53).
    pub(super) fn backend_of_next_hop(
        &mut self,
        index: BalancerIx,
        rule: &Rule,
        packet: Packet,
    ) -> Option<InterfaceIx> {
        let balancer = self.network.balancers.id(index).clone();
        let reverse = FlowKey { balancer, source: packet.destination, frontend: packet.source };
        let pinned = self.session.pinned(&reverse).and_then(|id| self.network.interfaces.find(id));
        pinned.or_else(|| self.backend(index, rule, packet))
    }

    /// An existing flow stays with its backend; a new one is hashed over the healthy members (assumption A8).
    fn backend(&mut self, index: BalancerIx, rule: &Rule, packet: Packet) -> Option<InterfaceIx> {
        let balancer = self.network.balancers.id(index).clone();
        let key = FlowKey { balancer, source: packet.source, frontend: packet.destination };
        if let Some(pinned) = self.session.pinned(&key).and_then(|id| self.network.interfaces.find(id)) {
            return Some(pinned);
        }
        if rule.healthy.is_empty() {
            return None;
        }
        let member = rule.healthy[choose(&hash_input(rule.distribution, packet), rule.healthy.len())];
        self.session.pin(key, self.network.interfaces.id(member).clone());
        Some(member)
    }
}

impl Rule {
    fn takes(&self, port: u16) -> bool {
        match self.protocol {
            RuleProtocol::Tcp => self.frontend_port == port,
            RuleProtocol::Udp => false,
            RuleProtocol::All => self.frontend_port == 0 || self.frontend_port == port,
        }
    }
}

/// The part of a flow that decides its backend, as bytes.
fn hash_input(distribution: LoadDistribution, packet: Packet) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(13);
    bytes.extend(packet.source.address.octets());
    bytes.extend(packet.destination.address.octets());
    match distribution {
        LoadDistribution::SourceIp => {}
        LoadDistribution::SourceIpProtocol => bytes.push(packet.transport.number()),
        LoadDistribution::Default => {
            bytes.push(packet.transport.number());
            bytes.extend(packet.source.port.to_be_bytes());
            bytes.extend(packet.destination.port.to_be_bytes());
        }
    }
    bytes
}
