//! On small screens one panel is shown at a time; these buttons choose which.

use leptos::prelude::*;

use crate::components::{Content, El, Node, button, content, el, sentence};
use crate::state::{Lab, narrator};

/// A panel that can be the one shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// What can be added.
    Palette,
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
            Self::Palette => "palette",
            Self::Steps => "steps",
            Self::Packet => "packet",
            Self::Inspector => "inspector",
            Self::Closed => "closed",
        }
    }
}

/// Add, Steps, Packet, Inspector. Pressing the one that is shown closes it.
pub(crate) fn sheet_tabs(lab: Lab, sheet: RwSignal<Sheet>) -> Content {
    // Selecting something on a small screen is asking about it.
    Effect::new(move |_| {
        if lab.selection.get().is_some() && sheet.get_untracked() != Sheet::Inspector {
            sheet.set(Sheet::Inspector);
        }
    });
    let tab = move |which: Sheet, label: &str| -> El {
        let toggle = move || sheet.update(|open| *open = if *open == which { Sheet::Closed } else { which });
        button("", toggle).live_attr("aria-pressed", move || Some((sheet.get() == which).to_string())).child(label)
    };
    content(move || {
        vec![
            tab(Sheet::Palette, "Add"),
            tab(Sheet::Steps, "Steps"),
            tab(Sheet::Packet, "Packet"),
            tab(Sheet::Inspector, "Inspector"),
        ]
    })
}

/// On small screens, while no panel is shown: the step in words.
pub(crate) fn caption(lab: Lab) -> Content {
    content(move || el("span").child(caption_words(lab)))
}

fn caption_words(lab: Lab) -> Option<Node> {
    let run = lab.run.get()?;
    let step = lab.step.get();
    let shown = run.trace.steps.get(step)?;
    let document = lab.document.get_untracked();
    let place = narrator().place(&shown.at, &document);
    let head = el("b").child(format!("{} {place}", step + 1));
    Some(Node::Many(vec![head.into(), " ".into(), sentence(narrator().step(shown, &document))]))
}
