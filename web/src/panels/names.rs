//! One name from everywhere: what each network is told, and why.

use inquiry::Question;
use leptos::prelude::*;
use topology::Document;

use super::dock::{Tab, asked};
use crate::components::{El, Node, el, live, styled};
use crate::dom;
use crate::state::Lab;

/// The panel “DNS”.
pub(super) fn names(lab: Lab, tab: RwSignal<Tab>) -> Node {
    let name = RwSignal::new(String::new());
    // The name of the request in the bar, until the reader asks for another.
    let chosen = Memo::new(move |_| {
        let own = name.get();
        if own.is_empty() { named(&lab.document.get(), &lab.request.get().to) } else { own }
    });
    let answer = asked(lab, tab, Tab::Names, move || {
        let name = chosen.get();
        (!name.is_empty()).then_some(Question::Name { name })
    });
    let field = styled("input", "mono")
        .attr("type", "text")
        .label("Name")
        .attr("list", "names")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("placeholder", "name")
        .on("change", move |event| name.set(dom::input_value(event).trim().to_owned()))
        .live_value(move || chosen.get());
    let choices = move || names_of(&lab.document.get()).iter().map(|name| el("option").attr("value", name)).collect();
    let form = styled("p", "ask")
        .child(el("label").child("What every network is told about ").child(field))
        .child(el("datalist").attr("id", "names").child(live(move || -> Vec<El> { choices() })));
    let shown = live(move || match answer.get() {
        _ if chosen.with(String::is_empty) => hint("Type a name to see what every virtual network is told about it."),
        Some(Err(reason)) => hint(&reason),
        Some(Ok(report)) => lab.report(report),
        None => Node::Many(Vec::new()),
    });
    vec![form.into(), shown].into()
}

fn hint(text: &str) -> Node {
    styled("p", "hint").child(text).into()
}

/// The request's target where it is a name, else the first name of the document.
fn named(document: &Document, target: &str) -> String {
    let is_name = target.parse::<std::net::Ipv4Addr>().is_err() && target.contains('.');
    if is_name { target.to_owned() } else { names_of(document).into_iter().next().unwrap_or_default() }
}

/// Names worth asking for: those of saved requests and of records.
fn names_of(document: &Document) -> Vec<String> {
    let saved = document.requests.iter().map(|request| request.to.to_string());
    let mut found: Vec<String> = saved.filter(|name| name.parse::<std::net::Ipv4Addr>().is_err()).collect();
    for (_, zone) in &document.private_dns_zones {
        let records = zone.record_sets.keys().filter_map(|label| zone.name.child(label).ok());
        found.extend(records.map(|name| name.to_string()));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|name| seen.insert(name.clone()));
    found
}
