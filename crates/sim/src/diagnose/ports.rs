//! Causes in ports: somebody listens, but elsewhere.

use topology::document::Request;

use super::case::Case;
use super::{Finding, Remedy, RootCause, Rule};
use crate::reachability::targets;
use crate::trace::DropCause;

pub(super) const RULES: &[Rule] = &[other_port];

/// Nobody serves the port, and somebody serves another at the same address.
fn other_port(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let (DropCause::NoLoadBalancingRule { .. } | DropCause::PortNotServed { .. } | DropCause::ConnectionRefused { .. }) =
        cause
    else {
        return None;
    };
    let request = &case.trace.request;
    let ports = targets(case.document, case.network)
        .into_iter()
        .filter(|target| target.to == request.to.trim() && target.port != request.port() && target.owner.is_some());
    let remedies = ports.map(|target| {
        let port = Some(target.port).filter(|port| *port != request.protocol.default_port());
        vec![Remedy::Ask { ask: Request { port, ..request.clone() } }]
    });
    let remedies = remedies.collect();
    let cause = RootCause::Dropped { cause: cause.clone(), at: at.clone() };
    Some(Finding::new(cause, vec![case.end()], remedies))
}
