//! The link that holds what is open.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Icon, icon};
use crate::dom;
use crate::state::{Lab, LinkSize, share_link, size_of};

/// A link that was made, and whether the clipboard has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Made {
    link: String,
    copied: bool,
}

/// The button, and what it says afterwards.
#[component]
pub(crate) fn Share() -> impl IntoView {
    let lab = expect_context::<Lab>();
    let made = RwSignal::new(None::<Made>);
    let field = NodeRef::<Input>::new();
    let share = move |_| {
        let link = share_link(&lab.document.get_untracked(), &lab.request.get_untracked());
        spawn_local(async move {
            let copied = dom::copy(&link).await;
            made.set(Some(Made { link, copied }));
        });
    };
    Effect::new(move |_| {
        if let (Some(_), Some(field)) = (made.get(), field.get()) {
            dom::focus(&field);
            dom::select_text(&field);
        }
    });
    let close = move || {
        made.set(None);
        dom::focus_by_id("share");
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && made.get_untracked().is_some() {
            event.stop_propagation();
            close();
        }
    };
    view! {
        <div class="share" on:keydown=keys>
            <button type="button" id="share" class="primary" on:click=share>
                "Share"
            </button>
            {move || {
                made.get()
                    .map(|made| {
                        view! {
                            <div class="popover share-popover" role="dialog" aria-label="Link to this topology">
                                <header>
                                    <h2>{if made.copied { "Link copied" } else { "Link to this topology" }}</h2>
                                    <button type="button" class="icon-button" aria-label="Close" on:click=move |_| close()>
                                        {icon(Icon::Close)}
                                    </button>
                                </header>
                                <input
                                    node_ref=field
                                    type="text"
                                    class="mono"
                                    readonly
                                    aria-label="Link"
                                    prop:value=made.link.clone()
                                />
                                <p>{length(&made)}</p>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
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
