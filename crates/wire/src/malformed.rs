//! Why bytes are not the message they are read as.

use std::fmt;

/// Why bytes are not the message they are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They end before the message does.
    Truncated,
    /// A length field contradicts the bytes.
    Length,
    /// The version is not one this program reads.
    Version,
    /// The checksum does not match the bytes.
    Checksum,
    /// A domain name is too long, points forward, or holds a character names cannot have.
    Name,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the bytes end too early",
            Self::Length => "a length contradicts the bytes",
            Self::Version => "the version is unknown",
            Self::Checksum => "the checksum is wrong",
            Self::Name => "a domain name is broken",
        })
    }
}

impl std::error::Error for Malformed {}
