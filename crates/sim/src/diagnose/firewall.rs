//! Causes in the firewalls of platform services, read from their lines.

use serde_json::{Value, json};
use topology::catalogue::catalogue;
use topology::command::Command;
use topology::resource::DefaultAction;
use topology::{Id, Kind};

use super::case::Case;
use super::edit::set;
use super::{Finding, Remedy, RootCause, Rule};
use crate::firewall::{FirewallRule, LineVerdict, Mismatch};
use crate::trace::{DropCause, Event, FirewallVerdict, Place};

pub(super) const RULES: &[Rule] = &[redirected, denied];

/// A redirect leads to a port that nobody lets through [SQL-REDIR].
fn redirected(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::DeniedBySecurityGroup { .. }, _) = case.dropped()? else { return None };
    let (position, (service, port)) = case.last(|step| match (&step.event, &step.at) {
        (Event::LoginRedirected { port, .. }, Place::Resource(service)) => Some((service.clone(), *port)),
        _ => None,
    })?;
    let remedies = vec![vec![set(&service, &["connectionPolicy"], "Proxy")]];
    Some(Finding::new(RootCause::RedirectBlocked { service, port }, vec![position, case.end()], remedies))
}

/// The firewall lets nobody in whom no line names [STG-NET].
fn denied(case: &Case<'_>) -> Option<Finding> {
    let (position, (service, verdict, identity)) = case.last(|step| match (&step.event, &step.at) {
        (Event::FirewallEvaluated { verdict, subnet, .. }, Place::Resource(service)) => {
            (!verdict.allows()).then_some((service, *verdict, subnet.as_ref()))
        }
        _ => None,
    })?;
    if !case.is_wanted() {
        return None;
    }
    let evidence = vec![position, case.end()];
    if verdict != FirewallVerdict::DeniedByDefault {
        return None;
    }
    let lines = case.network.explain_firewall_of(case.trace);
    let missed = |wanted: Mismatch| lines.iter().any(|line| line.verdict == LineVerdict::Misses(wanted));
    let names_subnets = lines.iter().any(|line| matches!(line.rule, FirewallRule::VirtualNetworkRule { .. }));
    let sender = case.document.subnet_of(&case.trace.request.from);
    let service = service.clone();
    let (cause, remedies) = match (identity, sender) {
        (Some(subnet), _) => {
            let cause = RootCause::SubnetNotAdmitted { service: service.clone(), subnet: subnet.clone() };
            (cause, vec![admit(case, &service, subnet).into_iter().collect()])
        }
        (None, Some(subnet)) if missed(Mismatch::SameRegion) => {
            let cause = RootCause::SameRegionRule { service: service.clone(), subnet: subnet.clone() };
            (cause, vec![by_service_endpoint(case, &service, subnet)])
        }
        (None, Some(subnet)) if names_subnets => {
            let cause = RootCause::NoServiceEndpoint { service: service.clone(), subnet: subnet.clone() };
            (cause, vec![by_service_endpoint(case, &service, subnet)])
        }
        (None, _) => {
            let open = Command::SetDefaultAction { service: service.clone(), action: DefaultAction::Allow };
            let cause = RootCause::CallerNotAdmitted { service: service.clone() };
            (cause, vec![vec![admit_address(case, &service)?], vec![open.into()]])
        }
    };
    Some(Finding::new(cause, evidence, remedies))
}

/// Adds an entry to a list of a resource.
fn added(case: &Case<'_>, kind: Kind, id: &Id, path: &[&str], entry: Value) -> Option<Remedy> {
    let resource = case.document.resource(kind, id)?;
    let found = path.iter().try_fold(&resource, |place, key| place.get(key));
    let mut list = found.and_then(Value::as_array).cloned().unwrap_or_default();
    list.push(entry);
    Some(set(id, path, list))
}

/// Names a subnet in the firewall.
fn admit(case: &Case<'_>, service: &Id, subnet: &Id) -> Option<Remedy> {
    let path = ["networkAcls", "virtualNetworkRules"];
    added(case, Kind::PlatformService, service, &path, json!({ "virtualNetworkResourceId": subnet }))
}

/// Names the caller's public address in the firewall.
fn admit_address(case: &Case<'_>, service: &Id) -> Option<Remedy> {
    let address = json!(case.trace.caller()?.to_string());
    added(case, Kind::PlatformService, service, &["networkAcls", "ipRules"], address)
}

/// Gives a subnet a service endpoint, and names it in the firewall [SE-OV].
fn by_service_endpoint(case: &Case<'_>, service: &Id, subnet: &Id) -> Vec<Remedy> {
    let row = case.document.platform_services.get(service);
    let name = row.and_then(|row| catalogue().endpoint_service_of(&row.resource_type));
    let endpoint = name
        .and_then(|name| added(case, Kind::Subnet, subnet, &["serviceEndpoints"], json!({ "service": name.service })));
    endpoint.into_iter().chain(admit(case, service, subnet)).collect()
}
