//! Everything about what is selected.

mod connection;
mod contents;
mod load_balancer;
mod overview;
mod platform;
mod properties;
mod routes;
mod zone;

use leptos::prelude::*;
use sim::trace::Place;
use topology::{Document, Id, Kind};

use crate::components::{breakable, glyph_of};
use crate::state::{Lab, narrator};

pub(super) use routes::{hop_name, route_source, route_state};

/// The region “Inspector”.
#[component]
pub(crate) fn Inspector() -> impl IntoView {
    let lab = expect_context::<Lab>();
    view! {
        <aside class="panel inspector" aria-label="Inspector">
            <div class="scroll" tabindex="0" role="group" aria-label="Details">
                {move || {
                    lab.document.track();
                    match lab.selection.get() {
                        Some(place) => of_place(lab, &place).into_any(),
                        None => overview::overview(lab).into_any(),
                    }
                }}
            </div>
        </aside>
    }
    .into_any()
}

fn of_place(lab: Lab, place: &Place) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let name = narrator().place(place, &document);
    match place {
        Place::Resource(id) => match document.kind_of(id) {
            Some(kind) => of_resource(lab, id.clone(), kind).into_any(),
            None => overview::overview(lab).into_any(),
        },
        Place::AzureDns(network) => view! {
            <h2>{name}</h2>
            <p class="kind">"Azure-provided DNS of " <b>{document.display_name(network).to_owned()}</b></p>
            <dl class="facts">
                <Fact name="ipAddress" value="168.63.129.16"/>
            </dl>
            {zones_asked(lab, &document, network)}
        }
        .into_any(),
        Place::PublicDns | Place::Internet => view! { <h2>{name}</h2> }.into_any(),
    }
}

fn of_resource(lab: Lab, id: Id, kind: Kind) -> impl IntoView {
    let document = lab.document.get_untracked();
    let name = document.display_name(&id).to_owned();
    let owner =
        document.tenant_of(&id).filter(|tenant| **tenant != id).map(|tenant| document.display_name(tenant).to_owned());
    let network = document.virtual_network_of(&id).filter(|network| **network != id).map(ToString::to_string);
    let belongs = [owner, network].into_iter().flatten().collect::<Vec<_>>().join(" / ");
    let separator = if belongs.is_empty() { "" } else { " · " };
    let sections: AnyView = match kind {
        Kind::VirtualMachine => routes::of_machine(lab, &id).into_any(),
        Kind::NetworkInterface => routes::of_interface(lab, &id).into_any(),
        Kind::PrivateEndpoint => connection::of_endpoint(lab, id.clone()).into_any(),
        Kind::PrivateLinkService => connection::of_service(lab, &id).into_any(),
        Kind::LoadBalancer => load_balancer::of_balancer(lab, &id).into_any(),
        Kind::PrivateDnsZone => zone::of_zone(lab, id.clone()).into_any(),
        Kind::PlatformService => platform::of_service(lab, id.clone()).into_any(),
        Kind::VirtualNetwork => (contents::of_frame(lab, &id, kind), zones_asked(lab, &document, &id)).into_any(),
        Kind::Tenant | Kind::Subnet => contents::of_frame(lab, &id, kind).into_any(),
        Kind::Subscription
        | Kind::VirtualNetworkPeering
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup
        | Kind::DnsResolver
        | Kind::DnsForwardingRuleset => ().into_any(),
    };
    view! {
        <header class="inspected">
            {glyph_of(kind)}
            <div>
                <h2>{breakable(&name)}</h2>
                <p class="kind">{narrator().kind(kind)} {separator} {belongs}</p>
            </div>
        </header>
        {problems(lab, &id)}
        {sections}
        <h3>"Properties"</h3>
        {properties::of(&document, kind, &id)}
    }
}

/// What is wrong with a resource.
fn problems(lab: Lab, id: &Id) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let found = lab.problems.get_untracked();
    let rows: Vec<_> = found
        .iter()
        .filter(|problem| problem.subject == *id)
        .map(|problem| view! { <li>{crate::components::sentence(narrator().problem(problem, &document))}</li> })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="problems" aria-label="Problems">{rows}</ul> })
}

/// The private zones a network asks.
fn zones_asked(lab: Lab, document: &Document, network: &Id) -> impl IntoView + use<> {
    let zones = lab.network.get_untracked().zones_linked_to(network);
    (!zones.is_empty()).then(|| {
        view! {
            <h3>"Private DNS zones linked"</h3>
            <ul class="plain-list">
                {zones
                    .into_iter()
                    .map(|zone| {
                        let name = document.display_name(&zone).to_owned();
                        view! { <li>{select_button(lab, zone, name)}</li> }
                    })
                    .collect_view()}
            </ul>
        }
    })
}

/// A resource named in a panel; pressing it selects it.
fn select_button(lab: Lab, id: Id, name: String) -> impl IntoView {
    view! {
        <button type="button" class="link-button" on:click=move |_| lab.selection.set(Some(Place::Resource(id.clone())))>
            {name}
        </button>
    }
}

/// A named value.
#[component]
fn Fact(name: &'static str, #[prop(into)] value: String) -> impl IntoView + use<> {
    view! {
        <div class="fact">
            <dt>{name}</dt>
            <dd class="mono">{breakable(&value)}</dd>
        </div>
    }
}
