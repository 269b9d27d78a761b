//! The packet at a step byte by byte, and the run as a capture.

use inquiry::{Answer, Bytes, Packets, Part, Question};
use leptos::prelude::*;

use crate::components::{El, Node, button, el, live, styled};
use crate::dom;
use crate::state::{Lab, Notice};

/// Whether the bytes are shown: kept for as long as the page lives, so that stepping on shows the next ones.
#[derive(Clone, Copy)]
pub(crate) struct ByteView {
    shown: RwSignal<bool>,
    packets: RwSignal<Option<Packets>>,
    /// The name of the field looked at.
    field: RwSignal<Option<String>>,
}

impl ByteView {
    /// Bytes that are not shown yet.
    pub(crate) fn new(lab: Lab) -> Self {
        let view = Self { shown: RwSignal::new(false), packets: RwSignal::new(None), field: RwSignal::new(None) };
        Effect::new(move |_| {
            let (shown, step) = (view.shown.get(), lab.step.get());
            let Some(run) = lab.run.get().filter(|_| shown) else { return };
            let question = Question::Packet { request: run.trace.request.clone(), step };
            lab.desk.ask(&lab.document.get_untracked(), &question, move |answer| {
                if let Some(Answer::Packet(packets)) = answer
                    && lab.step.try_get_untracked() == Some(step)
                {
                    view.packets.try_set(Some(packets));
                }
            });
        });
        view
    }
}

/// The section “Bytes”.
pub(super) fn bytes(lab: Lab, view: ByteView) -> Node {
    let toggle = button("quiet small", move || view.shown.update(|shown| *shown = !*shown))
        .live_attr("aria-expanded", move || Some(view.shown.get().to_string()))
        .child("Bytes");
    let export =
        button("quiet small", move || export(lab)).attr("title", "The whole run, for Wireshark").child("Export pcapng");
    let shown = live(move || {
        let packets = if view.shown.get() { view.packets.get() } else { None };
        packets.map(|packets| frames(view, &packets))
    });
    vec![styled("p", "decision").child(toggle).child(export).into(), shown].into()
}

fn frames(view: ByteView, packets: &Packets) -> Node {
    let mut shown = Vec::new();
    for (title, side) in [("Comes in", &packets.before), ("Goes out", &packets.after)] {
        for frame in side {
            shown.push(el("h3").child(title));
            shown.push(grid(view, title, frame));
        }
    }
    shown.push(styled("p", "byte-note").attr("role", "status").child(live(move || note(view))));
    shown.into()
}

/// The bytes, field by field; the ones the step changed are lit.
fn grid(view: ByteView, title: &str, frame: &Bytes) -> El {
    let parts = frame.fields.iter().map(|part| -> Node {
        if part.name.is_empty() {
            return styled("span", "byte-gap").child(part.hex.as_str()).into();
        }
        let (name, own) = (part.name.clone(), part.name.clone());
        button(if part.changed { "byte-field lit" } else { "byte-field" }, move || view.field.set(Some(name.clone())))
            .live_class("chosen", move || view.field.get().as_ref() == Some(&own))
            .attr("title", &format!("{} = {}", part.name, part.value))
            .label(&format!("{} {}", part.name, part.value))
            .child(part.hex.as_str())
            .into()
    });
    styled("div", "byte-grid mono")
        .attr("role", "group")
        .label(&format!("Bytes: {title}"))
        .child(Node::Many(parts.collect()))
}

/// What the field looked at says, on both sides, and where each value comes from.
fn note(view: ByteView) -> Node {
    let Some(name) = view.field.get() else {
        return "Press some bytes to see which field they are and where its value comes from.".into();
    };
    let packets = view.packets.get().unwrap_or_default();
    let side = |frames: &[Bytes]| -> Option<Part> {
        frames.iter().flat_map(|frame| &frame.fields).find(|part| part.name == name).cloned()
    };
    let (before, after) = (side(&packets.before), side(&packets.after));
    let told = |part: &Part| {
        Node::Many(vec![
            el("code").child(part.value.as_str()).into(),
            " from ".into(),
            el("code").child(part.origin.as_str()).into(),
        ])
    };
    let mut words = vec![el("b").child(name.as_str()).into(), Node::from(" ")];
    match (before, after) {
        (Some(before), Some(after)) if before.value != after.value => {
            words.extend([told(&before), " becomes ".into(), told(&after)]);
        }
        (Some(part), _) | (None, Some(part)) => words.push(told(&part)),
        (None, None) => words.push("is not in this packet.".into()),
    }
    Node::Many(words)
}

fn export(lab: Lab) {
    let Some(run) = lab.run.get_untracked() else { return };
    let question = Question::Capture { request: run.trace.request.clone() };
    lab.desk.ask(&lab.document.get_untracked(), &question, move |answer| {
        if let Some(Answer::File { base64 }) = answer {
            dom::download_bytes("private-link-lab.pcapng", "application/x-pcapng", &base64);
        } else {
            lab.notice.set(Some(Notice::error("The capture could not be made.")));
        }
    });
}
