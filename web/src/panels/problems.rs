//! Why the request failed and what would help, which expectations hold, and what is wrong with the document.

use inquiry::{Question, Report};
use leptos::prelude::*;
use sim::trace::Place;

use super::dock::{Tab, asked};
use crate::components::{El, Node, button, el, live, sentence, styled};
use crate::state::{Lab, narrator};

/// The panel “Problems”.
pub(super) fn problems(lab: Lab, tab: RwSignal<Tab>) -> Node {
    let diagnosis = asked(lab, tab, Tab::Problems, move || {
        let request = lab.run.with(|run| run.as_ref().map(|run| run.trace.request.clone()));
        request.map(|request| Question::Diagnosis { request })
    });
    let expectations = asked(lab, tab, Tab::Problems, || Some(Question::Expectations));
    let told = move |answer: RwSignal<Option<Result<Report, String>>>| {
        live(move || match answer.get() {
            Some(Ok(report)) => lab.report(report),
            Some(Err(reason)) => styled("p", "hint").child(reason).into(),
            None => Node::Many(Vec::new()),
        })
    };
    vec![told(diagnosis), told(expectations), of_document(lab)].into()
}

/// What Azure would not take of the document.
fn of_document(lab: Lab) -> Node {
    live(move || {
        let (document, problems) = (lab.document.get(), lab.problems.get());
        if problems.is_empty() {
            return Node::from(styled("p", "hint").child("Azure would take this topology as it is."));
        }
        let rows = problems.iter().map(|problem| -> El {
            let place = Place::Resource(problem.subject.clone());
            let name = document.display_name(&problem.subject);
            let select = button("link-button", move || lab.selection.set(Some(place.clone()))).child(name);
            el("li").child(select).child(" ").child(sentence(narrator().problem(problem, &document)))
        });
        vec![el("h3").child("In the topology"), styled("ul", "problems").label("Problems").children(rows)].into()
    })
}
