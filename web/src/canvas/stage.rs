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

use super::viewport::Viewport;
use crate::dom::{self, Canvas, Element, Metrics, NextFrame, Size, Surface};
use crate::state::Run;

/// Longest time a frame may make pass: a page in the background does not jump ahead, in milliseconds.
const LONGEST_FRAME_MS: f64 = 100.0;
/// Below this zoom the whole diagram cannot be read, and the camera goes along with the packet.
const READABLE_ZOOM: f64 = 0.5;
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

/// The diagram on its two canvases.
#[derive(Debug)]
pub(crate) struct Stage {
    metrics: Metrics,
    layers: Option<(Surface, Surface)>,
    timeline: Option<Element>,
    viewport: Viewport,
    theme: Theme,
    still: bool,
    scene: Option<Scene>,
    source: Option<(Document, Network)>,
    run: Option<(sim::trace::Trace, playback::Timeline)>,
    motion: Option<Motion>,
    player: Option<Player>,
    pace: Pace,
    looping: bool,
    /// Whether the camera goes along with the packet at any zoom.
    follows: bool,
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
            viewport: Viewport::new(),
            theme: Theme::Light,
            still: false,
            scene: None,
            source: None,
            run: None,
            motion: None,
            player: None,
            pace: Pace::NORMAL,
            looping: false,
            follows: false,
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
        let turned = orientation(size) != orientation(self.viewport.size);
        self.viewport.size = size;
        if turned {
            self.rebuild();
        }
        if self.viewport.fitted && self.followed.is_none() {
            self.viewport.jump_to(self.fitting());
        }
        self.followed = None;
        self.repaint();
    }

    /// Colours, and whether motion is replaced by steps.
    pub(crate) fn set_look(&mut self, dark: bool, still: bool) {
        self.theme = if dark { Theme::Dark } else { Theme::Light };
        self.still = still;
        self.viewport.jumps = still || !self.drawn;
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
        let scene = Scene::build(document, network, orientation(self.viewport.size), &self.metrics);
        self.motion = self.run.as_ref().map(|(trace, timeline)| Motion::new(&scene, trace, timeline, &self.metrics));
        self.scene = Some(scene);
        if self.viewport.fitted {
            self.viewport.jump_to(self.fitting());
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
            player.set_looping(self.looping);
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

    /// Sets whether playing begins again after the end.
    pub(crate) fn set_looping(&mut self, looping: bool) {
        self.looping = looping;
        if let Some(player) = &mut self.player {
            player.set_looping(looping);
        }
    }

    /// Sets whether the camera goes along with the packet at any zoom.
    pub(crate) fn set_follows(&mut self, follows: bool) {
        self.follows = follows;
        self.followed = None;
        if follows {
            self.viewport.fitted = true;
        } else {
            self.fit();
        }
    }

    /// Where a place is in the world.
    pub(crate) fn rect_of(&self, place: &Place) -> Option<Rect> {
        self.scene.as_ref()?.rect_of(place)
    }

    /// What is at a position on the screen.
    pub(crate) fn hit(&self, at: Point) -> Option<Place> {
        self.scene.as_ref()?.hit(self.viewport.camera().world_from_screen(at))
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
        self.viewport.pan(dx, dy);
        self.moved();
    }

    /// Zooms with the world position under `at` staying where it is.
    pub(crate) fn zoom_at(&mut self, at: Point, factor: f64) {
        self.viewport.zoom_at(at, factor);
        self.moved();
    }

    /// Zooms in around the middle.
    pub(crate) fn zoom_in(&mut self) {
        self.viewport.zoom(1);
        self.moved();
    }

    /// Zooms out around the middle.
    pub(crate) fn zoom_out(&mut self) {
        self.viewport.zoom(-1);
        self.moved();
    }

    /// 100 %.
    pub(crate) fn zoom_reset(&mut self) {
        self.viewport.zoom_reset();
        self.moved();
    }

    /// Shows everything, and goes on doing so when the size changes.
    pub(crate) fn fit(&mut self) {
        self.viewport.fitted = true;
        self.viewport.glide_to(self.fitting());
        self.moved();
    }

    /// Shows all of a place.
    pub(crate) fn fit_place(&mut self, place: &Place) {
        if let Some(rect) = self.rect_of(place) {
            self.viewport.fit_place(rect);
            self.moved();
        }
    }

    /// Moves the camera just enough to show a place.
    pub(crate) fn reveal(&mut self, place: &Place) {
        if let Some(rect) = self.rect_of(place) {
            self.viewport.reveal(rect);
            self.moved();
        }
    }

    /// Where the page stands, without painting.
    pub(crate) fn status(&self) -> Frame {
        #[expect(clippy::cast_possible_truncation, reason = "zoom lies between 0.1 and 8")]
        let zoom_percent = (self.viewport.camera().zoom * 100.0).round() as i32;
        let moves = self.player.as_ref().is_some_and(Player::is_playing) || self.viewport.is_gliding();
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
        if self.viewport.advance(passed_ms) {
            self.moved();
        }
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
        let (ratio, view) = (dom::pixel_ratio().min(MAX_RATIO), self.viewport.view());
        let (size, camera) = (self.viewport.size, self.viewport.camera());
        if size.width < 1.0 || size.height < 1.0 {
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
            below.fit(size, ratio);
            below.begin(camera, ratio);
            below.grid(view, camera.zoom);
            below.paint(&self.below, view, camera.zoom);
            if self.scene.is_some() && !self.drawn {
                self.drawn = true;
                self.viewport.jumps = self.still;
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
            above.fit(size, ratio);
            above.begin(camera, ratio);
            above.paint(&self.above, view, camera.zoom);
            if let (Some(timeline), Some(player)) = (&self.timeline, &self.player) {
                dom::set_variable(timeline, "--at", &format!("{:.4}", position(player)));
            }
        }
    }

    /// Where all of the diagram would be too small to read, the camera goes along with the packet, until the visitor
    /// moves it; at the end it shows everything again.
    fn follow(&mut self) {
        let whole = self.fitting();
        let Some(player) =
            self.player.as_ref().filter(|_| self.viewport.fitted && (self.follows || whole.zoom < READABLE_ZOOM))
        else {
            return;
        };
        let step = player.step();
        let done = player.is_at_end();
        let target = if done { usize::MAX } else { step };
        if self.followed == Some(target) || (player.time_ms() <= 0.0 && !player.is_playing()) {
            return;
        }
        let places = player.timeline().slots().get(step).map(|slot| slot.route.clone()).unwrap_or_default();
        let seen = places.iter().filter_map(|place| self.rect_of(place)).reduce(Rect::union);
        let to = match seen.filter(|_| !done) {
            Some(rect) => self.viewport.following(rect),
            None => whole,
        };
        self.followed = Some(target);
        self.viewport.glide_to(to);
        self.moved();
    }

    fn fitting(&self) -> Camera {
        self.scene.as_ref().map_or_else(Camera::identity, |scene| self.viewport.fitting(scene.bounds()))
    }

    const fn moved(&mut self) {
        self.stale_below = true;
        self.stale_above = true;
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
