//! Where a chip stands: beside its card, covering as little as possible.

use super::path::Path;
use crate::geometry::{Point, Rect};

const GAPS: [f64; 4] = [14.0, 26.0, 44.0, 72.0];
const ALIGNMENTS: [f64; 5] = [0.5, 0.25, 0.75, 0.0, 1.0];

/// What a chip had better not cover.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    pub(super) cards: Vec<Rect>,
    pub(super) labels: Vec<Rect>,
    /// Where chips may stand at all.
    pub(super) room: Rect,
}

impl Surroundings {
    /// The best place for a chip of this size beside `card`.
    pub(super) fn beside(&self, card: Rect, width: f64, height: f64, path: &Path) -> Rect {
        let mut best: Option<(f64, Rect)> = None;
        let mut consider = |x: f64, y: f64, extra: f64| {
            let rect = self.kept_inside(Rect::new(x.round(), y.round(), width, height));
            if rect.overlaps(card.inflated(6.0)) {
                return;
            }
            let cost = extra + self.cost(rect, path) + distance(rect, card);
            if best.is_none_or(|(least, _)| cost < least - 1e-9) {
                best = Some((cost, rect));
            }
        };
        for gap in GAPS {
            for (index, share) in ALIGNMENTS.into_iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "five alignments")]
                let extra = 2.0 * index as f64;
                let x = card.x + (card.width - width) * share;
                let y = card.y + (card.height - height) * share;
                consider(x, card.bottom() + gap, extra);
                consider(x, card.y - gap - height, extra + 1.0);
                consider(card.right() + gap, y, extra + 2.0);
                consider(card.x - gap - width, y, extra + 3.0);
            }
        }
        // A chip too large for every side: anywhere that leaves the card to be seen.
        if best.is_none() {
            for step in 0_u32..400 {
                let (column, row) = (f64::from(step % 20) / 19.0, f64::from(step / 20) / 19.0);
                let x = self.room.x + (self.room.width - width).max(0.0) * column;
                let y = self.room.y + (self.room.height - height).max(0.0) * row;
                let rect = Rect::new(x.round(), y.round(), width, height);
                if !rect.overlaps(card) && best.is_none_or(|(least, _)| distance(rect, card) < least) {
                    best = Some((distance(rect, card), rect));
                }
            }
        }
        best.map_or_else(|| self.kept_inside(Rect::new(card.x, card.bottom(), width, height)), |(_, rect)| rect)
    }

    /// The same rectangle moved into the room.
    pub(super) fn kept_inside(&self, rect: Rect) -> Rect {
        let x = rect.x.min(self.room.right() - rect.width).max(self.room.x);
        let y = rect.y.min(self.room.bottom() - rect.height).max(self.room.y);
        Rect::new(x, y, rect.width, rect.height)
    }

    fn cost(&self, rect: Rect, path: &Path) -> f64 {
        let covered = |others: &[Rect]| -> f64 {
            others.iter().filter_map(|other| other.common(rect)).map(|shared| shared.width * shared.height).sum()
        };
        covered(&self.cards) * 0.12 + covered(&self.labels) * 0.08 + path.length_within(rect) * 0.25
    }
}

/// The gap between two rectangles.
fn distance(a: Rect, b: Rect) -> f64 {
    let x = (b.x - a.right()).max(a.x - b.right()).max(0.0);
    let y = (b.y - a.bottom()).max(a.y - b.bottom()).max(0.0);
    x.hypot(y)
}

/// The point of a rectangle nearest to another point.
pub(super) fn nearest(rect: Rect, point: Point) -> Point {
    Point::new(point.x.clamp(rect.x, rect.right()), point.y.clamp(rect.y, rect.bottom()))
}
