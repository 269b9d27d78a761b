//! Links between private DNS zones and virtual networks [VNET-LINKS].

use smol_str::{SmolStr, format_smolstr};

use super::{Edit, Refusal};
use crate::resource::{Extra, ResolutionPolicy, VirtualNetworkLink};
use crate::{Document, Id, Kind};

/// Lets a network ask a zone: once, and no second zone of the same name [OBS-OVERLAP].
pub(super) fn link_zone(document: &Document, zone: &Id, network: Id) -> Result<Edit, Refusal> {
    if !document.virtual_networks.contains(&network) {
        return Err(Refusal::NotFound { reference: SmolStr::new(network.as_str()) });
    }
    let name = document.private_dns_zones.get(zone).map(|zone| &zone.name);
    for (other, candidate) in &document.private_dns_zones {
        let linked = candidate.virtual_network_links.values().any(|link| link.virtual_network == network);
        if linked && other == zone {
            return Err(Refusal::AlreadyLinked { zone: zone.clone(), network });
        }
        if linked && Some(&candidate.name) == name {
            return Err(Refusal::OverlappingNamespaces { network, linked: other.clone(), zone: zone.clone() });
        }
    }
    Edit::of(Kind::PrivateDnsZone, &document.private_dns_zones, zone, |zone| {
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
    })
}

/// Takes a link away.
pub(super) fn unlink_zone(document: &Document, zone: &Id, link: &SmolStr) -> Result<Edit, Refusal> {
    let missing = || Refusal::NotFound { reference: format_smolstr!("{zone}/{link}") };
    let exists = document.private_dns_zones.get(zone).is_some_and(|zone| zone.virtual_network_links.contains_key(link));
    if !exists {
        return Err(missing());
    }
    Edit::of(Kind::PrivateDnsZone, &document.private_dns_zones, zone, |zone| {
        zone.virtual_network_links.shift_remove(link);
    })
}
