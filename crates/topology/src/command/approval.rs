//! Who sees a target, and whether a new connection to it is approved at once: visibility, automatic approval and roles
//! [PE-OV][PLS-OV].

use smol_str::SmolStr;

use super::Refusal;
use crate::resource::{ConnectionStatus, Role, RoleAssignment};
use crate::rules::covers;
use crate::{Document, Id};

/// How a consumer asks for a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    /// The private endpoint.
    pub(super) endpoint: &'a Id,
    /// The subscription it lives in.
    pub(super) subscription: &'a Id,
    /// Whether it named the target by alias rather than by resource id.
    pub(super) by_alias: bool,
    /// Whether it left the approval to the owner (`manualPrivateLinkServiceConnections`).
    pub(super) manual: bool,
}

/// The state a new connection begins in.
///
/// # Errors
/// When the consumer cannot see the target, or asks for an approval that is not its to give.
pub(super) fn first_status(document: &Document, target: &Id, asking: Asking<'_>) -> Result<ConnectionStatus, Refusal> {
    let role = role(document, target, asking.subscription);
    let endpoint = asking.endpoint.clone();
    if let Some(service) = document.private_link_services.get(target) {
        let subscription = asking.subscription.as_str();
        // Being on the list is enough, without a role (assumption A18).
        if role.is_none() && !covers(&service.visibility, subscription) {
            let (target, subscription) = (SmolStr::new(target.as_str()), asking.subscription.clone());
            return Err(Refusal::NotVisible { endpoint, target, subscription });
        }
        if asking.by_alias && !asking.manual {
            return Err(Refusal::AliasNeedsManualRequest { endpoint, target: target.clone() });
        }
        if covers(&service.auto_approval, subscription) {
            return Ok(ConnectionStatus::Approved);
        }
    }
    match (asking.manual, role) {
        (true, _) | (false, Some(Role::Reader)) => Ok(ConnectionStatus::Pending),
        (false, Some(Role::Contributor)) => Ok(ConnectionStatus::Approved),
        (false, None) => Err(Refusal::LinkedAuthorizationFailed { endpoint, target: target.clone() }),
    }
}

/// What a subscription may do with a resource: everything within its own tenant, unless roles are assigned.
fn role(document: &Document, target: &Id, subscription: &Id) -> Option<Role> {
    let tenant = document.tenant_of(subscription);
    let service = document.private_link_services.get(target).map(|row| &row.role_assignments);
    let platform = document.platform_services.get(target).map(|row| &row.role_assignments);
    match service.or(platform)? {
        None => (tenant.is_some() && tenant == document.tenant_of(target)).then_some(Role::Contributor),
        Some(assignments) => {
            let held = |assignment: &&RoleAssignment| {
                assignment.principal == *subscription || Some(&assignment.principal) == tenant
            };
            assignments.iter().filter(held).map(|assignment| assignment.role).max()
        }
    }
}
