//! Messages: the bar at the edge of the diagram, and the words for screen readers.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::{Icon, icon};
use crate::state::{Lab, Tone};

const SHOWN_FOR: Duration = Duration::from_secs(6);

/// The message at the edge of the diagram.
#[component]
pub(crate) fn NoticeBar() -> impl IntoView {
    let lab = expect_context::<Lab>();
    // What was done is said for a while; what went wrong stays until it is dismissed.
    Effect::new(move |_| {
        let Some(notice) = lab.notice.get().filter(|notice| notice.tone == Tone::Done) else { return };
        let clear = move || {
            if lab.notice.try_get_untracked().flatten().as_ref() == Some(&notice) {
                lab.notice.set(None);
            }
        };
        set_timeout(clear, SHOWN_FOR);
    });
    view! {
        <div class="notices" role="status">
            {move || {
                lab.notice
                    .get()
                    .map(|notice| {
                        view! {
                            <p class="notice" class:bad=notice.tone == Tone::Error>
                                <span>{notice.text}</span>
                                <button
                                    type="button"
                                    class="icon-button"
                                    aria-label="Dismiss"
                                    on:click=move |_| lab.notice.set(None)
                                >
                                    {icon(Icon::Close)}
                                </button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Says each step when it is stepped to, and how a request ended.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let lab = expect_context::<Lab>();
    view! {
        <p class="unseen" aria-live="polite" aria-atomic="true">
            {move || lab.announcement.get()}
        </p>
    }
}
