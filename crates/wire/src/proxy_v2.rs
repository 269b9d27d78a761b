//! The PROXY protocol, version 2 (binary), as a private link service speaks it [PROXY-SPEC][PLS-OV].
//!
//! A connection to the backend begins with this header; the client's bytes follow. Everything in it is in network order
//! but the LINKID, which Azure writes little endian.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Serialize, Serializer};

use crate::packet::{Socket, Transport};

/// The twelve bytes every header begins with.
pub const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";

/// `PP2_TYPE_AZURE`: the type of the value Azure adds.
pub const TYPE_AZURE: u8 = 0xee;

/// `PP2_SUBTYPE_AZURE_PRIVATEENDPOINT_LINKID`: the first byte of that value, when a LINKID follows.
pub const SUBTYPE_LINK_ID: u8 = 0x01;

/// A header: who connects, to what, and what the sender adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// The sender itself connects, as health probes do: nobody is proxied (command LOCAL).
    Local,
    /// The sender connects on behalf of a client (command PROXY).
    Proxied {
        /// The transport of the client's connection.
        transport: Transport,
        /// The client.
        source: Socket,
        /// What the client connected to.
        destination: Socket,
        /// Values added, in order.
        values: Vec<Value>,
    },
}

/// A type-length-value: what a sender adds to the addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The LINKID of the private endpoint's connection.
    LinkId(u32),
    /// One of another type, which a reader passes over.
    Other {
        /// `PP2_TYPE_…`.
        kind: u8,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// Why bytes are not a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// They do not begin with the signature: whoever sent them speaks no PROXY protocol.
    Signature,
    /// There are fewer bytes than the header says.
    Truncated,
    /// The version is not 2, or the command neither LOCAL nor PROXY.
    Command(u8),
    /// The addresses are not IPv4 over TCP or UDP.
    Family(u8),
    /// A value reaches beyond the header.
    Value,
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature => f.write_str("the bytes do not begin with the PROXY v2 signature"),
            Self::Truncated => f.write_str("the header is longer than the bytes"),
            Self::Command(byte) => write!(f, "{byte:#04x} is neither LOCAL nor PROXY of version 2"),
            Self::Family(byte) => write!(f, "{byte:#04x} is neither TCP nor UDP over IPv4"),
            Self::Value => f.write_str("a value reaches beyond the header"),
        }
    }
}

impl std::error::Error for HeaderError {}

impl Header {
    /// What a private link service writes before a client's bytes: who the client is in its own network, and by which
    /// connection it came.
    #[must_use]
    pub fn of_private_link(source: Socket, destination: Socket, link_id: u32) -> Self {
        Self::Proxied { transport: Transport::Tcp, source, destination, values: vec![Value::LinkId(link_id)] }
    }

    /// The LINKID, where it carries one.
    #[must_use]
    pub fn link_id(&self) -> Option<u32> {
        let values = match self {
            Self::Local => &[][..],
            Self::Proxied { values, .. } => values,
        };
        values.iter().find_map(|value| match value {
            Value::LinkId(link_id) => Some(*link_id),
            Value::Other { .. } => None,
        })
    }

    /// The bytes as they are sent. Values beyond the 65,535 bytes a header can hold are left out.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (command, family, body) = match self {
            Self::Local => (0x20, 0x00, Vec::new()),
            Self::Proxied { transport, source, destination, values } => {
                let family = match transport {
                    Transport::Tcp => 0x11,
                    Transport::Udp => 0x12,
                    // Neither stream nor datagram: unspecified.
                    Transport::Icmp => 0x00,
                };
                let mut body = Vec::with_capacity(20);
                body.extend(source.address.octets());
                body.extend(destination.address.octets());
                body.extend(source.port.to_be_bytes());
                body.extend(destination.port.to_be_bytes());
                values.iter().for_each(|value| value.write(&mut body));
                (0x21, family, body)
            }
        };
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([command, family]);
        bytes.extend(u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(body);
        bytes
    }

    /// Reads a header and says how many bytes it takes; the client's own begin there.
    ///
    /// # Errors
    /// When the bytes do not begin with a header of version 2 for IPv4.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), HeaderError> {
        let rest = bytes.strip_prefix(&SIGNATURE).ok_or(HeaderError::Signature)?;
        let (fixed, rest) = rest.split_first_chunk::<4>().ok_or(HeaderError::Truncated)?;
        let [command, family, ..] = *fixed;
        let length = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
        let body = rest.get(..length).ok_or(HeaderError::Truncated)?;
        let taken = SIGNATURE.len() + fixed.len() + length;
        match command {
            0x20 => Ok((Self::Local, taken)),
            0x21 => Ok((Self::parse_proxied(family, body)?, taken)),
            other => Err(HeaderError::Command(other)),
        }
    }

    fn parse_proxied(family: u8, body: &[u8]) -> Result<Self, HeaderError> {
        let transport = match family {
            0x11 => Transport::Tcp,
            0x12 => Transport::Udp,
            other => return Err(HeaderError::Family(other)),
        };
        let (ends, mut rest) = body.split_first_chunk::<12>().ok_or(HeaderError::Truncated)?;
        let address = |at: usize| Ipv4Addr::new(ends[at], ends[at + 1], ends[at + 2], ends[at + 3]);
        let port = |at: usize| u16::from_be_bytes([ends[at], ends[at + 1]]);
        let mut values = Vec::new();
        while !rest.is_empty() {
            let (value, after) = Value::read(rest).ok_or(HeaderError::Value)?;
            values.push(value);
            rest = after;
        }
        let (source, destination) = (Socket::new(address(0), port(8)), Socket::new(address(4), port(10)));
        Ok(Self::Proxied { transport, source, destination, values })
    }
}

impl Value {
    fn write(&self, out: &mut Vec<u8>) {
        let link_id;
        let (kind, bytes) = match self {
            Self::LinkId(id) => {
                let [a, b, c, d] = id.to_le_bytes();
                link_id = [SUBTYPE_LINK_ID, a, b, c, d];
                (TYPE_AZURE, &link_id[..])
            }
            Self::Other { kind, bytes } => (*kind, bytes.as_slice()),
        };
        let Ok(length) = u16::try_from(bytes.len()) else { return };
        if out.len() + 3 + bytes.len() > usize::from(u16::MAX) {
            return;
        }
        out.push(kind);
        out.extend(length.to_be_bytes());
        out.extend(bytes);
    }

    /// The first value, and what follows it.
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<3>()?;
        let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
        let (value, after) = rest.split_at_checked(length)?;
        let value = match (head[0], value) {
            (TYPE_AZURE, &[SUBTYPE_LINK_ID, a, b, c, d]) => Self::LinkId(u32::from_le_bytes([a, b, c, d])),
            (kind, bytes) => Self::Other { kind, bytes: bytes.to_vec() },
        };
        Some((value, after))
    }
}

/// The bytes in hexadecimal, as captures print them.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, byte) in self.encode().into_iter().enumerate() {
            let gap = if position == 0 { "" } else { " " };
            write!(f, "{gap}{byte:02x}")?;
        }
        Ok(())
    }
}

impl Serialize for Header {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: Socket = Socket::new(Ipv4Addr::new(10, 0, 0, 4), 49152);
    const ENDPOINT: Socket = Socket::new(Ipv4Addr::new(10, 0, 1, 5), 80);

    fn with(values: Vec<Value>) -> Header {
        Header::Proxied { transport: Transport::Tcp, source: CLIENT, destination: ENDPOINT, values }
    }

    #[test]
    fn rule_2_7_2_the_header_of_a_private_link_service_has_exactly_these_36_bytes() {
        let bytes = Header::of_private_link(CLIENT, ENDPOINT, 0x0403_0201).encode();
        let expected = [
            0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, // signature
            0x21, 0x11, 0x00, 0x14, // version 2, PROXY; IPv4, TCP; 20 bytes follow
            10, 0, 0, 4, 10, 0, 1, 5, 0xc0, 0x00, 0x00, 0x50, // addresses and ports
            0xee, 0x00, 0x05, 0x01, 0x01, 0x02, 0x03, 0x04, // Azure's value: the LINKID, little endian
        ];
        assert_eq!(bytes, expected);
        assert_eq!(bytes.len(), 36);
    }

    #[test]
    fn rule_2_7_4_the_header_of_a_probe_names_no_client() {
        let bytes = Header::Local.encode();
        assert_eq!(bytes[12..], [0x20, 0x00, 0x00, 0x00]);
        assert_eq!(Header::parse(&bytes), Ok((Header::Local, 16)));
    }

    #[test]
    fn rule_2_7_2_a_reader_passes_over_values_it_does_not_know() {
        let noop = Value::Other { kind: 0x04, bytes: vec![0; 3] };
        let other_of_azure = Value::Other { kind: TYPE_AZURE, bytes: vec![0x02, 9] };
        let header = with(vec![noop, other_of_azure, Value::LinkId(7)]);
        let mut bytes = header.encode();
        let length = bytes.len();
        bytes.extend(b"GET / HTTP/1.1");
        let (read, taken) = Header::parse(&bytes).unwrap();
        assert_eq!((&read, taken, read.link_id()), (&header, length, Some(7)));
        assert!(bytes[taken..].starts_with(b"GET"));
    }

    #[test]
    fn a_header_over_udp_says_so_and_a_local_one_may_carry_addresses() {
        let header =
            Header::Proxied { transport: Transport::Udp, source: CLIENT, destination: ENDPOINT, values: Vec::new() };
        assert_eq!(header.encode()[13], 0x12);
        let mut local = with(Vec::new()).encode();
        local[12] = 0x20;
        assert_eq!(Header::parse(&local), Ok((Header::Local, 28)));
    }

    #[test]
    fn what_is_no_header_is_refused_with_the_reason() {
        assert_eq!(Header::parse(b"GET / HTTP/1.1\r\n"), Err(HeaderError::Signature));
        let good = Header::of_private_link(CLIENT, ENDPOINT, 7).encode();
        for length in 0..good.len() {
            let error = Header::parse(&good[..length]).unwrap_err();
            assert!(matches!(error, HeaderError::Signature | HeaderError::Truncated), "{length}");
        }
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            Header::parse(&bytes)
        };
        assert_eq!(changed(12, 0x11), Err(HeaderError::Command(0x11)));
        assert_eq!(changed(13, 0x21), Err(HeaderError::Family(0x21)));
        assert_eq!(changed(30, 0x06), Err(HeaderError::Value), "a value of 6 bytes where 5 are left");
        assert_eq!(changed(15, 0x08), Err(HeaderError::Truncated), "8 bytes hold no addresses");
    }

    #[test]
    fn more_values_than_a_header_holds_are_left_out() {
        let large = Value::Other { kind: 0x30, bytes: vec![0; 40_000] };
        let bytes = with(vec![large.clone(), large.clone(), Value::LinkId(7)]).encode();
        let (read, taken) = Header::parse(&bytes).unwrap();
        assert_eq!((read, taken), (with(vec![large, Value::LinkId(7)]), bytes.len()));
    }

    #[test]
    fn a_header_shows_its_bytes() {
        assert!(Header::Local.to_string().starts_with("0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 20 00 00 00"));
    }
}
