//! What machines remember of names.

use crate::diagnose::case::Case;
use crate::diagnose::{Finding, Remedy, RootCause};
use crate::trace::{Event, Place};

/// With empty caches and fresh leases it works: what is remembered is wrong [MICROHACK].
pub(super) fn stale(case: &Case<'_>) -> Option<Finding> {
    let client = || case.trace.request.from.clone();
    let (position, cause, remedies) = case.steps().find_map(|(position, step)| {
        if let Event::LeaseOutdated { .. } = &step.event {
            // What the old server said is remembered, too.
            let remedies = vec![Remedy::RenewLease { renew_lease: client() }, Remedy::FlushDns { flush_dns: client() }];
            return Some((position, RootCause::LeaseOutdated { client: client() }, remedies));
        }
        let (Event::CachedAnswer { name, .. }, Place::Resource(owner)) = (&step.event, &step.at) else { return None };
        let cause = RootCause::StaleAnswer { client: owner.clone(), name: name.clone() };
        Some((position, cause, vec![Remedy::FlushDns { flush_dns: owner.clone() }]))
    })?;
    case.works_afresh().then(|| Finding::new(cause, vec![position], vec![remedies]))
}
