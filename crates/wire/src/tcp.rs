//! TCP segments (RFC 9293 §3.1).

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::BitOr;

use crate::Malformed;
use crate::checksum::Checksum;
use crate::ipv4::{MAX_PAYLOAD, Protocol};

/// Where each field stands in the header (RFC 9293 §3.1).
pub mod field {
    use std::ops::Range;

    /// Source port.
    pub const SOURCE_PORT: Range<usize> = 0..2;
    /// Destination port.
    pub const DESTINATION_PORT: Range<usize> = 2..4;
    /// Number of the first byte of the payload.
    pub const SEQUENCE: Range<usize> = 4..8;
    /// Number of the next byte expected from the other side.
    pub const ACKNOWLEDGEMENT: Range<usize> = 8..12;
    /// Length of the header; its low nibble is reserved.
    pub const DATA_OFFSET: Range<usize> = 12..13;
    /// Control bits.
    pub const FLAGS: Range<usize> = 13..14;
    /// How many bytes the sender will take.
    pub const WINDOW: Range<usize> = 14..16;
    /// Checksum over pseudo header, header and payload.
    pub const CHECKSUM: Range<usize> = 16..18;
    /// Urgent pointer.
    pub const URGENT: Range<usize> = 18..20;
    /// The maximum segment size option, where it is the first.
    pub const MAX_SEGMENT_SIZE: Range<usize> = 20..24;
}

/// Length of a header without options, in bytes.
pub const HEADER_LEN: usize = 20;

/// Option kinds (RFC 9293 §3.2): end of the list, padding, maximum segment size.
const END_OF_OPTIONS: u8 = 0;
const NO_OPERATION: u8 = 1;
const MAX_SEGMENT_SIZE: u8 = 2;
/// Length of the maximum segment size option (RFC 9293 §3.7.1).
const MAX_SEGMENT_SIZE_LEN: u8 = 4;

/// Control bits (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronise sequence numbers: open a connection.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Hand the data to the application now.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgement number counts.
    pub const ACK: Self = Self(0x10);

    const WORDS: [(u8, &str); 8] = [
        (0x01, "FIN"),
        (0x02, "SYN"),
        (0x04, "RST"),
        (0x08, "PSH"),
        (0x10, "ACK"),
        (0x20, "URG"),
        (0x40, "ECE"),
        (0x80, "CWR"),
    ];

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Self::WORDS.iter().filter(|(bit, _)| self.0 & bit != 0);
        for (position, (_, word)) in set.enumerate() {
            write!(f, "{}{word}", if position > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// The header of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repr {
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
    /// Number of the first byte of the payload; of the SYN itself where one is set.
    pub sequence: u32,
    /// Number of the next byte expected; zero without ACK.
    pub acknowledgement: u32,
    /// Control bits.
    pub flags: Flags,
    /// How many bytes the sender will take.
    pub window: u16,
    /// The largest payload the sender of a SYN takes (RFC 9293 §3.7.1); `None` does not say.
    pub max_segment_size: Option<u16>,
}

impl Repr {
    /// Length of this header in bytes.
    #[must_use]
    pub const fn header_len(&self) -> usize {
        if self.max_segment_size.is_some() { HEADER_LEN + MAX_SEGMENT_SIZE_LEN as usize } else { HEADER_LEN }
    }

    /// Reads the header of a segment between two addresses; the rest is the payload. Options other than the maximum
    /// segment size are skipped.
    ///
    /// # Errors
    /// When the bytes are no whole segment, or the checksum is wrong.
    pub fn parse(bytes: &[u8], source: Ipv4Addr, destination: Ipv4Addr) -> Result<(Self, &[u8]), Malformed> {
        let Some(&[p0, p1, q0, q1, s0, s1, s2, s3, a0, a1, a2, a3, offset, flags, w0, w1, _c0, _c1, _u0, _u1]) =
            bytes.first_chunk::<HEADER_LEN>()
        else {
            return Err(Malformed::Truncated);
        };
        let header_len = usize::from(offset >> 4) * 4;
        let options = bytes.get(HEADER_LEN..header_len).ok_or(Malformed::Length)?;
        if Checksum::pseudo_header(source, destination, Protocol::Tcp, bytes).sum(bytes).value() != 0 {
            return Err(Malformed::Checksum);
        }
        let repr = Self {
            source_port: u16::from_be_bytes([p0, p1]),
            destination_port: u16::from_be_bytes([q0, q1]),
            sequence: u32::from_be_bytes([s0, s1, s2, s3]),
            acknowledgement: u32::from_be_bytes([a0, a1, a2, a3]),
            flags: Flags(flags),
            window: u16::from_be_bytes([w0, w1]),
            max_segment_size: max_segment_size(options)?,
        };
        Ok((repr, &bytes[header_len..]))
    }

    /// The segment between two addresses. A payload that does not fit an IPv4 packet is cut.
    #[must_use]
    pub fn emit(&self, source: Ipv4Addr, destination: Ipv4Addr, payload: &[u8]) -> Vec<u8> {
        let payload = &payload[..payload.len().min(MAX_PAYLOAD - self.header_len())];
        let mut bytes = Vec::with_capacity(self.header_len() + payload.len());
        bytes.extend(self.source_port.to_be_bytes());
        bytes.extend(self.destination_port.to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.acknowledgement.to_be_bytes());
        let words = if self.max_segment_size.is_some() { 6 } else { 5 };
        bytes.extend([words << 4, self.flags.0]);
        bytes.extend(self.window.to_be_bytes());
        bytes.extend([0; 4]);
        if let Some(size) = self.max_segment_size {
            bytes.extend([MAX_SEGMENT_SIZE, MAX_SEGMENT_SIZE_LEN]);
            bytes.extend(size.to_be_bytes());
        }
        bytes.extend(payload);
        let checksum = Checksum::pseudo_header(source, destination, Protocol::Tcp, &bytes).sum(&bytes).value();
        bytes[field::CHECKSUM].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }
}

/// The maximum segment size among the options.
fn max_segment_size(mut options: &[u8]) -> Result<Option<u16>, Malformed> {
    loop {
        match options {
            [] | [END_OF_OPTIONS, ..] => return Ok(None),
            [NO_OPERATION, rest @ ..] => options = rest,
            [MAX_SEGMENT_SIZE, MAX_SEGMENT_SIZE_LEN, high, low, ..] => {
                return Ok(Some(u16::from_be_bytes([*high, *low])));
            }
            [_, length, ..] if *length >= 2 => {
                options = options.get(usize::from(*length)..).ok_or(Malformed::Length)?;
            }
            [_, ..] => return Err(Malformed::Length),
        }
    }
}
