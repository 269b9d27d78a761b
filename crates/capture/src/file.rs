//! The whole run as a capture file.

use std::collections::BTreeMap;

use sim::trace::{Event, Field, Rewrite, Step};
use sim::{Network, Trace};
use topology::Document;
use topology::document::RequestProtocol;
use wire::packet::{Packet, Payload};
use wire::pcapng::{self, Writer};

use crate::Scene;
use crate::flows::Flows;
use crate::frame::Composer;
use crate::interface::Interface;
use crate::sightings::{Sighting, sightings};

/// When a capture begins, in microseconds: midnight of 2026-01-01, when sessions begin.
const EPOCH_US: u64 = 1_767_225_600_000_000;
/// By how much each packet follows the one before, in microseconds: an order, not a duration.
const INTERVAL_US: u64 = 100;

/// A capture of a whole trace for Wireshark: one interface for each place packets pass, every packet at each of them.
/// What `sentence` says about a step becomes a comment of the packet it decided about, and so does each rewrite.
#[must_use]
pub fn pcapng(trace: &Trace, document: &Document, network: &Network, sentence: &dyn Fn(&Step) -> String) -> Vec<u8> {
    let scene = Scene { trace, document, network };
    let flows = Flows::of(scene);
    let composer = Composer { scene, flows: &flows };
    let sightings = sightings(scene, &flows);

    let mut writer = Writer::new("Private Link Lab");
    let mut interfaces: BTreeMap<Interface, pcapng::Interface> = BTreeMap::new();
    let mut at = Vec::new();
    for sighting in &sightings {
        let interface = scene.interface(&sighting.place, sighting.packet);
        let known = interfaces.entry(interface).or_insert_with_key(|interface| {
            let kind = interface.resource.as_ref().map(|(kind, _)| kind.as_str());
            let address = interface.address.map(|address| address.to_string());
            let description: Vec<&str> = kind.into_iter().chain(address.as_deref()).collect();
            writer.interface(&interface.name, &description.join(" "))
        });
        at.push(*known);
    }
    // The interfaces stand before the packets, so that they are listed whatever is filtered.
    let mut timestamp_us = EPOCH_US;
    for (sighting, interface) in sightings.iter().zip(at) {
        let mut comments = comments(scene, sighting, sentence);
        for frame in composer.frames(&sighting.place, sighting.packet, sighting.direction, sighting.forwarded) {
            writer.packet(&pcapng::Packet {
                interface,
                timestamp_us,
                direction: sighting.direction,
                frame: &frame.bytes,
                comments: &comments,
            });
            timestamp_us += INTERVAL_US;
            comments.clear();
        }
    }
    writer.finish()
}

fn comments(scene: Scene<'_>, sighting: &Sighting<'_>, sentence: &dyn Fn(&Step) -> String) -> Vec<String> {
    let mut comments = Vec::new();
    if let Some((before, rewrites)) = sighting.rewritten_from {
        comments.extend(rewrites.iter().map(|rewrite| rewritten(before, sighting.packet, rewrite)));
    }
    comments.extend(sighting.steps.iter().map(|step| sentence(step)));
    for step in &sighting.steps {
        if let Event::Dropped { cause } = &step.event {
            comments.push(cause.code().to_owned());
        }
    }
    let in_tls = matches!(sighting.packet.payload, Payload::Request | Payload::Response);
    if in_tls && scene.trace.request.protocol == RequestProtocol::Https {
        comments.push("TLS is not modelled: the record holds HTTP in the clear".to_owned());
    }
    comments
}

/// `ip.src 10.0.0.4 → 10.0.2.4 (privateLinkServices/pls/ipConfigurations/0)`.
fn rewritten(before: Packet, after: Packet, rewrite: &Rewrite) -> String {
    let transport = before.transport.to_string().to_lowercase();
    let of = |packet: Packet| match rewrite.field {
        Field::SourceAddress => ("ip.src".to_owned(), packet.source.address.to_string()),
        Field::SourcePort => (format!("{transport}.srcport"), packet.source.port.to_string()),
        Field::DestinationAddress => ("ip.dst".to_owned(), packet.destination.address.to_string()),
        Field::DestinationPort => (format!("{transport}.dstport"), packet.destination.port.to_string()),
    };
    let ((field, old), (_, new)) = (of(before), of(after));
    format!("{field} {old} → {new} ({})", rewrite.origin)
}
