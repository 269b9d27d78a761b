//! Pointers on the diagram: one finger or button clicks and pans, two fingers pinch.

use diagram::geometry::Point;

/// How far a pointer may move and still click, in screen pixels.
pub const DRAG_THRESHOLD_PX: f64 = 4.0;

/// Which pointer, as the browser numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointerId(pub i32);

/// What a pointer did, in screen coordinates of the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GestureEvent {
    /// Pressed.
    Down(PointerId, Point),
    /// Moved.
    Move(PointerId, Point),
    /// Released.
    Up(PointerId, Point),
    /// Taken away by the system.
    Cancel(PointerId),
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Nothing is pressed; the pointer is over this point.
    Hover(Point),
    /// Pressed and released in place.
    Click(Point),
    /// The diagram moves with the pointer.
    Pan {
        /// To the right, in screen pixels.
        dx: f64,
        /// Downwards, in screen pixels.
        dy: f64,
    },
    /// Two fingers: the diagram moves and scales, the point between the fingers staying between them.
    Pinch {
        /// The point between the fingers.
        at: Point,
        /// Screen pixels per former screen pixel.
        factor: f64,
        /// To the right, in screen pixels.
        dx: f64,
        /// Downwards, in screen pixels.
        dy: f64,
    },
}

/// What the pointers are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Gestures {
    /// Nothing is pressed.
    #[default]
    Idle,
    /// One pointer is down and has not moved far enough to pan.
    Pressing {
        /// Which.
        id: PointerId,
        /// Where it went down.
        from: Point,
    },
    /// One pointer pans.
    Panning {
        /// Which.
        id: PointerId,
        /// Where it was last.
        last: Point,
    },
    /// Two pointers pinch.
    Pinching {
        /// The first and where it was last.
        first: (PointerId, Point),
        /// The second and where it was last.
        second: (PointerId, Point),
    },
}

impl Gestures {
    /// The next state, and what the event means in this one.
    #[must_use]
    pub fn on(self, event: GestureEvent) -> (Self, Option<Gesture>) {
        match (self, event) {
            (Self::Idle, GestureEvent::Down(id, at)) => (Self::Pressing { id, from: at }, None),
            (Self::Idle, GestureEvent::Move(_, at)) => (self, Some(Gesture::Hover(at))),
            (Self::Pressing { id, from }, GestureEvent::Move(moved, at)) if moved == id => {
                if from.distance(at) < DRAG_THRESHOLD_PX {
                    (self, None)
                } else {
                    (Self::Panning { id, last: at }, Some(pan(from, at)))
                }
            }
            (Self::Pressing { id, from }, GestureEvent::Up(up, _)) if up == id => {
                (Self::Idle, Some(Gesture::Click(from)))
            }
            (Self::Panning { id, last }, GestureEvent::Move(moved, at)) if moved == id => {
                (Self::Panning { id, last: at }, Some(pan(last, at)))
            }
            (Self::Pressing { id, from: last } | Self::Panning { id, last }, GestureEvent::Down(other, at))
                if other != id =>
            {
                (Self::Pinching { first: (id, last), second: (other, at) }, None)
            }
            (Self::Pinching { first, second }, GestureEvent::Move(id, at)) => {
                let (to_first, to_second) = if id == first.0 {
                    ((id, at), second)
                } else if id == second.0 {
                    (first, (id, at))
                } else {
                    return (self, None);
                };
                let gesture = pinch(first.1, second.1, to_first.1, to_second.1);
                (Self::Pinching { first: to_first, second: to_second }, Some(gesture))
            }
            (Self::Pinching { first, second }, GestureEvent::Up(id, _) | GestureEvent::Cancel(id)) => {
                let left = if id == first.0 { second } else { first };
                (Self::Panning { id: left.0, last: left.1 }, None)
            }
            (
                Self::Pressing { id, .. } | Self::Panning { id, .. },
                GestureEvent::Up(ended, _) | GestureEvent::Cancel(ended),
            ) if ended == id => (Self::Idle, None),
            (state, _) => (state, None),
        }
    }
}

fn pan(from: Point, to: Point) -> Gesture {
    Gesture::Pan { dx: to.x - from.x, dy: to.y - from.y }
}

fn pinch(first: Point, second: Point, to_first: Point, to_second: Point) -> Gesture {
    let (before, after) = (first.lerp(second, 0.5), to_first.lerp(to_second, 0.5));
    // Fingers on one spot give no scale.
    let factor = if first.distance(second) < 1.0 { 1.0 } else { to_first.distance(to_second) / first.distance(second) };
    Gesture::Pinch { at: after, factor, dx: after.x - before.x, dy: after.y - before.y }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PointerId = PointerId(1);
    const B: PointerId = PointerId(2);

    fn run(events: &[GestureEvent]) -> Vec<Gesture> {
        let mut state = Gestures::default();
        let mut seen = Vec::new();
        for event in events {
            let (next, gesture) = state.on(*event);
            state = next;
            seen.extend(gesture);
        }
        seen
    }

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn a_press_that_hardly_moves_is_a_click_where_it_began() {
        let seen = run(&[
            GestureEvent::Down(A, at(10.0, 10.0)),
            GestureEvent::Move(A, at(12.0, 11.0)),
            GestureEvent::Up(A, at(12.0, 11.0)),
        ]);
        assert_eq!(seen, [Gesture::Click(at(10.0, 10.0))]);
    }

    #[test]
    fn a_drag_pans_by_the_whole_distance_and_does_not_click() {
        let seen = run(&[
            GestureEvent::Down(A, at(0.0, 0.0)),
            GestureEvent::Move(A, at(3.0, 4.0)),
            GestureEvent::Move(A, at(6.0, 9.0)),
            GestureEvent::Up(A, at(6.0, 9.0)),
        ]);
        assert_eq!(seen, [Gesture::Pan { dx: 3.0, dy: 4.0 }, Gesture::Pan { dx: 3.0, dy: 5.0 }]);
    }

    #[test]
    fn two_fingers_moving_apart_zoom_in_between_them() {
        let seen = run(&[
            GestureEvent::Down(A, at(0.0, 0.0)),
            GestureEvent::Down(B, at(100.0, 0.0)),
            GestureEvent::Move(B, at(200.0, 0.0)),
        ]);
        assert_eq!(seen, [Gesture::Pinch { at: at(100.0, 0.0), factor: 2.0, dx: 50.0, dy: 0.0 }]);
    }

    #[test]
    fn lifting_one_of_two_fingers_goes_on_panning() {
        let seen = run(&[
            GestureEvent::Down(A, at(0.0, 0.0)),
            GestureEvent::Down(B, at(100.0, 0.0)),
            GestureEvent::Up(B, at(100.0, 0.0)),
            GestureEvent::Move(A, at(5.0, 0.0)),
        ]);
        assert_eq!(seen, [Gesture::Pan { dx: 5.0, dy: 0.0 }]);
    }

    #[test]
    fn a_cancelled_press_means_nothing() {
        assert_eq!(run(&[GestureEvent::Down(A, at(0.0, 0.0)), GestureEvent::Cancel(A)]), []);
    }
}
