//! Security groups: rules read once, in the order they are tried [NSG-OV].

mod members;
mod service_tags;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv6Net};
use smol_str::{SmolStr, format_smolstr};
use topology::problem::ProblemCode;
use topology::resource::{self, Access, Direction, SecurityRuleProtocol};
use topology::{Document, Id};

use super::Problems;
use crate::network::Platform;
use crate::security::{AddressSet, SecurityGroup, SecurityRule, Side, Tag};
use crate::table::{ApplicationGroupIx, GroupIx, PlatformIx, Rows};

pub(super) use members::assemble;
use service_tags::ServiceTags;

/// The priorities a rule may have.
const PRIORITIES: std::ops::RangeInclusive<u32> = 100..=4096;
/// Rules in a group, prefixes on one side of a rule, application security groups on one side [VNET-LIMITS].
const MOST_RULES: usize = 1000;
const MOST_PREFIXES: usize = 4000;
const MOST_GROUPS: usize = 10;
const EVERY_PORT: (u16, u16) = (0, u16::MAX);

/// One side of a rule as the document states it.
struct Stated<'d> {
    name: &'static str,
    prefix: Option<&'d SmolStr>,
    prefixes: &'d [SmolStr],
    groups: &'d [Id],
    range: Option<&'d SmolStr>,
    ranges: &'d [SmolStr],
}

pub(super) fn groups(
    document: &Document,
    platforms: &Rows<PlatformIx, Platform>,
    problems: &mut Problems,
) -> Rows<GroupIx, SecurityGroup> {
    let mut tags = ServiceTags::new(document, platforms);
    Rows::compile(&document.network_security_groups, |id, row| {
        let count = row.security_rules.len();
        if count > MOST_RULES {
            problems.add(id, "securityRules", ProblemCode::SecurityLimit { count, limit: MOST_RULES });
        }
        check_priorities(id, row, problems);
        let mut group = SecurityGroup { inbound: Vec::new(), outbound: Vec::new() };
        for (name, rule) in &row.security_rules {
            let mut reader = Reader { document, id, name, tags: &mut tags, problems };
            let compiled = reader.rule(rule);
            match rule.direction {
                Direction::Inbound => group.inbound.push(compiled),
                Direction::Outbound => group.outbound.push(compiled),
            }
        }
        group.inbound.sort_by_key(|rule| rule.priority);
        group.outbound.sort_by_key(|rule| rule.priority);
        group.inbound.extend(default_rules(Direction::Inbound));
        group.outbound.extend(default_rules(Direction::Outbound));
        group
    })
}

fn check_priorities(id: &Id, group: &resource::NetworkSecurityGroup, problems: &mut Problems) {
    let mut taken: BTreeMap<(Direction, u32), &SmolStr> = BTreeMap::new();
    for (name, rule) in &group.security_rules {
        let priority = rule.priority;
        let field = format_smolstr!("securityRules/{name}/priority");
        if !PRIORITIES.contains(&priority) {
            problems.add(id, field.clone(), ProblemCode::SecurityRulePriority { priority });
        }
        match taken.get(&(rule.direction, priority)) {
            Some(other) => {
                let other = (*other).clone();
                problems.add(id, field, ProblemCode::SecurityRuleConflict { other, priority });
            }
            None => drop(taken.insert((rule.direction, priority), name)),
        }
    }
}

/// Reads the rules of one group.
struct Reader<'r, 'd> {
    document: &'d Document,
    id: &'d Id,
    name: &'d SmolStr,
    tags: &'r mut ServiceTags<'d>,
    problems: &'r mut Problems,
}

impl Reader<'_, '_> {
    fn rule(&mut self, rule: &resource::SecurityRule) -> SecurityRule {
        let source = Stated {
            name: "source",
            prefix: rule.source_address_prefix.as_ref(),
            prefixes: &rule.source_address_prefixes,
            groups: &rule.source_application_security_groups,
            range: rule.source_port_range.as_ref(),
            ranges: &rule.source_port_ranges,
        };
        let destination = Stated {
            name: "destination",
            prefix: rule.destination_address_prefix.as_ref(),
            prefixes: &rule.destination_address_prefixes,
            groups: &rule.destination_application_security_groups,
            range: rule.destination_port_range.as_ref(),
            ranges: &rule.destination_port_ranges,
        };
        SecurityRule {
            name: self.name.clone(),
            priority: rule.priority,
            access: rule.access,
            protocol: rule.protocol,
            source: self.side(&source),
            destination: self.side(&destination),
            is_default: false,
        }
    }

    fn side(&mut self, stated: &Stated<'_>) -> Side {
        let mut side = Side::nothing();
        let mut ranges = Vec::new();
        let prefixes: Vec<&SmolStr> = stated.prefix.into_iter().chain(stated.prefixes).collect();
        for prefix in &prefixes {
            side.stated.push((*prefix).clone());
            if *prefix == "*" {
                side.any = true;
            } else if let Some(range) = range_of(prefix) {
                ranges.push(range);
            } else if let Some(tag) = self.tags.read(prefix) {
                side.tags.push(tag);
            } else if prefix.parse::<Ipv6Net>().is_err() && prefix.parse::<std::net::Ipv6Addr>().is_err() {
                let prefix = (*prefix).clone();
                self.report(stated, "AddressPrefix", ProblemCode::SecurityRuleAddressPrefix { prefix });
            }
        }
        side.ranges = AddressSet::of(ranges);
        for group in stated.groups {
            side.stated.push(SmolStr::new(group.as_str()));
            let field = self.field(stated, "ApplicationSecurityGroups");
            let table = &self.document.application_security_groups;
            let found: Option<ApplicationGroupIx> = self.problems.reference(table, group, self.id, field);
            side.groups.extend(found);
        }
        if prefixes.is_empty() && stated.groups.is_empty() {
            side.any = true;
            side.stated.push(SmolStr::new_static("*"));
        }
        self.check(stated, &side, prefixes.len());
        self.ports(stated, &mut side);
        side
    }

    fn check(&mut self, stated: &Stated<'_>, side: &Side, n_prefixes: usize) {
        if side.tags.len() > 1 {
            self.report(stated, "AddressPrefixes", ProblemCode::SecurityRuleSeveralTags);
        }
        if n_prefixes > 0 && !stated.groups.is_empty() {
            self.report(stated, "ApplicationSecurityGroups", ProblemCode::SecurityRulePrefixesAndGroups);
        }
        if n_prefixes > MOST_PREFIXES {
            let code = ProblemCode::SecurityLimit { count: n_prefixes, limit: MOST_PREFIXES };
            self.report(stated, "AddressPrefixes", code);
        }
        if stated.groups.len() > MOST_GROUPS {
            let code = ProblemCode::SecurityLimit { count: stated.groups.len(), limit: MOST_GROUPS };
            self.report(stated, "ApplicationSecurityGroups", code);
        }
    }

    fn ports(&mut self, stated: &Stated<'_>, side: &mut Side) {
        for range in stated.range.into_iter().chain(stated.ranges) {
            side.stated_ports.push(range.clone());
            match ports_of(range) {
                Some(ports) => side.ports.push(ports),
                None => {
                    let range = range.clone();
                    self.report(stated, "PortRange", ProblemCode::SecurityRulePortRange { range });
                }
            }
        }
        if side.stated_ports.is_empty() {
            side.ports.push(EVERY_PORT);
            side.stated_ports.push(SmolStr::new_static("*"));
        }
    }

    fn field(&self, stated: &Stated<'_>, field: &str) -> SmolStr {
        format_smolstr!("securityRules/{}/{}{field}", self.name, stated.name)
    }

    fn report(&mut self, stated: &Stated<'_>, field: &str, code: ProblemCode) {
        let field = self.field(stated, field);
        self.problems.add(self.id, field, code);
    }
}

/// An address or a range.
fn range_of(text: &str) -> Option<Ipv4Net> {
    let address = || text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from);
    address().or_else(|| text.parse::<Ipv4Net>().ok()).map(|range| range.trunc())
}

/// A port, two ports with a hyphen between them, or `*`.
fn ports_of(text: &str) -> Option<(u16, u16)> {
    if text == "*" {
        return Some(EVERY_PORT);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

impl Side {
    fn nothing() -> Self {
        Self {
            stated: Vec::new(),
            stated_ports: Vec::new(),
            any: false,
            ranges: AddressSet::default(),
            tags: Vec::new(),
            groups: Vec::new(),
            ports: Vec::new(),
        }
    }

    /// A side of a default rule: every port, and the addresses of a tag or all.
    fn default_rule(tag: Option<(&'static str, Tag)>) -> Self {
        let any = tag.is_none();
        let (name, tags) = tag.map_or(("*", Vec::new()), |(name, tag)| (name, vec![tag]));
        let stated = vec![SmolStr::new_static(name)];
        let stated_ports = vec![SmolStr::new_static("*")];
        Self { stated, stated_ports, any, tags, ports: vec![EVERY_PORT], ..Self::nothing() }
    }
}

/// The three rules every group ends with, for one direction.
fn default_rules(direction: Direction) -> [SecurityRule; 3] {
    let network = || Side::default_rule(Some(("VirtualNetwork", Tag::VirtualNetwork)));
    let any = || Side::default_rule(None);
    let rule = |name, priority, access, source, destination| SecurityRule {
        name: SmolStr::new_static(name),
        priority,
        access,
        protocol: SecurityRuleProtocol::Any,
        source,
        destination,
        is_default: true,
    };
    match direction {
        Direction::Inbound => {
            let probes = Side::default_rule(Some(("AzureLoadBalancer", Tag::AzureLoadBalancer)));
            [
                rule("AllowVnetInBound", 65000, Access::Allow, network(), network()),
                rule("AllowAzureLoadBalancerInBound", 65001, Access::Allow, probes, any()),
                rule("DenyAllInBound", 65500, Access::Deny, any(), any()),
            ]
        }
        Direction::Outbound => {
            let internet = Side::default_rule(Some(("Internet", Tag::Internet)));
            [
                rule("AllowVnetOutBound", 65000, Access::Allow, network(), network()),
                rule("AllowInternetOutBound", 65001, Access::Allow, any(), internet),
                rule("DenyAllOutBound", 65500, Access::Deny, any(), any()),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ports_of;

    #[test]
    fn a_port_range_is_a_port_or_two_in_order_or_a_star() {
        assert_eq!(ports_of("443"), Some((443, 443)));
        assert_eq!(ports_of("8000-8080"), Some((8000, 8080)));
        assert_eq!(ports_of("*"), Some((0, 65535)));
        for wrong in ["", "-", "8080-8000", "1-2-3", "70000", "http"] {
            assert_eq!(ports_of(wrong), None, "{wrong}");
        }
    }
}
