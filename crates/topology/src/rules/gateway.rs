//! Gateways, and peerings that use them [PEER-MANAGE].

use crate::check;
use crate::command::Refusal;
use crate::{Document, Id};

/// What compiling would report of the gateway, Azure does not take.
pub(super) fn gateway(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    for problem in check::gateway(document, id) {
        faults.push(Refusal::NotTaken { resource: id.clone(), problem: Box::new(problem) });
    }
}

/// The same of a peering that uses the other side's gateways.
pub(super) fn peering(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    if let Some(problem) = check::remote_gateways(document, id) {
        faults.push(Refusal::NotTaken { resource: id.clone(), problem: Box::new(problem) });
    }
}
