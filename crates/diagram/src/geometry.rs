//! Points, sizes and rectangles in world coordinates, and the camera between world and screen.
//!
//! World units are CSS pixels at zoom 1. Names of transforms read `to_from_from`: `screen_from_world`.

/// A position in the world.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// A position.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The distance to another position.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The position a fraction of the way to another.
    #[must_use]
    pub fn lerp(self, other: Self, fraction: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * fraction, self.y + (other.y - self.y) * fraction)
    }
}

/// An axis-parallel rectangle in the world.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// A rectangle by its top left corner and size.
    #[must_use]
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    /// A rectangle by its middle and size.
    #[must_use]
    pub fn around(center: Point, width: f64, height: f64) -> Self {
        Self::new(center.x - width / 2.0, center.y - height / 2.0, width, height)
    }

    /// Right edge.
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// Bottom edge.
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// Its middle.
    #[must_use]
    pub fn center(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether a point lies in it, edges included.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        (self.x..=self.right()).contains(&point.x) && (self.y..=self.bottom()).contains(&point.y)
    }

    /// Whether all of another rectangle lies in it.
    #[must_use]
    pub fn contains_rect(self, other: Self) -> bool {
        self.x <= other.x && self.y <= other.y && other.right() <= self.right() && other.bottom() <= self.bottom()
    }

    /// Whether the insides of two rectangles meet.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// What two rectangles share, when their insides meet.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        (right > x && bottom > y).then(|| Self::new(x, y, right - x, bottom - y))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }

    /// Larger (or smaller, when negative) by `margin` on every side.
    #[must_use]
    pub fn inflated(self, margin: f64) -> Self {
        Self::new(self.x - margin, self.y - margin, self.width + 2.0 * margin, self.height + 2.0 * margin)
    }
}

/// What part of the world the screen shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The world position at the screen's top left corner.
    pub origin: Point,
    /// Screen pixels per world unit.
    pub zoom: f64,
}

impl Camera {
    /// The smallest and largest zoom offered.
    pub const ZOOM_RANGE: (f64, f64) = (0.1, 8.0);

    /// World at 100 %, top left corner at the origin.
    #[must_use]
    pub const fn identity() -> Self {
        Self { origin: Point::new(0.0, 0.0), zoom: 1.0 }
    }

    /// Where a world position is on the screen.
    #[must_use]
    pub fn screen_from_world(self, point: Point) -> Point {
        Point::new((point.x - self.origin.x) * self.zoom, (point.y - self.origin.y) * self.zoom)
    }

    /// Which world position a screen position shows.
    #[must_use]
    pub fn world_from_screen(self, point: Point) -> Point {
        Point::new(point.x / self.zoom + self.origin.x, point.y / self.zoom + self.origin.y)
    }

    /// Moved by screen pixels, as dragging does.
    #[must_use]
    pub fn panned(self, dx_px: f64, dy_px: f64) -> Self {
        let origin = Point::new(self.origin.x - dx_px / self.zoom, self.origin.y - dy_px / self.zoom);
        Self { origin, ..self }
    }

    /// Zoomed by a factor with the world position under `at` (screen) staying where it is.
    #[must_use]
    pub fn zoomed_at(self, at: Point, factor: f64) -> Self {
        let zoom = (self.zoom * factor).clamp(Self::ZOOM_RANGE.0, Self::ZOOM_RANGE.1);
        let fixed = self.world_from_screen(at);
        Self { origin: Point::new(fixed.x - at.x / zoom, fixed.y - at.y / zoom), zoom }
    }

    /// Shows all of `world` in a screen of the given size with a margin of `margin_px`, never larger than `max_zoom`.
    #[must_use]
    pub fn fitting(world: Rect, width_px: f64, height_px: f64, margin_px: f64, max_zoom: f64) -> Self {
        let across = (width_px - 2.0 * margin_px).max(1.0) / world.width.max(1.0);
        let down = (height_px - 2.0 * margin_px).max(1.0) / world.height.max(1.0);
        let zoom = across.min(down).clamp(Self::ZOOM_RANGE.0, max_zoom);
        let center = world.center();
        Self { origin: Point::new(center.x - width_px / zoom / 2.0, center.y - height_px / zoom / 2.0), zoom }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_cursor() {
        let camera = Camera { origin: Point::new(-40.0, 12.0), zoom: 0.8 };
        let cursor = Point::new(333.0, 217.0);
        let zoomed = camera.zoomed_at(cursor, 1.7);
        assert!(camera.world_from_screen(cursor).distance(zoomed.world_from_screen(cursor)) < 1e-9);
    }

    #[test]
    fn fitting_shows_all_of_the_world() {
        let world = Rect::new(-100.0, 50.0, 2000.0, 700.0);
        let camera = Camera::fitting(world, 900.0, 600.0, 24.0, 1.0);
        let top_left = camera.screen_from_world(Point::new(world.x, world.y));
        let bottom_right = camera.screen_from_world(Point::new(world.right(), world.bottom()));
        assert!(top_left.x >= 23.9 && top_left.y >= 23.9);
        assert!(bottom_right.x <= 876.1 && bottom_right.y <= 576.1);
    }
}
