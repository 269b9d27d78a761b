//! Name resolution from where the sender stands: linked private zones first, then the public DNS, again after
//! every alias [DMAUSER-DNS][PR-OV].

use std::net::Ipv4Addr;

use topology::resource::ResolutionPolicy;
use wire::DomainName;
use wire::dns::{Record, RecordData, RecordType, ResponseCode};
use wire::packet::{Packet, Payload, Socket, Transport};

use super::{AZURE_DNS, Verdict, Walk};
use crate::catalogue::catalogue;
use crate::network::{Network, RecordSet, Sender, Zone, ZoneLink};
use crate::table::{NetworkIx, ZoneIx};
use crate::trace::{DropCause, Event, Place, Step};

/// How many names one question may pass before the resolver gives up.
const LONGEST_CHAIN: usize = 16;
/// How long a public answer may be kept, in seconds (assumption A25).
const PUBLIC_TTL: u32 = 60;
const DNS_PORT: u16 = 53;

/// What the public DNS says about a name.
enum PublicAnswer {
    Alias { target: DomainName, private_link: bool },
    Address(Ipv4Addr),
    Missing,
}

/// What became of one name of the chain.
enum Found {
    Alias(DomainName),
    Addresses,
    Nothing(ResponseCode),
}

/// One question on its way along the chain.
struct Question {
    network: NetworkIx,
    packet: Packet,
    records: Vec<Record>,
}

impl Walk<'_> {
    pub(super) fn resolve(&mut self, sender: Sender, name: DomainName) -> Verdict<Ipv4Addr> {
        let custom = self.network.networks[sender.network].dns_servers.first().copied();
        let server = custom.unwrap_or(AZURE_DNS);
        let port = self.session.ephemeral_port(&self.request.from, Transport::Udp);
        let packet = Packet {
            transport: Transport::Udp,
            source: Socket::new(sender.address, port),
            destination: Socket::new(server, DNS_PORT),
            payload: Payload::Query,
        };
        let asked = Event::QuerySent { name: name.clone(), record_type: RecordType::A, server };
        let step = self.step(self.sender_place(), asked);
        step.after = Some(packet);
        step.sources = vec!["WIRE-IP"];
        self.pass_outbound(sender, packet)?;
        if server != AZURE_DNS {
            return self.drop_at(self.sender_place(), DropCause::ResolverUnreachable { server }, Some(packet));
        }

        let mut question = Question { network: sender.network, packet, records: Vec::new() };
        let mut current = name.clone();
        for _ in 0..LONGEST_CHAIN {
            match self.look_up(&mut question, &current) {
                Found::Alias(target) => current = target,
                Found::Addresses => return self.answer(question, name, ResponseCode::NoError),
                Found::Nothing(code) => return self.answer(question, name, code),
            }
        }
        self.drop_at(self.sender_place(), DropCause::AliasLoop { name }, Some(packet.reply(Payload::Answer)))
    }

    fn answer(&mut self, question: Question, name: DomainName, code: ResponseCode) -> Verdict<Ipv4Addr> {
        let address = question.records.iter().find_map(|record| match record.data {
            RecordData::A(address) => Some(address),
            RecordData::Cname(_) => None,
        });
        let packet = question.packet.reply(Payload::Answer);
        let via = vec![self.resolver(question.network)];
        let received = Event::AnswerReceived { name: name.clone(), code, records: question.records, address };
        let step = self.step(self.sender_place(), received);
        step.via = via;
        step.before = Some(packet);
        match address {
            Some(address) => Verdict::Continue(address),
            None => self.drop_at(self.sender_place(), DropCause::NameNotResolved { name }, None),
        }
    }

    fn look_up(&mut self, question: &mut Question, name: &DomainName) -> Found {
        let network = self.network;
        let Some(link) = linked_zones(network, question.network, name).next() else {
            self.point_out_unlinked_zone(question, name);
            return self.ask_public(question, name);
        };
        let zone = &network.zones[link.zone];
        let (place, via) =
            (Place::Resource(network.zones.id(link.zone).clone()), vec![self.resolver(question.network)]);
        let set = zone.find(name);
        let several = linked_zones(network, question.network, name).nth(1).is_some();
        if let Some((set, address)) = set.and_then(|set| Some((set, *set.addresses.first()?))) {
            let (zone, link) = (network.zones.id(link.zone).clone(), link.name.clone());
            let held = Event::PrivateRecord { zone, link, name: name.clone(), address, ttl: set.ttl };
            let step = self.asked(question, place, via, held);
            step.sources = vec!["PRIV-ZONE", "PE-DNS"];
            if several {
                step.assumptions = vec!["A15"];
            }
            for address in &set.addresses {
                question.records.push(Record { name: name.clone(), ttl: set.ttl, data: RecordData::A(*address) });
            }
            return Found::Addresses;
        }
        let (zone_id, link_name) = (network.zones.id(link.zone).clone(), link.name.clone());
        let missing = Event::PrivateMissing { zone: zone_id.clone(), link: link_name.clone(), name: name.clone() };
        let step = self.asked(question, place.clone(), via.clone(), missing);
        step.sources = vec!["PRIV-ZONE", "PRIV-FALLBACK"];
        if set.is_some() {
            // The name exists without an address: no data, which is not redirected.
            step.assumptions = vec!["A16"];
            return Found::Nothing(ResponseCode::NoError);
        }
        if link.policy == ResolutionPolicy::Default {
            return Found::Nothing(ResponseCode::NxDomain);
        }
        let redirected = Event::RedirectedToPublic { zone: zone_id, link: link_name, name: name.clone() };
        self.asked(question, place, Vec::new(), redirected).sources = vec!["PRIV-FALLBACK"];
        self.ask_public(question, name)
    }

    /// A zone that could hold the name but is not linked to the asking network is never asked [PRIV-ZONE].
    fn point_out_unlinked_zone(&mut self, question: &Question, name: &DomainName) {
        let Some(zone) = unlinked_zone(self.network, name) else { return };
        let zone_id = self.network.zones.id(zone).clone();
        let asking = self.network.networks.id(question.network).clone();
        let via = vec![self.resolver(question.network)];
        let passed_over = Event::ZoneNotLinked { zone: zone_id.clone(), network: asking, name: name.clone() };
        let step = self.step(Place::Resource(zone_id), passed_over);
        step.via = via;
        step.sources = vec!["PRIV-ZONE", "SEED4"];
    }

    fn ask_public(&mut self, question: &mut Question, name: &DomainName) -> Found {
        let via = vec![self.resolver(question.network)];
        let name = name.clone();
        match public_answer(self.network, &name) {
            PublicAnswer::Alias { target, private_link } => {
                let data = RecordData::Cname(target.clone());
                question.records.push(Record { name: name.clone(), ttl: PUBLIC_TTL, data });
                let event = Event::PublicAlias { name, target: target.clone(), ttl: PUBLIC_TTL, private_link };
                let step = self.asked(question, Place::PublicDns, via, event);
                step.sources = if private_link { vec!["PE-DNS", "DMAUSER-DNS"] } else { vec!["DMAUSER-DNS"] };
                step.assumptions = vec!["A25"];
                Found::Alias(target)
            }
            PublicAnswer::Address(address) => {
                let data = RecordData::A(address);
                question.records.push(Record { name: name.clone(), ttl: PUBLIC_TTL, data });
                let event = Event::PublicAddress { name, address, ttl: PUBLIC_TTL };
                self.asked(question, Place::PublicDns, via, event).assumptions = vec!["A25"];
                Found::Addresses
            }
            PublicAnswer::Missing => {
                self.asked(question, Place::PublicDns, via, Event::PublicMissing { name });
                Found::Nothing(ResponseCode::NxDomain)
            }
        }
    }

    fn asked(&mut self, question: &Question, at: Place, via: Vec<Place>, event: Event) -> &mut Step {
        let step = self.step(at, event);
        step.via = via;
        step.before = Some(question.packet);
        step
    }

    fn resolver(&self, network: NetworkIx) -> Place {
        Place::AzureDns(self.network.networks.id(network).clone())
    }
}

impl Zone {
    /// The record set of a name, or of the wildcard that covers it (RFC 4592).
    fn find(&self, name: &DomainName) -> Option<&RecordSet> {
        let relative = name.relative_to(&self.name)?;
        if let Some(set) = self.records.get(relative) {
            return Some(set);
        }
        let mut rest = relative;
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(set) = self.records.get(format!("*.{parent}").as_str()) {
                return Some(set);
            }
            rest = parent;
        }
        if relative == "@" { None } else { self.records.get("*") }
    }
}

/// The name itself and every name above it, longest first.
fn suffixes(name: &DomainName) -> impl Iterator<Item = DomainName> {
    let mut rest = Some(name.as_str());
    std::iter::from_fn(move || {
        let current = rest?;
        rest = current.split_once('.').map(|(_, parent)| parent);
        Some(current)
    })
    .filter_map(|suffix| suffix.parse().ok())
}

/// The linked zones that could hold the name, longest first.
fn linked_zones<'n>(network: &'n Network, asking: NetworkIx, name: &DomainName) -> impl Iterator<Item = &'n ZoneLink> {
    let links = &network.networks[asking].links;
    suffixes(name).take_while(|_| !links.is_empty()).filter_map(|suffix| links.get(&suffix))
}

fn unlinked_zone(network: &Network, name: &DomainName) -> Option<ZoneIx> {
    let names = &network.zone_names;
    if let Some(zone) = names.holders.get(name) {
        return Some(*zone);
    }
    suffixes(name).find_map(|suffix| names.zones.get(&suffix).copied())
}

fn public_answer(network: &Network, name: &DomainName) -> PublicAnswer {
    let names = &network.public_names;
    if let Some(address) = names.canonical.get(name) {
        return PublicAnswer::Address(*address);
    }
    let Some((label, suffix)) = name.as_str().split_once('.') else { return PublicAnswer::Missing };
    let accounts = names.accounts.get(label).map_or(&[][..], Vec::as_slice);
    for known in catalogue().uses_of(suffix) {
        let of_type = accounts.iter().find_map(|account| network.platforms[*account].sub_resources.get(&known.service));
        let Some(sub_resource) = of_type else { continue };
        let pair = &catalogue().services[known.service].names[known.pair];
        if sub_resource.has_approved_connection
            && !known.private_link
            && let Ok(target) = format!("{label}.{}", pair.private_zone).parse()
        {
            return PublicAnswer::Alias { target, private_link: true };
        }
        if known.private_link && !sub_resource.has_approved_connection {
            continue;
        }
        return match &sub_resource.canonical_name {
            Some(target) => PublicAnswer::Alias { target: target.clone(), private_link: false },
            None => PublicAnswer::Address(sub_resource.address),
        };
    }
    PublicAnswer::Missing
}
