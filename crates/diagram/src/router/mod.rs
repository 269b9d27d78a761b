//! Orthogonal routes that keep clear of cards and labels.

mod grid;

use crate::geometry::{Point, Rect};

/// How far a route stays from what it goes around.
const CLEARANCE: f64 = 8.0;
/// With more than this many cards and labels around, a route is drawn simply: looking for a better one would cost
/// more than a reader of so large a diagram gains.
const MAX_NEAR: usize = 56;
/// How far a route leaves straight before its first bend.
const STUB: f64 = 12.0;
/// How far around its ends a route may wander.
const REACH: f64 = 160.0;
/// What a port costs for each unit off the middle of its side, and at most.
const OFF_CENTER: f64 = 1.5;
const MAX_OFF_CENTER: f64 = 72.0;
/// What a port costs on a side that does not face the other end.
const SIDEWAYS: f64 = 110.0;
/// What a port costs that another wire uses.
const TAKEN: f64 = 90.0;
/// How far ports stay from a corner.
const CORNER: f64 = 18.0;

/// A straight piece of a wire that is already there.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: Point,
    to: Point,
    bundle: usize,
}

/// What routes go around, and what they would rather not run along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Router {
    obstacles: Vec<Rect>,
    borders: Vec<Rect>,
    channels_x: Vec<f64>,
    channels_y: Vec<f64>,
    pieces: Vec<Piece>,
    outer: Option<Rect>,
}

/// Which sides a route would rather use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lean {
    Any,
    /// Left and right.
    Across,
    /// Top and bottom.
    Down,
}

/// A direction out of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    const ALL: [Self; 4] = [Self::Right, Self::Bottom, Self::Left, Self::Top];

    const fn is_across(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// Where a route may begin or end: on the side, and a little outside of it.
#[derive(Clone, Copy, Debug)]
struct Port {
    at: Point,
    stub: Point,
    across: bool,
    cost: f64,
}

impl Router {
    /// A router whose routes stay within `outer`.
    pub(crate) fn within(outer: Rect) -> Self {
        Self { outer: Some(outer), ..Self::default() }
    }

    pub(crate) fn add_obstacle(&mut self, rect: Rect) {
        self.obstacles.push(rect);
    }

    /// A frame: routes cross its border, but do not run along it; half of `gap` outside is a good way.
    pub(crate) fn add_frame(&mut self, rect: Rect, gap: f64) {
        self.borders.push(rect);
        self.channels_x.extend([rect.x - gap / 2.0, rect.right() + gap / 2.0]);
        self.channels_y.extend([rect.y - gap / 2.0, rect.bottom() + gap / 2.0]);
    }

    /// Remembers a route; later ones of other bundles keep off it.
    pub(crate) fn occupy(&mut self, points: &[Point], bundle: usize) {
        self.pieces.extend(points.windows(2).map(|pair| Piece { from: pair[0], to: pair[1], bundle }));
    }

    /// A route from one rectangle's side to another's, within the innermost frame that holds both where there is a
    /// way. Routes of one bundle may share their way.
    pub(crate) fn route(&self, from: Rect, to: Rect, lean: Lean, bundle: usize) -> Vec<Point> {
        if from == to {
            return vec![from.center()];
        }
        let both = from.union(to);
        let region = both.inflated(REACH);
        let near: Vec<Rect> = self.obstacles.iter().copied().filter(|rect| rect.overlaps(region)).collect();
        if near.len() > MAX_NEAR {
            return simple(from, to);
        }
        let starts = self.ports(from, to, &near, lean, bundle);
        let ends = self.ports(to, from, &near, lean, bundle);
        let holds_both = |frame: &&Rect| frame.inflated(-1.0).contains_rect(both);
        let mut rooms: Vec<Rect> = self.borders.iter().filter(holds_both).map(|frame| frame.inflated(-6.0)).collect();
        rooms.sort_by(|a, b| (a.width * a.height).total_cmp(&(b.width * b.height)));
        rooms.truncate(1);
        rooms.push(self.outer.unwrap_or(region));
        let found = rooms.into_iter().find_map(|room| {
            let grid = grid::Grid::new(self, room.common(region)?, &near, &starts, &ends, bundle)?;
            grid.shortest(&starts, &ends)
        });
        found.map_or_else(|| simple(from, to), |points| straightened(&points))
    }

    fn ports(&self, rect: Rect, other: Rect, near: &[Rect], lean: Lean, bundle: usize) -> Vec<Port> {
        let mut ports = Vec::with_capacity(12);
        for side in Side::ALL {
            let across = side.is_across();
            let (low, high) = if across { (rect.y, rect.bottom()) } else { (rect.x, rect.right()) };
            let middle = f64::midpoint(low, high);
            let towards = if across { other.center().y } else { other.center().x };
            let corner = CORNER.min((high - low) / 2.0);
            let quarter = ((high - low) / 4.0).min(24.0);
            let against = if across { Lean::Down } else { Lean::Across };
            let beside = if across {
                rect.x < other.right() && other.x < rect.right()
            } else {
                rect.y < other.bottom() && other.y < rect.bottom()
            };
            let candidates = [middle, towards.clamp(low + corner, high - corner), middle - quarter, middle + quarter];
            for (index, along) in candidates.into_iter().enumerate() {
                let is_new = candidates[..index].iter().all(|earlier| (earlier - along).abs() > 0.5);
                let (at, stub) = match side {
                    Side::Left => (Point::new(rect.x, along), Point::new(rect.x - STUB, along)),
                    Side::Right => (Point::new(rect.right(), along), Point::new(rect.right() + STUB, along)),
                    Side::Top => (Point::new(along, rect.y), Point::new(along, rect.y - STUB)),
                    Side::Bottom => (Point::new(along, rect.bottom()), Point::new(along, rect.bottom() + STUB)),
                };
                let is_free = near.iter().all(|obstacle| !strictly_inside(obstacle.inflated(CLEARANCE), stub));
                if is_new && is_free {
                    let mut cost = ((along - middle).abs() * OFF_CENTER).min(MAX_OFF_CENTER);
                    cost += if beside || lean == against { SIDEWAYS } else { 0.0 };
                    cost += if self.is_taken(at, bundle) { TAKEN } else { 0.0 };
                    ports.push(Port { at, stub, across, cost });
                }
            }
        }
        ports
    }

    fn is_taken(&self, at: Point, bundle: usize) -> bool {
        let mut others = self.pieces.iter().filter(|piece| piece.bundle != bundle);
        others.any(|piece| piece.from.distance(at) < 9.0 || piece.to.distance(at) < 9.0)
    }
}

fn strictly_inside(rect: Rect, point: Point) -> bool {
    point.x > rect.x && point.x < rect.right() && point.y > rect.y && point.y < rect.bottom()
}

/// The route when there is no room for a better one: out, over, and in.
fn simple(from: Rect, to: Rect) -> Vec<Point> {
    let (a, b) = (from.center(), to.center());
    let gap_x = (to.x - from.right()).max(from.x - to.right());
    let gap_y = (to.y - from.bottom()).max(from.y - to.bottom());
    let points = if gap_x >= gap_y {
        let (start, end) = if a.x <= b.x { (from.right(), to.x) } else { (from.x, to.right()) };
        let middle = f64::midpoint(start, end);
        [Point::new(start, a.y), Point::new(middle, a.y), Point::new(middle, b.y), Point::new(end, b.y)]
    } else {
        let (start, end) = if a.y <= b.y { (from.bottom(), to.y) } else { (from.y, to.bottom()) };
        let middle = f64::midpoint(start, end);
        [Point::new(a.x, start), Point::new(a.x, middle), Point::new(b.x, middle), Point::new(b.x, end)]
    };
    straightened(&points)
}

/// Without points that repeat or lie between their neighbours.
fn straightened(points: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if out.last().is_some_and(|last| last.distance(*point) < 0.01) {
            continue;
        }
        if let [.., before, last] = out.as_slice()
            && ((before.x - last.x).abs() < 0.01 && (last.x - point.x).abs() < 0.01
                || (before.y - last.y).abs() < 0.01 && (last.y - point.y).abs() < 0.01)
        {
            out.pop();
        }
        out.push(*point);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn crosses(points: &[Point], rect: Rect) -> bool {
        points.windows(2).any(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let piece = Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs());
            piece.inflated(0.01).overlaps(rect)
        })
    }

    #[test]
    fn a_route_with_nothing_in_between_is_straight() {
        let router = Router::default();
        let points = router.route(Rect::new(0.0, 0.0, 100.0, 60.0), Rect::new(300.0, 0.0, 100.0, 60.0), Lean::Any, 0);
        assert_eq!(points, [Point::new(100.0, 30.0), Point::new(300.0, 30.0)]);
    }

    #[test]
    fn a_route_goes_around_a_card_in_its_way() {
        let mut router = Router::default();
        let (from, to) = (Rect::new(0.0, 0.0, 100.0, 60.0), Rect::new(400.0, 0.0, 100.0, 60.0));
        let wall = Rect::new(200.0, -100.0, 60.0, 240.0);
        for rect in [from, to, wall] {
            router.add_obstacle(rect);
        }
        let points = router.route(from, to, Lean::Any, 0);
        assert!(points.len() > 2 && !crosses(&points, wall), "{points:?}");
    }

    #[test]
    fn a_second_route_does_not_hide_under_the_first() {
        let mut router = Router::default();
        let (from, to) = (Rect::new(0.0, 0.0, 100.0, 60.0), Rect::new(400.0, 0.0, 100.0, 60.0));
        let first = router.route(from, to, Lean::Any, 0);
        router.occupy(&first, 0);
        assert_ne!(router.route(from, to, Lean::Any, 1), first);
        assert_eq!(router.route(from, to, Lean::Any, 0), first);
    }

    proptest! {
        #[test]
        fn routes_between_spaced_cards_are_orthogonal_and_touch_no_other_card(
            taken in proptest::collection::btree_set((0_u8..6, 0_u8..6), 2..24),
        ) {
            let rects: Vec<Rect> = taken
                .iter()
                .map(|(x, y)| Rect::new(f64::from(*x) * 200.0, f64::from(*y) * 112.0, 148.0, 64.0))
                .collect();
            let mut router = Router::default();
            for rect in &rects {
                router.add_obstacle(*rect);
            }
            let (from, to) = (rects[0], rects[rects.len() - 1]);
            let points = router.route(from, to, Lean::Any, 0);
            for pair in points.windows(2) {
                prop_assert!((pair[0].x - pair[1].x).abs() < 0.01 || (pair[0].y - pair[1].y).abs() < 0.01);
            }
            for rect in &rects {
                prop_assert!(!crosses(&points, rect.inflated(-0.1)), "{:?} crosses {:?}", points, rect);
            }
        }
    }
}
