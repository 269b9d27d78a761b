//! Causes in security groups.

use serde_json::json;
use smol_str::SmolStr;
use topology::Kind;
use topology::resource::{Access, Direction};

use super::case::Case;
use super::edit::{Flow, create, rule_before, set, unset};
use super::{Finding, RootCause, Rule};
use crate::trace::{DropCause, Event};

pub(super) const RULES: &[Rule] = &[probe_denied, closed_by_default, denied];

/// Where health probes come from, as a rule names it.
const PROBES: SmolStr = SmolStr::new_static("AzureLoadBalancer");

/// Backends whose probes are denied count as down [PROBE].
fn probe_denied(case: &Case<'_>) -> Option<Finding> {
    let (position, cause) = case.last(|step| {
        let Event::ProbeDenied { interface, group, rule, .. } = &step.event else { return None };
        let (group, rule, interface) = (group.clone(), rule.clone(), interface.clone());
        Some(RootCause::ProbeDenied { group, rule, interface })
    })?;
    let RootCause::ProbeDenied { group, rule, .. } = &cause else { return None };
    let stated = case.document.network_security_groups.get(group)?.security_rules.get(rule);
    let priority = stated.map_or(u32::MAX, |rule| rule.priority);
    let flow = Flow {
        direction: Direction::Inbound,
        access: Access::Allow,
        source: Some(PROBES),
        destination: None,
        port: None,
    };
    let remedies = rule_before(case.document, group, priority, "allow-probes", &flow).map(|remedy| vec![remedy]);
    Some(Finding::new(cause, vec![position, case.end()], remedies.into_iter().collect()))
}

/// A Standard public address takes nothing in before a security group allows it [LB-OV].
fn closed_by_default(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ClosedByDefault { interface }, _) = case.dropped()? else { return None };
    let document = case.document;
    let subnet = document.subnet_of(interface)?;
    let port = case.trace.steps.get(case.end())?.before?.destination.port;
    let group = document.free_id(&format!("nsg-{subnet}"));
    let row = json!({
        "subscription": document.subscription_of(subnet)?,
        "securityRules": { (format!("allow-{port}")): {
            "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "destinationPortRange": port.to_string(),
        } },
    });
    let attach = set(subnet, &["networkSecurityGroup"], group.as_str());
    let remedies = vec![vec![create(Kind::NetworkSecurityGroup, group, row), attach]];
    let cause = RootCause::ClosedByDefault { interface: interface.clone(), subnet: subnet.clone() };
    Some(Finding::new(cause, vec![case.end()], remedies))
}

/// A rule denies the flow itself.
fn denied(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let DropCause::DeniedBySecurityGroup { group, direction, rule, .. } = cause else { return None };
    let (position, priority) = case.last(|step| {
        let Event::SecurityEvaluated { group: other, access: Access::Deny, priority, .. } = &step.event else {
            return None;
        };
        (other == group).then_some(*priority)
    })?;
    let packet = case.trace.steps.get(position)?.before?;
    let flow = Flow {
        direction: *direction,
        access: Access::Allow,
        source: Some(smol_str::format_smolstr!("{}", packet.source.address)),
        destination: Some(smol_str::format_smolstr!("{}", packet.destination.address)),
        port: Some(packet.destination.port),
    };
    let name = format!("allow-{}", packet.destination.port);
    let allow = rule_before(case.document, group, priority, &name, &flow);
    let is_written = case.document.network_security_groups.get(group)?.security_rules.contains_key(rule);
    let take_away = is_written.then(|| unset(group, &["securityRules", rule]));
    let remedies = allow.into_iter().chain(take_away).map(|remedy| vec![remedy]).collect();
    let cause = RootCause::Dropped { cause: cause.clone(), at: at.clone() };
    Some(Finding::new(cause, vec![position, case.end()], remedies))
}

/// Lets security groups apply to the private endpoints of a subnet [PE-POLICY].
pub(super) fn apply_to_endpoints(subnet: &topology::Id, with_routes: bool) -> super::Remedy {
    let policies = if with_routes { "Enabled" } else { "NetworkSecurityGroupEnabled" };
    set(subnet, &["privateEndpointNetworkPolicies"], policies)
}
