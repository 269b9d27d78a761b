//! Peering two virtual networks, in both directions [PEER-MANAGE].

use serde_json::json;
use smol_str::format_smolstr;

use super::Refusal;
use super::draft::Draft;
use crate::{Id, Kind};

/// Peers two networks: each direction with its own resource and Azure's defaults.
pub(super) fn peer(draft: &mut Draft<'_>, network: &Id, remote: &Id) -> Result<(), Refusal> {
    for (local, remote) in [(network, remote), (remote, network)] {
        let id = draft.document().free_id(&format_smolstr!("{local}-to-{remote}"));
        let row = json!({"virtualNetwork": local.as_str(), "remoteVirtualNetwork": remote.as_str()});
        draft.put(Kind::VirtualNetworkPeering, &id, row)?;
    }
    Ok(())
}
