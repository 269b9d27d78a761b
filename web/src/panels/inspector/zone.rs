//! Private DNS zones: records, and the networks that may ask.

use leptos::prelude::*;
use smol_str::SmolStr;
use topology::Id;
use topology::command::Command;

use super::select_button;
use crate::dom;
use crate::state::Lab;

/// A private DNS zone.
pub(super) fn of_zone(lab: Lab, id: Id) -> impl IntoView {
    let document = lab.document.get_untracked();
    let Some(zone) = document.private_dns_zones.get(&id).cloned() else { return ().into_any() };
    let links: Vec<(SmolStr, Id)> =
        zone.virtual_network_links.iter().map(|(name, link)| (name.clone(), link.virtual_network.clone())).collect();
    let unlinked: Vec<Id> = document
        .virtual_networks
        .ids()
        .filter(|network| !links.iter().any(|(_, linked)| linked == *network))
        .cloned()
        .collect();
    let records = zone.record_sets.iter().map(|(name, set)| {
        let addresses = set.a_records.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        view! {
            <tr>
                <td class="mono name">{name.to_string()}</td>
                <td class="mono">"A"</td>
                <td class="mono">{set.ttl}</td>
                <td class="mono">{addresses}</td>
            </tr>
        }
    });
    let shown_links = links.into_iter().map(|(name, network)| link(lab, id.clone(), name, network)).collect_view();
    view! {
        <h3>"Records"</h3>
        <table class="rows">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"TTL"</th>
                    <th scope="col">"Value"</th>
                </tr>
            </thead>
            <tbody>{records.collect_view()}</tbody>
        </table>
        <h3>"Virtual network links"</h3>
        <ul class="cards">{shown_links}</ul>
        {(!unlinked.is_empty()).then(|| linker(lab, id.clone(), unlinked))}
    }
    .into_any()
}

fn link(lab: Lab, zone: Id, name: SmolStr, network: Id) -> impl IntoView {
    let shown = network.to_string();
    let label = format!("Unlink {shown}");
    view! {
        <li class="member">
            {select_button(lab, network, shown)} <span class="small mono">{name.to_string()}</span>
            <button
                type="button"
                class="quiet small"
                aria-label=label
                on:click=move |_| {
                    lab.apply(Command::UnlinkZone { zone: zone.clone(), link: name.clone() });
                }
            >
                "Unlink"
            </button>
        </li>
    }
}

/// Chooses a network and links it.
fn linker(lab: Lab, zone: Id, unlinked: Vec<Id>) -> impl IntoView {
    let chosen = RwSignal::new(unlinked.first().cloned());
    view! {
        <div class="linker">
            <label for="link-network">"Link to virtual network"</label>
            <select id="link-network" on:change=move |event| chosen.set(dom::input_value(&event).parse().ok())>
                {unlinked
                    .into_iter()
                    .map(|network| view! { <option value=network.to_string()>{network.to_string()}</option> })
                    .collect_view()}
            </select>
            <button
                type="button"
                class="primary small"
                on:click=move |_| {
                    if let Some(network) = chosen.get_untracked() {
                        lab.apply(Command::LinkZone { zone: zone.clone(), network });
                    }
                }
            >
                "Link"
            </button>
        </div>
    }
}
