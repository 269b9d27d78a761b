//! Causes of what was to be blocked, and is not.

use topology::command::Command;
use topology::resource::{DefaultAction, PrivateEndpointNetworkPolicies, PublicNetworkAccess};

use super::case::Case;
use super::security::apply_to_endpoints;
use super::{Finding, RootCause, Rule};
use crate::trace::{Event, PathKind};

pub(super) const RULES: &[Rule] = &[security_not_applied, public_access_open];

/// A security group that would deny does not apply to private endpoints of its subnet [PE-POLICY].
fn security_not_applied(case: &Case<'_>) -> Option<Finding> {
    if case.is_wanted() {
        return None;
    }
    let (position, (subnet, group, rule, policies)) = case.first(|step| {
        let Event::SecurityNotApplied { subnet, group, rule, policies } = &step.event else { return None };
        Some((subnet.clone(), group.clone(), rule.clone(), *policies))
    })?;
    let with_routes = policies == PrivateEndpointNetworkPolicies::RouteTableEnabled;
    let remedies = vec![vec![apply_to_endpoints(&subnet, with_routes)]];
    Some(Finding::new(RootCause::SecurityNotApplied { subnet, group, rule, policies }, vec![position], remedies))
}

/// A private endpoint adds a door and closes none [PE-OV].
fn public_access_open(case: &Case<'_>) -> Option<Finding> {
    if case.is_wanted() || case.trace.path() != Some(PathKind::Public) {
        return None;
    }
    let (position, service) = case.first(|step| {
        let Event::PlatformAccepted { service, private: false, .. } = &step.event else { return None };
        Some(service.clone())
    })?;
    let closed = Command::SetPublicNetworkAccess { service: service.clone(), access: PublicNetworkAccess::Disabled };
    let denied = Command::SetDefaultAction { service: service.clone(), action: DefaultAction::Deny };
    let remedies = vec![vec![closed.into()], vec![denied.into()]];
    Some(Finding::new(RootCause::PublicAccessOpen { service }, vec![position, case.end()], remedies))
}
