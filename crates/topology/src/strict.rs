//! JSON as it was written: keys that stand twice are an error, and a path can be found again in the text.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// A JSON value none of whose objects has a key twice. (`serde_json` alone keeps the last and drops the others.)
pub(crate) struct Strict(pub(crate) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("“{key}” is defined twice")));
            }
            let Strict(value) = fields.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// The line and column, both from 1, at which the value of a path begins. `text` is valid JSON that has the path.
pub(crate) fn position(text: &str, path: &[SmolStr]) -> (usize, usize) {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    for segment in path {
        if !scanner.enter(segment) {
            break;
        }
    }
    scanner.skip_space();
    let before = &text.as_bytes()[..scanner.at];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// Walks valid JSON. Beyond its end there is nothing but zeros.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Goes from the beginning of a container to the beginning of one of its values. Stays when it has none such.
    fn enter(&mut self, segment: &str) -> bool {
        self.skip_space();
        let start = self.at;
        let is_object = self.peek() == b'{';
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.skip_space();
            if self.at >= self.bytes.len() || matches!(self.peek(), b'}' | b']') {
                self.at = start;
                return false;
            }
            let is_wanted = if is_object {
                let from = self.at;
                self.skip_value();
                let key = serde_json::from_slice::<String>(&self.bytes[from..self.at]);
                self.skip_space();
                self.at += 1; // the colon
                key.is_ok_and(|key| key == segment)
            } else {
                segment.parse() == Ok(index)
            };
            if is_wanted {
                return true;
            }
            self.skip_value();
            self.skip_space();
            self.at += usize::from(self.peek() == b',');
            index += 1;
        }
    }

    fn skip_value(&mut self) {
        self.skip_space();
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => {
                    let word = self.bytes[self.at.min(self.bytes.len())..].iter();
                    self.at += word.take_while(|byte| !b"\"{}[],: \t\r\n".contains(byte)).count().max(1);
                }
            }
            if depth == 0 || self.at >= self.bytes.len() {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while self.at < self.bytes.len() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"a\": [1, {\"x\\\"y\": true}],\n  \"b.c\": {\"d\": \"e}\",\n    \"f\": null}\n}";

    #[track_caller]
    fn check(path: &[&str], expected: (usize, usize)) {
        let path: Vec<SmolStr> = path.iter().map(SmolStr::new).collect();
        assert_eq!(position(TEXT, &path), expected);
    }

    #[test]
    fn a_path_is_found_again_in_the_text() {
        check(&[], (1, 1));
        check(&["a"], (2, 8));
        check(&["a", "1"], (2, 12));
        check(&["a", "1", "x\"y"], (2, 21));
        check(&["b.c", "f"], (4, 10));
    }

    #[test]
    fn a_path_that_is_not_there_ends_at_the_last_container_that_is() {
        check(&["b.c", "missing"], (3, 10));
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_at_any_depth() {
        assert!(serde_json::from_str::<Strict>(r#"{"a": {"b": 1, "b": 2}}"#).is_err());
        assert!(serde_json::from_str::<Strict>(r#"{"a": {"b": 1}, "c": {"b": 2}}"#).is_ok());
    }
}
