//! A document while a command is worked out: changes are tried on a copy, and become a diff when none is refused.

use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

use super::{Diff, Edit, Refusal};
use crate::schema::{Misfit, Stored};
use crate::{Document, Id, Kind, Table, rules};

/// The document as it was, as it would be, and what lies between.
pub(super) struct Draft<'d> {
    before: &'d Document,
    document: Document,
    edits: Vec<Edit>,
}

impl<'d> Draft<'d> {
    pub(super) fn of(document: &'d Document) -> Self {
        Self { before: document, document: document.clone(), edits: Vec::new() }
    }

    /// The document as it would be.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The change of an existing resource, whatever Azure says of it.
    pub(super) fn edit<T: Stored + Clone>(
        &mut self,
        kind: Kind,
        table: impl FnOnce(&Document) -> &Table<T>,
        id: &Id,
        change: impl FnOnce(&mut T),
    ) -> Result<(), Refusal> {
        let edit = Edit::of(kind, table(&self.document), id, change)?;
        self.carry_out(edit);
        Ok(())
    }

    /// The change of an existing resource, which Azure has to take.
    pub(super) fn change<T: Stored + Clone>(
        &mut self,
        kind: Kind,
        table: impl FnOnce(&Document) -> &Table<T>,
        id: &Id,
        change: impl FnOnce(&mut T),
    ) -> Result<(), Refusal> {
        self.edit(kind, table, id, change)?;
        self.admit(kind, id)
    }

    /// A field of the document itself.
    pub(super) fn set_field<T: Stored>(&mut self, key: &'static str, before: &T, after: &T) {
        self.carry_out(Edit::field(key, before, after));
    }

    /// A field of the document itself, as JSON that the document has written.
    pub(super) fn set_field_json(&mut self, key: SmolStr, after: Value) {
        let before = self.document.field(&key).unwrap_or_default();
        self.carry_out(Edit::Field { key, before, after });
    }

    /// Puts a resource at the end of its table, or in the place of the one with the same id. Azure has to take it.
    pub(super) fn put(&mut self, kind: Kind, id: &Id, value: Value) -> Result<(), Refusal> {
        let index = self.document.index_of(kind, id).unwrap_or(usize::MAX);
        self.put_at(kind, id, index, value)?;
        self.admit(kind, id)
    }

    /// The same at a place of the table, whatever Azure says of it.
    pub(super) fn put_at(&mut self, kind: Kind, id: &Id, index: usize, value: Value) -> Result<(), Refusal> {
        let before = self.document.resource(kind, id);
        self.document.set_resource(kind, id, index, Some(value)).map_err(|misfit| invalid(&misfit))?;
        // As the document writes it, which may be shorter than what was given.
        let after = self.document.resource(kind, id);
        let index = self.document.index_of(kind, id).unwrap_or(index);
        self.edits.push(Edit::Resource { kind, id: id.clone(), index, before, after });
        Ok(())
    }

    /// Takes a resource out.
    pub(super) fn remove(&mut self, kind: Kind, id: &Id) {
        if let Some(index) = self.document.index_of(kind, id) {
            let before = self.document.resource(kind, id);
            self.carry_out(Edit::Resource { kind, id: id.clone(), index, before, after: None });
        }
    }

    /// Puts another document in this one's place.
    pub(super) fn replace(&mut self, after: Box<Document>) {
        self.carry_out(Edit::Document { before: Box::new(self.document.clone()), after });
    }

    /// Refuses what Azure does not take of a resource as it is now, unless it was no better before.
    pub(super) fn admit(&self, kind: Kind, id: &Id) -> Result<(), Refusal> {
        let faults = rules::faults(&self.document, kind, id);
        if !faults.is_empty() {
            let known = rules::faults(self.before, kind, id);
            if let Some(fault) = faults.into_iter().find(|fault| !known.contains(fault)) {
                return Err(fault);
            }
        }
        rules::taken_from_another(self.before, &self.document, kind, id).map_or(Ok(()), Err)
    }

    /// What has changed.
    pub(super) fn finish(self) -> Result<Diff, Refusal> {
        // Opening what is open already is a change: it can be undone like any other.
        let opened = self.edits.iter().any(|edit| matches!(edit, Edit::Document { .. }));
        match opened || self.document != *self.before {
            true => Ok(Diff::from(self.edits)),
            false => Err(Refusal::NothingToChange),
        }
    }

    fn carry_out(&mut self, edit: Edit) {
        edit.apply(&mut self.document);
        self.edits.push(edit);
    }
}

/// A value that is not what the field holds. The first two segments are the table and the id.
fn invalid(misfit: &Misfit) -> Refusal {
    let field = misfit.path.iter().skip(2).map(SmolStr::as_str).collect::<Vec<_>>().join("/");
    Refusal::InvalidValue { field: format_smolstr!("{field}"), reason: misfit.reason.clone() }
}
