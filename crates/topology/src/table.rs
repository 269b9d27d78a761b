//! A table of resources by id, in the order the user made them.

use std::iter::Zip;
use std::slice;

use indexmap::{IndexSet, set};
use serde_json::Value;

use crate::Id;
use crate::schema::{Found, Misfit, Path, Stored};
use crate::shape::Shape;

/// Resources of one type by id. Order is part of the document: it is kept by reading, writing and undo.
///
/// Ids and rows stand side by side, the row of an id at the id's position, so that the code that hashes and
/// compares ids exists once and not once per type of resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    ids: IndexSet<Id>,
    rows: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { ids: IndexSet::new(), rows: Vec::new() }
    }
}

impl<T> Table<T> {
    /// Whether the table holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many resources it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The resource with this id.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<&T> {
        self.rows.get(self.index_of(id)?)
    }

    /// Whether a resource has this id.
    #[must_use]
    pub fn contains(&self, id: &Id) -> bool {
        self.ids.contains(id)
    }

    /// The resources in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Id, &T)> + ExactSizeIterator {
        self.into_iter()
    }

    /// The ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &Id> + ExactSizeIterator {
        self.ids.iter()
    }

    /// Where a resource stands in the order.
    #[must_use]
    pub fn index_of(&self, id: &Id) -> Option<usize> {
        self.ids.get_index_of(id)
    }

    /// [`Table::set`] from JSON that stands at `at`.
    pub(crate) fn set_json(&mut self, id: &Id, index: usize, value: Option<Value>, at: &Path<'_>) -> Result<(), Misfit>
    where
        T: Stored,
    {
        let value = value.map(|value| T::from_json(value, at)).transpose()?;
        self.set(id, index, value);
        Ok(())
    }

    /// Puts `value` at `index` (or at the end when that is beyond it), or takes the entry out when `value` is `None`.
    /// Only commands do this, so that every change has an inverse.
    pub(crate) fn set(&mut self, id: &Id, index: usize, value: Option<T>) {
        match (self.index_of(id), value) {
            (None, None) => {}
            (Some(found), None) => {
                self.ids.shift_remove_index(found);
                self.rows.remove(found);
            }
            (Some(found), Some(value)) => self.rows[found] = value,
            (None, Some(value)) => {
                let index = index.min(self.rows.len());
                self.ids.shift_insert(index, id.clone());
                self.rows.insert(index, value);
            }
        }
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = (&'a Id, &'a T);
    type IntoIter = Zip<set::Iter<'a, Id>, slice::Iter<'a, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.ids.iter().zip(&self.rows)
    }
}

impl<T: Stored> Stored for Table<T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn from_json(value: Value, at: &Path<'_>) -> Result<Self, Misfit> {
        let fields = crate::schema::object(value, at)?;
        let mut table = Self { ids: IndexSet::with_capacity(fields.len()), rows: Vec::with_capacity(fields.len()) };
        for (key, value) in fields {
            let at = Path::Field(at, &key);
            // An object has each key once, so that every id is new.
            table.ids.insert(crate::schema::key(&key, &at)?);
            table.rows.push(T::from_json(value, &at)?);
        }
        Ok(table)
    }

    fn to_json(&self) -> Value {
        Value::Object(self.iter().map(|(id, row)| (id.to_string(), row.to_json())).collect())
    }

    fn references(&self, at: &Path<'_>, found: &mut Found<'_>) {
        for (id, row) in self {
            row.references(&Path::Field(at, id.as_str()), found);
        }
    }
}
