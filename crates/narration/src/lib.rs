//! Sentences for the core's codes, from data.
//!
//! The core speaks in codes and values ([`sim::trace`], [`topology::problem`], [`topology::command::Refusal`]).
//! A [`Narrator`] turns them into sentences of one language, read from `locales/`. Whoever shows them decides what
//! they look like: a sentence is a list of [`Span`]s.

mod balance;
mod captures;
mod catalogue;
mod diagnosis;
mod message;
mod names;
mod outside;
mod platform;
mod routes;

use serde::{Deserialize, Serialize};
use sim::diagnose::{Remedy, RootCause};
use sim::expectation::Mismatch;
use sim::firewall::FirewallLine;
use sim::trace::{DropCause, Outcome, PathKind, Phase, Place, Step};
use topology::command::Refusal;
use topology::problem::Problem;
use topology::{Document, Id, Kind};

use catalogue::Catalogue;
use message::{Arg, Message};

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Span {
    /// Words.
    Text(String),
    /// An address, a name, a code: something a reader may copy.
    Code(String),
    /// A resource of the document.
    Resource {
        /// Its id.
        id: Id,
        /// The name shown.
        name: String,
    },
}

/// Where a rule is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The document's title.
    pub title: &'a str,
    /// Its address, where it has a public one.
    pub url: Option<&'a str>,
}

/// Speaks one language.
#[derive(Clone, Debug)]
pub struct Narrator {
    catalogue: Catalogue,
}

impl Narrator {
    /// Speaks English.
    #[must_use]
    pub fn english() -> Self {
        Self { catalogue: Catalogue::parse(include_str!("../locales/en.txt")) }
    }

    /// What a step decided.
    #[must_use]
    pub fn step(&self, step: &Step, document: &Document) -> Vec<Span> {
        let mut message = message::of_step(step);
        if let sim::trace::Event::Dropped { cause } = &step.event {
            message.args.push(("cause", Arg::Sentence(self.cause(cause, document))));
        }
        self.sentence(&message, document)
    }

    /// Why a request went no further, as the end of a sentence.
    #[must_use]
    pub fn cause(&self, cause: &DropCause, document: &Document) -> Vec<Span> {
        self.sentence(&message::of_cause(cause), document)
    }

    /// How a request ended.
    #[must_use]
    pub fn outcome(&self, outcome: &Outcome, target: &str, document: &Document) -> Vec<Span> {
        let mut message = message::of_outcome(outcome, target);
        if let Outcome::Dropped { cause, .. } = outcome {
            message.args.push(("cause", Arg::Sentence(self.cause(cause, document))));
        }
        self.sentence(&message, document)
    }

    /// Who the server saw as the caller; empty when the request did not arrive.
    #[must_use]
    pub fn caller(&self, outcome: &Outcome, document: &Document) -> Vec<Span> {
        match outcome {
            Outcome::Answered { caller, .. } => {
                let message = Message::new("outcome.caller", vec![("caller", Arg::Code(caller.to_string()))]);
                self.sentence(&message, document)
            }
            Outcome::Resolved { .. } | Outcome::Dropped { .. } => Vec::new(),
        }
    }

    /// A line of a platform service's firewall, and what became of it.
    #[must_use]
    pub fn firewall_line(&self, line: &FirewallLine, document: &Document) -> (Vec<Span>, String) {
        let rule = self.sentence(&platform::rule(line), document);
        (rule, self.word(platform::line_key(line.verdict)))
    }

    /// What is wrong with a document.
    #[must_use]
    pub fn problem(&self, problem: &Problem, document: &Document) -> Vec<Span> {
        self.sentence(&message::of_problem(problem), document)
    }

    /// Why a command was refused.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal, document: &Document) -> Vec<Span> {
        let message = message::of_refusal(refusal, |problem| self.problem(problem, document));
        self.sentence(&message, document)
    }

    /// What a diagnosis found.
    #[must_use]
    pub fn root_cause(&self, cause: &RootCause, document: &Document) -> Vec<Span> {
        if let RootCause::Dropped { cause, .. } = cause {
            let cause = Arg::Sentence(self.cause(cause, document));
            self.sentence(&Message::new("diagnosis.dropped", vec![("cause", cause)]), document)
        } else if let RootCause::NotAsExpected { mismatch, .. } = cause {
            self.mismatch(mismatch, document)
        } else if let RootCause::Refused { refusal } = cause {
            self.refusal(refusal, document)
        } else {
            self.sentence(&diagnosis::of_cause(cause), document)
        }
    }

    /// What is not as expected.
    #[must_use]
    pub fn mismatch(&self, mismatch: &Mismatch, document: &Document) -> Vec<Span> {
        self.sentence(&diagnosis::of_mismatch(mismatch), document)
    }

    /// What to do, as an instruction.
    #[must_use]
    pub fn remedy(&self, remedy: &Remedy, document: &Document) -> Vec<Span> {
        self.sentence(&diagnosis::of_remedy(remedy), document)
    }

    /// The name of a place.
    #[must_use]
    pub fn place(&self, place: &Place, document: &Document) -> String {
        match place {
            Place::Resource(id) => document.display_name(id).to_owned(),
            Place::AzureDns(_) => self.word("place.azure-dns"),
            Place::PublicDns => self.word("place.public-dns"),
            Place::Internet => self.word("place.internet"),
        }
    }

    /// The way a request took, as the end of a sentence.
    #[must_use]
    pub fn path(&self, path: PathKind) -> String {
        self.word(message::path_key(path))
    }

    /// The name of a part of the conversation.
    #[must_use]
    pub fn phase(&self, phase: Phase) -> String {
        self.word(message::phase_key(phase))
    }

    /// The name of a type of resource.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> String {
        self.word(message::kind_key(kind))
    }

    /// What an assumption or dispute says, by its register id such as `A8`.
    #[must_use]
    pub fn assumption(&self, id: &str) -> Option<&str> {
        self.catalogue.get(&format!("assumption.{id}"))
    }

    /// Where a rule is documented, by its source key such as `PLS-OV`.
    #[must_use]
    pub fn source(&self, key: &str) -> Option<Source<'_>> {
        let text = self.catalogue.get(&format!("source.{key}"))?;
        Some(match text.split_once(" | ") {
            Some((title, url)) => Source { title, url: Some(url) },
            None => Source { title: text, url: None },
        })
    }

    /// The name of a group of the palette, by its stable name.
    #[must_use]
    pub fn group(&self, key: &str) -> String {
        self.word(&format!("group.{key}"))
    }

    /// The name of a type of platform service, by its ARM type.
    #[must_use]
    pub fn service(&self, resource_type: &str) -> String {
        self.word(&format!("service.{resource_type}"))
    }

    /// Why something cannot be added where it was asked for, by its stable code.
    #[must_use]
    pub fn obstacle(&self, code: &str) -> String {
        self.word(&format!("obstacle.{code}"))
    }

    /// What a key does, by the action's stable name.
    #[must_use]
    pub fn action(&self, key: &str) -> String {
        self.word(&format!("key.{key}"))
    }

    fn word(&self, key: &str) -> String {
        self.catalogue.get(key).unwrap_or(key).to_owned()
    }

    fn sentence(&self, message: &Message, document: &Document) -> Vec<Span> {
        // A missing sentence shows its key: a test makes sure that none is missing.
        let template = self.catalogue.get(message.key.as_str()).unwrap_or(message.key.as_str());
        catalogue::fill(template, &message.args, document)
    }
}

/// A sentence as plain text.
#[must_use]
pub fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Code(text) => text.as_str(),
            Span::Resource { name, .. } => name.as_str(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
