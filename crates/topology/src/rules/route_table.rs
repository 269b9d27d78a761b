//! Route tables [UDR-OV].

use crate::check;
use crate::command::Refusal;
use crate::{Document, Id};

/// What compiling would report of the table, Azure does not take.
pub(super) fn route_table(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(table) = document.route_tables.get(id) else { return };
    for problem in check::route_table(id, table) {
        faults.push(Refusal::NotTaken { resource: id.clone(), problem: Box::new(problem) });
    }
}
