//! What the public DNS says: the same for the whole Internet [DMAUSER-DNS].

use wire::DomainName;
use wire::dns::{Record, RecordData, ResponseCode};

use super::Walk;
use super::dns_azure::Question;
use super::resolve::{Answer, Found, LONGEST_CHAIN};
use crate::network::Network;
use crate::trace::{Event, Place};

/// How long a public answer may be kept, in seconds (assumption A25).
const PUBLIC_TTL: u32 = 60;
/// How long a name the public DNS does not know is remembered, in seconds (assumption A41).
const PUBLIC_NEGATIVE_TTL: u32 = 300;

/// What the public DNS says about a name.
enum PublicAnswer {
    Alias { target: DomainName, private_link: bool },
    Address(std::net::Ipv4Addr),
    Missing,
}

impl Walk<'_> {
    /// A public resolver follows the whole chain; it never sees a private zone [MICROHACK].
    pub(super) fn ask_public_resolver(&mut self, mut question: Question, name: &DomainName) -> Answer {
        let mut current = name.clone();
        for _ in 0..LONGEST_CHAIN {
            match self.ask_public(&mut question, &current) {
                Found::Alias(target) => current = target,
                Found::Done(answer) => return answer,
            }
        }
        Answer::alias_loop(name)
    }

    pub(super) fn ask_public(&mut self, question: &mut Question, name: &DomainName) -> Found {
        let via = question.via.clone();
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
                Found::Done(question.addresses())
            }
            PublicAnswer::Missing => {
                self.asked(question, Place::PublicDns, via, Event::PublicMissing { name });
                Found::Done(question.nothing(ResponseCode::NxDomain, PUBLIC_NEGATIVE_TTL))
            }
        }
    }
}

fn public_answer(network: &Network, name: &DomainName) -> PublicAnswer {
    let names = &network.public_names;
    if let Some(address) = names.canonical.get(name) {
        return PublicAnswer::Address(*address);
    }
    let Some(used) = names.services.get(name) else { return PublicAnswer::Missing };
    let sub_resource = &network.platforms[used.platform].sub_resources[&used.sub_resource];
    let known = &sub_resource.names[used.name];
    let has_private_name = sub_resource.has_approved_connection || known.shared;
    match (used.private, has_private_name, &sub_resource.canonical_name) {
        (false, true, _) => PublicAnswer::Alias { target: known.private.clone(), private_link: true },
        (true, false, _) => PublicAnswer::Missing,
        (_, _, Some(target)) => PublicAnswer::Alias { target: target.clone(), private_link: false },
        (_, _, None) => PublicAnswer::Address(sub_resource.address),
    }
}
