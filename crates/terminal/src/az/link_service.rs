//! `az network private-link-service`: private link services.

use serde_json::{Value, json};
use topology::command::Command;
use topology::{ChildRef, Document, Id, Kind};

use super::call::Call;
use super::error::AzError;
use super::{arm, connection};

/// `network private-link-service list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::PrivateLinkService)?;
    Ok(Some(ids.iter().map(|id| service(call, id)).collect()))
}

/// `network private-link-service show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::PrivateLinkService, "--name")?;
    Ok(Some(service(call, &id)))
}

/// `network private-link-service create`
pub(super) fn create(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.new_id()?;
    let given = &call.given;
    let balancer = given.value("--lb-name").map(|name| call.by_id_or_name(Kind::LoadBalancer, name)).transpose()?;
    let frontend = |wanted: &String| match (&balancer, wanted.rsplit_once("/frontendIPConfigurations/")) {
        (_, Some((balancer, frontend))) => {
            call.by_arm_id(Kind::LoadBalancer, balancer).map(|balancer| format!("{balancer}/{frontend}"))
        }
        (Some(balancer), None) => Ok(format!("{balancer}/{wanted}")),
        (None, None) => Err(AzError::usage("--lb-name is needed when --lb-frontend-ip-configs is a name")),
    };
    let frontends = given.values("--lb-frontend-ip-configs").iter().map(frontend).collect::<Result<Vec<_>, _>>()?;
    let mut nat_ip = json!({ "subnet": call.subnet()? });
    if let Some(address) = given.value("--private-ip-address") {
        nat_ip["privateIPAddress"] = address.into();
    }
    let value = json!({
        "loadBalancerFrontendIpConfigurations": frontends,
        "ipConfigurations": [nat_ip],
        "enableProxyProtocol": given.is_on("--enable-proxy-protocol"),
        "visibility": { "subscriptions": given.values("--visibility") },
        "autoApproval": { "subscriptions": given.values("--auto-approval") },
    });
    call.change(Command::Create { kind: Kind::PrivateLinkService, id: id.clone(), value })?;
    Ok(Some(service(call, &id)))
}

/// `network private-link-service delete`
pub(super) fn delete(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::PrivateLinkService, "--name")?;
    call.change(Command::Delete { id, cascade: false })?;
    Ok(None)
}

/// A private link service.
pub(super) fn service(call: &Call<'_>, id: &Id) -> Value {
    let document = call.document();
    let Some(row) = document.private_link_services.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    let group = arm::group(document, id);
    let addresses = call.network().nat_ips(id);
    let nat_ip = |(position, configuration): (usize, &topology::resource::NatIpConfiguration)| {
        let id = format!("{arm_id}/ipConfigurations/{position}");
        let method = if configuration.private_ip_address.is_some() { "Static" } else { "Dynamic" };
        json!({
            "etag": arm::etag(&id),
            "id": id,
            "name": position.to_string(),
            "primary": position == 0,
            "privateIpAddress": addresses.get(position).map(ToString::to_string),
            "privateIpAddressVersion": "IPv4",
            "privateIpAllocationMethod": method,
            "provisioningState": "Succeeded",
            "resourceGroup": group,
            "subnet": arm::reference(document, &configuration.subnet),
            "type": "Microsoft.Network/privateLinkServices/ipConfigurations",
        })
    };
    json!({
        "alias": call.network().alias(id),
        "autoApproval": { "subscriptions": texts(&row.auto_approval.subscriptions) },
        "enableProxyProtocol": row.enable_proxy_protocol,
        "etag": arm::etag(&arm_id),
        "fqdns": [],
        "id": arm_id,
        "ipConfigurations": row.ip_configurations.iter().enumerate().map(nat_ip).collect::<Vec<_>>(),
        "loadBalancerFrontendIpConfigurations": row
            .load_balancer_frontend_ip_configurations
            .iter()
            .map(|frontend| frontend_reference(document, frontend))
            .collect::<Vec<_>>(),
        "location": arm::location(document, id),
        "name": id.as_str(),
        "networkInterfaces": [{
            "id": format!("{}/providers/Microsoft.Network/networkInterfaces/{id}.nic.{}", arm::scope(document, id), arm::guid(id)),
            "resourceGroup": group,
        }],
        "privateEndpointConnections": connection::of_target(call, id),
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "tags": {},
        "type": "Microsoft.Network/privateLinkServices",
        "visibility": { "subscriptions": texts(&row.visibility.subscriptions) },
    })
}

fn texts(list: &[smol_str::SmolStr]) -> Vec<&str> {
    list.iter().map(smol_str::SmolStr::as_str).collect()
}

fn frontend_reference(document: &Document, frontend: &ChildRef) -> Value {
    let balancer = arm::id(document, &frontend.parent);
    json!({
        "id": format!("{balancer}/frontendIPConfigurations/{}", frontend.child),
        "resourceGroup": arm::group(document, &frontend.parent),
    })
}
