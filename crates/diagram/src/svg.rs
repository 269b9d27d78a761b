//! A draw list as SVG.

use std::fmt::Write as _;

use crate::draw_list::{Anchor, Dash, DrawList, Font, Shape, Stroke};
use crate::geometry::{Point, Rect};
use crate::glyphs::{self, GlyphStroke};
use crate::theme::{Ink, Theme};

/// Writes the part of a list inside `view` as a document of its own.
#[must_use]
pub fn write(list: &DrawList, theme: Theme, view: Rect) -> String {
    let mut out = String::with_capacity(list.len() * 120);
    let Rect { x, y, width, height } = view;
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {} {}\" width=\"{}\" height=\"{}\">",
        n(x),
        n(y),
        n(width),
        n(height),
        n(width),
        n(height)
    );
    let ground = theme.color(Ink::Ground).css();
    let _ = writeln!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{ground}\"/>",
        n(x),
        n(y),
        n(width),
        n(height)
    );
    for shape in list {
        element(&mut out, shape, theme);
    }
    out.push_str("</svg>\n");
    out
}

fn element(out: &mut String, shape: &Shape, theme: Theme) {
    // Writing to a string cannot fail.
    let _ = match shape {
        Shape::Rect { rect, radius, fill, stroke, shadow } => {
            if *shadow {
                let below = Rect::new(rect.x, rect.y + 1.5, rect.width, rect.height);
                let _ = writeln!(
                    out,
                    "<rect {} rx=\"{}\" fill=\"{}\"/>",
                    box_of(below.inflated(0.5)),
                    n(*radius),
                    theme.color(Ink::Shadow).css()
                );
            }
            writeln!(out, "<rect {} rx=\"{}\"{}/>", box_of(*rect), n(*radius), paint(*fill, *stroke, theme))
        }
        Shape::Line { points, radius, stroke } => {
            writeln!(
                out,
                "<path d=\"{}\"{} stroke-linejoin=\"round\"/>",
                rounded(points, *radius),
                paint(None, Some(*stroke), theme)
            )
        }
        Shape::Polygon { points, fill, stroke } => {
            let corners: Vec<String> = points.iter().map(|point| format!("{},{}", n(point.x), n(point.y))).collect();
            writeln!(
                out,
                "<polygon points=\"{}\"{} stroke-linejoin=\"round\"/>",
                corners.join(" "),
                paint(*fill, *stroke, theme)
            )
        }
        Shape::Circle { center, radius, fill, stroke } => {
            writeln!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>",
                n(center.x),
                n(center.y),
                n(*radius),
                paint(*fill, *stroke, theme)
            )
        }
        Shape::Text { at, text, font, ink, anchor, struck } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let line = if *struck { " text-decoration=\"line-through\"" } else { "" };
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" {} fill=\"{}\" text-anchor=\"{anchor}\"{line} xml:space=\"preserve\">{}</text>",
                n(at.x),
                n(at.y),
                typeface(*font),
                theme.color(*ink).css(),
                escaped(text)
            )
        }
        Shape::Glyph { glyph, rect, ink } => {
            let scale = rect.width / glyphs::BOX;
            let color = theme.color(*ink).css();
            let _ = write!(
                out,
                "<g transform=\"translate({} {}) scale({})\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
                n(rect.x),
                n(rect.y),
                n(scale),
                n(glyphs::line_width(rect.width) / scale)
            );
            for stroke in glyph.strokes() {
                glyph_stroke(out, *stroke, &color);
            }
            writeln!(out, "</g>")
        }
        Shape::PushOpacity(opacity) => writeln!(out, "<g opacity=\"{}\">", n(*opacity)),
        Shape::Pop => writeln!(out, "</g>"),
    };
}

fn glyph_stroke(out: &mut String, stroke: GlyphStroke, color: &str) {
    let joined = |points: &[(f64, f64)]| points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    let _ = match stroke {
        GlyphStroke::Line(points) => write!(out, "<polyline points=\"{}\"/>", joined(points)),
        GlyphStroke::Outline(points) => write!(out, "<polygon points=\"{}\"/>", joined(points)),
        GlyphStroke::Ring(x, y, r) => write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>"),
        GlyphStroke::Dot(x, y, r) => {
            write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{color}\" stroke=\"none\"/>")
        }
        GlyphStroke::Arc { center: (x, y), radii: (rx, ry), degrees: (from, to) } if to - from >= 360.0 => {
            write!(out, "<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{rx}\" ry=\"{ry}\"/>")
        }
        GlyphStroke::Arc { center: (x, y), radii: (rx, ry), degrees: (from, to) } => {
            let end = |degrees: f64| (x + rx * degrees.to_radians().cos(), y + ry * degrees.to_radians().sin());
            let ((x0, y0), (x1, y1)) = (end(from), end(to));
            let large = u8::from(to - from > 180.0);
            write!(out, "<path d=\"M{} {}A{rx} {ry} 0 {large} 1 {} {}\"/>", n(x0), n(y0), n(x1), n(y1))
        }
    };
}

fn box_of(rect: Rect) -> String {
    format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", n(rect.x), n(rect.y), n(rect.width), n(rect.height))
}

fn paint(fill: Option<Ink>, stroke: Option<Stroke>, theme: Theme) -> String {
    let mut out = match fill {
        Some(ink) => format!(" fill=\"{}\"", theme.color(ink).css()),
        None => String::from(" fill=\"none\""),
    };
    if let Some(Stroke { ink, width, dash }) = stroke {
        let _ = write!(out, " stroke=\"{}\" stroke-width=\"{}\"", theme.color(ink).css(), n(width));
        out.push_str(match dash {
            Dash::Solid => "",
            Dash::Dashed => " stroke-dasharray=\"5 4\"",
            Dash::Dotted => " stroke-dasharray=\"0.1 5\" stroke-linecap=\"round\"",
        });
    }
    out
}

fn typeface(font: Font) -> String {
    let (family, weight) = match font {
        Font::Title => ("system-ui, sans-serif", 700),
        Font::Label => ("system-ui, sans-serif", 600),
        Font::Small => ("system-ui, sans-serif", 500),
        Font::Mono | Font::MonoSmall => ("ui-monospace, monospace", 400),
        Font::MonoBold => ("ui-monospace, monospace", 700),
    };
    format!("font-family=\"{family}\" font-size=\"{}\" font-weight=\"{weight}\"", font.size())
}

/// The path through points with its corners rounded.
fn rounded(points: &[Point], radius: f64) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| points[index]);
        let after = points.get(index + 1);
        let _ = match (before, after) {
            (None, _) => write!(path, "M{} {}", n(point.x), n(point.y)),
            (Some(_), None) => write!(path, "L{} {}", n(point.x), n(point.y)),
            (Some(before), Some(after)) => {
                let (to_before, to_after) = (point.distance(before), point.distance(*after));
                let cut = radius.min(to_before / 2.0).min(to_after / 2.0);
                if cut <= 0.0 {
                    write!(path, "L{} {}", n(point.x), n(point.y))
                } else {
                    let (from, to) = (point.lerp(before, cut / to_before), point.lerp(*after, cut / to_after));
                    write!(path, "L{} {}Q{} {} {} {}", n(from.x), n(from.y), n(point.x), n(point.y), n(to.x), n(to.y))
                }
            }
        };
    }
    path
}

/// A number with at most two decimals.
fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    String::from(if text == "-0" { "0" } else { text })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_stays_text() {
        let shape = Shape::Text {
            at: Point::new(1.0, 2.0),
            text: "<script>&".into(),
            font: Font::Label,
            ink: Ink::Text,
            anchor: Anchor::Start,
            struck: false,
        };
        let svg = write(&vec![shape], Theme::Light, Rect::new(0.0, 0.0, 10.0, 10.0));
        assert!(svg.contains("&lt;script&gt;&amp;"));
        assert!(!svg.contains("<script>"));
    }
}
