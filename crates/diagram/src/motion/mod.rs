//! The moving part of the diagram: the followed path, the packet and what it says.

mod chip;
mod path;
mod stand;

use playback::{Marker, Moment, Timeline};
use sim::trace::{Event, Phase, Trace};
use sim::{Place, Step};
use smol_str::SmolStr;

use self::chip::{Chip, Run, Shown, Tone};
use self::path::Path;
use self::stand::{Surroundings, nearest};
use crate::draw_list::{Anchor, Dash, DrawList, Glyph, Shape, Stroke};
use crate::geometry::{Point, Rect};
use crate::scene::Scene;
use crate::text::TextMetrics;
use crate::theme::Ink;

/// When during a dwell a rewrite's old values give way to the new ones, and when that is done.
const FLIP: (f64, f64) = (0.2, 0.5);
/// How long a drop shakes, as a part of its dwell, and how far in world units.
const SHAKE: (f64, f64) = (0.35, 5.0);
/// How far chips keep from the edge of the scene.
const EDGE: f64 = 8.0;

/// Everything that can move for one trace on one scene, computed once.
#[derive(Clone, Debug)]
pub struct Motion {
    slots: Vec<SlotMotion>,
    surroundings: Surroundings,
}

#[derive(Clone, Debug)]
struct SlotMotion {
    path: Path,
    /// The card or frame where the step happens.
    at: Option<Rect>,
    phase: Phase,
    marker: Marker,
    /// The chip on the way, and how far its middle is from the packet at both ends.
    travelling: Option<(Chip, Point, Point)>,
    /// The chip on arrival.
    arrived: Option<(Chip, Rect)>,
}

impl Motion {
    /// Prepares a trace's motion.
    #[must_use]
    pub fn new(scene: &Scene, trace: &Trace, timeline: &Timeline, metrics: &dyn TextMetrics) -> Self {
        let (cards, labels) = scene.occupied();
        let room = scene.bounds().inflated(-EDGE);
        let surroundings = Surroundings { cards: cards.collect(), labels: labels.collect(), room };
        let pills = scene.pills();
        let mut slots: Vec<SlotMotion> = Vec::with_capacity(trace.steps.len());
        let mut question: Option<SmolStr> = None;
        for (step, slot) in trace.steps.iter().zip(timeline.slots()) {
            if let Event::QuerySent { name, .. } = &step.event {
                question = Some(SmolStr::new(name.as_str()));
            }
            let path = path_along(scene, &slot.route, &pills);
            let at = scene.rect_of(&step.at);
            let previous = slots.last();
            let (marker, phase) = (slot.marker, slot.phase);
            let travelling = travelling(step, question.as_ref(), &path, previous, room.width, metrics);
            let mut slot = SlotMotion { path, at, phase, marker, travelling, arrived: None };
            slot.arrive(step, &surroundings, metrics);
            slots.push(slot);
        }
        Self { slots, surroundings }
    }

    /// Adds the moving layer of one instant. With `reduced_motion` nothing tweens: each step is shown as it ends.
    pub fn frame(&self, moment: &Moment, reduced_motion: bool, out: &mut DrawList) {
        let Some(slot) = self.slots.get(moment.step) else { return };
        let (travel, dwell) = if reduced_motion { (1.0, 1.0) } else { (moment.travel, moment.dwell) };
        let eased = ease(travel);
        self.draw_paths(moment.step, eased, out);
        let has_arrived = travel >= 1.0;
        if has_arrived {
            slot.draw_arrived(dwell, out);
        } else if let (Some(packet), Some((chip, from, to))) = (slot.path.point(eased), &slot.travelling) {
            let offset = from.lerp(*to, eased);
            let middle = Point::new(packet.x + offset.x, packet.y + offset.y);
            let rect = self.surroundings.kept_inside(Rect::around(middle, chip.width, chip.height));
            draw_leader(packet, nearest(rect, packet), chip.tone, out);
            draw_dot(packet, slot.ink(), out);
            draw_chip(chip, rect, 1.0, out);
        } else if let Some(packet) = slot.path.point(eased) {
            draw_dot(packet, slot.ink(), out);
        }
    }

    /// The ways so far: those of this part of the conversation plainly, earlier ones faintly.
    fn draw_paths(&self, step: usize, eased: f64, out: &mut DrawList) {
        let phase = self.slots[step].phase;
        let earlier = self.slots[..step].iter();
        let faint: Vec<&SlotMotion> =
            earlier.clone().filter(|slot| slot.phase != phase && !slot.path.is_empty()).collect();
        if !faint.is_empty() {
            out.push(Shape::PushOpacity(0.35));
            for slot in faint {
                slot.draw_path(1.0, 2.5, out);
            }
            out.push(Shape::Pop);
        }
        for slot in earlier.filter(|slot| slot.phase == phase) {
            slot.draw_path(1.0, 3.0, out);
        }
        self.slots[step].draw_path(eased, 3.0, out);
    }
}

impl SlotMotion {
    const fn ink(&self) -> Ink {
        match self.phase {
            Phase::Resolve => Ink::Dns,
            Phase::Connect | Phase::Accept | Phase::Request | Phase::Response => Ink::Accent,
        }
    }

    fn arrive(&mut self, step: &Step, surroundings: &Surroundings, metrics: &dyn TextMetrics) {
        let max = surroundings.room.width.min(520.0);
        let (Some(at), Some(chip)) = (self.at, Chip::at(step, max, metrics)) else { return };
        let rect = surroundings.beside(at, chip.width, chip.height, &self.path);
        if let (Some((_, _, to)), Some(end)) = (&mut self.travelling, self.path.end()) {
            *to = Point::new(rect.center().x - end.x, rect.center().y - end.y);
        }
        self.arrived = Some((chip, rect));
    }

    fn draw_path(&self, fraction: f64, width: f64, out: &mut DrawList) {
        for points in self.path.lines(fraction) {
            let stroke = Stroke { ink: self.ink(), width, dash: Dash::Solid };
            out.push(Shape::Line { points, radius: 12.0, stroke });
        }
    }

    fn draw_arrived(&self, dwell: f64, out: &mut DrawList) {
        let Some(at) = self.at else { return };
        let ink = match self.marker {
            Marker::Drop | Marker::Refusal => Ink::Bad,
            Marker::Success => Ink::Good,
            Marker::Query | Marker::Answer | Marker::Hop | Marker::Rewrite => self.ink(),
        };
        let ring = Some(Stroke { ink, width: 2.5, dash: Dash::Solid });
        out.push(Shape::Rect { rect: at.inflated(2.0), radius: 12.0, fill: None, stroke: ring, shadow: false });
        if let Some((chip, rect)) = &self.arrived {
            let shake = if self.marker == Marker::Drop && dwell < SHAKE.0 {
                let fraction = dwell / SHAKE.0;
                SHAKE.1 * (1.0 - fraction) * (fraction * 3.0 * std::f64::consts::TAU).sin()
            } else {
                0.0
            };
            let rect = Rect { x: rect.x + shake, ..*rect };
            let edge = nearest(at, rect.center());
            draw_leader(edge, nearest(rect, edge), chip.tone, out);
            draw_chip(chip, rect, dwell, out);
        }
        let badge = match self.marker {
            Marker::Success => Some((Glyph::Check, Ink::Good)),
            Marker::Refusal | Marker::Drop => Some((Glyph::Cross, Ink::Bad)),
            Marker::Query | Marker::Answer | Marker::Hop | Marker::Rewrite => None,
        };
        if let Some((glyph, fill)) = badge {
            let center = Point::new(at.right() - 2.0, at.y + 2.0);
            let stroke = Some(Stroke { ink: Ink::CardFill, width: 2.0, dash: Dash::Solid });
            out.push(Shape::Circle { center, radius: 11.0, fill: Some(fill), stroke });
            out.push(Shape::Glyph { glyph, rect: Rect::around(center, 14.0, 14.0), ink: Ink::OnAccent });
        }
    }
}

/// The way through the places of a route that are on the diagram.
fn path_along(scene: &Scene, route: &[Place], pills: &[Rect]) -> Path {
    let mut path = Path::default();
    let known: Vec<&Place> = route.iter().filter(|place| scene.rect_of(place).is_some()).collect();
    for pair in known.windows(2) {
        path.push(scene.route(pair[0], pair[1]), pills);
    }
    path
}

fn travelling(
    step: &Step,
    question: Option<&SmolStr>,
    path: &Path,
    previous: Option<&SlotMotion>,
    room: f64,
    metrics: &dyn TextMetrics,
) -> Option<(Chip, Point, Point)> {
    let start = path.start()?;
    let chip = Chip::travelling(step, question, room.min(520.0), metrics)?;
    let above = Point::new(0.0, -chip.height);
    let from = previous.and_then(|slot| slot.arrived.as_ref()).map(|(_, rect)| rect.center());
    let from = from.map_or(above, |middle| Point::new(middle.x - start.x, middle.y - start.y));
    Some((chip, from, above))
}

/// Slow at both ends.
fn ease(fraction: f64) -> f64 {
    let t = fraction.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

const fn stroke_of(tone: Tone) -> Ink {
    match tone {
        Tone::Packet => Ink::Accent,
        Tone::Dns => Ink::Dns,
        Tone::Refused | Tone::Dropped => Ink::Bad,
    }
}

fn draw_leader(from: Point, to: Point, tone: Tone, out: &mut DrawList) {
    if from.distance(to) > 1.0 {
        let stroke = Stroke { ink: stroke_of(tone), width: 1.5, dash: Dash::Solid };
        out.push(Shape::Line { points: vec![from, to], radius: 0.0, stroke });
    }
}

fn draw_dot(center: Point, ink: Ink, out: &mut DrawList) {
    let stroke = Some(Stroke { ink: Ink::CardFill, width: 2.0, dash: Dash::Solid });
    out.push(Shape::Circle { center, radius: 6.5, fill: Some(ink), stroke });
}

fn draw_chip(chip: &Chip, rect: Rect, dwell: f64, out: &mut DrawList) {
    let fill = match chip.tone {
        Tone::Packet => Ink::CardFill,
        Tone::Dns => Ink::DnsFill,
        Tone::Refused | Tone::Dropped => Ink::BadFill,
    };
    let stroke = Some(Stroke { ink: stroke_of(chip.tone), width: 1.75, dash: Dash::Solid });
    out.push(Shape::Rect { rect, radius: 9.0, fill: Some(fill), stroke, shadow: true });
    // The old values fade until the middle of the flip, the new ones from there on: never both in one place.
    let middle = f64::midpoint(FLIP.0, FLIP.1);
    for line in &chip.lines {
        let opacity = match line.shown {
            Shown::Always => 1.0,
            Shown::Before => ((middle - dwell) / (middle - FLIP.0)).clamp(0.0, 1.0),
            Shown::After => ((dwell - middle) / (FLIP.1 - middle)).clamp(0.0, 1.0),
        };
        if opacity <= 0.0 {
            continue;
        }
        if opacity < 1.0 {
            out.push(Shape::PushOpacity(opacity));
        }
        let baseline = rect.y + Chip::baseline(line.row);
        for run in &line.runs {
            draw_run(run, Point::new(rect.x + run.x, baseline), out);
        }
        if opacity < 1.0 {
            out.push(Shape::Pop);
        }
    }
}

fn draw_run(run: &Run, at: Point, out: &mut DrawList) {
    let Run { text, font, ink, struck, lit, width, .. } = run;
    if *lit {
        let rect = Rect::new(at.x - 3.0, at.y - 12.5, width + 6.0, 17.0);
        out.push(Shape::Rect { rect, radius: 4.0, fill: Some(Ink::Changed), stroke: None, shadow: false });
    }
    let (text, font, ink, struck) = (text.clone(), *font, *ink, *struck);
    out.push(Shape::Text { at, text, font, ink, anchor: Anchor::Start, struck });
}
