//! Any bytes are a message or are refused, and a message is what it is written as.

#![no_main]

use std::net::Ipv4Addr;

use libfuzzer_sys::fuzz_target;
use wire::dns::{Message, parts};
use wire::{ethernet, ipv4, tcp, udp};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = Message::parse(bytes) {
        assert_eq!(parts(bytes).expect("it was read").last().map(|(_, range)| range.end), Some(bytes.len()));
        assert_eq!(Message::parse(&message.emit()), Ok(message.clone()));
        assert!(Message::parse(&message.emit_within(64)).is_ok());
    }
    let Ok((frame, rest)) = ethernet::Repr::parse(bytes) else { return };
    assert_eq!(frame.emit(rest), bytes);
    if let Ok((packet, rest)) = ipv4::Repr::parse(rest) {
        assert_eq!(ipv4::Repr::parse(&packet.emit(rest)), Ok((packet, rest)));
        std::hint::black_box(tcp::Repr::parse(rest, packet.source, packet.destination).is_ok());
        std::hint::black_box(udp::Repr::parse(rest, packet.source, packet.destination).is_ok());
    }
    // Behind a header whose checksum is right, which chance would hardly find.
    std::hint::black_box(tcp::Repr::parse(rest, Ipv4Addr::LOCALHOST, Ipv4Addr::LOCALHOST).is_ok());
});
