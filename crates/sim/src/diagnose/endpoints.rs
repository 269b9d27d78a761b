//! Causes at private endpoints and behind them.

use topology::command::Command;
use topology::resource::ConnectionStatus;

use super::case::Case;
use super::{Finding, RootCause, Rule};
use crate::trace::{DropCause, Place};

pub(super) const RULES: &[Rule] = &[not_approved];

/// Only an approved connection carries traffic [PE-OV].
fn not_approved(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ConnectionNotApproved { status }, Place::Resource(endpoint)) = case.dropped()? else {
        return None;
    };
    let (endpoint, status) = (endpoint.clone(), *status);
    if status != ConnectionStatus::Pending {
        return Some(Finding::new(RootCause::ConnectionRejected { endpoint, status }, vec![case.end()], Vec::new()));
    }
    let approve = Command::ApproveConnection { endpoint: endpoint.clone() };
    Some(Finding::new(RootCause::ConnectionPending { endpoint }, vec![case.end()], vec![vec![approve.into()]]))
}
