//! Nothing is selected: what is open, what is wrong with it, and what the marks mean.

use leptos::prelude::*;
use playback::Marker;
use sim::trace::Place;

use super::super::timeline::shape;
use super::select_button;
use crate::components::sentence;
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
pub(super) fn overview(lab: Lab) -> impl IntoView {
    let document = lab.document.get_untracked();
    // A scenario's own description, or what the list of scenarios says about it.
    let summary = lab.scenarios.get().into_iter().find(|scenario| scenario.title == document.title);
    let summary = summary.filter(|_| document.description.is_empty()).map(|scenario| scenario.summary);
    let paragraphs = document.description.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let problems = lab.problems.get_untracked();
    let found = problems.iter().map(|problem| {
        let name = document.display_name(&problem.subject).to_owned();
        view! {
            <li>
                {select_button(lab, problem.subject.clone(), name)} " "
                {sentence(narrator().problem(problem, &document))}
            </li>
        }
    });
    let tenants = document.tenants.ids().map(|id| {
        let name = document.display_name(id).to_owned();
        let networks = document
            .virtual_networks
            .iter()
            .filter(|(network, _)| document.tenant_of(network) == Some(id))
            .map(|(network, resource)| {
                let ranges = resource.address_prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let place = Place::Resource(network.clone());
                view! {
                    <li class="member">
                        <button type="button" class="link-button" on:click=move |_| lab.selection.set(Some(place.clone()))>
                            {network.to_string()}
                        </button>
                        <code>{ranges}</code>
                    </li>
                }
            });
        view! {
            <h3>{name}</h3>
            <ul class="cards">{networks.collect_view()}</ul>
        }
    });
    view! {
        <h2>{document.title.clone()}</h2>
        {paragraphs.map(|text| view! { <p class="description">{text.to_owned()}</p> }).collect_view()}
        {summary.map(|text| view! { <p class="description">{text}</p> })}
        {(!problems.is_empty()).then(|| view! {
            <h3>"Problems"</h3>
            <ul class="problems">{found.collect_view()}</ul>
        })}
        {tenants.collect_view()}
        <p class="hint">"Select anything on the diagram to see its properties and what applies to it."</p>
        <h3>"Marks on the timeline"</h3>
        <ul class="legend">
            {LEGEND
                .map(|(marker, words)| {
                    let (class, path) = shape(marker);
                    view! {
                        <li>
                            <svg class=format!("mark {class} passed") viewBox="0 0 16 16" aria-hidden="true">
                                <path d=path></path>
                            </svg>
                            {words}
                        </li>
                    }
                })}
        </ul>
    }
}
