//! Who answers questions for names, compiled: guests' DNS servers, resolver endpoints, forwarding rules.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use smol_str::SmolStr;
use topology::Id;
use wire::DomainName;
use wire::packet::Socket;

use crate::network::{Network, RecordSet, Zone};
use crate::table::{NetworkIx, ResolverIx, RulesetIx, SubnetIx};

/// The port DNS servers listen on.
pub(crate) const DNS_PORT: u16 = 53;

/// A DNS server in a guest.
#[derive(Clone, Debug)]
pub(crate) struct DnsServer {
    pub(crate) zones: BTreeMap<DomainName, Zone>,
    pub(crate) conditional_forwarders: BTreeMap<DomainName, Vec<Ipv4Addr>>,
    pub(crate) forwarders: Vec<Ipv4Addr>,
    pub(crate) root_hints: bool,
}

/// Where a guest's DNS server turns for a name.
pub(crate) enum Authority<'n> {
    /// A zone of its own.
    Zone(&'n Zone),
    /// The conditional forwarder of this suffix.
    Conditional(DomainName, &'n [Ipv4Addr]),
    /// Its forwarders, then the root servers.
    Others,
}

impl DnsServer {
    /// The longest suffix decides; a zone of its own beats a conditional forwarder of the same name.
    pub(crate) fn authority(&self, name: &DomainName) -> Authority<'_> {
        for suffix in suffixes(name) {
            if let Some(zone) = self.zones.get(&suffix) {
                return Authority::Zone(zone);
            }
            if let Some(targets) = self.conditional_forwarders.get(&suffix) {
                return Authority::Conditional(suffix, targets);
            }
        }
        Authority::Others
    }
}

/// A DNS private resolver.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    pub(crate) network: Option<NetworkIx>,
    pub(crate) inbound: Vec<ResolverEndpoint>,
    pub(crate) outbound: Vec<ResolverEndpoint>,
}

#[derive(Clone, Debug)]
pub(crate) struct ResolverEndpoint {
    pub(crate) name: SmolStr,
    pub(crate) subnet: Option<SubnetIx>,
    pub(crate) address: Option<Ipv4Addr>,
}

/// A forwarding ruleset.
#[derive(Clone, Debug)]
pub(crate) struct Ruleset {
    /// The first outbound endpoint that exists, by its position in the resolver.
    pub(crate) outbound: Option<(ResolverIx, usize)>,
    pub(crate) rules: Vec<Rule>,
    /// Link names and the networks linked.
    pub(crate) links: Vec<(SmolStr, NetworkIx)>,
}

/// One rule of a ruleset.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: SmolStr,
    /// As written.
    pub(crate) domain_name: SmolStr,
    pub(crate) domain: RuleDomain,
    pub(crate) targets: Vec<Socket>,
    pub(crate) enabled: bool,
}

/// The names a rule takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RuleDomain {
    /// Every name but Azure's own.
    Wildcard,
    /// The names within a domain.
    Within(DomainName),
    /// None: Azure refuses the rule.
    Refused,
}

/// A rule as a linked network meets it.
#[derive(Clone, Debug)]
pub(crate) struct LinkedRule {
    pub(crate) ruleset: RulesetIx,
    pub(crate) link: SmolStr,
    /// The rule's position in the ruleset.
    pub(crate) rule: usize,
}

/// The enabled rules a network meets, by domain.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkedRules {
    pub(crate) by_domain: BTreeMap<DomainName, LinkedRule>,
    pub(crate) wildcard: Option<LinkedRule>,
}

impl LinkedRules {
    /// The rule of the longest domain; `.` takes what is left, except Azure's own domains [PR-RULES].
    pub(crate) fn find(&self, name: &DomainName) -> Option<&LinkedRule> {
        if !self.by_domain.is_empty()
            && let Some(found) = suffixes(name).find_map(|suffix| self.by_domain.get(&suffix))
        {
            return Some(found);
        }
        self.wildcard.as_ref().filter(|_| !is_reserved(name))
    }
}

/// Whether a `.` rule passes a name over because its last two labels are Azure's (assumption A40).
pub(crate) fn is_reserved(name: &DomainName) -> bool {
    let mut labels = name.labels().rev();
    let (Some(top), Some(second)) = (labels.next(), labels.next()) else { return false };
    crate::catalogue::catalogue().is_reserved(second, top)
}

/// The name itself and every name above it, longest first.
pub(crate) fn suffixes(name: &DomainName) -> impl Iterator<Item = DomainName> {
    let mut rest = Some(name.as_str());
    std::iter::from_fn(move || {
        let current = rest?;
        rest = current.split_once('.').map(|(_, parent)| parent);
        Some(current)
    })
    .filter_map(|suffix| suffix.parse().ok())
}

impl Zone {
    /// The record set of a name, or of the wildcard that covers it (RFC 4592).
    pub(crate) fn find(&self, name: &DomainName) -> Option<&RecordSet> {
        let relative = name.relative_to(&self.name)?;
        if let Some(set) = self.records.get(relative) {
            return Some(set);
        }
        let mut rest = relative;
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(set) = self.records.get(format!("*.{parent}").as_str()) {
                return Some(set);
            }
            rest = parent;
        }
        if relative == "@" { None } else { self.records.get("*") }
    }
}

impl Network {
    /// The inbound endpoints of a DNS resolver that have an address: name and address.
    #[must_use]
    pub fn inbound_endpoints(&self, resolver: &Id) -> Vec<(SmolStr, Ipv4Addr)> {
        let endpoints = self.resolvers.by_id(resolver).map_or(&[][..], |row| &row.inbound);
        endpoints.iter().filter_map(|endpoint| Some((endpoint.name.clone(), endpoint.address?))).collect()
    }

    /// The machines a registration link wrote into a zone: name relative to the zone and address [VNET-LINKS].
    #[must_use]
    pub fn registered_in(&self, zone: &Id) -> Vec<(SmolStr, Ipv4Addr)> {
        let records = self.zones.by_id(zone).map(|zone| zone.records.iter());
        let registered = records.into_iter().flatten().filter(|(_, set)| set.registered);
        registered.filter_map(|(name, set)| Some((name.clone(), *set.addresses.first()?))).collect()
    }
}
