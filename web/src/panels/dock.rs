//! The dock below the diagram: one panel at a time, chosen by tabs.

use inquiry::{Answer, Question, Report};
use leptos::prelude::*;

use super::names::names;
use super::problems::problems;
use super::steps::{copy_button, outcome, steps};
use super::terminal::terminal;
use crate::components::{Content, El, Node, button, content, el, live, styled};
use crate::dom;
use crate::state::Lab;

/// A panel of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The steps in words.
    Steps,
    /// One name from everywhere.
    Names,
    /// Command lines.
    Terminal,
    /// Who reaches what.
    Reachability,
    /// What is wrong, and how to mend it.
    Problems,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Steps, Self::Names, Self::Terminal, Self::Reachability, Self::Problems];

    const fn label(self) -> &'static str {
        match self {
            Self::Steps => "Steps",
            Self::Names => "DNS",
            Self::Terminal => "Terminal",
            Self::Reachability => "Reachability",
            Self::Problems => "Problems",
        }
    }

    fn id(self) -> String {
        format!("tab-{}", self.label())
    }
}

/// The tabs, how the request ended, and the panel chosen.
pub(crate) fn dock(lab: Lab, tab: RwSignal<Tab>) -> Content {
    content(move || {
        let tabs = styled("div", "tabs")
            .attr("role", "tablist")
            .label("Panels")
            .on("keydown", move |event| walk(tab, event))
            .children(Tab::ALL.map(|which| tab_button(lab, tab, which)));
        let panel = |which: Tab, panel: Node| {
            styled("div", "tab-panel")
                .attr("role", "tabpanel")
                .attr("aria-labelledby", &which.id())
                .live_switch("hidden", move || tab.get() != which)
                .child(panel)
        };
        let scroll = |name: &str, panel: Node| {
            styled("div", "scroll").attr("tabindex", "0").attr("role", "group").label(name).child(panel).into()
        };
        vec![
            styled("header", "dock-head").child(tabs).child(
                styled("div", "dock-end").child(live(move || outcome(lab))).child(live(move || copy_button(lab))),
            ),
            panel(Tab::Steps, steps(lab)),
            panel(Tab::Names, scroll("DNS answers", names(lab, tab))),
            panel(Tab::Terminal, terminal(lab)),
            panel(Tab::Reachability, scroll("Who reaches what", reachability(lab, tab))),
            panel(Tab::Problems, scroll("Problems found", problems(lab, tab))),
        ]
    })
}

/// The panel “Reachability”.
fn reachability(lab: Lab, tab: RwSignal<Tab>) -> Node {
    let answer = asked(lab, tab, Tab::Reachability, || Some(Question::Reachability));
    live(move || match answer.get() {
        Some(Ok(report)) => lab.report(report),
        Some(Err(reason)) => styled("p", "hint").child(reason).into(),
        None => Node::Many(Vec::new()),
    })
}

fn tab_button(lab: Lab, tab: RwSignal<Tab>, which: Tab) -> El {
    let count = move || {
        let found = if which == Tab::Problems { lab.problems.with(|problems| problems.len()) } else { 0 };
        (found > 0).then(|| styled("span", "count-badge").child(found.to_string()))
    };
    button("tab", move || tab.set(which))
        .attr("id", &which.id())
        .attr("role", "tab")
        .live_attr("aria-selected", move || Some((tab.get() == which).to_string()))
        .live_attr("tabindex", move || Some(if tab.get() == which { "0" } else { "-1" }.to_owned()))
        .child(el("span").child(which.label()))
        .child(live(count))
}

/// The tabs are one stop of the Tab key; arrows go from one to the next.
fn walk(tab: RwSignal<Tab>, event: &dom::Event) {
    let last = Tab::ALL.len() - 1;
    let at = Tab::ALL.iter().position(|which| *which == tab.get_untracked()).unwrap_or(0);
    let to = match dom::key_of(event).as_str() {
        "ArrowRight" => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    tab.set(Tab::ALL[to]);
    dom::focus_by_id(&Tab::ALL[to].id());
}

/// The report that answers a question about the open document, or why there is none; asked again when either changes,
/// while its panel is shown.
pub(super) fn asked(
    lab: Lab,
    tab: RwSignal<Tab>,
    own: Tab,
    question: impl Fn() -> Option<Question> + 'static,
) -> RwSignal<Option<Result<Report, String>>> {
    let answer = RwSignal::new(None);
    let newest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let document = lab.document.get();
        let Some(question) = question() else { return };
        if tab.get() != own {
            return;
        }
        newest.update_value(|newest| *newest += 1);
        let mine = newest.get_value();
        lab.desk.ask(&document, &question, move |given| {
            // A later question has been asked meanwhile, or the page is being left.
            if newest.try_get_value() == Some(mine) {
                let lost = || Err(String::from("This browser starts no second thread."));
                answer.try_set(Some(given.map_or_else(lost, Answer::into_report)));
            }
        });
    });
    answer
}
