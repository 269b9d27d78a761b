//! Effective routes, in the CLI's columns and order.

use leptos::prelude::*;
use sim::trace::{NextHopType, Route};
use topology::Id;

use crate::components::{El, Node, cell, columns_head, el, fact, facts, styled};
use crate::state::Lab;

/// A machine: what listens on it, and each interface with its routes.
pub(super) fn of_machine(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let Some(machine) = document.virtual_machines.get(id) else { return Node::Many(Vec::new()) };
    let listens =
        machine.services.iter().map(|service| fact("listens", &format!("{} on TCP {}", service.name, service.port)));
    let mut shown = vec![Node::from(facts(listens))];
    let services = shown.len();
    for (interface, _) in document.interfaces_of(id) {
        shown.push(of_interface(lab, interface));
    }
    if shown.len() == services {
        shown.push(styled("p", "hint").child("No network interface: it can neither send nor be reached.").into());
    }
    shown.into()
}

/// An interface: its address and its routes.
pub(super) fn of_interface(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let address = network.address_of(id).map_or_else(|| String::from("none"), |address| address.to_string());
    let subnet = document
        .network_interfaces
        .get(id)
        .and_then(|interface| document.qualified_subnet_name(&interface.subnet))
        .unwrap_or_default();
    let caption = format!("Effective routes of {id}");
    let rows = network.effective_routes(id).unwrap_or_default().into_iter().map(|route| row(&route));
    let routes = styled("table", "rows")
        .child(styled("caption", "unseen").child(caption.as_str()))
        .child(columns_head(&["Source", "State", "Address Prefix", "Next Hop Type", "Next Hop IP"]))
        .child(el("tbody").children(rows));
    let wide = styled("div", "wide").attr("tabindex", "0").attr("role", "group").label(&caption).child(routes);
    vec![
        facts([fact("networkInterface", id.as_str()), fact("privateIPAddress", &address), fact("subnet", &subnet)]),
        el("h3").child("Effective routes"),
        wide,
    ]
    .into()
}

fn row(route: &Route) -> El {
    let class = if route.next_hop_type == NextHopType::InterfaceEndpoint { "endpoint" } else { "" };
    styled("tr", class)
        .child(cell("", route.source.as_str()))
        .child(cell("", route.state.as_str()))
        .child(cell("mono", &route.address_prefix.to_string()))
        .child(cell("", route.next_hop_type.as_str()))
        .child(cell("mono", &route.next_hop_ip_address.map_or_else(String::new, |address| address.to_string())))
}
