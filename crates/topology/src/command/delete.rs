//! Deleting a resource, with what belongs to it; with what depends on it only when asked to.

use indexmap::{IndexMap, IndexSet};
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
    for (holder, mut paths) in going.entries {
        // The later of a list first, so that the places of the earlier stay what they are.
        paths.sort_by_cached_key(|path| std::cmp::Reverse(place_of(path)));
        let mut value = match &holder {
            Holder::Resource(kind, id) => draft.document().resource(*kind, id),
            Holder::Field(key) => draft.document().field(key),
        };
        for path in &paths {
            value.as_mut().map(|value| take_path(value, path));
        }
        match (holder, value) {
            (Holder::Resource(kind, id), Some(value)) => {
                let index = draft.document().index_of(kind, &id).unwrap_or_default();
                draft.put_at(kind, &id, index, value)?;
            }
            (Holder::Field(key), Some(value)) => draft.set_field_json(key, value),
            (Holder::Resource(..) | Holder::Field(_), None) => {}
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
    resources: IndexSet<(Kind, Id)>,
    /// Parts of what stays, by who holds them.
    entries: IndexMap<Holder, Vec<Vec<SmolStr>>>,
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
        let mut going = Self {
            resources: IndexSet::from([(kind, id.clone())]),
            entries: IndexMap::new(),
            disconnected: Vec::new(),
        };
        let mut mentions = document.mentions();
        let mut next = 0;
        while let Some((kind, id)) = going.resources.get_index(next).cloned() {
            next += 1;
            let mut dependents: Vec<Id> = Vec::new();
            // What is left means a resource of the same id in another table.
            let named = mentions.get_mut(&id).map(std::mem::take).unwrap_or_default();
            let (own, others): (Vec<Mention>, Vec<Mention>) = named.into_iter().partition(|own| own.may_mean(kind));
            mentions.insert(id.clone(), others);
            for mention in own {
                match tie(&mention) {
                    Tie::Part => going.add(&mention.holder),
                    Tie::Entry(path) => going.take_out(mention.holder, path),
                    Tie::Connection if kind == Kind::PlatformService || cascade => going.disconnect(document, &mention),
                    Tie::Connection => dependents.extend(connected(document, &mention)),
                    Tie::Needs => match mention.holder {
                        Holder::Resource(_, holder) if !cascade => dependents.push(holder),
                        Holder::Resource(..) | Holder::Field(_) => going.release(document, mention),
                    },
                }
            }
            dependents.dedup();
            dependents.retain(|dependent| {
                document.kind_of(dependent).is_none_or(|kind| !going.resources.contains(&(kind, dependent.clone())))
            });
            if !dependents.is_empty() {
                return Err(refusal(kind, id, dependents));
            }
            if kind == Kind::PrivateDnsZone && !cascade {
                refuse_linked_zone(document, &id)?;
            }
        }
        let gone = &going.resources;
        going.entries.retain(|holder, _| match holder {
            Holder::Resource(kind, id) => !gone.contains(&(*kind, id.clone())),
            Holder::Field(_) => true,
        });
        going.disconnected.retain(|endpoint| !gone.contains(&(Kind::PrivateEndpoint, endpoint.clone())));
        Ok(going)
    }

    fn add(&mut self, holder: &Holder) {
        if let Holder::Resource(kind, id) = holder {
            self.resources.insert((*kind, id.clone()));
        }
    }

    fn take_out(&mut self, holder: Holder, path: Vec<SmolStr>) {
        let paths = self.entries.entry(holder).or_default();
        if !paths.contains(&path) {
            paths.push(path);
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
            self.take_out(mention.holder, path);
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
