//! IPv4 packets (RFC 791) without options and never in fragments.

use std::net::Ipv4Addr;

use crate::Malformed;
use crate::checksum::Checksum;
use crate::numbers::numbers;

/// Where each field stands in the header (RFC 791 §3.1).
pub mod field {
    use std::ops::Range;

    /// Version and header length.
    pub const VERSION_AND_LENGTH: Range<usize> = 0..1;
    /// Differentiated services (RFC 2474).
    pub const DSCP: Range<usize> = 1..2;
    /// Length of header and payload.
    pub const TOTAL_LENGTH: Range<usize> = 2..4;
    /// Identification.
    pub const IDENTIFICATION: Range<usize> = 4..6;
    /// Flags and fragment offset.
    pub const FLAGS: Range<usize> = 6..8;
    /// Time to live.
    pub const TTL: Range<usize> = 8..9;
    /// Protocol of the payload.
    pub const PROTOCOL: Range<usize> = 9..10;
    /// Checksum of the header.
    pub const CHECKSUM: Range<usize> = 10..12;
    /// Source address.
    pub const SOURCE: Range<usize> = 12..16;
    /// Destination address.
    pub const DESTINATION: Range<usize> = 16..20;
}

/// Length of a header without options, in bytes.
pub const HEADER_LEN: usize = 20;
/// The most a packet can carry: the total length is a 16-bit number (RFC 791 §3.1).
pub const MAX_PAYLOAD: usize = 65_535 - HEADER_LEN;

/// "Don't fragment" in the flags field (RFC 791 §3.1, bit 1).
const DONT_FRAGMENT: u16 = 0x4000;

numbers! {
    /// What a packet carries (IANA protocol numbers).
    pub enum Protocol(u8) {
        /// Internet Control Message Protocol, RFC 792.
        Icmp = 1 "ICMP",
        /// Transmission Control Protocol, RFC 9293.
        Tcp = 6 "TCP",
        /// User Datagram Protocol, RFC 768.
        Udp = 17 "UDP",
    }
}

/// The header of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repr {
    /// Who sent it.
    pub source: Ipv4Addr,
    /// Who shall get it.
    pub destination: Ipv4Addr,
    /// What it carries.
    pub protocol: Protocol,
    /// How many routers it may still pass.
    pub ttl: u8,
    /// Tells fragments of one packet; without meaning when it may not be fragmented (RFC 6864 §4.1).
    pub identification: u16,
    /// Whether routers may not fragment it.
    pub dont_fragment: bool,
}

impl Repr {
    /// Reads the header; what follows within the total length is the payload. Options are skipped.
    ///
    /// # Errors
    /// When the bytes are no whole IPv4 packet, or the checksum of the header is wrong.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), Malformed> {
        let Some(&[first, _dscp, l0, l1, i0, i1, f0, f1, ttl, protocol, _c0, _c1, s0, s1, s2, s3, d0, d1, d2, d3]) =
            bytes.first_chunk::<HEADER_LEN>()
        else {
            return Err(Malformed::Truncated);
        };
        if first >> 4 != 4 {
            return Err(Malformed::Version);
        }
        let header_len = usize::from(first & 0xf) * 4;
        let total_len = usize::from(u16::from_be_bytes([l0, l1]));
        if header_len < HEADER_LEN || total_len < header_len {
            return Err(Malformed::Length);
        }
        let packet = bytes.get(..total_len).ok_or(Malformed::Truncated)?;
        let (header, payload) = packet.split_at(header_len);
        if Checksum::new().sum(header).value() != 0 {
            return Err(Malformed::Checksum);
        }
        let repr = Self {
            source: Ipv4Addr::new(s0, s1, s2, s3),
            destination: Ipv4Addr::new(d0, d1, d2, d3),
            protocol: Protocol::of(protocol),
            ttl,
            identification: u16::from_be_bytes([i0, i1]),
            dont_fragment: u16::from_be_bytes([f0, f1]) & DONT_FRAGMENT != 0,
        };
        Ok((repr, payload))
    }

    /// The packet. A payload longer than [`MAX_PAYLOAD`] is cut.
    #[must_use]
    pub fn emit(&self, payload: &[u8]) -> Vec<u8> {
        let payload = &payload[..payload.len().min(MAX_PAYLOAD)];
        let total_len = u16::try_from(HEADER_LEN + payload.len()).unwrap_or(u16::MAX);
        let flags = if self.dont_fragment { DONT_FRAGMENT } else { 0 };
        let mut bytes = Vec::with_capacity(usize::from(total_len));
        bytes.extend([0x45, 0]);
        bytes.extend(total_len.to_be_bytes());
        bytes.extend(self.identification.to_be_bytes());
        bytes.extend(flags.to_be_bytes());
        bytes.extend([self.ttl, self.protocol.number(), 0, 0]);
        bytes.extend(self.source.octets());
        bytes.extend(self.destination.octets());
        let checksum = Checksum::new().sum(&bytes).value();
        bytes[field::CHECKSUM].copy_from_slice(&checksum.to_be_bytes());
        bytes.extend(payload);
        bytes
    }
}
