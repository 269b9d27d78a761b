//! What carries packets between a gateway and the other end.

use serde::Serialize;

/// The kind of a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TunnelKind {
    /// Encrypted, over the Internet, to a site.
    IPsec,
    /// Encrypted, to the gateway of another virtual network.
    Vnet2Vnet,
    /// The private peering of a circuit; not encrypted.
    ExpressRoute,
    /// Encrypted, over the Internet, to a single client.
    PointToSite,
}

impl TunnelKind {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IPsec => "IPsec",
            Self::Vnet2Vnet => "Vnet2Vnet",
            Self::ExpressRoute => "ExpressRoute",
            Self::PointToSite => "PointToSite",
        }
    }
}
