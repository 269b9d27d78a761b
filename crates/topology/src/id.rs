//! Resource identifiers and references to named children.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

/// The identifier of a resource: unique in the whole document, stable, and its default name.
///
/// 1 to 80 letters, digits, `-`, `_` or `.`, as ARM resource names allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(SmolStr);

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 80 letters, digits, “-”, “_” or “.”")]
pub struct IdError;

impl Id {
    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fits = (1..=80).contains(&text.len());
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if fits && plain { Ok(Self(SmolStr::new(text))) } else { Err(IdError) }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SmolStr::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A reference to a named child of a resource, written `parent/child`,
/// for instance the frontend IP configuration `lb-iis/frontend`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChildRef {
    /// The resource.
    pub parent: Id,
    /// The name of the child within it.
    pub child: SmolStr,
}

/// Why a text is not a reference to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected “resource/child”, for instance “lb-iis/frontend”")]
pub struct ChildRefError;

impl FromStr for ChildRef {
    type Err = ChildRefError;

    fn from_str(text: &str) -> Result<Self, ChildRefError> {
        let (parent, child) = text.split_once('/').ok_or(ChildRefError)?;
        let parent = parent.parse().map_err(|IdError| ChildRefError)?;
        let child: Id = child.parse().map_err(|IdError| ChildRefError)?;
        Ok(Self { parent, child: child.0 })
    }
}

impl fmt::Display for ChildRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.parent, self.child)
    }
}
