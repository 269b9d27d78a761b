//! `diagnose`: why a request fails, and what helps.

use narration::{Narrator, plain};
use serde_json::json;
use sim::compile;
use topology::Document;

use crate::output::{Answer, Failure};
use crate::request::Asking;
use crate::trace::run;

pub(crate) fn diagnose(document: &Document, asking: &Asking) -> Result<Answer, Failure> {
    let narrator = Narrator::english();
    let trace = run(document, &asking.request(document)?);
    let outcome = plain(&narrator.outcome(&trace.outcome, &trace.request.to, document));
    let outcome = outcome.trim_end_matches('.');
    let Some(diagnosis) = sim::diagnose(document, &compile(document).0, &trace) else {
        let text = format!("{outcome}. Nothing is wrong.\n");
        return Ok(Answer { text, json: json!({ "outcome": trace.outcome, "diagnosis": null }), is_yes: true });
    };
    let mut text = format!("{outcome}.\n\n{}", diagnosis.cause.code());
    if let Some(place) = diagnosis.cause.place() {
        text += &format!(" at {}", document.display_name(place));
    }
    text += &format!(": {}\n\n", plain(&narrator.root_cause(&diagnosis.cause, document)));
    for position in &diagnosis.evidence {
        if let Some(step) = trace.steps.get(*position) {
            let place = narrator.place(&step.at, document);
            text += &format!("  step {}, {place}: {}\n", position + 1, plain(&narrator.step(step, document)));
        }
    }
    text.push('\n');
    if diagnosis.proposals.is_empty() {
        text.push_str("Nothing of one or two edits helps without breaking an expectation.\n");
    }
    for (number, proposal) in diagnosis.proposals.iter().enumerate() {
        let steps = proposal.remedies.iter().map(|remedy| plain(&narrator.remedy(remedy, document)));
        text += &format!("Fix {}: {}\n", number + 1, steps.collect::<Vec<_>>().join(" "));
    }
    Ok(Answer { text, json: json!({ "outcome": trace.outcome, "diagnosis": diagnosis }), is_yes: false })
}
