//! The way of a packet: pieces of wire with cards between them, measured so that any fraction of it can be drawn.

use crate::geometry::{Point, Rect};

/// A way made of pieces; between two pieces the packet crosses a card unseen.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pieces: Vec<Piece>,
    length: f64,
}

#[derive(Clone, Debug)]
struct Piece {
    points: Vec<Point>,
    /// How far along the whole way each point is.
    at: Vec<f64>,
    /// The stretches that may be drawn: the rest lies under a state's pill.
    visible: Vec<(f64, f64)>,
}

impl Path {
    pub(super) fn push(&mut self, points: Vec<Point>, hidden: &[Rect]) {
        if points.len() < 2 {
            return;
        }
        let mut along = self.length;
        if let (Some(last), Some(first)) = (self.end(), points.first()) {
            along += last.distance(*first);
        }
        let mut at = vec![along];
        for pair in points.windows(2) {
            along += pair[0].distance(pair[1]);
            at.push(along);
        }
        let visible = visible_stretches(&points, &at, hidden);
        self.length = along;
        self.pieces.push(Piece { points, at, visible });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) fn start(&self) -> Option<Point> {
        self.pieces.first().and_then(|piece| piece.points.first()).copied()
    }

    pub(super) fn end(&self) -> Option<Point> {
        self.pieces.last().and_then(|piece| piece.points.last()).copied()
    }

    /// Where a packet is after a fraction of the way.
    pub(super) fn point(&self, fraction: f64) -> Option<Point> {
        let wanted = self.length * fraction;
        let mut before: Option<(f64, Point)> = None;
        for piece in &self.pieces {
            for (point, at) in piece.points.iter().zip(&piece.at) {
                if *at >= wanted {
                    return Some(match before {
                        Some((from, earlier)) if *at > from => earlier.lerp(*point, (wanted - from) / (at - from)),
                        _ => *point,
                    });
                }
                before = Some((*at, *point));
            }
        }
        self.end()
    }

    /// The lines to draw for the first fraction of the way.
    pub(super) fn lines(&self, fraction: f64) -> impl Iterator<Item = Vec<Point>> {
        let limit = self.length * fraction;
        self.pieces.iter().flat_map(move |piece| {
            piece.visible.iter().filter_map(move |(from, to)| {
                let to = to.min(limit);
                (to > *from + 0.5).then(|| piece.between(*from, to))
            })
        })
    }

    /// How much of the way lies in a rectangle.
    pub(super) fn length_within(&self, rect: Rect) -> f64 {
        let pairs = self.pieces.iter().flat_map(|piece| piece.points.windows(2));
        pairs
            .filter_map(|pair| crossing(pair[0], pair[1], rect).map(|(a, b)| (b - a) * pair[0].distance(pair[1])))
            .sum()
    }
}

impl Piece {
    fn between(&self, from: f64, to: f64) -> Vec<Point> {
        let mut out = Vec::with_capacity(self.points.len());
        for (pair, at) in self.points.windows(2).zip(self.at.windows(2)) {
            if at[1] < from || at[0] > to || at[1] <= at[0] {
                continue;
            }
            let point = |along: f64| pair[0].lerp(pair[1], (along.clamp(at[0], at[1]) - at[0]) / (at[1] - at[0]));
            if out.is_empty() {
                out.push(point(from));
            }
            out.push(point(to));
        }
        out
    }
}

/// The part of a straight piece inside a rectangle, as fractions.
fn crossing(from: Point, to: Point, rect: Rect) -> Option<(f64, f64)> {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for (start, end, min, max) in [(from.x, to.x, rect.x, rect.right()), (from.y, to.y, rect.y, rect.bottom())] {
        let change = end - start;
        if change.abs() < 1e-9 {
            if start < min || start > max {
                return None;
            }
            continue;
        }
        let (a, b) = ((min - start) / change, (max - start) / change);
        low = low.max(a.min(b));
        high = high.min(a.max(b));
    }
    (low < high).then_some((low, high))
}

fn visible_stretches(points: &[Point], at: &[f64], hidden: &[Rect]) -> Vec<(f64, f64)> {
    let mut cuts: Vec<(f64, f64)> = Vec::new();
    for rect in hidden {
        for (pair, at) in points.windows(2).zip(at.windows(2)) {
            let length = at[1] - at[0];
            cuts.extend(crossing(pair[0], pair[1], *rect).map(|(a, b)| (at[0] + a * length, at[0] + b * length)));
        }
    }
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut stretches = Vec::new();
    let mut from = at.first().copied().unwrap_or_default();
    for (start, end) in cuts {
        if start > from {
            stretches.push((from, start));
        }
        from = from.max(end);
    }
    if let Some(last) = at.last().filter(|last| **last > from) {
        stretches.push((from, *last));
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_not_drawn_through_a_pill_and_the_packet_still_passes_it() {
        let mut path = Path::default();
        path.push(vec![Point::new(0.0, 0.0), Point::new(100.0, 0.0)], &[Rect::new(40.0, -10.0, 20.0, 20.0)]);
        let lines: Vec<Vec<Point>> = path.lines(1.0).collect();
        assert_eq!(
            lines,
            [vec![Point::new(0.0, 0.0), Point::new(40.0, 0.0)], vec![Point::new(60.0, 0.0), Point::new(100.0, 0.0)],]
        );
        assert_eq!(path.point(0.5), Some(Point::new(50.0, 0.0)));
        assert_eq!(path.lines(0.3).next(), Some(vec![Point::new(0.0, 0.0), Point::new(30.0, 0.0)]));
    }
}
