//! Name resolution as the sender does it: hosts file, cache, then the DNS servers of its lease in order.

use std::net::Ipv4Addr;

use wire::DomainName;
use wire::dns::{Record, RecordData, RecordType, ResponseCode};
use wire::packet::{Packet, Payload, Socket};

use super::dns_server::{Asker, Exchange};
use super::{AZURE_DNS, Verdict, Walk};
use crate::cache::{CacheKind, CachedName};
use crate::names::DNS_PORT;
use crate::outside::Station;
use crate::trace::{DropCause, Event};

/// How many names one question may pass before a resolver gives up.
pub(super) const LONGEST_CHAIN: usize = 16;

/// What a server says about a name.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) code: ResponseCode,
    pub(super) records: Vec<Record>,
    /// How long it may be remembered when it holds no address, in seconds.
    pub(super) negative_ttl: u32,
    /// Why there is no answer (SERVFAIL).
    pub(super) failure: Option<DropCause>,
}

impl Answer {
    pub(super) const fn failed(cause: DropCause) -> Self {
        Self { code: ResponseCode::ServFail, records: Vec::new(), negative_ttl: 0, failure: Some(cause) }
    }

    pub(super) fn alias_loop(name: &DomainName) -> Self {
        Self::failed(DropCause::AliasLoop { name: name.clone() })
    }

    /// How long it may be kept: as long as its shortest-lived record.
    fn ttl(&self) -> u32 {
        let shortest = self.records.iter().map(|record| record.ttl).min();
        match self.address() {
            Some(_) => shortest.unwrap_or(0),
            None => shortest.unwrap_or(u32::MAX).min(self.negative_ttl),
        }
    }
}

/// What became of one name of a chain.
pub(super) enum Found {
    Alias(DomainName),
    Done(Answer),
}

impl Walk<'_> {
    pub(super) fn resolve(&mut self, sender: Station, name: DomainName) -> Verdict<Ipv4Addr> {
        let answer = self.answer_to_client(sender, &name)?;
        self.conclude(name, &answer)
    }

    /// What the machine's own resolver makes of a name: hosts file, cache, then the servers of its lease.
    pub(super) fn answer_to_client(&mut self, sender: Station, name: &DomainName) -> Verdict<Answer> {
        if let Some(address) = self.network.machines[sender.machine].hosts.get(name).copied() {
            let step = self.step(self.sender_place(), Event::HostsFile { name: name.clone(), address });
            step.sources = vec!["PE-DNS"];
            let records = vec![Record { name: name.clone(), ttl: 0, data: RecordData::A(address) }];
            return Verdict::Continue(Answer { code: ResponseCode::NoError, records, negative_ttl: 0, failure: None });
        }
        let asker = self.client(sender);
        if let Some(cached) = self.recall(&asker, CacheKind::Client, name, None) {
            return Verdict::Continue(cached);
        }
        let servers = self.leased_servers(sender);
        let asked = self.steps.len();
        let exchange = self.ask_in_order(&asker, &servers, name);
        if self.network.is_told_no_server(&sender)
            && let Some(step) = self.steps.get_mut(asked)
        {
            step.assumptions.push("A60");
        }
        let answer = self.receive(&servers, name, exchange)?;
        self.remember(&asker, CacheKind::Client, name, &answer);
        Verdict::Continue(answer)
    }

    /// The sender as one who asks.
    pub(super) fn client(&self, sender: Station) -> Asker {
        Asker {
            owner: self.request.from.clone(),
            place: self.sender_place(),
            address: sender.address,
            stand: sender.stand,
        }
    }

    /// The answer reaches the sender, or none of the servers said anything.
    pub(super) fn receive(
        &mut self,
        servers: &[Ipv4Addr],
        name: &DomainName,
        exchange: Option<Exchange>,
    ) -> Verdict<Answer> {
        let Some(Exchange { packet, via, answer }) = exchange else {
            let server = servers.first().copied().unwrap_or(AZURE_DNS);
            let unanswered = self.steps.last().and_then(|step| step.before);
            let denied = self.question_denied.take();
            let cause = denied.unwrap_or(DropCause::ResolverUnreachable { server });
            return self.drop_at(self.sender_place(), cause, unanswered);
        };
        let packet = packet.reply(Payload::Answer);
        let (code, address) = (answer.code, answer.address());
        let records = answer.records.clone();
        let received = Event::AnswerReceived { name: name.clone(), code, records, address };
        let step = self.step(self.sender_place(), received);
        step.via = via;
        step.before = Some(packet);
        Verdict::Continue(answer)
    }

    /// The first server that answers, whatever it answers, decides; a silent one is followed by the next
    /// (assumption A42).
    pub(super) fn ask_in_order(&mut self, asker: &Asker, servers: &[Ipv4Addr], name: &DomainName) -> Option<Exchange> {
        servers.iter().enumerate().find_map(|(position, server)| {
            let announce = Event::QuerySent { name: name.clone(), record_type: RecordType::A, server: *server };
            let before = self.steps.len();
            let exchange = self.ask(asker, Socket::new(*server, DNS_PORT), name, announce, None);
            if position > 0
                && let Some(step) = self.steps.get_mut(before)
            {
                step.assumptions.push("A42");
            }
            exchange
        })
    }

    /// The servers the machine's lease names; they are those of the document when it first asked [MICROHACK].
    pub(super) fn leased_servers(&mut self, sender: Station) -> Vec<Ipv4Addr> {
        let configured = self.network.dns_servers(&sender);
        let leased = self.session.names.lease(&self.request.from, &configured).to_vec();
        if leased != configured {
            let outdated = Event::LeaseOutdated { leased: leased.clone(), configured };
            self.step(self.sender_place(), outdated).sources = vec!["MICROHACK"];
        }
        leased
    }

    pub(super) fn conclude(&mut self, name: DomainName, answer: &Answer) -> Verdict<Ipv4Addr> {
        let cause = match (answer.address(), &answer.failure) {
            (Some(address), _) => return Verdict::Continue(address),
            (None, Some(cause)) => cause.clone(),
            (None, None) => DropCause::NameNotResolved { name },
        };
        self.drop_at(self.sender_place(), cause, None)
    }

    /// What a cache still knows, with the time it has left (assumption A41).
    pub(super) fn recall(
        &mut self,
        asker: &Asker,
        kind: CacheKind,
        name: &DomainName,
        incoming: Option<Packet>,
    ) -> Option<Answer> {
        let cached = self.session.names.get(&asker.owner, kind, name)?.clone();
        let remaining_s = cached.expires_s.saturating_sub(self.session.now_s());
        let (code, address) = (cached.code, cached.address());
        let event = Event::CachedAnswer { name: name.clone(), code, address, remaining_s };
        let step = self.step(asker.place.clone(), event);
        step.before = incoming;
        step.after = incoming.map(|packet| packet.reply(Payload::Answer));
        step.sources = vec!["MICROHACK"];
        step.assumptions = vec!["A41"];
        let left = u32::try_from(remaining_s).unwrap_or(u32::MAX);
        let mut records = cached.records;
        for record in &mut records {
            record.ttl = record.ttl.min(left);
        }
        Some(Answer { code, records, negative_ttl: left, failure: None })
    }

    /// Keeps an answer until its shortest-lived record expires. A server's failure is not kept.
    pub(super) fn remember(&mut self, asker: &Asker, kind: CacheKind, name: &DomainName, answer: &Answer) {
        let ttl = answer.ttl();
        if answer.failure.is_none() && ttl > 0 {
            let expires_s = self.session.now_s().saturating_add(u64::from(ttl));
            let cached = CachedName { code: answer.code, records: answer.records.clone(), expires_s };
            self.session.names.put(&asker.owner, kind, name, cached);
        }
    }
}
