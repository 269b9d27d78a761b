//! `az network private-endpoint-connection`: what the owner of a target sees of the endpoints connected to it.

use serde_json::{Value, json};
use sim::stable_guid;
use topology::command::Command;
use topology::resource::PrivateLinkServiceConnection;
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

const NESTED: &str = "privateEndpointConnections";

/// `network private-endpoint-connection list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let target = the_target(call)?;
    Ok(Some(Value::Array(of_target(call, &target))))
}

/// `network private-endpoint-connection show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    Ok(row(call, &endpoint))
}

/// `network private-endpoint-connection approve`
pub(super) fn approve(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    call.change(Command::ApproveConnection { endpoint: endpoint.clone() })?;
    describe(call, &endpoint)
}

/// `network private-endpoint-connection reject`
pub(super) fn reject(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    call.change(Command::RejectConnection { endpoint: endpoint.clone() })?;
    describe(call, &endpoint)
}

/// `network private-endpoint-connection delete`
pub(super) fn delete(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    call.change(Command::RemoveConnection { endpoint })?;
    Ok(None)
}

/// Writes down what the owner says, and shows the connection.
fn describe(call: &mut Call<'_>, endpoint: &Id) -> Result<Option<Value>, AzError> {
    if let Some(description) = call.given.value("--description").map(Value::from) {
        let row = call.document().private_endpoints.get(endpoint);
        let manual = row.is_some_and(|row| row.private_link_service_connections.is_empty());
        let list = if manual { "manualPrivateLinkServiceConnections" } else { "privateLinkServiceConnections" };
        let path = [list, "0", "privateLinkServiceConnectionState", "description"];
        let path = path.map(smol_str::SmolStr::new_static).to_vec();
        call.change(Command::Set { id: endpoint.clone(), path, value: description })?;
    }
    Ok(row(call, endpoint))
}

/// The connections of a private link service or a platform service.
pub(super) fn of_target(call: &Call<'_>, target: &Id) -> Vec<Value> {
    let endpoints = call.document().private_endpoints.iter();
    let connected =
        endpoints.filter(|(_, row)| row.connection().is_some_and(|row| row.private_link_service_id == *target));
    connected.filter_map(|(endpoint, _)| row(call, endpoint)).collect()
}

fn row(call: &Call<'_>, endpoint: &Id) -> Option<Value> {
    let document = call.document();
    let connection = document.private_endpoints.get(endpoint)?.connection()?;
    let target = &connection.private_link_service_id;
    let (name, state) = (name(document, endpoint, connection), &connection.private_link_service_connection_state);
    let target_id = arm::id(document, target);
    let of_link_service = document.private_link_services.contains(target);
    let (actions, resource_type) = if of_link_service {
        ("actionsRequired", String::from("Microsoft.Network/privateLinkServices"))
    } else {
        ("actionRequired", document.platform_services.get(target)?.resource_type.to_string())
    };
    let mut properties = json!({
        "privateEndpoint": arm::reference(document, endpoint),
        "privateLinkServiceConnectionState": {
            actions: "None",
            "description": state.description.as_deref().unwrap_or_default(),
            "status": state.status.as_str(),
        },
        "provisioningState": "Succeeded",
    });
    if of_link_service {
        properties["linkIdentifier"] = json!(call.network().link_identifier(endpoint).map(|number| number.to_string()));
        properties["privateEndpointLocation"] = json!(arm::location(document, endpoint));
    }
    Some(json!({
        "id": format!("{target_id}/{NESTED}/{name}"),
        "name": name,
        "properties": properties,
        "resourceGroup": arm::group(document, target),
        "type": format!("{resource_type}/{NESTED}"),
    }))
}

/// Azure names a connection after the account, or after the endpoint at a private link service, and a guid.
fn name(document: &Document, endpoint: &Id, connection: &PrivateLinkServiceConnection) -> String {
    let target = &connection.private_link_service_id;
    let named_after = if document.private_link_services.contains(target) { endpoint } else { target };
    format!("{named_after}.{}", stable_guid(&format!("{endpoint} connection")))
}

/// The ids of every connection, for completion.
pub(super) fn ids(document: &Document) -> Vec<String> {
    let of = |(endpoint, row): (&Id, &topology::resource::PrivateEndpoint)| {
        let connection = row.connection()?;
        let target = arm::id(document, &connection.private_link_service_id);
        Some(format!("{target}/{NESTED}/{}", name(document, endpoint, connection)))
    };
    document.private_endpoints.iter().filter_map(of).collect()
}

/// The target `--id` names, or `--name`, `--type` and `--resource-group` do.
fn the_target(call: &Call<'_>) -> Result<Id, AzError> {
    if let Some(id) = call.given.value("--id") {
        return target_by_id(call, id);
    }
    let (Some(name), Some(resource_type)) = (call.given.value("--name"), call.given.value("--type")) else {
        return Err(AzError::usage("--id or --name, --type and --resource-group are required"));
    };
    let kind = if resource_type.eq_ignore_ascii_case("Microsoft.Network/privateLinkServices") {
        Kind::PrivateLinkService
    } else {
        Kind::PlatformService
    };
    call.named(kind, name, call.given.text("--resource-group"))
}

/// A private link service or a platform service by its id.
pub(super) fn target_by_id(call: &Call<'_>, id: &str) -> Result<Id, AzError> {
    call.by_arm_id(Kind::PrivateLinkService, id).or_else(|_| call.by_arm_id(Kind::PlatformService, id))
}

/// The endpoint of the connection that `--id` names, or `--name` and the target do.
pub(super) fn the_endpoint(call: &Call<'_>) -> Result<Id, AzError> {
    let document = call.document();
    let wanted = match (call.given.value("--id"), call.given.value("--name")) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) => {
            let (target, resource_type) = (call.given.value("--resource-name"), call.given.value("--type"));
            let (Some(target), Some(resource_type)) = (target, resource_type) else {
                return Err(AzError::usage(
                    "--id or --name, --resource-name, --type and --resource-group are required",
                ));
            };
            let kind = if resource_type.eq_ignore_ascii_case("Microsoft.Network/privateLinkServices") {
                Kind::PrivateLinkService
            } else {
                Kind::PlatformService
            };
            let target = call.named(kind, target, call.given.text("--resource-group"))?;
            format!("{}/{NESTED}/{name}", arm::id(document, &target))
        }
        (None, None) => return Err(AzError::usage("the following arguments are required: --id")),
    };
    let is_it = |endpoint: &Id, row: &topology::resource::PrivateEndpoint| {
        row.connection().is_some_and(|connection| {
            let target = arm::id(document, &connection.private_link_service_id);
            format!("{target}/{NESTED}/{}", name(document, endpoint, connection)).eq_ignore_ascii_case(&wanted)
        })
    };
    let found = document.private_endpoints.iter().find(|(endpoint, row)| is_it(endpoint, row));
    found.map(|(endpoint, _)| endpoint.clone()).ok_or_else(|| AzError::resource_id(&wanted))
}
