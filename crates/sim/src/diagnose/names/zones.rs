//! Private zones: linked or not, with or without the record.

use serde_json::json;
use smol_str::SmolStr;
use topology::command::Command;
use topology::{Id, Kind};
use wire::DomainName;

use crate::diagnose::case::{Account, Case};
use crate::diagnose::edit::{create, link, record, set, unset, zone_group};
use crate::diagnose::{Finding, Remedy, RootCause, Rule};
use crate::expectation::{Mismatch, mismatches};
use crate::trace::{DropCause, Event, Place};

pub(super) const RULES: &[Rule] = &[
    record_in_other_zone,
    zone_of_public_name,
    missing_record,
    overwritten_record,
    stale_record,
    zone_not_linked,
    other_sub_resource,
    no_zone,
];

/// A zone that said it does not hold a name.
struct Missing<'a> {
    position: usize,
    zone: &'a Id,
    link: &'a SmolStr,
    name: &'a DomainName,
}

fn missing<'a>(case: &Case<'a>) -> Option<Missing<'a>> {
    case.steps().rev().find_map(|(position, step)| {
        let Event::PrivateMissing { zone, link, name } = &step.event else { return None };
        Some(Missing { position, zone, link, name })
    })
}

/// A zone that could answer and was never asked: position, zone, asking network, name.
fn unlinked<'a>(case: &Case<'a>) -> Option<(usize, &'a Id, &'a Id, &'a DomainName)> {
    case.steps().rev().find_map(|(position, step)| {
        let Event::ZoneNotLinked { zone, network, name } = &step.event else { return None };
        Some((position, zone, network, name))
    })
}

/// Two zones of one name: the linked one lacks what the other holds [PRIV-FALLBACK].
fn record_in_other_zone(case: &Case<'_>) -> Option<Finding> {
    let said = missing(case)?;
    let (position, zone, network, name) = unlinked(case)?;
    let rows = &case.document.private_dns_zones;
    let (holder, linked) = (rows.get(zone)?, rows.get(said.zone)?);
    if holder.name != linked.name {
        return None;
    }
    let relative = name.relative_to(&holder.name)?;
    let addresses = &holder.record_sets.get(relative)?.a_records;
    let unlink = Command::UnlinkZone { zone: said.zone.clone(), link: said.link.clone() };
    let remedies = vec![vec![record(said.zone, relative, addresses)], vec![unlink.into(), link(zone, network)]];
    let cause = RootCause::RecordInOtherZone { zone: zone.clone(), linked: said.zone.clone(), name: name.clone() };
    Some(Finding::new(cause, vec![said.position, position], remedies))
}

/// A zone that bears a service's public name takes the names of every account in it [PE-DNS].
fn zone_of_public_name(case: &Case<'_>) -> Option<Finding> {
    let said = missing(case)?;
    let account = case.account()?;
    let row = case.document.private_dns_zones.get(said.zone)?;
    if !account.name.public.is_within(&row.name) {
        return None;
    }
    let zone = account.name.zone.as_str();
    let private = json!({
        "subscription": row.subscription, "name": zone,
        "virtualNetworkLinks": row.virtual_network_links, "recordSets": row.record_sets,
    });
    let unlink = || Remedy::from(Command::UnlinkZone { zone: said.zone.clone(), link: said.link.clone() });
    let instead = vec![create(Kind::PrivateDnsZone, case.document.free_id(zone), private), unlink()];
    let cause =
        RootCause::ZoneOfPublicName { zone: said.zone.clone(), link: said.link.clone(), name: said.name.clone() };
    Some(Finding::new(cause, vec![said.position], vec![vec![unlink()], instead]))
}

/// The linked zone is the authority and has nothing: the name is somebody else's, or nobody wrote the endpoint's
/// record, or it was taken away.
fn missing_record(case: &Case<'_>) -> Option<Finding> {
    let said = missing(case)?;
    let account = case.account()?;
    let (zone, name) = (said.zone.clone(), said.name.clone());
    let own = case.endpoints_of(&account).into_iter().find(|(endpoint, _)| case.same_tenant(endpoint, &zone));
    let Some((endpoint, row)) = own else {
        let fall_back = set(&zone, &["virtualNetworkLinks", said.link, "resolutionPolicy"], "NxDomainRedirect");
        let link = said.link.clone();
        let cause = if account.name.shared {
            RootCause::SharedName { zone, link, name }
        } else {
            RootCause::ForeignName { zone, link, name }
        };
        return Some(Finding::new(cause, vec![said.position], vec![vec![fall_back]]));
    };
    let group = row.private_dns_zone_group.as_ref();
    let belongs = group
        .is_some_and(|group| group.private_dns_zone_configs.iter().any(|config| config.private_dns_zone_id == zone));
    let by_hand =
        address_of(case, endpoint, &account).map(|address| vec![record(&zone, &account.name.record, &[address])]);
    let mut remedies: Vec<Vec<Remedy>> = Vec::new();
    if !belongs {
        remedies.push(vec![zone_group(endpoint, &zone)]);
    }
    remedies.extend(by_hand);
    let endpoint = endpoint.clone();
    let cause = if belongs {
        RootCause::RecordGone { zone, endpoint, name }
    } else {
        RootCause::RecordMissing { zone, endpoint, name }
    };
    Some(Finding::new(cause, vec![said.position], remedies))
}

/// The address of an endpoint for the name asked.
fn address_of(case: &Case<'_>, endpoint: &Id, account: &Account<'_>) -> Option<std::net::Ipv4Addr> {
    let names = case.network.endpoint_names(endpoint);
    names.into_iter().find(|name| name.fqdn == account.name.public)?.address
}

/// What the last zone that held the name answered: position, zone, name, address.
fn answered<'a>(case: &Case<'a>) -> Option<(usize, &'a Id, &'a DomainName, std::net::Ipv4Addr)> {
    case.steps().rev().find_map(|(position, step)| {
        let Event::PrivateRecord { zone, name, address, .. } = &step.event else { return None };
        Some((position, zone, name, *address))
    })
}

/// Two endpoints of one resource write one record; the last one wins [ISS-58044].
fn overwritten_record(case: &Case<'_>) -> Option<Finding> {
    let expected = mismatches(case.trace, case.expectation).into_iter().find_map(|mismatch| match mismatch {
        Mismatch::Address { expected, .. } => Some(expected),
        Mismatch::NotAnswered
        | Mismatch::NotBlocked
        | Mismatch::Path { .. }
        | Mismatch::Via { .. }
        | Mismatch::Caller { .. } => None,
    })?;
    let (position, zone, name, address) = answered(case)?;
    let account = case.account()?;
    let (other, _) = case
        .endpoints_of(&account)
        .into_iter()
        .find(|(endpoint, _)| address_of(case, endpoint, &account) == Some(address))?;
    let remedies = vec![vec![record(zone, &account.name.record, &[expected])]];
    let cause = RootCause::RecordOverwritten { zone: zone.clone(), other: other.clone(), name: name.clone() };
    Some(Finding::new(cause, vec![position], remedies))
}

/// The record leads to an address nothing has any more.
fn stale_record(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::AddressUnused { address: unused }, _) = case.dropped()? else { return None };
    let (position, zone, name, _) = answered(case).filter(|(.., address)| address == unused)?;
    let relative = name.relative_to(&case.document.private_dns_zones.get(zone)?.name)?;
    let account = case.account();
    let endpoints = account.as_ref().map(|account| case.endpoints_of(account)).unwrap_or_default();
    let addresses = endpoints.into_iter().filter_map(|(endpoint, _)| address_of(case, endpoint, account.as_ref()?));
    let mut remedies: Vec<Vec<Remedy>> = addresses.map(|address| vec![record(zone, relative, &[address])]).collect();
    remedies.push(vec![unset(zone, &["recordSets", relative])]);
    let cause = RootCause::StaleRecord { zone: zone.clone(), name: name.clone(), address: *unused };
    Some(Finding::new(cause, vec![position, case.end()], remedies))
}

/// The zone exists, but not for the network the question was asked from [PRIV-ZONE].
fn zone_not_linked(case: &Case<'_>) -> Option<Finding> {
    let (position, zone, network, name) = unlinked(case).filter(|_| case.got_public())?;
    let remedies = vec![vec![link(zone, network)]];
    let (zone, network, name) = (zone.clone(), network.clone(), name.clone());
    let cause = match last_server(case).filter(|_| case.sender_network() != Some(&network)) {
        Some(server) => RootCause::ZoneNotLinkedToServer { zone, network, server, name },
        None => RootCause::ZoneNotLinked { zone, network, name },
    };
    Some(Finding::new(cause, vec![position], remedies))
}

/// The last DNS server the question went through.
fn last_server(case: &Case<'_>) -> Option<Id> {
    case.steps().rev().find_map(|(_, step)| match (&step.event, &step.at) {
        (Event::QueryForwarded { .. } | Event::InboundEndpointAsked { .. }, Place::Resource(id)) => Some(id.clone()),
        _ => None,
    })
}

/// The network Azure DNS was asked from, last of all.
fn asking_network<'a>(case: &Case<'a>) -> Option<&'a Id> {
    case.steps().rev().find_map(|(_, step)| {
        [&step.at].into_iter().chain(&step.via).find_map(|place| match place {
            Place::AzureDns(network) => Some(network),
            Place::Resource(_) | Place::PublicDns | Place::Internet => None,
        })
    })
}

/// A zone of a sub-resource's recommended name that the asking network is linked to, or the step that makes one.
fn zone_for(case: &Case<'_>, account: &Account<'_>, owner: &Id) -> Option<(Id, Option<Remedy>)> {
    let network = asking_network(case)?;
    let mut zones = case.document.private_dns_zones.iter();
    let linked = zones.find(|(_, zone)| {
        zone.name == account.name.zone
            && zone.virtual_network_links.values().any(|link| link.virtual_network == *network)
    });
    if let Some((zone, _)) = linked {
        return Some((zone.clone(), None));
    }
    let zone = case.document.free_id(account.name.zone.as_str());
    let row = json!({
        "subscription": case.document.subscription_of(owner)?,
        "name": account.name.zone,
        "virtualNetworkLinks": { (format!("link-{network}")): { "virtualNetwork": network } },
    });
    Some((zone.clone(), Some(create(Kind::PrivateDnsZone, zone, row))))
}

/// An endpoint exists for another sub-resource of the account: blob works, file does not [STG-PE].
fn other_sub_resource(case: &Case<'_>) -> Option<Finding> {
    let account = case.account().filter(|account| case.got_public() && case.endpoints_of(account).is_empty())?;
    let (endpoint, row) = case.document.private_endpoints.iter().find(|(endpoint, row)| {
        row.connection().is_some_and(|connection| connection.private_link_service_id == *account.id)
            && case.same_tenant(endpoint, &case.trace.request.from)
    })?;
    let group = &account.service.group_id;
    let (zone, made) = zone_for(case, &account, endpoint)?;
    let new = json!({
        "subnet": row.subnet,
        "privateLinkServiceConnections": [{ "privateLinkServiceId": account.id, "groupIds": [group] }],
        "privateDnsZoneGroup": { "privateDnsZoneConfigs": [{ "privateDnsZoneId": zone }] },
    });
    let id = case.document.free_id(&format!("pe-{}-{group}", account.id));
    let remedies: Vec<Remedy> = made.into_iter().chain([create(Kind::PrivateEndpoint, id, new)]).collect();
    let (endpoint, service, group) = (endpoint.clone(), account.id.clone(), group.clone());
    let cause = RootCause::OtherSubResource { endpoint, service, group };
    Some(Finding::new(cause, vec![case.end()], vec![remedies]))
}

/// An endpoint exists, and no zone holds its name for the network that asks.
fn no_zone(case: &Case<'_>) -> Option<Finding> {
    let account = case.account().filter(|_| case.got_public())?;
    let (endpoint, _) = case.endpoints_of(&account).into_iter().next()?;
    let (position, name) = case.first(|step| {
        let Event::PublicAlias { target, private_link: true, .. } = &step.event else { return None };
        Some(target.clone())
    })?;
    let (zone, made) = zone_for(case, &account, endpoint)?;
    let remedies: Vec<Remedy> = made.into_iter().chain([zone_group(endpoint, &zone)]).collect();
    let cause = RootCause::PublicAddressRefuses { endpoint: endpoint.clone(), service: account.id.clone(), name };
    Some(Finding::new(cause, vec![position, case.end()], vec![remedies]))
}
