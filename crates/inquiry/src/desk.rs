//! Where questions are answered.

use narration::Narrator;
use serde::{Deserialize, Serialize};
use sim::reachability::Matrix;
use sim::{Network, Session, Trace};
use topology::Id;
use topology::document::Request;
use topology::{Document, file};

use crate::edit::{Change, Planned};
use crate::form::FormField;
use crate::packet::Packets;
use crate::report::Report;
use crate::shell::{At, Typed};
use crate::{diagnosis, edit, expectations, form, name, packet, palette, reachability, shell};

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
    /// Why a request does not do what is expected of it, and what would help.
    Diagnosis {
        /// The request.
        request: Request,
    },
    /// Which saved expectations hold.
    Expectations,
    /// Who reaches what.
    Reachability,
    /// The bytes of the packet at a step of a request.
    Packet {
        /// The request.
        request: Request,
        /// The step, from 0.
        step: usize,
    },
    /// A request's whole run as a file for Wireshark.
    Capture {
        /// The request.
        request: Request,
    },
    /// What a command changes, or why it is refused.
    Change {
        /// The command.
        command: Change,
    },
    /// What adding something from the palette changes, or why it cannot be added.
    Add {
        /// Its name in the palette.
        offer: String,
        /// Where: a resource of the document, or nowhere in particular.
        at: Option<Id>,
    },
    /// The form of a resource.
    Form {
        /// The resource.
        id: Id,
    },
    /// What a command line prints and does.
    Line {
        /// Where it is typed.
        at: At,
        /// The line.
        line: String,
    },
    /// What the last word of a command line may become.
    Completion {
        /// Where it is typed.
        at: At,
        /// The line so far.
        line: String,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// The document is open.
    Opened,
    /// Something to show.
    Report(Report),
    /// The bytes of a packet.
    Packet(Packets),
    /// A file to take home.
    File {
        /// Its content in base64.
        base64: String,
    },
    /// What becomes of a change.
    Planned(Planned),
    /// A form.
    Form {
        /// Its fields.
        fields: Vec<FormField>,
    },
    /// What a command line left behind.
    Typed(Typed),
    /// What a word may become.
    Completion {
        /// Where the word begins, in bytes.
        start: usize,
        /// The words.
        words: Vec<String>,
    },
    /// The question could not be understood.
    NotUnderstood {
        /// What is wrong with it.
        reason: String,
    },
}

impl Answer {
    /// The report it is.
    ///
    /// # Errors
    /// When it is none: why.
    pub fn into_report(self) -> Result<Report, String> {
        match self {
            Self::Report(report) => Ok(report),
            Self::NotUnderstood { reason } => Err(reason),
            Self::Opened
            | Self::Packet(_)
            | Self::File { .. }
            | Self::Planned(_)
            | Self::Form { .. }
            | Self::Typed(_)
            | Self::Completion { .. } => Err(String::from("not a report")),
        }
    }
}

/// Answers questions about one document at a time.
#[derive(Debug)]
pub struct Desk {
    pub(crate) document: Document,
    pub(crate) network: Network,
    /// What the command lines typed so far have left behind: caches, ports, time.
    pub(crate) session: Session,
    /// Who reached what when that was asked last.
    pub(crate) matrix: Option<Matrix>,
    pub(crate) narrator: Narrator,
}

impl Default for Desk {
    fn default() -> Self {
        let document = Document::default();
        let (network, _) = sim::compile(&document);
        Self { document, network, session: Session::new(), matrix: None, narrator: Narrator::english() }
    }
}

impl Desk {
    /// What happens to a request in a network that has just been switched on, as a page sends it.
    pub(crate) fn trace(&self, request: &Request) -> Trace {
        sim::send(&self.network, &mut Session::new(), request)
    }

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
            Question::Diagnosis { request } => Answer::Report(diagnosis::report(self, &request)),
            Question::Expectations => Answer::Report(expectations::report(self)),
            Question::Reachability => Answer::Report(reachability::report(self)),
            Question::Packet { request, step } => Answer::Packet(packet::at_step(self, &request, step)),
            Question::Capture { request } => Answer::File { base64: packet::capture_of(self, &request) },
            Question::Change { command } => match serde_json::from_value(command) {
                Ok(command) => Answer::Planned(edit::change(self, command)),
                Err(error) => Answer::NotUnderstood { reason: error.to_string() },
            },
            Question::Add { offer, at } => match palette::find(&offer) {
                Some(offer) => Answer::Planned(edit::add(self, offer, at.as_ref())),
                None => Answer::NotUnderstood { reason: format!("the palette has no “{offer}”") },
            },
            Question::Form { id } => Answer::Form { fields: form::of(&self.document, &id) },
            Question::Line { at, line } => Answer::Typed(shell::run(self, &at, &line)),
            Question::Completion { at, line } => {
                let (start, words) = shell::complete(self, &at, &line);
                Answer::Completion { start, words }
            }
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
