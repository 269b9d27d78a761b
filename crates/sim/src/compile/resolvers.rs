//! DNS private resolvers and forwarding rulesets [PR-OV][PR-RULES].

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};
use topology::problem::ProblemCode;
use topology::resource::{ForwardingRule, ForwardingRuleState};
use topology::{Document, Id};
use wire::DomainName;
use wire::packet::Socket;

use super::Problems;
use crate::names::{LinkedRule, Resolver, ResolverEndpoint, Rule, RuleDomain, Ruleset};
use crate::network::Network;
use crate::table::{Index, NetworkIx, ResolverIx, Rows, RulesetIx, SubnetIx};
use crate::walk::AZURE_DNS;

/// A resolver's subnet is a /28 at least and a /24 at most.
const SUBNET_LENGTHS: std::ops::RangeInclusive<u8> = 24..=28;
/// How many labels a rule's domain has.
const RULE_LABELS: std::ops::RangeInclusive<usize> = 2..=34;

pub(super) fn resolvers(document: &Document, problems: &mut Problems) -> Rows<ResolverIx, Resolver> {
    let mut first: BTreeMap<&Id, &Id> = BTreeMap::new();
    Rows::compile(&document.dns_resolvers, |id, row| {
        let owner = &row.virtual_network;
        let network = problems.reference(&document.virtual_networks, owner, id, "virtualNetwork");
        let resolver = *first.entry(owner).or_insert(id);
        if resolver != id {
            let code = ProblemCode::SecondResolver { network: owner.clone(), resolver: resolver.clone() };
            problems.add(id, "virtualNetwork", code);
        }
        let mut endpoint = |list: &str, name: &SmolStr, subnet: &Id| {
            let field = format_smolstr!("{list}/{name}/subnet");
            check_subnet(document, owner, subnet, id, &field, problems);
            let subnet: Option<SubnetIx> = problems.reference(&document.subnets, subnet, id, field);
            ResolverEndpoint { name: name.clone(), subnet, address: None }
        };
        let inbound = row.inbound_endpoints.iter().map(|(name, row)| endpoint("inboundEndpoints", name, &row.subnet));
        let inbound = inbound.collect();
        let outbound =
            row.outbound_endpoints.iter().map(|(name, row)| endpoint("outboundEndpoints", name, &row.subnet));
        Resolver { network, inbound, outbound: outbound.collect() }
    })
}

fn check_subnet(
    document: &Document,
    network: &Id,
    subnet: &Id,
    resolver: &Id,
    field: &SmolStr,
    problems: &mut Problems,
) {
    let Some(row) = document.subnets.get(subnet) else { return };
    if row.virtual_network != *network {
        problems.add(resolver, field.clone(), ProblemCode::SubnetOfOtherNetwork { subnet: subnet.clone() });
    }
    if !SUBNET_LENGTHS.contains(&row.address_prefix.prefix_len()) {
        problems.add(resolver, field.clone(), ProblemCode::ResolverSubnetSize { subnet: subnet.clone() });
    }
}

pub(super) fn rulesets(document: &Document, problems: &mut Problems) -> Rows<RulesetIx, Ruleset> {
    Rows::compile(&document.dns_forwarding_rulesets, |id, row| {
        let mut outbound = None;
        for (position, reference) in row.dns_resolver_outbound_endpoints.iter().enumerate() {
            let resolver = document.dns_resolvers.get(&reference.parent);
            let child = resolver.and_then(|row| row.outbound_endpoints.get_index_of(&reference.child));
            let index = document.dns_resolvers.index_of(&reference.parent).map(ResolverIx::new);
            match index.zip(child) {
                Some(found) => outbound = outbound.or(Some(found)),
                None => {
                    let field = format_smolstr!("dnsResolverOutboundEndpoints/{position}");
                    problems.missing(id, field, &format_smolstr!("{reference}"));
                }
            }
        }
        let rules = row.forwarding_rules.iter().map(|(name, rule)| compile_rule(id, name, rule, problems)).collect();
        let links = row.virtual_network_links.iter().filter_map(|(name, link)| {
            let field = format_smolstr!("virtualNetworkLinks/{name}");
            let linked: Option<NetworkIx> =
                problems.reference(&document.virtual_networks, &link.virtual_network, id, field);
            Some((name.clone(), linked?))
        });
        let links = links.collect();
        Ruleset { outbound, rules, links }
    })
}

fn compile_rule(ruleset: &Id, name: &SmolStr, rule: &ForwardingRule, problems: &mut Problems) -> Rule {
    let field = format_smolstr!("forwardingRules/{name}");
    let mut domain = parse_domain(&rule.domain_name);
    if domain == RuleDomain::Refused {
        let code = ProblemCode::RuleDomainInvalid { domain: rule.domain_name.clone() };
        problems.add(ruleset, format_smolstr!("{field}/domainName"), code);
    }
    for (position, target) in rule.target_dns_servers.iter().enumerate() {
        if target.ip_address == AZURE_DNS {
            let field = format_smolstr!("{field}/targetDnsServers/{position}");
            problems.add(ruleset, field, ProblemCode::RuleTargetIsAzureDns);
            domain = RuleDomain::Refused;
        }
    }
    Rule {
        name: name.clone(),
        domain_name: rule.domain_name.clone(),
        domain,
        targets: rule.target_dns_servers.iter().map(|target| Socket::new(target.ip_address, target.port)).collect(),
        enabled: rule.forwarding_rule_state == ForwardingRuleState::Enabled,
    }
}

fn parse_domain(text: &str) -> RuleDomain {
    if text == "." {
        return RuleDomain::Wildcard;
    }
    let name: Option<DomainName> = text.strip_suffix('.').and_then(|name| name.parse().ok());
    match name.filter(|name| RULE_LABELS.contains(&name.n_labels())) {
        Some(name) => RuleDomain::Within(name),
        None => RuleDomain::Refused,
    }
}

/// Gives every linked network its enabled rules by domain; of two rules for one domain the first in the document counts.
pub(super) fn link(network: &mut Network, problems: &mut Problems) {
    for (ruleset, id, row) in network.rulesets.iter() {
        for (link, linked) in &row.links {
            for (rule, compiled) in row.rules.iter().enumerate().filter(|(_, rule)| rule.enabled) {
                let entry = || LinkedRule { ruleset, link: link.clone(), rule };
                let rules = &mut network.networks[*linked].rules;
                match &compiled.domain {
                    RuleDomain::Wildcard => drop(rules.wildcard.get_or_insert_with(entry)),
                    RuleDomain::Within(domain) => drop(rules.by_domain.entry(domain.clone()).or_insert_with(entry)),
                    RuleDomain::Refused => continue,
                }
                if leads_back(&network.resolvers, *linked, compiled) {
                    let network = network.networks.id(*linked).clone();
                    let code = ProblemCode::RulesetLoop { rule: compiled.name.clone(), network };
                    problems.add(id, format_smolstr!("virtualNetworkLinks/{link}"), code);
                }
            }
        }
    }
}

/// Whether a rule forwards to an inbound endpoint of the network itself: it would ask the same rules again [PR-RULES].
fn leads_back(resolvers: &Rows<ResolverIx, Resolver>, network: NetworkIx, rule: &Rule) -> bool {
    let own = resolvers.iter().filter(|(_, _, resolver)| resolver.network == Some(network));
    let mut addresses = own.flat_map(|(_, _, resolver)| &resolver.inbound).filter_map(|endpoint| endpoint.address);
    addresses.any(|address| rule.targets.iter().any(|target| target.address == address))
}
