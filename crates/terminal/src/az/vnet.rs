//! `az network vnet`: virtual networks.

use serde_json::{Value, json};
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

/// `network vnet list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::VirtualNetwork)?;
    Ok(Some(ids.iter().map(|id| network(call.document(), id)).collect()))
}

/// `network vnet show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::VirtualNetwork, "--name")?;
    Ok(Some(network(call.document(), &id)))
}

/// The columns of virtual networks.
pub(super) fn table(answer: &Value) -> Value {
    let joined = |list: &Value| {
        let items: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if items.is_empty() { String::from(" ") } else { items.join(", ") }
    };
    let row = |network: &Value| {
        json!({
            "Name": network["name"],
            "ResourceGroup": network["resourceGroup"],
            "Location": network["location"],
            "NumSubnets": network["subnets"].as_array().map_or(0, Vec::len),
            "Prefixes": joined(&network["addressSpace"]["addressPrefixes"]),
            "DnsServers": joined(&network["dhcpOptions"]["dnsServers"]),
            "DDOSProtection": network["enableDdosProtection"],
            "VMProtection": network["enableVmProtection"],
        })
    };
    match answer.as_array() {
        Some(networks) => networks.iter().map(row).collect(),
        None => row(answer),
    }
}

fn network(document: &Document, id: &Id) -> Value {
    let Some(row) = document.virtual_networks.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    let subnets = document.subnets.iter().filter(|(_, subnet)| subnet.virtual_network == *id);
    let peerings = document.virtual_network_peerings.iter().filter(|(_, peering)| peering.virtual_network == *id);
    let peering = |(name, peering): (&Id, &topology::resource::VirtualNetworkPeering)| {
        json!({
            "allowForwardedTraffic": peering.allow_forwarded_traffic,
            "allowGatewayTransit": peering.allow_gateway_transit,
            "allowVirtualNetworkAccess": peering.allow_virtual_network_access,
            "id": format!("{arm_id}/virtualNetworkPeerings/{name}"),
            "name": name.as_str(),
            "remoteVirtualNetwork": arm::reference(document, &peering.remote_virtual_network),
            "resourceGroup": arm::group(document, id),
            "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            "useRemoteGateways": peering.use_remote_gateways,
        })
    };
    json!({
        "addressSpace": { "addressPrefixes": row.address_prefixes.iter().map(ToString::to_string).collect::<Vec<_>>() },
        "dhcpOptions": { "dnsServers": row.dns_servers.iter().map(ToString::to_string).collect::<Vec<_>>() },
        "enableDdosProtection": false,
        "enableVmProtection": false,
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "location": row.location.as_str(),
        "name": id.as_str(),
        "provisioningState": "Succeeded",
        "resourceGroup": arm::group(document, id),
        "resourceGuid": arm::guid(id),
        "subnets": subnets.map(|(subnet, _)| self::subnet(document, subnet)).collect::<Vec<_>>(),
        "tags": {},
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": peerings.map(peering).collect::<Vec<_>>(),
    })
}

fn subnet(document: &Document, id: &Id) -> Value {
    let Some(row) = document.subnets.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    json!({
        "addressPrefix": row.address_prefix.to_string(),
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "name": document.display_name(id),
        "networkSecurityGroup": row.network_security_group.as_ref().map(|group| arm::reference(document, group)),
        "privateEndpointNetworkPolicies": row.private_endpoint_network_policies.as_str(),
        "privateLinkServiceNetworkPolicies": row.private_link_service_network_policies.as_str(),
        "provisioningState": "Succeeded",
        "resourceGroup": arm::group(document, id),
        "type": "Microsoft.Network/virtualNetworks/subnets",
    })
}
