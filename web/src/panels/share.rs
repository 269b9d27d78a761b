//! The link that holds what is open.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{El, Icon, button, el, icon, live, styled};
use crate::dom;
use crate::state::{Lab, LinkSize, share_link, size_of};

/// A link that was made, and whether the clipboard has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Made {
    link: String,
    copied: bool,
}

/// The button, and what it says afterwards.
pub(super) fn share(lab: Lab) -> El {
    let made = RwSignal::new(None::<Made>);
    let share = move || {
        let link = share_link(&lab.document.get_untracked(), &lab.request.get_untracked());
        spawn_local(async move {
            let copied = dom::copy(&link).await;
            made.set(Some(Made { link, copied }));
        });
    };
    let close = move || {
        made.set(None);
        dom::focus_by_id("share");
    };
    let keys = move |event: &dom::Event| {
        if dom::key_of(event) == "Escape" && made.get_untracked().is_some() {
            event.stop_propagation();
            close();
        }
    };
    styled("div", "share")
        .on("keydown", keys)
        .child(button("primary", share).attr("id", "share").child("Share"))
        .child(live(move || made.get().map(|made| popover(&made, close))))
}

fn popover(made: &Made, close: impl Fn() + 'static) -> El {
    let title = if made.copied { "Link copied" } else { "Link to this topology" };
    let link = styled("input", "mono")
        .attr("type", "text")
        .attr("readonly", "")
        .label("Link")
        .value(&made.link)
        .then(dom::focus_and_select);
    let close = button("icon-button", close).label("Close").child(icon(Icon::Close));
    styled("div", "popover share-popover")
        .attr("role", "dialog")
        .label("Link to this topology")
        .child(el("header").child(el("h2").child(title)).child(close))
        .child(link)
        .child(el("p").child(length(made)))
}

fn length(made: &Made) -> String {
    let n_chars = made.link.chars().count();
    let advice = match (made.copied, size_of(n_chars)) {
        (false, _) => "The browser did not allow copying; the link is selected, copy it from here.",
        (true, LinkSize::Short) => "The whole topology is in the link; nothing is stored anywhere.",
        (true, LinkSize::Long) => "Some chat programs cut links this long.",
        (true, LinkSize::TooLong) => "Many programs cut links this long.",
    };
    format!("{n_chars} characters. {advice}")
}
