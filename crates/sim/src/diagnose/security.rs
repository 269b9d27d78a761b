//! Causes in security groups.

use super::case::Case;
use super::{Finding, RootCause, Rule};
use crate::trace::Event;

pub(super) const RULES: &[Rule] = &[probe_denied];

/// Backends whose probes are denied count as down [PROBE].
fn probe_denied(case: &Case<'_>) -> Option<Finding> {
    let (position, cause) = case.last(|step| {
        let Event::ProbeDenied { interface, group, rule, .. } = &step.event else { return None };
        let (group, rule, interface) = (group.clone(), rule.clone(), interface.clone());
        Some(RootCause::ProbeDenied { group, rule, interface })
    })?;
    Some(Finding::new(cause, vec![position, case.end()], Vec::new()))
}
