//! Causes in names: what was asked, where, and who answered.

mod remembered;
mod servers;
mod zones;

use topology::document::Request;

use super::case::Case;
use super::{Finding, Remedy, RootCause, Rule};
use crate::trace::DropCause;

pub(super) const RULES: [&[Rule]; 4] =
    [&[remembered::stale, private_name], servers::LOOPS, zones::RULES, servers::RULES];

/// Asked by the name in the private zone: no certificate is for it [STG-PE].
fn private_name(case: &Case<'_>) -> Option<Finding> {
    let (DropCause::CertificateMismatch { host }, _) = case.dropped()? else { return None };
    let account = case.account().filter(|account| account.by_private_name)?;
    let public = account.name.public;
    let ask = Request { to: public.as_str().into(), ..case.trace.request.clone() };
    let cause = RootCause::PrivateName { client: case.trace.request.from.clone(), host: host.clone(), public };
    Some(Finding::new(cause, vec![case.end()], vec![vec![Remedy::Ask { ask }]]))
}
