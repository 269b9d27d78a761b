//! Bytes that are right because somebody else published or captured them.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own bytes has failed")]

use std::net::Ipv4Addr;

use wire::dns::{Message, Part, Record, RecordData, RecordType, ResponseCode, Section, StartOfAuthority, parts};
use wire::ethernet::{self, EtherType, MacAddress};
use wire::ipv4::{self, Protocol};
use wire::pcapng::{self, Direction};
use wire::tcp::{self, Flags};
use wire::{DomainName, Malformed, udp};

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[test]
fn an_ethernet_header_is_destination_source_and_type() {
    let header = ethernet::Repr {
        destination: MacAddress([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]),
        source: MacAddress([0, 0x0d, 0x3a, 1, 2, 3]),
        ether_type: EtherType::Ipv4,
    };
    assert_eq!(header.emit(b"x"), bytes("123456789abc 000d3a010203 0800 78"));
    assert_eq!(header.source.to_string(), "00:0d:3a:01:02:03");
    assert_eq!(ethernet::Repr::parse(&header.emit(b"x")), Ok((header, &b"x"[..])));
    assert_eq!(EtherType::of(0x86dd), EtherType::Unknown(0x86dd));
}

/// The header worked through in the article on the IPv4 checksum of Wikipedia (checksum 0xb861).
#[test]
fn an_ipv4_header_carries_the_checksum_of_the_published_example() {
    let header = ipv4::Repr {
        source: Ipv4Addr::new(192, 168, 0, 1),
        destination: Ipv4Addr::new(192, 168, 0, 199),
        protocol: Protocol::Udp,
        ttl: 64,
        identification: 0,
        dont_fragment: true,
    };
    let packet = header.emit(&[0; 0x73 - ipv4::HEADER_LEN]);
    assert_eq!(packet[..ipv4::HEADER_LEN], bytes("4500 0073 0000 4000 4011 b861 c0a80001 c0a800c7"));
    assert_eq!(ipv4::Repr::parse(&packet).unwrap().0, header);
    let mut damaged = packet;
    damaged[ipv4::field::TTL].fill(63);
    assert_eq!(ipv4::Repr::parse(&damaged), Err(Malformed::Checksum));
}

#[test]
fn an_ipv4_payload_ends_with_the_total_length_and_not_with_the_frame() {
    let header = ipv4::Repr {
        source: Ipv4Addr::LOCALHOST,
        destination: Ipv4Addr::LOCALHOST,
        protocol: Protocol::Unknown(99),
        ttl: 1,
        identification: 7,
        dont_fragment: false,
    };
    let mut packet = header.emit(b"data");
    packet.extend([0; 22]);
    assert_eq!(ipv4::Repr::parse(&packet), Ok((header, &b"data"[..])));
    assert_eq!(header.emit(&vec![0; 70_000]).len(), 65_535);
}

/// A SYN as Linux sends it on the loopback interface, reduced to its maximum segment size option.
#[test]
fn a_syn_offers_its_maximum_segment_size() {
    let source = Ipv4Addr::new(10, 0, 0, 4);
    let destination = Ipv4Addr::new(10, 0, 1, 4);
    let syn = tcp::Repr {
        source_port: 49152,
        destination_port: 80,
        sequence: 0x0102_0304,
        acknowledgement: 0,
        flags: Flags::SYN,
        window: 64240,
        max_segment_size: Some(1460),
    };
    let segment = syn.emit(source, destination, b"");
    // The sum by hand: pseudo header 0a00+0004+0a00+0104+0006+0018, header
    // c000+0050+0102+0304+6002+faf0+0204+05b4; the complement of 3c28.
    assert_eq!(segment, bytes("c000 0050 01020304 00000000 6002 faf0 c3d7 0000 0204 05b4"));
    assert_eq!(tcp::Repr::parse(&segment, source, destination), Ok((syn, &b""[..])));
    assert_eq!(tcp::Repr::parse(&segment, source, source), Err(Malformed::Checksum));
    assert_eq!((Flags::SYN | Flags::ACK).to_string(), "SYN, ACK");
}

#[test]
fn a_maximum_segment_size_is_found_behind_other_options() {
    let ends = (Ipv4Addr::new(10, 0, 0, 4), Ipv4Addr::new(10, 0, 1, 4));
    let options = |hex: &str| {
        let mut segment = bytes("c000 0050 01020304 00000000 0002 faf0 0000 0000");
        segment.extend(bytes(hex));
        segment[12] = u8::try_from(segment.len() / 4 * 16).unwrap();
        let sum = wire::checksum::Checksum::pseudo_header(ends.0, ends.1, Protocol::Tcp, &segment).sum(&segment);
        segment[tcp::field::CHECKSUM].copy_from_slice(&sum.value().to_be_bytes());
        tcp::Repr::parse(&segment, ends.0, ends.1).map(|(repr, _)| repr.max_segment_size)
    };
    assert_eq!(options("01 01 0402 0204 0584"), Ok(Some(1412)), "padding and SACK permitted before it");
    assert_eq!(options("00 000000 0204 0584"), Ok(None), "behind the end of the list");
    assert_eq!(options("03 00 0000"), Err(Malformed::Length), "an option without a length");
    assert_eq!(options("03 09 0000"), Err(Malformed::Length), "an option beyond the header");
}

#[test]
fn a_datagram_whose_sum_is_zero_says_so_with_ones() {
    let header = udp::Repr { source_port: 0, destination_port: 0 };
    let zero = Ipv4Addr::UNSPECIFIED;
    // Pseudo header and header sum to 0x11 + 2 · 10; the payload makes it 0xffff.
    let datagram = header.emit(zero, zero, &(0xffff_u16 - 0x11 - 20).to_be_bytes());
    assert_eq!(datagram[udp::field::CHECKSUM], [0xff, 0xff]);
    assert_eq!(udp::Repr::parse(&datagram, zero, zero).unwrap().0, header);
    let mut unchecked = datagram;
    unchecked[udp::field::CHECKSUM].fill(0);
    assert_eq!(udp::Repr::parse(&unchecked, zero, zero).unwrap().0, header, "zero: there is no checksum");
}

/// The names of the example in RFC 1035 §4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA and ARPA share their tails.
#[test]
fn names_are_compressed_as_in_rfc_1035() {
    let mut message = Message::query(1, name("f.isi.arpa"), RecordType::A);
    message.answers = vec![
        Record { name: name("foo.f.isi.arpa"), ttl: 60, data: RecordData::Cname(name("arpa")) },
        Record { name: name("f.isi.arpa"), ttl: 60, data: RecordData::A(Ipv4Addr::new(10, 0, 0, 1)) },
    ];
    let expected = bytes(
        "0001 0100 0001 0002 0000 0000
         01 66 03 697369 04 61727061 00 0001 0001
         03 666f6f c00c 0005 0001 0000003c 0002 c012
         c00c 0001 0001 0000003c 0004 0a000001",
    );
    assert_eq!(message.emit(), expected);
    assert_eq!(Message::parse(&expected), Ok(message));
}

#[test]
fn a_missing_name_is_answered_with_the_zone_in_the_authority_section() {
    let zone = name("privatelink.blob.core.windows.net");
    let soa = StartOfAuthority {
        primary: name("azureprivatedns.net"),
        mailbox: name("azureprivatedns-host.microsoft.com"),
        serial: 1,
        refresh: 3600,
        retry: 300,
        expire: 2_419_200,
        minimum: 10,
    };
    let question = Message::query(9, zone.child("acct").unwrap(), RecordType::A);
    let mut answer = question.answer(ResponseCode::NxDomain, Vec::new());
    let data = RecordData::Soa(Box::new(soa));
    assert_eq!(data.to_string(), "azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10");
    answer.authorities.push(Record { name: zone, ttl: 10, data });
    let emitted = answer.emit();
    assert_eq!(emitted[2..4], [0x81, 0x83], "an answer, recursion wanted and offered, NXDOMAIN");
    assert_eq!(Message::parse(&emitted), Ok(answer));
}

#[test]
fn an_answer_that_does_not_fit_says_that_it_is_truncated() {
    let question = Message::query(1, name("many.example"), RecordType::A);
    let record = |n| Record { name: name("many.example"), ttl: 1, data: RecordData::A(Ipv4Addr::new(10, 0, 0, n)) };
    let answer = question.answer(ResponseCode::NoError, (0..200).map(record).collect());
    let emitted = answer.emit_within(wire::dns::MAX_UDP);
    assert!(emitted.len() <= wire::dns::MAX_UDP);
    let parsed = Message::parse(&emitted).unwrap();
    assert!(parsed.truncated);
    assert_eq!(parsed.answers[..], answer.answers[..parsed.answers.len()]);
    assert_eq!(parsed.answers.len(), (512 - 12 - 18) / 16);
}

#[test]
fn the_parts_of_a_message_are_the_whole_message_in_order() {
    let question = Message::query(1, name("a.example"), RecordType::A);
    let data = RecordData::A(Ipv4Addr::new(10, 0, 0, 1));
    let emitted = question.answer(ResponseCode::NoError, vec![Record { name: name("a.example"), ttl: 1, data }]).emit();
    let parts = parts(&emitted).unwrap();
    let ends: Vec<usize> = parts.iter().map(|(_, range)| range.end).collect();
    let starts: Vec<usize> = parts.iter().map(|(_, range)| range.start).collect();
    assert_eq!((starts[0], starts[1..].to_vec()), (0, ends[..ends.len() - 1].to_vec()));
    assert_eq!(ends.last(), Some(&emitted.len()));
    let data = parts.iter().find(|(part, _)| *part == Part::Data(Section::Answer, 0)).unwrap();
    assert_eq!(emitted[data.1.clone()], [10, 0, 0, 1]);
}

#[test]
fn names_that_point_forward_or_at_themselves_are_refused() {
    let header = "0001 0100 0001 0000 0000 0000";
    let refused = |question: &str| Message::parse(&bytes(&format!("{header} {question} 0001 0001"))).unwrap_err();
    assert_eq!(refused("c00c"), Malformed::Name, "itself");
    assert_eq!(refused("c0ff"), Malformed::Name, "forward");
    assert_eq!(refused("0161 c00c"), Malformed::Name, "round and round");
    assert_eq!(refused("c000"), Malformed::Name, "the header is no name");
    assert_eq!(refused("03612e62 00"), Malformed::Name, "a dot within a label");
    assert_eq!(Message::parse(&bytes(header)), Err(Malformed::Truncated));
    assert_eq!(Message::parse(&bytes("0001 0100 0000 0000 0000 0000 00")), Err(Malformed::Length));
}

#[test]
fn a_capture_is_made_of_the_blocks_of_the_draft() {
    let mut writer = pcapng::Writer::new("lab");
    let interface = writer.interface("nic", "10.0.0.4");
    writer.packet(&pcapng::Packet {
        interface,
        timestamp_us: 0x0001_0203_0405_0607,
        direction: Direction::Outbound,
        frame: &[1, 2, 3, 4, 5],
        comments: &["one".to_owned(), "two!".to_owned()],
    });
    let expected = bytes(
        "0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0300 6c616200 0000 0000 28000000
         01000000 2c000000 0100 0000 00000000 0200 0300 6e696300 0300 0800 31302e302e302e34 0000 0000 2c000000
         06000000 44000000 00000000 03020100 07060504 05000000 05000000 0102030405 000000
         0100 0300 6f6e6500 0100 0400 74776f21 0200 0400 02000000 0000 0000 44000000",
    );
    assert_eq!(writer.finish(), expected);
}

#[test]
fn a_comment_that_is_too_long_is_cut_between_characters() {
    let mut writer = pcapng::Writer::new("lab");
    let interface = writer.interface("nic", "");
    let start = writer.clone().finish().len();
    let comments = ["é".repeat(40_000)];
    writer.packet(&pcapng::Packet {
        interface,
        timestamp_us: 0,
        direction: Direction::Inbound,
        frame: &[],
        comments: &comments,
    });
    let file = writer.finish();
    let length = u16::from_le_bytes([file[start + 30], file[start + 31]]);
    assert_eq!(length, 65_534);
}
