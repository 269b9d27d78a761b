//! What part of the world the screen shows, and how it gets there.

use diagram::geometry::{Camera, Point, Rect};

use crate::dom::Size;

/// Room around the diagram when all of it is shown, in CSS pixels, and the largest zoom that is chosen for it.
const FIT_MARGIN_PX: f64 = 20.0;
const FIT_MAX_ZOOM: f64 = 1.25;
/// The same for a single frame or card.
const PLACE_MARGIN_PX: f64 = 48.0;
const PLACE_MAX_ZOOM: f64 = 2.5;
/// The room the zoom control takes in the corner: lying on small screens, standing on others, in CSS pixels.
const CONTROL_LYING: (f64, f64) = (196.0, 60.0);
const CONTROL_STANDING: (f64, f64) = (52.0, 196.0);
const SMALL_PX: f64 = 820.0;
/// Room around a packet that the camera follows, in world units.
const FOLLOW_ROOM: f64 = 72.0;
/// How much one press of a zoom button changes.
const ZOOM_STEP: f64 = 1.2;
/// How long the camera takes to a new place, in milliseconds.
const GLIDE_MS: f64 = 260.0;

/// A camera on its way.
#[derive(Clone, Copy, Debug)]
struct Glide {
    from: Camera,
    to: Camera,
    passed_ms: f64,
}

/// The camera over the diagram.
#[derive(Debug)]
pub(super) struct Viewport {
    /// The size of the screen.
    pub(super) size: Size,
    /// Whether the camera arrives at once instead of gliding.
    pub(super) jumps: bool,
    /// Whether the camera looks after itself, until the visitor moves it.
    pub(super) fitted: bool,
    camera: Camera,
    glide: Option<Glide>,
}

impl Viewport {
    pub(super) const fn new() -> Self {
        Self {
            size: Size { width: 0.0, height: 0.0 },
            jumps: true,
            fitted: true,
            camera: Camera::identity(),
            glide: None,
        }
    }

    pub(super) const fn camera(&self) -> Camera {
        self.camera
    }

    pub(super) const fn is_gliding(&self) -> bool {
        self.glide.is_some()
    }

    /// The part of the world that is seen.
    pub(super) fn view(&self) -> Rect {
        let Camera { origin, zoom } = self.camera;
        Rect::new(origin.x, origin.y, self.size.width / zoom, self.size.height / zoom)
    }

    /// The camera that shows everything, with nothing under the zoom control where that can be helped.
    pub(super) fn fitting(&self, bounds: Rect) -> Camera {
        let Size { width, height } = self.size;
        let whole = Camera::fitting(bounds, width, height, FIT_MARGIN_PX, FIT_MAX_ZOOM);
        let (across, down) = if width < SMALL_PX { CONTROL_LYING } else { CONTROL_STANDING };
        let corner = whole.screen_from_world(Point::new(bounds.x, bounds.bottom()));
        if corner.x > across || corner.y < height - down {
            return whole;
        }
        let beside = Camera::fitting(bounds, width - across, height, FIT_MARGIN_PX, FIT_MAX_ZOOM).panned(across, 0.0);
        let above = Camera::fitting(bounds, width, height - down, FIT_MARGIN_PX, FIT_MAX_ZOOM);
        if beside.zoom > above.zoom { beside } else { above }
    }

    /// The camera that shows a packet's way closely.
    pub(super) fn following(&self, way: Rect) -> Camera {
        let Size { width, height } = self.size;
        let free = if width < SMALL_PX { height - CONTROL_LYING.1 } else { height };
        Camera::fitting(way.inflated(FOLLOW_ROOM), width, free, 0.0, 1.0)
    }

    /// Looks somewhere at once, on its own account.
    pub(super) const fn jump_to(&mut self, camera: Camera) {
        self.glide = None;
        self.camera = camera;
    }

    /// Goes somewhere.
    pub(super) const fn glide_to(&mut self, to: Camera) {
        if self.jumps {
            self.jump_to(to);
        } else {
            self.glide = Some(Glide { from: self.camera, to, passed_ms: 0.0 });
        }
    }

    /// Lets time pass. Returns whether the camera moved.
    pub(super) fn advance(&mut self, passed_ms: f64) -> bool {
        let Some(mut glide) = self.glide else { return false };
        glide.passed_ms += passed_ms;
        let part = (glide.passed_ms / GLIDE_MS).min(1.0);
        let eased = 1.0 - (1.0 - part).powi(3);
        self.camera = between(glide.from, glide.to, eased);
        self.glide = (part < 1.0).then_some(glide);
        true
    }

    /// The visitor moves the camera by screen pixels.
    pub(super) fn pan(&mut self, dx: f64, dy: f64) {
        self.fitted = false;
        self.jump_to(self.camera.panned(dx, dy));
    }

    /// The visitor zooms with the world position under `at` staying where it is.
    pub(super) fn zoom_at(&mut self, at: Point, factor: f64) {
        self.fitted = false;
        self.jump_to(self.camera.zoomed_at(at, factor));
    }

    /// The visitor presses a zoom button; pressing again on the way goes on from where the way leads.
    pub(super) fn zoom(&mut self, steps: i32) {
        let from = self.glide.map_or(self.camera, |glide| glide.to);
        self.fitted = false;
        self.glide_to(from.zoomed_at(self.middle(), ZOOM_STEP.powi(steps)));
    }

    /// 100 %.
    pub(super) fn zoom_reset(&mut self) {
        self.fitted = false;
        self.glide_to(self.camera.zoomed_at(self.middle(), 1.0 / self.camera.zoom));
    }

    /// Shows all of one frame or card.
    pub(super) fn fit_place(&mut self, rect: Rect) {
        self.fitted = false;
        let Size { width, height } = self.size;
        self.glide_to(Camera::fitting(rect, width, height, PLACE_MARGIN_PX, PLACE_MAX_ZOOM));
    }

    /// Moves just enough to show a rectangle.
    pub(super) fn reveal(&mut self, rect: Rect) {
        let view = self.view();
        if view.x <= rect.x && view.y <= rect.y && view.right() >= rect.right() && view.bottom() >= rect.bottom() {
            return;
        }
        self.fitted = false;
        let (middle, target) = (view.center(), rect.center());
        let (dx, dy) = ((middle.x - target.x) * self.camera.zoom, (middle.y - target.y) * self.camera.zoom);
        self.glide_to(self.camera.panned(dx, dy));
    }

    fn middle(&self) -> Point {
        Point::new(self.size.width / 2.0, self.size.height / 2.0)
    }
}

/// A camera between two, its zoom changing evenly for the eye.
fn between(from: Camera, to: Camera, part: f64) -> Camera {
    let zoom = from.zoom * (to.zoom / from.zoom).powf(part);
    // The origin follows the zoom, so that the point both cameras share stays still.
    let share = if (to.zoom - from.zoom).abs() < 1e-9 {
        part
    } else {
        (1.0 / zoom - 1.0 / from.zoom) / (1.0 / to.zoom - 1.0 / from.zoom)
    };
    Camera { origin: from.origin.lerp(to.origin, share), zoom }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewport(width: f64, height: f64) -> Viewport {
        Viewport { size: Size { width, height }, ..Viewport::new() }
    }

    #[test]
    fn a_diagram_that_reaches_the_corner_makes_room_for_the_zoom_control() {
        let viewport = viewport(1000.0, 500.0);
        let bounds = Rect::new(0.0, 0.0, 1900.0, 950.0);
        let camera = viewport.fitting(bounds);
        assert!(camera.screen_from_world(Point::new(0.0, 0.0)).x >= CONTROL_STANDING.0);
        assert!(camera.screen_from_world(Point::new(1900.0, 0.0)).x <= 1000.0);
    }

    #[test]
    fn a_narrow_diagram_is_centred() {
        let camera = viewport(1000.0, 500.0).fitting(Rect::new(0.0, 0.0, 400.0, 900.0));
        let middle = camera.screen_from_world(Point::new(200.0, 450.0));
        assert!((middle.x - 500.0).abs() < 0.01 && (middle.y - 250.0).abs() < 0.01);
    }

    #[test]
    fn a_glide_ends_exactly_where_it_leads() {
        let mut viewport = Viewport { jumps: false, ..viewport(800.0, 600.0) };
        let to = Camera { origin: Point::new(-30.0, 12.0), zoom: 2.0 };
        viewport.glide_to(to);
        assert!(viewport.advance(100.0) && viewport.is_gliding());
        assert!(viewport.advance(200.0) && !viewport.is_gliding());
        assert!(viewport.camera().origin.distance(to.origin) < 1e-9);
        assert!(!viewport.advance(16.0));
    }
}
