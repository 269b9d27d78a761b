//! Keys: the handler and the dialog that lists them, both from the same table.

use editor::{Action, Chord, Context, keymap};
use leptos::html::Dialog;
use leptos::prelude::*;
use playback::Player;

use crate::canvas::Stage;
use crate::components::{El, Icon, button, content, el, fill, icon, styled};
use crate::dom::{self, Listener, Options};
use crate::state::{Lab, narrator};

/// Where the focus is, as far as keys are concerned, and whether their list is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyFocus(pub(crate) RwSignal<Context>, pub(crate) RwSignal<bool>);

impl KeyFocus {
    /// Nowhere in particular.
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(Context::Anywhere), RwSignal::new(false))
    }
}

/// Acts on keys for as long as the page lives.
pub(crate) fn listen_for_keys(lab: Lab, focus: KeyFocus) {
    let listener = Listener::on_window("keydown", Options::Active, move |event: dom::KeyboardEvent| {
        if dom::in_text_field(&event) || event.alt_key() {
            return;
        }
        let key = event.key();
        let key = if key.chars().count() == 1 { key.to_lowercase() } else { key };
        let chord = Chord { key: &key, accel: event.ctrl_key() || event.meta_key(), shift: event.shift_key() };
        let Some(action) = keymap::action(chord, focus.0.get_untracked()) else { return };
        if action != Action::Cancel {
            event.prevent_default();
        }
        act(lab, focus, action);
    });
    StoredValue::new_local(listener);
}

fn act(lab: Lab, focus: KeyFocus, action: Action) {
    match action {
        Action::Undo => lab.undo(),
        Action::Redo => lab.redo(),
        Action::PlayPause => lab.play_pause(),
        Action::StepForward => lab.drive(Player::step_forward),
        Action::StepBack => lab.drive(Player::step_back),
        Action::NextInteresting => lab.drive(Player::next_interesting),
        Action::PreviousInteresting => lab.drive(Player::previous_interesting),
        Action::FirstStep => lab.drive(|player| player.seek_step(0)),
        Action::LastStep => lab.drive(|player| player.seek_step(usize::MAX)),
        Action::Slower => lab.set_pace(lab.pace.get_untracked().slower()),
        Action::Faster => lab.set_pace(lab.pace.get_untracked().faster()),
        Action::ZoomIn => lab.on_stage(Stage::zoom_in),
        Action::ZoomOut => lab.on_stage(Stage::zoom_out),
        Action::ZoomReset => lab.on_stage(Stage::zoom_reset),
        Action::FitAll => lab.on_stage(Stage::fit),
        Action::Cancel => lab.selection.set(None),
        Action::Delete => lab.delete_selected(),
        Action::Help => focus.1.set(true),
    }
}

/// The dialog that lists the keys.
#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let focus = expect_context::<KeyFocus>();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let (true, Some(dialog)) = (focus.1.get(), dialog.get()) {
            dom::open_dialog(&dialog);
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dom::close_dialog(&dialog);
        }
    };
    let list = content(move || {
        let close = button("icon-button", close).label("Close").child(icon(Icon::Close));
        let title = el("h2").attr("id", "keys-title").child("Keyboard");
        let groups = styled("div", "key-groups")
            .child(group("Anywhere", Context::Anywhere))
            .child(group("Diagram", Context::Diagram))
            .child(group("Timeline", Context::Timeline));
        vec![el("header").child(title).child(close), groups]
    });
    view! {
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby="keys-title"
            on:close=move |_| focus.1.set(false)
            use:fill=list
        ></dialog>
    }
}

fn group(title: &str, context: Context) -> El {
    let bindings: Vec<_> = keymap::BINDINGS.iter().filter(|binding| binding.context == context).collect();
    let mut actions: Vec<Action> = bindings.iter().map(|binding| binding.action).collect();
    actions.dedup();
    let mut list = el("dl");
    for action in actions {
        let keys = bindings.iter().filter(|binding| binding.action == action);
        let keys = el("dd").children(keys.map(|binding| el("kbd").child(spelled(binding.chord))));
        list = list.child(el("div").child(el("dt").child(narrator().action(action.key()))).child(keys));
    }
    el("section").child(el("h3").child(title)).child(list)
}

/// A chord as people write it.
fn spelled(chord: Chord<'_>) -> String {
    let key = match chord.key {
        " " => "Space",
        "ArrowRight" => "→",
        "ArrowLeft" => "←",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "PageUp" => "Page ↑",
        "PageDown" => "Page ↓",
        "Escape" => "Esc",
        "Backspace" => "⌫",
        other => other,
    };
    let key = if key.chars().count() == 1 { key.to_uppercase() } else { key.to_owned() };
    let accel = if chord.accel { "Ctrl " } else { "" };
    let shift = if chord.shift { "Shift " } else { "" };
    format!("{accel}{shift}{key}")
}
