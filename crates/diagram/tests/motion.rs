//! What moves never hides what it says, and the same instant is always the same frame.

mod common;

use common::{SCENARIOS, id, scenario, scene};
use diagram::draw_list::{Anchor, DrawList, Shape};
use diagram::geometry::Rect;
use diagram::text::{FixedMetrics, TextMetrics};
use diagram::theme::Ink;
use diagram::{Motion, Orientation, Scene};
use playback::{Moment, Timeline};
use sim::trace::{DropCause, Event, Phase};
use sim::{Outcome, Place, Step, Trace};
use topology::Document;

fn trace(document: &Document, request: usize) -> Trace {
    let (network, _) = sim::compile(document);
    sim::send(&network, &mut sim::Session::default(), &document.requests[request])
}

fn text_boxes(frame: &DrawList) -> Vec<(String, Rect)> {
    let text_box = |shape: &Shape| {
        let Shape::Text { at, text, font, anchor: Anchor::Start, .. } = shape else { return None };
        let (width, size) = (FixedMetrics.width(text, *font), font.size());
        Some((text.to_string(), Rect::new(at.x, at.y - size * 0.8, width, size)))
    };
    frame.iter().filter_map(text_box).collect()
}

fn frame(motion: &Motion, moment: Moment, reduced_motion: bool) -> DrawList {
    let mut list = DrawList::new();
    motion.frame(&moment, reduced_motion, &mut list);
    list
}

fn check(scene: &Scene, trace: &Trace) {
    let timeline = Timeline::new(trace);
    let motion = Motion::new(scene, trace, &timeline, &FixedMetrics);
    for (index, step) in trace.steps.iter().enumerate() {
        for (travel, dwell) in [
            (0.0, 0.0),
            (0.3, 0.0),
            (0.7, 0.0),
            (1.0, 0.0),
            (1.0, 0.1),
            (1.0, 0.3),
            (1.0, 0.36),
            (1.0, 0.6),
            (1.0, 1.0),
        ] {
            let moment = Moment { step: index, travel, dwell };
            let list = frame(&motion, moment, false);
            assert_eq!(list, frame(&motion, moment, false), "the same moment gives the same frame");
            let boxes = text_boxes(&list);
            for (position, (text, rect)) in boxes.iter().enumerate() {
                assert!(scene.bounds().contains_rect(*rect), "step {index}: {text} leaves the scene at {moment:?}");
                for (other, other_rect) in &boxes[..position] {
                    assert!(!rect.overlaps(*other_rect), "step {index}: {text} lies on {other} at {moment:?}");
                }
                let card = scene.rect_of(&step.at).filter(|_| travel >= 1.0);
                assert!(card.is_none_or(|card| !card.overlaps(*rect)), "step {index}: {text} hides its card");
            }
            let n = |wanted: fn(&Shape) -> bool| list.iter().filter(|shape| wanted(shape)).count();
            let opened = n(|shape| matches!(shape, Shape::PushOpacity(_)));
            assert_eq!(opened, n(|shape| matches!(shape, Shape::Pop)), "every opacity ends");
        }
    }
}

#[test]
fn no_text_of_any_instant_lies_on_another_or_on_its_card_or_outside() {
    for name in SCENARIOS {
        let document = scenario(name);
        for orientation in [Orientation::Landscape, Orientation::Portrait] {
            let scene = scene(&document, orientation);
            for request in 0..document.requests.len() {
                check(&scene, &trace(&document, request));
            }
        }
    }
}

fn dropped_at(document: &Document, at: Place) -> Trace {
    let mut trace = trace(document, 0);
    let mut step: Step = trace.steps[0].clone();
    let cause = DropCause::NoHealthyBackend { pool: "iis".into() };
    (step.at, step.phase, step.event) = (at.clone(), Phase::Connect, Event::Dropped { cause: cause.clone() });
    trace.steps.truncate(3);
    trace.steps.push(step);
    trace.outcome = Outcome::Dropped { cause, at };
    trace
}

#[test]
fn a_drop_shakes_once_then_stays_pinned_with_its_code() {
    let document = scenario(SCENARIOS[0]);
    let scene = scene(&document, Orientation::Landscape);
    let trace = dropped_at(&document, Place::Resource(id("lb-iis")));
    check(&scene, &trace);
    let motion = Motion::new(&scene, &trace, &Timeline::new(&trace), &FixedMetrics);
    let step = trace.steps.len() - 1;
    let x_of_code = |dwell, reduced| {
        let boxes = text_boxes(&frame(&motion, Moment { step, travel: 1.0, dwell }, reduced));
        boxes.into_iter().find(|(text, _)| text == "NoHealthyBackend").unwrap().1.x
    };
    let rest = x_of_code(1.0, false);
    assert!((x_of_code(0.05, false) - rest).abs() > 1.0);
    assert!((x_of_code(0.4, false) - rest).abs() < 1e-9);
    assert!((x_of_code(0.05, true) - rest).abs() < 1e-9, "no shaking when motion is reduced");
}

#[test]
fn a_place_that_is_not_on_the_diagram_is_no_reason_to_fail() {
    let document = scenario(SCENARIOS[0]);
    let scene = scene(&document, Orientation::Landscape);
    check(&scene, &dropped_at(&document, Place::Internet));
}

#[test]
fn a_rewrite_strikes_the_old_values_through_and_lights_the_new_ones() {
    let document = scenario(SCENARIOS[0]);
    let scene = scene(&document, Orientation::Landscape);
    let trace = trace(&document, 0);
    let motion = Motion::new(&scene, &trace, &Timeline::new(&trace), &FixedMetrics);
    let step = trace.steps.iter().position(|step| matches!(step.event, Event::Translated { .. })).unwrap();
    let texts = |dwell, wanted: fn(&Shape) -> bool| {
        frame(&motion, Moment { step, travel: 1.0, dwell }, false).iter().filter(|shape| wanted(shape)).count()
    };
    let struck: fn(&Shape) -> bool = |shape| matches!(shape, Shape::Text { struck: true, .. });
    let lit: fn(&Shape) -> bool = |shape| matches!(shape, Shape::Rect { fill: Some(Ink::Changed), .. });
    assert_eq!((texts(0.0, struck), texts(0.0, lit)), (0, 0));
    assert!(texts(0.6, struck) >= 2);
    assert_eq!(texts(0.6, lit), 2);
}

#[test]
fn with_reduced_motion_every_instant_of_a_step_is_its_last() {
    let document = scenario(SCENARIOS[1]);
    let scene = scene(&document, Orientation::Landscape);
    let trace = trace(&document, 0);
    let motion = Motion::new(&scene, &trace, &Timeline::new(&trace), &FixedMetrics);
    for step in 0..trace.steps.len() {
        let early = frame(&motion, Moment { step, travel: 0.2, dwell: 0.0 }, true);
        assert_eq!(early, frame(&motion, Moment { step, travel: 1.0, dwell: 1.0 }, false));
    }
}
