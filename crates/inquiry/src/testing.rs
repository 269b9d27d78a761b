//! What the tests of reports share.

use narration::plain;

use crate::{Answer, Block, Desk, Question, Report};

/// Storage and Key Vault by private endpoint, one network without the zone link.
pub(crate) const PEERED: &str = include_str!("../../../public/topologies/storage-and-key-vault-peered.json");

/// A private link service across two tenants.
pub(crate) const TWO_TENANTS: &str = include_str!("../../../public/topologies/private-link-service-two-tenants.json");

/// A desk with a document open.
pub(crate) fn desk(document: &str) -> Desk {
    let mut desk = Desk::default();
    assert_eq!(desk.answer(Question::Open { document: document.to_owned() }), Answer::Opened);
    desk
}

/// The report that answers a question written as JSON.
pub(crate) fn asked(desk: &mut Desk, question: &str) -> Report {
    let answer = desk.answer_json(question);
    let Ok(Answer::Report(report)) = serde_json::from_str(&answer) else { panic!("{answer}") };
    report
}

/// A report as text.
pub(crate) fn shown(report: &Report) -> String {
    let mut out = String::new();
    for block in &report.blocks {
        match block {
            Block::Heading(heading) => out += &format!("# {heading}\n"),
            Block::Words { words, .. } => out += &format!("{}\n", plain(words)),
            Block::Table { columns, rows, .. } => {
                out += &format!("{}\n", columns.join(" | "));
                for row in rows {
                    let cells: Vec<String> = row.cells.iter().map(|cell| plain(cell)).collect();
                    out += &format!("{}\n", cells.join(" | "));
                }
            }
            Block::Matrix { columns, rows, .. } => {
                out += &format!("{}\n", columns.join(" | "));
                for row in rows {
                    let marks: Vec<&str> = row.marks.iter().map(|mark| mark.label.as_str()).collect();
                    out += &format!("{} | {}\n", row.name, marks.join(" | "));
                }
            }
            Block::Preformatted(text) => out += text,
            Block::Action { label, .. } => out += &format!("[{label}]\n"),
        }
    }
    out
}
