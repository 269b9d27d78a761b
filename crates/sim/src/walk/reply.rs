//! The way back: every rewrite undone, in exact reverse order.

use wire::packet::{Packet, Payload};

use super::{Connection, Hop, Walk, rewrites};
use crate::trace::{Event, Place};

impl Walk<'_> {
    /// SYN-ACK from the server to the sender.
    pub(super) fn accept(&mut self, connection: &Connection) {
        let mut packet = connection.arrived.reply(Payload::SynAck);
        let mut via = Vec::new();
        for Hop { place, undo } in connection.hops.iter().rev() {
            let Some(undo) = undo else {
                via.push(place.clone());
                continue;
            };
            let before = packet;
            packet = undo.original.reply(Payload::SynAck);
            let step = self.step(place.clone(), undo.event.clone());
            step.via = std::mem::take(&mut via);
            step.before = Some(before);
            step.after = Some(packet);
            step.rewrites = rewrites(before, packet, |field| undo.origin.of(field));
        }
        let sender = self.sender_place();
        let step = self.step(sender, Event::Connected { local: packet.destination, remote: packet.source });
        step.via = via;
        step.before = Some(packet);
    }
}

impl Connection {
    /// The places between sender and server.
    pub(super) fn places(&self) -> Vec<Place> {
        self.hops.iter().map(|hop| hop.place.clone()).collect()
    }

    /// The same from the server's side.
    pub(super) fn places_back(&self) -> Vec<Place> {
        self.hops.iter().rev().map(|hop| hop.place.clone()).collect()
    }

    /// A packet of the sender as the server sees it.
    pub(super) const fn at_server(&self, payload: Payload) -> Packet {
        self.arrived.carrying(payload)
    }

    /// A packet of the server as the sender sees it.
    pub(super) const fn at_sender(&self, payload: Payload) -> Packet {
        self.sent.reply(payload)
    }
}
