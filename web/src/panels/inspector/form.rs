//! The form of a resource, as the desk describes it. A refusal is told at the field, and what was typed stays.

use inquiry::{Control, FormField, Question};
use leptos::prelude::*;
use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::command::Command;

use crate::components::{El, Icon, Node, button, el, icon, live, styled};
use crate::dom;
use crate::state::Lab;

type Path = Vec<SmolStr>;

/// The form of a resource. Until the desk has made the one for the document as it is now, the last one stays: what has
/// the focus keeps it.
pub(super) fn form(lab: Lab, id: &Id) -> El {
    let form = Form { lab, id: StoredValue::new(id.clone()) };
    let fields = lab.form.get().filter(|(of, _)| of == id).map(|(_, fields)| fields).unwrap_or_default();
    styled("div", "form").children(fields.iter().map(|field| form.field(field)))
}

#[derive(Clone, Copy)]
struct Form {
    lab: Lab,
    id: StoredValue<Id>,
}

impl Form {
    /// Sets what stands at a path, or takes it away.
    fn set(self, path: &Path, value: Value) {
        let at = path.clone();
        let command = Command::Set { id: self.id.get_value(), path: path.clone(), value };
        let command = serde_json::to_value(&command).unwrap_or_default();
        self.lab.change(Question::Change { command }, move |outcome| {
            self.lab.refused.set(outcome.err().map(|refused| (at, refused.text)));
        });
    }

    fn field(self, field: &FormField) -> El {
        let help = styled("p", "help").child(field.help.as_str());
        let name = |tag| styled(tag, "key mono").child(field.name.as_str());
        let control = self.control(field);
        if is_simple(&field.control) {
            let label = el("label").child(name("span")).child(control);
            return styled("div", "field").child(label).child(help).child(self.refusal(&field.path));
        }
        let fields = styled("fieldset", "field").child(name("legend")).child(help);
        fields.child(control).child(self.refusal(&field.path))
    }

    fn refusal(self, path: &Path) -> Node {
        let path = path.clone();
        live(move || {
            let reason = self.lab.refused.get().filter(|(at, _)| *at == path).map(|(_, reason)| reason);
            reason.map(|reason| styled("p", "field-refusal").attr("role", "alert").child(reason))
        })
    }

    fn control(self, field: &FormField) -> Node {
        let path = field.path.clone();
        match &field.control {
            Control::Line { value, number } => self.line(path, value, *number).into(),
            Control::Choice { value, choices, none, switch } => {
                self.choice(path, value, choices, *none, *switch).into()
            }
            Control::Group(fields) => Node::Many(fields.iter().map(|field| self.field(field).into()).collect()),
            Control::List { items, next, blank } => {
                let rows = items.iter().map(|item| {
                    let row = styled("li", "entry").child(self.control(item)).child(self.remove(item));
                    row.child(self.refusal(&item.path))
                });
                let more = match next {
                    Some(next) => self.control(next),
                    None => self.add(below(&path, &items.len().to_string()), blank.clone()).into(),
                };
                let more =
                    styled("li", "entry").child(more).child(self.refusal(&below(&path, &items.len().to_string())));
                styled("ul", "entries").children(rows).child(more).into()
            }
            Control::Map { entries, blank } => {
                let rows = entries.iter().map(|entry| {
                    let head = el("summary").child(el("b").child(entry.name.as_str())).child(self.remove(entry));
                    let content = self.control(entry);
                    el("li").child(el("details").child(head).child(content)).child(self.refusal(&entry.path))
                });
                let more = self.add_by_name(path, &field.name, blank.clone());
                styled("ul", "entries").children(rows).child(styled("li", "entry").child(more)).into()
            }
        }
    }

    fn line(self, path: Path, value: &str, number: bool) -> El {
        let read = move |text: &str| match (text, number) {
            ("", _) => Value::Null,
            (_, true) => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
            (_, false) => text.into(),
        };
        line("–").on("change", move |event| self.set(&path, read(dom::input_value(event).trim()))).value(value)
    }

    fn choice(self, path: Path, value: &str, choices: &[String], none: bool, switch: bool) -> El {
        let read = move |text: String| match text.as_str() {
            "" => Value::Null,
            _ if switch => Value::Bool(text == "true"),
            _ => Value::String(text),
        };
        let option = |value: &str, label: &str| el("option").attr("value", value).child(label);
        let is_known = value.is_empty() || choices.iter().any(|choice| choice == value);
        styled("select", "mono")
            .child((none || value.is_empty()).then(|| option("", "–")))
            .child((!is_known).then(|| option(value, value)))
            .children(choices.iter().map(|choice| option(choice, choice)))
            .on("change", move |event| self.set(&path, read(dom::input_value(event))))
            .value(value)
    }

    fn add(self, path: Path, blank: Value) -> El {
        button("quiet small", move || self.set(&path, blank.clone())).child(icon(Icon::Plus)).child("Add")
    }

    fn add_by_name(self, path: Path, name: &str, blank: Value) -> El {
        let add = move |event: &dom::Event| {
            let key = dom::input_value(event);
            if !key.trim().is_empty() {
                self.set(&below(&path, key.trim()), blank.clone());
            }
        };
        line("add by name").label(&format!("Name of a new entry of {name}")).on("change", add).value("")
    }

    fn remove(self, field: &FormField) -> El {
        let path = field.path.clone();
        button("icon-button small", move || self.set(&path, Value::Null))
            .label(&format!("Remove {}", field.name))
            .child(icon(Icon::Close))
    }
}

fn line(placeholder: &str) -> El {
    styled("input", "mono")
        .attr("type", "text")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("placeholder", placeholder)
}

const fn is_simple(control: &Control) -> bool {
    match control {
        Control::Line { .. } | Control::Choice { .. } => true,
        Control::Group(_) | Control::List { .. } | Control::Map { .. } => false,
    }
}

fn below(path: &[SmolStr], key: &str) -> Path {
    let mut path = path.to_vec();
    path.push(format_smolstr!("{key}"));
    path
}
