//! ICMP echo messages (RFC 792).

use crate::Malformed;
use crate::checksum::Checksum;

/// Where each field stands in the header (RFC 792, echo).
pub mod field {
    use std::ops::Range;

    /// Echo request or reply.
    pub const TYPE: Range<usize> = 0..1;
    /// Zero.
    pub const CODE: Range<usize> = 1..2;
    /// Checksum over header and payload.
    pub const CHECKSUM: Range<usize> = 2..4;
    /// Tells one `ping` from another.
    pub const IDENTIFIER: Range<usize> = 4..6;
    /// Counts the requests of one `ping`.
    pub const SEQUENCE: Range<usize> = 6..8;
}

/// Length of the header in bytes.
pub const HEADER_LEN: usize = 8;
/// The types of echo messages.
const REPLY: u8 = 0;
const REQUEST: u8 = 8;

/// The header of an echo message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repr {
    /// Whether it is the reply.
    pub reply: bool,
    /// Tells one `ping` from another.
    pub identifier: u16,
    /// Counts the requests of one `ping`.
    pub sequence: u16,
}

impl Repr {
    /// Reads the header of an echo message; the rest is its payload.
    ///
    /// # Errors
    /// When the bytes are no whole echo message, or the checksum is wrong.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), Malformed> {
        let Some(&[kind, _, _, _, i0, i1, s0, s1]) = bytes.first_chunk::<HEADER_LEN>() else {
            return Err(Malformed::Truncated);
        };
        if Checksum::new().sum(bytes).value() != 0 {
            return Err(Malformed::Checksum);
        }
        let (identifier, sequence) = (u16::from_be_bytes([i0, i1]), u16::from_be_bytes([s0, s1]));
        Ok((Self { reply: kind == REPLY, identifier, sequence }, &bytes[HEADER_LEN..]))
    }

    /// Its number: 8 for a request, 0 for a reply.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        if self.reply { REPLY } else { REQUEST }
    }

    /// The message with a payload.
    #[must_use]
    pub fn emit(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![self.kind(), 0, 0, 0];
        bytes.extend(self.identifier.to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(payload);
        let checksum = Checksum::new().sum(&bytes).value();
        bytes[field::CHECKSUM].copy_from_slice(&checksum.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_and_a_changed_byte_is_noticed() {
        let echo = Repr { reply: false, identifier: 7, sequence: 1 };
        let mut bytes = echo.emit(b"abcdefgh");
        assert_eq!(Repr::parse(&bytes), Ok((echo, &b"abcdefgh"[..])));
        bytes[9] ^= 1;
        assert_eq!(Repr::parse(&bytes), Err(Malformed::Checksum));
        assert_eq!(Repr::parse(&bytes[..7]), Err(Malformed::Truncated));
    }
}
