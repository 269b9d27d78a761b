//! Paints draw lists on a canvas, and measures texts for them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use diagram::draw_list::{Anchor, Dash, Font, Shape, Stroke};
use diagram::geometry::{Camera, Point, Rect};
use diagram::text::TextMetrics;
use diagram::theme::{Ink, Theme};
use js_sys::JsString;
use smol_str::SmolStr;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::{Canvas, Size, document, glyph};

/// Texts smaller than this on the screen, in CSS pixels, are not painted.
const SMALLEST_TEXT_PX: f64 = 3.5;
/// The distance between grid dots in world units, and the smallest distance shown, in CSS pixels.
const GRID: f64 = 24.0;
const GRID_MIN_PX: f64 = 14.0;

// Setters that take a JavaScript string as it is: the ones in web-sys encode a Rust string on every call.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = web_sys::CanvasRenderingContext2d)]
    pub(super) type Context;

    #[wasm_bindgen(method, setter, js_name = "fillStyle")]
    fn set_fill(this: &Context, color: &JsString);

    #[wasm_bindgen(method, setter, js_name = "strokeStyle")]
    fn set_stroke(this: &Context, color: &JsString);

    #[wasm_bindgen(method, setter, js_name = "font")]
    fn set_typeface(this: &Context, font: &JsString);

    #[wasm_bindgen(method, setter, js_name = "textAlign")]
    fn set_alignment(this: &Context, alignment: &JsString);
}

/// The typefaces of the page, as CSS names them.
const SANS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
const MONO: &str = "ui-monospace, SFMono-Regular, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace";

fn css_font(font: Font) -> String {
    let (weight, family) = match font {
        Font::Title => (700, SANS),
        Font::Label => (600, SANS),
        Font::Small => (500, SANS),
        Font::Mono | Font::MonoSmall => (400, MONO),
        Font::MonoBold => (700, MONO),
    };
    format!("{weight} {}px {family}", font.size())
}

fn context_of(canvas: &Canvas) -> Option<Context> {
    canvas.get_context("2d").ok().flatten().map(JsCast::unchecked_into)
}

/// Text widths as this browser paints them, each asked for once.
pub struct Metrics {
    context: Option<Context>,
    widths: RefCell<BTreeMap<Font, BTreeMap<SmolStr, f64>>>,
}

impl Default for Metrics {
    /// Measures on a canvas that is never shown.
    fn default() -> Self {
        let canvas = document().create_element("canvas").ok().and_then(|canvas| canvas.dyn_into::<Canvas>().ok());
        Self { context: canvas.as_ref().and_then(context_of), widths: RefCell::default() }
    }
}

impl TextMetrics for Metrics {
    fn width(&self, text: &str, font: Font) -> f64 {
        let mut widths = self.widths.borrow_mut();
        let widths = widths.entry(font).or_default();
        if let Some(width) = widths.get(text) {
            return *width;
        }
        let Some(context) = &self.context else { return 0.0 };
        context.set_font(&css_font(font));
        let width = context.measure_text(text).map_or(0.0, |measured| measured.width());
        widths.insert(SmolStr::new(text), width);
        width
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// One canvas layer. It remembers what the context is set to and sets only what differs.
pub struct Surface {
    canvas: Canvas,
    context: Context,
    theme: Theme,
    colors: BTreeMap<Ink, JsString>,
    fonts: BTreeMap<Font, JsString>,
    alignments: [JsString; 3],
    dashes: [js_sys::Array; 3],
    opacities: Vec<f64>,
    fill: Option<Ink>,
    stroke: Option<Ink>,
    font: Option<Font>,
    anchor: Option<Anchor>,
    dash: Option<Dash>,
    width: f64,
}

/// The layer painted on `canvas`; `None` when the browser has no 2D canvas.
pub fn surface_of(canvas: &Canvas) -> Option<Surface> {
    let context = context_of(canvas)?;
    let dash = |lengths: &[f64]| lengths.iter().map(|length| JsValue::from_f64(*length)).collect();
    Some(Surface {
        canvas: canvas.clone(),
        context,
        theme: Theme::Light,
        colors: BTreeMap::new(),
        fonts: BTreeMap::new(),
        alignments: ["left".into(), "center".into(), "right".into()],
        dashes: [dash(&[]), dash(&[5.0, 4.0]), dash(&[1.0, 5.0])],
        opacities: Vec::new(),
        fill: None,
        stroke: None,
        font: None,
        anchor: None,
        dash: None,
        width: 0.0,
    })
}

impl Surface {
    /// Sets the colours.
    pub fn set_theme(&mut self, theme: Theme) {
        if self.theme != theme {
            self.theme = theme;
            self.colors.clear();
        }
    }

    /// Gives the canvas as many device pixels as it covers. Setting them also clears it.
    pub fn fit(&mut self, size: Size, ratio: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a screen has fewer than 2^32 pixels"
        )]
        let device = |length: f64| (length * ratio).round().max(1.0) as u32;
        let (width, height) = (device(size.width), device(size.height));
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
            self.forget();
        }
    }

    /// Clears the layer and looks at the world through `camera`.
    pub fn begin(&mut self, camera: Camera, ratio: f64) {
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let scale = camera.zoom * ratio;
        let (dx, dy) = (-camera.origin.x * scale, -camera.origin.y * scale);
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, dx, dy);
        self.context.set_global_alpha(1.0);
        self.context.set_line_join("round");
        self.context.set_line_cap("round");
        self.opacities.clear();
        self.forget();
    }

    /// The dots of the ground, where `view` (world) shows them.
    pub fn grid(&mut self, view: Rect, zoom: f64) {
        let mut step = GRID;
        while step * zoom < GRID_MIN_PX {
            step *= 2.0;
        }
        let side = 1.2 / zoom.min(1.0);
        self.context.begin_path();
        let mut y = (view.y / step).ceil() * step;
        while y < view.bottom() {
            let mut x = (view.x / step).ceil() * step;
            while x < view.right() {
                self.context.rect(x - side / 2.0, y - side / 2.0, side, side);
                x += step;
            }
            y += step;
        }
        self.use_fill(Ink::GridDot);
        self.context.fill();
    }

    /// Paints the shapes that can be seen in `view` (world).
    pub fn paint(&mut self, shapes: &[Shape], view: Rect, zoom: f64) {
        let smallest_text = SMALLEST_TEXT_PX / zoom;
        for shape in shapes {
            match shape {
                Shape::Rect { rect, radius, fill, stroke, shadow } => {
                    if rect.inflated(4.0).overlaps(view) {
                        self.rect(*rect, *radius, *fill, *stroke, *shadow);
                    }
                }
                Shape::Line { points, radius, stroke } => self.line(points, *radius, *stroke),
                Shape::Polygon { points, fill, stroke } => {
                    self.trace(points);
                    self.context.close_path();
                    self.finish(*fill, *stroke);
                }
                Shape::Circle { center, radius, fill, stroke } => {
                    self.context.begin_path();
                    let _ = self.context.arc(center.x, center.y, *radius, 0.0, std::f64::consts::TAU);
                    self.finish(*fill, *stroke);
                }
                Shape::Text { at, text, font, ink, anchor, struck } => {
                    let near = view.inflated(400.0).contains(*at);
                    if near && font.size() >= smallest_text {
                        self.text(*at, text, *font, *ink, *anchor, *struck);
                    }
                }
                Shape::Glyph { glyph, rect, ink } => {
                    if rect.overlaps(view) {
                        self.use_stroke(Stroke { ink: *ink, width: 1.0, dash: Dash::Solid });
                        self.use_fill(*ink);
                        glyph::paint(&self.context, *glyph, *rect);
                        self.width = 0.0;
                    }
                }
                Shape::PushOpacity(opacity) => {
                    let outer = self.opacities.last().copied().unwrap_or(1.0);
                    self.opacities.push(outer * opacity);
                    self.context.set_global_alpha(outer * opacity);
                }
                Shape::Pop => {
                    self.opacities.pop();
                    self.context.set_global_alpha(self.opacities.last().copied().unwrap_or(1.0));
                }
            }
        }
    }

    /// A new picture, or a resized canvas, starts from the context's defaults.
    fn forget(&mut self) {
        (self.fill, self.stroke, self.font, self.anchor, self.dash) = (None, None, None, None, None);
        self.width = 0.0;
    }

    fn rect(&mut self, rect: Rect, radius: f64, fill: Option<Ink>, stroke: Option<Stroke>, shadow: bool) {
        if shadow {
            for (spread, drop) in [(1.0, 2.5), (0.0, 1.0)] {
                let under = rect.inflated(spread);
                self.outline(Rect { y: under.y + drop, ..under }, radius + spread);
                self.use_fill(Ink::Shadow);
                self.context.fill();
            }
        }
        self.outline(rect, radius);
        self.finish(fill, stroke);
    }

    fn outline(&self, rect: Rect, radius: f64) {
        self.context.begin_path();
        let radius = radius.min(rect.width / 2.0).min(rect.height / 2.0).max(0.0);
        let _ = self.context.round_rect_with_f64(rect.x, rect.y, rect.width.max(0.0), rect.height.max(0.0), radius);
    }

    fn trace(&self, points: &[Point]) {
        self.context.begin_path();
        for (index, point) in points.iter().enumerate() {
            if index == 0 {
                self.context.move_to(point.x, point.y);
            } else {
                self.context.line_to(point.x, point.y);
            }
        }
    }

    fn line(&mut self, points: &[Point], radius: f64, stroke: Stroke) {
        let [first, .., last] = points else { return };
        self.context.begin_path();
        self.context.move_to(first.x, first.y);
        for corner in points.windows(3) {
            let [before, at, after] = corner else { continue };
            let room = at.distance(*before).min(at.distance(*after)) / 2.0;
            let _ = self.context.arc_to(at.x, at.y, after.x, after.y, radius.min(room));
        }
        self.context.line_to(last.x, last.y);
        self.finish(None, Some(stroke));
    }

    fn text(&mut self, at: Point, text: &str, font: Font, ink: Ink, anchor: Anchor, struck: bool) {
        self.use_fill(ink);
        if self.font != Some(font) {
            let name = self.fonts.entry(font).or_insert_with(|| css_font(font).into());
            self.context.set_typeface(name);
            self.font = Some(font);
        }
        if self.anchor != Some(anchor) {
            let [left, center, right] = &self.alignments;
            self.context.set_alignment(match anchor {
                Anchor::Start => left,
                Anchor::Middle => center,
                Anchor::End => right,
            });
            self.anchor = Some(anchor);
        }
        let _ = self.context.fill_text(text, at.x, at.y);
        if struck {
            let width = self.context.measure_text(text).map_or(0.0, |measured| measured.width());
            let x = match anchor {
                Anchor::Start => at.x,
                Anchor::Middle => at.x - width / 2.0,
                Anchor::End => at.x - width,
            };
            self.context.fill_rect(x, at.y - font.size() * 0.33, width, 1.0);
        }
    }

    fn finish(&mut self, fill: Option<Ink>, stroke: Option<Stroke>) {
        if let Some(ink) = fill {
            self.use_fill(ink);
            self.context.fill();
        }
        if let Some(stroke) = stroke {
            self.use_stroke(stroke);
            self.context.stroke();
        }
    }

    fn color(&mut self, ink: Ink) -> &JsString {
        let theme = self.theme;
        self.colors.entry(ink).or_insert_with(|| theme.color(ink).css().into())
    }

    fn use_fill(&mut self, ink: Ink) {
        if self.fill != Some(ink) {
            let color = self.color(ink).clone();
            self.context.set_fill(&color);
            self.fill = Some(ink);
        }
    }

    fn use_stroke(&mut self, stroke: Stroke) {
        if self.stroke != Some(stroke.ink) {
            let color = self.color(stroke.ink).clone();
            self.context.set_stroke(&color);
            self.stroke = Some(stroke.ink);
        }
        if (self.width - stroke.width).abs() > f64::EPSILON {
            self.context.set_line_width(stroke.width);
            self.width = stroke.width;
        }
        if self.dash != Some(stroke.dash) {
            let [solid, dashed, dotted] = &self.dashes;
            let _ = self.context.set_line_dash(match stroke.dash {
                Dash::Solid => solid,
                Dash::Dashed => dashed,
                Dash::Dotted => dotted,
            });
            self.dash = Some(stroke.dash);
        }
    }
}

impl std::fmt::Debug for Surface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surface").field("theme", &self.theme).finish_non_exhaustive()
    }
}
