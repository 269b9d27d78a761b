//! DNS words: record types, record data, response codes (RFC 1035 §3.2, §4.1.1).

use std::fmt;
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::DomainName;

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RecordType {
    /// An IPv4 address.
    A,
    /// The canonical name of an alias.
    #[serde(rename = "CNAME")]
    Cname,
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::Cname => "CNAME",
        })
    }
}

/// The value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RecordData {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// The name this name is an alias of.
    #[serde(rename = "CNAME")]
    Cname(DomainName),
}

impl RecordData {
    /// The type of the record that carries this value.
    #[must_use]
    pub const fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Cname(_) => RecordType::Cname,
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

/// The outcome of a query (RFC 1035 §4.1.1, RCODE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ResponseCode {
    /// The name exists.
    #[serde(rename = "NOERROR")]
    NoError,
    /// The server could not complete the query.
    #[serde(rename = "SERVFAIL")]
    ServFail,
    /// The name does not exist.
    #[serde(rename = "NXDOMAIN")]
    NxDomain,
}

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoError => "NOERROR",
            Self::ServFail => "SERVFAIL",
            Self::NxDomain => "NXDOMAIN",
        })
    }
}
