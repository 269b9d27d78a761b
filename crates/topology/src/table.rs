//! A table of resources by id, in the order the user made them.

use indexmap::IndexMap;
use serde_json::Value;

use crate::Id;
use crate::schema::{Misfit, Path, Stored};

/// Resources of one type by id. Order is part of the document: it is kept by reading, writing and undo.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T>(IndexMap<Id, T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<T> Table<T> {
    /// Whether the table holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many resources it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The resource with this id.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&T> {
        self.0.get(id)
    }

    /// Whether a resource has this id.
    #[must_use]
    pub fn contains(&self, id: &Id) -> bool {
        self.0.contains_key(id)
    }

    /// The resources in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Id, &T)> + ExactSizeIterator {
        self.0.iter()
    }

    /// The ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &Id> + ExactSizeIterator {
        self.0.keys()
    }

    /// Where a resource stands in the order.
    #[must_use]
    pub fn index_of(&self, id: &Id) -> Option<usize> {
        self.0.get_index_of(id)
    }

    /// Puts `value` at `index` (or at the end when that is beyond it), or takes the entry out when `value` is `None`.
    /// Only commands do this, so that every change has an inverse.
    pub(crate) fn set(&mut self, id: &Id, index: usize, value: Option<T>) {
        match value {
            None => {
                self.0.shift_remove(id);
            }
            Some(value) => match self.0.get_mut(id) {
                Some(slot) => *slot = value,
                None => {
                    self.0.shift_insert(index.min(self.0.len()), id.clone(), value);
                }
            },
        }
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = (&'a Id, &'a T);
    type IntoIter = indexmap::map::Iter<'a, Id, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Stored> Stored for Table<T> {
    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        IndexMap::from_json(value, at).map(Self)
    }

    fn to_json(&self) -> Value {
        self.0.to_json()
    }
}
