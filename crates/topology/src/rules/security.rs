//! Network security groups [NSG-OV].

use std::collections::BTreeMap;

use super::limit;
use crate::command::Refusal;
use crate::{Document, Id};

/// Priorities from 100 to 4096, each once a direction.
pub(super) fn group(document: &Document, id: &Id, faults: &mut Vec<Refusal>) {
    let Some(row) = document.network_security_groups.get(id) else { return };
    let mut seen = BTreeMap::new();
    for (name, rule) in &row.security_rules {
        let priority = rule.priority as usize;
        if !(100..=4096).contains(&priority) {
            let (group, rule) = (id.clone(), name.clone());
            faults.push(Refusal::SecurityRuleInvalidPriority { group, rule, priority });
        }
        if let Some(other) = seen.insert((rule.direction, priority), name.clone()) {
            let (group, rule) = (id.clone(), name.clone());
            faults.push(Refusal::SecurityRuleConflict { group, rule, other, priority });
        }
    }
    limit(faults, id, "securityRules", row.security_rules.len(), 1_000);
}
