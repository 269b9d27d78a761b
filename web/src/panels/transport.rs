//! Play, pause, step, speed, and the timeline.

use leptos::prelude::*;
use playback::{Pace, Player};

use super::keys::KeyFocus;
use super::timeline::timeline;
use crate::components::{Content, El, Icon, button, content, el, icon, live, styled};
use crate::dom;
use crate::state::Lab;

/// The controls of time.
pub(crate) fn transport(lab: Lab, focus: KeyFocus) -> Content {
    content(move || {
        let nothing = move || lab.run.with(Option::is_none);
        let step = move |class: &str, sign: Icon, name: &str, key: &str, act: fn(&mut Player)| {
            button(class, move || lab.drive(act))
                .label(name)
                .attr("title", &format!("{name} ({key})"))
                .live_switch("disabled", nothing)
                .child(icon(sign))
        };
        let play = button("icon-button play", move || lab.play_pause())
            .live_attr("aria-label", move || Some(if lab.playing.get() { "Pause" } else { "Play" }.to_owned()))
            .live_attr("title", move || Some(if lab.playing.get() { "Pause (K)" } else { "Play (K)" }.to_owned()))
            .live_switch("disabled", nothing)
            .child(live(move || icon(if lab.playing.get() { Icon::Pause } else { Icon::Play })));
        let back = step(
            "icon-button wide-only",
            Icon::Back,
            "Previous rewrite, answer or drop",
            "Shift ←",
            Player::previous_interesting,
        );
        let ahead = step(
            "icon-button wide-only",
            Icon::Ahead,
            "Next rewrite, answer or drop",
            "Shift →",
            Player::next_interesting,
        );
        let buttons = styled("div", "transport-buttons")
            .child(back)
            .child(step("icon-button", Icon::StepBack, "Step back", "←", Player::step_back))
            .child(play)
            .child(step("icon-button", Icon::StepForward, "Step forward", "→", Player::step_forward))
            .child(ahead)
            .child(speed(lab))
            .child(switch(Icon::Loop, "Loop", "Play again and again", lab.looping))
            .child(switch(Icon::Follow, "Follow", "Let the camera go along with the packet", lab.follows));
        vec![buttons, timeline(lab, focus)]
    })
}

/// A button that stays pressed.
fn switch(sign: Icon, name: &str, title: &str, on: RwSignal<bool>) -> El {
    button("icon-button", move || on.update(|on| *on = !*on))
        .label(name)
        .attr("title", title)
        .live_attr("aria-pressed", move || Some(on.get().to_string()))
        .child(icon(sign))
}

fn speed(lab: Lab) -> El {
    let choose = move |value: &str| {
        let paces = std::iter::successors(Some(Pace::NORMAL.slower().slower()), |pace| {
            Some(pace.faster()).filter(|faster| faster != pace)
        });
        if let Some(pace) = paces.into_iter().find(|pace| pace.factor().to_string() == value) {
            lab.set_pace(pace);
        }
    };
    let option = |factor: f64| {
        let factor = factor.to_string();
        el("option").attr("value", &factor).child(format!("{factor}×"))
    };
    styled("select", "speed mono")
        .label("Speed")
        .on("change", move |event| choose(&dom::input_value(event)))
        .children(Pace::STEPS.map(option))
        .live_value(move || lab.pace.get().factor().to_string())
}
