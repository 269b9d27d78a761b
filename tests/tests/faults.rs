//! The fault library: every file of `tests/faults` is a misconfiguration that fails as it says, is diagnosed as it
//! says, and works after its fix. `docs/faults.md` tells what stands in a file.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own data has failed")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;

use narration::{Narrator, Span, plain};
use serde::Deserialize;
use serde_json::{Value, json};
use sim::diagnose::{Diagnosis, Proposal, Remedy, diagnose_expectation, diagnose_refusal};
use sim::expectation::mismatches;
use sim::trace::{Event, Outcome};
use sim::{Network, Session, Trace, compile, open, send, send_on};
use tests::root;
use topology::command::{Command, Refusal, plan};
use topology::document::{Expectation, Request};
use topology::{Document, Id};

/// One file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Fault {
    /// What is wrong, in one sentence.
    title: String,
    /// The document it starts from, by its path in the project.
    base: String,
    /// What is different from it: a JSON merge patch.
    #[serde(default)]
    changes: Value,
    /// Resources that there are many of, added to it.
    #[serde(default)]
    crowd: Vec<Crowd>,
    /// What happened before the request, in one session.
    #[serde(default)]
    history: Vec<Past>,
    /// The request that does not do what is expected of it.
    request: Option<Request>,
    /// For how many seconds its connection is idle before more is sent over it.
    idle: Option<u64>,
    /// What is expected of it besides, or instead of, an answer.
    #[serde(default)]
    expected: Value,
    /// The command that is refused.
    refused: Option<Command>,
    symptom: Symptom,
    diagnosis: ExpectedDiagnosis,
    /// What helps.
    fix: Vec<Remedy>,
    /// Whether it is the first thing the diagnosis proposes.
    #[serde(default)]
    proposed: bool,
}

/// The same resource many times, under numbered ids.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Crowd {
    table: String,
    count: usize,
    resource: Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Past {
    Command(Command),
    Sent { send: Request },
    Waited { wait: u64 },
}

/// How it shows, as far as stated.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Symptom {
    resolves_to: Option<Ipv4Addr>,
    /// The response code of the answer the client got.
    answer: Option<String>,
    dropped: Option<String>,
    path: Option<String>,
    response: Option<SymptomResponse>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SymptomResponse {
    status: u16,
    error_code: Option<String>,
    contains: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedDiagnosis {
    code: String,
    at: Option<Id>,
}

/// Applies a JSON merge patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, change) in fields {
        if change.is_null() {
            target.as_object_mut().unwrap().shift_remove(key);
        } else {
            merge(&mut target[key], change);
        }
    }
}

/// A sentence is there and complete: not its own key, and no blank left open.
fn is_told(sentence: &[Span]) {
    let text = plain(sentence);
    let is_open = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase());
    assert!(text.ends_with('.') && text.contains(' ') && !text.split('{').skip(1).any(is_open), "{text}");
}

fn apply(document: &mut Document, command: &Command) -> Result<(), Refusal> {
    plan(document, command.clone()).map(|diff| diff.apply(document))
}

fn library() -> Vec<(String, Fault)> {
    let mut faults = Vec::new();
    for entry in fs::read_dir(root().join("tests/faults")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if let Some(name) = name.strip_suffix(".json") {
            let fault = serde_json::from_str(&fs::read_to_string(&path).unwrap());
            faults.push((name.to_owned(), fault.unwrap_or_else(|error| panic!("{name}: {error}"))));
        }
    }
    faults.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(!faults.is_empty(), "the fault library is gone");
    faults
}

impl Fault {
    fn document(&self) -> Document {
        let base = fs::read_to_string(root().join(&self.base)).unwrap();
        let mut document: Value = serde_json::from_str(&base).unwrap();
        if self.changes.is_object() {
            merge(&mut document, &self.changes);
        }
        for Crowd { table, count, resource } in &self.crowd {
            for number in 0..*count {
                document[table][format!("crowd-{number}")] = resource.clone();
            }
        }
        topology::file::parse(&document.to_string()).unwrap()
    }

    fn expectation(&self, request: &Request) -> Expectation {
        let mut expectation = json!({ "request": request });
        if self.expected.is_object() {
            merge(&mut expectation, &self.expected);
        }
        serde_json::from_value(expectation).unwrap()
    }

    /// Everything a file says, tried in order.
    fn run(&self) {
        assert!(self.title.len() > 20 && !self.title.ends_with('.'), "a title is a sentence without a full stop");
        let (mut document, mut session) = (self.document(), Session::new());
        for past in &self.history {
            match past {
                Past::Command(command) => apply(&mut document, command).unwrap(),
                Past::Sent { send: request } => drop(send(&compile(&document).0, &mut session, request)),
                Past::Waited { wait } => session.advance(*wait),
            }
        }
        if let Some(command) = &self.refused {
            self.is_refused(&document, command);
        }
        if let Some(request) = &self.request {
            self.fails(document, session, request);
        }
        assert!(self.refused.is_some() || self.request.is_some(), "a file has a request or a refused command");
    }

    fn is_refused(&self, document: &Document, command: &Command) {
        let refusal = plan(document, command.clone()).expect_err("the command is carried out");
        assert_eq!(Some(refusal.code()), self.symptom.refusal.as_deref());
        let diagnosis = diagnose_refusal(document, command, &refusal);
        self.is_diagnosed(document, &diagnosis);
        if self.request.is_none() {
            let mut fixed = document.clone();
            self.fix(&mut fixed, &mut Session::new());
            apply(&mut fixed, command).expect("the command is refused after the fix, too");
        }
    }

    fn fails(&self, mut document: Document, mut session: Session, request: &Request) {
        let mut expectation = self.expectation(request);
        let network = compile(&document).0;
        let trace = self.trace(&network, &mut session, request, None);
        assert_ne!(mismatches(&trace, &expectation), [], "nothing is wrong");
        self.symptom.shows(&trace);
        let diagnosis = diagnose_expectation(&document, &network, &expectation, &trace).unwrap();
        self.is_diagnosed(&document, &diagnosis);
        assert!(!diagnosis.evidence.is_empty());

        let again = diagnose_expectation(&document, &network, &expectation, &trace);
        assert_eq!(again.as_ref(), Some(&diagnosis), "a diagnosis is deterministic");

        if let Some(instead) = self.fix(&mut document, &mut session) {
            expectation.request = instead;
        }
        // After an edit nobody remembers what was before; after a renewal or a flush the session shows that it helped.
        if self.fix.iter().any(|remedy| matches!(remedy, Remedy::Command(_))) {
            session = Session::new();
        }
        let keepalive = self.fix.iter().find_map(|remedy| match remedy {
            Remedy::KeepAlive { keepalive_s } => Some(*keepalive_s),
            _ => None,
        });
        let trace = self.trace(&compile(&document).0, &mut session, &expectation.request, keepalive);
        assert_eq!(mismatches(&trace, &expectation), [], "the fix does not help: {:?}", trace.outcome);
    }

    /// The request, or what is sent later over its connection.
    fn trace(&self, network: &Network, session: &mut Session, request: &Request, keepalive: Option<u64>) -> Trace {
        let Some(idle) = self.idle else { return send(network, session, request) };
        let (_, connection) = open(network, session, request, keepalive);
        session.advance(idle);
        send_on(network, session, connection.unwrap()).unwrap()
    }

    fn is_diagnosed(&self, document: &Document, diagnosis: &Diagnosis) {
        assert_eq!(diagnosis.cause.code(), self.diagnosis.code, "{diagnosis:?}");
        assert_eq!(diagnosis.cause.place(), self.diagnosis.at.as_ref());
        let first = diagnosis.proposals.first();
        assert!(first.is_some(), "nothing is proposed");
        if self.proposed {
            assert_eq!(first, Some(&Proposal { remedies: self.fix.clone() }));
        }
        let narrator = Narrator::english();
        is_told(&narrator.root_cause(&diagnosis.cause, document));
        for remedy in diagnosis.proposals.iter().flat_map(|proposal| &proposal.remedies).chain(&self.fix) {
            is_told(&narrator.remedy(remedy, document));
        }
    }

    /// Does what helps; gives the other request when that is what helps.
    fn fix(&self, document: &mut Document, session: &mut Session) -> Option<Request> {
        let mut instead = None;
        for remedy in &self.fix {
            match remedy {
                Remedy::Command(command) => apply(document, command).unwrap(),
                Remedy::RenewLease { renew_lease } => session.renew_lease(renew_lease),
                Remedy::FlushDns { flush_dns } => {
                    session.flush_dns(flush_dns, sim::cache::CacheKind::Client);
                    session.flush_dns(flush_dns, sim::cache::CacheKind::Server);
                }
                Remedy::KeepAlive { .. } => {}
                Remedy::Ask { ask } => instead = Some(ask.clone()),
            }
        }
        instead
    }
}

impl Symptom {
    fn shows(&self, trace: &Trace) {
        if let Some(address) = self.resolves_to {
            assert_eq!(trace.resolved(), Some(address));
        }
        if let Some(answer) = &self.answer {
            let mut codes = trace.steps.iter().filter_map(|step| match &step.event {
                Event::AnswerReceived { code, .. } => Some(code.to_string()),
                _ => None,
            });
            assert_eq!(codes.next_back().as_ref(), Some(answer));
        }
        if let Some(path) = &self.path {
            assert_eq!(trace.path().map(|path| format!("{path:?}")).as_ref(), Some(path));
        }
        match (&trace.outcome, &self.dropped) {
            (Outcome::Dropped { cause, .. }, Some(code)) => assert_eq!(cause.code(), code),
            (Outcome::Dropped { cause, .. }, None) => panic!("the symptom does not say that it is dropped: {cause:?}"),
            (Outcome::Answered { .. } | Outcome::Resolved { .. }, Some(code)) => {
                panic!("it is answered, not dropped with {code}");
            }
            (Outcome::Resolved { .. }, None) => {}
            (Outcome::Answered { response, .. }, None) => {
                let Some(expected) = &self.response else { return };
                let response = response.as_ref().unwrap();
                assert_eq!(response.status, expected.status);
                assert_eq!(response.error_code.as_deref(), expected.error_code.as_deref());
                let contains = expected.contains.as_deref().unwrap_or_default();
                assert!(response.body.contains(contains), "{}", response.body);
            }
        }
    }
}

#[test]
fn every_fault_fails_is_diagnosed_and_is_fixed() {
    let mut failed = Vec::new();
    for (name, fault) in library() {
        println!("{name}");
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fault.run())).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{}", failed.join(", "));
}

#[test]
fn a_file_is_named_after_its_diagnosis() {
    for (name, fault) in library() {
        let code = name.split('-').next().unwrap().replace("M0", "M");
        assert!(code == fault.diagnosis.code || !fault.diagnosis.code.starts_with('M'), "{name}");
    }
}

#[test]
fn every_code_has_a_row_and_a_fault() {
    let rows: BTreeSet<String> = fs::read_to_string(root().join("docs/diagnoses.md"))
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect();
    let faults: BTreeSet<String> = library().into_iter().map(|(_, fault)| fault.diagnosis.code).collect();
    assert_eq!(rows, faults);
}
