//! The document under edit, and its history.

use std::sync::Arc;

use topology::Document;
use topology::command::{Command, Diff, Refusal, plan};

/// The document under edit with its undo and redo stacks. Every change comes through
/// [`Workspace::carry_out`].
#[derive(Clone, Debug)]
pub struct Workspace {
    document: Arc<Document>,
    done: Vec<Diff>,
    undone: Vec<Diff>,
    revision: u64,
}

/// How many changes can be undone.
const MAX_HISTORY: usize = 500;

impl Workspace {
    /// A document that nothing has been done to.
    #[must_use]
    pub fn new(document: Document) -> Self {
        Self { document: Arc::new(document), done: Vec::new(), undone: Vec::new(), revision: 0 }
    }

    /// The document as it is now.
    #[must_use]
    pub const fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// A number that grows with every change, for caches.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Carries a command out.
    ///
    /// # Errors
    /// When the command is refused; the document is unchanged then.
    pub fn apply(&mut self, command: Command) -> Result<(), Refusal> {
        self.carry_out(plan(&self.document, command)?);
        Ok(())
    }

    /// Carries out a change that was planned on the document as it is now.
    pub fn carry_out(&mut self, diff: Diff) {
        self.change(&diff);
        self.done.push(diff);
        if self.done.len() > MAX_HISTORY {
            self.done.remove(0);
        }
        self.undone.clear();
    }

    /// Puts another document in the place of this one, as a change that can be undone.
    pub fn replace(&mut self, document: Document) {
        self.carry_out(Diff::between(Document::clone(&self.document), document));
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is something to redo.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Takes the last change back. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(diff) = self.done.pop() else { return false };
        self.change(&diff.clone().reversed());
        self.undone.push(diff);
        true
    }

    /// Carries out again what was taken back last. Returns whether there was something.
    pub fn redo(&mut self) -> bool {
        let Some(diff) = self.undone.pop() else { return false };
        self.change(&diff);
        self.done.push(diff);
        true
    }

    fn change(&mut self, diff: &Diff) {
        diff.apply(Arc::make_mut(&mut self.document));
        self.revision += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> Document {
        Document { title: title.to_owned(), ..Document::default() }
    }

    #[test]
    fn opening_another_document_can_be_undone() {
        let mut workspace = Workspace::new(titled("mine"));
        workspace.apply(Command::SetTitle { title: String::from("mine, edited") }).unwrap();
        workspace.apply(Command::Replace { document: Box::new(titled("from a link")) }).unwrap();
        assert!(workspace.undo());
        assert_eq!(workspace.document().title, "mine, edited");
        assert!(workspace.undo());
        assert_eq!(workspace.document().title, "mine");
        assert!(!workspace.undo());
        assert!(workspace.redo() && workspace.redo() && !workspace.redo());
        assert_eq!(workspace.document().title, "from a link");
    }

    #[test]
    fn a_new_change_discards_what_was_undone() {
        let mut workspace = Workspace::new(titled("a"));
        workspace.apply(Command::SetTitle { title: String::from("b") }).unwrap();
        workspace.undo();
        workspace.apply(Command::SetTitle { title: String::from("c") }).unwrap();
        assert!(!workspace.can_redo());
    }

    #[test]
    fn a_refused_command_changes_nothing() {
        let mut workspace = Workspace::new(titled("a"));
        let unknown = "nothing".parse().unwrap();
        assert!(workspace.apply(Command::ApproveConnection { endpoint: unknown }).is_err());
        assert_eq!((workspace.revision(), workspace.can_undo()), (0, false));
    }
}
