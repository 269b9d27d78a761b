//! The state of a private endpoint's connection, on its ribbon.

use sim::Place;
use topology::resource::ConnectionStatus;

use crate::card_text::{State, connection_state};
use crate::draw_list::Font;
use crate::geometry::{Point, Rect};
use crate::layout::Layout;
use crate::text::TextMetrics;
use crate::wires::Wire;

const HEIGHT: f64 = 24.0;
const GLYPH_ROOM: f64 = 34.0;
const PADDING: f64 = 12.0;
const GAP: f64 = 4.0;

#[derive(Clone, Debug)]
pub(crate) struct Pill {
    pub(crate) rect: Rect,
    pub(crate) state: State,
    /// The private endpoint.
    pub(crate) owner: Place,
}

impl Pill {
    /// A pill on the best stretch of a ribbon: free of cards and labels, off frames' borders, near the middle.
    pub(super) fn on(
        wire: &Wire,
        status: ConnectionStatus,
        layout: &Layout,
        others: &[Self],
        metrics: &dyn TextMetrics,
    ) -> Self {
        let state = connection_state(status);
        let width = (metrics.width(&state.text, Font::Small) * 1.06 + GLYPH_ROOM + PADDING).ceil();
        let total: f64 = wire.points.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        let mut best = (f64::INFINITY, wire.points.first().copied().unwrap_or_default());
        let room = layout.bounds.inflated(-8.0);
        let mut walked = 0.0;
        for pair in wire.points.windows(2) {
            let length = pair[0].distance(pair[1]);
            for fraction in [0.5, 0.3, 0.7, 0.15, 0.85] {
                let on_ribbon = pair[0].lerp(pair[1], fraction);
                // Beside the edge of the diagram a pill hangs off its ribbon rather than leave.
                let x = on_ribbon.x.clamp(room.x + width / 2.0, room.right() - width / 2.0);
                let center = Point::new(x, on_ribbon.y);
                let off_middle = ((walked + length * fraction) / total.max(1.0) - 0.5).abs();
                let cost = cost_at(Rect::around(center, width, HEIGHT), layout, others) + 60.0 * off_middle;
                if cost < best.0 - 1e-9 {
                    best = (cost, center);
                }
            }
            walked += length;
        }
        let center = Point::new(best.1.x.round(), best.1.y.round());
        Self { rect: Rect::around(center, width, HEIGHT), state, owner: wire.from.clone() }
    }
}

fn cost_at(rect: Rect, layout: &Layout, others: &[Pill]) -> f64 {
    let wide = rect.inflated(GAP);
    let mut cost = 0.0;
    for card in layout.cards.iter().filter(|card| card.rect.overlaps(wide)) {
        cost += 1000.0 + overlap(card.rect, wide);
    }
    for pill in others.iter().filter(|pill| pill.rect.overlaps(wide)) {
        cost += 1000.0 + overlap(pill.rect, wide);
    }
    for label in layout.labels.iter().filter(|label| label.rect.overlaps(wide)) {
        cost += 400.0 + overlap(label.rect, wide);
    }
    for frame in &layout.frames {
        let cuts = frame.rect.overlaps(wide) && !frame.rect.contains_rect(wide);
        cost += if cuts { 80.0 } else { 0.0 };
    }
    cost
}

fn overlap(a: Rect, b: Rect) -> f64 {
    let width = a.right().min(b.right()) - a.x.max(b.x);
    let height = a.bottom().min(b.bottom()) - a.y.max(b.y);
    width.max(0.0) * height.max(0.0)
}
