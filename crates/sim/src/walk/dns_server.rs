//! DNS servers other than Azure's: whether a question reaches them, and how one in a guest answers [MICROHACK].

use std::net::Ipv4Addr;

use topology::Id;
use topology::resource::Direction;
use wire::DomainName;
use wire::dns::{Record, RecordData, ResponseCode};
use wire::packet::{Packet, Payload, Socket, Transport};

use super::connect::Way;
use super::dns_azure::Question;
use super::resolve::{Answer, Found, LONGEST_CHAIN};
use super::transit::Departure;
use super::{AZURE_DNS, Walk};
use crate::cache::CacheKind;
use crate::names::{Authority, DNS_PORT, DnsServer};
use crate::network::{Holder, Zone};
use crate::outside::Stand;
use crate::routes::NextHop;
use crate::table::{InterfaceIx, MachineIx, NetworkIx, ResolverIx};
use crate::trace::{DropCause, Event, Forwarding, Place, ServerFailure, Silence};

/// How many questions one request may cost before nobody waits for an answer any more.
const MOST_QUESTIONS: usize = 64;
/// Where root hints lead first (a.root-servers.net).
pub(super) const ROOT_SERVER: Ipv4Addr = Ipv4Addr::new(198, 41, 0, 4);
/// Public addresses that resolve names for everybody (assumption A44).
pub(super) const PUBLIC_RESOLVERS: [Ipv4Addr; 8] = [
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(8, 8, 4, 4),
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(1, 0, 0, 1),
    Ipv4Addr::new(9, 9, 9, 9),
    Ipv4Addr::new(208, 67, 222, 222),
    Ipv4Addr::new(208, 67, 220, 220),
    Ipv4Addr::new(4, 2, 2, 1),
];
/// How long a name a guest's own zone does not hold is remembered, in seconds (assumption A41).
const OWN_NEGATIVE_TTL: u32 = 3600;

/// Who asks, and from where.
pub(super) struct Asker {
    pub(super) owner: Id,
    pub(super) place: Place,
    pub(super) address: Ipv4Addr,
    pub(super) stand: Stand,
}

impl Asker {
    /// The network interface whose security groups the question passes; a platform resolver has none.
    const fn interface(&self) -> Option<InterfaceIx> {
        match self.stand {
            Stand::Network { interface, .. } => interface,
            Stand::Site(_) | Stand::Internet { .. } => None,
        }
    }
}

/// A question that got an answer.
pub(super) struct Exchange {
    /// The question as it was sent.
    pub(super) packet: Packet,
    /// The resolver between, where the answer does not come from a place of its own.
    pub(super) via: Vec<Place>,
    pub(super) answer: Answer,
}

/// Who takes a question at an address.
pub(super) enum Arrival {
    Machine(MachineIx),
    Inbound(ResolverIx, usize),
    PublicResolver,
}

impl Walk<'_> {
    /// Asks one server. `None` when it says nothing; the step that says why is made.
    pub(super) fn ask(
        &mut self,
        asker: &Asker,
        server: Socket,
        name: &DomainName,
        announce: Event,
        incoming: Option<(Packet, Vec<Place>)>,
    ) -> Option<Exchange> {
        self.n_questions += 1;
        let port = self.session.ephemeral_port(&asker.owner, Transport::Udp);
        let packet = Packet {
            transport: Transport::Udp,
            source: Socket::new(self.network.source_towards(asker.stand, asker.address, server.address), port),
            destination: server,
            payload: Payload::Query,
        };
        let sources = announced_by(&announce, server);
        let step = self.step(asker.place.clone(), announce);
        if let Some((incoming, via)) = incoming {
            step.before = Some(incoming);
            step.via = via;
        }
        step.after = Some(packet);
        step.sources = sources;
        if step.sources == ["PR-RULES"] {
            step.assumptions = vec!["A43"];
        }
        if let Some(interface) = asker.interface()
            && let Some(cause) = self.filter_passing(interface, Direction::Outbound, &asker.place, packet)
        {
            self.question_denied = Some(cause);
            return self.silent(asker, packet, Silence::DeniedBySecurityGroup);
        }
        if let Stand::Network { network, .. } = asker.stand
            && server == Socket::new(AZURE_DNS, DNS_PORT)
        {
            let answer = self.ask_azure(network, packet, name);
            return Some(Exchange { packet, via: vec![self.azure_dns(network)], answer });
        }
        let mut way = Way::new(packet);
        let answer = match self.reach_server(asker, &mut way) {
            Ok(Arrival::Machine(machine)) => self.ask_machine(machine, way.packet, name),
            Ok(Arrival::Inbound(resolver, position)) => self.ask_inbound(resolver, position, way.packet, name),
            Ok(Arrival::PublicResolver) => self.ask_public_resolver(Question::new(packet, vec![Place::Internet]), name),
            Err(silence) => return self.silent(asker, packet, silence),
        };
        // The answer comes back through whatever the question has passed.
        let via = way.hops.into_iter().rev().map(|hop| hop.place).collect();
        Some(Exchange { packet, via, answer })
    }

    /// A question nobody answers.
    fn silent(&mut self, asker: &Asker, packet: Packet, silence: Silence) -> Option<Exchange> {
        let step = self.step(asker.place.clone(), Event::ServerSilent { server: packet.destination, silence });
        step.before = Some(packet);
        step.sources = vec!["MICROHACK"];
        None
    }

    /// Follows the asker's routes to the server. Everything between asker and server is decided here.
    /// Appliances and gateways may translate the question on its way.
    fn reach_server(&mut self, asker: &Asker, way: &mut Way) -> Result<Arrival, Silence> {
        let Stand::Network { network: home, subnet, interface } = asker.stand else {
            return self.reach_server_from_outside(asker, way);
        };
        let from = Departure { place: asker.place.clone(), network: home, subnet, interface, is_gateway: false };
        self.ask_from(from, way)
    }

    /// The same from any place in a virtual network, past its own security groups.
    pub(super) fn ask_from(&mut self, from: Departure, way: &mut Way) -> Result<Arrival, Silence> {
        let network = self.network;
        let destination = way.packet.destination.address;
        let listens = way.packet.destination.port == DNS_PORT;
        let (from, hop) = self.transit(from, way).map_err(|lost| silence_of(&lost.cause))?;
        match hop {
            NextHop::Local => self.reach_resolver(from.network, way.packet),
            NextHop::Peer { network, .. } => self.reach_resolver(network, way.packet),
            NextHop::Endpoint(_) => Err(Silence::NotADnsServer),
            NextHop::Internet | NextHop::ServiceEndpoint if from.is_gateway => Err(Silence::NoRoute),
            NextHop::Internet => {
                if destination != ROOT_SERVER {
                    self.assume("A44");
                }
                let leads_out = match from.interface {
                    Some(interface) => network.interfaces[interface].way_out.leads_out(),
                    None => from.subnet.is_none_or(|subnet| network.subnets[subnet].default_outbound_access),
                };
                if !leads_out {
                    return Err(Silence::NoOutboundAccess);
                }
                let answers = PUBLIC_RESOLVERS.contains(&destination) || destination == ROOT_SERVER;
                if answers && listens { Ok(Arrival::PublicResolver) } else { Err(Silence::AddressUnused) }
            }
            NextHop::ServiceEndpoint => Err(Silence::AddressUnused),
            NextHop::Gateway(Some(gateway)) => self.ask_by_gateway(gateway, way),
            NextHop::None | NextHop::Appliance(_) | NextHop::Gateway(None) => Err(Silence::NoRoute),
        }
    }

    /// Whoever has the address within a virtual network.
    pub(super) fn reach_resolver(&mut self, owner: NetworkIx, packet: Packet) -> Result<Arrival, Silence> {
        let network = self.network;
        let listens = packet.destination.port == DNS_PORT;
        match network.networks[owner].addresses.get(&packet.destination.address).copied() {
            Some(Holder::Interface(interface)) => {
                let machine = network.interfaces[interface].machine.ok_or(Silence::AddressUnused)?;
                let serves = listens && network.machines[machine].dns_server.is_some();
                let place = Place::Resource(network.machines.id(machine).clone());
                if self.filter_passing(interface, Direction::Inbound, &place, packet).is_some() {
                    return Err(Silence::DeniedBySecurityGroup);
                }
                if serves { Ok(Arrival::Machine(machine)) } else { Err(Silence::NotADnsServer) }
            }
            Some(Holder::Inbound(resolver, position)) if listens => {
                let place = Place::Resource(network.resolvers.id(resolver).clone());
                let subnet = network.resolvers[resolver].inbound[position].subnet;
                match subnet.and_then(|subnet| self.filter_at_endpoint(subnet, &place, packet)) {
                    Some(_) => Err(Silence::DeniedBySecurityGroup),
                    None => Ok(Arrival::Inbound(resolver, position)),
                }
            }
            Some(
                Holder::Inbound(..)
                | Holder::Outbound(..)
                | Holder::Frontend(..)
                | Holder::NatIp(_)
                | Holder::Gateway(_)
                | Holder::Endpoint(_),
            ) => Err(Silence::NotADnsServer),
            None => Err(Silence::AddressUnused),
        }
    }

    /// Sends a question on to the first of the targets that answers.
    pub(super) fn forward(
        &mut self,
        asker: &Asker,
        targets: &[Socket],
        name: &DomainName,
        incoming: Packet,
        via: Vec<Place>,
        reason: &dyn Fn(u32) -> Forwarding,
    ) -> Option<Exchange> {
        let mut via = Some(via);
        for (target, position) in targets.iter().zip(1..) {
            if self.n_questions >= MOST_QUESTIONS {
                return None;
            }
            let forwarded = Event::QueryForwarded { name: name.clone(), server: *target, reason: reason(position) };
            let arriving = (incoming, via.take().unwrap_or_default());
            let exchange = self.ask(asker, *target, name, forwarded, Some(arriving));
            if exchange.is_some() {
                return exchange;
            }
        }
        None
    }

    /// A server passes the answer it got back to whoever asked it.
    pub(super) fn relay(&mut self, at: &Place, exchange: &Exchange, name: &DomainName, incoming: Packet) {
        let (code, address) = (exchange.answer.code, exchange.answer.address());
        let records = exchange.answer.records.clone();
        let step = self.step(at.clone(), Event::AnswerRelayed { name: name.clone(), code, records, address });
        step.via.clone_from(&exchange.via);
        step.before = Some(exchange.packet.reply(Payload::Answer));
        step.after = Some(incoming.reply(Payload::Answer));
    }

    pub(super) fn unreachable(&mut self, asker: &Asker, name: &DomainName, incoming: Packet) -> Answer {
        let cause = DropCause::ForwardersUnreachable { name: name.clone(), at: asker.owner.clone() };
        self.fail(&asker.place, name, ServerFailure::Unreachable, cause, incoming)
    }

    fn fail(
        &mut self,
        at: &Place,
        name: &DomainName,
        failure: ServerFailure,
        cause: DropCause,
        incoming: Packet,
    ) -> Answer {
        let step = self.step(at.clone(), Event::ServerFailed { name: name.clone(), failure });
        step.before = Some(incoming);
        step.after = Some(incoming.reply(Payload::Answer));
        step.sources = if failure == ServerFailure::Loop { vec!["PR-RULES"] } else { vec!["MICROHACK"] };
        Answer::failed(cause)
    }

    /// A question that comes back to a server still waiting for its answer goes round for ever [PR-RULES].
    fn returns(&mut self, place: &Place, name: &DomainName, incoming: Packet) -> Option<Answer> {
        let is_waiting = self.waiting.iter().any(|(at, asked)| at == place && asked == name);
        if !is_waiting {
            return None;
        }
        let cause = DropCause::ForwardingLoop { name: name.clone() };
        Some(self.fail(place, name, ServerFailure::Loop, cause, incoming))
    }

    fn ask_inbound(&mut self, index: ResolverIx, position: usize, packet: Packet, name: &DomainName) -> Answer {
        let id = self.network.resolvers.id(index);
        let place = Place::Resource(id.clone());
        if let Some(failed) = self.returns(&place, name, packet) {
            return failed;
        }
        let resolver = &self.network.resolvers[index];
        let Some(network) = resolver.network else {
            let cause = DropCause::NoForwarder { name: name.clone(), at: id.clone() };
            return self.fail(&place, name, ServerFailure::NobodyToAsk, cause, packet);
        };
        let asked = Event::InboundEndpointAsked {
            name: name.clone(),
            endpoint: resolver.inbound[position].name.clone(),
            network: self.network.networks.id(network).clone(),
        };
        let step = self.step(place.clone(), asked);
        step.before = Some(packet);
        step.sources = vec!["PR-OV"];
        self.waiting.push((place.clone(), name.clone()));
        let answer = self.ask_azure(network, packet, name);
        self.waiting.pop();
        let exchange = Exchange { packet, via: vec![self.azure_dns(network)], answer };
        self.relay(&place, &exchange, name, packet);
        exchange.answer
    }

    fn ask_machine(&mut self, machine: MachineIx, packet: Packet, name: &DomainName) -> Answer {
        let network = self.network;
        let id = network.machines.id(machine);
        let place = Place::Resource(id.clone());
        if let Some(failed) = self.returns(&place, name, packet) {
            return failed;
        }
        let server = network.machines[machine].dns_server.as_deref();
        let (Some(station), Some(server)) = (network.station(machine), server) else {
            let cause = DropCause::NoForwarder { name: name.clone(), at: id.clone() };
            return self.fail(&place, name, ServerFailure::NobodyToAsk, cause, packet);
        };
        let address = packet.destination.address;
        let asker = Asker { owner: id.clone(), place: place.clone(), address, stand: station.stand };
        self.waiting.push((place, name.clone()));
        let answer = self.serve(&asker, server, packet, name);
        self.waiting.pop();
        answer
    }

    /// Own zones and conditional forwarders by the longest suffix, then forwarders in order, then the root servers.
    /// Only a server that resolves from the root looks at an alias again; a forwarder's answer is taken whole.
    fn serve(&mut self, asker: &Asker, server: &DnsServer, incoming: Packet, name: &DomainName) -> Answer {
        let mut question = Question::new(incoming, Vec::new());
        let mut current = name.clone();
        for _ in 0..LONGEST_CHAIN {
            let authority = server.authority(&current);
            if let Authority::Zone(zone) = authority {
                match self.own_zone(asker, zone, &mut question, &current) {
                    Found::Alias(target) => current = target,
                    Found::Done(answer) => return answer,
                }
                continue;
            }
            if let Some(cached) = self.recall(asker, CacheKind::Server, &current, Some(incoming)) {
                return question.completed_by(cached);
            }
            let targets = match &authority {
                Authority::Conditional(_, targets) => sockets(targets),
                Authority::Zone(_) | Authority::Others => sockets(&server.forwarders),
            };
            let reason = |position| match &authority {
                Authority::Conditional(suffix, _) => {
                    Forwarding::ConditionalForwarder { suffix: suffix.clone(), position }
                }
                Authority::Zone(_) | Authority::Others => Forwarding::Forwarder { position },
            };
            if let Some(exchange) = self.forward(asker, &targets, &current, incoming, Vec::new(), &reason) {
                self.remember(asker, CacheKind::Server, &current, &exchange.answer);
                self.relay(&asker.place, &exchange, &current, incoming);
                return question.completed_by(exchange.answer);
            }
            // A conditional forwarder has the last word on its names.
            let may_iterate = server.root_hints && !matches!(authority, Authority::Conditional(..));
            match (may_iterate, targets.is_empty()) {
                (false, true) => {
                    let cause = DropCause::NoForwarder { name: current.clone(), at: asker.owner.clone() };
                    return self.fail(&asker.place, &current, ServerFailure::NobodyToAsk, cause, incoming);
                }
                (false, false) => return self.unreachable(asker, &current, incoming),
                (true, _) => match self.iterate(asker, &mut question, &current) {
                    Some(Found::Alias(target)) => current = target,
                    Some(Found::Done(answer)) => {
                        self.remember(asker, CacheKind::Server, name, &answer);
                        let via = vec![Place::PublicDns];
                        let exchange = Exchange { packet: question.packet, via, answer };
                        self.relay(&asker.place, &exchange, name, incoming);
                        return exchange.answer;
                    }
                    None => return self.unreachable(asker, &current, incoming),
                },
            }
        }
        self.fail(&asker.place, name, ServerFailure::AliasLoop, DropCause::AliasLoop { name: name.clone() }, incoming)
    }

    fn own_zone(&mut self, asker: &Asker, zone: &Zone, question: &mut Question, name: &DomainName) -> Found {
        let (own, name) = (zone.name.clone(), name.clone());
        let set = zone.find(&name);
        let (event, found) = if let Some((ttl, target)) = set.and_then(|set| Some((set.ttl, set.alias.clone()?))) {
            question.records.push(Record { name: name.clone(), ttl, data: RecordData::Cname(target.clone()) });
            (Event::ServerAlias { zone: own, name, target: target.clone(), ttl }, Found::Alias(target))
        } else if let Some((set, address)) = set.and_then(|set| Some((set, *set.addresses.first()?))) {
            let records = set.addresses.iter();
            let record = |address| Record { name: name.clone(), ttl: set.ttl, data: RecordData::A(address) };
            question.records.extend(records.map(|address| record(*address)));
            let held = Event::ServerRecord { zone: own, name: name.clone(), address, ttl: set.ttl };
            (held, Found::Done(question.addresses()))
        } else {
            let code = if set.is_some() { ResponseCode::NoError } else { ResponseCode::NxDomain };
            let nothing = question.nothing(code, OWN_NEGATIVE_TTL);
            (Event::ServerMissing { zone: own, name }, Found::Done(nothing))
        };
        let step = self.step(asker.place.clone(), event);
        step.before = Some(question.packet);
        if matches!(found, Found::Done(_)) {
            step.after = Some(question.packet.reply(Payload::Answer));
        }
        step.sources = vec!["DMAUSER-DNS"];
        found
    }

    /// One name asked from the root down. `None` when the root servers cannot be reached.
    fn iterate(&mut self, asker: &Asker, question: &mut Question, name: &DomainName) -> Option<Found> {
        if self.n_questions >= MOST_QUESTIONS {
            return None;
        }
        self.n_questions += 1;
        let port = self.session.ephemeral_port(&asker.owner, Transport::Udp);
        let server = Socket::new(ROOT_SERVER, DNS_PORT);
        let source = Socket::new(asker.address, port);
        let packet = Packet { transport: Transport::Udp, source, destination: server, payload: Payload::Query };
        let incoming = question.packet;
        let forwarded = Event::QueryForwarded { name: name.clone(), server, reason: Forwarding::RootHints };
        let sources = announced_by(&forwarded, server);
        let step = self.step(asker.place.clone(), forwarded);
        step.before = Some(incoming);
        step.after = Some(packet);
        step.sources = sources;
        if let Err(silence) = self.reach_server(asker, &mut Way::new(packet)) {
            let step = self.step(asker.place.clone(), Event::ServerSilent { server, silence });
            step.before = Some(packet);
            return None;
        }
        question.packet = packet;
        question.via = vec![Place::Internet];
        let found = self.ask_public(question, name);
        question.via.clear();
        if matches!(found, Found::Alias(_)) {
            question.packet = incoming;
        }
        Some(found)
    }
}

/// What an asker notices of a question that was lost on its way.
const fn silence_of(cause: &DropCause) -> Silence {
    if matches!(cause, DropCause::RouteNone { .. }) {
        Silence::RouteNone
    } else if matches!(cause, DropCause::AddressUnused { .. }) {
        Silence::NoRoute
    } else if matches!(cause, DropCause::GatewayMissing { .. }) {
        Silence::NoTunnel
    } else if matches!(cause, DropCause::DeniedBySecurityGroup { .. }) {
        Silence::DeniedBySecurityGroup
    } else {
        Silence::LostOnTheWay
    }
}

fn sockets(addresses: &[Ipv4Addr]) -> Vec<Socket> {
    addresses.iter().map(|address| Socket::new(*address, DNS_PORT)).collect()
}

/// Where it is documented that a question goes to this server.
fn announced_by(event: &Event, server: Socket) -> Vec<&'static str> {
    if let Event::QueryForwarded { reason, .. } = event {
        return match reason {
            Forwarding::Rule { .. } => vec!["PR-RULES"],
            Forwarding::ConditionalForwarder { .. } => vec!["PE-DNSINT", "DMAUSER-DNS"],
            Forwarding::Forwarder { .. } | Forwarding::RootHints => vec!["MICROHACK"],
        };
    }
    if server.address == AZURE_DNS { vec!["WIRE-IP"] } else { vec!["MICROHACK"] }
}
