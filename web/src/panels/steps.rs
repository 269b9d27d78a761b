//! The steps in words.

use std::sync::Arc;

use leptos::prelude::*;
use playback::Marker;
use sim::trace::{Outcome, Step};
use topology::document::Request;

use crate::components::{Icon, icon, sentence};
use crate::dom;
use crate::state::{Lab, Run, narrator};

/// The list “Steps”, and how the request ended.
#[component]
pub(crate) fn Steps() -> impl IntoView {
    let lab = expect_context::<Lab>();
    Effect::new(move |_| {
        let step = lab.step.get();
        if lab.run.with(Option::is_some) {
            dom::scroll_into_list(&step_id(step));
        }
    });
    view! {
        <section class="panel steps" aria-label="Steps panel">
            {move || match lab.run.get() {
                Some(run) => list(lab, &run).into_any(),
                None => view! { <Questions/> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

fn list(lab: Lab, run: &Arc<Run>) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let outcome = narrator().outcome(&run.trace.outcome, &run.trace.request.to, &document);
    let caller = narrator().caller(&run.trace.outcome, &document);
    let (tone, sign) = match &run.trace.outcome {
        Outcome::Answered { response: Some(response), .. } if response.status >= 400 => ("refused", Icon::Close),
        Outcome::Answered { .. } => ("answered", Icon::Check),
        Outcome::Dropped { .. } => ("dropped", Icon::Close),
    };
    let markers: Vec<Marker> = run.timeline.slots().iter().map(|slot| slot.marker).collect();
    let rows = run
        .trace
        .steps
        .iter()
        .zip(markers)
        .enumerate()
        .map(|(index, (step, marker))| row(lab, index, step, marker))
        .collect_view();
    // While it plays, how it ends is not given away.
    let last = run.trace.steps.len().saturating_sub(1);
    let told = Memo::new(move |_| !lab.playing.get() || lab.step.get() == last);
    view! {
        <header class="panel-head">
            <h2>"Steps"</h2>
            <p class=format!("outcome {tone}") class:untold=move || !told.get()>
                {icon(sign)} <span>{sentence(outcome)} {(!caller.is_empty()).then_some(" · ")} {sentence(caller)}</span>
            </p>
        </header>
        <ol class="step-list" aria-label="Steps" on:keydown=move |event| walk(lab, &event)>
            {rows}
        </ol>
    }
}

fn row(lab: Lab, index: usize, step: &Step, marker: Marker) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let place = narrator().place(&step.at, &document);
    let words = sentence(narrator().step(step, &document));
    let sources = step.sources.iter().map(|key| view! { <span class="chip">{*key}</span> }).collect_view();
    let assumptions = step
        .assumptions
        .iter()
        .map(|id| {
            view! {
                <span class="chip assumption" title=narrator().assumption(id).unwrap_or_default().to_owned()>
                    <span class="unseen">"model assumption "</span>
                    <span aria-hidden="true">"model "</span>
                    {*id}
                </span>
            }
        })
        .collect_view();
    let tone = match marker {
        Marker::Drop | Marker::Refusal => "bad",
        Marker::Success => "good",
        Marker::Query | Marker::Answer | Marker::Hop | Marker::Rewrite => "plain",
    };
    view! {
        <li id=step_id(index)>
            <button
                type="button"
                id=step_button_id(index)
                class=format!("step {tone}")
                tabindex=move || if lab.step.get() == index { "0" } else { "-1" }
                aria-current=move || (lab.step.get() == index).then_some("step")
                on:click=move |_| lab.drive(|player| player.seek_step(index))
            >
                <span class="step-number mono">{index + 1}</span>
                <span class="step-place">{place}</span>
                <span class="step-words">{words}</span>
                <span class="step-chips">{assumptions} {sources}</span>
            </button>
        </li>
    }
}

/// The list is one stop of the Tab key; arrows go from step to step.
fn walk(lab: Lab, event: &leptos::ev::KeyboardEvent) {
    let at = lab.step.get_untracked();
    let last = lab.run.with_untracked(|run| run.as_ref().map_or(0, |run| run.trace.steps.len().saturating_sub(1)));
    let to = match event.key().as_str() {
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
#[component]
fn Questions() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let questions = Memo::new(move |_| lab.document.get().requests.clone());
    view! {
        <header class="panel-head">
            <h2>"Steps"</h2>
        </header>
        <p class="hint">"Send a request to see every step it takes, there and back."</p>
        <ul class="questions" hidden=move || questions.with(Vec::is_empty) aria-label="Saved requests">
            {move || questions.get().into_iter().map(|request| question(lab, request)).collect_view()}
        </ul>
    }
}

fn question(lab: Lab, request: Request) -> impl IntoView {
    let (from, to) = (request.from.to_string(), address(&request));
    view! {
        <li>
            <button
                type="button"
                class="question"
                on:click=move |_| {
                    lab.request.set(request.clone());
                    lab.send();
                }
            >
                {icon(Icon::Play)} <b>{from}</b> <span aria-hidden="true">"→"</span> <code>{to}</code>
            </button>
        </li>
    }
}

/// What a request asks for, as an address line.
fn address(request: &Request) -> String {
    let scheme = request.protocol.to_string().to_lowercase();
    let port = request.port.map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}://{}{port}{}", request.to, request.path())
}
