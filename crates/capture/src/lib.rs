//! The packets of a trace as bytes.
//!
//! A trace says which packet arrives and leaves at each step; here it becomes the frame a capture at that place would
//! hold: [`frames`] for each step, with the field each byte belongs to and where its value comes from, and [`pcapng`]
//! for the whole run, as a file for Wireshark.
//!
//! Addresses, ports, names, records, requests and responses are those of the trace. What a trace does not decide
//! (hardware addresses, times to live, sequence numbers, time) follows a convention, the same in every run;
//! `docs/captures.md` lists them.
//!
//! * `flows`: which packets belong together, and where their addresses and ports come from.
//! * `payload`: what they carry: DNS messages, HTTP, a TLS record in place of encryption.
//! * `frame`: header by header, byte by byte.
//! * `interface`: where a capture can be taken.
//! * `sightings`: every packet at every place it passes.
//! * `file`: the capture file.

mod file;
mod flows;
mod frame;
mod interface;
mod origin;
mod payload;
mod sightings;

use sim::trace::{Event, Place, Step};
use sim::{Network, Trace};
use topology::Document;
use wire::packet::Packet;
use wire::pcapng::Direction;

pub use file::pcapng;
pub use frame::{FIELD_NAMES, Field, Frame};
pub use interface::{GATEWAY, Interface};
pub use origin::Origin;

use flows::Flows;
use frame::Composer;

/// What a trace was made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) trace: &'a Trace,
    pub(crate) document: &'a Document,
    pub(crate) network: &'a Network,
}

/// The packet at one step. Empty where no packet is involved; several frames where one segment does not hold it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepFrames {
    /// As it arrives.
    pub before: Vec<Frame>,
    /// As it leaves.
    pub after: Vec<Frame>,
}

/// The frames of every step of a trace of this document and network, one entry a step.
#[must_use]
pub fn frames(trace: &Trace, document: &Document, network: &Network) -> Vec<StepFrames> {
    let scene = Scene { trace, document, network };
    let flows = Flows::of(scene);
    let composer = Composer { scene, flows: &flows };
    let of_step = |(position, step): (usize, &Step)| {
        let at = |packet: Option<Packet>, direction, n_steps| {
            packet.map_or_else(Vec::new, |packet| {
                let forwarded = flows.forwarded(packet, &trace.steps[..n_steps]);
                composer.frames(&step.at, packet, direction, forwarded)
            })
        };
        StepFrames {
            before: at(step.before, scene.direction(&step.at, step.before), position),
            after: at(step.after, Direction::Outbound, position + 1),
        }
    };
    trace.steps.iter().enumerate().map(of_step).collect()
}

/// Whether a machine sent on a packet that is not for it.
const fn is_forwarding(step: &Step) -> bool {
    matches!(step.event, Event::Forwarded { .. } | Event::ReplyForwarded { .. })
}

impl Scene<'_> {
    /// Whether a packet that stands at a place as it came has just left it: a sender's own has.
    fn direction(&self, place: &Place, packet: Option<Packet>) -> Direction {
        let own = packet.is_some_and(|packet| self.interface(place, packet).address == Some(packet.source.address));
        if own { Direction::Outbound } else { Direction::Inbound }
    }
}
