//! Causes on the way: routes, peerings, appliances.

use std::net::Ipv4Addr;

use serde_json::json;
use smol_str::SmolStr;
use topology::command::Command;
use topology::resource::PrivateEndpointNetworkPolicies;
use topology::{Id, Kind};

use super::case::Case;
use super::edit::set;
use super::{Finding, Remedy, RootCause, Rule};
use crate::expectation::{Mismatch, mismatches};
use crate::trace::{DropCause, Event, Place, RouteSource};

pub(super) const RULES: &[Rule] =
    &[asymmetric, does_not_forward, forwarded_traffic, not_peered, past_the_appliance, no_way_out];

/// A stateful appliance sees one half of a connection only [INSPECT-FW][PE-NOSNAT].
fn asymmetric(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::AsymmetricReturn { appliance }, _) = case.dropped()? else { return None };
    let appliance = appliance.clone();
    let replied = case.last(|step| matches!(step.event, Event::EndpointReplied { .. }).then_some(()));
    let interfaces = case.document.interfaces_of(&appliance).map(|(interface, _)| interface);
    let tagged = interfaces
        .filter(|_| replied.is_some())
        .map(|interface| vec![set(interface, &["tags", "disableSnatOnPL"], "true")]);
    let translated = vec![set(&appliance, &["forwarding", "snat"], "Always")];
    let remedies = std::iter::once(translated).chain(tagged).collect();
    let evidence = replied.map(|(position, ())| position).into_iter().chain([case.end()]).collect();
    Some(Finding::new(RootCause::AsymmetricReturn { appliance }, evidence, remedies))
}

/// The next hop of a route does not send on what is not for it [UDR-OV].
fn does_not_forward(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let remedy = match (cause, at) {
        (DropCause::IpForwardingDisabled { interface }, _) => set(interface, &["enableIPForwarding"], true),
        (DropCause::GuestDoesNotForward, Place::Resource(machine)) => set(machine, &["forwarding"], json!({})),
        _ => return None,
    };
    let cause = RootCause::Dropped { cause: cause.clone(), at: at.clone() };
    Some(Finding::new(cause, vec![case.end()], vec![vec![remedy]]))
}

/// The receiving network takes only what started in its peer [PEER-MANAGE].
fn forwarded_traffic(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let (DropCause::ForwardedTrafficNotAllowed { network: from }, Place::Resource(receiving)) = (cause, at) else {
        return None;
    };
    let mut peerings = case.document.virtual_network_peerings.iter();
    let remedies = peerings
        .find(|(_, row)| row.virtual_network == *receiving && row.remote_virtual_network == *from)
        .map(|(peering, _)| vec![set(peering, &["allowForwardedTraffic"], true)]);
    let cause = RootCause::Dropped { cause: cause.clone(), at: at.clone() };
    Some(Finding::new(cause, vec![case.end()], remedies.into_iter().collect()))
}

/// The address is in use, in a network that the sender's is not peered with: peering is not transitive [PEER-OV].
fn not_peered(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::RouteNone { .. } | DropCause::AddressUnused { .. }, at) = case.dropped()? else { return None };
    let (position, destination) = case.last(|step| {
        let Event::RouteSelected { destination, .. } = &step.event else { return None };
        (step.at == Place::Resource(case.trace.request.from.clone())).then_some(*destination)
    })?;
    let network = case.sender_network()?;
    let (target, remote) = holder(case, destination).filter(|(_, remote)| remote != network)?;
    if *at != Place::Resource(case.trace.request.from.clone()) {
        return None;
    }
    let peer = Command::Peer { network: network.clone(), remote: remote.clone() };
    let cause = RootCause::NotPeered { target, network: network.clone(), remote };
    Some(Finding::new(cause, vec![position, case.end()], vec![vec![peer.into()]]))
}

/// What has an address somewhere in the document, and in which network.
fn holder(case: &Case<'_>, address: Ipv4Addr) -> Option<(Id, Id)> {
    let kinds = [Kind::PrivateEndpoint, Kind::NetworkInterface, Kind::LoadBalancer, Kind::DnsResolver];
    let ids = case.document.ids().filter(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id);
    let mut holders = ids.filter(|id| case.network.address_of(id) == Some(address));
    holders.find_map(|id| Some((id.clone(), case.document.virtual_network_of(id)?.clone())))
}

/// A route to an appliance that lost against the endpoint's own: table, name and prefix length.
struct Lost {
    table: Id,
    name: SmolStr,
    length: u8,
}

/// The /32 of a private endpoint is chosen although a user's route would lead through the appliance [PE-POLICY].
fn past_the_appliance(case: &Case<'_>) -> Option<Finding> {
    let expected = mismatches(case.trace, case.expectation).into_iter().find_map(|mismatch| match mismatch {
        Mismatch::Via { expected } => Some(expected),
        Mismatch::NotAnswered
        | Mismatch::NotBlocked
        | Mismatch::Path { .. }
        | Mismatch::Caller { .. }
        | Mismatch::Address { .. } => None,
    })?;
    let appliance = case.network.address_of(&expected)?;
    let sender = &case.trace.request.from;
    let (position, (destination, endpoint)) = case.first(|step| {
        let Event::RouteSelected { destination, route, .. } = &step.event else { return None };
        let endpoint = route.target.as_ref().filter(|id| case.document.private_endpoints.contains(id))?;
        (step.at == Place::Resource(sender.clone())).then_some((*destination, endpoint.clone()))
    })?;
    let table = case.document.subnets.get(case.document.subnet_of(sender)?)?.route_table.clone()?;
    let lost = lost_route(case, sender, destination, appliance, &table)?;
    let subnet = case.document.subnet_of(&endpoint)?;
    let range = case.document.virtual_networks.get(case.document.virtual_network_of(&endpoint)?)?;
    let range = range.address_prefixes.iter().find(|range| range.contains(&destination))?;
    if lost.length < range.prefix_len() {
        let row = json!({
            "addressPrefix": format!("{destination}/32"), "nextHopType": "VirtualAppliance", "nextHopIpAddress": appliance,
        });
        let remedies = vec![vec![set(&lost.table, &["routes", &format!("to-{endpoint}")], row)]];
        let cause = RootCause::RouteTooShort { table: lost.table, route: lost.name, endpoint };
        return Some(Finding::new(cause, vec![position], remedies));
    }
    let policies = case.document.subnets.get(subnet)?.private_endpoint_network_policies;
    let filtered = policies == PrivateEndpointNetworkPolicies::NetworkSecurityGroupEnabled;
    let wanted = if filtered { "Enabled" } else { "RouteTableEnabled" };
    let remedies: Vec<Vec<Remedy>> = vec![vec![set(subnet, &["privateEndpointNetworkPolicies"], wanted)]];
    let cause = RootCause::RouteNotApplied { subnet: subnet.clone(), table: lost.table, route: lost.name, policies };
    Some(Finding::new(cause, vec![position], remedies))
}

/// The longest user's route to an appliance that contains an address and lost.
fn lost_route(case: &Case<'_>, sender: &Id, to: Ipv4Addr, appliance: Ipv4Addr, table: &Id) -> Option<Lost> {
    let candidates = case.network.explain_route(sender, to).ok()?.into_iter().map(|candidate| candidate.route);
    let mut lost =
        candidates.filter(|route| route.source == RouteSource::User && route.next_hop_ip_address == Some(appliance));
    let route = lost.next()?;
    Some(Lost { table: table.clone(), name: route.name?, length: route.address_prefix.prefix_len() })
}

/// The subnet has no way out to the Internet [LB-OUT].
fn no_way_out(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let DropCause::NoOutboundAccess { subnet } = cause else { return None };
    let remedies = vec![vec![set(subnet, &["defaultOutboundAccess"], true)]];
    let cause = RootCause::Dropped { cause: cause.clone(), at: at.clone() };
    Some(Finding::new(cause, vec![case.end()], remedies))
}
