//! Everything about what is selected.

mod connection;
mod contents;
mod form;
mod gateway;
mod load_balancer;
mod overview;
mod platform;
mod routes;
mod zone;

use leptos::prelude::*;
use sim::trace::Place;
use topology::command::Command;
use topology::{Document, Id, Kind};

use crate::components::{Content, El, Node, breakable, button, content, el, fact, facts, glyph_of, sentence, styled};
use crate::state::{Lab, Notice, narrator};

/// What the inspector says about the selection.
pub(crate) fn inspector(lab: Lab) -> Content {
    content(move || {
        lab.document.track();
        match lab.selection.get() {
            Some(place) => of_place(lab, &place),
            None => overview::overview(lab),
        }
    })
}

fn of_place(lab: Lab, place: &Place) -> Node {
    let document = lab.document.get_untracked();
    let heading = el("h2").child(narrator().place(place, &document));
    match place {
        Place::Resource(id) => match document.kind_of(id) {
            Some(kind) => of_resource(lab, id, kind),
            None => overview::overview(lab),
        },
        Place::AzureDns(network) => {
            let owner = el("b").child(document.display_name(network));
            Node::Many(vec![
                heading.into(),
                styled("p", "kind").child("Azure-provided DNS of ").child(owner).into(),
                facts([fact("ipAddress", "168.63.129.16")]).into(),
                zones_asked(lab, &document, network),
            ])
        }
        Place::PublicDns | Place::Internet => heading.into(),
    }
}

fn of_resource(lab: Lab, id: &Id, kind: Kind) -> Node {
    let document = lab.document.get_untracked();
    let owner =
        document.tenant_of(id).filter(|tenant| *tenant != id).map(|tenant| document.display_name(tenant).to_owned());
    let network = document.virtual_network_of(id).filter(|network| *network != id).map(ToString::to_string);
    let mut words = narrator().kind(kind);
    for (index, part) in [owner, network].into_iter().flatten().enumerate() {
        words.push_str(if index == 0 { " · " } else { " / " });
        words.push_str(&part);
    }
    let sections = match kind {
        Kind::VirtualMachine => routes::of_machine(lab, id),
        Kind::NetworkInterface => routes::of_interface(lab, id),
        Kind::PrivateEndpoint => connection::of_endpoint(lab, id),
        Kind::PrivateLinkService => connection::of_service(lab, id),
        Kind::LoadBalancer => load_balancer::of_balancer(lab, id),
        Kind::PrivateDnsZone => zone::of_zone(lab, id),
        Kind::PlatformService => platform::of_service(lab, id),
        Kind::VirtualNetwork => Node::Many(vec![contents::of_frame(lab, id, kind), zones_asked(lab, &document, id)]),
        Kind::OnPremisesSite => Node::Many(vec![contents::of_frame(lab, id, kind), gateway::of_site(lab, id)]),
        Kind::VirtualNetworkGateway => gateway::of_gateway(lab, id),
        Kind::Tenant | Kind::Subnet => contents::of_frame(lab, id, kind),
        Kind::Subscription
        | Kind::OnPremisesHost
        | Kind::InternetClient
        | Kind::LocalNetworkGateway
        | Kind::ExpressRouteCircuit
        | Kind::Connection
        | Kind::VirtualNetworkPeering
        | Kind::PublicIpAddress
        | Kind::NatGateway
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup
        | Kind::RouteTable
        | Kind::ServiceEndpointPolicy
        | Kind::DnsResolver
        | Kind::DnsForwardingRuleset => Node::Many(Vec::new()),
    };
    let title =
        el("div").child(el("h2").child(breakable(document.display_name(id)))).child(styled("p", "kind").child(words));
    Node::Many(vec![
        styled("header", "inspected").child(glyph_of(kind)).child(title).into(),
        problems(lab, id).into(),
        sections,
        el("h3").child("Properties").into(),
        form::form(lab, id).into(),
        changes(lab, id).into(),
    ])
}

/// Another name, and deletion.
fn changes(lab: Lab, id: &Id) -> El {
    let (old, at) = (id.clone(), id.clone());
    let rename = move |event: &crate::dom::Event| {
        let Ok(to) = crate::dom::input_value(event).trim().parse::<Id>() else {
            return lab.notice.set(Some(Notice::error(format!("{}.", topology::id::IdError))));
        };
        if to != old {
            lab.apply(&Command::Rename { id: old.clone(), to });
        }
    };
    let name = styled("input", "mono").attr("type", "text").attr("spellcheck", "false").on("change", rename);
    let name = el("label").child(styled("span", "key").child("Name")).child(name.value(id.as_str()));
    let delete = button("quiet small danger", move || {
        lab.selection.set(Some(Place::Resource(at.clone())));
        lab.delete_selected();
    });
    styled("div", "form changes").child(styled("div", "field").child(name)).child(delete.child("Delete"))
}

/// What is wrong with a resource.
fn problems(lab: Lab, id: &Id) -> Option<El> {
    let document = lab.document.get_untracked();
    let found = lab.problems.get_untracked();
    let mine = found.iter().filter(|problem| problem.subject == *id);
    let rows: Vec<El> = mine.map(|problem| el("li").child(sentence(narrator().problem(problem, &document)))).collect();
    (!rows.is_empty()).then(|| styled("ul", "problems").label("Problems").children(rows))
}

/// The private zones a network asks.
fn zones_asked(lab: Lab, document: &Document, network: &Id) -> Node {
    let zones = lab.network.get_untracked().zones_linked_to(network);
    let any = !zones.is_empty();
    any.then(|| {
        let rows = zones.iter().map(|zone| el("li").child(select_button(lab, zone, document.display_name(zone))));
        vec![el("h3").child("Private DNS zones linked"), styled("ul", "plain-list").children(rows)]
    })
    .into()
}

/// A resource named in a panel; pressing it selects it.
fn select_button(lab: Lab, id: &Id, name: &str) -> El {
    let place = Place::Resource(id.clone());
    button("link-button", move || lab.selection.set(Some(place.clone()))).child(name)
}
