//! `resolve` and `connect`: one request, step by step.

use narration::{Narrator, plain};
use serde_json::{Value, json};
use sim::trace::{Event, Outcome, Trace};
use sim::{Session, compile, send};
use topology::Document;
use topology::document::Request;
use wire::dns::Record;

use crate::output::{Answer, Failure};
use crate::request::{Asking, for_name};
use crate::table::Table;

/// What a machine is told when it asks for a name: the records, then how they came about.
pub(crate) fn resolve(document: &Document, from: &str, name: &str) -> Result<Answer, Failure> {
    let trace = run(document, &for_name(document, from, name)?);
    let (code, records) = answer(&trace);
    let mut table = Table::new(&["Name", "TTL", "Type", "Value"]);
    for record in &records {
        let kind = record.data.record_type();
        table.add([record.name.to_string(), record.ttl.to_string(), kind.to_string(), record.data.to_string()]);
    }
    let mut text = table.print();
    if !text.is_empty() {
        text.push('\n');
    }
    text += &told(&trace, document);
    let json = json!({ "name": name, "code": code, "address": trace.resolved(), "records": records, "trace": trace });
    Ok(Answer { text, json, is_yes: trace.resolved().is_some() })
}

/// The answer the machine got.
fn answer(trace: &Trace) -> (Option<String>, Vec<Record>) {
    let received = trace.steps.iter().rev().find_map(|step| {
        let Event::AnswerReceived { code, records, .. } = &step.event else { return None };
        Some((Some(code.to_string()), records.clone()))
    });
    received.unwrap_or_default()
}

/// What happens to a request.
pub(crate) fn connect(document: &Document, asking: &Asking) -> Result<Answer, Failure> {
    let trace = run(document, &asking.request(document)?);
    let is_yes = trace.succeeded();
    let json = serde_json::to_value(&trace).unwrap_or(Value::Null);
    Ok(Answer { text: told(&trace, document), json, is_yes })
}

/// Sends a request in a session of its own.
pub(crate) fn run(document: &Document, request: &Request) -> Trace {
    send(&compile(document).0, &mut Session::new(), request)
}

/// The steps in words, and the outcome.
fn told(trace: &Trace, document: &Document) -> String {
    let narrator = Narrator::english();
    let steps = trace.steps.iter().map(|step| (narrator.place(&step.at, document), narrator.step(step, document)));
    let steps: Vec<(String, String)> = steps.map(|(place, sentence)| (place, plain(&sentence))).collect();
    let width = steps.iter().map(|(place, _)| place.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (number, (place, sentence)) in steps.iter().enumerate() {
        text += &format!("{:>3}  {place:width$}  {sentence}\n", number + 1);
    }
    let outcome = plain(&narrator.outcome(&trace.outcome, &trace.request.to, document));
    let path = match &trace.outcome {
        Outcome::Answered { path, .. } => format!(", {}", narrator.path(*path)),
        Outcome::Resolved { .. } | Outcome::Dropped { .. } => String::new(),
    };
    let outcome = outcome.trim_end_matches('.');
    format!("{text}\n{outcome}{path}.\n")
}
