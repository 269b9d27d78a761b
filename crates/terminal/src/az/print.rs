//! An answer as `az` prints it: JSON with sorted keys, values between tabs, or a table.

use serde_json::{Map, Value};

use super::error::AzError;
use super::query::Query;
use crate::table::table;

/// `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `json`, and `jsonc`, whose colours are the page's business.
    Json,
    /// `table`.
    Table,
    /// `tsv`.
    Tsv,
}

/// How a command arranges its answer for a table: the objects to show, with their keys in order.
pub(super) type Arrange = fn(&Value) -> Value;

/// Keys no table shows.
const HIDDEN: [&str; 4] = ["id", "type", "etag", "revision"];

impl Format {
    pub(super) fn read(text: Option<&str>) -> Result<Self, AzError> {
        match text.map(str::to_ascii_lowercase).as_deref() {
            None | Some("json" | "jsonc") => Ok(Self::Json),
            Some("table") => Ok(Self::Table),
            Some("tsv") => Ok(Self::Tsv),
            Some(other) => Err(AzError::usage(format!(
                "argument --output/-o: '{other}' is not a valid value for '--output'. Allowed values: json, jsonc, table, tsv."
            ))),
        }
    }
}

/// The whole answer, or the part a query takes, as text without its last line end.
pub(super) fn text(
    answer: &Value,
    arrange: Option<Arrange>,
    format: Format,
    query: Option<&Query>,
) -> Result<String, AzError> {
    let queried = query.map(|query| query.of(answer)).transpose()?;
    let columns = query.and_then(Query::columns);
    let shown = queried.as_ref().unwrap_or(answer);
    Ok(match format {
        Format::Json => json(shown),
        Format::Tsv => tsv(shown, columns.as_deref()),
        Format::Table => match arrange.filter(|_| query.is_none()) {
            Some(arrange) => table_of(&arrange(answer), Order::AsGiven),
            None => table_of(shown, columns.as_deref().map_or(Order::Sorted, Order::Columns)),
        },
    })
}

fn json(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    format!("{value:#}")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// A value as Python writes it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::from("None"),
        Value::Bool(true) => String::from("True"),
        Value::Bool(false) => String::from("False"),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) | Value::Object(_) => String::new(),
    }
}

fn tsv(value: &Value, columns: Option<&[&str]>) -> String {
    let field = |value: &Value| value.as_array().map_or_else(|| cell(value), |items| items.len().to_string());
    let joined = |fields: Vec<&Value>| fields.into_iter().map(field).collect::<Vec<_>>().join("\t");
    let line = |item: &Value| match item {
        Value::Object(row) => joined(in_order(row, columns).into_iter().map(|(_, value)| value).collect()),
        Value::Array(cells) => joined(cells.iter().collect()),
        Value::Bool(on) => on.to_string(),
        Value::Null | Value::Number(_) | Value::String(_) => cell(item),
    };
    // Nothing found prints nothing.
    if value.is_null() { String::new() } else { items(value).iter().map(line).collect::<Vec<_>>().join("\n") }
}

/// The fields of a row: as a query names them, or by name.
fn in_order<'v>(row: &'v Map<String, Value>, columns: Option<&[&str]>) -> Vec<(&'v String, &'v Value)> {
    let mut fields: Vec<(&String, &Value)> = row.iter().collect();
    fields.sort_by_key(|(key, _)| *key);
    if let Some(columns) = columns {
        fields.sort_by_key(|(key, _)| columns.iter().position(|column| column == key));
    }
    fields
}

/// In which order a table's columns stand.
#[derive(Clone, Copy)]
enum Order<'o> {
    AsGiven,
    Sorted,
    Columns(&'o [&'o str]),
}

/// A row's cells with the headers they stand under.
type Cells = Vec<(String, String)>;

fn table_of(value: &Value, order: Order<'_>) -> String {
    let rows: Vec<Cells> = items(value).iter().map(|item| row(item, order)).collect();
    let mut header: Vec<String> = Vec::new();
    for (key, _) in rows.iter().flatten() {
        if !header.contains(key) {
            header.push(key.clone());
        }
    }
    if header.is_empty() {
        return String::new();
    }
    let cell = |row: &Cells, key: &String| {
        let found = row.iter().find(|(other, _)| other == key);
        found.map_or_else(String::new, |(_, cell)| cell.clone())
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| header.iter().map(|key| cell(row, key)).collect()).collect();
    table(&header, &rows)
}

/// The cells of a row: what is neither null nor has parts, under a name that begins with a capital.
fn row(item: &Value, order: Order<'_>) -> Cells {
    let capital = |key: &str| {
        let mut letters = key.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    match item {
        Value::Object(fields) => {
            let ordered = match order {
                Order::AsGiven => fields.iter().collect(),
                Order::Sorted => in_order(fields, None),
                Order::Columns(columns) => in_order(fields, Some(columns)),
            };
            let shown = ordered.into_iter().filter(|(key, value)| {
                !HIDDEN.contains(&key.as_str()) && !value.is_null() && !value.is_array() && !value.is_object()
            });
            shown.map(|(key, value)| (capital(key), cell(value))).collect()
        }
        Value::Array(cells) => {
            let numbered = cells.iter().enumerate();
            numbered.map(|(column, value)| (format!("Column{}", column + 1), cell(value))).collect()
        }
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![(String::from("Result"), cell(item))],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(value: &Value, format: Format, query: Option<&str>) -> String {
        let query = query.map(|query| Query::read(query).unwrap_or_else(|error| panic!("{error}")));
        text(value, None, format, query.as_ref()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn json_has_sorted_keys_and_two_blanks() {
        let value = json!({"b": [], "a": {"d": 1, "c": {}}});
        let expected = "{\n  \"a\": {\n    \"c\": {},\n    \"d\": 1\n  },\n  \"b\": []\n}";
        assert_eq!(printed(&value, Format::Json, None), expected);
        assert_eq!(printed(&Value::Null, Format::Json, None), "null");
    }

    #[test]
    fn tsv_writes_lists_as_their_length_objects_as_nothing_and_null_as_none() {
        let value = json!([{"b": [1, 2], "a": {"x": 1}, "c": null, "d": true}]);
        assert_eq!(printed(&value, Format::Tsv, None), "\t2\tNone\tTrue");
        assert_eq!(printed(&json!("text"), Format::Tsv, None), "text");
        assert_eq!(printed(&json!(true), Format::Tsv, None), "true");
        assert_eq!(printed(&value, Format::Tsv, Some("[].{z: d, a: c}")), "True\tNone");
    }

    #[test]
    fn a_table_hides_ids_nulls_and_what_has_parts_and_sorts_its_columns() {
        let value = json!([{"name": "x", "id": "/a", "etag": "e", "tags": {}, "location": "eastus", "none": null}]);
        assert_eq!(printed(&value, Format::Table, None), "Location    Name\n----------  ------\neastus      x");
        let columns = "Column1    Column2\n---------  ---------\na          1";
        assert_eq!(printed(&json!([["a", 1]]), Format::Table, None), columns);
        assert_eq!(printed(&json!("a"), Format::Table, None), "Result\n--------\na");
        assert_eq!(printed(&json!([]), Format::Table, None), "");
    }
}
