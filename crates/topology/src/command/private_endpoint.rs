//! Creating private endpoints, and what a change of one entails.

use std::net::Ipv4Addr;

use serde_json::Value;
use smol_str::SmolStr;

use super::approval::{Asking, first_status};
use super::draft::Draft;
use super::{Refusal, connection, zone_group};
use crate::endpoint_traits::EndpointTraits;
use crate::resource::{ConnectionStatus, EndpointIpConfiguration, Extra, PrivateEndpoint};
use crate::schema::{Path, Stored as _};
use crate::{Document, Id, Kind};

/// What the owner's automatic approval writes.
const AUTO_APPROVED: &str = "Auto-Approved";

/// The body of a request to create an endpoint, with targets by id and the state its connection begins in.
pub(super) fn requested(document: &Document, id: &Id, mut body: Value) -> Result<Value, Refusal> {
    let by_alias = resolve_aliases(document, id, &mut body)?;
    // Whatever is wrong with the body is said when it is put into the document.
    let Ok(mut row) = PrivateEndpoint::from_json(body.clone(), &Path::Root) else { return Ok(body) };
    let manual = row.private_link_service_connections.is_empty();
    let subscription = document.subscription_of(&row.subnet).cloned();
    let (Some(subscription), Some(connection)) = (subscription, row.connection_mut()) else { return Ok(body) };
    let target = connection.private_link_service_id.clone();
    if !document.private_link_services.contains(&target) && !document.platform_services.contains(&target) {
        return Ok(body);
    }
    let asking = Asking { endpoint: id, subscription: &subscription, by_alias, manual };
    let status = first_status(document, &target, asking)?;
    let state = &mut connection.private_link_service_connection_state;
    state.status = status;
    if status == ConnectionStatus::Approved {
        state.description.get_or_insert_with(|| String::from(AUTO_APPROVED));
    }
    admit_addresses(document, id, &row)?;
    keep_addresses(document, &mut row)?;
    Ok(row.to_json())
}

/// Puts the id in the place of every alias. Returns whether there was one.
fn resolve_aliases(document: &Document, endpoint: &Id, body: &mut Value) -> Result<bool, Refusal> {
    let mut by_alias = false;
    for list in ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"] {
        let connections = body.get_mut(list).and_then(Value::as_array_mut);
        for connection in connections.into_iter().flatten() {
            let Some(Value::String(target)) = connection.get_mut("privateLinkServiceId") else { continue };
            if target.parse::<Id>().is_ok_and(|id| document.kind_of(&id).is_some()) {
                continue;
            }
            let Some(service) = document.private_link_service_of_alias(target) else {
                let (endpoint, target) = (endpoint.clone(), SmolStr::new(target));
                return Err(Refusal::InvalidPrivateLinkServiceId { endpoint, target });
            };
            *target = service.to_string();
            by_alias = true;
        }
    }
    Ok(by_alias)
}

/// Refuses addresses the consumer cannot choose.
fn admit_addresses(document: &Document, id: &Id, row: &PrivateEndpoint) -> Result<(), Refusal> {
    let Some(connection) = row.connection() else { return Ok(()) };
    let target = &connection.private_link_service_id;
    let chosen = !row.ip_configurations.is_empty() || row.private_ip_address.is_some();
    let allowed = match document.platform_services.get(target) {
        Some(service) => EndpointTraits::of(&service.resource_type).static_addresses,
        None => false,
    };
    match chosen && !allowed {
        true => Err(Refusal::StaticAddressesNotSupported { endpoint: id.clone(), target: target.clone() }),
        false => Ok(()),
    }
}

/// Writes down the addresses the subnet gives: they stay the endpoint's for its life [PE-OV].
pub(super) fn keep_addresses(document: &Document, row: &mut PrivateEndpoint) -> Result<(), Refusal> {
    if row.private_ip_address.is_some() || !row.ip_configurations.is_empty() {
        return Ok(());
    }
    let members = document.endpoint_members(row);
    let addresses = document.free_addresses(&row.subnet, members.len());
    if addresses.len() < members.len()
        && let Some(subnet) = document.subnets.get(&row.subnet)
    {
        let (subnet, prefix) = (row.subnet.clone(), subnet.address_prefix);
        return Err(Refusal::SubnetIsFull { subnet, prefix, count: members.len() - addresses.len() });
    }
    set_addresses(row, members, &addresses);
    Ok(())
}

/// One address is the endpoint's own, several are those of its members.
pub(super) fn set_addresses(row: &mut PrivateEndpoint, members: Vec<SmolStr>, addresses: &[Ipv4Addr]) {
    if let ([_], [address]) = (members.as_slice(), addresses) {
        row.private_ip_address = Some(*address);
        return;
    }
    let configurations = members.into_iter().zip(addresses).map(|(member_name, address)| EndpointIpConfiguration {
        member_name,
        private_ip_address: *address,
        extra: Extra::new(),
    });
    row.ip_configurations = configurations.collect();
}

/// Refuses a change of the connection's state that no one may make.
pub(super) fn admit_change(document: &Document, id: &Id, before: &Value, after: &Value) -> Result<(), Refusal> {
    let (Some(before), Some(after)) = (stated(before), stated(after)) else { return Ok(()) };
    if before == after { Ok(()) } else { connection::transition(document, id, after) }
}

fn stated(row: &Value) -> Option<ConnectionStatus> {
    let row = PrivateEndpoint::from_json(row.clone(), &Path::Root).ok()?;
    Some(row.connection()?.private_link_service_connection_state.status)
}

/// What a new resource entails: an approved endpoint writes the records of its zone group.
pub(super) fn created(draft: &mut Draft<'_>, kind: Kind, id: &Id) -> Result<(), Refusal> {
    if kind == Kind::PrivateEndpoint { zone_group::write(draft, id) } else { Ok(()) }
}

/// What a change entails: the records follow the zone group.
pub(super) fn changed(draft: &mut Draft<'_>, kind: Kind, id: &Id, before: &Value) -> Result<(), Refusal> {
    match PrivateEndpoint::from_json(before.clone(), &Path::Root) {
        Ok(before) if kind == Kind::PrivateEndpoint => zone_group::follow(draft, id, &before),
        Ok(_) | Err(_) => Ok(()),
    }
}
