//! A resource as ARM writes it: names and values from the document itself.

use serde_json::Value;
use topology::{Document, Id, Kind};

use crate::components::{El, breakable, el, facts, styled};

/// One property: its path in ARM's words, and its value.
type Row = (String, String);

/// The properties of a resource.
pub(super) fn of(document: &Document, kind: Kind, id: &Id) -> El {
    let mut rows = Vec::new();
    if let Some(value) = document.resource(kind, id) {
        flatten("", &value, &mut rows);
    }
    facts(rows.into_iter().map(|(name, value)| {
        styled("div", "fact").child(el("dt").child(breakable(&name))).child(styled("dd", "mono").child(value))
    }))
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<Row>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&below(name), value, rows);
            }
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let joined: Vec<String> = items.iter().map(shown).collect();
            rows.push((path.to_owned(), if joined.is_empty() { String::from("[]") } else { joined.join(", ") }));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), item, rows);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            rows.push((path.to_owned(), shown(value)));
        }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
