//! Which packets of a trace belong together, what they carry, and where their addresses and ports come from.

use std::collections::BTreeMap;

use sim::trace::{Event, Place, Response, Step};
use wire::DomainName;
use wire::dns::{Message, Record, RecordData, RecordType, ResponseCode, StartOfAuthority};
use wire::hash::fnv1a;
use wire::packet::{Packet, Payload, Socket, Transport};

use crate::origin::{Ends, Origin};
use crate::payload::{self, Content};
use crate::{Scene, is_forwarding};

/// The start of authority of Azure's private zones, as `dig` shows it.
const PRIVATE_ZONE_PRIMARY: &str = "azureprivatedns.net";
const PRIVATE_ZONE_MAILBOX: &str = "azureprivatedns-host.microsoft.com";
/// How long they let a missing name be remembered (assumption A41).
const PRIVATE_ZONE_MINIMUM: u32 = 10;

/// What tells a packet's direction of a flow from every other.
type Tuple = (Transport, Socket, Socket);

const fn tuple(packet: Packet) -> Tuple {
    (packet.transport, packet.source, packet.destination)
}

/// A conversation: a connection or a DNS exchange, whatever its packets' addresses become on the way.
#[derive(Debug)]
pub(crate) struct Flow {
    /// Where it begins, and its first packet there.
    pub(crate) first: (Place, Packet),
    /// The question, in a DNS exchange.
    question: Option<Message>,
    answer: Option<Message>,
}

impl Flow {
    fn text(&self) -> String {
        let packet = self.first.1;
        format!("{} {} {}", packet.transport, packet.source, packet.destination)
    }

    /// The first sequence numbers of the client and of the server: by convention a hash of the flow.
    pub(crate) fn sequence_numbers(&self) -> (u32, u32) {
        let hash = fnv1a(self.text().as_bytes()).to_be_bytes();
        let [a, b, c, d, e, f, g, h] = hash;
        (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
    }
}

/// The conversations of a trace.
#[derive(Debug)]
pub(crate) struct Flows {
    flows: Vec<Flow>,
    members: BTreeMap<Tuple, (usize, Ends)>,
    /// The PROXY header, and the NAT socket whose connection begins with it.
    header: Option<(Socket, Content)>,
    request: Content,
    response: Content,
    /// Where each name of an answer has its record.
    records: BTreeMap<DomainName, Origin>,
    /// Whose authority a missing name is.
    authorities: BTreeMap<DomainName, Record>,
}

impl Flows {
    pub(crate) fn of(scene: Scene<'_>) -> Self {
        let mut flows = Self {
            flows: Vec::new(),
            members: BTreeMap::new(),
            header: None,
            request: Content::default(),
            response: Content::default(),
            records: BTreeMap::new(),
            authorities: BTreeMap::new(),
        };
        for step in &scene.trace.steps {
            flows.records.extend(scene.record_of(step));
            flows.note_authority(scene, step);
            flows.note_packets(scene, step);
            flows.note_answer(step);
            flows.note_conversation(scene, step);
        }
        flows
    }

    /// The flow a packet belongs to, and where its addresses and ports come from.
    pub(crate) fn member(&self, packet: Packet) -> Option<(&Flow, &Ends)> {
        let (flow, ends) = self.members.get(&tuple(packet))?;
        Some((&self.flows[*flow], ends))
    }

    /// The same flow's number, to tell it from others.
    pub(crate) fn number(&self, packet: Packet) -> Option<usize> {
        self.members.get(&tuple(packet)).map(|(flow, _)| *flow)
    }

    pub(crate) fn flow(&self, number: usize) -> &Flow {
        &self.flows[number]
    }

    /// How many machines have sent a packet on, or the one that opened its way, when so much of the trace is over.
    pub(crate) fn forwarded(&self, packet: Packet, steps: &[Step]) -> u8 {
        let same_way = |step: &&Step| {
            is_forwarding(step)
                && step.after.is_some_and(|after| {
                    self.number(after) == self.number(packet) && is_reply(after.payload) == is_reply(packet.payload)
                })
        };
        u8::try_from(steps.iter().filter(same_way).count()).unwrap_or(u8::MAX)
    }

    /// What a packet carries.
    pub(crate) fn content(&self, packet: Packet) -> Content {
        let flow = self.member(packet).map(|(flow, _)| flow);
        match packet.payload {
            Payload::Syn | Payload::SynAck | Payload::Rst => Content::default(),
            Payload::EchoRequest | Payload::EchoReply => payload::echo(),
            Payload::ProxyHeader => self.header.as_ref().map_or_else(Content::default, |(_, header)| header.clone()),
            Payload::Request => self.request.clone(),
            Payload::Response => self.response.clone(),
            Payload::Query => self.message(flow.and_then(|flow| flow.question.as_ref())),
            Payload::Answer => self.message(flow.and_then(|flow| flow.answer.as_ref())),
        }
    }

    /// How many bytes the client has sent before the server answers.
    pub(crate) const fn request_len(&self) -> usize {
        self.request.bytes.len()
    }

    /// How many bytes of a PROXY header come before the client's own in the connection of a packet.
    pub(crate) fn header_len(&self, packet: Packet) -> usize {
        let begins = |nat: Socket| nat == packet.source || nat == packet.destination;
        self.header.as_ref().filter(|(nat, _)| begins(*nat)).map_or(0, |(_, header)| header.bytes.len())
    }

    fn message(&self, message: Option<&Message>) -> Content {
        message.map_or_else(Content::default, |message| payload::dns(message, &self.records))
    }

    fn note_packets(&mut self, scene: Scene<'_>, step: &Step) {
        let begins = match (&step.event, step.after) {
            (Event::QuerySent { name, record_type, .. }, Some(sent)) => Some((sent, name, *record_type)),
            (Event::QueryForwarded { name, .. }, Some(sent)) => Some((sent, name, RecordType::A)),
            _ => None,
        };
        if let Some(before) = step.before
            && !self.knows(before)
        {
            self.begin(scene, step, before, None);
        }
        if let Some((sent, name, record_type)) = begins {
            let id = fnv1a(format!("{} {} {name}", sent.source, sent.destination).as_bytes()).to_be_bytes();
            let question = Message::query(u16::from_be_bytes([id[0], id[1]]), name.clone(), record_type);
            self.begin(scene, step, sent, Some(question));
        }
        if let Some(after) = step.after {
            let known = step.before.filter(|before| before.payload == after.payload);
            let source = known.and_then(|before| self.members.get(&tuple(before)).cloned());
            match source {
                Some((flow, ends)) if !step.rewrites.is_empty() => self.join(after, flow, ends.rewritten(step)),
                _ if !self.knows(after) => self.begin(scene, step, after, None),
                _ => {}
            }
        }
    }

    fn knows(&self, packet: Packet) -> bool {
        self.members.contains_key(&tuple(packet))
    }

    fn begin(&mut self, scene: Scene<'_>, step: &Step, packet: Packet, question: Option<Message>) {
        let ends = scene.first_ends(step, packet);
        self.flows.push(Flow { first: (step.at.clone(), packet), question, answer: None });
        self.join(packet, self.flows.len() - 1, ends);
    }

    /// A packet belongs to a flow, and so do its replies.
    fn join(&mut self, packet: Packet, flow: usize, ends: Ends) {
        let (transport, source, destination) = tuple(packet);
        self.members.insert((transport, destination, source), (flow, ends.reversed()));
        self.members.insert((transport, source, destination), (flow, ends));
    }

    /// Azure's private zones name themselves in negative answers (RFC 2308 §3).
    fn note_authority(&mut self, scene: Scene<'_>, step: &Step) {
        if let Event::PrivateMissing { zone, name, .. } = &step.event
            && let Some(zone) = scene.document.private_dns_zones.get(zone)
            && let (Ok(primary), Ok(mailbox)) = (PRIVATE_ZONE_PRIMARY.parse(), PRIVATE_ZONE_MAILBOX.parse())
        {
            let data = RecordData::Soa(Box::new(StartOfAuthority {
                primary,
                mailbox,
                serial: 1,
                refresh: 3600,
                retry: 300,
                expire: 2_419_200,
                minimum: PRIVATE_ZONE_MINIMUM,
            }));
            let record = Record { name: zone.name.clone(), ttl: PRIVATE_ZONE_MINIMUM, data };
            self.authorities.insert(name.clone(), record);
        }
    }

    /// Whoever asked says what it was told.
    fn note_answer(&mut self, step: &Step) {
        let (Event::AnswerReceived { code, records, .. } | Event::AnswerRelayed { code, records, .. }) = &step.event
        else {
            return;
        };
        let Some(number) = step.before.and_then(|before| self.number(before)) else { return };
        let Some(question) = &self.flows[number].question else { return };
        let mut answer = question.answer(*code, records.clone());
        answer.authorities.extend(self.authority_of(question, *code, records).cloned());
        self.flows[number].answer = Some(answer);
    }

    /// The authority of a name that has no address.
    fn authority_of(&self, question: &Message, code: ResponseCode, records: &[Record]) -> Option<&Record> {
        if code == ResponseCode::ServFail || records.iter().any(|record| record.data.address().is_some()) {
            return None;
        }
        let aliased = records.iter().rev().find_map(|record| match &record.data {
            RecordData::Cname(target) => Some(target),
            RecordData::A(_) | RecordData::Soa(_) | RecordData::Unknown(..) => None,
        });
        let asked = question.questions.first().map(|question| &question.name);
        self.authorities.get(aliased.or(asked)?)
    }

    fn note_conversation(&mut self, scene: Scene<'_>, step: &Step) {
        if let (Event::ProxyHeaderSent { header, .. }, Some(sent)) = (&step.event, step.after) {
            let endpoint = scene.trace.steps.iter().find_map(|step| match (&step.event, &step.at) {
                (Event::EndpointAdmitted { .. }, Place::Resource(id)) => Some(id),
                _ => None,
            });
            let endpoint = endpoint.map_or(Origin::Convention, |id| {
                Origin::Path(smol_str::format_smolstr!("privateEndpoints/{id}/linkIdentifier"))
            });
            self.header = Some((sent.source, payload::proxy_header(header, &endpoint)));
        }
        if let Event::RequestArrived { protocol, host, path, .. } = &step.event {
            self.request = payload::request(*protocol, host, scene.trace.request.port, path);
        }
        if let Event::ResponseSent { response } = &step.event {
            self.response =
                payload::response(scene.trace.request.protocol, response, &body_origin(scene, step, response));
        }
    }
}

/// Where the body of an answer stands: in the account's content, or it is what the service says.
fn body_origin(scene: Scene<'_>, step: &Step, response: &Response) -> Origin {
    let Place::Resource(id) = &step.at else { return Origin::Convention };
    let Some(kind) = scene.document.kind_of(id) else { return Origin::Convention };
    let service = scene.document.platform_services.get(id);
    let path = scene.trace.request.path();
    let holds = service.is_some_and(|service| service.content.get(path) == Some(&response.body));
    let tail = if holds { format!("/content{path}") } else { String::new() };
    Origin::Path(smol_str::format_smolstr!("{}/{id}{tail}", kind.as_str()))
}

/// Whether packets of this kind go back to whoever began the flow.
pub(crate) const fn is_reply(payload: Payload) -> bool {
    match payload {
        Payload::SynAck | Payload::Rst | Payload::Response | Payload::Answer | Payload::EchoReply => true,
        Payload::Syn | Payload::ProxyHeader | Payload::Request | Payload::Query | Payload::EchoRequest => false,
    }
}
