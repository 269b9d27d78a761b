//! What can be done about a cause.

use serde::{Deserialize, Serialize};
use topology::Id;
use topology::command::Command;
use topology::document::Request;

/// One step of a proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Remedy {
    /// Change the document.
    Command(Command),
    /// Renew a machine's DHCP lease (`ipconfig /renew`).
    RenewLease {
        /// The machine.
        renew_lease: Id,
    },
    /// Empty a machine's DNS cache (`ipconfig /flushdns`).
    FlushDns {
        /// The machine.
        flush_dns: Id,
    },
    /// Let the client send a TCP keepalive over a connection that is idle.
    KeepAlive {
        /// After so many idle seconds, again and again.
        keepalive_s: u64,
    },
    /// Ask another way.
    Ask {
        /// What to ask instead.
        ask: Request,
    },
}

impl From<Command> for Remedy {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}
