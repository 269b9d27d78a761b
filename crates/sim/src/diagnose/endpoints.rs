//! Causes at private endpoints.

use topology::command::Command;
use topology::resource::ConnectionStatus;
use topology::{Document, Id, Kind};

use super::case::Case;
use super::{Finding, Remedy, RootCause, Rule};
use crate::trace::{DropCause, Place};

pub(super) const RULES: &[Rule] = &[not_approved];

/// Only an approved connection carries traffic [PE-OV].
fn not_approved(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ConnectionNotApproved { status }, Place::Resource(endpoint)) = case.dropped()? else {
        return None;
    };
    let (endpoint, status) = (endpoint.clone(), *status);
    if status != ConnectionStatus::Pending {
        let remedies = recreate(case.document, &endpoint).into_iter().map(|remedy| vec![remedy]).collect();
        return Some(Finding::new(RootCause::ConnectionRejected { endpoint, status }, vec![case.end()], remedies));
    }
    let approve = Command::ApproveConnection { endpoint: endpoint.clone() };
    Some(Finding::new(RootCause::ConnectionPending { endpoint }, vec![case.end()], vec![vec![approve.into()]]))
}

/// Deletes an endpoint and creates the same again, whose connection begins anew [PE-MANAGE].
pub(super) fn recreate(document: &Document, endpoint: &Id) -> Option<Remedy> {
    let mut value = document.resource(Kind::PrivateEndpoint, endpoint)?;
    for list in ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"] {
        for connection in value.get_mut(list).and_then(|list| list.as_array_mut()).into_iter().flatten() {
            if let Some(fields) = connection.as_object_mut() {
                fields.shift_remove("privateLinkServiceConnectionState");
            }
        }
    }
    let delete = Command::Delete { id: endpoint.clone(), cascade: false };
    let create = Command::Create { kind: Kind::PrivateEndpoint, id: endpoint.clone(), value };
    Some(Command::All { commands: vec![delete, create] }.into())
}
