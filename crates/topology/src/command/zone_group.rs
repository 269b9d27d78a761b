//! Zone groups own their records: written when the connection is approved, and deleted with the endpoint. A second
//! endpoint of the same resource in the same zone rewrites, and later deletes, the record of the first
//! [PE-DNSINT][PE-DNS].

use std::net::Ipv4Addr;

use smol_str::SmolStr;

use super::draft::Draft;
use super::{Refusal, private_endpoint};
use crate::catalogue::catalogue;
use crate::resource::{ConnectionStatus, Extra, PrivateEndpoint, RecordSet};
use crate::{Document, Id, Kind};

/// How long a zone group lets its records be kept, in seconds [SEED4].
const TTL: u32 = 10;

/// One record set of a zone group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    zone: Id,
    name: SmolStr,
    addresses: Vec<Ipv4Addr>,
}

/// Writes the records of an approved endpoint, in the place of whatever stands there.
pub(super) fn write(draft: &mut Draft<'_>, endpoint: &Id) -> Result<(), Refusal> {
    let Some(mut row) = draft.document().private_endpoints.get(endpoint).cloned() else { return Ok(()) };
    let approved = row.connection().is_some_and(|connection| {
        connection.private_link_service_connection_state.status == ConnectionStatus::Approved
    });
    if !approved || records(draft.document(), &row).is_empty() {
        return Ok(());
    }
    if row.private_ip_address.is_none() && row.ip_configurations.is_empty() {
        let members = draft.document().endpoint_members(&row);
        private_endpoint::set_addresses(&mut row, members, &allocated(draft.document(), endpoint));
        let kept = row.clone();
        draft.edit(Kind::PrivateEndpoint, |document| &document.private_endpoints, endpoint, |row| *row = kept)?;
    }
    for record in records(draft.document(), &row) {
        let set = RecordSet { ttl: TTL, a_records: record.addresses, cname_record: None, extra: Extra::new() };
        draft.edit(
            Kind::PrivateDnsZone,
            |document| &document.private_dns_zones,
            &record.zone,
            |zone| {
                zone.record_sets.insert(record.name, set);
            },
        )?;
    }
    Ok(())
}

/// Deletes the records of an endpoint, whoever wrote them last.
pub(super) fn forget(draft: &mut Draft<'_>, endpoint: &Id) -> Result<(), Refusal> {
    let Some(row) = draft.document().private_endpoints.get(endpoint).cloned() else { return Ok(()) };
    delete(draft, &records(draft.document(), &row))
}

/// Deletes the records an endpoint no longer has, and writes those it has now.
pub(super) fn follow(draft: &mut Draft<'_>, endpoint: &Id, before: &PrivateEndpoint) -> Result<(), Refusal> {
    let Some(row) = draft.document().private_endpoints.get(endpoint).cloned() else { return Ok(()) };
    let now = records(draft.document(), &row);
    let mut gone = records(draft.document(), before);
    if gone == now && before.connection() == row.connection() {
        return Ok(());
    }
    gone.retain(|old| !now.iter().any(|new| (&new.zone, &new.name) == (&old.zone, &old.name)));
    delete(draft, &gone)?;
    write(draft, endpoint)
}

/// The records of every endpoint of a target, in document order.
pub(super) fn records_of_target(document: &Document, target: &Id) -> Vec<Record> {
    let endpoints = document.private_endpoints.iter().map(|(_, row)| row);
    let connected = endpoints
        .filter(|row| row.connection().is_some_and(|connection| connection.private_link_service_id == *target));
    connected.flat_map(|row| records(document, row)).collect()
}

/// Gives record sets the names they have now that their target has another.
pub(super) fn rename(draft: &mut Draft<'_>, before: &[Record], after: &[Record]) -> Result<(), Refusal> {
    for (before, after) in before.iter().zip(after).filter(|(before, after)| before.name != after.name) {
        draft.edit(
            Kind::PrivateDnsZone,
            |document| &document.private_dns_zones,
            &before.zone,
            |zone| {
                if let Some(set) = zone.record_sets.shift_remove(&before.name) {
                    zone.record_sets.insert(after.name.clone(), set);
                }
            },
        )?;
    }
    Ok(())
}

fn delete(draft: &mut Draft<'_>, records: &[Record]) -> Result<(), Refusal> {
    for record in records {
        draft.edit(
            Kind::PrivateDnsZone,
            |document| &document.private_dns_zones,
            &record.zone,
            |zone| {
                zone.record_sets.shift_remove(&record.name);
            },
        )?;
    }
    Ok(())
}

/// The records an endpoint's zone group makes. Only zones with the recommended name get any [PE-DNS].
fn records(document: &Document, row: &PrivateEndpoint) -> Vec<Record> {
    let Some((group, connection)) = row.private_dns_zone_group.as_ref().zip(row.connection()) else {
        return Vec::new();
    };
    let account = &connection.private_link_service_id;
    let target = document.platform_services.get(account);
    let Some((target, group_id)) = target.zip(connection.group_ids.first()) else { return Vec::new() };
    let Some(service) = catalogue().sub_resource(&target.resource_type, group_id) else { return Vec::new() };
    let members = document.endpoint_members(row);
    let mut records = Vec::new();
    for name in service.names_of(account, target) {
        let position = members.iter().position(|member| *member == name.member);
        let address = row.stated_address(&name.member, position == Some(0));
        for zone in group.private_dns_zone_configs.iter().map(|config| &config.private_dns_zone_id) {
            if document.private_dns_zones.get(zone).is_some_and(|row| row.name == name.zone) {
                let (zone, name) = (zone.clone(), name.record.clone());
                records.push(Record { zone, name, addresses: address.into_iter().collect() });
            }
        }
    }
    records
}

/// The addresses a subnet gives an endpoint that states none.
fn allocated(document: &Document, endpoint: &Id) -> Vec<Ipv4Addr> {
    let Some(subnet) = document.subnet_of(endpoint) else { return Vec::new() };
    let given = document.addresses(subnet).into_iter();
    let own = given.filter(|(claim, _)| claim.kind == Kind::PrivateEndpoint && claim.holder == *endpoint);
    own.filter_map(|(_, address)| address).collect()
}
