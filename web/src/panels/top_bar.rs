//! Name, scenario, undo and redo, colours, share.

use leptos::prelude::*;
use topology::Document;

use super::keys::KeyFocus;
use super::share::share;
use crate::components::{Content, El, Icon, Node, button, content, el, icon, live, logo, styled};
use crate::dom;
use crate::state::{Colors, Lab, Prefs, open_scenario};

/// The bar at the top.
pub(crate) fn top_bar(lab: Lab, keys: KeyFocus) -> Content {
    content(move || {
        let undo = action(Icon::Undo, "Undo", "Undo (Ctrl Z)", move || lab.undo());
        let redo = action(Icon::Redo, "Redo", "Redo (Ctrl Y)", move || lab.redo());
        let help = action(Icon::Help, "Keyboard", "Keyboard (?)", move || keys.1.set(true));
        let actions = styled("div", "top-actions")
            .child(undo.class("icon-button").live_switch("disabled", move || !lab.history.get().0))
            .child(redo.class("icon-button").live_switch("disabled", move || !lab.history.get().1))
            .child(styled("span", "rule"))
            .child(help.class("icon-button wide-only"))
            .child(theme_button(lab.prefs))
            .child(share(lab));
        vec![
            styled("h1", "brand").child(logo()).child(el("span").child("Private Link Lab")),
            scenario_picker(lab),
            actions,
        ]
    })
}

fn action(sign: Icon, name: &str, title: &str, press: impl Fn() + 'static) -> El {
    button("", press).label(name).attr("title", title).child(icon(sign))
}

fn theme_button(prefs: Prefs) -> El {
    let label = move || Some(prefs.colors.get().label().to_owned());
    let sign = move || match prefs.colors.get() {
        Colors::System => icon(Icon::System),
        Colors::Light => icon(Icon::Light),
        Colors::Dark => icon(Icon::Dark),
    };
    button("icon-button", move || prefs.next_colors())
        .live_attr("aria-label", label)
        .live_attr("title", label)
        .child(live(sign))
}

/// The title of what is open, and the scenarios that can be opened instead.
fn scenario_picker(lab: Lab) -> El {
    let open = RwSignal::new(false);
    let left = move |event: &dom::Event| {
        if dom::focus_leaves(event, ".picker") {
            open.set(false);
        }
    };
    let keys = move |event: &dom::Event| {
        if dom::key_of(event) == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            dom::focus_by_id("scenario");
        }
    };
    let title = move || {
        let document = lab.document.get();
        if document.title.is_empty() { String::from("Untitled") } else { document.title.to_string() }
    };
    let button = button("picker-button", move || open.update(|open| *open = !*open))
        .attr("id", "scenario")
        .attr("aria-controls", "scenarios")
        .live_attr("aria-expanded", move || Some(open.get().to_string()))
        .child(styled("span", "unseen").child("Scenario: "))
        .child(styled("span", "picker-title").child(live(title)))
        .child(icon(Icon::Down));
    let list = styled("ul", "popover scenarios")
        .attr("id", "scenarios")
        .label("Scenarios")
        .live_switch("hidden", move || !open.get())
        .child(live(move || entries(lab, open)));
    styled("div", "picker").on("focusout", left).on("keydown", keys).child(button).child(list)
}

fn entries(lab: Lab, open: RwSignal<bool>) -> Node {
    let document = lab.document.get();
    let mut entries = Vec::new();
    for scenario in lab.scenarios.get() {
        let is_open = scenario.title == document.title;
        let (heading, summary) = (scenario.title.clone(), scenario.summary.clone());
        let choose = move || open_scenario(lab, scenario.clone());
        let check = is_open.then(|| styled("span", "entry-mark").child(icon(Icon::Check)));
        let mut entry = entry(open, &heading, &summary, choose).child(check);
        if is_open {
            entry = entry.attr("aria-current", "true");
        }
        entries.push(el("li").child(entry));
    }
    // The way back to what was open before.
    if let Some(previous) = lab.previous.get() {
        let title = previous.title.clone();
        let choose = move || lab.replace(Document::clone(&previous));
        let entry = entry(open, &title, "What was open before, as you left it.", choose);
        entries.push(styled("li", "previous").child(entry));
    }
    entries.into()
}

fn entry(open: RwSignal<bool>, title: &str, summary: &str, choose: impl Fn() + 'static) -> El {
    let choose = move || {
        open.set(false);
        dom::focus_by_id("scenario");
        choose();
    };
    button("", choose)
        .child(styled("span", "entry-title").child(title))
        .child(styled("span", "entry-summary").child(summary))
}
