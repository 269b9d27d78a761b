//! `az network private-endpoint`: private endpoints.

use serde_json::{Value, json};
use topology::command::Command;
use topology::resource::{ConnectionStatus, PrivateEndpoint, PrivateLinkServiceConnection};
use topology::{Document, Id, Kind};

use super::call::Call;
use super::error::AzError;
use super::{arm, connection, nic, zone_group};

/// `network private-endpoint list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::PrivateEndpoint)?;
    Ok(Some(ids.iter().map(|id| endpoint(call, id)).collect()))
}

/// `network private-endpoint show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::PrivateEndpoint, "--name")?;
    Ok(Some(endpoint(call, &id)))
}

/// `network private-endpoint create`
pub(super) fn create(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.new_id()?;
    let given = &call.given;
    let list = if given.is_on("--manual-request") {
        "manualPrivateLinkServiceConnections"
    } else {
        "privateLinkServiceConnections"
    };
    let mut connection = json!({
        "privateLinkServiceId": target(call)?,
        "groupIds": given.values("--group-id"),
    });
    if let Some(message) = given.value("--request-message") {
        connection["requestMessage"] = message.into();
    }
    let mut value = json!({ "subnet": call.subnet()?, list: [connection] });
    if let Some(name) = given.value("--nic-name") {
        value["customNetworkInterfaceName"] = name.into();
    }
    call.change(Command::Create { kind: Kind::PrivateEndpoint, id: id.clone(), value })?;
    Ok(Some(endpoint(call, &id)))
}

/// `network private-endpoint delete`
pub(super) fn delete(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::PrivateEndpoint, "--name")?;
    call.change(Command::Delete { id, cascade: false })?;
    Ok(None)
}

/// What a new endpoint connects to: a resource by its id, or a private link service by its alias, as it was given.
fn target(call: &Call<'_>) -> Result<String, AzError> {
    let wanted = call.given.text("--private-connection-resource-id");
    if !wanted.starts_with('/') {
        return Ok(wanted.to_owned());
    }
    connection::target_by_id(call, wanted).map(|id| id.to_string())
}

/// A private endpoint.
pub(super) fn endpoint(call: &Call<'_>, id: &Id) -> Value {
    let document = call.document();
    let Some(row) = document.private_endpoints.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    let connections = |manual: bool, list: &[PrivateLinkServiceConnection]| -> Vec<Value> {
        list.iter().map(|connection| own_connection(document, id, connection, manual)).collect()
    };
    let interface = nic::endpoint_interface(document, id);
    json!({
        "customDnsConfigs": dns_hints(call, id, row),
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "location": arm::location(document, id),
        "manualPrivateLinkServiceConnections": connections(true, &row.manual_private_link_service_connections),
        "name": id.as_str(),
        "networkInterfaces": [{
            "id": format!("{}/providers/Microsoft.Network/networkInterfaces/{interface}", arm::scope(document, id)),
            "resourceGroup": arm::group(document, id),
        }],
        "privateLinkServiceConnections": connections(false, &row.private_link_service_connections),
        "provisioningState": "Succeeded",
        "resourceGroup": arm::group(document, id),
        "subnet": arm::reference(document, &row.subnet),
        "tags": null,
        "type": "Microsoft.Network/privateEndpoints",
    })
}

/// `customDnsConfigs`: names and addresses to register by hand. A zone group does it instead, and before the approval
/// there is nothing to register [DMAUSER-ISSUE].
fn dns_hints(call: &Call<'_>, id: &Id, row: &PrivateEndpoint) -> Vec<Value> {
    let approved = row
        .connection()
        .filter(|connection| connection.private_link_service_connection_state.status == ConnectionStatus::Approved);
    let (Some(_), None, Some(address)) = (approved, &row.private_dns_zone_group, call.network().address_of(id)) else {
        return Vec::new();
    };
    let names = zone_group::public_names(call.document(), row);
    names.iter().map(|name| json!({ "fqdn": name, "ipAddresses": [address.to_string()] })).collect()
}

fn own_connection(document: &Document, endpoint: &Id, row: &PrivateLinkServiceConnection, manual: bool) -> Value {
    let list = if manual { "manualPrivateLinkServiceConnections" } else { "privateLinkServiceConnections" };
    let id = format!("{}/{list}/{endpoint}", arm::id(document, endpoint));
    let state = &row.private_link_service_connection_state;
    json!({
        "etag": arm::etag(&id),
        "groupIds": row.group_ids.iter().map(|group| group.as_str()).collect::<Vec<_>>(),
        "id": id,
        "name": endpoint.as_str(),
        "privateLinkServiceConnectionState": {
            "actionsRequired": "None",
            "description": state.description.as_deref().unwrap_or_default(),
            "status": state.status.as_str(),
        },
        "privateLinkServiceId": arm::id(document, &row.private_link_service_id),
        "provisioningState": "Succeeded",
        "requestMessage": row.request_message,
        "resourceGroup": arm::group(document, endpoint),
        "type": format!("Microsoft.Network/privateEndpoints/{list}"),
    })
}
