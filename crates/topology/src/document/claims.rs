//! Which addresses of a subnet are taken: stated ones first, then the lowest free ones (assumption A3).

use std::net::Ipv4Addr;

use serde_json::Value;
use smol_str::SmolStr;

use super::Document;
use crate::address::Pool;
use crate::catalogue::catalogue;
use crate::references::{Holder, at_path};
use crate::resource::PrivateEndpoint;
use crate::{Id, Kind};

/// A place that wants an address of a subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The type of the resource.
    pub kind: Kind,
    /// The resource.
    pub holder: Id,
    /// The place within it, such as `ipConfigurations/0`; empty for the resource itself.
    pub field: SmolStr,
    /// The address it states.
    pub stated: Option<Ipv4Addr>,
}

impl Document {
    /// Who wants an address of a subnet, in document order.
    #[must_use]
    pub fn claims(&self, subnet: &Id) -> Vec<Claim> {
        let mut claims = Vec::new();
        for mention in self.mentions_of(Kind::Subnet, subnet).into_iter().filter(|mention| mention.field() == "subnet")
        {
            let Holder::Resource(kind, holder) = mention.holder else { continue };
            let place = &mention.path[..mention.path.len() - 1];
            let field = SmolStr::from(place.iter().map(SmolStr::as_str).collect::<Vec<_>>().join("/"));
            let claim = |stated| Claim { kind, holder: holder.clone(), field: field.clone(), stated };
            match self.private_endpoints.get(&holder).filter(|_| kind == Kind::PrivateEndpoint) {
                Some(endpoint) => {
                    let members = self.endpoint_members(endpoint).into_iter().enumerate();
                    let stated = members.map(|(position, member)| endpoint.stated_address(&member, position == 0));
                    claims.extend(stated.map(claim));
                }
                None => claims.push(claim(self.stated_address(kind, &holder, place))),
            }
        }
        claims
    }

    /// The members of an endpoint's group id, each of which has an address [PE-OV]. There is one without a name where
    /// the target is a private link service.
    #[must_use]
    pub fn endpoint_members(&self, endpoint: &PrivateEndpoint) -> Vec<SmolStr> {
        let named = endpoint.connection().and_then(|connection| {
            let service = self.platform_services.get(&connection.private_link_service_id)?;
            let sub_resource = catalogue().sub_resource(&service.resource_type, connection.group_ids.first()?)?;
            Some(sub_resource.members_of(&connection.private_link_service_id, service))
        });
        named.unwrap_or_else(|| vec![SmolStr::default()])
    }

    fn stated_address(&self, kind: Kind, holder: &Id, place: &[SmolStr]) -> Option<Ipv4Addr> {
        let mut value = self.resource(kind, holder)?;
        at_path(&mut value, place)?.get("privateIPAddress").and_then(Value::as_str)?.parse().ok()
    }

    /// The claims of a subnet with the address each gets, if it gets one.
    #[must_use]
    pub fn addresses(&self, subnet: &Id) -> Vec<(Claim, Option<Ipv4Addr>)> {
        let Some(row) = self.subnets.get(subnet) else { return Vec::new() };
        let mut pool = Pool::new(row.address_prefix);
        let mut claims: Vec<_> = self.claims(subnet).into_iter().map(|claim| (claim, None)).collect();
        for (claim, given) in claims.iter_mut().filter(|(claim, _)| claim.stated.is_some()) {
            *given = claim.stated.filter(|address| pool.take(*address, ()).is_ok());
        }
        for (_, given) in claims.iter_mut().filter(|(claim, _)| claim.stated.is_none()) {
            *given = pool.take_lowest(()).ok();
        }
        claims
    }

    /// The next `count` addresses a subnet would give; fewer when it has no more.
    #[must_use]
    pub fn free_addresses(&self, subnet: &Id, count: usize) -> Vec<Ipv4Addr> {
        let Some(row) = self.subnets.get(subnet) else { return Vec::new() };
        let mut pool = Pool::new(row.address_prefix);
        for (_, address) in self.addresses(subnet) {
            if let Some(address) = address {
                // Taken once already: overlapping claims of one address count once.
                let _ = pool.take(address, ());
            }
        }
        (0..count).map_while(|_| pool.take_lowest(()).ok()).collect()
    }
}
