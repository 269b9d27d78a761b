//! Nothing is selected: what is open, what is wrong with it, and what the marks mean.

use leptos::prelude::*;
use playback::Marker;

use super::super::timeline::shape;
use super::select_button;
use crate::components::{El, Node, el, mark, sentence, styled};
use crate::state::{Lab, narrator};

const LEGEND: [(Marker, &str); 7] = [
    (Marker::Hop, "A decision that lets the packet go on"),
    (Marker::Query, "A DNS question"),
    (Marker::Answer, "A DNS answer"),
    (Marker::Rewrite, "A header is rewritten"),
    (Marker::Success, "The answer arrives"),
    (Marker::Refusal, "The target refuses"),
    (Marker::Drop, "The packet goes no further"),
];

/// The document as a whole.
pub(super) fn overview(lab: Lab) -> Node {
    let document = lab.document.get_untracked();
    // A scenario's own description, or what the list of scenarios says about it.
    let summary = lab.scenarios.get().into_iter().find(|scenario| scenario.title == document.title);
    let summary = summary.filter(|_| document.description.is_empty()).map(|scenario| scenario.summary);
    let mut shown = vec![el("h2").child(document.title.as_str())];
    for text in document.description.split("\n\n").chain(summary.as_deref()).map(str::trim) {
        if !text.is_empty() {
            shown.push(styled("p", "description").child(text));
        }
    }
    let problems = lab.problems.get_untracked();
    if !problems.is_empty() {
        let found = problems.iter().map(|problem| {
            el("li")
                .child(select_button(lab, &problem.subject, document.display_name(&problem.subject)))
                .child(" ")
                .child(sentence(narrator().problem(problem, &document)))
        });
        shown.push(el("h3").child("Problems"));
        shown.push(styled("ul", "problems").children(found));
    }
    for id in document.tenants.ids() {
        let mut networks = styled("ul", "cards");
        for (network, resource) in document.virtual_networks.iter() {
            if document.tenant_of(network) == Some(id) {
                let ranges = resource.address_prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let button = select_button(lab, network, network.as_str());
                networks = networks.child(styled("li", "member").child(button).child(el("code").child(ranges)));
            }
        }
        shown.push(el("h3").child(document.display_name(id)));
        shown.push(networks);
    }
    shown.push(
        styled("p", "hint").child("Select anything on the diagram to see its properties and what applies to it."),
    );
    shown.push(el("h3").child("Marks on the timeline"));
    shown.push(styled("ul", "legend").children(LEGEND.map(|(marker, words)| legend_entry(marker, words))));
    shown.into()
}

fn legend_entry(marker: Marker, words: &str) -> El {
    let (class, path) = shape(marker);
    el("li").child(mark(&format!("mark {class} passed"), path)).child(words)
}
