//! `az network private-link-service`: private link services.

use serde_json::{Value, json};
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
