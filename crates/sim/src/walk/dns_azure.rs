//! The Azure-provided resolver at 168.63.129.16 as one virtual network sees it: linked private zones, then the rules
//! of linked rulesets, then the public DNS, again after every alias [DMAUSER-DNS][PR-OV].

use topology::resource::ResolutionPolicy;
use wire::DomainName;
use wire::dns::{Record, RecordData, ResponseCode};
use wire::packet::Packet;

use super::Walk;
use super::dns_server::Asker;
use super::resolve::{Answer, Found, LONGEST_CHAIN};
use crate::cache::first_address;
use crate::names::{LinkedRule, suffixes};
use crate::network::{Network, ZoneLink};
use crate::outside::Stand;
use crate::table::{NetworkIx, ZoneIx};
use crate::trace::{DropCause, Event, Forwarding, Place, ServerFailure, Step};

/// How long a private zone lets a missing name be remembered: the minimum of its SOA (assumption A41).
const PRIVATE_NEGATIVE_TTL: u32 = 10;

/// One question on its way along the chain.
pub(super) struct Question {
    /// As it reached whoever resolves it.
    pub(super) packet: Packet,
    /// The resolver everything passes.
    pub(super) via: Vec<Place>,
    pub(super) records: Vec<Record>,
}

impl Question {
    pub(super) const fn new(packet: Packet, via: Vec<Place>) -> Self {
        Self { packet, via, records: Vec::new() }
    }

    /// The chain ends in addresses.
    pub(super) fn addresses(&mut self) -> Answer {
        self.nothing(ResponseCode::NoError, 0)
    }

    /// The chain ends without an address.
    pub(super) fn nothing(&mut self, code: ResponseCode, negative_ttl: u32) -> Answer {
        Answer { code, records: std::mem::take(&mut self.records), negative_ttl, failure: None }
    }

    /// Somebody else answered for the rest of the chain.
    pub(super) fn completed_by(&mut self, mut answer: Answer) -> Answer {
        let mut records = std::mem::take(&mut self.records);
        records.append(&mut answer.records);
        Answer { records, ..answer }
    }
}

impl Walk<'_> {
    /// Resolves a name as 168.63.129.16 does for questions from this network.
    pub(super) fn ask_azure(&mut self, network: NetworkIx, packet: Packet, name: &DomainName) -> Answer {
        let mut question = Question::new(packet, vec![self.azure_dns(network)]);
        let mut current = name.clone();
        for _ in 0..LONGEST_CHAIN {
            match self.look_up(network, &mut question, &current) {
                Found::Alias(target) => current = target,
                Found::Done(answer) => return answer,
            }
        }
        Answer::alias_loop(name)
    }

    fn look_up(&mut self, asking: NetworkIx, question: &mut Question, name: &DomainName) -> Found {
        let network = self.network;
        let Some(link) = linked_zones(network, asking, name).next() else {
            if let Some(rule) = network.networks[asking].rules.find(name) {
                return Found::Done(self.forward_by_rule(rule, question, name));
            }
            self.point_out_reserved(asking, question, name);
            self.point_out_unlinked_zone(asking, question, name);
            return self.ask_public(question, name);
        };
        let zone = &network.zones[link.zone];
        let (place, via) = (Place::Resource(network.zones.id(link.zone).clone()), question.via.clone());
        let (zone_id, link_name) = (network.zones.id(link.zone).clone(), link.name.clone());
        let set = zone.find(name);
        let several = linked_zones(network, asking, name).nth(1).is_some();
        let assumptions = if several { vec!["A15"] } else { Vec::new() };
        if let Some((set, target)) = set.and_then(|set| Some((set, set.alias.clone()?))) {
            let data = RecordData::Cname(target.clone());
            question.records.push(Record { name: name.clone(), ttl: set.ttl, data });
            let (name, ttl) = (name.clone(), set.ttl);
            let alias = Event::PrivateAlias { zone: zone_id, link: link_name, name, target: target.clone(), ttl };
            let step = self.asked(question, place, via, alias);
            step.sources = vec!["PRIV-ZONE"];
            step.assumptions = assumptions;
            return Found::Alias(target);
        }
        if let Some((set, address)) = set.and_then(|set| Some((set, *set.addresses.first()?))) {
            let held =
                Event::PrivateRecord { zone: zone_id, link: link_name, name: name.clone(), address, ttl: set.ttl };
            let step = self.asked(question, place, via, held);
            step.sources = if set.registered { vec!["PRIV-ZONE", "VNET-LINKS"] } else { vec!["PRIV-ZONE", "PE-DNS"] };
            step.assumptions = assumptions;
            for address in &set.addresses {
                question.records.push(Record { name: name.clone(), ttl: set.ttl, data: RecordData::A(*address) });
            }
            return Found::Done(question.addresses());
        }
        let missing = Event::PrivateMissing { zone: zone_id.clone(), link: link_name.clone(), name: name.clone() };
        let step = self.asked(question, place.clone(), via, missing);
        step.sources = vec!["PRIV-ZONE", "PRIV-FALLBACK"];
        if set.is_some() {
            // The name exists without an address: no data, which is not redirected.
            step.assumptions = vec!["A16"];
            return Found::Done(question.nothing(ResponseCode::NoError, PRIVATE_NEGATIVE_TTL));
        }
        self.point_out_holder(asking, question, name);
        if link.policy == ResolutionPolicy::Default {
            return Found::Done(question.nothing(ResponseCode::NxDomain, PRIVATE_NEGATIVE_TTL));
        }
        let redirected = Event::RedirectedToPublic { zone: zone_id, link: link_name, name: name.clone() };
        self.asked(question, place, Vec::new(), redirected).sources = vec!["PRIV-FALLBACK"];
        self.ask_public(question, name)
    }

    /// A zone that could hold the name but is not linked to the asking network is never asked [PRIV-ZONE].
    fn point_out_unlinked_zone(&mut self, asking: NetworkIx, question: &Question, name: &DomainName) {
        if let Some(zone) = unlinked_zone(self.network, name) {
            self.point_out(zone, asking, question, name);
        }
    }

    /// A `.` rule that would take the name passes Azure's own domains over [PR-RULES].
    fn point_out_reserved(&mut self, asking: NetworkIx, question: &Question, name: &DomainName) {
        let network = self.network;
        let Some(linked) = &network.networks[asking].rules.wildcard else { return };
        let passed_over = Event::RulePassedOver {
            ruleset: network.rulesets.id(linked.ruleset).clone(),
            link: linked.link.clone(),
            rule: network.rulesets[linked.ruleset].rules[linked.rule].name.clone(),
            name: name.clone(),
        };
        let step = self.asked(question, self.azure_dns(asking), Vec::new(), passed_over);
        step.sources = vec!["PR-RULES"];
        step.assumptions = vec!["A40"];
    }

    /// The record is there, in another zone that is not linked: often one of the same name [PRIV-FALLBACK].
    fn point_out_holder(&mut self, asking: NetworkIx, question: &Question, name: &DomainName) {
        let network = self.network;
        let links = &network.networks[asking].links;
        let is_linked = |zone: &ZoneIx| links.get(&network.zones[*zone].name).is_some_and(|link| link.zone == *zone);
        let holders = network.zone_names.holders.get(name).map_or(&[][..], Vec::as_slice);
        if let Some(zone) = holders.iter().find(|zone| !is_linked(zone)) {
            self.point_out(*zone, asking, question, name);
        }
    }

    fn point_out(&mut self, zone: ZoneIx, asking: NetworkIx, question: &Question, name: &DomainName) {
        let zone_id = self.network.zones.id(zone).clone();
        let network = self.network.networks.id(asking).clone();
        let passed_over = Event::ZoneNotLinked { zone: zone_id.clone(), network, name: name.clone() };
        let step = self.step(Place::Resource(zone_id), passed_over);
        step.via.clone_from(&question.via);
        step.sources = vec!["PRIV-ZONE", "SEED4"];
    }

    /// The question leaves by the ruleset's outbound endpoint; its targets are tried in order [PR-RULES].
    fn forward_by_rule(&mut self, linked: &LinkedRule, question: &mut Question, name: &DomainName) -> Answer {
        let network = self.network;
        let ruleset = &network.rulesets[linked.ruleset];
        let rule = &ruleset.rules[linked.rule];
        let ruleset_id = network.rulesets.id(linked.ruleset);
        let asker = ruleset.outbound.and_then(|(resolver, position)| {
            let endpoint = &network.resolvers[resolver].outbound[position];
            let id = network.resolvers.id(resolver);
            let subnet = endpoint.subnet?;
            Some(Asker {
                owner: id.clone(),
                place: Place::Resource(id.clone()),
                address: endpoint.address?,
                stand: Stand::Network {
                    network: network.subnets[subnet].network?,
                    subnet: Some(subnet),
                    interface: None,
                },
            })
        });
        let Some(asker) = asker else {
            let failed = Event::ServerFailed { name: name.clone(), failure: ServerFailure::NobodyToAsk };
            let step = self.asked(question, Place::Resource(ruleset_id.clone()), question.via.clone(), failed);
            step.sources = vec!["PR-RULES"];
            return Answer::failed(DropCause::NoForwarder { name: name.clone(), at: ruleset_id.clone() });
        };
        let forwarding = |position: u32| Forwarding::Rule {
            ruleset: ruleset_id.clone(),
            link: linked.link.clone(),
            rule: rule.name.clone(),
            domain: rule.domain_name.clone(),
            position,
        };
        let via = question.via.clone();
        match self.forward(&asker, &rule.targets, name, question.packet, via, &forwarding) {
            Some(exchange) => {
                self.relay(&asker.place, &exchange, name, question.packet);
                question.completed_by(exchange.answer)
            }
            None => self.unreachable(&asker, name, question.packet),
        }
    }

    pub(super) fn asked(&mut self, question: &Question, at: Place, via: Vec<Place>, event: Event) -> &mut Step {
        let step = self.step(at, event);
        step.via = via;
        step.before = Some(question.packet);
        step
    }

    pub(super) fn azure_dns(&self, network: NetworkIx) -> Place {
        Place::AzureDns(self.network.networks.id(network).clone())
    }
}

impl Answer {
    pub(super) fn address(&self) -> Option<std::net::Ipv4Addr> {
        first_address(&self.records)
    }
}

/// The linked zones that could hold the name, longest first.
fn linked_zones<'n>(network: &'n Network, asking: NetworkIx, name: &DomainName) -> impl Iterator<Item = &'n ZoneLink> {
    let links = &network.networks[asking].links;
    suffixes(name).take_while(|_| !links.is_empty()).filter_map(|suffix| links.get(&suffix))
}

fn unlinked_zone(network: &Network, name: &DomainName) -> Option<ZoneIx> {
    let names = &network.zone_names;
    if let Some(zone) = names.holders.get(name).and_then(|holders| holders.first()) {
        return Some(*zone);
    }
    suffixes(name).find_map(|suffix| names.zones.get(&suffix).copied())
}
