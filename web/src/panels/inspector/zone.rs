//! Private DNS zones: records, and the networks that may ask.

use leptos::prelude::*;
use topology::Id;
use topology::command::Command;

use super::select_button;
use crate::components::{El, Node, button, cell, el, styled, table};
use crate::dom;
use crate::state::Lab;

/// A private DNS zone.
pub(super) fn of_zone(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let Some(zone) = document.private_dns_zones.get(id) else { return Node::Many(Vec::new()) };
    let records = zone.record_sets.iter().map(|(name, set)| {
        let addresses = set.a_records.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        el("tr")
            .child(cell("mono name", name))
            .child(cell("mono", "A"))
            .child(cell("mono", &set.ttl.to_string()))
            .child(cell("mono", &addresses))
    });
    let links = zone.virtual_network_links.iter().map(|(name, link)| linked(lab, id, name, &link.virtual_network));
    let is_linked = |network: &Id| zone.virtual_network_links.values().any(|link| link.virtual_network == *network);
    let unlinked: Vec<Id> = document.virtual_networks.ids().filter(|network| !is_linked(network)).cloned().collect();
    let linker = (!unlinked.is_empty()).then(|| linker(lab, id, &unlinked));
    let mut shown = vec![
        el("h3").child("Records"),
        table(&["Name", "Type", "TTL", "Value"], records),
        el("h3").child("Virtual network links"),
        styled("ul", "cards").children(links),
    ];
    shown.extend(linker);
    shown.into()
}

fn linked(lab: Lab, zone: &Id, name: &str, network: &Id) -> El {
    let (zone, link) = (zone.clone(), name.into());
    let unlink = button("quiet small", move || {
        lab.apply(&Command::UnlinkZone { zone: zone.clone(), link: smol_str::SmolStr::clone(&link) });
    });
    styled("li", "member")
        .child(select_button(lab, network, network.as_str()))
        .child(" ")
        .child(styled("span", "small mono").child(name))
        .child(unlink.label(&format!("Unlink {network}")).child("Unlink"))
}

/// Chooses a network and links it.
fn linker(lab: Lab, zone: &Id, unlinked: &[Id]) -> El {
    let zone = zone.clone();
    let chosen = RwSignal::new(unlinked.first().cloned());
    let link = button("primary small", move || {
        if let Some(network) = chosen.get_untracked() {
            lab.apply(&Command::LinkZone { zone: zone.clone(), network });
        }
    });
    let networks = el("select")
        .attr("id", "link-network")
        .on("change", move |event| chosen.set(dom::input_value(event).parse().ok()))
        .children(unlinked.iter().map(|id| el("option").attr("value", id.as_str()).child(id.as_str())))
        .value(unlinked.first().map_or("", Id::as_str));
    styled("div", "linker")
        .child(el("label").attr("for", "link-network").child("Link to virtual network"))
        .child(networks)
        .child(link.child("Link"))
}
