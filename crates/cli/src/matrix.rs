//! `matrix`: who reaches what.

use serde_json::{Value, json};
use sim::reachability::{Cell, Target};
use sim::{Matrix, compile};

use crate::input;
use crate::output::{Answer, Failure};
use crate::table::Table;

/// Every source against every target; with another document, what differs in it.
pub(crate) fn matrix(file: &str, against: Option<&str>) -> Result<Answer, Failure> {
    let matrix = of(file)?;
    let Some(other) = against else { return Ok(whole(&matrix)) };
    let changes = matrix.changes(&of(other)?);
    let mut table = Table::new(&["Source", "Target", "Before", "After"]);
    for change in &changes {
        let shown =
            |cell: Option<Cell>| cell.map_or_else(String::new, |cell| format!("{} {}", word(cell), detail(cell)));
        let target = address_of(&change.target);
        table.add([change.source.to_string(), target, shown(change.before), shown(change.after)]);
    }
    let text = if changes.is_empty() { String::from("Nothing differs.\n") } else { table.print() };
    Ok(Answer { text, json: json!({ "changes": changes }), is_yes: true })
}

fn of(file: &str) -> Result<Matrix, Failure> {
    let document = input::document(file)?;
    Ok(Matrix::of_all(&document, &compile(&document).0))
}

fn whole(matrix: &Matrix) -> Answer {
    let mut table = Table::new(&["Source", "Target", "Outcome", "Detail"]);
    for (source, target, cell) in matrix.iter() {
        table.add([source.to_string(), address_of(target), word(cell).to_owned(), detail(cell)]);
    }
    let rows: Vec<Value> = matrix
        .iter()
        .map(|(source, target, cell)| json!({ "source": source, "target": target, "result": cell }))
        .collect();
    Answer { text: table.print(), json: json!({ "cells": rows }), is_yes: true }
}

fn address_of(target: &Target) -> String {
    format!("{}:{}", target.to, target.port)
}

const fn word(cell: Cell) -> &'static str {
    match cell {
        Cell::Reached { .. } => "Reached",
        Cell::Refused { .. } => "Refused",
        Cell::Dropped { .. } => "Dropped",
    }
}

/// The way, the status, the cause: what there is to say.
fn detail(cell: Cell) -> String {
    match cell {
        Cell::Reached { path } => path.map(|path| format!("{path:?}")).unwrap_or_default(),
        Cell::Refused { path, status } => format!("{path:?} {status}"),
        Cell::Dropped { cause } => cause.to_owned(),
    }
}
