//! `az network private-endpoint dns-zone-group`: the zones whose records follow an endpoint.

use serde_json::{Value, json};
use smol_str::SmolStr;
use topology::catalogue::{Service, catalogue};
use topology::command::Command;
use topology::resource::{DnsZoneGroup, PrivateEndpoint};
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

/// The name of the one group an endpoint has.
const NAME: &str = "default";
/// Where the document holds it.
const FIELD: SmolStr = SmolStr::new_static("privateDnsZoneGroup");

/// `network private-endpoint dns-zone-group list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    Ok(Some(group(call, &endpoint).into_iter().collect()))
}

/// `network private-endpoint dns-zone-group show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    let missing = || {
        let name = format!("{endpoint}/privateDnsZoneGroups/{}", call.given.text("--name"));
        AzError::resource("Microsoft.Network/privateEndpoints", &name, call.given.text("--resource-group"))
    };
    group(call, &endpoint).map(Some).ok_or_else(missing)
}

/// `network private-endpoint dns-zone-group create`
pub(super) fn create(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    let zone = call.by_id_or_name(Kind::PrivateDnsZone, call.given.text("--private-dns-zone"))?;
    let value = json!({ "privateDnsZoneConfigs": [{ "privateDnsZoneId": zone }] });
    call.change(Command::Set { id: endpoint.clone(), path: vec![FIELD], value })?;
    Ok(group(call, &endpoint))
}

/// `network private-endpoint dns-zone-group delete`
pub(super) fn delete(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let endpoint = the_endpoint(call)?;
    call.change(Command::Set { id: endpoint, path: vec![FIELD], value: Value::Null })?;
    Ok(None)
}

/// The endpoint `--endpoint-name` and `--resource-group` name.
pub(super) fn the_endpoint(call: &Call<'_>) -> Result<Id, AzError> {
    call.named(Kind::PrivateEndpoint, call.given.text("--endpoint-name"), call.given.text("--resource-group"))
}

/// The zone group of an endpoint, where it has one.
pub(super) fn group(call: &Call<'_>, endpoint: &Id) -> Option<Value> {
    let document = call.document();
    let row = document.private_endpoints.get(endpoint)?;
    let zones = row.private_dns_zone_group.as_ref()?;
    let id = format!("{}/privateDnsZoneGroups/{NAME}", arm::id(document, endpoint));
    Some(json!({
        "etag": arm::etag(&id),
        "id": id,
        "name": NAME,
        "privateDnsZoneConfigs": configurations(call, endpoint, row, zones, &id),
        "provisioningState": "Succeeded",
        "resourceGroup": arm::group(document, endpoint),
        "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    }))
}

fn configurations(call: &Call<'_>, endpoint: &Id, row: &PrivateEndpoint, zones: &DnsZoneGroup, id: &str) -> Vec<Value> {
    let document = call.document();
    let configuration = |zone: &Id| {
        let name = document.display_name(zone).replace('.', "-");
        let id = format!("{id}/privateDnsZoneConfigs/{name}");
        json!({
            "etag": arm::etag(&id),
            "id": id,
            "name": name,
            "privateDnsZoneId": arm::id(document, zone),
            "recordSets": record_sets(call, endpoint, row, zone),
            "resourceGroup": arm::group(document, endpoint),
            "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs",
        })
    };
    zones.private_dns_zone_configs.iter().map(|zone| configuration(&zone.private_dns_zone_id)).collect()
}

/// The records of a zone that lead to the endpoint.
fn record_sets(call: &Call<'_>, endpoint: &Id, _row: &PrivateEndpoint, zone: &Id) -> Vec<Value> {
    let (Some(address), Some(zone)) =
        (call.network().address_of(endpoint), call.document().private_dns_zones.get(zone))
    else {
        return Vec::new();
    };
    let own = zone.record_sets.iter().filter(|(_, set)| set.a_records.contains(&address));
    let record = |(name, set): (&SmolStr, &topology::resource::RecordSet)| {
        json!({
            "fqdn": format!("{name}.{}", zone.name),
            "ipAddresses": set.a_records.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "provisioningState": "Succeeded",
            "recordSetName": name.as_str(),
            "recordType": "A",
            "ttl": set.ttl,
        })
    };
    own.map(record).collect()
}

/// The public names of what an endpoint connects to.
pub(super) fn public_names(document: &Document, row: &PrivateEndpoint) -> Vec<String> {
    let target = row.connection().map(|connection| &connection.private_link_service_id);
    let Some((target, service)) = target.and_then(|target| Some((target, sub_resource(document, row)?))) else {
        return Vec::new();
    };
    let suffixes = service.names.iter().map(|pair| &pair.public_suffix).filter(|suffix| !suffix.contains('{'));
    suffixes.map(|suffix| format!("{target}.{suffix}")).collect()
}

/// The sub-resource an endpoint connects to.
fn sub_resource(document: &Document, row: &PrivateEndpoint) -> Option<&'static Service> {
    let connection = row.connection()?;
    let service = document.platform_services.get(&connection.private_link_service_id)?;
    catalogue().sub_resource(&service.resource_type, connection.group_ids.first()?)
}
