//! Ethernet II frames (IEEE 802.3 §3.1.1, type interpretation), without the trailing check sequence: captures have none.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::Malformed;
use crate::numbers::numbers;

/// Where each field stands in the header.
pub mod field {
    use std::ops::Range;

    /// Destination address.
    pub const DESTINATION: Range<usize> = 0..6;
    /// Source address.
    pub const SOURCE: Range<usize> = 6..12;
    /// What the payload is.
    pub const TYPE: Range<usize> = 12..14;
}

/// Length of the header in bytes.
pub const HEADER_LEN: usize = 14;

numbers! {
    /// What a frame carries (IANA IEEE 802 numbers).
    pub enum EtherType(u16) {
        /// IPv4.
        Ipv4 = 0x0800 "IPv4",
        /// Address resolution.
        Arp = 0x0806 "ARP",
    }
}

/// A 48-bit hardware address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl Serialize for MacAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The header of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repr {
    /// Who shall take it.
    pub destination: MacAddress,
    /// Who sent it.
    pub source: MacAddress,
    /// What it carries.
    pub ether_type: EtherType,
}

impl Repr {
    /// Reads the header; the rest is the payload.
    ///
    /// # Errors
    /// When the bytes are fewer than a header.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), Malformed> {
        let Some((&[d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, t0, t1], payload)) =
            bytes.split_first_chunk::<HEADER_LEN>()
        else {
            return Err(Malformed::Truncated);
        };
        let repr = Self {
            destination: MacAddress([d0, d1, d2, d3, d4, d5]),
            source: MacAddress([s0, s1, s2, s3, s4, s5]),
            ether_type: EtherType::of(u16::from_be_bytes([t0, t1])),
        };
        Ok((repr, payload))
    }

    /// The frame.
    #[must_use]
    pub fn emit(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LEN + payload.len());
        bytes.extend(self.destination.0);
        bytes.extend(self.source.0);
        bytes.extend(self.ether_type.number().to_be_bytes());
        bytes.extend(payload);
        bytes
    }
}
