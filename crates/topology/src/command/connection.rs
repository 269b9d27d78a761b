//! The approval of private endpoint connections by the owner of their target [PE-OV][PE-MANAGE].

use super::Refusal;
use super::draft::Draft;
use super::zone_group;
use crate::endpoint_traits::EndpointTraits;
use crate::resource::{ConnectionStatus, PrivateEndpoint};
use crate::{Document, Id, Kind};

/// The owner of the target approves, rejects or removes a connection.
pub(super) fn decide(draft: &mut Draft<'_>, endpoint: &Id, to: ConnectionStatus) -> Result<(), Refusal> {
    transition(draft.document(), endpoint, to)?;
    draft.edit(
        Kind::PrivateEndpoint,
        |document| &document.private_endpoints,
        endpoint,
        |row| {
            if let Some(connection) = row.connection_mut() {
                connection.private_link_service_connection_state.status = to;
            }
        },
    )?;
    match to {
        ConnectionStatus::Approved => zone_group::write(draft, endpoint),
        // The records stay: they live as long as the endpoint [PE-DNSINT].
        ConnectionStatus::Pending | ConnectionStatus::Rejected | ConnectionStatus::Disconnected => Ok(()),
    }
}

/// Where a connection stands: Disconnected when its target is gone, whatever it was before.
pub(super) fn status(document: &Document, endpoint: &Id) -> Result<ConnectionStatus, Refusal> {
    let connection = document.private_endpoints.get(endpoint).and_then(PrivateEndpoint::connection);
    let connection = connection.ok_or_else(|| Refusal::not_found(endpoint))?;
    let target = &connection.private_link_service_id;
    let exists = document.private_link_services.contains(target) || document.platform_services.contains(target);
    let stated = connection.private_link_service_connection_state.status;
    Ok(if exists { stated } else { ConnectionStatus::Disconnected })
}

/// Whether the state machine of the target's type leads from where the connection is to `to`.
pub(super) fn transition(document: &Document, endpoint: &Id, to: ConnectionStatus) -> Result<(), Refusal> {
    let from = status(document, endpoint)?;
    let endpoint = endpoint.clone();
    let traits = traits(document, &endpoint);
    match (from, to) {
        (from, to) if from == to => Err(Refusal::NothingToChange),
        (ConnectionStatus::Disconnected, _) => Err(Refusal::DisconnectedIsFinal { endpoint }),
        (_, ConnectionStatus::Disconnected) => Ok(()),
        (_, ConnectionStatus::Pending) => Err(Refusal::CannotBecomePending { endpoint, status: from }),
        (ConnectionStatus::Rejected, _) if !traits.approves_rejected => Err(Refusal::RejectedIsFinal { endpoint }),
        (ConnectionStatus::Approved, ConnectionStatus::Rejected) if !traits.rejects_approved => {
            Err(Refusal::ConnectionNotPending { endpoint, status: from })
        }
        (
            ConnectionStatus::Pending | ConnectionStatus::Approved | ConnectionStatus::Rejected,
            ConnectionStatus::Approved | ConnectionStatus::Rejected,
        ) => Ok(()),
    }
}

fn traits(document: &Document, endpoint: &Id) -> &'static EndpointTraits {
    let connection = document.private_endpoints.get(endpoint).and_then(PrivateEndpoint::connection);
    let service = connection.and_then(|connection| document.platform_services.get(&connection.private_link_service_id));
    EndpointTraits::of(service.map_or("", |service| service.resource_type.as_str()))
}
