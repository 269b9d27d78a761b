//! What the diagram shows, frame by frame, outside the reactive graph.
//!
//! The lower layer holds the scene and is painted only when something about it changes; the upper layer holds what
//! moves. While nothing is playing and nothing changes, nothing is painted.

use diagram::draw_list::DrawList;
use diagram::geometry::{Camera, Point, Rect};
use diagram::motion::Motion;
use diagram::scene::OutlineItem;
use diagram::theme::Theme;
use diagram::{Emphasis, Orientation, Scene};
use playback::{Pace, Player};
use sim::network::Network;
use sim::trace::Place;
use topology::Document;

use crate::dom::{self, Canvas, Element, Metrics, NextFrame, Size, Surface};
use crate::state::Run;

/// Longest time a frame may make pass: a page in the background does not jump ahead, in milliseconds.
const LONGEST_FRAME_MS: f64 = 100.0;
/// Room around the diagram when all of it is shown, in CSS pixels, and the largest zoom that is chosen for it.
const FIT_MARGIN_PX: f64 = 20.0;
const FIT_MAX_ZOOM: f64 = 1.25;
/// The room the zoom control takes in the corner: lying on small screens, standing on others, in CSS pixels.
const CONTROL_LYING: (f64, f64) = (196.0, 60.0);
const CONTROL_STANDING: (f64, f64) = (52.0, 196.0);
const SMALL_PX: f64 = 820.0;
/// Below this zoom the whole diagram cannot be read, and the camera follows the packet with this room around it,
/// in world units.
const READABLE_ZOOM: f64 = 0.6;
const FOLLOW_ROOM: f64 = 72.0;
/// How much one press of a zoom button changes.
const ZOOM_STEP: f64 = 1.2;
/// How long the camera takes to a new place, in milliseconds.
const GLIDE_MS: f64 = 260.0;
/// Device pixels per CSS pixel beyond which nothing looks sharper.
const MAX_RATIO: f64 = 2.0;

/// What a frame tells the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Whether another one is needed.
    pub(crate) next: NextFrame,
    /// The step shown.
    pub(crate) step: usize,
    /// Whether time passes.
    pub(crate) playing: bool,
    /// Zoom in percent.
    pub(crate) zoom_percent: i32,
}

/// A camera on its way.
#[derive(Clone, Copy, Debug)]
struct Glide {
    from: Camera,
    to: Camera,
    passed_ms: f64,
}

/// The diagram on its two canvases.
#[derive(Debug)]
pub(crate) struct Stage {
    metrics: Metrics,
    layers: Option<(Surface, Surface)>,
    timeline: Option<Element>,
    size: Size,
    theme: Theme,
    still: bool,
    scene: Option<Scene>,
    source: Option<(Document, Network)>,
    run: Option<(sim::trace::Trace, playback::Timeline)>,
    motion: Option<Motion>,
    player: Option<Player>,
    pace: Pace,
    camera: Camera,
    glide: Option<Glide>,
    /// Whether the camera follows the size of the diagram, until the visitor moves it.
    fitted: bool,
    /// The step the camera went to last, where all of the diagram would be too small to read.
    followed: Option<usize>,
    emphasis: Emphasis,
    below: DrawList,
    above: DrawList,
    stale_list: bool,
    stale_below: bool,
    stale_above: bool,
    last_ms: Option<f64>,
    drawn: bool,
    measured: bool,
}

impl Stage {
    /// An empty stage.
    pub(crate) fn new() -> Self {
        Self {
            metrics: Metrics::default(),
            layers: None,
            timeline: None,
            size: Size::default(),
            theme: Theme::Light,
            still: false,
            scene: None,
            source: None,
            run: None,
            motion: None,
            player: None,
            pace: Pace::NORMAL,
            camera: Camera::identity(),
            glide: None,
            fitted: true,
            followed: None,
            emphasis: Emphasis::default(),
            below: DrawList::new(),
            above: DrawList::new(),
            stale_list: true,
            stale_below: true,
            stale_above: true,
            last_ms: None,
            drawn: false,
            measured: dom::query_has("bench"),
        }
    }

    /// Paints on these canvases from now on.
    pub(crate) fn attach(&mut self, below: &Canvas, above: &Canvas) {
        self.layers = dom::surface_of(below).zip(dom::surface_of(above));
        self.repaint();
    }

    /// Shows the position in time on this element from now on, as its custom property `--at`, 0 to 1.
    pub(crate) fn attach_timeline(&mut self, timeline: Element) {
        self.timeline = Some(timeline);
        self.stale_above = true;
    }

    /// The canvases have another size.
    pub(crate) fn resize(&mut self, size: Size) {
        let turned = orientation(size) != orientation(self.size);
        self.size = size;
        if turned {
            self.rebuild();
        }
        if self.fitted && self.followed.is_none() {
            self.glide = None;
            self.camera = self.fitting();
        }
        self.followed = None;
        self.repaint();
    }

    /// Colours, and whether motion is replaced by steps.
    pub(crate) fn set_look(&mut self, dark: bool, still: bool) {
        self.theme = if dark { Theme::Dark } else { Theme::Light };
        self.still = still;
        if let Some(player) = &mut self.player {
            player.set_stepwise(still);
        }
        self.repaint();
    }

    /// Another document, or the same one changed.
    pub(crate) fn set_document(&mut self, document: &Document, network: &Network) {
        self.source = Some((document.clone(), network.clone()));
        self.rebuild();
    }

    /// Lays out the scene for the present orientation.
    fn rebuild(&mut self) {
        let Some((document, network)) = &self.source else { return };
        let scene = Scene::build(document, network, orientation(self.size), &self.metrics);
        self.motion = self.run.as_ref().map(|(trace, timeline)| Motion::new(&scene, trace, timeline, &self.metrics));
        self.scene = Some(scene);
        if self.fitted {
            self.camera = self.fitting();
        }
        self.repaint();
    }

    /// Another request was sent, or none.
    pub(crate) fn set_run(&mut self, run: Option<&Run>) {
        self.run = run.map(|run| (run.trace.clone(), run.timeline.clone()));
        self.motion = self
            .scene
            .as_ref()
            .zip(self.run.as_ref())
            .map(|(scene, (trace, timeline))| Motion::new(scene, trace, timeline, &self.metrics));
        self.player = self.run.as_ref().map(|(_, timeline)| {
            let mut player = Player::new(timeline.clone());
            player.set_stepwise(self.still);
            player.set_pace(self.pace);
            player
        });
        self.last_ms = None;
        self.followed = None;
        self.stale_above = true;
    }

    /// Moves the player.
    pub(crate) fn drive(&mut self, act: impl FnOnce(&mut Player)) {
        if let Some(player) = &mut self.player {
            act(player);
            self.stale_above = true;
        }
        self.last_ms = None;
    }

    /// Sets how fast time passes.
    pub(crate) fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
        if let Some(player) = &mut self.player {
            player.set_pace(pace);
        }
    }

    /// Where a place is in the world.
    pub(crate) fn rect_of(&self, place: &Place) -> Option<Rect> {
        self.scene.as_ref()?.rect_of(place)
    }

    /// What is at a position on the screen.
    pub(crate) fn hit(&self, at: Point) -> Option<Place> {
        self.scene.as_ref()?.hit(self.camera.world_from_screen(at))
    }

    /// The diagram in words, in reading order.
    pub(crate) fn outline(&self) -> Vec<OutlineItem> {
        self.scene.as_ref().map(Scene::outline).unwrap_or_default()
    }

    /// Marks what is selected.
    pub(crate) fn select(&mut self, place: Option<Place>) {
        self.emphasise(|emphasis| emphasis.selected = place);
    }

    /// Marks what is pointed at, or has the focus in the outline. Returns whether there is something.
    pub(crate) fn hover(&mut self, place: Option<Place>) -> bool {
        let any = place.is_some();
        self.emphasise(|emphasis| emphasis.hovered = place);
        any
    }

    fn emphasise(&mut self, change: impl FnOnce(&mut Emphasis)) {
        let before = self.emphasis.clone();
        change(&mut self.emphasis);
        if self.emphasis != before {
            self.stale_list = true;
            self.stale_below = true;
        }
    }

    /// Moves the camera by screen pixels.
    pub(crate) fn pan(&mut self, dx: f64, dy: f64) {
        self.look(self.camera.panned(dx, dy));
    }

    /// Zooms with the world position under `at` staying where it is.
    pub(crate) fn zoom_at(&mut self, at: Point, factor: f64) {
        self.look(self.camera.zoomed_at(at, factor));
    }

    /// Zooms in around the middle.
    pub(crate) fn zoom_in(&mut self) {
        self.zoom_by(ZOOM_STEP);
    }

    /// Zooms out around the middle.
    pub(crate) fn zoom_out(&mut self) {
        self.zoom_by(1.0 / ZOOM_STEP);
    }

    /// Pressing again on the way goes on from where the way leads.
    fn zoom_by(&mut self, factor: f64) {
        let from = self.glide.map_or(self.camera, |glide| glide.to);
        self.fitted = false;
        self.glide_to(from.zoomed_at(self.middle(), factor));
    }

    /// 100 %.
    pub(crate) fn zoom_reset(&mut self) {
        self.fitted = false;
        self.glide_to(self.camera.zoomed_at(self.middle(), 1.0 / self.camera.zoom));
    }

    /// Shows everything, and goes on doing so when the size changes.
    pub(crate) fn fit(&mut self) {
        self.fitted = true;
        self.glide_to(self.fitting());
    }

    /// Shows all of a place.
    pub(crate) fn fit_place(&mut self, place: &Place) {
        let Some(rect) = self.rect_of(place) else { return };
        self.fitted = false;
        self.glide_to(Camera::fitting(rect, self.size.width, self.size.height, 48.0, 2.5));
    }

    /// Moves the camera just enough to show a place.
    pub(crate) fn reveal(&mut self, place: &Place) {
        let Some(rect) = self.rect_of(place) else { return };
        let view = self.view();
        if view.x <= rect.x && view.y <= rect.y && view.right() >= rect.right() && view.bottom() >= rect.bottom() {
            return;
        }
        let (middle, target) = (view.center(), rect.center());
        self.fitted = false;
        let (dx, dy) = ((middle.x - target.x) * self.camera.zoom, (middle.y - target.y) * self.camera.zoom);
        self.glide_to(self.camera.panned(dx, dy));
    }

    /// Where the page stands, without painting.
    pub(crate) fn status(&self) -> Frame {
        #[expect(clippy::cast_possible_truncation, reason = "zoom lies between 0.1 and 8")]
        let zoom_percent = (self.camera.zoom * 100.0).round() as i32;
        let moves = self.player.as_ref().is_some_and(Player::is_playing) || self.glide.is_some();
        Frame {
            next: if moves { NextFrame::Wanted } else { NextFrame::Idle },
            step: self.player.as_ref().map_or(0, Player::step),
            playing: self.player.as_ref().is_some_and(Player::is_playing),
            zoom_percent,
        }
    }

    /// Lets time pass up to `now_ms` and paints what changed.
    pub(crate) fn frame(&mut self, now_ms: f64) -> Frame {
        let passed_ms = self.last_ms.map_or(0.0, |last| (now_ms - last).clamp(0.0, LONGEST_FRAME_MS));
        if let Some(player) = &mut self.player {
            self.stale_above |= player.advance(passed_ms);
        }
        self.follow();
        self.advance_camera(passed_ms);
        let paints = self.stale_below || self.stale_above;
        if self.measured && paints {
            dom::mark("frame-start");
        }
        self.paint();
        if self.measured && paints {
            dom::measure("frame", "frame-start");
        }
        let frame = self.status();
        self.last_ms = (frame.next == NextFrame::Wanted).then_some(now_ms);
        frame
    }

    fn paint(&mut self) {
        let (ratio, view) = (dom::pixel_ratio().min(MAX_RATIO), self.view());
        if self.size.width < 1.0 || self.size.height < 1.0 {
            return;
        }
        let Some((below, above)) = &mut self.layers else { return };
        if self.stale_below {
            self.stale_below = false;
            if let (Some(scene), true) = (&self.scene, self.stale_list) {
                self.below = scene.draw(&self.emphasis);
                self.stale_list = false;
            }
            below.set_theme(self.theme);
            below.fit(self.size, ratio);
            below.begin(self.camera, ratio);
            below.grid(view, self.camera.zoom);
            below.paint(&self.below, view, self.camera.zoom);
            if self.scene.is_some() && !self.drawn {
                self.drawn = true;
                dom::mark("diagram-drawn");
            }
        }
        if self.stale_above {
            self.stale_above = false;
            self.above.clear();
            let moment = self.player.as_ref().and_then(|player| player.timeline().at(player.time_ms()));
            if let (Some(motion), Some(moment)) = (&self.motion, moment) {
                motion.frame(&moment, self.still, &mut self.above);
            }
            above.set_theme(self.theme);
            above.fit(self.size, ratio);
            above.begin(self.camera, ratio);
            above.paint(&self.above, view, self.camera.zoom);
            if let (Some(timeline), Some(player)) = (&self.timeline, &self.player) {
                dom::set_variable(timeline, "--at", &format!("{:.4}", position(player)));
            }
        }
    }

    /// Where all of the diagram would be too small to read, the camera goes along with the packet, until the visitor
    /// moves it; at the end it shows everything again.
    fn follow(&mut self) {
        let whole = self.fitting();
        let Some(player) = self.player.as_ref().filter(|_| self.fitted && whole.zoom < READABLE_ZOOM) else { return };
        let step = player.step();
        let done = player.is_at_end();
        let target = if done { usize::MAX } else { step };
        if self.followed == Some(target) || (player.time_ms() <= 0.0 && !player.is_playing()) {
            return;
        }
        let places = player.timeline().slots().get(step).map(|slot| slot.route.clone()).unwrap_or_default();
        let seen = places.iter().filter_map(|place| self.rect_of(place)).reduce(Rect::union);
        let to = match seen.filter(|_| !done) {
            Some(rect) => {
                let Size { width, height } = self.size;
                let free = if width < SMALL_PX { height - CONTROL_LYING.1 } else { height };
                Camera::fitting(rect.inflated(FOLLOW_ROOM), width, free, 0.0, 1.0)
            }
            None => whole,
        };
        self.followed = Some(target);
        self.glide_to(to);
    }

    fn advance_camera(&mut self, passed_ms: f64) {
        let Some(mut glide) = self.glide else { return };
        glide.passed_ms += passed_ms;
        let part = (glide.passed_ms / GLIDE_MS).min(1.0);
        let eased = 1.0 - (1.0 - part).powi(3);
        self.camera = between(glide.from, glide.to, eased);
        self.glide = (part < 1.0).then_some(glide);
        self.stale_below = true;
        self.stale_above = true;
    }

    fn glide_to(&mut self, to: Camera) {
        if self.still || self.scene.is_none() || !self.drawn {
            self.camera = to;
            self.glide = None;
        } else {
            self.glide = Some(Glide { from: self.camera, to, passed_ms: 0.0 });
        }
        self.stale_below = true;
        self.stale_above = true;
    }

    fn look(&mut self, camera: Camera) {
        self.fitted = false;
        self.glide = None;
        self.camera = camera;
        self.stale_below = true;
        self.stale_above = true;
    }

    /// Everything in view, and nothing under the zoom control where that can be helped.
    fn fitting(&self) -> Camera {
        let Some(scene) = &self.scene else { return Camera::identity() };
        let (bounds, Size { width, height }) = (scene.bounds(), self.size);
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

    fn middle(&self) -> Point {
        Point::new(self.size.width / 2.0, self.size.height / 2.0)
    }

    /// The part of the world that is seen.
    fn view(&self) -> Rect {
        let Camera { origin, zoom } = self.camera;
        Rect::new(origin.x, origin.y, self.size.width / zoom, self.size.height / zoom)
    }

    const fn repaint(&mut self) {
        self.stale_list = true;
        self.stale_below = true;
        self.stale_above = true;
    }
}

/// A diagram higher than wide stacks its tenants.
fn orientation(size: Size) -> Orientation {
    if size.height > size.width { Orientation::Portrait } else { Orientation::Landscape }
}

/// Where a player stands on an axis with equal room for every step, 0 to 1.
fn position(player: &Player) -> f64 {
    let last = player.timeline().slots().len().saturating_sub(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a trace has far fewer than 2^52 steps")]
    let last = last as f64;
    (player.timeline().ordinal(player.time_ms()) / last).clamp(0.0, 1.0)
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
