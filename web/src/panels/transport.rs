//! Play, pause, step, speed, and the timeline.

use leptos::prelude::*;
use playback::{Pace, Player};

use super::timeline::Timeline;
use crate::components::{Icon, icon};
use crate::dom;
use crate::state::Lab;

/// The controls of time.
#[component]
pub(crate) fn Transport() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let nothing = move || lab.run.with(Option::is_none);
    let step = move |sign: Icon, name: &'static str, key: &'static str, act: fn(&mut Player)| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=name
                title=format!("{name} ({key})")
                disabled=nothing
                on:click=move |_| lab.drive(act)
            >
                {icon(sign)}
            </button>
        }
    };
    view! {
        <div class="transport" role="group" aria-label="Playback">
            <div class="transport-buttons">
                {step(Icon::StepBack, "Step back", "←", Player::step_back)}
                <button
                    type="button"
                    class="icon-button play"
                    aria-label=move || if lab.playing.get() { "Pause" } else { "Play" }
                    title=move || if lab.playing.get() { "Pause (K)" } else { "Play (K)" }
                    disabled=nothing
                    on:click=move |_| lab.play_pause()
                >
                    {move || icon(if lab.playing.get() { Icon::Pause } else { Icon::Play })}
                </button>
                {step(Icon::StepForward, "Step forward", "→", Player::step_forward)}
                <Speed/>
            </div>
            <Timeline/>
        </div>
    }
    .into_any()
}

#[component]
fn Speed() -> impl IntoView {
    let lab = expect_context::<Lab>();
    view! {
        <select
            class="speed mono"
            aria-label="Speed"
            prop:value=move || lab.pace.get().factor().to_string()
            on:change=move |event| {
                let value = dom::input_value(&event);
                let paces = std::iter::successors(Some(Pace::NORMAL.slower().slower()), |pace| {
                    Some(pace.faster()).filter(|faster| faster != pace)
                });
                if let Some(pace) = paces.into_iter().find(|pace| pace.factor().to_string() == value) {
                    lab.set_pace(pace);
                }
            }
        >
            {Pace::STEPS
                .map(|factor| {
                    view! {
                        <option value=factor.to_string() selected=move || lab.pace.get().factor().to_string() == factor.to_string()>
                            {format!("{factor}×")}
                        </option>
                    }
                })}
        </select>
    }
}
