//! Where security groups stand on the way: at the sender, at a private endpoint that lets them, at the backend
//! [NSG-HOW]. Replies belong to a flow that has passed, so they are not looked at again.

use topology::resource::{Access, Direction};
use wire::packet::Packet;

use super::connect::Way;
use super::transit::Departure;
use super::{Verdict, Walk};
use crate::balancing::Rule;
use crate::routes::{NextHop, Vantage};
use crate::security::{Flow, Gate, SecurityRule, Tag, filters_endpoints};
use crate::table::{EndpointIx, InterfaceIx, NetworkIx, SubnetIx};
use crate::trace::{DropCause, Event, PathKind, Place};

/// A flow on its way past a group.
#[derive(Clone, Copy)]
struct Passage {
    flow: Flow,
    packet: Packet,
    behind_private_link: bool,
}

impl Walk<'_> {
    /// The groups of the machine that is reached: its subnet's, then its interface's. Behind a private link service
    /// the source is a NAT IP, an address of the provider's own network.
    pub(super) fn pass_inbound(&mut self, interface: InterfaceIx, place: &Place, way: &Way) -> Verdict<()> {
        let packet = way.packet;
        let gates = self.network.gates(interface, Direction::Inbound);
        if way.from_internet && gates.iter().all(Option::is_none) {
            let interface = self.network.interfaces.id(interface).clone();
            return self.drop_at(place.clone(), DropCause::ClosedByDefault { interface }, Some(packet));
        }
        for gate in gates.into_iter().flatten() {
            let behind_private_link = way.kind == PathKind::PrivateEndpoint;
            let passage = Passage { flow: Flow::of(&packet), packet, behind_private_link };
            self.pass(gate, Direction::Inbound, passage, place)?;
        }
        Verdict::Continue(())
    }

    /// The group of a private endpoint's subnet, where `privateEndpointNetworkPolicies` includes it [PE-POLICY].
    pub(super) fn pass_endpoint(&mut self, endpoint: EndpointIx, place: &Place, packet: Packet) -> Verdict<()> {
        let network = self.network;
        let Some(subnet) = network.endpoints[endpoint].subnet else { return Verdict::Continue(()) };
        let Some(gate) = network.subnet_gate(subnet) else { return Verdict::Continue(()) };
        let flow = Flow::to_endpoint(&packet);
        let policies = network.subnets[subnet].endpoint_policies;
        if filters_endpoints(policies) {
            let passage = Passage { flow, packet, behind_private_link: false };
            return self.pass(gate, Direction::Inbound, passage, place);
        }
        let would_decide = network.decide_security(gate, Direction::Inbound, flow);
        if let Some(rule) = would_decide.filter(|rule| rule.access == Access::Deny) {
            let event = Event::SecurityNotApplied {
                subnet: network.subnets.id(subnet).clone(),
                group: network.security_groups.id(gate.group).clone(),
                rule: rule.name.clone(),
                policies,
            };
            let step = self.step(place.clone(), event);
            step.before = Some(packet);
            step.after = Some(packet);
            step.sources = vec!["PE-POLICY"];
        }
        Verdict::Continue(())
    }

    fn pass(&mut self, gate: Gate, direction: Direction, passage: Passage, place: &Place) -> Verdict<()> {
        match self.filter(gate, direction, passage, place) {
            None => Verdict::Continue(()),
            Some(cause) => self.drop_at(place.clone(), cause, Some(passage.packet)),
        }
    }

    /// Whether the groups of an interface let a packet that does not end here out or in; why not, if they do not.
    pub(super) fn filter_passing(
        &mut self,
        interface: InterfaceIx,
        direction: Direction,
        place: &Place,
        packet: Packet,
    ) -> Option<DropCause> {
        let gates = self.network.gates(interface, direction);
        let passage = Passage { flow: Flow::of(&packet), packet, behind_private_link: false };
        gates.into_iter().flatten().find_map(|gate| self.filter(gate, direction, passage, place))
    }

    /// Whether the group of a resolver endpoint's subnet lets a DNS question in.
    pub(super) fn filter_at_endpoint(&mut self, subnet: SubnetIx, place: &Place, packet: Packet) -> Option<DropCause> {
        let gate = self.network.subnet_gate(subnet)?;
        let passage = Passage { flow: Flow::of(&packet), packet, behind_private_link: false };
        self.filter(gate, Direction::Inbound, passage, place)
    }

    /// What a group decides, as a step; the cause when it denies.
    fn filter(&mut self, gate: Gate, direction: Direction, passage: Passage, place: &Place) -> Option<DropCause> {
        let (network, packet) = (self.network, passage.packet);
        let rule = network.decide_security(gate, direction, passage.flow)?;
        let group = network.security_groups.id(gate.group);
        let event = Event::SecurityEvaluated {
            scope: gate.at.scope(),
            subject: network.gate_subject(gate.at).clone(),
            group: group.clone(),
            direction,
            access: rule.access,
            rule: rule.name.clone(),
            priority: rule.priority,
        };
        let assumptions = self.basis_of(gate, direction, rule, passage);
        let step = self.step(place.clone(), event);
        step.before = Some(packet);
        step.sources = vec!["NSG-HOW", "NSG-OV"];
        if !rule.source.tags.is_empty() || !rule.destination.tags.is_empty() {
            step.sources.push("SVC-TAGS");
        }
        if direction == Direction::Inbound && passage.flow.is_to_endpoint() {
            step.sources.push("PE-POLICY");
        }
        step.assumptions = assumptions;
        if rule.access == Access::Allow {
            step.after = Some(packet);
            return None;
        }
        let (rule, scope) = (rule.name.clone(), gate.at.scope());
        Some(DropCause::DeniedBySecurityGroup { group: group.clone(), rule, direction, scope })
    }

    /// The assumptions a decision rests on: that a NAT IP counts as `VirtualNetwork` (A45), that no service tag covers
    /// a private endpoint (A46), and what `Internet` covers (A47).
    fn basis_of(&self, gate: Gate, direction: Direction, winner: &SecurityRule, passage: Passage) -> Vec<&'static str> {
        let mut assumptions = Vec::new();
        if passage.behind_private_link && winner.source.tags.contains(&Tag::VirtualNetwork) {
            assumptions.push("A45");
        }
        if winner.source.tags.contains(&Tag::Internet) || winner.destination.tags.contains(&Tag::Internet) {
            assumptions.push("A47");
        }
        let rules = self.network.security_groups[gate.group].rules(direction);
        let mut passed_over = rules.iter().take_while(|rule| !std::ptr::eq(*rule, winner));
        if direction == Direction::Outbound
            && passed_over.any(|rule| rule.destination.names_service())
            && gate.network.is_some_and(|here| self.is_endpoint(here, passage.packet))
        {
            assumptions.push("A46");
        }
        assumptions
    }

    fn is_endpoint(&self, here: NetworkIx, packet: Packet) -> bool {
        let from = Vantage { network: here, subnet: None };
        matches!(self.network.next_hop(from, packet.destination.address), Some(NextHop::Endpoint(_)))
    }

    /// Whether a route leads over a peering that takes one side out of the other's `VirtualNetwork` tag while no
    /// security group of the sender could mind (assumption A21).
    pub(super) fn crosses_closed_peering(&self, from: &Departure, hop: NextHop) -> bool {
        let network = self.network;
        let other = match hop {
            NextHop::Local => Some(from.network),
            NextHop::Peer { network: other, .. } => Some(other),
            NextHop::Endpoint(endpoint) => network.endpoints[endpoint].network,
            NextHop::Internet
            | NextHop::None
            | NextHop::Appliance(_)
            | NextHop::Gateway(_)
            | NextHop::ServiceEndpoint => None,
        };
        let closed =
            |here: NetworkIx, to: NetworkIx| network.networks[here].tags.closed_peers.binary_search(&to).is_ok();
        let gates = from.interface.map(|interface| network.gates(interface, Direction::Outbound));
        let guarded = gates.is_some_and(|gates| gates.iter().any(Option::is_some));
        !guarded && other.is_some_and(|other| closed(from.network, other) || closed(other, from.network))
    }

    /// The probes that security groups keep from the members of a rule without a healthy one [PROBE].
    pub(super) fn point_out_denied_probes(&mut self, rule: &Rule, place: &Place, packet: Packet) {
        if let Some(denial) = rule.denied_probes.first() {
            let event = Event::ProbeDenied {
                interface: denial.interface.clone(),
                group: denial.group.clone(),
                rule: denial.rule.clone(),
                denied: u32::try_from(rule.denied_probes.len()).unwrap_or(u32::MAX),
            };
            let step = self.step(place.clone(), event);
            step.before = Some(packet);
            step.sources = vec!["PROBE", "NSG-OV"];
        }
    }
}
