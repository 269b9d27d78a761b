//! Reading messages, and where in the bytes each part stands.

use std::net::Ipv4Addr;
use std::ops::Range;

use super::message::{CLASS_INTERNET, HEADER_LEN, POINTER, flag};
use super::{Message, Question, Record, RecordData, RecordType, ResponseCode, StartOfAuthority};
use crate::{DomainName, Malformed};

/// A section of records (RFC 1035 §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What was asked for.
    Answer,
    /// Who is the authority.
    Authority,
    /// What else is useful.
    Additional,
}

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Pairs an answer with its question.
    Id,
    /// Flags and response code.
    Flags,
    /// How many questions there are.
    QuestionCount,
    /// How many records a section has.
    RecordCount(Section),
    /// The name asked for.
    QuestionName,
    /// The type asked for.
    QuestionType,
    /// The class asked for.
    QuestionClass,
    /// The owner of the record with this position in its section.
    Name(Section, usize),
    /// Its type.
    Type(Section, usize),
    /// Its class.
    Class(Section, usize),
    /// Its time to live.
    Ttl(Section, usize),
    /// The length of its value.
    DataLength(Section, usize),
    /// Its value.
    Data(Section, usize),
}

/// A part and the bytes it takes.
pub type PartSpan = (Part, Range<usize>);

/// Every part of a message in order; together they are the whole message.
///
/// # Errors
/// As [`Message::parse`].
pub fn parts(bytes: &[u8]) -> Result<Vec<PartSpan>, Malformed> {
    read(bytes).map(|(_, parts)| parts)
}

pub(super) fn read(bytes: &[u8]) -> Result<(Message, Vec<PartSpan>), Malformed> {
    let mut reader = Reader { bytes, at: 0, parts: Vec::new() };
    let id = reader.u16(Part::Id)?;
    let flags = reader.u16(Part::Flags)?;
    let n_questions = reader.u16(Part::QuestionCount)?;
    let mut count = |section| reader.u16(Part::RecordCount(section));
    let (n_answers, n_authorities, n_additionals) =
        (count(Section::Answer)?, count(Section::Authority)?, count(Section::Additional)?);
    let questions = (0..n_questions).map(|_| reader.question()).collect::<Result<_, _>>()?;
    let message = Message {
        id,
        response: flags & flag::RESPONSE != 0,
        authoritative: flags & flag::AUTHORITATIVE != 0,
        truncated: flags & flag::TRUNCATED != 0,
        recursion_desired: flags & flag::RECURSION_DESIRED != 0,
        recursion_available: flags & flag::RECURSION_AVAILABLE != 0,
        code: ResponseCode::of((flags & 0xf).to_be_bytes()[1]),
        questions,
        answers: reader.section(Section::Answer, n_answers)?,
        authorities: reader.section(Section::Authority, n_authorities)?,
        additionals: reader.section(Section::Additional, n_additionals)?,
    };
    if reader.at < bytes.len() {
        return Err(Malformed::Length);
    }
    Ok((message, reader.parts))
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    parts: Vec<PartSpan>,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>()).ok_or(Malformed::Truncated)?;
        self.at += N;
        Ok(*bytes)
    }

    /// Ends a part that began at an offset.
    fn end(&mut self, part: Part, start: usize) {
        self.parts.push((part, start..self.at));
    }

    fn u16(&mut self, part: Part) -> Result<u16, Malformed> {
        let start = self.at;
        let value = u16::from_be_bytes(self.take()?);
        self.end(part, start);
        Ok(value)
    }

    fn class(&mut self, part: Part) -> Result<(), Malformed> {
        if self.u16(part)? == CLASS_INTERNET { Ok(()) } else { Err(Malformed::Version) }
    }

    fn question(&mut self) -> Result<Question, Malformed> {
        let start = self.at;
        let name = self.name()?;
        self.end(Part::QuestionName, start);
        let record_type = RecordType::of(self.u16(Part::QuestionType)?);
        self.class(Part::QuestionClass)?;
        Ok(Question { name, record_type })
    }

    fn section(&mut self, section: Section, count: u16) -> Result<Vec<Record>, Malformed> {
        (0..usize::from(count)).map(|position| self.record(section, position)).collect()
    }

    fn record(&mut self, section: Section, position: usize) -> Result<Record, Malformed> {
        let start = self.at;
        let name = self.name()?;
        self.end(Part::Name(section, position), start);
        let record_type = RecordType::of(self.u16(Part::Type(section, position))?);
        self.class(Part::Class(section, position))?;
        let start = self.at;
        let ttl = u32::from_be_bytes(self.take()?);
        self.end(Part::Ttl(section, position), start);
        let length = usize::from(self.u16(Part::DataLength(section, position))?);
        let start = self.at;
        let end = start + length;
        let data = match record_type {
            RecordType::A => RecordData::A(Ipv4Addr::from(self.take::<4>()?)),
            RecordType::Cname => RecordData::Cname(self.name()?),
            RecordType::Soa => RecordData::Soa(Box::new(self.start_of_authority()?)),
            RecordType::Unknown(number) => {
                let bytes = self.bytes.get(start..end).ok_or(Malformed::Truncated)?;
                self.at = end;
                RecordData::Unknown(number, bytes.to_vec())
            }
        };
        if self.at != end {
            return Err(Malformed::Length);
        }
        self.end(Part::Data(section, position), start);
        Ok(Record { name, ttl, data })
    }

    fn start_of_authority(&mut self) -> Result<StartOfAuthority, Malformed> {
        let (primary, mailbox) = (self.name()?, self.name()?);
        let mut number = || self.take().map(u32::from_be_bytes);
        let (serial, refresh, retry, expire, minimum) = (number()?, number()?, number()?, number()?, number()?);
        Ok(StartOfAuthority { primary, mailbox, serial, refresh, retry, expire, minimum })
    }

    /// A name; pointers lead to earlier bytes only, so reading ends (RFC 1035 §4.1.4).
    fn name(&mut self) -> Result<DomainName, Malformed> {
        let mut text = String::new();
        let mut after_first_pointer = None;
        let mut lowest = self.at;
        loop {
            let [length] = self.take()?;
            if length & 0xc0 == 0xc0 {
                let [low] = self.take()?;
                let target = usize::from(u16::from_be_bytes([length, low]) & !POINTER);
                if target < HEADER_LEN || target >= lowest {
                    return Err(Malformed::Name);
                }
                after_first_pointer.get_or_insert(self.at);
                (self.at, lowest) = (target, target);
                continue;
            }
            if length == 0 {
                break;
            }
            let label = self.bytes.get(self.at..self.at + usize::from(length)).ok_or(Malformed::Truncated)?;
            self.at += usize::from(length);
            if !text.is_empty() {
                text.push('.');
            }
            // A dot within a label is data, not a separator; such names are none of ours.
            let label = std::str::from_utf8(label).ok().filter(|label| !label.contains('.'));
            text.push_str(label.ok_or(Malformed::Name)?);
            if text.len() > 255 {
                return Err(Malformed::Name);
            }
        }
        self.at = after_first_pointer.unwrap_or(self.at);
        text.parse().map_err(|_| Malformed::Name)
    }
}
