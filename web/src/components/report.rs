//! Reports of the desk as content of a panel.

use inquiry::{Block, Deed, MarkRow, Report, Row, Tone};
use narration::Span;

use super::node::{El, Node, button, el, styled};
use super::sentence::{breakable, sentence};
use super::table::columns_head;

/// A report; `act` carries out what its buttons do.
pub(crate) fn report(report: Report, act: impl Fn(Deed) + Clone + 'static) -> Node {
    let blocks = report.blocks.into_iter().map(|block| match block {
        Block::Heading(heading) => el("h3").child(heading),
        Block::Words { tone, words } => styled("p", &format!("said {}", name(tone))).child(sentence(words)),
        Block::Table { label, columns, rows } => {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            let rows = rows.into_iter().map(|line| row(line, act.clone()));
            let table = styled("table", "rows").label(&label).child(columns_head(&columns));
            styled("div", "report").child(table.child(el("tbody").children(rows)))
        }
        Block::Matrix { label, columns, rows } => matrix(&label, columns, rows, &act),
        Block::Preformatted(text) => styled("pre", "body mono").child(text),
        Block::Action { label, deed } => {
            let act = act.clone();
            styled("p", "decision").child(button("quiet small", move || act(deed.clone())).child(label))
        }
    });
    Node::Many(blocks.map(Node::from).collect())
}

/// A matrix: each cell is a sign and a word on a field of its colour, and does something when pressed.
fn matrix(label: &str, columns: Vec<String>, rows: Vec<MarkRow>, act: &(impl Fn(Deed) + Clone + 'static)) -> El {
    let head = columns.iter().map(|column| el("th").attr("scope", "col").child(breakable(column)));
    let head = el("thead").child(el("tr").child(styled("td", "").child("")).children(head));
    let rows = rows.into_iter().map(|row| {
        let marks = row.marks.into_iter().zip(&columns).map(|(mark, column)| {
            let (act, deed) = (act.clone(), mark.deed);
            let sign = match mark.tone {
                Tone::Good => "✓ ",
                Tone::Bad | Tone::Warning => "✗ ",
                Tone::Plain | Tone::Quiet => "",
            };
            let press = button(&format!("mark-cell {}", name(mark.tone)), move || act(deed.clone()))
                .label(&format!("{} to {column}: {}", row.name, mark.label))
                .child(format!("{sign}{}", mark.label));
            el("td").child(press)
        });
        let marks: Vec<El> = marks.collect();
        el("tr").child(el("th").attr("scope", "row").child(row.name)).children(marks)
    });
    let rows: Vec<El> = rows.collect();
    styled("div", "report").child(styled("table", "matrix").label(label).child(head).child(el("tbody").children(rows)))
}

fn row(row: Row, act: impl Fn(Deed) + 'static) -> El {
    let mut cells = row.cells.into_iter();
    let first = cells.next().unwrap_or_default();
    let head = el("th").attr("scope", "row");
    let head = match row.deed {
        Some(deed) => head.child(button("link-button", move || act(deed.clone())).child(sentence(first))),
        None => head.child(sentence(first)),
    };
    styled("tr", name(row.tone)).child(head).children(cells.map(cell))
}

/// A cell; a sentence takes lines, a value does not, and a chain of names breaks where names do.
fn cell(spans: Vec<Span>) -> El {
    let n_codes = spans.iter().filter(|span| matches!(span, Span::Code(_))).count();
    let is_sentence = n_codes > 1 || spans.iter().any(|span| matches!(span, Span::Text(text) if text.len() > 24));
    styled("td", if is_sentence { "sentence" } else { "value" }).child(sentence(spans))
}

const fn name(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
        Tone::Quiet => "quiet-tone",
    }
}
