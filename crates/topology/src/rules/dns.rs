//! Private DNS zones, forwarding rulesets and resolvers.

use std::net::Ipv4Addr;

use super::limit;
use crate::command::Refusal;
use crate::{Document, Id};

/// The address Azure's own resolver answers at [WIRE-IP].
const AZURE_DNS: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// One link for each network, no second zone of the same name, and one zone a network registers in [VNET-LINKS].
pub(super) fn zone(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.private_dns_zones.get(id) else { return };
    let mut linked: Vec<&Id> = Vec::new();
    for link in row.virtual_network_links.values() {
        let network = &link.virtual_network;
        if linked.contains(&network) {
            faults.push(Refusal::AlreadyLinked { zone: id.clone(), network: network.clone() });
        }
        linked.push(network);
        for (other, candidate) in document.private_dns_zones.iter().filter(|(other, _)| *other != id) {
            let links = candidate.virtual_network_links.values().filter(|link| link.virtual_network == *network);
            let (network, zone) = (network.clone(), id.clone());
            if candidate.name == row.name && links.clone().next().is_some() {
                faults.push(Refusal::OverlappingNamespaces { network, linked: other.clone(), zone });
            } else if link.registration_enabled && links.clone().any(|link| link.registration_enabled) {
                faults.push(Refusal::SecondRegistrationZone { network, registered: other.clone() });
            }
        }
    }
    let labels = row.name.to_string().split('.').count();
    if !(2..=34).contains(&labels) {
        faults.push(Refusal::ZoneNameLabels { zone: id.clone(), count: labels });
    }
    let registering = row.virtual_network_links.values().filter(|link| link.registration_enabled).count();
    let siblings = document.private_dns_zones.iter().filter(|(_, other)| other.subscription == row.subscription);
    limit(faults, &row.subscription, "privateDnsZones", siblings.count(), 1_000);
    limit(faults, id, "virtualNetworkLinks", row.virtual_network_links.len(), 1_000);
    limit(faults, id, "virtualNetworkLinksWithRegistration", registering, 100);
    limit(faults, id, "recordSets", row.record_sets.len(), 25_000);
    let longest = row.record_sets.values().map(|set| set.a_records.len()).max().unwrap_or_default();
    limit(faults, id, "aRecords", longest, 20);
}

/// No rule forwards to Azure's own resolver [PR-RULES].
pub(super) fn ruleset(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.dns_forwarding_rulesets.get(id) else { return };
    for (name, rule) in &row.forwarding_rules {
        if rule.target_dns_servers.iter().any(|target| target.ip_address == AZURE_DNS) {
            faults.push(Refusal::RuleTargetIsAzureDns { ruleset: id.clone(), rule: name.clone() });
        }
        limit(faults, id, "targetDnsServers", rule.target_dns_servers.len(), 6);
    }
    limit(faults, id, "forwardingRules", row.forwarding_rules.len(), 1_000);
    limit(faults, id, "virtualNetworkLinks", row.virtual_network_links.len(), 500);
    limit(faults, id, "dnsResolverOutboundEndpoints", row.dns_resolver_outbound_endpoints.len(), 2);
}

/// One resolver for each network, with five endpoints a direction [PR-LIMITS].
pub(super) fn resolver(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.dns_resolvers.get(id) else { return };
    let network = &row.virtual_network;
    let first = document.dns_resolvers.iter().find(|(_, other)| other.virtual_network == *network);
    if let Some((first, _)) = first.filter(|(first, _)| *first != id) {
        let (resolver, network, other) = (id.clone(), network.clone(), first.clone());
        faults.push(Refusal::SecondResolver { resolver, network, other });
    }
    if let Some(subscription) = document.subscription_of(id) {
        let own = document.dns_resolvers.ids().filter(|id| document.subscription_of(id) == Some(subscription));
        limit(faults, subscription, "dnsResolvers", own.count(), 15);
    }
    limit(faults, id, "inboundEndpoints", row.inbound_endpoints.len(), 5);
    limit(faults, id, "outboundEndpoints", row.outbound_endpoints.len(), 5);
}
