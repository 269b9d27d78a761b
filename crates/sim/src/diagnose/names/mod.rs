//! Causes in names: what was asked, where, and who answered.

mod remembered;
mod servers;
mod zones;

use topology::Id;
use topology::document::Request;

use super::case::Case;
use super::edit::set;
use super::{Finding, Remedy, RootCause, Rule};
use crate::trace::DropCause;

pub(super) const RULES: [&[Rule]; 4] =
    [&[remembered::stale, private_name, app_outside], servers::LOOPS, zones::RULES, servers::RULES];

/// An app that is not integrated with the endpoint's network never asks the zones linked there.
fn app_outside(case: &Case<'_>) -> Option<Finding> {
    let app = &case.trace.request.from;
    case.document.platform_services.get(app).filter(|app| app.virtual_network_subnet_id.is_none())?;
    let account = case.account().filter(|_| case.got_public())?;
    let (endpoint, row) = case.endpoints_of(&account).into_iter().next()?;
    let network = case.document.virtual_network_of(&row.subnet)?;
    let subnets = case.document.subnets.iter().filter(|(_, subnet)| subnet.virtual_network == *network);
    // A subnet of its own comes first; the endpoint's is the last resort.
    let (others, own): (Vec<&Id>, Vec<&Id>) = subnets.map(|(id, _)| id).partition(|id| **id != row.subnet);
    let integrate = |subnet: &Id| vec![set(app, &["virtualNetworkSubnetId"], subnet.as_str())];
    let remedies = others.into_iter().chain(own).map(integrate).collect();
    let cause =
        RootCause::AppOutsideNetwork { app: app.clone(), service: account.id.clone(), endpoint: endpoint.clone() };
    Some(Finding::new(cause, vec![case.end()], remedies))
}

/// Asked by the name in the private zone: no certificate is for it [STG-PE].
fn private_name(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::CertificateMismatch { host }, _) = case.dropped()? else { return None };
    let account = case.account().filter(|account| account.by_private_name)?;
    let public = account.name.public;
    let ask = Request { to: public.as_str().into(), ..case.trace.request.clone() };
    let cause = RootCause::PrivateName { client: case.trace.request.from.clone(), host: host.clone(), public };
    Some(Finding::new(cause, vec![case.end()], vec![vec![Remedy::Ask { ask }]]))
}
