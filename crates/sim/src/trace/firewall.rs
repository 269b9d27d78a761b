//! What the firewall of a platform service says.

use serde::Serialize;

/// Which line of the firewall decided [STG-NET], and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FirewallVerdict {
    /// Allowed: it came through an approved private endpoint, which the firewall does not look at.
    AllowedByPrivateEndpoint,
    /// Allowed: `defaultAction` is `Allow`.
    AllowedByDefault,
    /// Allowed: an entry of `ipRules` matches.
    AllowedByIpRule,
    /// Denied: `publicNetworkAccess` is `Disabled`.
    DeniedPublicNetworkAccess,
    /// Denied: `defaultAction` is `Deny` and no rule matches.
    DeniedByDefault,
}

impl FirewallVerdict {
    /// Whether the request passes.
    #[must_use]
    pub const fn allows(self) -> bool {
        matches!(self, Self::AllowedByPrivateEndpoint | Self::AllowedByDefault | Self::AllowedByIpRule)
    }
}
