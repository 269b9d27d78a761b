//! Paints the signs of resources and states.

use diagram::draw_list::Glyph;
use diagram::geometry::Rect;
use diagram::glyphs::{BOX, GlyphStroke, LINE_WIDTH};

use super::canvas2d::Context;

/// Paints a glyph into `rect` with the fill and stroke colours that are set.
pub(super) fn paint(context: &Context, glyph: Glyph, rect: Rect) {
    context.save();
    let _ = context.translate(rect.x, rect.y);
    let _ = context.scale(rect.width / BOX, rect.height / BOX);
    context.set_line_width(LINE_WIDTH);
    for stroke in glyph.strokes() {
        context.begin_path();
        match *stroke {
            GlyphStroke::Line(points) => {
                trace(context, points);
                context.stroke();
            }
            GlyphStroke::Outline(points) => {
                trace(context, points);
                context.close_path();
                context.stroke();
            }
            GlyphStroke::Ring(x, y, radius) => {
                let _ = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                context.stroke();
            }
            GlyphStroke::Dot(x, y, radius) => {
                let _ = context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
                context.fill();
            }
            GlyphStroke::Arc { center: (x, y), radii: (across, down), degrees: (from, to) } => {
                let _ = context.ellipse(x, y, across, down, 0.0, from.to_radians(), to.to_radians());
                context.stroke();
            }
        }
    }
    context.restore();
}

fn trace(context: &Context, points: &[(f64, f64)]) {
    for (index, (x, y)) in points.iter().enumerate() {
        if index == 0 {
            context.move_to(*x, *y);
        } else {
            context.line_to(*x, *y);
        }
    }
}
