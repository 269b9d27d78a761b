//! Causes in names: what a question was, where it was asked, and who answered it.

use smol_str::SmolStr;
use topology::Id;
use topology::command::Command;
use topology::document::Request;
use wire::DomainName;

use super::case::Case;
use super::{Finding, Remedy, RootCause, Rule};
use crate::trace::{DropCause, Event, Forwarding, Place, Step};

pub(super) const RULES: &[Rule] = &[
    stale,
    private_name,
    ruleset_loop,
    record_in_other_zone,
    missing_record,
    zone_not_linked,
    server_avoids_azure,
    no_zone,
];

/// With empty caches and fresh leases it works: what is remembered is wrong.
fn stale(case: &Case<'_>) -> Option<Finding> {
    let client = || case.trace.request.from.clone();
    let (position, cause, remedy) = case.steps().find_map(|(position, step)| {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a rule reads the events it is about")]
        match &step.event {
            Event::LeaseOutdated { .. } => {
                let cause = RootCause::LeaseOutdated { client: client() };
                Some((position, cause, Remedy::RenewLease { renew_lease: client() }))
            }
            Event::CachedAnswer { name, .. } => {
                let Place::Resource(owner) = &step.at else { return None };
                let cause = RootCause::StaleAnswer { client: owner.clone(), name: name.clone() };
                Some((position, cause, Remedy::FlushDns { flush_dns: owner.clone() }))
            }
            _ => None,
        }
    })?;
    case.works_afresh().then(|| Finding::new(cause, vec![position], vec![vec![remedy]]))
}

/// Asked by the name in the private zone: no certificate is for it [STG-PE].
fn private_name(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::CertificateMismatch { host }, _) = case.dropped()? else { return None };
    let account = case.account().filter(|account| account.by_private_name)?;
    let public = account.name.public;
    let ask = Request { to: public.as_str().into(), ..case.trace.request.clone() };
    let cause = RootCause::PrivateName { client: case.trace.request.from.clone(), host: host.clone(), public };
    Some(Finding::new(cause, vec![case.end()], vec![vec![Remedy::Ask { ask }]]))
}

/// A rule leads back to where the question came from [PR-RULES].
fn ruleset_loop(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ForwardingLoop { .. }, _) = case.dropped()? else { return None };
    let (position, cause) = case.last(|step| {
        let Event::QueryForwarded { reason: Forwarding::Rule { ruleset, link, rule, .. }, .. } = &step.event else {
            return None;
        };
        Some(RootCause::RulesetLoop { ruleset: ruleset.clone(), link: link.clone(), rule: rule.clone() })
    })?;
    Some(Finding::new(cause, vec![position], Vec::new()))
}

/// A zone that said it does not hold a name: position, zone, link, name.
fn missing<'a>(case: &Case<'a>) -> Option<(usize, &'a Id, &'a SmolStr, &'a DomainName)> {
    case.steps().rev().find_map(|(position, step)| {
        let Event::PrivateMissing { zone, link, name } = &step.event else { return None };
        Some((position, zone, link, name))
    })
}

/// A zone that holds a name, or could, and was never asked: position, zone, network, name.
fn unlinked<'a>(case: &Case<'a>) -> Option<(usize, &'a Id, &'a Id, &'a DomainName)> {
    case.steps().rev().find_map(|(position, step)| {
        let Event::ZoneNotLinked { zone, network, name } = &step.event else { return None };
        Some((position, zone, network, name))
    })
}

/// Two zones of one name: the linked one lacks what the other holds [PRIV-FALLBACK].
fn record_in_other_zone(case: &Case<'_>) -> Option<Finding> {
    let (said, linked, _, name) = missing(case)?;
    let (position, zone, _, _) = unlinked(case)?;
    let name_of = |zone: &Id| case.document.private_dns_zones.get(zone).map(|zone| &zone.name);
    if name_of(zone) != name_of(linked) {
        return None;
    }
    let cause = RootCause::RecordInOtherZone { zone: zone.clone(), linked: linked.clone(), name: name.clone() };
    Some(Finding::new(cause, vec![said, position], Vec::new()))
}

/// The linked zone is the authority and has nothing: it bears a public name, or the name is somebody else's, or nobody
/// wrote the endpoint's record.
fn missing_record(case: &Case<'_>) -> Option<Finding> {
    let (position, zone, link, name) = missing(case)?;
    let account = case.account()?;
    let row = case.document.private_dns_zones.get(zone)?;
    if account.name.public.is_within(&row.name) {
        let cause = RootCause::ZoneOfPublicName { zone: zone.clone(), link: link.clone(), name: name.clone() };
        return Some(Finding::new(cause, vec![position], Vec::new()));
    }
    let own = case.endpoints_of(&account).into_iter().find(|(endpoint, _)| case.same_tenant(endpoint, zone));
    let cause = match own {
        Some((endpoint, _)) => {
            let (zone, endpoint) = (zone.clone(), endpoint.clone());
            RootCause::RecordMissing { zone, endpoint, name: name.clone() }
        }
        None => RootCause::ForeignName { zone: zone.clone(), link: link.clone(), name: name.clone() },
    };
    Some(Finding::new(cause, vec![position], Vec::new()))
}

/// Whether a private answer was wanted and a public one came.
fn got_public(case: &Case<'_>) -> bool {
    case.is_wanted() && case.went_public()
}

/// The zone exists, but not for the network the question was asked from [PRIV-ZONE].
fn zone_not_linked(case: &Case<'_>) -> Option<Finding> {
    let (position, zone, network, name) = unlinked(case).filter(|_| got_public(case))?;
    let remedies = vec![vec![Command::LinkZone { zone: zone.clone(), network: network.clone() }.into()]];
    let (zone, network, name) = (zone.clone(), network.clone(), name.clone());
    let cause = match last_server(case).filter(|_| case.sender_network() != Some(&network)) {
        Some(server) => RootCause::ZoneNotLinkedToServer { zone, network, server, name },
        None => RootCause::ZoneNotLinked { zone, network, name },
    };
    Some(Finding::new(cause, vec![position], remedies))
}

/// The last DNS server the question went through.
fn last_server(case: &Case<'_>) -> Option<Id> {
    let (_, server) = case.last(|step| match (&step.event, &step.at) {
        (Event::QueryForwarded { .. } | Event::InboundEndpointAsked { .. }, Place::Resource(id)) => Some(id.clone()),
        _ => None,
    })?;
    Some(server)
}

/// A DNS server got the public answer from the Internet: Azure DNS was never asked [MICROHACK].
fn server_avoids_azure(case: &Case<'_>) -> Option<Finding> {
    let account = case.account().filter(|_| got_public(case))?;
    if case.endpoints_of(&account).is_empty() || case.first(asks_azure).is_some() {
        return None;
    }
    let (position, (server, name)) = case.last(|step| match (&step.event, &step.at) {
        (Event::QueryForwarded { name, server, .. }, Place::Resource(id)) if !server.address.is_private() => {
            Some((id.clone(), name.clone()))
        }
        _ => None,
    })?;
    Some(Finding::new(RootCause::ServerAvoidsAzure { server, name }, vec![position], Vec::new()))
}

fn asks_azure(step: &Step) -> Option<()> {
    let is_azure = |place: &Place| matches!(place, Place::AzureDns(_));
    (is_azure(&step.at) || step.via.iter().any(is_azure)).then_some(())
}

/// An endpoint exists, no zone holds its name anywhere, and the public address refuses.
fn no_zone(case: &Case<'_>) -> Option<Finding> {
    let account = case.account().filter(|_| got_public(case))?;
    let (endpoint, _) = case.endpoints_of(&account).into_iter().next()?;
    let (position, name) = case.first(|step| {
        let Event::PublicAlias { target, private_link: true, .. } = &step.event else { return None };
        Some(target.clone())
    })?;
    let (endpoint, service) = (endpoint.clone(), account.id.clone());
    let cause = RootCause::PublicAddressRefuses { endpoint, service, name };
    Some(Finding::new(cause, vec![position, case.end()], Vec::new()))
}
