//! UDP datagrams (RFC 768).

use std::net::Ipv4Addr;

use crate::Malformed;
use crate::checksum::Checksum;
use crate::ipv4::{MAX_PAYLOAD, Protocol};

/// Where each field stands in the header (RFC 768).
pub mod field {
    use std::ops::Range;

    /// Source port.
    pub const SOURCE_PORT: Range<usize> = 0..2;
    /// Destination port.
    pub const DESTINATION_PORT: Range<usize> = 2..4;
    /// Length of header and payload.
    pub const LENGTH: Range<usize> = 4..6;
    /// Checksum over pseudo header, header and payload.
    pub const CHECKSUM: Range<usize> = 6..8;
}

/// Length of the header in bytes.
pub const HEADER_LEN: usize = 8;

/// The header of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repr {
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
}

impl Repr {
    /// Reads the header of a datagram between two addresses; what follows within the length is the payload.
    /// A checksum of zero means that there is none (RFC 768).
    ///
    /// # Errors
    /// When the bytes are no whole datagram, or the checksum is wrong.
    pub fn parse(bytes: &[u8], source: Ipv4Addr, destination: Ipv4Addr) -> Result<(Self, &[u8]), Malformed> {
        let Some(&[p0, p1, q0, q1, l0, l1, c0, c1]) = bytes.first_chunk::<HEADER_LEN>() else {
            return Err(Malformed::Truncated);
        };
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        if length < HEADER_LEN {
            return Err(Malformed::Length);
        }
        let datagram = bytes.get(..length).ok_or(Malformed::Truncated)?;
        let sum = Checksum::pseudo_header(source, destination, Protocol::Udp, datagram).sum(datagram);
        if [c0, c1] != [0, 0] && sum.value() != 0 {
            return Err(Malformed::Checksum);
        }
        let repr = Self { source_port: u16::from_be_bytes([p0, p1]), destination_port: u16::from_be_bytes([q0, q1]) };
        Ok((repr, &datagram[HEADER_LEN..]))
    }

    /// The datagram between two addresses. A payload that does not fit an IPv4 packet is cut.
    #[must_use]
    pub fn emit(&self, source: Ipv4Addr, destination: Ipv4Addr, payload: &[u8]) -> Vec<u8> {
        let payload = &payload[..payload.len().min(MAX_PAYLOAD - HEADER_LEN)];
        let length = u16::try_from(HEADER_LEN + payload.len()).unwrap_or(u16::MAX);
        let mut bytes = Vec::with_capacity(HEADER_LEN + payload.len());
        bytes.extend(self.source_port.to_be_bytes());
        bytes.extend(self.destination_port.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(payload);
        let checksum = Checksum::pseudo_header(source, destination, Protocol::Udp, &bytes).sum(&bytes).value();
        // A sum of zero is sent as its other form, since zero says that there is none (RFC 768).
        let checksum = if checksum == 0 { 0xffff } else { checksum };
        bytes[field::CHECKSUM].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }
}
