//! What is wrong with the document.

use leptos::prelude::*;
use sim::trace::Place;

use crate::components::{El, Node, button, el, live, sentence, styled};
use crate::state::{Lab, narrator};

/// The panel “Problems”.
pub(super) fn problems(lab: Lab) -> Node {
    live(move || {
        let (document, problems) = (lab.document.get(), lab.problems.get());
        if problems.is_empty() {
            return styled("p", "hint").child("Azure would accept this topology as it is.");
        }
        let rows = problems.iter().map(|problem| -> El {
            let place = Place::Resource(problem.subject.clone());
            let name = document.display_name(&problem.subject);
            let select = button("link-button", move || lab.selection.set(Some(place.clone()))).child(name);
            el("li").child(select).child(" ").child(sentence(narrator().problem(problem, &document)))
        });
        styled("ul", "problems").label("Problems").children(rows)
    })
}
