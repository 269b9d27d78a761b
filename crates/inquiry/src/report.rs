//! What an answer looks like: blocks of words, tables and things to do.

use narration::Span;
use serde::{Deserialize, Serialize};
use topology::Id;
use topology::document::Request;

use crate::edit::Change;

/// An answer to be shown, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// How something is meant. Whoever shows it gives it a shape and a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// As wanted.
    Good,
    /// Worth a look.
    Warning,
    /// Not as wanted.
    Bad,
    /// Beside the point.
    Quiet,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Block {
    /// What follows is about this.
    Heading(String),
    /// A paragraph.
    Words {
        /// How it is meant.
        tone: Tone,
        /// What it says.
        words: Vec<Span>,
    },
    /// Rows under named columns.
    Table {
        /// What the table lists, for those who hear it.
        label: String,
        /// The names of the columns.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<Row>,
    },
    /// What each of some rows is to each of some columns.
    Matrix {
        /// What it lists, for those who hear it.
        label: String,
        /// The names of the columns.
        columns: Vec<String>,
        /// The rows.
        rows: Vec<MarkRow>,
    },
    /// Text whose lines and columns stay as they are.
    Preformatted(String),
    /// Something that can be done, by the name of its button.
    Action {
        /// The name.
        label: String,
        /// What it does.
        deed: Deed,
    },
}

/// A row of a matrix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarkRow {
    /// Its name.
    pub name: String,
    /// One mark a column.
    pub marks: Vec<Mark>,
}

/// What a row is to a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub label: String,
    /// What pressing it does.
    pub deed: Deed,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// How it is meant.
    pub tone: Tone,
    /// Its cells; the first names the row.
    pub cells: Vec<Vec<Span>>,
    /// What pressing the row's name does, where it does something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deed: Option<Deed>,
}

/// What a reader can do with a part of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deed {
    /// Select a resource on the diagram.
    Select(Id),
    /// Send a request and watch it.
    Play(Box<Request>),
    /// Change the document, as one step of its history.
    Apply(Change),
}

impl Report {
    /// Adds a heading.
    pub(crate) fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    /// Adds a paragraph.
    pub(crate) fn words(&mut self, tone: Tone, words: Vec<Span>) {
        self.blocks.push(Block::Words { tone, words });
    }

    /// Adds a paragraph of words alone.
    pub(crate) fn text(&mut self, tone: Tone, text: &str) {
        self.words(tone, vec![Span::Text(text.to_owned())]);
    }

    /// Adds a table, where it has rows.
    pub(crate) fn table(&mut self, label: &str, columns: &[&str], rows: Vec<Row>) {
        if !rows.is_empty() {
            let columns = columns.iter().map(|column| (*column).to_owned()).collect();
            self.blocks.push(Block::Table { label: label.to_owned(), columns, rows });
        }
    }

    /// Adds a matrix.
    pub(crate) fn matrix(&mut self, label: &str, columns: Vec<String>, rows: Vec<MarkRow>) {
        self.blocks.push(Block::Matrix { label: label.to_owned(), columns, rows });
    }

    /// Adds a button.
    pub(crate) fn action(&mut self, label: &str, deed: Deed) {
        self.blocks.push(Block::Action { label: label.to_owned(), deed });
    }
}

/// A cell with an address, a name or a code.
pub(crate) fn code(text: impl ToString) -> Vec<Span> {
    vec![Span::Code(text.to_string())]
}

/// A cell of words.
pub(crate) fn text(text: impl Into<String>) -> Vec<Span> {
    vec![Span::Text(text.into())]
}

/// A cell that names a resource.
pub(crate) fn resource(document: &topology::Document, id: &Id) -> Vec<Span> {
    vec![Span::Resource { id: id.clone(), name: document.display_name(id).to_owned() }]
}
