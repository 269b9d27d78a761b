//! A document as the fragment of a link: `1z` + base64url(raw deflate(JSON), then a check value).
//!
//! The first characters are the schema major and a codec letter. Inside, object keys the schema knows are
//! abbreviated by the list in `link_words.txt`, which only ever grows at its end: links live for ever. Four bytes
//! after the deflate stream hold a hash of the JSON, so that a damaged link is noticed and never half believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use serde_json::Value;

use crate::document::{Document, SCHEMA};
use crate::file::{self, FileError};
use crate::schema::Stored as _;

/// The words that are abbreviated, in the order of their codes.
const WORDS: &str = include_str!("link_words.txt");
/// Marks a key that stands for itself although it looks like an abbreviation.
const ESCAPE: char = '~';
/// The best compression the library offers.
const LEVEL: u8 = 10;

/// Why a fragment is not a link to a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It does not begin with a schema number and a codec letter.
    #[error("this is not a link to a topology")]
    NotALink,
    /// A newer version made it.
    #[error("the link has schema {schema}; this version reads up to {SCHEMA}")]
    NewerSchema {
        /// The schema it states.
        schema: u32,
    },
    /// Its codec letter is unknown.
    #[error("the link is written in a way this version does not know (codec “{0}”)")]
    UnknownCodec(char),
    /// Characters are missing or changed.
    #[error("the link is damaged: characters are missing or changed")]
    Damaged,
    /// It is intact, and holds no valid document.
    #[error("the link holds no valid topology: {0}")]
    Document(#[from] FileError),
}

/// The fragment, without `#`, that restores the document exactly.
#[must_use]
pub fn encode(document: &Document) -> String {
    let json = rename(document.to_json(), &abbreviated).to_string();
    let mut bytes = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), LEVEL);
    bytes.extend_from_slice(&check_value(json.as_bytes()));
    format!("{SCHEMA}z{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The document a fragment holds. A leading `#` and view keys after `&` are not part of it.
///
/// # Errors
/// When it holds none.
pub fn decode(fragment: &str) -> Result<Document, LinkError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let fragment = fragment.split('&').next().unwrap_or_default();
    let codec_at = fragment.find(|c: char| !c.is_ascii_digit()).ok_or(LinkError::NotALink)?;
    let (schema, rest) = fragment.split_at(codec_at);
    let schema: u32 = schema.parse().map_err(|_| LinkError::NotALink)?;
    let mut rest = rest.chars();
    let codec = rest.next().ok_or(LinkError::NotALink)?;
    if schema > SCHEMA {
        return Err(LinkError::NewerSchema { schema });
    }
    if codec != 'z' {
        return Err(LinkError::UnknownCodec(codec));
    }
    let bytes = URL_SAFE_NO_PAD.decode(rest.as_str().trim_end()).map_err(|_| LinkError::Damaged)?;
    let (deflated, check) = bytes.split_last_chunk::<4>().ok_or(LinkError::Damaged)?;
    let json = miniz_oxide::inflate::decompress_to_vec_with_limit(deflated, file::MAX_BYTES)
        .map_err(|_| LinkError::Damaged)?;
    if check_value(&json) != *check {
        return Err(LinkError::Damaged);
    }
    let value: Value = serde_json::from_slice(&json).map_err(|_| LinkError::Damaged)?;
    Ok(file::parse(&rename(value, &expanded).to_string())?)
}

/// A hash of the JSON, folded to four bytes.
fn check_value(json: &[u8]) -> [u8; 4] {
    let hash = wire::hash::fnv1a(json).to_be_bytes();
    std::array::from_fn(|index| hash[index] ^ hash[index + 4])
}

/// The same value with every object key renamed, whatever its depth.
fn rename(value: Value, name: &impl Fn(&Words, &str) -> String) -> Value {
    fn walk(value: Value, words: &Words, name: &impl Fn(&Words, &str) -> String) -> Value {
        match value {
            Value::Object(fields) => Value::Object(
                fields.into_iter().map(|(key, value)| (name(words, &key), walk(value, words, name))).collect(),
            ),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| walk(item, words, name)).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
        }
    }
    walk(value, &Words::new(), name)
}

/// Words and their codes.
struct Words(IndexMap<&'static str, String>);

impl Words {
    fn new() -> Self {
        Self(WORDS.lines().enumerate().map(|(index, word)| (word, code(index))).collect())
    }
}

/// `A` … `Z`, `a` … `z`, then two letters.
fn code(index: usize) -> String {
    const LETTERS: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let letter = |index: usize| char::from(LETTERS[index % LETTERS.len()]);
    match index.checked_sub(LETTERS.len()) {
        None => String::from(letter(index)),
        Some(rest) => String::from_iter([letter(rest / LETTERS.len()), letter(rest)]),
    }
}

/// Whether a key could be mistaken for an abbreviation or an escaped key.
fn looks_like_a_code(key: &str) -> bool {
    key.starts_with(ESCAPE) || (key.len() <= 2 && key.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn abbreviated(words: &Words, key: &str) -> String {
    match words.0.get(key) {
        Some(code) => code.clone(),
        None if looks_like_a_code(key) => format!("{ESCAPE}{key}"),
        None => key.to_owned(),
    }
}

fn expanded(words: &Words, key: &str) -> String {
    if let Some(escaped) = key.strip_prefix(ESCAPE) {
        return escaped.to_owned();
    }
    let word = words.0.iter().find_map(|(word, code)| (code == key).then_some(*word));
    word.unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_unique_and_words_too() {
        let words = Words::new();
        assert_eq!(words.0.len(), WORDS.lines().count());
        let codes: std::collections::BTreeSet<&String> = words.0.values().collect();
        assert_eq!(codes.len(), words.0.len());
    }

    #[test]
    fn a_key_that_looks_like_a_code_stands_for_itself() {
        let document = file::parse(r#"{"schema":1,"tenants":{"A":{"~":1,"B":2},"schema":{}},"zz":null}"#).unwrap();
        assert_eq!(decode(&encode(&document)), Ok(document));
    }

    #[test]
    fn what_is_not_a_link_is_told_apart() {
        assert_eq!(decode(""), Err(LinkError::NotALink));
        assert_eq!(decode("#section-2"), Err(LinkError::NotALink));
        assert_eq!(decode("1"), Err(LinkError::NotALink));
        assert_eq!(decode("#2zAAAA"), Err(LinkError::NewerSchema { schema: 2 }));
        assert_eq!(decode("#1qAAAA"), Err(LinkError::UnknownCodec('q')));
        assert_eq!(decode("#1zgarbage"), Err(LinkError::Damaged));
        assert_eq!(decode("#1z"), Err(LinkError::Damaged));
    }

    #[test]
    fn view_keys_after_the_document_are_not_part_of_it() {
        let document = Document { title: String::from("x"), ..Document::default() };
        assert_eq!(decode(&format!("#{}&s=4", encode(&document))), Ok(document));
    }

    #[test]
    fn a_link_that_unpacks_without_end_is_refused() {
        let bomb = vec![b' '; file::MAX_BYTES + 1];
        let mut bytes = miniz_oxide::deflate::compress_to_vec(&bomb, 6);
        bytes.extend_from_slice(&check_value(&bomb));
        assert_eq!(decode(&format!("1z{}", URL_SAFE_NO_PAD.encode(bytes))), Err(LinkError::Damaged));
    }

    /// Documents with arbitrary titles, ids and unknown fields.
    fn any_document() -> impl Strategy<Value = Document> {
        let id = "[A-Za-z0-9._-]{1,12}".prop_filter_map("an id", |text| text.parse().ok());
        let prefix = (any::<u32>(), 8_u8..=29)
            .prop_filter_map("a prefix", |(bits, len)| ipnet::Ipv4Net::new(bits.into(), len).ok());
        let subnet = (id, prefix, "[a-zA-Z~]{1,3}", any::<i64>());
        (".{0,40}", proptest::collection::vec(subnet, 0..12)).prop_map(|(title, subnets)| {
            let mut document = Document { title, ..Document::default() };
            for (id, prefix, key, number) in subnets {
                let id: crate::Id = id;
                let text = serde_json::json!({"virtualNetwork": id, "addressPrefix": prefix, key: number});
                let index = document.subnets.len();
                document.subnets.set(&id, index, serde_json::from_value(text).ok());
            }
            document
        })
    }

    proptest! {
        #[test]
        fn a_link_restores_the_document_exactly(document in any_document()) {
            let link = encode(&document);
            let restored = decode(&link).unwrap();
            prop_assert_eq!(file::print(&restored), file::print(&document));
            prop_assert_eq!(encode(&restored), link);
        }

        #[test]
        fn a_damaged_link_is_refused(document in any_document(), at: prop::sample::Index, new in "[A-Za-z0-9_-]") {
            let link = encode(&document);
            let at = 2 + at.index(link.len() - 2);
            let mut damaged = link.clone();
            damaged.replace_range(at..=at, &new);
            // The last character of base64 may carry unused bits; everything else decides the document.
            match decode(&damaged) {
                Ok(restored) => prop_assert_eq!(restored, document),
                Err(error) => prop_assert_eq!(error, LinkError::Damaged),
            }
            prop_assert!(decode(&link[..at]).is_err());
        }

        #[test]
        fn no_text_makes_decoding_panic(text in ".{0,200}") {
            let _ = decode(&text);
            let _ = decode(&format!("1z{text}"));
        }
    }
}
