//! Where questions are answered.

use narration::Narrator;
use serde::{Deserialize, Serialize};
use sim::Network;
use topology::{Document, file};

use crate::name;
use crate::report::Report;

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Question {
    /// Takes a document: the questions that follow are about it.
    Open {
        /// The document as a file.
        document: String,
    },
    /// What a name resolves to from every virtual network, and why.
    Name {
        /// The name.
        name: String,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Answer {
    /// The document is open.
    Opened,
    /// Something to show.
    Report(Report),
    /// The question could not be understood.
    NotUnderstood {
        /// What is wrong with it.
        reason: String,
    },
}

/// Answers questions about one document at a time.
#[derive(Debug)]
pub struct Desk {
    pub(crate) document: Document,
    pub(crate) network: Network,
    pub(crate) narrator: Narrator,
}

impl Default for Desk {
    fn default() -> Self {
        let document = Document::default();
        let (network, _) = sim::compile(&document);
        Self { document, network, narrator: Narrator::english() }
    }
}

impl Desk {
    /// Answers one question.
    pub fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Open { document } => match file::parse(&document) {
                Ok(document) => {
                    self.network = sim::compile(&document).0;
                    self.document = document;
                    Answer::Opened
                }
                Err(error) => Answer::NotUnderstood { reason: error.to_string() },
            },
            Question::Name { name } => match name.trim().parse() {
                Ok(name) => Answer::Report(name::report(self, &name)),
                Err(error) => Answer::NotUnderstood { reason: format!("“{name}” is not a name: {error}") },
            },
        }
    }

    /// Answers one question, both as JSON.
    pub fn answer_json(&mut self, question: &str) -> String {
        let answer = match serde_json::from_str(question) {
            Ok(question) => self.answer(question),
            Err(error) => Answer::NotUnderstood { reason: error.to_string() },
        };
        serde_json::to_string(&answer).expect("an answer holds only strings, numbers and lists")
    }
}
