//! On small screens one panel is shown at a time; these buttons choose which.

use leptos::prelude::*;

use crate::components::sentence;
use crate::state::{Lab, narrator};

/// A panel that can be the one shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The steps.
    Steps,
    /// The packet at the step.
    Packet,
    /// The inspector.
    Inspector,
    /// None: the diagram has all the room.
    Closed,
}

impl Sheet {
    /// The name the style sheet knows.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Packet => "packet",
            Self::Inspector => "inspector",
            Self::Closed => "closed",
        }
    }
}

/// Steps, Packet, Inspector. Pressing the one that is shown closes it.
#[component]
pub(crate) fn SheetTabs() -> impl IntoView {
    let sheet = expect_context::<RwSignal<Sheet>>();
    let lab = expect_context::<Lab>();
    // Selecting something on a small screen is asking about it.
    Effect::new(move |_| {
        if lab.selection.get().is_some() && sheet.get_untracked() != Sheet::Inspector {
            sheet.set(Sheet::Inspector);
        }
    });
    let tab = move |which: Sheet, label: &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=move || (sheet.get() == which).to_string()
                on:click=move |_| sheet.update(|open| *open = if *open == which { Sheet::Closed } else { which })
            >
                {label}
            </button>
        }
    };
    view! {
        <Caption/>
        <div class="sheet-tabs" role="group" aria-label="Panels">
            {tab(Sheet::Steps, "Steps")}
            {tab(Sheet::Packet, "Packet")}
            {tab(Sheet::Inspector, "Inspector")}
        </div>
    }
}

/// On small screens, while no panel is shown: the step in words.
#[component]
fn Caption() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let sheet = expect_context::<RwSignal<Sheet>>();
    let words = move || {
        let run = lab.run.get()?;
        let step = lab.step.get();
        let shown = run.trace.steps.get(step)?;
        let document = lab.document.get_untracked();
        let place = narrator().place(&shown.at, &document);
        Some(view! {
            <b>{step + 1} " " {place}</b>
            " "
            {sentence(narrator().step(shown, &document))}
        })
    };
    view! {
        <button
            type="button"
            class="caption"
            hidden=move || lab.run.with(Option::is_none) || sheet.get() != Sheet::Closed
            on:click=move |_| sheet.set(Sheet::Steps)
        >
            <span>{words}</span>
        </button>
    }
}
