//! `az network private-dns`: private DNS zones and their links.

use serde_json::{Value, json};
use smol_str::SmolStr;
use topology::command::Command;
use topology::resource::{PrivateDnsZone, VirtualNetworkLink};
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

/// What Azure allows of each: record sets in a zone, links of it, and links that register machines [DNS-LIMITS].
const MOST_RECORD_SETS: usize = 25_000;
const MOST_LINKS: usize = 1_000;
const MOST_REGISTERING: usize = 100;

/// `network private-dns zone list`
pub(super) fn list_zones(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let ids = call.list(Kind::PrivateDnsZone)?;
    Ok(Some(ids.iter().map(|id| zone(call.document(), id)).collect()))
}

/// `network private-dns zone show`
pub(super) fn show_zone(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let id = call.one(Kind::PrivateDnsZone, "--name")?;
    Ok(Some(zone(call.document(), &id)))
}

/// `network private-dns link vnet list`
pub(super) fn list_links(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let zone = the_zone(call)?;
    let document = call.document();
    let row = document.private_dns_zones.get(&zone);
    let mut links: Vec<Value> = row
        .into_iter()
        .flat_map(|row| &row.virtual_network_links)
        .map(|(name, row)| link(document, &zone, name, row))
        .collect();
    links.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    Ok(Some(Value::Array(links)))
}

/// `network private-dns link vnet show`
pub(super) fn show_link(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let zone = the_zone(call)?;
    let (name, row) = the_link(call, &zone)?;
    Ok(Some(link(call.document(), &zone, &name, &row)))
}

/// `network private-dns link vnet create`
pub(super) fn create_link(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let zone = the_zone(call)?;
    let network = call.by_id_or_name(Kind::VirtualNetwork, call.given.text("--virtual-network"))?;
    let policy = call.given.value("--resolution-policy").unwrap_or("Default");
    let value = json!({
        "virtualNetwork": network,
        "registrationEnabled": call.given.is_on("--registration-enabled"),
        "resolutionPolicy": policy,
    });
    let path = vec![SmolStr::new_static("virtualNetworkLinks"), SmolStr::new(call.given.text("--name"))];
    call.change(Command::Set { id: zone.clone(), path, value })?;
    let (name, row) = the_link(call, &zone)?;
    Ok(Some(link(call.document(), &zone, &name, &row)))
}

/// `network private-dns link vnet delete`
pub(super) fn delete_link(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let zone = the_zone(call)?;
    let (link, _) = the_link(call, &zone)?;
    call.change(Command::UnlinkZone { zone, link })?;
    Ok(None)
}

/// The columns of zones.
pub(super) fn zones_table(answer: &Value) -> Value {
    arranged(answer, |zone| {
        json!({
            "ZoneName": zone["name"],
            "ResourceGroup": zone["resourceGroup"],
            "RecordSets": zone["numberOfRecordSets"],
            "MaxRecordSets": zone["maxNumberOfRecordSets"],
            "VirtualNetworkLinks": zone["numberOfVirtualNetworkLinks"],
            "MaxVirtualNetworkLinks": zone["maxNumberOfVirtualNetworkLinks"],
            "VirtualNetworkLinksWithRegistration": zone["numberOfVirtualNetworkLinksWithRegistration"],
            "MaxVirtualNetworkLinksWithRegistration": zone["maxNumberOfVirtualNetworkLinksWithRegistration"],
            "ProvisioningState": zone["provisioningState"],
        })
    })
}

/// The columns of links.
pub(super) fn links_table(answer: &Value) -> Value {
    arranged(answer, |link| {
        json!({
            "LinkName": link["name"],
            "ResourceGroup": link["resourceGroup"],
            "RegistrationEnabled": link["registrationEnabled"],
            "VirtualNetwork": link["virtualNetwork"]["id"],
            "LinkState": link["virtualNetworkLinkState"],
            "ProvisioningState": link["provisioningState"],
        })
    })
}

fn arranged(answer: &Value, row: fn(&Value) -> Value) -> Value {
    match answer.as_array() {
        Some(items) => items.iter().map(row).collect(),
        None => row(answer),
    }
}

/// The zone `--zone-name` and `--resource-group` name.
pub(super) fn the_zone(call: &Call<'_>) -> Result<Id, AzError> {
    call.named(Kind::PrivateDnsZone, call.given.text("--zone-name"), call.given.text("--resource-group"))
}

fn the_link(call: &Call<'_>, zone: &Id) -> Result<(SmolStr, VirtualNetworkLink), AzError> {
    let name = call.given.text("--name");
    let links = call.document().private_dns_zones.get(zone).map(|row| &row.virtual_network_links);
    let found = links.into_iter().flatten().find(|(link, _)| link.eq_ignore_ascii_case(name));
    found.map(|(name, row)| (name.clone(), row.clone())).ok_or_else(|| {
        let zone_name = call.given.text("--zone-name");
        let nested = "Microsoft.Network/privateDnsZones";
        AzError::resource(
            nested,
            &format!("{zone_name}/virtualNetworkLinks/{name}"),
            call.given.text("--resource-group"),
        )
    })
}

fn zone(document: &Document, id: &Id) -> Value {
    let Some(row) = document.private_dns_zones.get(id) else { return Value::Null };
    let arm_id = arm::id(document, id);
    let registering = row.virtual_network_links.values().filter(|link| link.registration_enabled).count();
    json!({
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "location": "global",
        "maxNumberOfRecordSets": MOST_RECORD_SETS,
        "maxNumberOfVirtualNetworkLinks": MOST_LINKS,
        "maxNumberOfVirtualNetworkLinksWithRegistration": MOST_REGISTERING,
        "name": row.name.as_str(),
        "numberOfRecordSets": record_sets(row),
        "numberOfVirtualNetworkLinks": row.virtual_network_links.len(),
        "numberOfVirtualNetworkLinksWithRegistration": registering,
        "provisioningState": "Succeeded",
        "resourceGroup": arm::group(document, id),
        "tags": null,
        "type": "Microsoft.Network/privateDnsZones",
    })
}

/// Every zone has an SOA record besides what the document holds.
fn record_sets(zone: &PrivateDnsZone) -> usize {
    zone.record_sets.len() + 1
}

/// A link of a zone.
pub(super) fn link(document: &Document, zone: &Id, name: &str, row: &VirtualNetworkLink) -> Value {
    let arm_id = format!("{}/virtualNetworkLinks/{name}", arm::id(document, zone));
    json!({
        "etag": arm::etag(&arm_id),
        "id": arm_id,
        "location": "global",
        "name": name,
        "provisioningState": "Succeeded",
        "registrationEnabled": row.registration_enabled,
        "resolutionPolicy": row.resolution_policy.as_str(),
        "resourceGroup": arm::group(document, zone),
        "tags": null,
        "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "virtualNetwork": arm::reference(document, &row.virtual_network),
        "virtualNetworkLinkState": "Completed",
    })
}
