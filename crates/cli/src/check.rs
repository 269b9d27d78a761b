//! `check`: a document's problems and expectations.

use narration::{Narrator, plain};
use serde_json::{Value, json};
use sim::compile;
use sim::expectation::{Evaluation, evaluate};
use topology::Document;
use topology::document::{Expectation, ExpectedOutcome};

use crate::output::Answer;
use crate::table::Table;

pub(crate) fn check(document: &Document) -> Answer {
    let narrator = Narrator::english();
    let (network, problems) = compile(document);
    let mut text = String::new();
    let mut table = Table::new(&["Problem at", "Field", "What is wrong"]);
    let mut problem_rows: Vec<Value> = Vec::new();
    for problem in &problems {
        let sentence = plain(&narrator.problem(problem, document));
        problem_rows.push(json!({ "subject": problem.subject, "field": problem.field, "sentence": sentence }));
        table.add([problem.subject.to_string(), problem.field.to_string(), sentence]);
    }
    text += &table.print();

    let evaluations: Vec<(&Expectation, Evaluation)> =
        document.expectations.iter().map(|expectation| (expectation, evaluate(&network, expectation))).collect();
    let mut table = Table::new(&["From", "To", "Expected", "Holds", "What is not as expected"]);
    let mut expectation_rows: Vec<Value> = Vec::new();
    for (expectation, evaluation) in &evaluations {
        let sentences = evaluation.mismatches.iter().map(|mismatch| plain(&narrator.mismatch(mismatch, document)));
        let sentences = sentences.collect::<Vec<_>>().join(" ");
        expectation_rows.push(json!({
            "expectation": expectation,
            "holds": evaluation.holds(),
            "mismatches": evaluation.mismatches,
        }));
        table.add([
            expectation.request.from.to_string(),
            format!("{}:{}", expectation.request.to, expectation.request.port()),
            expected(expectation),
            if evaluation.holds() { "yes" } else { "no" }.to_owned(),
            sentences,
        ]);
    }
    let expectations = table.print();
    if !text.is_empty() && !expectations.is_empty() {
        text.push('\n');
    }
    text += &expectations;

    let failing = evaluations.iter().filter(|(_, evaluation)| !evaluation.holds()).count();
    if !text.is_empty() {
        text.push('\n');
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let of = counted(evaluations.len(), "expectation");
    text += &format!("{}; {failing} of {of} failing.\n", counted(problems.len(), "problem"));
    let json = json!({ "problems": problem_rows, "expectations": expectation_rows });
    Answer { text, json, is_yes: problems.is_empty() && failing == 0 }
}

/// What is expected, in a few words.
fn expected(expectation: &Expectation) -> String {
    let mut words = vec![match expectation.outcome {
        ExpectedOutcome::Reachable => String::from("reachable"),
        ExpectedOutcome::Blocked => String::from("blocked"),
    }];
    words.extend(expectation.path.map(|path| path.to_string()));
    words.extend(expectation.via.as_ref().map(|via| format!("via {via}")));
    words.extend(expectation.caller.map(|caller| format!("as {caller}")));
    words.extend(expectation.resolves_to.map(|address| format!("at {address}")));
    words.join(", ")
}
