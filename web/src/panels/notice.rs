//! Messages: the bar at the edge of the diagram, and the words for screen readers.

use leptos::prelude::*;

use crate::components::{Icon, icon};
use crate::state::{Lab, Tone};

/// The message at the edge of the diagram.
#[component]
pub(crate) fn NoticeBar() -> impl IntoView {
    let lab = expect_context::<Lab>();
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
