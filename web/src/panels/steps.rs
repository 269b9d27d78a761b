//! The steps in words.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use narration::{Span, plain};
use playback::Marker;
use sim::trace::{Outcome, Step};
use topology::document::{Request, RequestProtocol};

use crate::components::{El, Icon, Node, button, el, icon, live, sentence, styled};
use crate::dom;
use crate::state::{Lab, Notice, Run, narrator};

/// The list “Steps”.
pub(super) fn steps(lab: Lab) -> Node {
    Effect::new(move |_| {
        let step = lab.step.get();
        if lab.run.with(Option::is_some) {
            dom::scroll_into_list(&step_id(step));
        }
    });
    live(move || match lab.run.get() {
        Some(run) => Node::from(list(lab, &run)),
        None => questions(lab).into(),
    })
}

/// How the request ended.
pub(super) fn outcome(lab: Lab) -> Option<El> {
    let run = lab.run.get()?;
    let document = lab.document.get_untracked();
    let outcome = narrator().outcome(&run.trace.outcome, &run.trace.request.to, &document);
    let caller = narrator().caller(&run.trace.outcome, &document);
    let (tone, sign) = match &run.trace.outcome {
        Outcome::Answered { response: Some(response), .. } if response.status >= 400 => ("refused", Icon::Close),
        Outcome::Answered { .. } | Outcome::Resolved { .. } => ("answered", Icon::Check),
        Outcome::Dropped { .. } => ("dropped", Icon::Close),
    };
    let last = run.trace.steps.len().saturating_sub(1);
    let between = if caller.is_empty() { "" } else { " · " };
    let words = el("span").child(sentence(outcome)).child(between).child(sentence(caller));
    // While it plays, how it ends is not given away.
    let ended = styled("p", &format!("outcome {tone}"))
        .live_class("untold", move || lab.playing.get() && lab.step.get() != last)
        .child(icon(sign))
        .child(words);
    Some(ended)
}

/// Copies the steps as a numbered list in Markdown.
pub(super) fn copy_button(lab: Lab) -> Option<El> {
    let run = lab.run.get()?;
    let copy = move || {
        let text = markdown(lab, &run);
        spawn_local(async move {
            let notice = match dom::copy(&text).await {
                true => Notice::done("The steps are on the clipboard."),
                false => Notice::error("The browser does not let the page use the clipboard."),
            };
            lab.notice.try_set(Some(notice));
        });
    };
    let copy = button("icon-button", copy).label("Copy steps as Markdown").attr("title", "Copy the steps as Markdown");
    Some(copy.child(icon(Icon::Copy)))
}

/// The steps in Markdown: numbered, with sources and assumptions, and how it ended.
fn markdown(lab: Lab, run: &Run) -> String {
    let document = lab.document.get_untracked();
    let mut text = format!("**{}** → `{}`\n\n", run.trace.request.from, address(&run.trace.request));
    for (index, step) in run.trace.steps.iter().enumerate() {
        let place = narrator().place(&step.at, &document);
        let words: String = narrator()
            .step(step, &document)
            .into_iter()
            .map(|span| match span {
                Span::Text(text) => text,
                Span::Code(code) => format!("`{code}`"),
                Span::Resource { name, .. } => format!("**{name}**"),
            })
            .collect();
        let keys: Vec<&str> = step.sources.iter().chain(&step.assumptions).copied().collect();
        let keys = if keys.is_empty() { String::new() } else { format!(" [{}]", keys.join(", ")) };
        text.push_str(&format!("{}. **{place}**: {words}{keys}\n", index + 1));
    }
    let outcome = plain(&narrator().outcome(&run.trace.outcome, &run.trace.request.to, &document));
    text + "\n" + &outcome + "\n"
}

fn list(lab: Lab, run: &Arc<Run>) -> El {
    let rows = run.trace.steps.iter().zip(run.timeline.slots()).enumerate();
    let rows = rows.map(|(index, (step, slot))| row(lab, index, step, slot.marker));
    styled("ol", "step-list").label("Steps").on("keydown", move |event| walk(lab, event)).children(rows)
}

fn row(lab: Lab, index: usize, step: &Step, marker: Marker) -> El {
    let document = lab.document.get_untracked();
    let tone = match marker {
        Marker::Drop | Marker::Refusal => "bad",
        Marker::Success => "good",
        Marker::Query | Marker::Answer | Marker::Hop | Marker::Rewrite => "plain",
    };
    let assumptions = step.assumptions.iter().map(|id| {
        styled("span", "chip assumption")
            .attr("title", narrator().assumption(id).unwrap_or_default())
            .child(styled("span", "unseen").child("model assumption "))
            .child(el("span").attr("aria-hidden", "true").child("model "))
            .child(*id)
    });
    let sources = step.sources.iter().map(|key| styled("span", "chip").child(*key));
    let chips = styled("span", "step-chips").children(assumptions).children(sources);
    let step = button(&format!("step {tone}"), move || lab.drive(|player| player.seek_step(index)))
        .attr("id", &step_button_id(index))
        .live_attr("tabindex", move || Some(if lab.step.get() == index { "0" } else { "-1" }.to_owned()))
        .live_attr("aria-current", move || (lab.step.get() == index).then(|| "step".to_owned()))
        .child(styled("span", "step-number mono").child((index + 1).to_string()))
        .child(styled("span", "step-place").child(narrator().place(&step.at, &document)))
        .child(styled("span", "step-words").child(sentence(narrator().step(step, &document))))
        .child(chips);
    el("li").attr("id", &step_id(index)).child(step)
}

/// The list is one stop of the Tab key; arrows go from step to step.
fn walk(lab: Lab, event: &dom::Event) {
    let at = lab.step.get_untracked();
    let last = lab.run.with_untracked(|run| run.as_ref().map_or(0, |run| run.trace.steps.len().saturating_sub(1)));
    let to = match dom::key_of(event).as_str() {
        "ArrowDown" => (at + 1).min(last),
        "ArrowUp" => at.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    lab.drive(|player| player.seek_step(to));
    dom::focus_by_id(&step_button_id(to));
}

fn step_button_id(index: usize) -> String {
    format!("step-button-{}", index + 1)
}

fn step_id(index: usize) -> String {
    format!("step-{}", index + 1)
}

/// Before anything is sent: the questions the document was saved with.
fn questions(lab: Lab) -> Vec<El> {
    let document = lab.document.get();
    let saved = document.requests.iter().map(|request| question(lab, request));
    let mut shown = vec![styled("p", "hint").child("Send a request to see every step it takes, there and back.")];
    if !document.requests.is_empty() {
        shown.push(styled("ul", "questions").label("Saved requests").children(saved));
    }
    shown
}

fn question(lab: Lab, request: &Request) -> El {
    let asked = request.clone();
    let ask = move || {
        lab.request.set(asked.clone());
        lab.send();
    };
    let question = button("question", ask)
        .child(icon(Icon::Play))
        .child(el("b").child(request.from.as_str()))
        .child(el("span").attr("aria-hidden", "true").child("→"))
        .child(el("code").child(address(request)));
    el("li").child(question)
}

/// What a request asks for, as an address line.
fn address(request: &Request) -> String {
    let scheme = request.protocol.to_string().to_lowercase();
    let port = request.port.map(|port| format!(":{port}")).unwrap_or_default();
    let path = match request.protocol {
        RequestProtocol::Http | RequestProtocol::Https => request.path(),
        RequestProtocol::Tcp
        | RequestProtocol::Udp
        | RequestProtocol::Sql
        | RequestProtocol::Icmp
        | RequestProtocol::Dns => "",
    };
    format!("{scheme}://{}{port}{path}", request.to)
}
