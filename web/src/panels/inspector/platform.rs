//! Platform services: who may come in.

use leptos::prelude::*;
use topology::Id;
use topology::command::Command;
use topology::resource::{DefaultAction, PublicNetworkAccess};

use crate::dom;
use crate::state::Lab;

/// A platform service.
pub(super) fn of_service(lab: Lab, id: Id) -> impl IntoView {
    let document = lab.document.get_untracked();
    let Some(service) = document.platform_services.get(&id).cloned() else { return ().into_any() };
    let (access, action) = (service.public_network_access, service.network_acls.default_action);
    let other = id.clone();
    view! {
        <h3>"Access"</h3>
        <div class="choices">
            <label for="public-network-access" class="mono">"publicNetworkAccess"</label>
            <select
                id="public-network-access"
                on:change=move |event| {
                    let access = match dom::input_value(&event).as_str() {
                        "Disabled" => PublicNetworkAccess::Disabled,
                        _ => PublicNetworkAccess::Enabled,
                    };
                    lab.apply(Command::SetPublicNetworkAccess { service: id.clone(), access });
                }
            >
                <option value="Enabled" selected=access == PublicNetworkAccess::Enabled>"Enabled"</option>
                <option value="Disabled" selected=access == PublicNetworkAccess::Disabled>"Disabled"</option>
            </select>
            <label for="default-action" class="mono">"networkAcls.defaultAction"</label>
            <select
                id="default-action"
                on:change=move |event| {
                    let action = match dom::input_value(&event).as_str() {
                        "Deny" => DefaultAction::Deny,
                        _ => DefaultAction::Allow,
                    };
                    lab.apply(Command::SetDefaultAction { service: other.clone(), action });
                }
            >
                <option value="Allow" selected=action == DefaultAction::Allow>"Allow"</option>
                <option value="Deny" selected=action == DefaultAction::Deny>"Deny"</option>
            </select>
        </div>
    }
    .into_any()
}
