//! Messages: the bar at the edge of the diagram, and the words for screen readers.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::{Content, El, Icon, button, content, el, fill, icon, styled};
use crate::state::{Lab, Notice, Tone};

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
    let message = content(move || lab.notice.get().map(|notice| message(lab, notice)));
    view! { <div class="notices" role="status" use:fill=message></div> }
}

fn message(lab: Lab, notice: Notice) -> El {
    let dismiss = button("icon-button", move || lab.notice.set(None)).label("Dismiss").child(icon(Icon::Close));
    let remedy = notice.remedy.map(|(label, command)| {
        let act = move || {
            lab.notice.set(None);
            lab.apply_change(command.clone());
        };
        button("quiet small", act).child(label)
    });
    let class = if notice.tone == Tone::Error { "notice bad" } else { "notice" };
    styled("p", class).child(el("span").child(notice.text)).child(remedy).child(dismiss)
}

/// What a screen reader says: each step when it is stepped to, and how a request ended.
pub(crate) fn announcement(lab: Lab) -> Content {
    content(move || lab.announcement.get())
}
