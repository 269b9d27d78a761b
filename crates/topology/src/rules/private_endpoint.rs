//! Private endpoints [PE-OV].

use smol_str::SmolStr;

use super::limit;
use crate::catalogue::catalogue;
use crate::command::Refusal;
use crate::endpoint_traits::EndpointTraits;
use crate::resource::{PrivateEndpoint, PrivateEndpointVNetPolicies};
use crate::{Document, Id};

/// How many zones a zone group takes.
const ZONES: usize = 5;
/// How many private endpoints a subscription takes.
const PER_SUBSCRIPTION: usize = 64_000;
/// How many private endpoints a network takes, and with high scale.
const PER_NETWORK: (usize, usize) = (1_000, 5_000);

pub(super) fn private_endpoint(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.private_endpoints.get(id) else { return };
    let connections = row.private_link_service_connections.len() + row.manual_private_link_service_connections.len();
    if connections != 1 {
        faults.push(Refusal::OneConnectionPerPrivateEndpoint { endpoint: id.clone(), count: connections });
    }
    group_id(document, id, row, faults);
    members(document, id, row, faults);
    if let Some(group) = &row.private_dns_zone_group {
        limit(faults, id, "privateDnsZoneConfigs", group.private_dns_zone_configs.len(), ZONES);
    }
    limits(document, id, row, faults);
}

/// A private link service takes no group id, a platform service one that its type has.
fn group_id(document: &Document, id: &Id, row: &PrivateEndpoint, faults: &mut Vec<Refusal>) {
    let Some(connection) = row.connection() else { return };
    let (endpoint, target) = (id.clone(), connection.private_link_service_id.clone());
    if document.private_link_services.contains(&target) {
        if let Some(group) = connection.group_ids.first().cloned() {
            faults.push(Refusal::GroupIdNotEmpty { endpoint, target, group });
        }
        return;
    }
    let Some(service) = document.platform_services.get(&target) else { return };
    match connection.group_ids.as_slice() {
        [] => faults.push(Refusal::MissingGroupId { endpoint, target }),
        [group] if catalogue().sub_resource(&service.resource_type, group).is_none() => {
            let known = catalogue().of_type(&service.resource_type).iter().map(|row| &catalogue().services[*row]);
            let known: Vec<&str> = known.map(|row| row.group_id.as_str()).collect();
            let (group, known) = (group.clone(), known.join(", ").into());
            faults.push(Refusal::GroupIdInvalid { endpoint, target, group, known });
        }
        [_] => {}
        several => faults.push(Refusal::OneGroupIdPerPrivateEndpoint { endpoint, count: several.len() }),
    }
}

/// Addresses by member name each member of the group id once.
fn members(document: &Document, id: &Id, row: &PrivateEndpoint, faults: &mut Vec<Refusal>) {
    let Some(connection) = row.connection().filter(|_| !row.ip_configurations.is_empty()) else { return };
    let members = document.endpoint_members(row);
    let named = |member: &SmolStr| row.ip_configurations.iter().any(|own| own.member_name.eq_ignore_ascii_case(member));
    if !members.iter().all(named) || members.len() != row.ip_configurations.len() {
        let (endpoint, required) = (id.clone(), members.join(", ").into());
        let group = connection.group_ids.first().cloned().unwrap_or_default();
        faults.push(Refusal::RequiredMembers { endpoint, group, required });
    }
}

fn limits(document: &Document, id: &Id, row: &PrivateEndpoint, faults: &mut Vec<Refusal>) {
    if let Some(network) = document.virtual_network_of(id) {
        let in_network = document.private_endpoints.ids().filter(|id| document.virtual_network_of(id) == Some(network));
        let scale = document.virtual_networks.get(network).map(|row| row.private_endpoint_vnet_policies);
        let most = match scale.unwrap_or_default() {
            PrivateEndpointVNetPolicies::Disabled => PER_NETWORK.0,
            PrivateEndpointVNetPolicies::Basic => PER_NETWORK.1,
        };
        limit(faults, network, "privateEndpoints", in_network.count(), most);
    }
    if let Some(subscription) = document.subscription_of(id) {
        let own = document.private_endpoints.ids().filter(|id| document.subscription_of(id) == Some(subscription));
        limit(faults, subscription, "privateEndpoints", own.count(), PER_SUBSCRIPTION);
    }
    let Some(target) = row.connection().map(|connection| &connection.private_link_service_id) else { return };
    let service = document.platform_services.get(target);
    let most = service.and_then(|service| EndpointTraits::of(&service.resource_type).max_endpoints);
    let connected = document.private_endpoints.iter().filter(|(id, row)| {
        row.connection().is_some_and(|connection| connection.private_link_service_id == *target)
            && !document.is_disconnected(id)
    });
    if let Some(most) = most {
        limit(faults, target, "privateEndpointConnections", connected.count(), most);
    }
}
