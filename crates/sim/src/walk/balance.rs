//! The load balancer: rule, healthy members, hash, flow table [LB-DIST].

use std::borrow::Cow;

use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::resource::LoadDistribution;
use wire::packet::{Packet, Socket, Transport};

use super::connect::Way;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::balancing::{FlowTerms, NatRule, Rule};
use crate::identity::choose;
use crate::network::{Holder, Network};
use crate::session::{Backends, Flow, FlowKey, Memory, NatBinding, ProbeAnswer, ProbeKey};
use crate::table::{BalancerIx, InterfaceIx};
use crate::trace::{DropCause, Event, Field, PathKind, Place};

/// Where a flow goes, and by which rule.
struct Choice<'n> {
    member: InterfaceIx,
    backend_port: u16,
    flows: FlowTerms,
    /// Where the rule stands: `loadBalancers/id/loadBalancingRules/name`.
    rule: SmolStr,
    event: Box<dyn FnOnce(Id, Socket) -> Event + 'n>,
    sources: Vec<&'static str>,
    assumptions: Vec<&'static str>,
}

impl<'a> Walk<'a> {
    pub(super) fn balance(&mut self, index: BalancerIx, position: usize, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let balancer = &network.balancers[index];
        let frontend = &balancer.frontends[position].name;
        let (transport, port) = (way.packet.transport, way.packet.destination.port);
        let place = Place::Resource(network.balancers.id(index).clone());
        self.refuse_echo(&place, way.packet)?;
        way.from_internet &= balancer.is_standard;
        if let Some(rule) = network.rule_for(index, position, way.packet) {
            return self.balance_by_rule(index, rule, way);
        }
        let mut nat_rules = balancer.nat_rules.iter();
        if let Some(rule) = nat_rules.find(|rule| rule.frontend == *frontend && rule.takes(transport, port)) {
            return self.forward_by_nat_rule(index, rule, way);
        }
        let cause = DropCause::NoLoadBalancingRule { frontend: frontend.clone(), port };
        self.drop_at(place, cause, Some(way.packet))
    }

    fn balance_by_rule(&mut self, index: BalancerIx, rule: &'a Rule, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let id = network.balancers.id(index);
        let place = Place::Resource(id.clone());
        let healthy = self.candidates(index, rule);
        let key = flow_key(id, way.packet, way.binding);
        let Some(member) = self.member(&key, rule, &healthy, way.packet) else {
            self.point_out_denied_probes(rule, &place, way.packet);
            self.point_out_failed_probe(index, rule, &place, way.packet);
            return self.drop_at(place, DropCause::NoHealthyBackend { pool: rule.pool.clone() }, Some(way.packet));
        };
        let behind_private_link = way.kind == PathKind::PrivateEndpoint;
        let n_healthy = u32::try_from(healthy.len()).unwrap_or(u32::MAX);
        let sender = self.member_at(index, way, &healthy);
        let choice = Choice {
            member,
            backend_port: if rule.is_ha_ports() { way.packet.destination.port } else { rule.backend_port },
            flows: rule.flows,
            rule: format_smolstr!("loadBalancers/{id}/loadBalancingRules/{}", rule.name),
            event: Box::new(move |backend, socket| {
                let (rule, pool, members) = (rule.name.clone(), rule.pool.clone(), rule.members);
                Event::Balanced { rule, pool, healthy: n_healthy, members, backend, socket }
            }),
            sources: vec!["LB-DIST", "PROBE"],
            assumptions: if behind_private_link { vec!["A8", "A9"] } else { vec!["A8"] },
        };
        let frontend = way.packet.destination;
        self.pass_balancer(index, choice, &place, way)?;
        if let Some(sender) = sender {
            let backend = network.interfaces[member].machine.map(|machine| network.machines.id(machine).clone());
            if sender == member {
                let place = backend.map_or(place, Place::Resource);
                let cause = DropCause::Hairpin { frontend: frontend.address, healthy: n_healthy };
                return self.drop_at(place, cause, Some(way.packet));
            }
            let step = self.step(place, Event::HairpinPossible { healthy: n_healthy });
            step.before = Some(way.packet);
            step.after = Some(way.packet);
            step.sources = vec!["LB-TRBL"];
        }
        self.reach_member(member, rule.flows, frontend, way)
    }

    fn forward_by_nat_rule(&mut self, index: BalancerIx, rule: &NatRule, way: &mut Way) -> Verdict<Server> {
        let id = self.network.balancers.id(index);
        let place = Place::Resource(id.clone());
        let choice = Choice {
            member: rule.backend,
            backend_port: rule.backend_port,
            flows: rule.flows,
            rule: format_smolstr!("loadBalancers/{id}/inboundNatRules/{}", rule.name),
            event: Box::new(|backend, socket| Event::NatRuleApplied { rule: rule.name.clone(), backend, socket }),
            sources: vec!["LB-COMP"],
            assumptions: Vec::new(),
        };
        let frontend = way.packet.destination;
        self.pass_balancer(index, choice, &place, way)?;
        self.reach_member(rule.backend, rule.flows, frontend, way)
    }

    /// Puts the backend in the frontend's place, and remembers the flow.
    fn pass_balancer(&mut self, index: BalancerIx, choice: Choice<'_>, place: &Place, way: &mut Way) -> Verdict<()> {
        let network = self.network;
        let id = network.balancers.id(index);
        let before = way.packet;
        let key = flow_key(id, way.packet, way.binding);
        let interface = &network.interfaces[choice.member];
        let (Some(address), Some(machine)) = (interface.address, interface.machine) else {
            let cause = DropCause::AddressUnused { address: before.destination.address };
            return self.drop_at(place.clone(), cause, Some(before));
        };
        let socket = Socket::new(address, choice.backend_port);
        let address = if choice.flows.floating { before.destination.address } else { address };
        way.packet.destination = Socket::new(address, choice.backend_port);
        let after = way.packet;
        let step = self.step(place.clone(), (choice.event)(network.machines.id(machine).clone(), socket));
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| match field {
            Field::SourceAddress | Field::DestinationAddress => network.interface_path(choice.member),
            Field::SourcePort | Field::DestinationPort => format_smolstr!("{}/backendPort", choice.rule),
        });
        step.sources = choice.sources;
        step.assumptions = choice.assumptions;

        let frontends = &network.balancers[index].frontends;
        let frontend = frontends.iter().find(|frontend| frontend.address == Some(before.destination.address));
        let frontend = frontend.map_or("", |frontend| &frontend.name);
        let origin = Origin::Fields {
            address: format_smolstr!("loadBalancers/{id}/frontendIPConfigurations/{frontend}"),
            port: format_smolstr!("{}/frontendPort", choice.rule),
        };
        let event = Event::Unbalanced { frontend: before.destination };
        let undo = Some(Undo { original: before, event, origin });
        self.pin(key.clone(), choice.member, choice.flows);
        way.hops.push(Hop::new(place.clone(), undo));
        way.remember(Memory::Flow(key));
        Verdict::Continue(())
    }

    /// To a member, past its security groups. With a floating IP the guest needs the frontend's address, too.
    fn reach_member(
        &mut self,
        member: InterfaceIx,
        flows: FlowTerms,
        frontend: Socket,
        way: &mut Way,
    ) -> Verdict<Server> {
        let Some(machine) = self.network.interfaces[member].machine.filter(|_| flows.floating) else {
            return self.reach_guest(member, way);
        };
        let place = Place::Resource(self.network.machines.id(machine).clone());
        self.pass_inbound(member, &place, way)?;
        way.reached = Some(member);
        if !self.network.machines[machine].loopbacks.contains(&frontend.address) {
            let cause = DropCause::FloatingAddressMissing { address: frontend.address };
            return self.drop_at(place, cause, Some(way.packet));
        }
        self.reach_service(machine, way)
    }

    /// The members new flows of a rule may go to: those its probe holds to be up, or all of them when none is and the
    /// probe says `AllProbedUp`.
    pub(super) fn candidates(&mut self, index: BalancerIx, rule: &'a Rule) -> Cow<'a, [InterfaceIx]> {
        let network = self.network;
        let healthy = self.session.healthy(network, index, rule);
        if healthy.is_empty() && rule.all_probed_up {
            let members = network.balancers[index].pools.get(&rule.pool).into_iter().flatten().flatten();
            return Cow::Owned(
                members.copied().filter(|member| network.interfaces[*member].machine.is_some()).collect(),
            );
        }
        healthy
    }

    /// The member that takes a packet for which the load balancer is the next hop; both directions of a flow have the
    /// same (assumption A53).
    pub(super) fn backend_of_next_hop(
        &mut self,
        index: BalancerIx,
        rule: &'a Rule,
        packet: Packet,
    ) -> Option<InterfaceIx> {
        let network = self.network;
        let key = flow_key(network.balancers.id(index), packet, None);
        let reverse = FlowKey { source: key.frontend, frontend: key.source, ..key.clone() };
        let pinned = self.session.flows.get(&reverse).and_then(|flow| network.interfaces.find(&flow.backend));
        if pinned.is_some() {
            return pinned;
        }
        let healthy = self.candidates(index, rule);
        let member = self.member(&key, rule, &healthy, packet)?;
        self.pin(key, member, rule.flows);
        Some(member)
    }

    /// Remembers where a flow goes. Only TCP knows an RST.
    fn pin(&mut self, key: FlowKey, member: InterfaceIx, FlowTerms { idle_s, reset, .. }: FlowTerms) {
        let backend = self.network.interfaces.id(member).clone();
        let (last_used_s, reset) = (self.session.now_s(), reset && key.transport == Transport::Tcp);
        self.session.flows.pin(key, Flow { backend, last_used_s, idle_s, reset });
    }

    /// An existing flow stays with its backend; a new one is hashed over the healthy members (assumption A8).
    fn member(&mut self, key: &FlowKey, rule: &Rule, healthy: &[InterfaceIx], packet: Packet) -> Option<InterfaceIx> {
        let pinned = self.session.flows.get(key).and_then(|flow| self.network.interfaces.find(&flow.backend));
        pinned.or_else(|| Some(*healthy.get(choose(&hash_input(rule.distribution, packet), healthy.len()))?))
    }

    /// The sender itself, when it is one of the members its flow may go to.
    fn member_at(&self, index: BalancerIx, way: &Way, healthy: &[InterfaceIx]) -> Option<InterfaceIx> {
        if way.kind != PathKind::Private {
            return None;
        }
        let network = self.network;
        let pools = network.balancers[index].pools.values().flatten().flatten();
        let home = pools.copied().find_map(|member| network.subnets[network.interfaces[member].subnet?].network)?;
        match network.networks[home].addresses.get(&way.packet.source.address) {
            Some(Holder::Interface(interface)) if healthy.contains(interface) => Some(*interface),
            Some(_) | None => None,
        }
    }

    /// Why the first member of a rule without a healthy one is down [PROBE].
    fn point_out_failed_probe(&mut self, index: BalancerIx, rule: &Rule, place: &Place, packet: Packet) {
        let network = self.network;
        let members = network.balancers[index].pools.get(&rule.pool).into_iter().flatten().flatten();
        let mut failed = members.filter_map(|member| {
            let answer = network.probe_answer(index, rule, *member).filter(|answer| **answer != ProbeAnswer::Denied)?;
            Some((network.interfaces.id(*member).clone(), answer.clone()))
        });
        let Some((interface, answer)) = failed.next() else { return };
        let failed = u32::try_from(failed.count() + 1).unwrap_or(u32::MAX);
        let probe = rule.probe.clone().unwrap_or_default();
        let assumption = matches!(answer, ProbeAnswer::HeaderNotUnderstood { .. }).then_some("A71");
        let step = self.step(place.clone(), Event::ProbeFailed { probe, interface, answer, failed });
        step.before = Some(packet);
        step.sources = vec!["PROBE"];
        step.assumptions.extend(assumption);
    }
}

impl Network {
    /// The load-balancing rule that takes a packet for a frontend.
    pub(super) fn rule_for(&self, balancer: BalancerIx, position: usize, packet: Packet) -> Option<&Rule> {
        let balancer = &self.balancers[balancer];
        let frontend = &balancer.frontends[position].name;
        let takes = |rule: &&Rule| rule.frontend == *frontend && rule.takes(packet.transport, packet.destination.port);
        let mut rules = balancer.rules.iter().filter(takes);
        let first = rules.next()?;
        // HA ports take what no other rule does.
        let specific = if first.is_ha_ports() { rules.find(|rule| !rule.is_ha_ports()) } else { None };
        specific.or(Some(first))
    }

    /// What a member answers to the probe of a rule.
    fn probe_answer(&self, balancer: BalancerIx, rule: &Rule, member: InterfaceIx) -> Option<&ProbeAnswer> {
        let (balancer, interface) = (self.balancers.id(balancer).clone(), self.interfaces.id(member).clone());
        let key = ProbeKey { balancer, probe: rule.probe.clone()?, interface };
        self.probes.get(&key).map(|probed| &probed.answer)
    }
}

/// The flow of a packet at a load balancer.
fn flow_key(balancer: &Id, packet: Packet, binding: Option<u32>) -> FlowKey {
    let Packet { transport, source, destination: frontend, .. } = packet;
    FlowKey { balancer: balancer.clone(), transport, source, frontend, binding }
}

/// Who can take a flow that comes from a NAT IP: the members of the rule that will take it.
pub(super) struct Behind<'a> {
    pub(super) network: &'a Network,
    /// The packet as it will arrive at the frontend, but for its source.
    pub(super) packet: Packet,
    pub(super) distribution: LoadDistribution,
    pub(super) members: Cow<'a, [InterfaceIx]>,
}

impl Behind<'_> {
    fn id(&self, member: InterfaceIx) -> Option<Id> {
        Some(self.network.interfaces.id(member).clone())
    }
}

impl Backends for Behind<'_> {
    /// The hash decides as it does at the load balancer. A socket that leads to some members already leads to one of
    /// the others next; with source affinity the address alone decides, so that only one will do.
    fn pick(&self, nat: Socket, taken: &[NatBinding]) -> Option<Option<Id>> {
        let input = hash_input(self.distribution, Packet { source: nat, ..self.packet });
        let is_taken = |backend: &Option<Id>| taken.iter().any(|binding| binding.backend == *backend);
        if self.members.is_empty() {
            return taken.is_empty().then_some(None);
        }
        if taken.is_empty() {
            return Some(self.id(self.members[choose(&input, self.members.len())]));
        }
        match self.distribution {
            LoadDistribution::SourceIp | LoadDistribution::SourceIpProtocol => {
                let backend = self.id(self.members[choose(&input, self.members.len())]);
                (!is_taken(&backend)).then_some(backend)
            }
            LoadDistribution::Default => {
                let free: Vec<Option<Id>> = self.all().into_iter().filter(|backend| !is_taken(backend)).collect();
                free.get(choose(&input, free.len())).cloned()
            }
        }
    }

    fn all(&self) -> Vec<Option<Id>> {
        if self.members.is_empty() {
            return vec![None];
        }
        self.members.iter().map(|member| self.id(*member)).collect()
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
