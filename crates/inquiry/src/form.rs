//! A resource as a form: its fields in ARM's names, with what they mean, made from the declaration of its type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use smol_str::{SmolStr, format_smolstr};
use topology::shape::{Field, Shape};
use topology::{Document, Id};

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormField {
    /// Keys and indices from the resource to the value.
    pub path: Vec<SmolStr>,
    /// Its name.
    pub name: String,
    /// What it means.
    pub help: String,
    /// What it is edited with.
    pub control: Control,
}

/// What a field is edited with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Control {
    /// A line of text, or a number.
    Line {
        /// What stands there; empty where nothing does.
        value: String,
        /// Whether it is a number.
        number: bool,
    },
    /// One of some values.
    Choice {
        /// The one that stands there; empty where none does.
        value: String,
        /// What can be chosen.
        choices: Vec<String>,
        /// Whether none can be chosen.
        none: bool,
        /// Whether the values are true and false.
        switch: bool,
    },
    /// Several fields.
    Group(Vec<FormField>),
    /// Several of the same, in order.
    List {
        /// Those there are.
        items: Vec<FormField>,
        /// An empty one to be filled in, where one line or choice fills it.
        next: Option<Box<FormField>>,
        /// What a new one starts as, where it takes more.
        blank: Value,
    },
    /// Several of the same, by name.
    Map {
        /// Those there are; each is named by the last key of its path.
        entries: Vec<FormField>,
        /// What a new one starts as.
        blank: Value,
    },
}

/// The form of a resource; empty where there is no such resource.
#[must_use]
pub(crate) fn of(document: &Document, id: &Id) -> Vec<FormField> {
    let Some(kind) = document.kind_of(id) else { return Vec::new() };
    let value = document.resource(kind, id).unwrap_or_default();
    Maker { document }.fields(&[], kind.fields(), &value)
}

struct Maker<'a> {
    document: &'a Document,
}

impl Maker<'_> {
    fn fields(&self, at: &[SmolStr], fields: &[Field], value: &Value) -> Vec<FormField> {
        let field = |field: &Field| FormField {
            path: below(at, field.key),
            name: field.key.to_owned(),
            help: plain(&field.meaning()),
            control: self.control(&below(at, field.key), field.key, field.shape, value.get(field.key)),
        };
        fields.iter().map(field).collect()
    }

    fn control(&self, path: &[SmolStr], name: &str, shape: Shape, value: Option<&Value>) -> Control {
        let choice = |choices: Vec<String>, none: bool, switch: bool| Control::Choice {
            value: shown(value),
            choices,
            none,
            switch,
        };
        match shape {
            Shape::Text | Shape::Address | Shape::Prefix | Shape::DomainName | Shape::Any => {
                Control::Line { value: shown(value), number: false }
            }
            Shape::Number(_) => Control::Line { value: shown(value), number: true },
            Shape::Switch => choice(vec!["true".to_owned(), "false".to_owned()], true, true),
            Shape::Word(words) => choice(words.iter().map(|word| (*word).to_owned()).collect(), true, false),
            Shape::Reference | Shape::ChildReference => {
                choice(self.candidates(name, shape), value.is_none_or(Value::is_null), false)
            }
            Shape::Optional(inner) => match self.control(path, name, *inner, value) {
                Control::Choice { value, choices, switch, .. } => {
                    Control::Choice { value, choices, none: true, switch }
                }
                other @ (Control::Line { .. } | Control::Group(_) | Control::List { .. } | Control::Map { .. }) => {
                    other
                }
            },
            Shape::Object(fields) => Control::Group(self.fields(path, fields, value.unwrap_or(&Value::Null))),
            Shape::List(inner) => self.list(path, name, *inner, value),
            Shape::Map(inner) => self.map(path, name, *inner, value),
        }
    }

    fn list(&self, path: &[SmolStr], name: &str, inner: Shape, value: Option<&Value>) -> Control {
        let items = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let item = |index: usize, value: Option<&Value>| {
            let path = below(path, &index.to_string());
            let control = self.control(&path, name, inner, value);
            FormField { path, name: format!("{name} {}", index + 1), help: String::new(), control }
        };
        let shown = items.iter().enumerate().map(|(index, value)| item(index, Some(value))).collect();
        let next = is_simple(inner).then(|| Box::new(item(items.len(), None)));
        Control::List { items: shown, next, blank: self.blank(name, inner) }
    }

    fn map(&self, path: &[SmolStr], name: &str, inner: Shape, value: Option<&Value>) -> Control {
        let nothing = Map::new();
        let entries = value.and_then(Value::as_object).unwrap_or(&nothing).iter().map(|(key, value)| {
            let path = below(path, key);
            let control = self.control(&path, name, inner, Some(value));
            FormField { path, name: key.clone(), help: String::new(), control }
        });
        Control::Map { entries: entries.collect(), blank: self.blank(name, inner) }
    }

    /// The resources, or the children of resources, that a field may name.
    fn candidates(&self, field: &str, shape: Shape) -> Vec<String> {
        let of_children = matches!(shape, Shape::ChildReference);
        self.document.nameable_in(field, of_children).iter().map(ToString::to_string).collect()
    }

    /// A value to begin with: only what has to be there.
    fn blank(&self, name: &str, shape: Shape) -> Value {
        match shape {
            Shape::Object(fields) => {
                let required = fields.iter().filter(|field| field.required);
                Value::Object(
                    required.map(|field| (field.key.to_owned(), self.blank(field.key, field.shape))).collect(),
                )
            }
            Shape::List(_) => Value::Array(Vec::new()),
            Shape::Map(_) => Value::Object(Map::new()),
            Shape::Optional(_) | Shape::Any => Value::Null,
            Shape::Word(words) => words.first().map_or(Value::Null, |word| (*word).into()),
            Shape::Switch => Value::Bool(false),
            Shape::Number(_) => Value::from(if name == "priority" { 100_u64 } else { 80 }),
            Shape::Text => Value::from("*"),
            Shape::Address => Value::from("10.0.0.4"),
            Shape::Prefix => Value::from("10.0.0.0/24"),
            Shape::DomainName => Value::from("contoso.com"),
            Shape::Reference | Shape::ChildReference => {
                self.candidates(name, shape).into_iter().next().map_or(Value::Null, Value::String)
            }
        }
    }
}

/// Whether one line or choice fills it in.
const fn is_simple(shape: Shape) -> bool {
    match shape {
        Shape::List(_) | Shape::Map(_) | Shape::Object(_) => false,
        Shape::Optional(inner) => is_simple(*inner),
        Shape::Text
        | Shape::Address
        | Shape::Prefix
        | Shape::DomainName
        | Shape::Number(_)
        | Shape::Switch
        | Shape::Word(_)
        | Shape::Reference
        | Shape::ChildReference
        | Shape::Any => true,
    }
}

fn below(path: &[SmolStr], key: &str) -> Vec<SmolStr> {
    let mut path = path.to_vec();
    path.push(format_smolstr!("{key}"));
    path
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Documentation without its marks.
fn plain(text: &str) -> String {
    text.replace(['`', '[', ']'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TWO_TENANTS, desk};

    fn field<'a>(fields: &'a [FormField], name: &str) -> &'a FormField {
        fields.iter().find(|field| field.name == name).unwrap()
    }

    #[test]
    fn a_form_offers_what_each_field_can_hold() {
        let desk = desk(TWO_TENANTS);
        let form = of(&desk.document, &"iis-0-nic".parse().unwrap());
        let Control::Choice { value, choices, none, .. } = &field(&form, "subnet").control else { panic!("a choice") };
        assert_eq!((value.as_str(), *none), ("web", false));
        assert_eq!(choices, &["clients", "endpoints", "web", "nat"]);
        assert!(field(&form, "subnet").help.contains("subnet"));
    }

    #[test]
    fn lists_and_maps_show_their_entries_and_what_a_new_one_starts_as() {
        let desk = desk(TWO_TENANTS);
        let form = of(&desk.document, &"lb-iis".parse().unwrap());
        let Control::Map { entries, blank } = &field(&form, "loadBalancingRules").control else { panic!("a map") };
        assert_eq!(entries[0].name, "http");
        assert_eq!(blank["protocol"], "Tcp");
        let Control::Group(rule) = &entries[0].control else { panic!("a group") };
        assert_eq!(field(rule, "frontendPort").control, Control::Line { value: "80".to_owned(), number: true });
        assert_eq!(field(rule, "frontendPort").path, ["loadBalancingRules", "http", "frontendPort"]);
    }

    #[test]
    fn a_reference_to_a_child_offers_the_children_there_are() {
        let desk = desk(TWO_TENANTS);
        let form = of(&desk.document, &"pls-iis".parse().unwrap());
        let frontends = &field(&form, "loadBalancerFrontendIpConfigurations").control;
        let Control::List { items, next, .. } = frontends else { panic!("a list") };
        let Control::Choice { value, choices, .. } = &items[0].control else { panic!("a choice") };
        assert_eq!(value, "lb-iis/frontend");
        assert_eq!(choices, &["lb-iis/frontend"]);
        assert!(next.is_some());
    }
}
