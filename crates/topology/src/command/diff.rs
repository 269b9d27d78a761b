//! What a command changes, with its exact inverse.
//!
//! An edit holds JSON: one kind of edit serves every type of resource, and a document is written and read without loss.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;

use super::Refusal;
use crate::schema::Stored;
use crate::{Document, Id, Kind, Table};

/// One part of the document before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Edit {
    /// A field of the document itself.
    Field {
        /// Its name.
        key: SmolStr,
        /// Until now.
        before: Value,
        /// From now on.
        after: Value,
    },
    /// A resource; `None` where it did not or does not exist.
    Resource {
        /// Its type.
        kind: Kind,
        /// Its id.
        id: Id,
        /// Where it stands in its table.
        index: usize,
        /// Until now.
        before: Option<Value>,
        /// From now on.
        after: Option<Value>,
    },
    /// The whole document.
    Document {
        /// Until now.
        before: Box<Document>,
        /// From now on.
        after: Box<Document>,
    },
}

impl Edit {
    /// The change of a field of the document itself.
    pub(super) fn field<T: Stored>(key: &'static str, before: &T, after: &T) -> Self {
        Self::Field { key: SmolStr::new_static(key), before: before.to_json(), after: after.to_json() }
    }

    /// The change of an existing resource.
    pub(super) fn of<T: Stored + Clone>(
        kind: Kind,
        table: &Table<T>,
        id: &Id,
        change: impl FnOnce(&mut T),
    ) -> Result<Self, Refusal> {
        let row = table.get(id).ok_or_else(|| Refusal::not_found(id))?;
        let index = table.index_of(id).unwrap_or_default();
        let mut after = row.clone();
        change(&mut after);
        Ok(Self::Resource { kind, id: id.clone(), index, before: Some(row.to_json()), after: Some(after.to_json()) })
    }

    fn reversed(self) -> Self {
        match self {
            Self::Field { key, before, after } => Self::Field { key, before: after, after: before },
            Self::Resource { kind, id, index, before, after } => {
                Self::Resource { kind, id, index, before: after, after: before }
            }
            Self::Document { before, after } => Self::Document { before: after, after: before },
        }
    }

    pub(super) fn apply(&self, document: &mut Document) {
        let done = match self {
            Self::Field { key, after, .. } => document.set_field(key, after.clone()),
            Self::Resource { kind, id, index, after, .. } => document.set_resource(*kind, id, *index, after.clone()),
            Self::Document { after, .. } => {
                document.clone_from(after);
                Ok(())
            }
        };
        done.expect("an edit holds what a document of this schema wrote");
    }
}

/// A change: applying a diff and then its reverse restores the document byte for byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diff(Vec<Edit>);

impl Diff {
    /// One document in the place of another.
    #[must_use]
    pub fn between(before: Document, after: Document) -> Self {
        Self(vec![Edit::Document { before: Box::new(before), after: Box::new(after) }])
    }

    /// What changes, in the order carried out.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.0
    }

    /// The diff that undoes this one.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self(self.0.into_iter().rev().map(Edit::reversed).collect())
    }

    /// Carries the change out.
    pub fn apply(&self, document: &mut Document) {
        for edit in &self.0 {
            edit.apply(document);
        }
    }
}

impl From<Edit> for Diff {
    fn from(edit: Edit) -> Self {
        Self(vec![edit])
    }
}

impl From<Vec<Edit>> for Diff {
    fn from(edits: Vec<Edit>) -> Self {
        Self(edits)
    }
}
