//! The scenes of the published scenarios, as text.

mod common;

use std::fmt::Write as _;

use common::{SCENARIOS, scenario, scene};
use diagram::draw_list::Shape;
use diagram::{Emphasis, Orientation};
use expect_test::expect_file;

/// The outline with rectangles, then every text and line of the drawing.
fn described(name: &str, orientation: Orientation) -> String {
    let scene = scene(&scenario(name), orientation);
    let mut out = String::new();
    let _ = writeln!(out, "{} × {}", scene.bounds().width, scene.bounds().height);
    for item in scene.outline() {
        let indent = "  ".repeat(item.depth);
        let rect = item.place.as_ref().and_then(|place| scene.rect_of(place)).unwrap_or_default();
        let _ = writeln!(
            out,
            "{indent}{:?} {} {},{} {}×{} {:?}",
            item.kind, item.name, rect.x, rect.y, rect.width, rect.height, item.details
        );
    }
    for shape in scene.draw(&Emphasis::default()) {
        match shape {
            Shape::Text { at, text, font, ink, .. } => {
                let _ = writeln!(out, "text {:.1},{:.1} {font:?} {ink:?} {text}", at.x, at.y);
            }
            Shape::Line { points, stroke, .. } => {
                let points: Vec<String> = points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
                let _ = writeln!(out, "line {:?} {:?} {}", stroke.ink, stroke.dash, points.join(" "));
            }
            Shape::Rect { .. }
            | Shape::Polygon { .. }
            | Shape::Circle { .. }
            | Shape::Glyph { .. }
            | Shape::PushOpacity(_)
            | Shape::Pop => {}
        }
    }
    out
}

#[test]
fn two_tenants_side_by_side() {
    expect_file!["golden/two-tenants-landscape.txt"].assert_eq(&described(SCENARIOS[0], Orientation::Landscape));
}

#[test]
fn two_tenants_stacked() {
    expect_file!["golden/two-tenants-portrait.txt"].assert_eq(&described(SCENARIOS[0], Orientation::Portrait));
}

#[test]
fn peered_networks_with_platform_services() {
    expect_file!["golden/peered-landscape.txt"].assert_eq(&described(SCENARIOS[1], Orientation::Landscape));
}
