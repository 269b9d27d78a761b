//! What a tenant, a virtual network or a subnet contains, and what a network is peered with.

use leptos::prelude::*;
use topology::{Document, Id, Kind};

use super::select_button;
use crate::state::{Lab, narrator};

/// The things directly inside a frame of the diagram.
pub(super) fn of_frame(lab: Lab, id: &Id, kind: Kind) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let inside: Vec<(Kind, Id)> = document
        .ids()
        .filter(|(inner, other)| contains(&document, kind, id, *inner, other))
        .map(|(inner, other)| (inner, other.clone()))
        .collect();
    let peers: Vec<Id> = document
        .virtual_network_peerings
        .iter()
        .filter(|(_, peering)| kind == Kind::VirtualNetwork && peering.virtual_network == *id)
        .map(|(_, peering)| peering.remote_virtual_network.clone())
        .collect();
    view! {
        {(!inside.is_empty())
            .then(|| {
                let rows = inside.into_iter().map(|(kind, id)| row(lab, &document, kind, id)).collect_view();
                view! {
                    <h3>"Contains"</h3>
                    <ul class="cards">{rows}</ul>
                }
            })}
        {(!peers.is_empty())
            .then(|| {
                let rows = peers
                    .into_iter()
                    .map(|network| {
                        let name = network.to_string();
                        view! { <li class="member">{select_button(lab, network, name)}</li> }
                    })
                    .collect_view();
                view! {
                    <h3>"Peered with"</h3>
                    <ul class="cards">{rows}</ul>
                }
            })}
    }
}

fn contains(document: &Document, frame: Kind, id: &Id, kind: Kind, other: &Id) -> bool {
    match (frame, kind) {
        (
            Kind::Tenant,
            Kind::VirtualNetwork
            | Kind::PrivateDnsZone
            | Kind::DnsForwardingRuleset
            | Kind::PlatformService
            | Kind::NetworkSecurityGroup
            | Kind::ApplicationSecurityGroup,
        ) => document.tenant_of(other) == Some(id),
        (Kind::VirtualNetwork, Kind::Subnet) => document.virtual_network_of(other) == Some(id),
        (
            Kind::Subnet,
            Kind::VirtualMachine
            | Kind::LoadBalancer
            | Kind::PrivateLinkService
            | Kind::PrivateEndpoint
            | Kind::DnsResolver,
        ) => document.subnet_of(other) == Some(id),
        _ => false,
    }
}

fn row(lab: Lab, document: &Document, kind: Kind, id: Id) -> impl IntoView + use<> {
    let name = document.display_name(&id).to_owned();
    let ranges = match kind {
        Kind::VirtualNetwork => document
            .virtual_networks
            .get(&id)
            .map(|network| network.address_prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Kind::Subnet => document.subnets.get(&id).map(|subnet| subnet.address_prefix.to_string()),
        Kind::PrivateDnsZone
        | Kind::DnsForwardingRuleset
        | Kind::PlatformService
        | Kind::Tenant
        | Kind::Subscription
        | Kind::VirtualNetworkPeering
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup => None,
        Kind::VirtualMachine
        | Kind::NetworkInterface
        | Kind::LoadBalancer
        | Kind::PrivateLinkService
        | Kind::PrivateEndpoint
        | Kind::DnsResolver => lab.network.get_untracked().address_of(&id).map(|address| address.to_string()),
    };
    view! {
        <li class="member" title=narrator().kind(kind)>
            {select_button(lab, id, name)}
            <code>{ranges}</code>
        </li>
    }
}
