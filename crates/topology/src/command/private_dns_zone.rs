//! Links between private DNS zones and virtual networks [VNET-LINKS].

use smol_str::{SmolStr, format_smolstr};

use super::Refusal;
use super::draft::Draft;
use crate::resource::{Extra, ResolutionPolicy, VirtualNetworkLink};
use crate::{Id, Kind};

/// Lets a network ask a zone.
pub(super) fn link_zone(draft: &mut Draft<'_>, zone: &Id, network: Id) -> Result<(), Refusal> {
    if !draft.document().virtual_networks.contains(&network) {
        return Err(Refusal::not_found(&network));
    }
    draft.change(
        Kind::PrivateDnsZone,
        |document| &document.private_dns_zones,
        zone,
        |zone| {
            let mut name = format_smolstr!("link-{network}");
            while zone.virtual_network_links.contains_key(&name) {
                name = format_smolstr!("{name}-2");
            }
            let link = VirtualNetworkLink {
                virtual_network: network,
                registration_enabled: false,
                resolution_policy: ResolutionPolicy::Default,
                extra: Extra::new(),
            };
            zone.virtual_network_links.insert(name, link);
        },
    )
}

/// Takes a link away.
pub(super) fn unlink_zone(draft: &mut Draft<'_>, zone: &Id, link: &SmolStr) -> Result<(), Refusal> {
    let row = draft.document().private_dns_zones.get(zone);
    if !row.is_some_and(|zone| zone.virtual_network_links.contains_key(link)) {
        return Err(Refusal::NotFound { reference: format_smolstr!("{zone}/{link}") });
    }
    draft.change(
        Kind::PrivateDnsZone,
        |document| &document.private_dns_zones,
        zone,
        |zone| {
            zone.virtual_network_links.shift_remove(link);
        },
    )
}
