//! What the firewall of a platform service says.

use serde::Serialize;

/// Which line of the firewall decided [STG-NET], and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FirewallVerdict {
    /// Allowed: it came through an approved private endpoint, which the firewall does not look at.
    AllowedByPrivateEndpoint,
    /// Allowed: `defaultAction` is `Allow`.
    AllowedByDefault,
    /// Allowed: a virtual network rule names the subnet whose identity it carries.
    AllowedByVirtualNetworkRule,
    /// Allowed: an IP rule matches.
    AllowedByIpRule,
    /// Allowed: a resource access rule names the sender.
    AllowedByResourceAccessRule,
    /// Allowed: the sender is a service of Azure that `bypass` lets through.
    AllowedByTrustedService,
    /// Allowed: an access rule of the network security perimeter matches.
    AllowedByPerimeterRule,
    /// Denied: the service endpoint policies of the sender's subnet do not list the resource.
    DeniedByEndpointPolicy,
    /// Denied: `publicNetworkAccess` is `Disabled`.
    DeniedPublicNetworkAccess,
    /// Denied: no access rule of the network security perimeter matches.
    DeniedByPerimeter,
    /// Denied: `defaultAction` is `Deny` and no rule matches.
    DeniedByDefault,
}

impl FirewallVerdict {
    /// Every verdict.
    pub const ALL: [Self; 11] = [
        Self::AllowedByPrivateEndpoint,
        Self::AllowedByDefault,
        Self::AllowedByVirtualNetworkRule,
        Self::AllowedByIpRule,
        Self::AllowedByResourceAccessRule,
        Self::AllowedByTrustedService,
        Self::AllowedByPerimeterRule,
        Self::DeniedByEndpointPolicy,
        Self::DeniedPublicNetworkAccess,
        Self::DeniedByPerimeter,
        Self::DeniedByDefault,
    ];

    /// Whether the request passes.
    #[must_use]
    pub const fn allows(self) -> bool {
        match self {
            Self::AllowedByPrivateEndpoint
            | Self::AllowedByDefault
            | Self::AllowedByVirtualNetworkRule
            | Self::AllowedByIpRule
            | Self::AllowedByResourceAccessRule
            | Self::AllowedByTrustedService
            | Self::AllowedByPerimeterRule => true,
            Self::DeniedByEndpointPolicy
            | Self::DeniedPublicNetworkAccess
            | Self::DeniedByPerimeter
            | Self::DeniedByDefault => false,
        }
    }
}
