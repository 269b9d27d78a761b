//! DNS servers between a client and Azure DNS.

use std::net::Ipv4Addr;

use serde_json::json;
use topology::Id;
use topology::resource::DnsServer;

use crate::diagnose::case::{Account, Case};
use crate::diagnose::edit::{set, unset};
use crate::diagnose::{Finding, Remedy, RootCause, Rule};
use crate::trace::{DropCause, Event, Forwarding, Place, Step};
use crate::walk::AZURE_DNS;

/// What ends a question before anybody answers it.
pub(super) const LOOPS: &[Rule] = &[ruleset_loop, forwards_to_azure_from_outside];

/// What makes the wrong one answer.
pub(super) const RULES: &[Rule] = &[avoids_azure];

/// A rule leads back to where the question came from [PR-RULES].
fn ruleset_loop(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ForwardingLoop { .. }, _) = case.dropped()? else { return None };
    let (position, (ruleset, link, rule)) = case.last(|step| {
        let Event::QueryForwarded { reason: Forwarding::Rule { ruleset, link, rule, .. }, .. } = &step.event else {
            return None;
        };
        Some((ruleset.clone(), link.clone(), rule.clone()))
    })?;
    let remedies = vec![vec![unset(&ruleset, &["virtualNetworkLinks", &link])]];
    Some(Finding::new(RootCause::RulesetLoop { ruleset, link, rule }, vec![position], remedies))
}

/// 168.63.129.16 answers only inside a virtual network [MICROHACK].
fn forwards_to_azure_from_outside(case: &Case<'_>) -> Option<Finding> {
    let (position, (server, reason)) = case.last(|step| {
        let (Event::QueryForwarded { server, reason, .. }, Place::Resource(at)) = (&step.event, &step.at) else {
            return None;
        };
        (server.address == AZURE_DNS && case.document.on_premises_hosts.contains(at)).then(|| (at.clone(), reason))
    })?;
    let path: Vec<&str> = match reason {
        Forwarding::ConditionalForwarder { suffix, .. } => vec!["dnsServer", "conditionalForwarders", suffix.as_str()],
        Forwarding::Forwarder { .. } => vec!["dnsServer", "forwarders"],
        Forwarding::RootHints | Forwarding::Rule { .. } => return None,
    };
    let remedies = resolvers(case).map(|address| vec![set(&server, &path, json!([address]))]).collect();
    Some(Finding::new(RootCause::ForwardsToAzureFromOutside { server }, vec![position, case.end()], remedies))
}

/// A DNS server got the public answer from the Internet: Azure DNS was never asked [MICROHACK][PE-DNSINT].
fn avoids_azure(case: &Case<'_>) -> Option<Finding> {
    let account = case.account().filter(|account| case.got_public() && !case.endpoints_of(account).is_empty())?;
    if case.first(asks_azure).is_some() {
        return None;
    }
    let (position, (server, name)) = case.last(|step| match (&step.event, &step.at) {
        (Event::QueryForwarded { name, server, .. }, Place::Resource(id)) if !server.address.is_private() => {
            Some((id.clone(), name.clone()))
        }
        _ => None,
    })?;
    let Some(host) = case.document.on_premises_hosts.get(&server) else {
        let remedies = vec![vec![set(&server, &["dnsServer", "forwarders"], json!([AZURE_DNS]))]];
        return Some(Finding::new(RootCause::ServerAvoidsAzure { server, name }, vec![position], remedies));
    };
    let suffix = public_suffix(&account);
    let forward =
        |targets: &[Ipv4Addr]| vec![set(&server, &["dnsServer", "conditionalForwarders", &suffix], json!(targets))];
    let (cause, remedies): (RootCause, Vec<Vec<Remedy>>) = match private_forwarder(host.dns_server.as_deref(), &account)
    {
        Some(targets) => {
            let zone = account.name.zone.clone();
            (RootCause::ForwardsPrivateNames { server: server.clone(), zone }, vec![forward(targets)])
        }
        None => {
            let remedies = resolvers(case).map(|address| forward(&[address])).collect();
            (RootCause::NoForwarderToAzure { server: server.clone(), name }, remedies)
        }
    };
    Some(Finding::new(cause, vec![position], remedies))
}

fn asks_azure(step: &Step) -> Option<()> {
    let is_azure = |place: &Place| matches!(place, Place::AzureDns(_));
    (is_azure(&step.at) || step.via.iter().any(is_azure)).then_some(())
}

/// The conditional forwarder for the private zone, which never fires: whoever is asked follows the alias itself
/// [DMAUSER-DNS].
fn private_forwarder<'a>(server: Option<&'a DnsServer>, account: &Account<'_>) -> Option<&'a [Ipv4Addr]> {
    let mut forwarders = server?.conditional_forwarders.iter();
    forwarders.find(|(suffix, _)| account.name.zone.is_within(suffix)).map(|(_, targets)| targets.as_slice())
}

/// What follows the record in the public name, such as `blob.core.windows.net`.
fn public_suffix(account: &Account<'_>) -> String {
    let public = account.name.public.as_str();
    let record = format!("{}.", account.name.record);
    public.strip_prefix(record.as_str()).unwrap_or(public).to_owned()
}

/// The addresses inside Azure that answer as Azure DNS does: inbound endpoints, then machines that forward to it.
fn resolvers(case: &Case<'_>) -> impl Iterator<Item = Ipv4Addr> {
    let document = case.document;
    let inbound = document.dns_resolvers.iter().filter(|(_, row)| !row.inbound_endpoints.is_empty());
    let machines = document
        .virtual_machines
        .iter()
        .filter(|(_, row)| row.dns_server.as_deref().is_some_and(|server| server.forwarders.contains(&AZURE_DNS)));
    let ids: Vec<&Id> = inbound.map(|(id, _)| id).chain(machines.map(|(id, _)| id)).collect();
    ids.into_iter().filter_map(|id| case.network.address_of(id))
}
