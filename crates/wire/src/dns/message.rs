//! Whole messages as bytes, with names compressed (RFC 1035 §4).

use std::collections::BTreeMap;
use std::ops::Range;

use super::parts::{self, Section};
use super::{Record, RecordData, RecordType, ResponseCode};
use crate::{DomainName, Malformed};

/// The Internet class, the only one (RFC 1035 §3.2.4).
pub(super) const CLASS_INTERNET: u16 = 1;
/// The two high bits of a length that is a pointer (RFC 1035 §4.1.4).
pub(super) const POINTER: u16 = 0xc000;
/// Length of the header (RFC 1035 §4.1.1).
pub(super) const HEADER_LEN: usize = 12;
/// The most a UDP answer may hold unless the question allows more (RFC 1035 §4.2.1).
pub const MAX_UDP: usize = 512;

/// Bits of the second header word (RFC 1035 §4.1.1).
pub(super) mod flag {
    /// This is an answer.
    pub(in crate::dns) const RESPONSE: u16 = 0x8000;
    /// The server is the authority for the name.
    pub(in crate::dns) const AUTHORITATIVE: u16 = 0x0400;
    /// Not everything fitted.
    pub(in crate::dns) const TRUNCATED: u16 = 0x0200;
    /// The asker wants the whole chain followed.
    pub(in crate::dns) const RECURSION_DESIRED: u16 = 0x0100;
    /// The server follows chains.
    pub(in crate::dns) const RECURSION_AVAILABLE: u16 = 0x0080;
}

/// What is asked for (RFC 1035 §4.1.2), of the Internet class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The name.
    pub name: DomainName,
    /// The type of record.
    pub record_type: RecordType,
}

/// A standard query or its answer (RFC 1035 §4.1). Other operations are not read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Pairs an answer with its question.
    pub id: u16,
    /// Whether this is an answer.
    pub response: bool,
    /// Whether the server is the authority for the name.
    pub authoritative: bool,
    /// Whether records are missing because they did not fit.
    pub truncated: bool,
    /// Whether the asker wants the whole chain followed.
    pub recursion_desired: bool,
    /// Whether the server follows chains.
    pub recursion_available: bool,
    /// The outcome; `NOERROR` in a question.
    pub code: ResponseCode,
    /// What is asked for.
    pub questions: Vec<Question>,
    /// The answer.
    pub answers: Vec<Record>,
    /// Who is the authority: the SOA record of a negative answer (RFC 2308 §2).
    pub authorities: Vec<Record>,
    /// What else is useful to know.
    pub additionals: Vec<Record>,
}

impl Message {
    /// A question a stub resolver asks.
    #[must_use]
    pub fn query(id: u16, name: DomainName, record_type: RecordType) -> Self {
        Self {
            id,
            response: false,
            authoritative: false,
            truncated: false,
            recursion_desired: true,
            recursion_available: false,
            code: ResponseCode::NoError,
            questions: vec![Question { name, record_type }],
            answers: Vec::new(),
            authorities: Vec::new(),
            additionals: Vec::new(),
        }
    }

    /// The answer of a recursive resolver to this question.
    #[must_use]
    pub fn answer(&self, code: ResponseCode, answers: Vec<Record>) -> Self {
        Self { response: true, recursion_available: true, code, answers, ..self.clone() }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// When the bytes are no whole standard message of the Internet class.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        parts::read(bytes).map(|(message, _)| message)
    }

    /// The message in full.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        self.emit_within(usize::from(u16::MAX))
    }

    /// The message with as many whole records as fit so many bytes; the truncation bit says when some did not
    /// (RFC 1035 §4.2.1). Question and header are always there.
    #[must_use]
    pub fn emit_within(&self, most: usize) -> Vec<u8> {
        let mut writer = Writer { bytes: vec![0; HEADER_LEN], names: BTreeMap::new() };
        for question in &self.questions {
            writer.name(&question.name);
            writer.u16(question.record_type.number());
            writer.u16(CLASS_INTERNET);
        }
        let mut truncated = self.truncated;
        let counts = [&self.answers, &self.authorities, &self.additionals].map(|section| {
            let mut count = 0;
            for record in section {
                if truncated && !self.truncated {
                    break;
                }
                let end = writer.bytes.len();
                writer.record(record);
                if writer.bytes.len() > most {
                    writer.bytes.truncate(end);
                    truncated = true;
                } else {
                    count += 1;
                }
            }
            count
        });
        let header = [self.id, self.flags(truncated), count(self.questions.len()), counts[0], counts[1], counts[2]];
        for (place, word) in writer.bytes.chunks_exact_mut(2).zip(header) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        writer.bytes
    }

    fn flags(&self, truncated: bool) -> u16 {
        let bits = [
            (self.response, flag::RESPONSE),
            (self.authoritative, flag::AUTHORITATIVE),
            (truncated, flag::TRUNCATED),
            (self.recursion_desired, flag::RECURSION_DESIRED),
            (self.recursion_available, flag::RECURSION_AVAILABLE),
        ];
        let set = bits.into_iter().filter(|(on, _)| *on).fold(0, |flags, (_, bit)| flags | bit);
        set | u16::from(self.code.number() & 0xf)
    }

    /// The records of a section.
    #[must_use]
    pub fn section(&self, section: Section) -> &[Record] {
        match section {
            Section::Answer => &self.answers,
            Section::Authority => &self.authorities,
            Section::Additional => &self.additionals,
        }
    }
}

fn count(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

struct Writer<'m> {
    bytes: Vec<u8>,
    /// Where each name stands that a pointer may point to.
    names: BTreeMap<&'m str, u16>,
}

impl<'m> Writer<'m> {
    fn u16(&mut self, value: u16) {
        self.bytes.extend(value.to_be_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_be_bytes());
    }

    /// Label by label, until the rest already stands somewhere (RFC 1035 §4.1.4).
    fn name(&mut self, name: &'m DomainName) {
        let mut rest = name.as_str();
        loop {
            if let Some(offset) = self.names.get(rest) {
                return self.u16(POINTER | offset);
            }
            if let Ok(offset) = u16::try_from(self.bytes.len())
                && offset < 1 << 14
            {
                self.names.insert(rest, offset);
            }
            let (label, tail) = rest.split_once('.').unwrap_or((rest, ""));
            self.bytes.push(u8::try_from(label.len()).expect("a label has at most 63 characters"));
            self.bytes.extend(label.as_bytes());
            if tail.is_empty() {
                return self.bytes.push(0);
            }
            rest = tail;
        }
    }

    fn record(&mut self, record: &'m Record) {
        self.name(&record.name);
        self.u16(record.data.record_type().number());
        self.u16(CLASS_INTERNET);
        self.u32(record.ttl);
        let length: Range<usize> = self.bytes.len()..self.bytes.len() + 2;
        self.u16(0);
        match &record.data {
            RecordData::A(address) => self.bytes.extend(address.octets()),
            RecordData::Cname(name) => self.name(name),
            RecordData::Soa(soa) => {
                self.name(&soa.primary);
                self.name(&soa.mailbox);
                for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                    self.u32(number);
                }
            }
            RecordData::Unknown(_, bytes) => self.bytes.extend(&bytes[..bytes.len().min(usize::from(u16::MAX))]),
        }
        let written = count(self.bytes.len() - length.end);
        self.bytes[length].copy_from_slice(&written.to_be_bytes());
    }
}
