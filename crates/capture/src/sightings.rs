//! Every packet at every place it passes, in order.

use std::collections::BTreeMap;

use sim::trace::{Place, Rewrite, Step};
use wire::packet::Packet;
use wire::pcapng::Direction;

use crate::flows::{Flows, is_reply};
use crate::{Scene, is_forwarding};

/// A packet seen at a place.
#[derive(Clone, Debug)]
pub(crate) struct Sighting<'a> {
    pub(crate) place: Place,
    pub(crate) direction: Direction,
    pub(crate) packet: Packet,
    /// How many machines have sent it on.
    pub(crate) forwarded: u8,
    /// What it was before this place rewrote it.
    pub(crate) rewritten_from: Option<(Packet, &'a [Rewrite])>,
    /// The steps that decided about it here.
    pub(crate) steps: Vec<&'a Step>,
}

/// Follows the packets of a trace.
struct Follower<'a> {
    scene: Scene<'a>,
    flows: &'a Flows,
    sightings: Vec<Sighting<'a>>,
    /// Where each packet was seen last, by flow and by what it carries, and how many machines had sent it on.
    last: BTreeMap<(usize, u8), (Place, Packet, u8)>,
    /// Where each flow's packets arrived last.
    arrivals: BTreeMap<usize, (Place, Packet)>,
    /// What each place makes of a flow's packets, by the place and the packet's ends.
    passages: Vec<(Place, Packet, &'a Step)>,
    /// Steps before anything was seen.
    early: Vec<&'a Step>,
}

/// All sightings of a trace.
pub(crate) fn sightings<'a>(scene: Scene<'a>, flows: &'a Flows) -> Vec<Sighting<'a>> {
    let mut follower = Follower {
        scene,
        flows,
        sightings: Vec::new(),
        last: BTreeMap::new(),
        arrivals: BTreeMap::new(),
        passages: Vec::new(),
        early: Vec::new(),
    };
    for step in &scene.trace.steps {
        follower.follow(step);
    }
    follower.sightings
}

impl<'a> Follower<'a> {
    fn follow(&mut self, step: &'a Step) {
        if let Some(before) = step.before {
            self.arrive(step, before);
        }
        if step.before.is_none() && step.after.is_none() {
            return self.remark(step);
        }
        let Some(after) = step.after else { return self.remark(step) };
        let changes = !step.rewrites.is_empty() || is_forwarding(step);
        let passes = changes && step.before.is_some_and(|before| before.payload == after.payload);
        let first = self.seen(after).is_none();
        match step.before.filter(|_| passes) {
            Some(before) => {
                self.passages.push((step.at.clone(), before, step));
                self.see(step.at.clone(), Direction::Outbound, after, Some((before, step)));
            }
            None if first => self.see(step.at.clone(), Direction::Outbound, after, None),
            None => {}
        }
        self.remark(step);
    }

    /// A packet stands at a step's place: it came there, past the places between, unless it was there already.
    fn arrive(&mut self, step: &Step, packet: Packet) {
        let (mut at, mut current) = match self.seen(packet) {
            Some((place, seen, _)) => (place.clone(), *seen),
            None => self.leave_origin(step, packet),
        };
        // A packet that was made on the way has some of the places behind it.
        let passed = step.via.iter().rposition(|place| *place == at).map_or(0, |position| position + 1);
        for place in &step.via[passed..] {
            if *place == at || !self.scene.is_passed(place) {
                continue;
            }
            self.see(place.clone(), Direction::Inbound, current, None);
            if let Some((after, passage)) = self.passage(place, current) {
                self.see(place.clone(), Direction::Outbound, after, Some((current, passage)));
                current = after;
            }
            at = place.clone();
        }
        if step.at != at && self.scene.is_passed(&step.at) {
            self.see(step.at.clone(), Direction::Inbound, packet, None);
        }
    }

    /// A packet nobody has seen yet leaves the place it comes from: the first of its flow, or for a reply the place
    /// the other direction arrived at last.
    fn leave_origin(&mut self, step: &Step, packet: Packet) -> (Place, Packet) {
        let flow = self.flows.number(packet);
        let arrived = flow.and_then(|flow| self.arrivals.get(&flow)).cloned();
        let (place, sent) = match (is_reply(packet.payload), arrived, flow) {
            (true, Some((place, arrived)), _) => (place, arrived.reply(packet.payload)),
            (false, _, Some(flow)) => {
                let (place, first) = &self.flows.flow(flow).first;
                (place.clone(), first.carrying(packet.payload))
            }
            (true, None, _) | (false, _, None) => (step.at.clone(), packet),
        };
        self.see(place.clone(), Direction::Outbound, sent, None);
        (place, sent)
    }

    fn seen(&self, packet: Packet) -> Option<&(Place, Packet, u8)> {
        self.last.get(&(self.flows.number(packet)?, packet.payload as u8))
    }

    fn see(&mut self, place: Place, direction: Direction, packet: Packet, rewrite: Option<(Packet, &'a Step)>) {
        let Some(flow) = self.flows.number(packet) else { return };
        let so_far = self.seen(packet).map_or(0, |(_, _, forwarded)| *forwarded);
        let forwarded = so_far.saturating_add(u8::from(rewrite.is_some_and(|(_, step)| is_forwarding(step))));
        self.last.insert((flow, packet.payload as u8), (place.clone(), packet, forwarded));
        if direction == Direction::Inbound && !is_reply(packet.payload) {
            self.arrivals.insert(flow, (place.clone(), packet));
        }
        let rewritten_from = rewrite.map(|(before, step)| (before, &step.rewrites[..]));
        let steps = std::mem::take(&mut self.early);
        self.sightings.push(Sighting { place, direction, packet, forwarded, rewritten_from, steps });
    }

    /// What a place made of an earlier packet of the same flow, for one that carries something else.
    fn passage(&self, place: &Place, packet: Packet) -> Option<(Packet, &'a Step)> {
        let same = |before: Packet| before.source == packet.source && before.destination == packet.destination;
        let (_, _, step) = self.passages.iter().rev().find(|(at, before, _)| at == place && same(*before))?;
        Some((step.after?.carrying(packet.payload), step))
    }

    /// A step remarks on the packet seen last.
    fn remark(&mut self, step: &'a Step) {
        match self.sightings.last_mut() {
            Some(sighting) => sighting.steps.push(step),
            None => self.early.push(step),
        }
    }
}
