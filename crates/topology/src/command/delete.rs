//! Deleting a resource, with what belongs to it; with what depends on it only when asked to.

use smol_str::SmolStr;

use super::draft::Draft;
use super::{Refusal, zone_group};
use crate::references::{Holder, Mention, take_path};
use crate::resource::ConnectionStatus;
use crate::{Document, Id, Kind};

/// Deletes `id`. What belongs to it goes with it: the subnets of a network, the interfaces of a machine, links and
/// peerings, saved questions. What merely depends on it refuses the command, or goes, too, with `cascade`. A private
/// endpoint stays behind, Disconnected, when its target goes [PE-MANAGE].
pub(super) fn delete(draft: &mut Draft<'_>, id: &Id, cascade: bool) -> Result<(), Refusal> {
    let kind = draft.document().kind_of(id).ok_or_else(|| Refusal::not_found(id))?;
    let going = Going::from(draft.document(), kind, id, cascade)?;
    for (kind, id) in &going.resources {
        if *kind == Kind::PrivateEndpoint {
            zone_group::forget(draft, id)?;
        }
    }
    for endpoint in &going.disconnected {
        draft.edit(
            Kind::PrivateEndpoint,
            |document| &document.private_endpoints,
            endpoint,
            |row| {
                if let Some(connection) = row.connection_mut() {
                    connection.private_link_service_connection_state.status = ConnectionStatus::Disconnected;
                }
            },
        )?;
    }
    for mention in &going.entries {
        match &mention.holder {
            Holder::Resource(kind, holder) => {
                let Some(mut value) = draft.document().resource(*kind, holder) else { continue };
                take_path(&mut value, &mention.path);
                let index = draft.document().index_of(*kind, holder).unwrap_or_default();
                draft.put_at(*kind, holder, index, value)?;
            }
            Holder::Field(key) => {
                let mut value = draft.document().field(key).unwrap_or_default();
                take_path(&mut value, &mention.path);
                draft.set_field_json(key.clone(), value);
            }
        }
    }
    for (kind, id) in going.resources.iter().rev() {
        draft.remove(*kind, id);
    }
    Ok(())
}

/// What a deletion takes along.
struct Going {
    /// Whole resources.
    resources: Vec<(Kind, Id)>,
    /// Parts of resources that stay; the later of a list first, so that the places of the earlier stay what they are.
    entries: Vec<Mention>,
    /// Private endpoints whose target goes.
    disconnected: Vec<Id>,
}

/// What becomes of who names a resource that goes.
enum Tie {
    /// It goes, too: it is a part of it.
    Part,
    /// A part of it goes: what the path leads to.
    Entry(Vec<SmolStr>),
    /// It stays, Disconnected.
    Connection,
    /// It needs the resource.
    Needs,
}

impl Going {
    fn from(document: &Document, kind: Kind, id: &Id, cascade: bool) -> Result<Self, Refusal> {
        let mut going = Self { resources: vec![(kind, id.clone())], entries: Vec::new(), disconnected: Vec::new() };
        let mut next = 0;
        while let Some((kind, id)) = going.resources.get(next).cloned() {
            next += 1;
            let mut dependents: Vec<Id> = Vec::new();
            for mention in document.mentions_of(kind, &id) {
                match tie(&mention) {
                    Tie::Part => going.add(&mention.holder),
                    Tie::Entry(path) => going.take_out(Mention { path, ..mention }),
                    Tie::Connection if kind == Kind::PlatformService || cascade => going.disconnect(document, &mention),
                    Tie::Connection => dependents.extend(connected(document, &mention)),
                    Tie::Needs => match mention.holder {
                        Holder::Resource(_, holder) if !cascade => dependents.push(holder),
                        Holder::Resource(..) | Holder::Field(_) => going.release(document, mention),
                    },
                }
            }
            dependents.dedup();
            dependents.retain(|dependent| !going.resources.iter().any(|(_, other)| other == dependent));
            if !dependents.is_empty() {
                return Err(refusal(kind, id, dependents));
            }
            if kind == Kind::PrivateDnsZone && !cascade {
                refuse_linked_zone(document, &id)?;
            }
        }
        let gone = &going.resources;
        let stays = |mention: &Mention| match &mention.holder {
            Holder::Resource(kind, id) => !gone.iter().any(|other| other == &(*kind, id.clone())),
            Holder::Field(_) => true,
        };
        going.entries.retain(stays);
        going.entries.sort_by_cached_key(|mention| std::cmp::Reverse(place_of(&mention.path)));
        going.disconnected.retain(|endpoint| !gone.contains(&(Kind::PrivateEndpoint, endpoint.clone())));
        Ok(going)
    }

    fn add(&mut self, holder: &Holder) {
        if let Holder::Resource(kind, id) = holder
            && !self.resources.iter().any(|other| other == &(*kind, id.clone()))
        {
            self.resources.push((*kind, id.clone()));
        }
    }

    fn take_out(&mut self, mention: Mention) {
        if !self.entries.contains(&mention) {
            self.entries.push(mention);
        }
    }

    fn disconnect(&mut self, document: &Document, mention: &Mention) {
        self.disconnected.extend(connected(document, mention));
    }

    /// Takes out of who needs the resource as little as can be: an optional field or an item of a list, or else all.
    fn release(&mut self, document: &Document, mention: Mention) {
        let Holder::Resource(kind, id) = &mention.holder else { return };
        let path = match mention.field() {
            "subnet" | "loadBalancerFrontendIpConfigurations" => return self.add(&mention.holder),
            // A rule without its group would take every address.
            "sourceApplicationSecurityGroups" | "destinationApplicationSecurityGroups" => mention.path[..2].to_vec(),
            _ => mention.path.clone(),
        };
        let rest = document.resource(*kind, id).map(|mut value| {
            take_path(&mut value, &path);
            value
        });
        if rest.is_some_and(|rest| Document::reads(*kind, rest)) {
            self.take_out(Mention { path, ..mention });
        } else {
            self.add(&mention.holder);
        }
    }
}

/// What ties the holder of a mention to what it mentions.
fn tie(mention: &Mention) -> Tie {
    let parents = |count: usize| Tie::Entry(mention.path[..mention.path.len().saturating_sub(count)].to_vec());
    let Holder::Resource(kind, _) = &mention.holder else { return parents(mention.path.len().saturating_sub(1)) };
    match (*kind, mention.field()) {
        (Kind::Subnet | Kind::VirtualNetworkPeering, "virtualNetwork" | "remoteVirtualNetwork")
        | (Kind::NetworkInterface, "virtualMachine") => Tie::Part,
        // A network's links, the account's rule for a subnet, the zone of a zone group [VNET-LINKS].
        (Kind::PrivateDnsZone | Kind::DnsForwardingRuleset, "virtualNetwork")
        | (_, "virtualNetworkResourceId" | "privateDnsZoneId" | "principal") => parents(1),
        // Membership belongs to the member.
        (Kind::LoadBalancer, "networkInterfaces") => parents(0),
        (_, "privateLinkServiceId") => Tie::Connection,
        _ => Tie::Needs,
    }
}

/// The endpoint of a connection that still is one.
fn connected(document: &Document, mention: &Mention) -> Option<Id> {
    let Holder::Resource(_, endpoint) = &mention.holder else { return None };
    (!document.is_disconnected(endpoint)).then(|| endpoint.clone())
}

fn refusal(kind: Kind, resource: Id, dependents: Vec<Id>) -> Refusal {
    if kind == Kind::PrivateLinkService {
        let (service, count, endpoints) = (resource, dependents.len(), dependents);
        Refusal::PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted { service, count, endpoints }
    } else if kind == Kind::LoadBalancer {
        Refusal::CannotDeleteLoadBalancerWithPrivateLinkService { resource, dependents }
    } else if kind == Kind::Subnet {
        Refusal::InUseSubnetCannotBeDeleted { resource, dependents }
    } else if kind == Kind::NetworkSecurityGroup {
        Refusal::InUseNetworkSecurityGroupCannotBeDeleted { resource, dependents }
    } else {
        Refusal::InUse { resource, dependents }
    }
}

/// A path as its place among its siblings: indices count, other segments are what they are.
fn place_of(path: &[SmolStr]) -> Vec<(usize, SmolStr)> {
    path.iter().map(|segment| (segment.parse().unwrap_or_default(), segment.clone())).collect()
}

fn refuse_linked_zone(document: &Document, zone: &Id) -> Result<(), Refusal> {
    let links = document.private_dns_zones.get(zone).map(|row| &row.virtual_network_links);
    match links.filter(|links| !links.is_empty()) {
        Some(links) => {
            let names: Vec<&str> = links.keys().map(SmolStr::as_str).collect();
            Err(Refusal::NestedResourcesExist { zone: zone.clone(), links: names.join(", ").into() })
        }
        None => Ok(()),
    }
}
