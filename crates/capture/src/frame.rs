//! A packet at a place as the frame a capture there would hold.

use std::ops::Range;

use sim::trace::Place;
use wire::ethernet::{self, EtherType, MacAddress};
use wire::icmp;
use wire::ipv4;
use wire::packet::{Packet, Payload, Transport};
use wire::pcapng::Direction;
use wire::tcp::{self, Flags};
use wire::udp;

use crate::Scene;
use crate::flows::{Flow, Flows};
use crate::interface::GATEWAY;
use crate::origin::{Ends, Origin};
use crate::payload::Content;

/// The largest payload of a segment: what Ethernet's 1500 bytes leave.
const MAX_SEGMENT_SIZE: u16 = 1460;
/// How many bytes each side says it will take.
const WINDOW: u16 = 64_240;
/// The time to live machines send with. Azure's network does not lower it; a machine that sends a packet on does.
const TTL: u8 = 64;

/// Every name a field can have.
pub const FIELD_NAMES: [&str; 77] = [
    "eth.dst",
    "eth.src",
    "eth.type",
    "ip.version",
    "ip.dsfield",
    "ip.len",
    "ip.id",
    "ip.flags",
    "ip.ttl",
    "ip.proto",
    "ip.checksum",
    "ip.src",
    "ip.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq",
    "tcp.ack",
    "tcp.hdr_len",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.checksum",
    "tcp.urgent_pointer",
    "tcp.options.mss",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "udp.checksum",
    "icmp.type",
    "icmp.code",
    "icmp.checksum",
    "icmp.ident",
    "icmp.seq",
    "data.data",
    "dns.id",
    "dns.flags",
    "dns.count.queries",
    "dns.count.answers",
    "dns.count.auth_rr",
    "dns.count.add_rr",
    "dns.qry.name",
    "dns.qry.type",
    "dns.qry.class",
    "dns.resp.name",
    "dns.resp.type",
    "dns.resp.class",
    "dns.resp.ttl",
    "dns.resp.len",
    "dns.a",
    "dns.cname",
    "dns.soa.mname",
    "dns.data",
    "proxy.v2.magic",
    "proxy.v2.version",
    "proxy.v2.addr_family",
    "proxy.v2.length",
    "proxy.src.ipv4",
    "proxy.dst.ipv4",
    "proxy.srcport",
    "proxy.dstport",
    "proxy.v2.tlv.type",
    "proxy.v2.tlv.length",
    "proxy.v2.tlv.subtype",
    "proxy.v2.tlv.linkid",
    "http.request.method",
    "http.request.uri",
    "http.request.version",
    "http.host",
    "http.user_agent",
    "http.accept",
    "http.response.version",
    "http.response.code",
    "http.response.phrase",
    "http.content_length_header",
    "http.file_data",
    "tls.record.content_type",
    "tls.record.version",
    "tls.record.length",
];

/// Some bytes of a frame and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As Wireshark calls it: `ip.src`.
    pub name: &'static str,
    /// Where it stands in the frame.
    pub range: Range<usize>,
    /// What it says.
    pub value: String,
    /// Where that comes from.
    pub origin: Origin,
}

impl Field {
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        self.range = self.range.start + offset..self.range.end + offset;
        self
    }
}

/// The bytes of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// From the Ethernet header on.
    pub bytes: Vec<u8>,
    /// What they mean, in order. Between them lie only the separators of text protocols.
    pub fields: Vec<Field>,
}

impl Frame {
    /// The field a byte belongs to.
    #[must_use]
    pub fn field_at(&self, offset: usize) -> Option<&Field> {
        self.fields.iter().find(|field| field.range.contains(&offset))
    }

    /// The field of this name, the first where there are several.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Makes frames of packets.
#[derive(Clone, Copy)]
pub(crate) struct Composer<'a> {
    pub(crate) scene: Scene<'a>,
    pub(crate) flows: &'a Flows,
}

impl Composer<'_> {
    /// The frames of a packet at a place, sent on by so many machines: one for each segment its payload needs.
    pub(crate) fn frames(&self, place: &Place, packet: Packet, direction: Direction, forwarded: u8) -> Vec<Frame> {
        let Some((flow, ends)) = self.flows.member(packet) else { return Vec::new() };
        let content = self.flows.content(packet);
        let own = self.scene.interface(place, packet).mac();
        let hardware = match direction {
            Direction::Inbound => Hardware { source: GATEWAY, destination: own },
            Direction::Outbound => Hardware { source: own, destination: GATEWAY },
        };
        let ttl = TTL.saturating_sub(forwarded);
        match packet.transport {
            Transport::Udp => vec![Builder::new(packet, ends, hardware, ttl).udp(&content)],
            Transport::Icmp => vec![Builder::new(packet, ends, hardware, ttl).icmp(&content)],
            Transport::Tcp => {
                let step = usize::from(MAX_SEGMENT_SIZE);
                let starts = (0..content.bytes.len().max(1)).step_by(step);
                let segment = |start: usize| {
                    let end = content.bytes.len().min(start + step);
                    let header = self.tcp_header(flow, packet, start, end == content.bytes.len());
                    Builder::new(packet, ends, hardware, ttl).tcp(&header, &content.segment(start..end))
                };
                starts.map(segment).collect()
            }
        }
    }

    /// The TCP header of the segment whose payload begins so far into what the packet carries.
    fn tcp_header(&self, flow: &Flow, packet: Packet, start: usize, last: bool) -> tcp::Repr {
        let (client, server) = flow.sequence_numbers();
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let greeted = u32::try_from(self.flows.header_len(packet)).unwrap_or(u32::MAX);
        let asked = u32::try_from(self.flows.request_len()).unwrap_or(u32::MAX);
        let (client_next, server_next) = (client.wrapping_add(1), server.wrapping_add(1));
        let data = if last { Flags::ACK | Flags::PSH } else { Flags::ACK };
        let (sequence, acknowledgement, flags) = match packet.payload {
            Payload::Syn | Payload::EchoRequest | Payload::EchoReply => (client, 0, Flags::SYN),
            Payload::SynAck => (server, client_next, Flags::SYN | Flags::ACK),
            // A reset that refuses a SYN acknowledges it (RFC 9293 §3.10.7.1).
            Payload::Rst => (0, client_next, Flags::RST | Flags::ACK),
            Payload::ProxyHeader => (client_next.wrapping_add(start), server_next, data),
            Payload::Request | Payload::Query => {
                (client_next.wrapping_add(greeted).wrapping_add(start), server_next, data)
            }
            Payload::Response | Payload::Answer => {
                (server_next.wrapping_add(start), client_next.wrapping_add(greeted).wrapping_add(asked), data)
            }
        };
        let opens = flags.contains(Flags::SYN);
        tcp::Repr {
            source_port: packet.source.port,
            destination_port: packet.destination.port,
            sequence,
            acknowledgement,
            flags,
            window: if flags.contains(Flags::RST) { 0 } else { WINDOW },
            max_segment_size: opens.then_some(MAX_SEGMENT_SIZE),
        }
    }
}

#[derive(Clone, Copy)]
struct Hardware {
    source: MacAddress,
    destination: MacAddress,
}

/// One frame under way: its fields first, then its bytes from the inside out.
struct Builder<'a> {
    packet: Packet,
    ends: &'a Ends,
    hardware: Hardware,
    ttl: u8,
    fields: Vec<Field>,
}

impl<'a> Builder<'a> {
    const fn new(packet: Packet, ends: &'a Ends, hardware: Hardware, ttl: u8) -> Self {
        Self { packet, ends, hardware, ttl, fields: Vec::new() }
    }

    fn add(&mut self, offset: usize, name: &'static str, range: Range<usize>, value: impl ToString, origin: Origin) {
        self.fields.push(Field { name, range, value: value.to_string(), origin }.shifted(offset));
    }

    fn udp(mut self, content: &Content) -> Frame {
        use udp::field;
        let (source, destination) = (self.packet.source, self.packet.destination);
        let header = udp::Repr { source_port: source.port, destination_port: destination.port };
        let datagram = header.emit(source.address, destination.address, &content.bytes);
        self.network_headers(datagram.len());
        let at = ethernet::HEADER_LEN + ipv4::HEADER_LEN;
        self.add(at, "udp.srcport", field::SOURCE_PORT, source.port, self.ends.source_port.clone());
        self.add(at, "udp.dstport", field::DESTINATION_PORT, destination.port, self.ends.destination_port.clone());
        self.add(at, "udp.length", field::LENGTH, datagram.len(), Origin::Computed);
        self.add(at, "udp.checksum", field::CHECKSUM, hex(&datagram[field::CHECKSUM]), Origin::Computed);
        self.finish(&datagram, at + udp::HEADER_LEN, content)
    }

    fn icmp(mut self, content: &Content) -> Frame {
        use icmp::field;
        let reply = self.packet.payload == Payload::EchoReply;
        let header = icmp::Repr { reply, identifier: 1, sequence: 1 };
        let message = header.emit(&content.bytes);
        self.network_headers(message.len());
        let (at, standard) = (ethernet::HEADER_LEN + ipv4::HEADER_LEN, Origin::Fixed("RFC 792"));
        self.add(at, "icmp.type", field::TYPE, header.kind(), standard.clone());
        self.add(at, "icmp.code", field::CODE, 0, standard);
        self.add(at, "icmp.checksum", field::CHECKSUM, hex(&message[field::CHECKSUM]), Origin::Computed);
        self.add(at, "icmp.ident", field::IDENTIFIER, header.identifier, Origin::Convention);
        self.add(at, "icmp.seq", field::SEQUENCE, header.sequence, Origin::Convention);
        self.finish(&message, at + icmp::HEADER_LEN, content)
    }

    fn tcp(mut self, header: &tcp::Repr, content: &Content) -> Frame {
        use tcp::field;
        let (source, destination) = (self.packet.source.address, self.packet.destination.address);
        let segment = header.emit(source, destination, &content.bytes);
        self.network_headers(segment.len());
        let at = ethernet::HEADER_LEN + ipv4::HEADER_LEN;
        let numbered = if header.sequence == 0 { Origin::Fixed("RFC 9293 §3.10.7.1") } else { Origin::Convention };
        self.add(at, "tcp.srcport", field::SOURCE_PORT, header.source_port, self.ends.source_port.clone());
        let port = self.ends.destination_port.clone();
        self.add(at, "tcp.dstport", field::DESTINATION_PORT, header.destination_port, port);
        self.add(at, "tcp.seq", field::SEQUENCE, header.sequence, numbered);
        self.add(at, "tcp.ack", field::ACKNOWLEDGEMENT, header.acknowledgement, Origin::Computed);
        self.add(at, "tcp.hdr_len", field::DATA_OFFSET, header.header_len(), Origin::Computed);
        self.add(at, "tcp.flags", field::FLAGS, header.flags, Origin::Fixed("RFC 9293 §3.5"));
        self.add(at, "tcp.window_size_value", field::WINDOW, header.window, Origin::Convention);
        self.add(at, "tcp.checksum", field::CHECKSUM, hex(&segment[field::CHECKSUM]), Origin::Computed);
        self.add(at, "tcp.urgent_pointer", field::URGENT, 0, Origin::Fixed("RFC 9293 §3.1"));
        if let Some(size) = header.max_segment_size {
            self.add(at, "tcp.options.mss", field::MAX_SEGMENT_SIZE, size, Origin::Convention);
        }
        self.finish(&segment, at + header.header_len(), content)
    }

    /// Ethernet and IPv4, around so many bytes.
    fn network_headers(&mut self, payload_len: usize) {
        let Hardware { source, destination } = self.hardware;
        {
            use ethernet::field;
            let ether_type = format!("0x{:04x} {}", EtherType::Ipv4.number(), EtherType::Ipv4);
            self.add(0, "eth.dst", field::DESTINATION, destination, Origin::Convention);
            self.add(0, "eth.src", field::SOURCE, source, Origin::Convention);
            self.add(0, "eth.type", field::TYPE, ether_type, Origin::Fixed("RFC 894"));
        }
        use ipv4::field;
        let header = self.ipv4();
        let bytes = header.emit(&vec![0; payload_len]);
        let (at, standard) = (ethernet::HEADER_LEN, Origin::Fixed("RFC 791 §3.1"));
        let (source, destination) = (self.ends.source_address.clone(), self.ends.destination_address.clone());
        self.add(at, "ip.version", field::VERSION_AND_LENGTH, "4, 20 bytes", standard.clone());
        self.add(at, "ip.dsfield", field::DSCP, 0, standard);
        self.add(at, "ip.len", field::TOTAL_LENGTH, bytes.len(), Origin::Computed);
        self.add(at, "ip.id", field::IDENTIFICATION, 0, Origin::Fixed("RFC 6864 §4.1"));
        self.add(at, "ip.flags", field::FLAGS, "DF", Origin::Convention);
        self.add(at, "ip.ttl", field::TTL, header.ttl, Origin::Convention);
        let protocol = format!("{} {}", header.protocol.number(), header.protocol);
        let carried_for = match self.packet.transport {
            Transport::Tcp | Transport::Icmp => Origin::Request("protocol"),
            Transport::Udp => Origin::Fixed("RFC 1035 §4.2"),
        };
        self.add(at, "ip.proto", field::PROTOCOL, protocol, carried_for);
        self.add(at, "ip.checksum", field::CHECKSUM, hex(&bytes[field::CHECKSUM]), Origin::Computed);
        self.add(at, "ip.src", field::SOURCE, header.source, source);
        self.add(at, "ip.dst", field::DESTINATION, header.destination, destination);
    }

    const fn ipv4(&self) -> ipv4::Repr {
        ipv4::Repr {
            source: self.packet.source.address,
            destination: self.packet.destination.address,
            protocol: self.packet.transport.protocol(),
            ttl: self.ttl,
            identification: 0,
            dont_fragment: true,
        }
    }

    fn finish(mut self, segment: &[u8], payload_at: usize, content: &Content) -> Frame {
        let Hardware { source, destination } = self.hardware;
        let header = ethernet::Repr { destination, source, ether_type: EtherType::Ipv4 };
        let bytes = header.emit(&self.ipv4().emit(segment));
        self.fields.extend(content.fields.iter().map(|field| field.clone().shifted(payload_at)));
        Frame { bytes, fields: self.fields }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
