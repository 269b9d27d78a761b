//! What a tenant, a virtual network or a subnet contains, and what a network is peered with.

use leptos::prelude::*;
use topology::{Document, Id, Kind};

use super::select_button;
use crate::components::{El, Node, el, styled};
use crate::state::{Lab, narrator};

/// The things directly inside a frame of the diagram.
pub(super) fn of_frame(lab: Lab, id: &Id, kind: Kind) -> Node {
    let document = lab.document.get_untracked();
    let inside = document.ids().filter(|(inner, other)| contains(&document, kind, id, *inner, other));
    let inside: Vec<El> = inside.map(|(inner, other)| row(lab, &document, inner, other)).collect();
    let peers = document
        .virtual_network_peerings
        .iter()
        .filter(|(_, peering)| kind == Kind::VirtualNetwork && peering.virtual_network == *id)
        .map(|(_, peering)| &peering.remote_virtual_network);
    let peers: Vec<El> =
        peers.map(|peer| styled("li", "member").child(select_button(lab, peer, peer.as_str()))).collect();
    let mut shown = Vec::new();
    for (title, rows) in [("Contains", inside), ("Peered with", peers)] {
        if !rows.is_empty() {
            shown.push(el("h3").child(title));
            shown.push(styled("ul", "cards").children(rows));
        }
    }
    shown.into()
}

fn contains(document: &Document, frame: Kind, id: &Id, kind: Kind, other: &Id) -> bool {
    match (frame, kind) {
        (
            Kind::Tenant,
            Kind::VirtualNetwork
            | Kind::PrivateDnsZone
            | Kind::DnsForwardingRuleset
            | Kind::PlatformService
            | Kind::PublicIpAddress
            | Kind::NatGateway
            | Kind::NetworkSecurityGroup
            | Kind::ApplicationSecurityGroup
            | Kind::ServiceEndpointPolicy,
        ) => document.tenant_of(other) == Some(id),
        (Kind::Tenant, Kind::LoadBalancer) => {
            document.subnet_of(other).is_none() && document.tenant_of(other) == Some(id)
        }
        (Kind::VirtualNetwork, Kind::Subnet) => document.virtual_network_of(other) == Some(id),
        (
            Kind::Subnet,
            Kind::VirtualMachine
            | Kind::LoadBalancer
            | Kind::PrivateLinkService
            | Kind::PrivateEndpoint
            | Kind::VirtualNetworkGateway
            | Kind::DnsResolver,
        ) => document.subnet_of(other) == Some(id),
        (Kind::OnPremisesSite, Kind::OnPremisesHost | Kind::LocalNetworkGateway | Kind::ExpressRouteCircuit) => {
            document.site_of(other) == Some(id)
        }
        _ => false,
    }
}

fn row(lab: Lab, document: &Document, kind: Kind, id: &Id) -> El {
    let ranges = match kind {
        Kind::VirtualNetwork => document
            .virtual_networks
            .get(id)
            .map(|network| network.address_prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        Kind::Subnet => document.subnets.get(id).map(|subnet| subnet.address_prefix.to_string()),
        Kind::LocalNetworkGateway
        | Kind::ExpressRouteCircuit
        | Kind::OnPremisesSite
        | Kind::Connection
        | Kind::PrivateDnsZone
        | Kind::DnsForwardingRuleset
        | Kind::PlatformService
        | Kind::NatGateway
        | Kind::Tenant
        | Kind::Subscription
        | Kind::VirtualNetworkPeering
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup
        | Kind::RouteTable
        | Kind::ServiceEndpointPolicy => None,
        Kind::VirtualMachine
        | Kind::OnPremisesHost
        | Kind::InternetClient
        | Kind::VirtualNetworkGateway
        | Kind::NetworkInterface
        | Kind::LoadBalancer
        | Kind::PublicIpAddress
        | Kind::PrivateLinkService
        | Kind::PrivateEndpoint
        | Kind::DnsResolver => lab.network.get_untracked().address_of(id).map(|address| address.to_string()),
    };
    styled("li", "member")
        .attr("title", &narrator().kind(kind))
        .child(select_button(lab, id, document.display_name(id)))
        .child(el("code").child(ranges))
}
