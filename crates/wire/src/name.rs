//! Domain names (RFC 1035 §2.3.1), kept in lower case without the trailing dot.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use smol_str::SmolStr;

/// A domain name such as `acct.privatelink.blob.core.windows.net`.
///
/// Names compare without regard to case (RFC 1035 §2.3.3); the stored form is lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(SmolStr);

/// Why a text is not a domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The text is empty.
    Empty,
    /// The whole name is longer than 253 characters.
    TooLong,
    /// A label is empty or longer than 63 characters.
    LabelLength,
    /// A label holds something other than letters, digits, `-`, `_` or a leading `*`.
    Character(char),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::TooLong => f.write_str("the name is longer than 253 characters"),
            Self::LabelLength => f.write_str("each part between dots must have 1 to 63 characters"),
            Self::Character(c) => write!(f, "“{c}” cannot stand in a domain name"),
        }
    }
}

impl std::error::Error for NameError {}

impl DomainName {
    /// The name in lower case, without a trailing dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The labels from left to right.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// How many labels the name has.
    #[must_use]
    pub fn n_labels(&self) -> usize {
        self.labels().count()
    }

    /// Whether `self` equals `suffix` or lies below it, on a label boundary.
    #[must_use]
    pub fn is_within(&self, suffix: &Self) -> bool {
        self.relative_to(suffix).is_some()
    }

    /// The part of `self` left of `zone`, or `None` when `self` is not within it.
    /// The zone's own name gives `@`, as zone files write it.
    #[must_use]
    pub fn relative_to(&self, zone: &Self) -> Option<&str> {
        if self == zone {
            return Some("@");
        }
        let head = self.0.strip_suffix(zone.as_str())?;
        head.strip_suffix('.')
    }

    /// `label.self`.
    ///
    /// # Errors
    /// When the result is not a valid name.
    pub fn child(&self, label: &str) -> Result<Self, NameError> {
        format!("{label}.{self}").parse()
    }
}

impl FromStr for DomainName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > 253 {
            return Err(NameError::TooLong);
        }
        for label in text.split('.') {
            if label.is_empty() || label.len() > 63 {
                return Err(NameError::LabelLength);
            }
            if let Some(c) = label.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_*".contains(*c))) {
                return Err(NameError::Character(c));
            }
        }
        Ok(Self(SmolStr::new(text.to_ascii_lowercase())))
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DomainName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        text.parse().unwrap()
    }

    #[test]
    fn names_compare_without_case_and_trailing_dot() {
        assert_eq!(name("Acct.Blob.Core.Windows.Net."), name("acct.blob.core.windows.net"));
    }

    #[test]
    fn a_suffix_matches_on_label_boundaries_only() {
        let zone = name("blob.core.windows.net");
        assert_eq!(name("acct.blob.core.windows.net").relative_to(&zone), Some("acct"));
        assert_eq!(zone.relative_to(&zone), Some("@"));
        assert!(!name("notblob.core.windows.net").is_within(&zone));
    }

    #[test]
    fn text_that_is_no_name_is_refused_with_the_reason() {
        assert_eq!("".parse::<DomainName>(), Err(NameError::Empty));
        assert_eq!("a..b".parse::<DomainName>(), Err(NameError::LabelLength));
        assert_eq!("a b".parse::<DomainName>(), Err(NameError::Character(' ')));
        assert_eq!("a.".repeat(130).parse::<DomainName>(), Err(NameError::TooLong));
    }
}
