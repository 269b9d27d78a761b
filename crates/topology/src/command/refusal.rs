//! Why Azure does not carry a command out.

use smol_str::SmolStr;

use crate::Id;

/// Why a command is not carried out. Azure's own code where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The command names something that does not exist.
    NotFound {
        /// What it names.
        reference: SmolStr,
    },
    /// The network already has a link to this zone [VNET-LINKS].
    AlreadyLinked {
        /// The zone.
        zone: Id,
        /// The network.
        network: Id,
    },
    /// The network is linked to another zone of the same name [OBS-OVERLAP].
    OverlappingNamespaces {
        /// The network.
        network: Id,
        /// The zone it is linked to.
        linked: Id,
        /// The zone it was to be linked to.
        zone: Id,
    },
    /// A rejected connection cannot be approved (assumption A17).
    RejectedIsFinal {
        /// The private endpoint.
        endpoint: Id,
    },
    /// A disconnected endpoint can only be deleted [PE-MANAGE].
    DisconnectedIsFinal {
        /// The private endpoint.
        endpoint: Id,
    },
    /// The connection already is in that state.
    NothingToChange,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NotFound",
            Self::AlreadyLinked { .. } => "AlreadyLinked",
            Self::OverlappingNamespaces { .. } => "OverlappingNamespaces",
            Self::RejectedIsFinal { .. } => "RejectedIsFinal",
            Self::DisconnectedIsFinal { .. } => "DisconnectedIsFinal",
            Self::NothingToChange => "NothingToChange",
        }
    }
}
