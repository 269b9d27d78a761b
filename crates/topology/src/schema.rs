//! How the document stands in JSON: one trait, and one declaration per resource.
//!
//! [`resource!`] declares a struct with the ARM name of each field and its default. From it come reading with the
//! exact path of a mistake, writing without what equals the default, and the keeping of unknown fields.
//! (A serde derive with `flatten` does the same at several times the download size.)

use std::fmt::Display;
use std::hash::Hash;
use std::net::Ipv4Addr;
use std::str::FromStr;

use indexmap::IndexMap;
use ipnet::Ipv4Net;
use serde_json::{Map, Value};
use smol_str::SmolStr;
use wire::DomainName;

use crate::shape::Shape;
use crate::{ChildRef, Id};

/// Something a document holds.
pub(crate) trait Stored: Sized {
    /// What it is, for forms.
    const SHAPE: Shape;
    /// Reads it from `value`, which stands at `at`.
    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit>;
    /// Writes it.
    fn to_json(&self) -> Value;
    /// Shows every reference in it, which stands at `at`. Most types hold none.
    fn references(&self, _at: &Path<'_>, _found: &mut Found<'_>) {}
}

/// Who is shown references.
pub(crate) type Found<'a> = dyn FnMut(&Path<'_>, Reference<'_>) + 'a;

/// A reference to a resource, or to a named child of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The resource.
    pub(crate) id: &'a Id,
    /// The child's name.
    pub(crate) child: Option<&'a SmolStr>,
}

/// Where a value stands, from the root down.
#[derive(Debug)]
pub(crate) enum Path<'a> {
    Root,
    Field(&'a Self, &'a str),
    Item(&'a Self, usize),
}

impl Path<'_> {
    /// Keys and indices from the root down.
    pub(crate) fn segments(&self) -> Vec<SmolStr> {
        let (mut segments, last) = match self {
            Self::Root => return Vec::new(),
            Self::Field(parent, key) => (parent.segments(), SmolStr::new(key)),
            Self::Item(parent, index) => (parent.segments(), smol_str::format_smolstr!("{index}")),
        };
        segments.push(last);
        segments
    }

    /// A mistake here.
    pub(crate) fn misfit(&self, reason: impl Display) -> Misfit {
        Misfit { path: self.segments(), reason: reason.to_string() }
    }
}

/// A value that is not what should stand at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Keys and indices from the root down.
    pub(crate) path: Vec<SmolStr>,
    /// What is wrong.
    pub(crate) reason: String,
}

impl Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.join("."), self.reason)
    }
}

/// The fields of an object.
pub(crate) fn object(value: Value, at: &Path<'_>) -> Result<Map<String, Value>, Misfit> {
    let Value::Object(fields) = value else {
        return Err(at.misfit(format_args!("expected an object, found {}", kind(&value))));
    };
    Ok(fields)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The fields of an object being read. The first mistake is kept until [`Fields::rest`]: a resource with many fields
/// then has one way out, not one for each field.
pub(crate) struct Fields<'a> {
    unread: Map<String, Value>,
    at: &'a Path<'a>,
    misfit: Option<Misfit>,
}

impl<'a> Fields<'a> {
    /// The fields of the object `value`.
    pub(crate) fn of(value: Value, at: &'a Path<'a>) -> Result<Self, Misfit> {
        Ok(Self { unread: object(value, at)?, at, misfit: None })
    }

    /// Reads a field that has to be there. `None` when a mistake is kept.
    pub(crate) fn required<T: Stored>(&mut self, key: &str) -> Option<T> {
        match self.unread.shift_remove(key) {
            Some(value) => self.read(key, value),
            None => {
                self.keep(self.at.misfit(format_args!("missing field “{key}”")));
                None
            }
        }
    }

    /// Reads a field that may be absent. `None` when a mistake is kept.
    pub(crate) fn optional<T: Stored>(&mut self, key: &str, default: impl FnOnce() -> T) -> Option<T> {
        match self.unread.shift_remove(key) {
            Some(value) => self.read(key, value),
            None => Some(default()),
        }
    }

    /// What was not read, unless something was a mistake.
    pub(crate) fn rest(self) -> Result<Map<String, Value>, Misfit> {
        self.misfit.map_or(Ok(self.unread), Err)
    }

    fn read<T: Stored>(&mut self, key: &str, value: Value) -> Option<T> {
        T::from_json(value, &Path::Field(self.at, key)).map_err(|misfit| self.keep(misfit)).ok()
    }

    fn keep(&mut self, misfit: Misfit) {
        self.misfit.get_or_insert(misfit);
    }
}

/// Reads a text that a type parses itself.
fn parsed<T: FromStr<Err: Display>>(value: &Value, at: &Path<'_>) -> Result<T, Misfit> {
    let Value::String(text) = value else {
        return Err(at.misfit(format_args!("expected a string, found {}", kind(value))));
    };
    text.parse().map_err(|error| at.misfit(format_args!("“{text}”: {error}")))
}

/// Reads the key of an entry.
pub(crate) fn key<K: FromStr<Err: Display>>(key: &str, at: &Path<'_>) -> Result<K, Misfit> {
    key.parse().map_err(|error| at.misfit(format_args!("“{key}”: {error}")))
}

/// Reads one of a list of words.
pub(crate) fn word<T: Copy>(value: &Value, words: &[(&str, T)], at: &Path<'_>) -> Result<T, Misfit> {
    let found = words.iter().find(|(word, _)| value == word).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        at.misfit(format_args!("{value} is not one of {}", known.join(", ")))
    })
}

/// Types that are a JSON string and parse themselves; some are a reference.
macro_rules! stored_as_text {
    ($($type:ident: $shape:ident $(refers $reference:expr)?),*) => {$(
        impl Stored for $type {
            const SHAPE: Shape = Shape::$shape;

            fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
                parsed(&value, at)
            }

            fn to_json(&self) -> Value {
                Value::String(self.to_string())
            }

            $(
                fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
                    let reference: fn(&Self) -> Reference<'_> = $reference;
                    found(at, reference(self));
                }
            )?
        }
    )*};
}

stored_as_text!(
    DomainName: DomainName,
    Ipv4Addr: Address,
    Ipv4Net: Prefix,
    Id: Reference refers |id| Reference { id, child: None },
    ChildRef: ChildReference refers |child| Reference { id: &child.parent, child: Some(&child.child) }
);

impl Stored for String {
    const SHAPE: Shape = Shape::Text;

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        let Value::String(text) = value else {
            return Err(at.misfit(format_args!("expected a string, found {}", kind(&value))));
        };
        Ok(text)
    }

    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Stored for SmolStr {
    const SHAPE: Shape = Shape::Text;

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        String::from_json(value, at).map(Self::from)
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Stored for bool {
    const SHAPE: Shape = Shape::Switch;

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        value.as_bool().ok_or_else(|| at.misfit(format_args!("expected true or false, found {}", kind(&value))))
    }

    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

/// Whole numbers within their type's range.
macro_rules! stored_as_number {
    ($($type:ty),*) => {$(
        impl Stored for $type {
            const SHAPE: Shape = Shape::Number(Self::MAX as u64);

            fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
                let number = value.as_u64().and_then(|number| Self::try_from(number).ok());
                number.ok_or_else(|| at.misfit(format_args!("expected a whole number from 0 to {}, found {value}", Self::MAX)))
            }

            fn to_json(&self) -> Value {
                Value::from(*self)
            }
        }
    )*};
}

stored_as_number!(u16, u32);

impl<T: Stored> Stored for Box<T> {
    const SHAPE: Shape = T::SHAPE;

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        T::from_json(value, at).map(Self::new)
    }

    fn to_json(&self) -> Value {
        T::to_json(self)
    }

    fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
        T::references(self, at, found);
    }
}

impl<T: Stored> Stored for Option<T> {
    const SHAPE: Shape = Shape::Optional(&T::SHAPE);

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        if value.is_null() { Ok(None) } else { T::from_json(value, at).map(Some) }
    }

    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Stored::to_json)
    }

    fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
        if let Some(value) = self {
            value.references(at, found);
        }
    }
}

impl<T: Stored> Stored for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        let Value::Array(items) = value else {
            return Err(at.misfit(format_args!("expected a list, found {}", kind(&value))));
        };
        items.into_iter().enumerate().map(|(index, item)| T::from_json(item, &Path::Item(at, index))).collect()
    }

    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(Stored::to_json).collect())
    }

    fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
        for (index, item) in self.iter().enumerate() {
            item.references(&Path::Item(at, index), found);
        }
    }
}

impl<K: FromStr<Err: Display> + Display + Eq + Hash, T: Stored> Stored for IndexMap<K, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        let entry = |(key, value): (String, Value)| {
            let at = Path::Field(at, &key);
            Ok((self::key(&key, &at)?, T::from_json(value, &at)?))
        };
        object(value, at)?.into_iter().map(entry).collect()
    }

    fn to_json(&self) -> Value {
        Value::Object(self.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect())
    }

    fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
        for (key, value) in self {
            value.references(&Path::Field(at, &key.to_string()), found);
        }
    }
}

/// Declares a resource: `field: Type = "armName"` where the field is required, `… or default` where it is not.
macro_rules! resource {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $help:literal])*
                pub $field:ident: $type:ty = $key:literal $(or $default:expr)?,
            )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $help])*
                pub $field: $type,
            )*
            /// Unknown fields, kept.
            pub extra: $crate::resource::Extra,
        }

        impl $crate::schema::Stored for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape::Object(&[
                $($crate::shape::Field {
                    key: $key,
                    help: &[$($help),*],
                    required: $crate::schema::resource!(@is_required $($default)?),
                    shape: <$type as $crate::schema::Stored>::SHAPE,
                },)*
            ]);

            fn from_json(
                value: serde_json::Value,
                at: &$crate::schema::Path<'_>,
            ) -> Result<Self, $crate::schema::Misfit> {
                let mut fields = $crate::schema::Fields::of(value, at)?;
                $(let $field: Option<$type> = $crate::schema::resource!(@read fields, $key $(, $default)?);)*
                let extra = fields.rest()?;
                Ok(Self { $($field: $field.expect("a field that was not read is a mistake"),)* extra })
            }

            fn to_json(&self) -> serde_json::Value {
                let mut fields = serde_json::Map::new();
                $(
                    if $crate::schema::resource!(@is_written self.$field, $type $(, $default)?) {
                        fields.insert(String::from($key), self.$field.to_json());
                    }
                )*
                fields.extend(self.extra.clone());
                serde_json::Value::Object(fields)
            }

            fn references(&self, at: &$crate::schema::Path<'_>, found: &mut $crate::schema::Found<'_>) {
                $(self.$field.references(&$crate::schema::Path::Field(at, $key), found);)*
            }
        }

        $crate::schema::serde_by_json!($name);
    )*};
    (@is_required) => { true };
    (@is_required $default:expr) => { false };
    (@read $fields:ident, $key:literal) => {
        $fields.required($key)
    };
    (@read $fields:ident, $key:literal, $default:expr) => {
        $fields.optional($key, || $default)
    };
    (@is_written $value:expr, $type:ty) => { true };
    (@is_written $value:expr, $type:ty, $default:expr) => {{
        let default: $type = $default;
        $value != default
    }};
}

/// Declares a type that is one of a list of words.
macro_rules! words {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident = $word:literal,
            )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                $variant,
            )*
        }

        impl $name {
            /// The word as ARM spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::schema::Stored for $name {
            const SHAPE: $crate::shape::Shape = $crate::shape::Shape::Word(&[$($word),*]);

            fn from_json(
                value: serde_json::Value,
                at: &$crate::schema::Path<'_>,
            ) -> Result<Self, $crate::schema::Misfit> {
                $crate::schema::word(&value, &[$(($word, Self::$variant)),*], at)
            }

            fn to_json(&self) -> serde_json::Value {
                serde_json::Value::String(self.as_str().to_owned())
            }
        }

        $crate::schema::serde_by_json!($name);
    )*};
}

/// Lets serde read and write a [`Stored`] type, for those who hold it within types of their own.
macro_rules! serde_by_json {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::schema::Stored::to_json(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::schema::Stored::from_json(value, &$crate::schema::Path::Root).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {resource, serde_by_json, words};
