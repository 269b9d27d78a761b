//! The headers of a packet at one moment of its way.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::ipv4::Protocol;

/// A transport endpoint: address and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Socket {
    /// IPv4 address.
    pub address: Ipv4Addr,
    /// TCP or UDP port.
    pub port: u16,
}

impl Socket {
    /// `address:port`.
    #[must_use]
    pub const fn new(address: Ipv4Addr, port: u16) -> Self {
        Self { address, port }
    }
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}

/// The transport protocol of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Transport {
    /// Transmission Control Protocol, RFC 9293.
    Tcp,
    /// User Datagram Protocol, RFC 768.
    Udp,
    /// Internet Control Message Protocol, RFC 792. It has no ports; those of its packets are zero.
    Icmp,
}

impl Transport {
    /// The protocol of the IPv4 header.
    #[must_use]
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::Tcp => Protocol::Tcp,
            Self::Udp => Protocol::Udp,
            Self::Icmp => Protocol::Icmp,
        }
    }

    /// Its number (IANA).
    #[must_use]
    pub const fn number(self) -> u8 {
        self.protocol().number()
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
        })
    }
}

/// What a packet is for, as its flags or payload say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Payload {
    /// TCP SYN: open a connection.
    Syn,
    /// TCP SYN and ACK: connection accepted.
    SynAck,
    /// TCP RST: connection refused.
    Rst,
    /// A PROXY header before the client's bytes.
    ProxyHeader,
    /// An application request.
    Request,
    /// An application response.
    Response,
    /// A DNS question.
    Query,
    /// A DNS answer.
    Answer,
    /// ICMP echo request: `ping`.
    EchoRequest,
    /// ICMP echo reply.
    EchoReply,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syn => "SYN",
            Self::SynAck => "SYN, ACK",
            Self::Rst => "RST",
            Self::ProxyHeader => "PROXY header",
            Self::Request => "request",
            Self::Response => "response",
            Self::Query => "query",
            Self::Answer => "answer",
            Self::EchoRequest => "echo request",
            Self::EchoReply => "echo reply",
        })
    }
}

/// The addresses, ports and purpose of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Packet {
    /// Transport protocol.
    pub transport: Transport,
    /// Source address and port.
    pub source: Socket,
    /// Destination address and port.
    pub destination: Socket,
    /// What it carries.
    pub payload: Payload,
}

impl Packet {
    /// The packet that answers this one: the ends exchanged.
    #[must_use]
    pub const fn reply(self, payload: Payload) -> Self {
        Self { transport: self.transport, source: self.destination, destination: self.source, payload }
    }

    /// The packet that accepts this one: SYN and ACK for a SYN, a response for a datagram, an echo reply for an echo
    /// request.
    #[must_use]
    pub const fn accepted(self) -> Self {
        self.reply(match self.transport {
            Transport::Tcp => Payload::SynAck,
            Transport::Udp => Payload::Response,
            Transport::Icmp => Payload::EchoReply,
        })
    }

    /// The same ends with another payload.
    #[must_use]
    pub const fn carrying(self, payload: Payload) -> Self {
        Self { payload, ..self }
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} → {} {}", self.transport, self.source, self.destination, self.payload)
    }
}
