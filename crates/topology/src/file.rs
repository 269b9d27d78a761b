//! A document as a JSON file.

use serde_json::Value;

use crate::document::{Document, SCHEMA};
use crate::schema::{Misfit, Path, Stored as _};
use crate::strict::{self, Strict};

/// The largest document read, in bytes of JSON.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The text is larger than [`MAX_BYTES`].
    #[error("the document has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// A newer version wrote it.
    #[error("the document has schema {schema}; this version reads up to {SCHEMA}")]
    NewerSchema {
        /// The schema it states.
        schema: u32,
    },
    /// It is not JSON, or not a document.
    #[error("line {line}, column {column}, at {path}: {reason}")]
    Invalid {
        /// The JSON path of the place, such as `subnets.clients.addressPrefix`.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
}

/// Reads a document.
///
/// # Errors
/// When it is not one; the error names the place.
pub fn parse(text: &str) -> Result<Document, FileError> {
    if text.len() > MAX_BYTES {
        return Err(FileError::TooLarge { bytes: text.len() });
    }
    let Strict(value) = serde_json::from_str(text).map_err(|error| {
        let words = error.to_string();
        // serde_json appends the position, which stands in fields of its own here.
        let reason = words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason).to_owned();
        FileError::Invalid { path: String::from("."), line: error.line(), column: error.column(), reason }
    })?;
    // A newer schema may hold anything, so its number is looked at first.
    let schema = value.get("schema").and_then(Value::as_u64).and_then(|schema| u32::try_from(schema).ok());
    if let Some(schema) = schema.filter(|schema| *schema > SCHEMA) {
        return Err(FileError::NewerSchema { schema });
    }
    Document::from_json(value, &Path::Root).map_err(|Misfit { path, reason }| {
        let (line, column) = strict::position(text, &path);
        let path = if path.is_empty() { String::from(".") } else { path.join(".") };
        FileError::Invalid { path, line, column, reason }
    })
}

/// Writes a document for people: indented, with a final newline.
#[must_use]
pub fn print(document: &Document) -> String {
    let mut text = format!("{:#}", document.to_json());
    text.push('\n');
    text
}

/// Writes a document for machines: no white space.
#[must_use]
pub fn print_compact(document: &Document) -> String {
    document.to_json().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_place() {
        let text = "{\n  \"schema\": 1,\n  \"subnets\": {\n    \"web\": {\"virtualNetwork\": \"v\", \"addressPrefix\": \"10.0.0.0/40\"}\n  }\n}";
        let error = parse(text).unwrap_err();
        let FileError::Invalid { path, line, .. } = &error else { panic!("{error}") };
        assert_eq!((path.as_str(), *line), ("subnets.web.addressPrefix", 4), "{error}");
    }

    #[test]
    fn an_id_defined_twice_is_an_error_not_a_loss() {
        let error = parse(r#"{"schema": 1, "tenants": {"a": {}, "a": {}}}"#).unwrap_err();
        assert!(error.to_string().contains("“a” is defined twice"), "{error}");
    }

    #[test]
    fn a_newer_schema_is_named_even_when_the_rest_is_unknown() {
        assert_eq!(parse(r#"{"schema": 7, "tenants": []}"#), Err(FileError::NewerSchema { schema: 7 }));
    }

    #[test]
    fn unknown_fields_survive_reading_and_writing() {
        let text = r#"{"schema":1,"title":"Mine","tenants":{"a":{"color":"teal"}},"later":{"x":[1,2.5,null]}}"#;
        assert_eq!(print_compact(&parse(text).unwrap()), text);
    }

    #[test]
    fn text_after_the_document_is_an_error() {
        assert!(parse(r#"{"schema": 1} {}"#).is_err());
    }

    #[test]
    fn nesting_without_end_is_refused_where_it_gets_too_deep() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!(r#"{{"schema":1,"extra":{}0{}}}"#, open.repeat(100_000), close.repeat(100_000));
            let Err(FileError::Invalid { reason, .. }) = parse(&text) else { panic!("{open} was read") };
            assert!(reason.contains("recursion limit"), "{reason}");
        }
    }
}
