//! The approval of private endpoint connections by the owner of their target [PE-OV].

use smol_str::SmolStr;

use super::{Edit, Refusal};
use crate::resource::{ConnectionStatus, PrivateEndpoint};
use crate::{Document, Id, Kind};

/// The approval state machine of [PE-OV] as far as the owner drives it.
pub(super) fn decide(document: &Document, endpoint: &Id, status: ConnectionStatus) -> Result<Edit, Refusal> {
    let current = document
        .private_endpoints
        .get(endpoint)
        .and_then(PrivateEndpoint::connection)
        .map(|connection| connection.private_link_service_connection_state.status)
        .ok_or_else(|| Refusal::NotFound { reference: SmolStr::new(endpoint.as_str()) })?;
    if current == status {
        return Err(Refusal::NothingToChange);
    }
    match current {
        ConnectionStatus::Disconnected => Err(Refusal::DisconnectedIsFinal { endpoint: endpoint.clone() }),
        ConnectionStatus::Rejected => Err(Refusal::RejectedIsFinal { endpoint: endpoint.clone() }),
        ConnectionStatus::Pending | ConnectionStatus::Approved => {
            Edit::of(Kind::PrivateEndpoint, &document.private_endpoints, endpoint, |endpoint| {
                if let Some(connection) = endpoint.connection_mut() {
                    connection.private_link_service_connection_state.status = status;
                }
            })
        }
    }
}
