//! Markdown tables whose columns also line up when read as plain text.

/// A table with a header row.
pub(crate) fn markdown(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|name| name.chars().count())).max().unwrap_or(0)
    };
    let line = |cells: Vec<String>| {
        let padded = cells.iter().enumerate().map(|(column, cell)| format!("{cell:<width$}", width = width(column)));
        format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let rule = (0..header.len()).map(|column| "-".repeat(width(column))).collect();
    let mut lines = vec![line(header.iter().map(|name| (*name).to_owned()).collect()), line(rule)];
    lines.extend(rows.iter().map(|row| line(row.clone())));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["frame".to_owned(), "4 ms".to_owned()]];
        let expected = "| what  | time |\n| ----- | ---- |\n| frame | 4 ms |";
        assert_eq!(super::markdown(&["what", "time"], &rows), expected);
    }
}
