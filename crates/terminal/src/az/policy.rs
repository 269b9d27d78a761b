//! `az network service-endpoint policy`: which resources a subnet's service endpoints lead to.

use serde_json::{Map, Value, json};
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

/// What a subnet has that its mention in a policy leaves out.
const LEFT_OUT: [&str; 18] = [
    "addressPrefix",
    "addressPrefixes",
    "delegations",
    "etag",
    "ipAllocations",
    "ipConfigurationProfiles",
    "ipConfigurations",
    "name",
    "natGateway",
    "networkSecurityGroup",
    "privateEndpointNetworkPolicies",
    "privateEndpoints",
    "privateLinkServiceNetworkPolicies",
    "provisioningState",
    "purpose",
    "resourceNavigationLinks",
    "routeTable",
    "serviceAssociationLinks",
];

/// `network service-endpoint policy list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::ServiceEndpointPolicy)?;
    Ok(Some(ids.iter().map(|id| policy(call.document(), id)).collect()))
}

/// `network service-endpoint policy show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::ServiceEndpointPolicy, "--name")?;
    Ok(Some(policy(call.document(), &id)))
}

fn policy(document: &Document, id: &Id) -> Value {
    let Some(row) = document.service_endpoint_policies.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    let group = arm::group(document, id);
    let resource = |text: &smol_str::SmolStr| {
        let known = text.parse::<Id>().ok().filter(|id| document.kind_of(id).is_some());
        known.map_or_else(|| text.to_string(), |id| arm::id(document, &id))
    };
    let definitions = row.service_endpoint_policy_definitions.iter().map(|(name, definition)| {
        let id = format!("{arm_id}/serviceEndpointPolicyDefinitions/{name}");
        json!({
            "description": definition.description,
            "etag": arm::etag(&id),
            "id": id,
            "name": name.as_str(),
            "provisioningState": "Succeeded",
            "resourceGroup": group,
            "service": definition.service.as_str(),
            "serviceResources": definition.service_resources.iter().map(resource).collect::<Vec<_>>(),
            "type": "Microsoft.Network/serviceEndpointPolicies/serviceEndpointPolicyDefinitions",
        })
    });
    let attached = document.subnets.iter().filter(|(_, subnet)| subnet.service_endpoint_policies.contains(id));
    json!({
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "location": row.location.as_str(),
        "name": id.as_str(),
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "resourceGuid": arm::guid(id),
        "serviceEndpointPolicyDefinitions": definitions.collect::<Vec<_>>(),
        "subnets": attached.map(|(subnet, _)| mention(document, subnet)).collect::<Vec<_>>(),
        "tags": {},
        "type": "Microsoft.Network/serviceEndpointPolicies",
    })
}

/// A subnet as a policy mentions it: by its id, and nothing else said.
fn mention(document: &Document, subnet: &Id) -> Value {
    let nothing = LEFT_OUT.into_iter().chain(["serviceEndpointPolicies", "serviceEndpoints"]);
    let mut fields: Map<String, Value> = nothing.map(|key| (key.to_owned(), Value::Null)).collect();
    fields.insert(String::from("id"), arm::id(document, subnet).into());
    fields.insert(String::from("resourceGroup"), arm::group(document, subnet).into());
    Value::Object(fields)
}
