//! Rows of effective route tables, in the words of the CLI.

use ipnet::Ipv4Net;
use serde::Serialize;
use topology::Id;

/// Which list a route stands in [UDR-OV].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RouteSource {
    /// A system route.
    Default,
    /// A user-defined route.
    User,
    /// Learned from a gateway.
    VirtualNetworkGateway,
}

impl RouteSource {
    /// `Source` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::User => "User",
            Self::VirtualNetworkGateway => "VirtualNetworkGateway",
        }
    }
}

/// Whether a route takes part in selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RouteState {
    /// It does.
    Active,
    /// A better one of the same prefix replaces it.
    Invalid,
}

impl RouteState {
    /// `State` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Invalid => "Invalid",
        }
    }
}

/// `nextHopType` in the CLI's words [SEED4].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NextHopType {
    /// Within the virtual network.
    VnetLocal,
    /// A network peered in the same region.
    VNetPeering,
    /// A network peered in another region.
    VNetGlobalPeering,
    /// The Internet, or Azure's public addresses over the backbone.
    Internet,
    /// Dropped.
    None,
    /// A private endpoint.
    InterfaceEndpoint,
}

impl NextHopType {
    /// `Next Hop Type` as the CLI prints it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VnetLocal => "VnetLocal",
            Self::VNetPeering => "VNetPeering",
            Self::VNetGlobalPeering => "VNetGlobalPeering",
            Self::Internet => "Internet",
            Self::None => "None",
            Self::InterfaceEndpoint => "InterfaceEndpoint",
        }
    }
}

/// One row of an effective route table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// `Default`, `User` or `VirtualNetworkGateway`.
    pub source: RouteSource,
    /// `Active` or `Invalid`.
    pub state: RouteState,
    /// The range it covers.
    pub address_prefix: Ipv4Net,
    /// Where it leads.
    pub next_hop_type: NextHopType,
    /// The resource behind the hop: the private endpoint, the remote network; absent for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Id>,
}

/// Where a route outside Azure leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum OutsideHop {
    /// To another machine of the site.
    Local,
    /// To the Internet.
    Internet,
}

impl OutsideHop {
    /// Its name.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::Internet => "Internet",
        }
    }
}
