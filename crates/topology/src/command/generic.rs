//! Creating any resource, and setting any field of one.

use serde_json::{Map, Value};
use smol_str::SmolStr;

use super::draft::Draft;
use super::{Refusal, private_endpoint};
use crate::references::take_path;
use crate::{Id, Kind, rules};

/// Creates a resource under an id nothing else has.
pub(super) fn create(draft: &mut Draft<'_>, kind: Kind, id: &Id, value: Value) -> Result<(), Refusal> {
    if draft.document().kind_of(id).is_some() {
        return Err(Refusal::AlreadyExists { id: id.clone() });
    }
    let value = match kind == Kind::PrivateEndpoint {
        true => private_endpoint::requested(draft.document(), id, value)?,
        false => value,
    };
    draft.put(kind, id, value)?;
    private_endpoint::created(draft, kind, id)
}

/// Sets what `path` leads to, or takes it away when `value` is null. What is missing on the way there is made.
pub(super) fn set(draft: &mut Draft<'_>, id: &Id, path: &[SmolStr], value: Value) -> Result<(), Refusal> {
    let kind = draft.document().kind_of(id).ok_or_else(|| Refusal::not_found(id))?;
    let before = draft.document().resource(kind, id).unwrap_or_default();
    let mut after = before.clone();
    if value.is_null() {
        take_path(&mut after, path);
    } else {
        put_path(&mut after, path, value).ok_or_else(|| Refusal::InvalidValue {
            field: path.join("/").into(),
            reason: String::from("no such place"),
        })?;
    }
    rules::frozen(draft.document(), kind, id, &before, &after)?;
    if kind == Kind::PrivateEndpoint {
        private_endpoint::admit_change(draft.document(), id, &before, &after)?;
    }
    draft.put(kind, id, after)?;
    private_endpoint::changed(draft, kind, id, &before)
}

fn put_path(place: &mut Value, path: &[SmolStr], value: Value) -> Option<()> {
    let Some((segment, rest)) = path.split_first() else {
        *place = value;
        return Some(());
    };
    if place.is_null() {
        let is_list = segment.parse::<usize>().is_ok();
        *place = if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    match place {
        Value::Object(fields) => put_path(fields.entry(segment.as_str()).or_insert(Value::Null), rest, value),
        Value::Array(items) => {
            let index = segment.parse::<usize>().ok().filter(|index| *index <= items.len())?;
            if index == items.len() {
                items.push(Value::Null);
            }
            put_path(&mut items[index], rest, value)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
