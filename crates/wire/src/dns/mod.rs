//! DNS words and messages: record types, record data, response codes (RFC 1035 §3.2, §4.1.1).

mod message;
mod parts;

use std::fmt;
use std::net::Ipv4Addr;

use serde::Serialize;

pub use message::{MAX_UDP, Message, Question};
pub use parts::{Part, PartSpan, Section, parts};

use crate::DomainName;
use crate::numbers::numbers;

numbers! {
    /// What a question asks for (RFC 1035 §3.2.2).
    pub enum RecordType(u16) {
        /// An IPv4 address.
        A = 1 "A",
        /// The canonical name of an alias.
        Cname = 5 "CNAME",
        /// Start of a zone of authority.
        Soa = 6 "SOA",
    }
}

numbers! {
    /// The outcome of a query (RFC 1035 §4.1.1, RCODE).
    pub enum ResponseCode(u8) {
        /// The name exists.
        NoError = 0 "NOERROR",
        /// The server did not understand the query.
        FormErr = 1 "FORMERR",
        /// The server could not complete the query.
        ServFail = 2 "SERVFAIL",
        /// The name does not exist.
        NxDomain = 3 "NXDOMAIN",
        /// The server does not know this kind of query.
        NotImp = 4 "NOTIMP",
        /// The server will not answer this query.
        Refused = 5 "REFUSED",
    }
}

/// The start of a zone of authority (RFC 1035 §3.3.13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StartOfAuthority {
    /// The zone's first name server.
    pub primary: DomainName,
    /// Who keeps the zone: a mailbox, its `@` written as a dot.
    pub mailbox: DomainName,
    /// Version of the zone.
    pub serial: u32,
    /// Seconds until a secondary asks again.
    pub refresh: u32,
    /// Seconds until it tries again after a failure.
    pub retry: u32,
    /// Seconds until a secondary without news gives the zone up.
    pub expire: u32,
    /// How long a missing name may be remembered, in seconds (RFC 2308 §4).
    pub minimum: u32,
}

/// The value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RecordData {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// The name this name is an alias of.
    #[serde(rename = "CNAME")]
    Cname(DomainName),
    /// The start of a zone of authority.
    #[serde(rename = "SOA")]
    Soa(Box<StartOfAuthority>),
    /// A value of another type, as it is (RFC 3597).
    Unknown(u16, Vec<u8>),
}

impl RecordData {
    /// The type of the record that carries this value.
    #[must_use]
    pub const fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Cname(_) => RecordType::Cname,
            Self::Soa(_) => RecordType::Soa,
            Self::Unknown(number, _) => RecordType::of(*number),
        }
    }

    /// The address, where it is one.
    #[must_use]
    pub const fn address(&self) -> Option<Ipv4Addr> {
        match self {
            Self::A(address) => Some(*address),
            Self::Cname(_) | Self::Soa(_) | Self::Unknown(..) => None,
        }
    }
}

impl fmt::Display for RecordData {
    /// As zone files write it (RFC 1035 §5, RFC 3597 §5).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(address) => write!(f, "{address}"),
            Self::Cname(name) => write!(f, "{name}"),
            Self::Soa(soa) => {
                let StartOfAuthority { primary, mailbox, serial, refresh, retry, expire, minimum } = &**soa;
                write!(f, "{primary}. {mailbox}. {serial} {refresh} {retry} {expire} {minimum}")
            }
            Self::Unknown(_, bytes) => {
                write!(f, "\\# {}", bytes.len())?;
                bytes.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
            }
        }
    }
}

/// One resource record of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The name the record belongs to.
    pub name: DomainName,
    /// How long a resolver may keep it, in seconds.
    pub ttl: u32,
    /// Its value.
    pub data: RecordData,
}
