//! Effective routes, in the CLI's columns and order.

use leptos::prelude::*;
use sim::trace::{NextHopType, Route, RouteSource, RouteState};
use topology::Id;

use super::Fact;
use crate::state::Lab;

/// A machine: what listens on it, and each interface with its routes.
pub(super) fn of_machine(lab: Lab, id: &Id) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let services: Vec<_> = document
        .virtual_machines
        .get(id)
        .map(|machine| {
            machine.services.iter().map(|service| format!("{} on TCP {}", service.name, service.port)).collect()
        })
        .unwrap_or_default();
    let interfaces: Vec<Id> = document.interfaces_of(id).map(|(interface, _)| interface.clone()).collect();
    let bare = interfaces.is_empty();
    view! {
        <dl class="facts">
            {services.into_iter().map(|service| view! { <Fact name="listens" value=service/> }).collect_view()}
        </dl>
        {interfaces.into_iter().map(|interface| of_interface(lab, &interface)).collect_view()}
        {bare.then(|| view! { <p class="hint">"No network interface: it can neither send nor be reached."</p> })}
    }
}

/// An interface: its address and its routes.
pub(super) fn of_interface(lab: Lab, id: &Id) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let address = network.address_of(id).map_or_else(|| String::from("none"), |address| address.to_string());
    let subnet = document
        .network_interfaces
        .get(id)
        .and_then(|interface| document.qualified_subnet_name(&interface.subnet))
        .unwrap_or_default();
    let routes = network.effective_routes(id);
    let caption = format!("Effective routes of {id}");
    view! {
        <dl class="facts">
            <Fact name="networkInterface" value=id.to_string()/>
            <Fact name="privateIPAddress" value=address/>
            <Fact name="subnet" value=subnet.to_string()/>
        </dl>
        <h3>"Effective routes"</h3>
        <div class="wide" tabindex="0" role="group" aria-label=caption.clone()>
            <table class="rows">
                <caption class="unseen">{caption.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Source"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Address Prefix"</th>
                        <th scope="col">"Next Hop Type"</th>
                    </tr>
                </thead>
                <tbody>{routes.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(route: Route) -> impl IntoView {
    view! {
        <tr class:endpoint=route.next_hop_type == NextHopType::InterfaceEndpoint>
            <td>{route_source(route.source)}</td>
            <td>{route_state(route.state)}</td>
            <td class="mono">{route.address_prefix.to_string()}</td>
            <td>{hop_name(route.next_hop_type)}</td>
        </tr>
    }
}

/// `Source` as the CLI prints it.
pub(in crate::panels) const fn route_source(source: RouteSource) -> &'static str {
    match source {
        RouteSource::Default => "Default",
        RouteSource::User => "User",
        RouteSource::VirtualNetworkGateway => "VirtualNetworkGateway",
    }
}

/// `State` as the CLI prints it.
pub(in crate::panels) const fn route_state(state: RouteState) -> &'static str {
    match state {
        RouteState::Active => "Active",
        RouteState::Invalid => "Invalid",
    }
}

/// `Next Hop Type` as the CLI prints it.
pub(in crate::panels) const fn hop_name(hop: NextHopType) -> &'static str {
    match hop {
        NextHopType::VnetLocal => "VnetLocal",
        NextHopType::VNetPeering => "VNetPeering",
        NextHopType::VNetGlobalPeering => "VNetGlobalPeering",
        NextHopType::Internet => "Internet",
        NextHopType::None => "None",
        NextHopType::InterfaceEndpoint => "InterfaceEndpoint",
    }
}
