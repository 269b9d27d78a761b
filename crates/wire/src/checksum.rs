//! The Internet checksum (RFC 1071): the complement of the one's complement sum of 16-bit words.

use std::net::Ipv4Addr;

use crate::ipv4::Protocol;

/// A sum under way. Parts are added in order; each but the last has an even number of bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checksum(u32);

impl Checksum {
    /// Nothing summed yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// The pseudo header that TCP (RFC 9293 §3.1) and UDP (RFC 768) put before the segment for their checksum.
    #[must_use]
    pub fn pseudo_header(source: Ipv4Addr, destination: Ipv4Addr, protocol: Protocol, segment: &[u8]) -> Self {
        let length = u16::try_from(segment.len()).unwrap_or(u16::MAX);
        Self::new()
            .sum(&source.octets())
            .sum(&destination.octets())
            .sum(&[0, protocol.number()])
            .sum(&length.to_be_bytes())
    }

    /// The sum with these bytes added; an odd last byte counts as the high byte of a word (RFC 1071 §4.1).
    #[must_use]
    pub fn sum(self, bytes: &[u8]) -> Self {
        let (words, rest) = bytes.as_chunks::<2>();
        let sum = words.iter().fold(self.0, |sum, word| fold(sum + u32::from(u16::from_be_bytes(*word))));
        Self(rest.iter().fold(sum, |sum, byte| fold(sum + (u32::from(*byte) << 8))))
    }

    /// The value of the checksum field. Over bytes that hold a right checksum it is zero.
    #[must_use]
    pub fn value(self) -> u16 {
        !u16::try_from(fold(self.0)).unwrap_or(u16::MAX)
    }
}

/// Adds the carry back in.
const fn fold(sum: u32) -> u32 {
    (sum & 0xffff) + (sum >> 16)
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn equals_the_example_of_rfc_1071() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(Checksum::new().sum(&bytes).value(), !0xddf2);
    }

    #[test]
    fn an_odd_last_byte_is_padded_with_zero() {
        assert_eq!(Checksum::new().sum(&[0xab]).value(), Checksum::new().sum(&[0xab, 0]).value());
    }
}
