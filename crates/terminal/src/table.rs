//! Tables of text: a header, a line of dashes, and rows, as `az … -o table` prints them.

/// How much wider than its header a column is at least.
const PADDING: usize = 2;
const GAP: &str = "  ";

/// Rows under a header. Columns are as wide as what they hold, and two wider than their header at least; everything
/// is aligned to the left, and no line ends in blanks.
#[must_use]
pub fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.max().unwrap_or(0).max(header[column].chars().count() + PADDING)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let line = |cells: &[String]| {
        let padded = widths.iter().enumerate().map(|(column, width)| {
            let cell = cells.get(column).map_or("", String::as_str);
            format!("{cell:width$}")
        });
        padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    };
    let body = rows.iter().map(|row| line(row));
    [line(header), line(&dashes)].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_column_is_two_wider_than_its_header_or_as_wide_as_its_cells() {
        let header = ["Source", "Next Hop Type"].map(String::from);
        let rows = [["Default", "InterfaceEndpoint"], ["Default", ""]].map(|row| row.map(String::from).to_vec());
        let expected = "Source    Next Hop Type\n--------  -----------------\nDefault   InterfaceEndpoint\nDefault";
        assert_eq!(table(&header, &rows), expected);
    }
}
