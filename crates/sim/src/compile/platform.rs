//! Platform services and their place in the public DNS [PE-DNS].

use std::collections::BTreeSet;

use topology::resource::{ConnectionStatus, PlatformService};
use topology::{Document, Id};
use wire::DomainName;

use crate::catalogue::{Service, catalogue};
use crate::identity::{choose, platform_address};
use crate::network::{Endpoint, NameUse, Network, Platform, PublicNames, SubResource, Target};
use crate::table::{EndpointIx, Index, PlatformIx, Rows};

pub(super) fn platforms(document: &Document, endpoints: &Rows<EndpointIx, Endpoint>) -> Rows<PlatformIx, Platform> {
    let approved: BTreeSet<(PlatformIx, usize)> = endpoints
        .iter()
        .filter(|(_, _, endpoint)| endpoint.status == Some(ConnectionStatus::Approved))
        .filter_map(|(_, _, endpoint)| match endpoint.target? {
            Target::Platform(platform, sub_resource) => Some((platform, sub_resource)),
            Target::Service(_) => None,
        })
        .collect();
    let mut position = 0;
    Rows::compile(&document.platform_services, |id, row| {
        let index = PlatformIx::new(position);
        position += 1;
        let sub_resources = catalogue().of_type(&row.resource_type).iter().map(|sub_resource| {
            let service = &catalogue().services[*sub_resource];
            let has_approved_connection = approved.contains(&(index, *sub_resource));
            (*sub_resource, public_endpoint(id, row, service, has_approved_connection))
        });
        Platform { resource: row.clone(), sub_resources: sub_resources.collect() }
    })
}

/// The end of the alias chain: what the document pins, or the catalogue's pattern with a stable stamp.
fn public_endpoint(id: &Id, row: &PlatformService, service: &Service, has_approved_connection: bool) -> SubResource {
    let names = service.names_of(id, row);
    if let Some(pinned) = row.public_endpoints.get(&service.group_id) {
        let canonical_name = Some(pinned.canonical_name.clone());
        return SubResource { names, canonical_name, address: pinned.ip_address, has_approved_connection };
    }
    let stamp = format!("lab{:02}prd", choose(id.as_str().as_bytes(), 100));
    let alias = service.public_alias.as_ref().map(|pattern| pattern.replace("{stamp}", &stamp));
    let canonical_name: Option<DomainName> = alias.and_then(|alias| alias.parse().ok());
    let address = platform_address(canonical_name.as_ref().map_or(id.as_str(), DomainName::as_str));
    SubResource { names, canonical_name, address, has_approved_connection }
}

/// Indexes names and addresses of the public side. Of two resources with one name the first in the document has it.
pub(super) fn publish(network: &mut Network) {
    let mut names = PublicNames::default();
    for (platform, _, row) in network.platforms.iter() {
        for (sub_resource, public) in &row.sub_resources {
            let sub_resource = *sub_resource;
            for (name, known) in public.names.iter().enumerate() {
                for (text, private) in [(&known.public, false), (&known.private, true)] {
                    let used = NameUse { platform, sub_resource, name, private };
                    names.services.entry(text.clone()).or_insert(used);
                }
            }
            names.by_address.entry(public.address).or_default().push((platform, sub_resource));
            if let Some(canonical) = &public.canonical_name {
                names.canonical.entry(canonical.clone()).or_insert(public.address);
            }
        }
    }
    network.public_names = names;
}
