//! What the portal does when it is told to integrate a private endpoint with private DNS: the recommended zones, their
//! links to the endpoint's network, and the zone group [MICROHACK]. The command line and templates do none of it.

use serde_json::json;
use wire::DomainName;

use super::draft::Draft;
use super::private_dns_zone::link_zone;
use super::{Refusal, private_endpoint};
use crate::catalogue::catalogue;
use crate::{Document, Id, Kind};

/// Gives an endpoint a zone group, with zones that are linked to its network: those there are, or new ones.
pub(super) fn integrate(draft: &mut Draft<'_>, endpoint: &Id) -> Result<(), Refusal> {
    let document = draft.document();
    let before = document.resource(Kind::PrivateEndpoint, endpoint).ok_or_else(|| Refusal::not_found(endpoint))?;
    let network = document.virtual_network_of(endpoint).cloned().ok_or_else(|| Refusal::not_found(endpoint))?;
    let names = recommended(document, endpoint);
    if names.is_empty() {
        return Err(Refusal::NoRecommendedZone { endpoint: endpoint.clone() });
    }
    let mut configs = Vec::with_capacity(names.len());
    for name in names {
        let zone = zone(draft, &name, &network)?;
        configs.push(json!({"privateDnsZoneId": zone.as_str()}));
    }
    let mut after = before.clone();
    after["privateDnsZoneGroup"] = json!({"privateDnsZoneConfigs": configs});
    draft.put(Kind::PrivateEndpoint, endpoint, after)?;
    private_endpoint::changed(draft, Kind::PrivateEndpoint, endpoint, &before)
}

/// The zones the names of an endpoint's target belong in, each once. A private link service has none [PE-DNS].
fn recommended(document: &Document, endpoint: &Id) -> Vec<DomainName> {
    let named = document.private_endpoints.get(endpoint).and_then(|row| {
        let connection = row.connection()?;
        let service = document.platform_services.get(&connection.private_link_service_id)?;
        let sub_resource = catalogue().sub_resource(&service.resource_type, connection.group_ids.first()?)?;
        Some(sub_resource.names_of(&connection.private_link_service_id, service))
    });
    let mut zones: Vec<DomainName> = Vec::new();
    for name in named.unwrap_or_default() {
        if !zones.contains(&name.zone) {
            zones.push(name.zone);
        }
    }
    zones
}

/// The zone of this name that a network asks: the one it is linked to, or else one of its subscription, or a new one.
fn zone(draft: &mut Draft<'_>, name: &DomainName, network: &Id) -> Result<Id, Refusal> {
    let document = draft.document();
    let named = || document.private_dns_zones.iter().filter(|(_, row)| row.name == *name);
    let linked = |row: &crate::resource::PrivateDnsZone| {
        row.virtual_network_links.values().any(|link| link.virtual_network == *network)
    };
    if let Some((id, _)) = named().find(|(_, row)| linked(row)) {
        return Ok(id.clone());
    }
    let subscription = document.subscription_of(network).cloned();
    let own = named().find(|(_, row)| Some(&row.subscription) == subscription.as_ref()).map(|(id, _)| id.clone());
    let id = match own {
        Some(id) => id,
        None => {
            let id = document.free_id(name.as_str());
            let subscription = subscription.ok_or_else(|| Refusal::not_found(network))?;
            let row = json!({"subscription": subscription.as_str(), "name": name.as_str()});
            draft.put(Kind::PrivateDnsZone, &id, row)?;
            id
        }
    };
    link_zone(draft, &id, network.clone())?;
    Ok(id)
}
