//! Any message that is written is read back as it was, by this crate and by two others that share no code with it:
//! etherparse for headers, hickory-proto for DNS.

#![allow(clippy::unwrap_used, reason = "a test that cannot read what it wrote has failed")]

use std::net::Ipv4Addr;

use etherparse::{LaxSlicedPacket, NetSlice, SlicedPacket, TransportSlice};
use hickory_proto::op;
use hickory_proto::rr::{RData, RecordType as HickoryType};
use proptest::prelude::*;
use wire::dns::{Message, Question, Record, RecordData, RecordType, ResponseCode, StartOfAuthority};
use wire::ethernet::{self, EtherType, MacAddress};
use wire::ipv4::{self, Protocol};
use wire::tcp::{self, Flags};
use wire::{DomainName, udp};

fn address() -> impl Strategy<Value = Ipv4Addr> {
    any::<u32>().prop_map(Ipv4Addr::from)
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..100)
}

fn ethernet_header() -> impl Strategy<Value = ethernet::Repr> {
    (any::<[u8; 6]>(), any::<[u8; 6]>()).prop_map(|(destination, source)| ethernet::Repr {
        destination: MacAddress(destination),
        source: MacAddress(source),
        ether_type: EtherType::Ipv4,
    })
}

fn ipv4_header(protocol: Protocol) -> impl Strategy<Value = ipv4::Repr> {
    (address(), address(), any::<u8>(), any::<u16>(), any::<bool>()).prop_map(
        move |(source, destination, ttl, identification, dont_fragment)| ipv4::Repr {
            source,
            destination,
            protocol,
            ttl,
            identification,
            dont_fragment,
        },
    )
}

fn tcp_header() -> impl Strategy<Value = tcp::Repr> {
    (any::<(u16, u16, u32, u32)>(), any::<(u8, u16, Option<u16>)>()).prop_map(
        |((source_port, destination_port, sequence, acknowledgement), (flags, window, max_segment_size))| tcp::Repr {
            source_port,
            destination_port,
            sequence,
            acknowledgement,
            flags: Flags(flags),
            window,
            max_segment_size,
        },
    )
}

fn name() -> impl Strategy<Value = DomainName> {
    // Few labels, so that names share their tails and pointers are used.
    let label = prop_oneof!["[a-c]{1,2}", "[a-z0-9_][a-z0-9-]{0,61}[a-z0-9]"];
    proptest::collection::vec(label, 1..4).prop_filter_map("a name", |labels| labels.join(".").parse().ok())
}

fn data() -> impl Strategy<Value = RecordData> {
    let soa = (name(), name(), any::<(u32, u32, u32, u32, u32)>()).prop_map(
        |(primary, mailbox, (serial, refresh, retry, expire, minimum))| {
            RecordData::Soa(Box::new(StartOfAuthority { primary, mailbox, serial, refresh, retry, expire, minimum }))
        },
    );
    prop_oneof![
        address().prop_map(RecordData::A),
        name().prop_map(RecordData::Cname),
        soa,
        // Numbers for private use (RFC 6895 §3.1). hickory-proto takes no empty value.
        (65_400_u16..65_500, proptest::collection::vec(any::<u8>(), 1..100))
            .prop_map(|(number, bytes)| RecordData::Unknown(number, bytes)),
    ]
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let ttl = 0..=0x7fff_ffff_u32;
    let record = (name(), ttl, data()).prop_map(|(name, ttl, data)| Record { name, ttl, data });
    proptest::collection::vec(record, 0..5)
}

fn message() -> impl Strategy<Value = Message> {
    let question = (name(), prop_oneof![Just(1_u16), Just(5), Just(6), Just(28)])
        .prop_map(|(name, number)| Question { name, record_type: RecordType::of(number) });
    let head = (any::<u16>(), any::<[bool; 5]>(), 0_u8..11);
    let questions = proptest::collection::vec(question, 0..3);
    (head, questions, records(), records(), records()).prop_map(
        |((id, bits, code), questions, answers, authorities, additionals)| Message {
            id,
            response: bits[0],
            authoritative: bits[1],
            truncated: bits[2],
            recursion_desired: bits[3],
            recursion_available: bits[4],
            code: ResponseCode::of(code),
            questions,
            answers,
            authorities,
            additionals,
        },
    )
}

fn same_data(ours: &RecordData, theirs: &RData) -> bool {
    let same_name = |ours: &DomainName, theirs: &hickory_proto::rr::Name| {
        theirs.to_ascii().trim_end_matches('.').eq_ignore_ascii_case(ours.as_str())
    };
    match (ours, theirs) {
        (RecordData::A(ours), RData::A(theirs)) => *ours == theirs.0,
        (RecordData::Cname(ours), RData::CNAME(theirs)) => same_name(ours, &theirs.0),
        (RecordData::Soa(ours), RData::SOA(theirs)) => {
            same_name(&ours.primary, &theirs.mname)
                && same_name(&ours.mailbox, &theirs.rname)
                && ours.serial == theirs.serial
                && i64::from(ours.refresh) == i64::from(theirs.refresh.cast_unsigned())
                && ours.minimum == theirs.minimum
        }
        (RecordData::Unknown(_, ours), RData::Unknown { rdata, .. }) => *ours == rdata.anything,
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_tcp_frame_is_read_back_as_it_was_written(
        frame in ethernet_header(), packet in ipv4_header(Protocol::Tcp), segment in tcp_header(), payload in payload(),
    ) {
        let bytes = frame.emit(&packet.emit(&segment.emit(packet.source, packet.destination, &payload)));

        let (own_frame, rest) = ethernet::Repr::parse(&bytes).unwrap();
        let (own_packet, rest) = ipv4::Repr::parse(rest).unwrap();
        let (own_segment, rest) = tcp::Repr::parse(rest, own_packet.source, own_packet.destination).unwrap();
        prop_assert_eq!((own_frame, own_packet, own_segment, rest), (frame, packet, segment, &payload[..]));

        let sliced = SlicedPacket::from_ethernet(&bytes).unwrap();
        let Some(NetSlice::Ipv4(ip)) = &sliced.net else { panic!("{sliced:?}") };
        let header = ip.header().to_header();
        prop_assert_eq!((header.source, header.destination), (packet.source.octets(), packet.destination.octets()));
        prop_assert_eq!((header.time_to_live, header.dont_fragment), (packet.ttl, packet.dont_fragment));
        prop_assert_eq!(header.header_checksum, header.calc_header_checksum());
        let Some(TransportSlice::Tcp(tcp)) = &sliced.transport else { panic!("{sliced:?}") };
        prop_assert_eq!((tcp.source_port(), tcp.destination_port()), (segment.source_port, segment.destination_port));
        prop_assert_eq!(tcp.sequence_number(), segment.sequence);
        prop_assert_eq!(tcp.acknowledgment_number(), segment.acknowledgement);
        prop_assert_eq!((tcp.syn(), tcp.ack(), tcp.rst()), (
            segment.flags.contains(Flags::SYN), segment.flags.contains(Flags::ACK), segment.flags.contains(Flags::RST),
        ));
        let sizes: Vec<u16> = tcp.options_iterator().filter_map(|option| match option {
            Ok(etherparse::TcpOptionElement::MaximumSegmentSize(size)) => Some(size),
            _ => None,
        }).collect();
        prop_assert_eq!(sizes, segment.max_segment_size.into_iter().collect::<Vec<_>>());
        let theirs = tcp.calc_checksum_ipv4(packet.source.octets(), packet.destination.octets()).unwrap();
        prop_assert_eq!(tcp.checksum(), theirs);
        prop_assert_eq!(tcp.payload(), &payload[..]);
    }

    #[test]
    fn a_udp_frame_is_read_back_as_it_was_written(
        frame in ethernet_header(), packet in ipv4_header(Protocol::Udp), ports in any::<(u16, u16)>(), payload in payload(),
    ) {
        let datagram = udp::Repr { source_port: ports.0, destination_port: ports.1 };
        let bytes = frame.emit(&packet.emit(&datagram.emit(packet.source, packet.destination, &payload)));

        let (_, rest) = ethernet::Repr::parse(&bytes).unwrap();
        let (_, rest) = ipv4::Repr::parse(rest).unwrap();
        prop_assert_eq!(udp::Repr::parse(rest, packet.source, packet.destination), Ok((datagram, &payload[..])));

        let sliced = SlicedPacket::from_ethernet(&bytes).unwrap();
        let Some(TransportSlice::Udp(udp)) = &sliced.transport else { panic!("{sliced:?}") };
        let theirs = etherparse::UdpHeader::with_ipv4_checksum(
            ports.0, ports.1, &packet_header(&packet), &payload,
        ).unwrap();
        prop_assert_eq!((udp.source_port(), udp.destination_port(), udp.checksum()), (ports.0, ports.1, theirs.checksum));
        prop_assert_eq!(udp.payload(), &payload[..]);
    }

    #[test]
    fn a_dns_message_is_read_back_as_it_was_written(message in message()) {
        let bytes = message.emit();
        prop_assert_eq!(&Message::parse(&bytes).unwrap(), &message);

        let theirs = op::Message::from_vec(&bytes).unwrap();
        prop_assert_eq!(theirs.metadata.id, message.id);
        prop_assert_eq!(theirs.metadata.authoritative, message.authoritative);
        prop_assert_eq!(theirs.metadata.truncation, message.truncated);
        prop_assert_eq!(theirs.metadata.response_code.low(), message.code.number());
        prop_assert_eq!(theirs.queries.len(), message.questions.len());
        for (ours, theirs) in message.questions.iter().zip(&theirs.queries) {
            prop_assert_eq!(theirs.name().to_ascii(), format!("{}.", ours.name));
            prop_assert_eq!(theirs.query_type(), HickoryType::from(ours.record_type.number()));
        }
        let sections = [
            (&message.answers, &theirs.answers),
            (&message.authorities, &theirs.authorities),
            (&message.additionals, &theirs.additionals),
        ];
        for (ours, theirs) in sections {
            prop_assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                prop_assert_eq!(theirs.name.to_ascii(), format!("{}.", ours.name));
                prop_assert_eq!(theirs.ttl, ours.ttl);
                prop_assert!(same_data(&ours.data, &theirs.data), "{:?} {:?}", ours.data, theirs.data);
            }
        }
    }

    #[test]
    fn what_they_write_is_read_as_they_mean_it(message in message()) {
        let theirs = op::Message::from_vec(&message.emit()).unwrap();
        prop_assert_eq!(Message::parse(&theirs.to_vec().unwrap()), Ok(message));
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let local = Ipv4Addr::LOCALHOST;
        std::hint::black_box((ethernet::Repr::parse(&bytes).is_ok(), ipv4::Repr::parse(&bytes).is_ok()));
        std::hint::black_box(tcp::Repr::parse(&bytes, local, local).is_ok());
        std::hint::black_box(udp::Repr::parse(&bytes, local, local).is_ok());
        if let Ok(message) = Message::parse(&bytes) {
            prop_assert_eq!(Message::parse(&message.emit()), Ok(message));
        }
        std::hint::black_box(LaxSlicedPacket::from_ethernet(&bytes).is_ok());
    }

    /// A message with one byte changed is read or refused; random bytes alone would hardly get past the header.
    #[test]
    fn a_damaged_message_is_read_or_refused(message in message(), place in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = message.emit();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(read) = Message::parse(&bytes) {
            prop_assert_eq!(Message::parse(&read.emit()), Ok(read));
        }
    }
}

fn packet_header(packet: &ipv4::Repr) -> etherparse::Ipv4Header {
    let octets = (packet.source.octets(), packet.destination.octets());
    etherparse::Ipv4Header::new(0, packet.ttl, etherparse::IpNumber::UDP, octets.0, octets.1).unwrap()
}
