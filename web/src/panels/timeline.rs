//! The scrubbable timeline: one mark a step, told apart by shape as well as colour.

use editor::Context;
use leptos::prelude::*;
use playback::Marker;

use super::keys::KeyFocus;
use crate::components::{El, Node, live, mark, styled};
use crate::dom::{self, Element, Listener, Options};
use crate::state::{Lab, Run};

/// The slider “Timeline”.
pub(super) fn timeline(lab: Lab, focus: KeyFocus) -> El {
    let n_steps = move || lab.run.with(|run| run.as_ref().map_or(0, |run| run.trace.steps.len()));
    let text = move || match lab.run.get() {
        Some(run) => lab.step_text(&run, lab.step.get()),
        None => String::from("Nothing sent yet"),
    };
    let track = styled("div", "track")
        .attr("role", "slider")
        .attr("tabindex", "0")
        .label("Timeline")
        .attr("aria-valuemin", "1")
        .live_attr("aria-valuemax", move || Some(n_steps().max(1).to_string()))
        .live_attr("aria-valuenow", move || Some((lab.step.get() + 1).to_string()))
        .live_attr("aria-valuetext", move || Some(text()))
        .live_attr("aria-disabled", move || Some((n_steps() == 0).to_string()))
        .on("focus", move |_| focus.0.set(Context::Timeline))
        .on("blur", move |_| focus.0.set(Context::Anywhere))
        .child(styled("div", "rail"))
        .child(styled("div", "rail done"))
        .child(live(move || lab.run.get().map(|run| marks(lab, &run))))
        .child(styled("div", "thumb").live_class("shown", move || n_steps() != 0))
        .then(move |track| {
            lab.on_stage(|stage| stage.attach_timeline(track.clone()));
            StoredValue::new_local(scrubbing(lab, track));
        });
    let count = move || match n_steps() {
        0 => String::from("–"),
        n => format!("{} / {n}", lab.step.get() + 1),
    };
    let count = styled("output", "count mono").attr("aria-hidden", "true").child(live(count));
    styled("div", "timeline").child(track).child(count)
}

/// One mark for each step of a run.
fn marks(lab: Lab, run: &Run) -> Node {
    let slots = run.timeline.slots();
    let last = slots.len().saturating_sub(1).max(1);
    let marks = slots.iter().enumerate().map(|(index, slot)| {
        #[expect(clippy::cast_precision_loss, reason = "a trace has far fewer than 2^52 steps")]
        let at = index as f64 / last as f64;
        let (class, path) = shape(slot.marker);
        mark(&format!("mark {class}"), path)
            .live_class("passed", move || index <= lab.step.get())
            .live_class("current", move || index == lab.step.get())
            .attr("--mark", &format!("{at:.4}"))
            .into()
    });
    Node::Many(marks.collect())
}

/// The class and the outline of a mark.
pub(super) const fn shape(marker: Marker) -> (&'static str, &'static str) {
    const CIRCLE: &str = "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z";
    match marker {
        Marker::Hop => ("hop", CIRCLE),
        Marker::Query => ("query", "M8 2.5 14 13H2Z"),
        Marker::Answer => ("answer", "M8 13.5 2 3h12Z"),
        Marker::Rewrite => ("rewrite", "M8 1.5 14.5 8 8 14.5 1.5 8Z"),
        Marker::Success => ("success", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4.8 8.2l2.3 2.3 4.2-4.6"),
        Marker::Refusal => ("refusal", "M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5ZM8 4.5v4.2M8 11.2v.2"),
        Marker::Drop => ("drop", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"),
    }
}

/// Lets a pointer drag along the track, until dropped.
fn scrubbing(lab: Lab, track: &Element) -> Vec<Listener> {
    let element = StoredValue::new_local(track.clone());
    let held = StoredValue::new_local(false);
    let seek = move |event: &dom::PointerEvent| {
        let bounds = element.with_value(dom::bounds);
        let part = ((f64::from(event.client_x()) - bounds.left) / bounds.width.max(1.0)).clamp(0.0, 1.0);
        let n_steps = lab.run.with_untracked(|run| run.as_ref().map_or(0, |run| run.timeline.slots().len()));
        if n_steps > 0 {
            #[expect(clippy::cast_precision_loss, reason = "a trace has far fewer than 2^52 steps")]
            let last = (n_steps - 1) as f64;
            lab.drive(|player| {
                let time_ms = player.timeline().time_at(part * last);
                player.seek(time_ms);
            });
        }
    };
    vec![
        Listener::on(track, "pointerdown", Options::Passive, move |event: dom::PointerEvent| {
            element.with_value(|track| {
                dom::capture_pointer(track, event.pointer_id());
                dom::focus(track);
            });
            held.set_value(true);
            seek(&event);
        }),
        Listener::on(track, "pointermove", Options::Passive, move |event: dom::PointerEvent| {
            if held.get_value() {
                seek(&event);
            }
        }),
        Listener::on(track, "pointerup", Options::Passive, move |_: dom::PointerEvent| held.set_value(false)),
        Listener::on(track, "pointercancel", Options::Passive, move |_: dom::PointerEvent| held.set_value(false)),
    ]
}
