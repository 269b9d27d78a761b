//! Giving a resource another id, which every reference to it follows. Azure has no such operation: a name there is for
//! life. Here an id is a label the user chose.

use serde_json::Value;
use smol_str::SmolStr;

use super::draft::Draft;
use super::{Refusal, zone_group};
use crate::references::{Holder, at_path};
use crate::{Id, Kind};

/// Renames `id` to `to`.
pub(super) fn rename(draft: &mut Draft<'_>, id: &Id, to: &Id) -> Result<(), Refusal> {
    let kind = draft.document().kind_of(id).ok_or_else(|| Refusal::not_found(id))?;
    if id == to {
        return Err(Refusal::NothingToChange);
    }
    if draft.document().kind_of(to).is_some() {
        return Err(Refusal::AlreadyExists { id: to.clone() });
    }
    let mentions = draft.document().mentions_of(kind, id);
    let index = draft.document().index_of(kind, id).unwrap_or_default();
    let row = draft.document().resource(kind, id).unwrap_or_default();
    let records = zone_group::records_of_target(draft.document(), id);
    draft.remove(kind, id);
    draft.put_at(kind, to, index, row)?;
    for mention in mentions {
        match mention.holder {
            Holder::Resource(kind, holder) => {
                let holder = if holder == *id { to.clone() } else { holder };
                let Some(mut value) = draft.document().resource(kind, &holder) else { continue };
                follow(&mut value, &mention.path, id, to);
                let index = draft.document().index_of(kind, &holder).unwrap_or_default();
                draft.put_at(kind, &holder, index, value)?;
            }
            Holder::Field(key) => {
                let mut value = draft.document().field(&key).unwrap_or_default();
                follow(&mut value, &mention.path, id, to);
                draft.set_field_json(key, value);
            }
        }
    }
    if kind == Kind::Subscription {
        follow_lists(draft, id, to)?;
    }
    if kind == Kind::PlatformService {
        follow_names(draft, id, to);
        let after = zone_group::records_of_target(draft.document(), to);
        zone_group::rename(draft, &records, &after)?;
    }
    Ok(())
}

/// Rewrites one reference, with its child where it has one.
fn follow(value: &mut Value, path: &[SmolStr], id: &Id, to: &Id) {
    if let Some(Value::String(text)) = at_path(value, path) {
        let child = text.strip_prefix(id.as_str()).unwrap_or_default();
        *text = format!("{to}{child}");
    }
}

/// Visibility and auto-approval list subscriptions as text, since they may say `*`.
fn follow_lists(draft: &mut Draft<'_>, id: &Id, to: &Id) -> Result<(), Refusal> {
    let services: Vec<Id> = draft.document().private_link_services.ids().cloned().collect();
    for service in services {
        draft.edit(
            Kind::PrivateLinkService,
            |document| &document.private_link_services,
            &service,
            |row| {
                for list in [&mut row.visibility, &mut row.auto_approval] {
                    for entry in list.subscriptions.iter_mut().filter(|entry| *entry == id.as_str()) {
                        *entry = SmolStr::new(to.as_str());
                    }
                }
            },
        )?;
    }
    Ok(())
}

/// The name of an account is part of its public names, which saved questions may ask for.
fn follow_names(draft: &mut Draft<'_>, id: &Id, to: &Id) {
    let before = draft.document().requests.clone();
    let mut after = before.clone();
    for request in &mut after {
        let rest = request.to.strip_prefix(id.as_str()).filter(|rest| rest.starts_with('.'));
        if let Some(rest) = rest {
            request.to = smol_str::format_smolstr!("{to}{rest}");
        }
    }
    if after != before {
        draft.set_field("requests", &before, &after);
    }
}
