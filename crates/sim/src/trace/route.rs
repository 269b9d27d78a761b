//! Rows of effective route tables, in the words of the CLI.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;

pub use topology::resource::NextHopType;

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
    /// The other ranges of the same route; only a service endpoint's has any, and only in a whole table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_prefixes: Vec<Ipv4Net>,
    /// Where it leads.
    pub next_hop_type: NextHopType,
    /// The address of the appliance, or of the gateway, it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_hop_ip_address: Option<Ipv4Addr>,
    /// The resource behind the hop: the private endpoint, the remote network; absent for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Id>,
    /// The name of a user-defined route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<SmolStr>,
}

/// Where a route outside Azure leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum OutsideHop {
    /// To another machine of the site.
    Local,
    /// Into a tunnel.
    Tunnel {
        /// The connection.
        connection: Id,
    },
    /// Into the point-to-site connection with a gateway.
    PointToSite {
        /// The gateway.
        gateway: Id,
    },
    /// To the Internet.
    Internet,
}

impl OutsideHop {
    /// Its name.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Local => "Local",
            Self::Tunnel { .. } => "Tunnel",
            Self::PointToSite { .. } => "PointToSite",
            Self::Internet => "Internet",
        }
    }
}

/// Why a private endpoint's reply goes through an appliance or past it (assumption A6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ReplyReason {
    /// Through it: the appliance had put its own address as the source.
    SourceTranslated,
    /// Through it: its interface has the tag `disableSnatOnPL` [PE-NOSNAT].
    Tagged,
    /// Through it: the sender's network has no route to the endpoint of its own.
    NoRouteOfItsOwn,
    /// Past it, straight to the sender: the sender's network has a route to the endpoint.
    RouteOfItsOwn,
    /// Past it: without SNAT or tag nothing else is documented [INSPECT-FW].
    Documented,
}
