//! The terminal: command lines on every machine and in the Cloud Shell, which run on the network shown.

use inquiry::{Answer, At, Ink, Question, ScreenLine, Typed};
use leptos::prelude::*;
use topology::{Document, Id};

use crate::components::{El, Node, el, live, styled};
use crate::dom;
use crate::state::Lab;

/// How many lines stay on the screen.
const MAX_LINES: usize = 2_000;

/// What stands on the screen, and what is being typed.
#[derive(Clone, Copy)]
struct Screen {
    lab: Lab,
    at: RwSignal<Option<At>>,
    lines: RwSignal<Vec<ScreenLine>>,
    typed: RwSignal<String>,
    /// The lines typed so far, and how many back the one shown is.
    history: StoredValue<(Vec<String>, usize)>,
}

/// The panel “Terminal”.
pub(super) fn terminal(lab: Lab) -> Node {
    let screen = Screen {
        lab,
        at: RwSignal::new(None),
        lines: RwSignal::new(Vec::new()),
        typed: RwSignal::new(String::new()),
        history: StoredValue::new((Vec::new(), 0)),
    };
    // The newest line is the one to see.
    Effect::new(move |_| {
        screen.lines.track();
        dom::scroll_to_end("terminal-screen");
    });
    let place = styled("select", "mono")
        .label("Machine")
        .on("change", move |event| screen.at.set(named(&dom::input_value(&event.clone()))))
        .child(live(move || places(&lab.document.get())))
        .live_value(move || screen.place().map_or_else(String::new, |at| name(&at)));
    let log = styled("div", "screen mono")
        .attr("id", "terminal-screen")
        .attr("role", "log")
        .label("Terminal output")
        .attr("tabindex", "0")
        .child(live(move || screen.lines.get().iter().map(line).collect::<Vec<_>>()));
    let input = styled("input", "mono")
        .attr("id", "terminal-line")
        .attr("type", "text")
        .label("Command line")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("placeholder", "help")
        .on("input", move |event| screen.typed.set(dom::input_value(event)))
        .on("keydown", move |event| screen.key(event))
        .live_value(move || screen.typed.get());
    let prompt = styled("span", "prompt mono").child(live(move || screen.prompt()));
    let entry = styled("label", "command-line").child(prompt).child(input);
    vec![styled("div", "terminal-bar").child(place), log, entry].into()
}

impl Screen {
    /// Where lines are typed: where the reader chose, else where the request comes from.
    fn place(self) -> Option<At> {
        let document = self.lab.document.get();
        let from = self.lab.request.with(|request| request.from.clone());
        let chosen = self.at.get().filter(|at| match at {
            At::Machine(machine) => document.virtual_machines.contains(machine),
            At::Cloud(subscription) => document.subscriptions.contains(subscription),
        });
        let sender = || document.virtual_machines.contains(&from).then_some(At::Machine(from));
        let cloud = || document.subscriptions.ids().next().cloned().map(At::Cloud);
        chosen.or_else(sender).or_else(cloud)
    }

    /// What stands before the line: the shell's own once it has answered.
    fn prompt(self) -> String {
        match self.place() {
            Some(At::Machine(machine)) => format!("{machine} >"),
            Some(At::Cloud(_)) => String::from("cloud shell >"),
            None => String::from(">"),
        }
    }

    fn key(self, event: &dom::Event) {
        match dom::key_of(event).as_str() {
            "Enter" => self.enter(),
            "ArrowUp" => self.recall(1),
            "ArrowDown" => self.recall(-1),
            "Tab" if !self.typed.with_untracked(String::is_empty) && !dom::has_shift(event) => self.complete(),
            "Escape" => self.typed.set(String::new()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn enter(self) {
        let line = self.typed.get_untracked().trim().to_owned();
        let Some(at) = untrack(|| self.place()) else { return };
        self.typed.set(String::new());
        self.print([ScreenLine { ink: Ink::Output, text: format!("{} {line}", untrack(|| self.prompt())) }]);
        if line.is_empty() {
            return;
        }
        if line == "clear" || line == "cls" {
            return self.lines.set(Vec::new());
        }
        self.history.update_value(|(lines, back)| {
            lines.push(line.clone());
            *back = 0;
        });
        let document = self.lab.document.get_untracked();
        self.lab.desk.ask(&document, &Question::Line { at, line }, move |answer| {
            if let Some(Answer::Typed(typed)) = answer {
                return self.show(typed);
            }
            let text = match answer.map(Answer::into_report) {
                Some(Err(reason)) => reason,
                Some(Ok(_)) | None => {
                    String::from("The terminal needs a second thread, which this browser does not start.")
                }
            };
            self.print([ScreenLine { ink: Ink::Error, text }]);
        });
    }

    /// Shows what a line printed, changes what it changes, and plays what it asked last.
    fn show(self, typed: Typed) {
        self.print(typed.lines);
        if let Some(change) = typed.change {
            self.lab.apply_change(change);
        }
        if let Some(request) = typed.requests.into_iter().next_back() {
            self.lab.request.set(request);
            self.lab.send();
        }
    }

    fn print(self, lines: impl IntoIterator<Item = ScreenLine>) {
        self.lines.try_update(|shown| {
            shown.extend(lines);
            let surplus = shown.len().saturating_sub(MAX_LINES);
            shown.drain(..surplus);
        });
    }

    /// Shows an older or a newer line of those typed so far.
    fn recall(self, step: i32) {
        let recalled = self.history.try_update_value(|(lines, back)| {
            *back = back.saturating_add_signed(step.try_into().unwrap_or(0)).min(lines.len());
            lines.len().checked_sub(*back).and_then(|at| lines.get(at)).cloned().unwrap_or_default()
        });
        self.typed.set(recalled.unwrap_or_default());
    }

    fn complete(self) {
        let Some(at) = untrack(|| self.place()) else { return };
        let line = self.typed.get_untracked();
        let document = self.lab.document.get_untracked();
        let asked = line.clone();
        self.lab.desk.ask(&document, &Question::Completion { at, line }, move |answer| {
            let Some(Answer::Completion { start, words }) = answer else { return };
            if self.typed.try_get_untracked().as_deref() != Some(asked.as_str()) {
                return;
            }
            let Some(begin) = asked.get(..start) else { return };
            let common = shared_start(&words);
            if common.len() > asked.len() - start {
                let end = if words.len() == 1 { " " } else { "" };
                self.typed.set(format!("{begin}{common}{end}"));
            } else if words.len() > 1 {
                self.print([ScreenLine { ink: Ink::Warning, text: words.join("  ") }]);
            }
        });
    }
}

/// What all words begin with.
fn shared_start(words: &[String]) -> &str {
    let Some((first, rest)) = words.split_first() else { return "" };
    let shared = |one: &str, other: &str| {
        let same = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
        same.map_or(one.len().min(other.len()), |((at, _), _)| at)
    };
    &first[..rest.iter().map(|word| shared(first, word)).min().unwrap_or(first.len())]
}

fn line(line: &ScreenLine) -> El {
    let class = match line.ink {
        Ink::Output => "",
        Ink::Error => "bad",
        Ink::Warning => "warning",
    };
    styled("div", class).child(line.text.as_str())
}

/// Every machine, then the Cloud Shell of every subscription.
fn places(document: &Document) -> Vec<El> {
    let option = |at: At, label: String| el("option").attr("value", &name(&at)).child(label);
    let machines = document.virtual_machines.ids().map(|id| option(At::Machine(id.clone()), id.to_string()));
    let clouds = document.subscriptions.ids().map(|id| option(At::Cloud(id.clone()), format!("Cloud Shell · {id}")));
    machines.chain(clouds).collect()
}

fn name(at: &At) -> String {
    match at {
        At::Machine(machine) => format!("machine/{machine}"),
        At::Cloud(subscription) => format!("cloud/{subscription}"),
    }
}

fn named(name: &str) -> Option<At> {
    let (kind, id) = name.split_once('/')?;
    let id: Id = id.parse().ok()?;
    Some(if kind == "machine" { At::Machine(id) } else { At::Cloud(id) })
}
