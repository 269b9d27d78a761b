//! `az storage account`: storage accounts and their firewall.

use serde_json::{Value, json};
use topology::{Document, Id, Kind};

use super::call::Call;
use super::error::AzError;
use super::{arm, connection};

const TYPE: &str = "Microsoft.Storage/storageAccounts";

/// `storage account list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::PlatformService)?;
    let accounts = ids.iter().filter(|id| is_account(call.document(), id));
    Ok(Some(accounts.map(|id| account(call, id)).collect()))
}

/// `storage account show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let (name, group) = (call.given.value("--name"), call.given.value("--resource-group"));
    let id = match (name, group) {
        // A storage account's name is unique in the world, so that the group may be left out.
        (Some(name), None) => {
            let wanted =
                call.list(Kind::PlatformService)?.into_iter().find(|id| id.as_str().eq_ignore_ascii_case(name));
            wanted.ok_or_else(|| AzError::resource(TYPE, name, "*"))?
        }
        (_, Some(_)) | (None, None) => {
            call.one(Kind::PlatformService, "--name").map_err(|error| match (error, name, group) {
                (AzError::NotFound { code: "ResourceNotFound", .. }, Some(name), Some(group)) => {
                    AzError::resource(TYPE, name, group)
                }
                (error, _, _) => error,
            })?
        }
    };
    if !is_account(call.document(), &id) {
        return Err(AzError::resource(TYPE, id.as_str(), arm::group(call.document(), &id)));
    }
    Ok(Some(account(call, &id)))
}

fn is_account(document: &Document, id: &Id) -> bool {
    document.platform_services.get(id).is_some_and(|service| service.resource_type == TYPE)
}

fn account(call: &Call<'_>, id: &Id) -> Value {
    let document = call.document();
    let Some(row) = document.platform_services.get(id) else { return Value::Null };
    let endpoint = |service: &str| format!("https://{id}.{service}.core.windows.net/");
    json!({
        "accessTier": "Hot",
        "allowBlobPublicAccess": true,
        "enableHttpsTrafficOnly": true,
        "id": arm::id(document, id),
        "kind": "StorageV2",
        "location": row.location.as_str(),
        "name": id.as_str(),
        "networkRuleSet": rules(document, id),
        "primaryEndpoints": {
            "blob": endpoint("blob"),
            "dfs": endpoint("dfs"),
            "file": endpoint("file"),
            "queue": endpoint("queue"),
            "table": endpoint("table"),
            "web": endpoint("web"),
        },
        "primaryLocation": row.location.as_str(),
        "privateEndpointConnections": connection::of_target(call, id),
        "provisioningState": "Succeeded",
        "publicNetworkAccess": row.public_network_access.unwrap_or_default().as_str(),
        "resourceGroup": arm::group(document, id),
        "sku": { "name": "Standard_LRS", "tier": "Standard" },
        "tags": {},
        "type": TYPE,
    })
}

/// `networkAcls`, which the command line calls `networkRuleSet` [SEED4].
fn rules(document: &Document, id: &Id) -> Value {
    let Some(row) = document.platform_services.get(id) else { return Value::Null };
    let acls = &row.network_acls;
    let address = |rule: &smol_str::SmolStr| json!({ "action": "Allow", "ipAddressOrRange": rule.as_str() });
    let subnet = |rule: &topology::resource::VirtualNetworkRule| json!({ "state": "Succeeded", "virtualNetworkResourceId": arm::id(document, &rule.subnet) });
    let resource = |rule: &topology::resource::ResourceAccessRule| {
        let tenant = rule.tenant_id.as_ref().map(Id::as_str);
        json!({ "resourceId": rule.resource_id.as_str(), "tenantId": tenant })
    };
    json!({
        "bypass": acls.bypass_words().collect::<Vec<_>>().join(", "),
        "defaultAction": acls.default_action.as_str(),
        "ipRules": acls.ip_rules.iter().map(address).collect::<Vec<_>>(),
        "resourceAccessRules": acls.resource_access_rules.iter().map(resource).collect::<Vec<_>>(),
        "virtualNetworkRules": acls.virtual_network_rules.iter().map(subnet).collect::<Vec<_>>(),
    })
}
