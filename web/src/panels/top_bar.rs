//! Name, scenario, undo and redo, colours, share.

use std::sync::Arc;

use leptos::prelude::*;
use topology::Document;

use super::keys::KeyFocus;
use super::share::Share;
use crate::components::{Icon, icon, logo};
use crate::dom;
use crate::state::{Colors, Lab, Scenario, open_scenario};

/// The bar at the top.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let keys = expect_context::<KeyFocus>();
    view! {
        <header class="top">
            <h1 class="brand">{logo()} <span>"Private Link Lab"</span></h1>
            <ScenarioPicker/>
            <div class="top-actions">
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Undo"
                    title="Undo (Ctrl Z)"
                    disabled=move || !lab.history.get().0
                    on:click=move |_| lab.undo()
                >
                    {icon(Icon::Undo)}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Redo"
                    title="Redo (Ctrl Y)"
                    disabled=move || !lab.history.get().1
                    on:click=move |_| lab.redo()
                >
                    {icon(Icon::Redo)}
                </button>
                <span class="rule"></span>
                <button
                    type="button"
                    class="icon-button wide-only"
                    aria-label="Keyboard"
                    title="Keyboard (?)"
                    on:click=move |_| keys.1.set(true)
                >
                    {icon(Icon::Help)}
                </button>
                <ThemeButton/>
                <Share/>
            </div>
        </header>
    }
    .into_any()
}

#[component]
fn ThemeButton() -> impl IntoView {
    let prefs = expect_context::<Lab>().prefs;
    let sign = move || {
        icon(match prefs.colors.get() {
            Colors::System => Icon::System,
            Colors::Light => Icon::Light,
            Colors::Dark => Icon::Dark,
        })
    };
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || prefs.colors.get().label()
            title=move || prefs.colors.get().label()
            on:click=move |_| prefs.next_colors()
        >
            {sign}
        </button>
    }
}

/// The title of what is open, and the scenarios that can be opened instead.
#[component]
fn ScenarioPicker() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let open = RwSignal::new(false);
    let title = Memo::new(move |_| {
        let title = lab.document.get().title.clone();
        if title.is_empty() { String::from("Untitled") } else { title }
    });
    let root = NodeRef::<leptos::html::Div>::new();
    let left = move |event: leptos::ev::FocusEvent| {
        if root.get_untracked().is_some_and(|root| dom::focus_leaves(&event, &root)) {
            open.set(false);
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            dom::focus_by_id("scenario");
        }
    };
    view! {
        <div class="picker" node_ref=root on:focusout=left on:keydown=keys>
            <button
                type="button"
                id="scenario"
                class="picker-button"
                aria-expanded=move || open.get().to_string()
                aria-controls="scenarios"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="unseen">"Scenario: "</span>
                <span class="picker-title">{title}</span>
                {icon(Icon::Down)}
            </button>
            <ul id="scenarios" class="popover scenarios" hidden=move || !open.get() aria-label="Scenarios">
                <For
                    each=move || lab.scenarios.get()
                    key=|scenario| scenario.file.clone()
                    children=move |scenario| entry(lab, scenario, title, open)
                />
                {move || lab.previous.get().map(|previous| previous_entry(lab, &previous, open))}
            </ul>
        </div>
    }
    .into_any()
}

fn entry(lab: Lab, scenario: Scenario, title: Memo<String>, open: RwSignal<bool>) -> impl IntoView {
    let name = scenario.title.clone();
    let is_open = Memo::new(move |_| title.get() == name);
    let (heading, summary) = (scenario.title.clone(), scenario.summary.clone());
    view! {
        <li>
            <button
                type="button"
                aria-current=move || is_open.get().then_some("true")
                on:click=move |_| {
                    open.set(false);
                    dom::focus_by_id("scenario");
                    open_scenario(lab, scenario.clone());
                }
            >
                <span class="entry-title">{heading}</span>
                <span class="entry-summary">{summary}</span>
                {move || is_open.get().then(|| view! { <span class="entry-mark">{icon(Icon::Check)}</span> })}
            </button>
        </li>
    }
}

/// The way back to what was open before.
fn previous_entry(lab: Lab, previous: &Arc<Document>, open: RwSignal<bool>) -> impl IntoView + use<> {
    let document = Arc::clone(previous);
    view! {
        <li class="previous">
            <button
                type="button"
                on:click=move |_| {
                    open.set(false);
                    dom::focus_by_id("scenario");
                    lab.replace(Document::clone(&document));
                }
            >
                <span class="entry-title">{previous.title.clone()}</span>
                <span class="entry-summary">"What was open before, as you left it."</span>
            </button>
        </li>
    }
}
