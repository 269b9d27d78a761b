//! Tables and named values.

use super::node::{El, el, styled};
use super::sentence::breakable;

/// The head of a table.
pub(crate) fn columns_head(names: &[&str]) -> El {
    let cells = names.iter().map(|name| el("th").attr("scope", "col").child(*name));
    el("thead").child(el("tr").children(cells))
}

/// A table of rows under named columns.
pub(crate) fn table(names: &[&'static str], rows: impl IntoIterator<Item = El>) -> El {
    styled("table", "rows").child(columns_head(names)).child(el("tbody").children(rows))
}

/// A cell of a table.
pub(crate) fn cell(class: &str, text: &str) -> El {
    styled("td", class).child(text)
}

/// A list of named values.
pub(crate) fn facts(facts: impl IntoIterator<Item = El>) -> El {
    styled("dl", "facts").children(facts)
}

/// A named value.
pub(crate) fn fact(name: &str, value: &str) -> El {
    styled("div", "fact").child(el("dt").child(name)).child(styled("dd", "mono").child(breakable(value)))
}
