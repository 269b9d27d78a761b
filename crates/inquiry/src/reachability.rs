//! Who reaches what, and what the last change of the document changed about it.

use sim::reachability::{Cell, Matrix};
use sim::trace::PathKind;

use crate::desk::Desk;
use crate::report::{Deed, Mark, MarkRow, Report, Row, Tone, code, resource, text};

/// Every machine against everything that listens. What differs from the last time it was asked stands first.
pub(crate) fn report(desk: &mut Desk) -> Report {
    let matrix = Matrix::of_all(&desk.document, &desk.network);
    let mut report = Report::default();
    if matrix.sources().is_empty() || matrix.targets().is_empty() {
        report.text(Tone::Quiet, "There is no machine to ask from, or nothing that listens.");
        return report;
    }
    if let Some(before) = &desk.matrix {
        let changes = before.changes(&matrix);
        let rows: Vec<Row> = changes
            .iter()
            .map(|change| Row {
                tone: change.after.map_or(Tone::Quiet, tone),
                cells: vec![
                    resource(&desk.document, &change.source),
                    code(format!("{}:{}", change.target.to, change.target.port)),
                    text(change.before.map_or_else(|| "–".to_owned(), words)),
                    text(change.after.map_or_else(|| "–".to_owned(), words)),
                ],
                deed: Some(Deed::Play(Box::new(change.target.request(&change.source)))),
            })
            .collect();
        if !rows.is_empty() {
            report.heading("What the last change changed");
            report.table("Changed by the last change", &["From", "To", "Before", "Now"], rows);
            report.heading("Everything");
        }
    }
    let columns = matrix.targets().iter().map(|target| format!("{}:{}", target.to, target.port)).collect();
    let rows = matrix.sources().iter().enumerate().map(|(index, source)| MarkRow {
        name: desk.document.display_name(source).to_owned(),
        marks: matrix
            .row(index)
            .iter()
            .zip(matrix.targets())
            .map(|(cell, target)| Mark {
                tone: tone(*cell),
                label: words(*cell),
                deed: Deed::Play(Box::new(target.request(source))),
            })
            .collect(),
    });
    report.matrix("Who reaches what", columns, rows.collect());
    desk.matrix = Some(matrix);
    report
}

const fn tone(cell: Cell) -> Tone {
    match cell {
        Cell::Reached { .. } => Tone::Good,
        Cell::Refused { .. } => Tone::Warning,
        Cell::Dropped { .. } => Tone::Bad,
    }
}

fn words(cell: Cell) -> String {
    match cell {
        Cell::Reached { path } => path.map_or("resolved", way).to_owned(),
        Cell::Refused { path, status } => format!("{status} by {}", way(path)),
        Cell::Dropped { cause } => cause.to_owned(),
    }
}

const fn way(path: PathKind) -> &'static str {
    match path {
        PathKind::PrivateEndpoint => "private endpoint",
        PathKind::Private => "private",
        PathKind::ServiceEndpoint => "service endpoint",
        PathKind::Public => "public",
    }
}

#[cfg(test)]
mod tests {
    use crate::report::{Block, Deed, Tone};
    use crate::testing::{PEERED, asked, desk};
    use crate::{Answer, Question};

    const MATRIX: &str = r#"{"question":"reachability"}"#;

    #[test]
    fn every_machine_stands_against_everything_that_listens() {
        let report = asked(&mut desk(PEERED), MATRIX);
        let Some(Block::Matrix { columns, rows, .. }) = report.blocks.last() else { panic!("a matrix") };
        let blob = columns.iter().position(|column| column == "rg1sto1brng1.blob.core.windows.net:443").unwrap();
        let marks: Vec<(&str, Tone, &str)> =
            rows.iter().map(|row| (row.name.as_str(), row.marks[blob].tone, row.marks[blob].label.as_str())).collect();
        assert_eq!(marks, [("rg1vm1", Tone::Good, "private endpoint"), ("rg1vm2", Tone::Warning, "403 by public")]);
    }

    #[test]
    fn asked_again_after_a_change_it_says_what_the_change_changed() {
        let mut desk = desk(PEERED);
        asked(&mut desk, MATRIX);
        let opened = PEERED.replace("\"Deny\"", "\"Allow\"");
        assert_eq!(desk.answer(Question::Open { document: opened }), Answer::Opened);
        let report = asked(&mut desk, MATRIX);
        let Some(Block::Table { rows, .. }) = report.blocks.get(1) else { panic!("{report:?}") };
        assert!(rows.iter().all(|row| matches!(row.deed, Some(Deed::Play(_)))));
        assert!(!rows.is_empty());
    }
}
