//! Why a name is answered where it is: every zone and rule that could take it, and why each won or lost.

use smol_str::SmolStr;
use topology::Id;
use topology::resource::ResolutionPolicy;
use wire::DomainName;

use crate::names::{RuleDomain, is_reserved, suffixes};
use crate::network::Network;
use crate::table::NetworkIx;

/// Everything that could take one name asked at 168.63.129.16 from one network. Aliases are names of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameExplanation {
    /// Zones whose name is a suffix of the name, longest first, then in document order.
    pub zones: Vec<ZoneCandidate>,
    /// Rules whose domain covers the name, longest first, then in document order.
    pub rules: Vec<RuleCandidate>,
    /// Whether the public DNS is asked in the end.
    pub public: bool,
}

/// A private zone that could hold the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneCandidate {
    /// The zone.
    pub zone: Id,
    /// How many labels of the name it covers.
    pub labels: usize,
    /// The link to the asking network that counts, where there is one.
    pub link: Option<SmolStr>,
    /// Whether it holds the name.
    pub holds: bool,
    /// What became of it.
    pub verdict: ZoneVerdict,
}

/// What became of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZoneVerdict {
    /// It answers.
    Answers,
    /// It is the authority and says that the name does not exist.
    SaysMissing,
    /// It does not hold the name, and its link sends the question on to the public DNS.
    Redirects,
    /// No link to the asking network.
    NotLinked,
    /// The network is linked to another zone of the same name.
    SameNameLinked {
        /// That zone.
        linked: Id,
    },
    /// A longer linked zone is the authority (assumption A15).
    LongerZone {
        /// That zone.
        zone: Id,
    },
}

/// A forwarding rule that could take the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCandidate {
    /// The ruleset.
    pub ruleset: Id,
    /// The rule's name.
    pub rule: SmolStr,
    /// Its domain as written.
    pub domain: SmolStr,
    /// What became of it.
    pub verdict: RuleVerdict,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleVerdict {
    /// It forwards the question.
    Forwards,
    /// A linked private zone comes before every rule [PR-OV].
    PrivateZoneFirst {
        /// That zone.
        zone: Id,
    },
    /// Its ruleset is not linked to the asking network.
    NotLinked,
    /// `forwardingRuleState` is `Disabled`.
    Disabled,
    /// Azure refuses it.
    Refused,
    /// A `.` rule passes Azure's own domains over (assumption A40).
    ReservedDomain,
    /// A rule with a longer domain, or an earlier one with the same, takes it.
    LongerRule {
        /// That rule's ruleset.
        ruleset: Id,
        /// Its name.
        rule: SmolStr,
    },
}

impl Network {
    /// Which zones and rules could take a name asked at Azure DNS from a network, and what became of each.
    #[must_use]
    pub fn explain_name(&self, network: &Id, name: &DomainName) -> Option<NameExplanation> {
        let asking = self.networks.find(network)?;
        let zones = self.zone_candidates(asking, name);
        let authority = zones.iter().find(|candidate| {
            matches!(candidate.verdict, ZoneVerdict::Answers | ZoneVerdict::SaysMissing | ZoneVerdict::Redirects)
        });
        let redirected = authority.is_some_and(|candidate| candidate.verdict == ZoneVerdict::Redirects);
        let rules = self.rule_candidates(asking, name, authority.map(|candidate| &candidate.zone));
        let forwarded = rules.iter().any(|candidate| candidate.verdict == RuleVerdict::Forwards);
        let public = redirected || (authority.is_none() && !forwarded);
        Some(NameExplanation { zones, rules, public })
    }

    fn zone_candidates(&self, asking: NetworkIx, name: &DomainName) -> Vec<ZoneCandidate> {
        let links = &self.networks[asking].links;
        let authority = suffixes(name).find_map(|suffix| links.get(&suffix));
        let mut candidates: Vec<ZoneCandidate> = Vec::new();
        for (index, id, zone) in self.zones.iter().filter(|(_, _, zone)| name.is_within(&zone.name)) {
            let linked = links.get(&zone.name);
            let link = linked.filter(|link| link.zone == index);
            let set = zone.find(name);
            let verdict = match (linked, link, authority) {
                (None, _, _) => ZoneVerdict::NotLinked,
                (Some(other), None, _) => ZoneVerdict::SameNameLinked { linked: self.zones.id(other.zone).clone() },
                (Some(_), Some(_), Some(authority)) if authority.zone != index => {
                    ZoneVerdict::LongerZone { zone: self.zones.id(authority.zone).clone() }
                }
                (Some(_), Some(link), _) => match (set.is_some(), link.policy) {
                    (true, _) => ZoneVerdict::Answers,
                    (false, ResolutionPolicy::Default) => ZoneVerdict::SaysMissing,
                    (false, ResolutionPolicy::NxDomainRedirect) => ZoneVerdict::Redirects,
                },
            };
            candidates.push(ZoneCandidate {
                zone: id.clone(),
                labels: zone.name.n_labels(),
                link: link.map(|link| link.name.clone()),
                holds: set.is_some(),
                verdict,
            });
        }
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.labels));
        candidates
    }

    fn rule_candidates(&self, asking: NetworkIx, name: &DomainName, zone: Option<&Id>) -> Vec<RuleCandidate> {
        let winner = self.networks[asking].rules.find(name);
        let mut candidates: Vec<(usize, RuleCandidate)> = Vec::new();
        for (index, id, ruleset) in self.rulesets.iter() {
            let is_linked = ruleset.links.iter().any(|(_, network)| *network == asking);
            for (position, rule) in ruleset.rules.iter().enumerate() {
                let written = rule.domain_name.strip_suffix('.').unwrap_or(&rule.domain_name);
                let labels = match &rule.domain {
                    RuleDomain::Wildcard => 0,
                    RuleDomain::Within(domain) if name.is_within(domain) => domain.n_labels(),
                    RuleDomain::Refused if rule.domain_name == "." => 0,
                    RuleDomain::Refused if written.parse().is_ok_and(|domain| name.is_within(&domain)) => {
                        written.split('.').count()
                    }
                    RuleDomain::Within(_) | RuleDomain::Refused => continue,
                };
                let wins = winner.is_some_and(|winner| winner.ruleset == index && winner.rule == position);
                let verdict = if rule.domain == RuleDomain::Refused {
                    RuleVerdict::Refused
                } else if !is_linked {
                    RuleVerdict::NotLinked
                } else if !rule.enabled {
                    RuleVerdict::Disabled
                } else if let Some(zone) = zone {
                    RuleVerdict::PrivateZoneFirst { zone: zone.clone() }
                } else if wins {
                    RuleVerdict::Forwards
                } else if rule.domain == RuleDomain::Wildcard && is_reserved(name) {
                    RuleVerdict::ReservedDomain
                } else if let Some(winner) = winner {
                    let ruleset = &self.rulesets[winner.ruleset];
                    let rule = ruleset.rules[winner.rule].name.clone();
                    RuleVerdict::LongerRule { ruleset: self.rulesets.id(winner.ruleset).clone(), rule }
                } else {
                    continue;
                };
                let (ruleset, rule, domain) = (id.clone(), rule.name.clone(), rule.domain_name.clone());
                candidates.push((labels, RuleCandidate { ruleset, rule, domain, verdict }));
            }
        }
        candidates.sort_by_key(|(labels, _)| std::cmp::Reverse(*labels));
        candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }
}
