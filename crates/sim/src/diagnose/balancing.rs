//! Causes at load balancers: probes, PROXY headers, hairpins, idle connections.

use serde_json::json;
use topology::Id;

use super::case::Case;
use super::edit::set;
use super::{Finding, Remedy, RootCause, Rule};
use crate::session::ProbeAnswer;
use crate::trace::{DropCause, Event, Place, Trace};

pub(super) const RULES: &[Rule] = &[header_not_understood, header_missing, hairpin, forgotten];

/// A keepalive well below what a private link service and a load balancer remember, in seconds [PLS-OV].
const KEEPALIVE_S: u64 = 120;

/// The listeners do not understand the PROXY header that a private link service writes, into probes too [PLS-OV].
fn header_not_understood(case: &Case<'_>) -> Option<Finding> {
    let (position, service) = case.last(|step| match (&step.event, &step.at) {
        (Event::ProbeFailed { answer: ProbeAnswer::HeaderNotUnderstood { service }, .. }, _)
        | (Event::ProxyHeaderSent { .. }, Place::Resource(service)) => Some(service.clone()),
        _ => None,
    })?;
    let confused = case.first(|step| matches!(step.event, Event::ProxyHeaderNotUnderstood { .. }).then_some(()));
    let is_down = matches!(case.dropped(), Some((DropCause::NoHealthyBackend { .. }, _)));
    let is_cut = matches!(case.dropped(), Some((DropCause::TlsHandshakeFailed { .. }, _)));
    if !is_down && !is_cut && confused.is_none() {
        return None;
    }
    let remedies = vec![vec![set(&service, &["enableProxyProtocol"], false)]];
    Some(Finding::new(RootCause::HeaderNotUnderstood { service }, vec![position, case.end()], remedies))
}

/// The listeners wait for a PROXY header that nobody writes [PLS-OV].
fn header_missing(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::ProxyHeaderMissing { .. } | DropCause::NoHealthyBackend { .. }, _) = case.dropped()? else {
        return None;
    };
    let waits = |answer: &ProbeAnswer| *answer == ProbeAnswer::HeaderMissing;
    let probed = case.last(|step| {
        let Event::ProbeFailed { answer, .. } = &step.event else { return None };
        waits(answer).then_some(())
    });
    let is_cut = matches!(case.dropped(), Some((DropCause::ProxyHeaderMissing { .. }, _)));
    if probed.is_none() && !is_cut {
        return None;
    }
    let service = case.steps().find_map(|(_, step)| match (&step.event, &step.at) {
        (Event::Translated { .. }, Place::Resource(service)) => Some(service.clone()),
        _ => None,
    })?;
    let remedies = vec![vec![set(&service, &["enableProxyProtocol"], true)]];
    let evidence = probed.map(|(position, ())| position).into_iter().chain([case.end()]).collect();
    Some(Finding::new(RootCause::HeaderMissing { service }, evidence, remedies))
}

/// A member of the pool reached itself through its own frontend [LB-TRBL].
fn hairpin(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::Hairpin { .. }, _) = case.dropped()? else { return None };
    let machine = case.trace.request.from.clone();
    let (position, (balancer, pool)) = case.last(|step| match (&step.event, &step.at) {
        (Event::Balanced { pool, .. }, Place::Resource(balancer)) => Some((balancer.clone(), pool.clone())),
        _ => None,
    })?;
    let row = case.document.load_balancers.get(&balancer)?.backend_address_pools.get(&pool)?;
    let is_own = |interface: &&Id| {
        case.document.network_interfaces.get(interface).is_some_and(|row| row.virtual_machine == machine)
    };
    let others: Vec<&Id> = row.network_interfaces.iter().filter(|interface| !is_own(interface)).collect();
    let apart = set(&balancer, &["backendAddressPools", &pool, "networkInterfaces"], json!(others));
    let cause = RootCause::Hairpin { machine, balancer };
    Some(Finding::new(cause, vec![position, case.end()], vec![vec![apart]]))
}

/// Whoever is on the way has forgotten an idle connection [PLS-OV][LB-TCPRST].
fn forgotten(case: &Case<'_>) -> Option<Finding> {
    let (cause, at) = case.dropped()?;
    let (DropCause::BindingForgotten { idle_s }
    | DropCause::FlowForgotten { idle_s }
    | DropCause::PortLeaseForgotten { idle_s }) = cause
    else {
        return None;
    };
    let Place::Resource(place) = at else { return None };
    let remedies = vec![vec![Remedy::KeepAlive { keepalive_s: KEEPALIVE_S }]];
    let cause = RootCause::IdleTooLong { place: place.clone(), idle_s: *idle_s };
    Some(Finding::new(cause, vec![case.end()], remedies))
}

/// How long the connection of a trace had been idle, where the trace is about data sent later.
pub(super) fn idle_of(trace: &Trace) -> Option<u64> {
    trace.steps.iter().find_map(|step| {
        let Event::DataSent { idle_s } = &step.event else { return None };
        Some(*idle_s)
    })
}
