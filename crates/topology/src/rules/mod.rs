//! What Azure does not take of a resource, whoever asks for it: the rules its resource providers check.
//!
//! A rule looks at a document and one resource and says what is wrong. A command is refused for what is wrong
//! afterwards and was not before, so that a document that came with faults can still be edited.

mod address;
mod dns;
mod frozen;
mod gateway;
mod load_balancer;
mod network;
mod peering;
mod private_endpoint;
mod private_link_service;
mod route_table;
mod security;

use smol_str::SmolStr;

use crate::command::Refusal;
use crate::{Document, Id, Kind};

pub(crate) use address::taken_from_another;
pub(crate) use frozen::frozen;
pub(crate) use private_link_service::covers;

type Rule = fn(&Document, &Id, &mut Vec<Refusal>);

/// The rules of each type of resource.
const RULES: &[(Kind, Rule)] = &[
    (Kind::VirtualNetwork, network::virtual_network),
    (Kind::VirtualNetwork, peering::of_network),
    (Kind::Subnet, network::subnet),
    (Kind::VirtualNetworkPeering, peering::peering),
    (Kind::VirtualNetworkPeering, gateway::peering),
    (Kind::VirtualNetworkGateway, gateway::gateway),
    (Kind::LoadBalancer, load_balancer::load_balancer),
    (Kind::LoadBalancer, private_link_service::everywhere),
    (Kind::PublicIpAddress, private_link_service::everywhere),
    (Kind::NatGateway, private_link_service::everywhere),
    (Kind::NetworkInterface, private_link_service::everywhere),
    (Kind::Subnet, private_link_service::everywhere),
    (Kind::VirtualNetwork, private_link_service::everywhere),
    (Kind::PrivateLinkService, private_link_service::everywhere),
    (Kind::PrivateEndpoint, private_link_service::everywhere),
    (Kind::PrivateEndpoint, private_endpoint::private_endpoint),
    (Kind::PrivateDnsZone, dns::zone),
    (Kind::DnsForwardingRuleset, dns::ruleset),
    (Kind::DnsResolver, dns::resolver),
    (Kind::NetworkSecurityGroup, security::group),
    (Kind::RouteTable, route_table::route_table),
];

/// What is wrong with a resource as it stands in a document; nothing when it is not there.
pub(crate) fn faults(document: &Document, kind: Kind, id: &Id) -> Vec<Refusal> {
    let mut faults = Vec::new();
    for (path, reference) in document.dangling_in(kind, id) {
        let field = SmolStr::from(path.join("/"));
        faults.push(Refusal::InvalidResourceReference { reference, resource: id.clone(), field });
    }
    for (mention, reference) in document.mentions_of_missing_children(id) {
        let crate::references::Holder::Resource(_, resource) = mention.holder else { continue };
        let field = SmolStr::from(mention.path.join("/"));
        faults.push(Refusal::InvalidResourceReference { reference, resource, field });
    }
    address::claims(document, kind, id, &mut faults);
    for (_, rule) in RULES.iter().filter(|(of, _)| *of == kind) {
        rule(document, id, &mut faults);
    }
    faults
}

/// More than Azure takes of something.
fn limit(faults: &mut Vec<Refusal>, resource: &Id, what: &'static str, count: usize, limit: usize) {
    if count > limit {
        let what = SmolStr::new_static(what);
        faults.push(Refusal::LimitExceeded { resource: resource.clone(), what, count, limit });
    }
}
