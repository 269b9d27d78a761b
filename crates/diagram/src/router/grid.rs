//! The sparse grid a route is searched on: the lines worth following, and A* over their crossings.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{CLEARANCE, Piece, Port, Router, STUB};
use crate::geometry::{Point, Rect};

/// What a bend costs, in units of length.
const BEND: f64 = 48.0;
/// What crossing another wire costs.
const CROSSING: f64 = 36.0;
/// What each unit of length costs more along a border or another wire.
const ALONGSIDE: f64 = 4.0;
/// How close to another wire counts as alongside.
const CLOSE: f64 = 7.0;
/// What each unit of length costs more within a distance of a frame's border: distance and price.
const BORDER_PRICES: [(f64, f64); 3] = [(7.0, 4.0), (11.0, 1.0), (40.0, 0.1)];
/// Grids with more crossings are not searched.
const MAX_CROSSINGS: usize = 8_000;
/// The search gives up after this many steps.
const MAX_STEPS: usize = 12_000;

pub(super) struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// The cost of the edge to the right of, and below, each crossing; infinite when it is blocked.
    right: Vec<f64>,
    down: Vec<f64>,
}

impl Grid {
    pub(super) fn new(
        router: &Router,
        region: Rect,
        near: &[Rect],
        starts: &[Port],
        ends: &[Port],
        bundle: usize,
    ) -> Option<Self> {
        let mut xs: Vec<f64> = starts.iter().chain(ends).map(|port| port.stub.x).collect();
        let mut ys: Vec<f64> = starts.iter().chain(ends).map(|port| port.stub.y).collect();
        for rect in near {
            xs.extend([rect.x - STUB, rect.right() + STUB]);
            ys.extend([rect.y - STUB, rect.bottom() + STUB]);
        }
        xs.extend(&router.channels_x);
        ys.extend(&router.channels_y);
        xs.retain(|x| (region.x..=region.right()).contains(x));
        ys.retain(|y| (region.y..=region.bottom()).contains(y));
        for values in [&mut xs, &mut ys] {
            values.sort_by(f64::total_cmp);
            values.dedup_by(|a, b| (*a - *b).abs() < 0.01);
        }
        if xs.len() * ys.len() > MAX_CROSSINGS || xs.is_empty() || ys.is_empty() {
            return None;
        }
        let mut grid = Self { right: vec![0.0; xs.len() * ys.len()], down: vec![0.0; xs.len() * ys.len()], xs, ys };
        grid.price(router, region, near, bundle);
        Some(grid)
    }

    fn price(&mut self, router: &Router, region: Rect, near: &[Rect], bundle: usize) {
        let (n_x, n_y) = (self.xs.len(), self.ys.len());
        for row in 0..n_y {
            for column in 0..n_x {
                let at = row * n_x + column;
                self.right[at] = self.xs.get(column + 1).map_or(f64::INFINITY, |next| next - self.xs[column]);
                self.down[at] = self.ys.get(row + 1).map_or(f64::INFINITY, |next| next - self.ys[row]);
            }
        }
        for rect in near {
            let rect = rect.inflated(CLEARANCE);
            self.each_across(rect.x, rect.right(), rect.y, rect.bottom(), |cost, _| *cost = f64::INFINITY);
            self.each_down(rect.x, rect.right(), rect.y, rect.bottom(), |cost, _| *cost = f64::INFINITY);
        }
        let alongside = |cost: &mut f64, shared: f64| *cost += shared * ALONGSIDE;
        for border in router.borders.iter().filter(|border| border.overlaps(region)) {
            for (close, price) in BORDER_PRICES {
                let alongside = |cost: &mut f64, shared: f64| *cost += shared * price;
                for y in [border.y, border.bottom()] {
                    self.each_across(border.x, border.right(), y - close, y + close, alongside);
                }
                for x in [border.x, border.right()] {
                    self.each_down(x - close, x + close, border.y, border.bottom(), alongside);
                }
            }
        }
        for Piece { from, to, .. } in router.pieces.iter().filter(|piece| piece.bundle != bundle) {
            let (low_x, high_x) = (from.x.min(to.x), from.x.max(to.x));
            let (low_y, high_y) = (from.y.min(to.y), from.y.max(to.y));
            if high_x < region.x || low_x > region.right() || high_y < region.y || low_y > region.bottom() {
                continue;
            }
            if high_y - low_y < 0.01 {
                self.each_across(low_x, high_x, low_y - CLOSE, low_y + CLOSE, alongside);
                self.each_down(low_x, high_x, low_y - 0.1, low_y + 0.1, |cost, _| *cost += CROSSING);
            } else {
                self.each_down(low_x - CLOSE, low_x + CLOSE, low_y, high_y, alongside);
                self.each_across(low_x - 0.1, low_x + 0.1, low_y, high_y, |cost, _| *cost += CROSSING);
            }
        }
    }

    /// Every edge going right whose line lies strictly between `y0` and `y1` and that meets `x0..x1`, with the
    /// length it shares.
    fn each_across(&mut self, x0: f64, x1: f64, y0: f64, y1: f64, mut change: impl FnMut(&mut f64, f64)) {
        let n_x = self.xs.len();
        let rows = self.ys.partition_point(|y| *y <= y0)..self.ys.partition_point(|y| *y < y1);
        let first = self.xs.partition_point(|x| *x <= x0).saturating_sub(1);
        for row in rows {
            for column in first..n_x.saturating_sub(1) {
                let shared = self.xs[column + 1].min(x1) - self.xs[column].max(x0);
                if self.xs[column] >= x1 {
                    break;
                }
                if shared > 0.0 {
                    change(&mut self.right[row * n_x + column], shared);
                }
            }
        }
    }

    /// As [`Self::each_across`], for edges going down.
    fn each_down(&mut self, x0: f64, x1: f64, y0: f64, y1: f64, mut change: impl FnMut(&mut f64, f64)) {
        let (n_x, n_y) = (self.xs.len(), self.ys.len());
        let columns = self.xs.partition_point(|x| *x <= x0)..self.xs.partition_point(|x| *x < x1);
        let first = self.ys.partition_point(|y| *y <= y0).saturating_sub(1);
        for row in first..n_y.saturating_sub(1) {
            let shared = self.ys[row + 1].min(y1) - self.ys[row].max(y0);
            if self.ys[row] >= y1 {
                break;
            }
            if shared > 0.0 {
                for column in columns.clone() {
                    change(&mut self.down[row * n_x + column], shared);
                }
            }
        }
    }

    fn crossing(&self, point: Point) -> Option<usize> {
        let find = |values: &[f64], value: f64| {
            let index = values.partition_point(|other| *other < value - 0.01);
            values.get(index).filter(|other| (**other - value).abs() <= 0.02).map(|_| index)
        };
        Some(find(&self.ys, point.y)? * self.xs.len() + find(&self.xs, point.x)?)
    }

    fn point(&self, crossing: usize) -> Point {
        Point::new(self.xs[crossing % self.xs.len()], self.ys[crossing / self.xs.len()])
    }

    /// The cheapest way from any start to any end.
    pub(super) fn shortest(&self, starts: &[Port], ends: &[Port]) -> Option<Vec<Point>> {
        // A state is a crossing and whether it was reached going across; one more per end port finishes.
        let n_states = self.right.len() * 2;
        let mut best = vec![f64::INFINITY; n_states + ends.len()];
        let mut previous = vec![usize::MAX; n_states + ends.len()];
        let mut open: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
        let goals: Vec<(usize, usize)> = ends
            .iter()
            .enumerate()
            .filter_map(|(index, port)| self.crossing(port.stub).map(|crossing| (crossing, index)))
            .collect();
        // The distance to the box around the ends: never more than what is left to go.
        let around = ends.iter().map(|port| Rect::around(port.stub, 0.0, 0.0)).reduce(Rect::union).unwrap_or_default();
        let rest = |crossing: usize| {
            let at = self.point(crossing);
            let x = (around.x - at.x).max(at.x - around.right()).max(0.0);
            let y = (around.y - at.y).max(at.y - around.bottom()).max(0.0);
            x + y
        };
        let mut is_goal = vec![false; self.right.len()];
        for (crossing, _) in &goals {
            is_goal[*crossing] = true;
        }
        for (index, port) in starts.iter().enumerate() {
            let Some(crossing) = self.crossing(port.stub) else { continue };
            let state = crossing * 2 + usize::from(port.across);
            if port.cost < best[state] {
                best[state] = port.cost;
                previous[state] = n_states + ends.len() + index;
                open.push(Reverse((ordered(port.cost + rest(crossing)), state)));
            }
        }
        let n_x = self.xs.len();
        for _ in 0..MAX_STEPS {
            let Reverse((_, state)) = open.pop()?;
            if state >= n_states {
                return Some(self.path(state, n_states, &previous, starts, ends));
            }
            let (crossing, across) = (state / 2, state % 2 == 1);
            let cost = best[state];
            let mut reach = |next: usize, price: f64, remaining: f64| {
                if price < best[next] - 1e-9 {
                    best[next] = price;
                    previous[next] = state;
                    open.push(Reverse((ordered(price + remaining), next)));
                }
            };
            if is_goal[crossing] {
                for (_, index) in goals.iter().filter(|(goal, _)| *goal == crossing) {
                    let bend = if ends[*index].across == across { 0.0 } else { BEND };
                    reach(n_states + index, cost + bend + ends[*index].cost, 0.0);
                }
            }
            let (column, row) = (crossing % n_x, crossing / n_x);
            let across_bend = if across { 0.0 } else { BEND };
            let down_bend = if across { BEND } else { 0.0 };
            let steps = [
                (column + 1 < n_x).then(|| (crossing + 1, true, self.right[crossing] + across_bend)),
                (column > 0).then(|| (crossing - 1, true, self.right[crossing - 1] + across_bend)),
                (row + 1 < self.ys.len()).then(|| (crossing + n_x, false, self.down[crossing] + down_bend)),
                (row > 0).then(|| (crossing - n_x, false, self.down[crossing - n_x] + down_bend)),
            ];
            for (next, going_across, price) in steps.into_iter().flatten() {
                if price.is_finite() {
                    reach(next * 2 + usize::from(going_across), cost + price, rest(next));
                }
            }
        }
        None
    }

    fn path(&self, end: usize, n_states: usize, previous: &[usize], starts: &[Port], ends: &[Port]) -> Vec<Point> {
        let mut points = vec![ends[end - n_states].at];
        let mut state = previous[end];
        while state < n_states {
            points.push(self.point(state / 2));
            state = previous[state];
        }
        points.push(starts[state - n_states - ends.len()].at);
        points.reverse();
        points
    }
}

/// A cost as a number that sorts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "costs are positive and far below 2^50")]
fn ordered(cost: f64) -> u64 {
    (cost * 64.0) as u64
}
