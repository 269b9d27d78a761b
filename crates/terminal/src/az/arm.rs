//! Resources by the ids, names and types ARM gives them.

use serde_json::{Value, json};
use sim::stable_guid;
use topology::{Document, Id, Kind};

/// The ARM type of the resources of a table; `None` where a resource carries its own, or ARM knows none.
pub(super) fn type_of(kind: Kind) -> Option<String> {
    let provider = match kind.as_str() {
        "tenants" | "subscriptions" | "subnets" | "virtualNetworkPeerings" | "platformServices" => return None,
        "virtualMachines" => "Microsoft.Compute",
        _ => "Microsoft.Network",
    };
    Some(format!("{provider}/{kind}"))
}

/// `/subscriptions/…/resourceGroups/…/providers/…` of a resource; its bare id where ARM has none.
pub(super) fn id(document: &Document, id: &Id) -> String {
    if let Some(subnet) = document.subnets.get(id) {
        return format!("{}/subnets/{}", self::id(document, &subnet.virtual_network), document.display_name(id));
    }
    if document.subscriptions.contains(id) {
        return format!("/subscriptions/{id}");
    }
    let of_service = document.platform_services.get(id).map(|service| service.resource_type.to_string());
    let of_kind = || document.kind_of(id).and_then(type_of);
    let Some(resource_type) = of_service.or_else(of_kind) else { return id.to_string() };
    format!("{}/providers/{resource_type}/{}", scope(document, id), document.display_name(id))
}

/// `/subscriptions/…/resourceGroups/…`
pub(super) fn scope(document: &Document, id: &Id) -> String {
    let subscription = document.subscription_of(id).map_or("", Id::as_str);
    format!("/subscriptions/{subscription}/resourceGroups/{}", group(document, id))
}

/// The resource group a resource stands in.
pub(super) fn group<'a>(document: &'a Document, id: &'a Id) -> &'a str {
    document.resource_group_of(id).unwrap_or_default()
}

/// A reference as `az` prints it: the id, and the resource group read out of it.
pub(super) fn reference(document: &Document, id: &Id) -> Value {
    json!({ "id": self::id(document, id), "resourceGroup": group(document, id) })
}

/// The region a resource stands in.
pub(super) fn location<'a>(document: &'a Document, id: &'a Id) -> &'a str {
    if let Some(service) = document.platform_services.get(id) {
        return service.location.as_str();
    }
    let network = document.virtual_network_of(id).and_then(|network| document.virtual_networks.get(network));
    network.map_or("", |network| network.location.as_str())
}

/// An `etag`: the same for the same resource.
pub(super) fn etag(id: &str) -> String {
    format!("W/\"{}\"", stable_guid(&format!("etag {id}")))
}

/// The `resourceGuid` of a resource.
pub(super) fn guid(id: &Id) -> String {
    stable_guid(&format!("guid {id}"))
}
