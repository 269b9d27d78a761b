//! Platform services: who may come in.

use leptos::prelude::*;
use topology::Id;
use topology::command::Command;
use topology::resource::{DefaultAction, PublicNetworkAccess};

use crate::components::{El, Node, el, styled};
use crate::dom;
use crate::state::Lab;

/// A platform service.
pub(super) fn of_service(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let Some(service) = document.platform_services.get(id) else { return Node::Many(Vec::new()) };
    let access = service.public_network_access.unwrap_or_default().as_str();
    let action = service.network_acls.default_action.as_str();
    let of_access = id.clone();
    let set_access = move |value: &str| {
        let access = match value {
            "Disabled" => PublicNetworkAccess::Disabled,
            "SecuredByPerimeter" => PublicNetworkAccess::SecuredByPerimeter,
            _ => PublicNetworkAccess::Enabled,
        };
        lab.apply(&Command::SetPublicNetworkAccess { service: of_access.clone(), access });
    };
    let of_action = id.clone();
    let set_action = move |value: &str| {
        let action = if value == "Deny" { DefaultAction::Deny } else { DefaultAction::Allow };
        lab.apply(&Command::SetDefaultAction { service: of_action.clone(), action });
    };
    let choices = styled("div", "choices")
        .child(name_of("public-network-access", "publicNetworkAccess"))
        .child(choice("public-network-access", ["Enabled", "Disabled", "SecuredByPerimeter"], access, set_access))
        .child(name_of("default-action", "networkAcls.defaultAction"))
        .child(choice("default-action", ["Allow", "Deny"], action, set_action));
    vec![el("h3").child("Access"), choices].into()
}

fn name_of(field: &str, name: &str) -> El {
    styled("label", "mono").attr("for", field).child(name)
}

fn choice<const N: usize>(id: &str, options: [&'static str; N], chosen: &str, choose: impl Fn(&str) + 'static) -> El {
    el("select")
        .attr("id", id)
        .on("change", move |event| choose(&dom::input_value(event)))
        .children(options.map(|option| el("option").attr("value", option).child(option)))
        .value(chosen)
}
