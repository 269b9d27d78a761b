//! Addresses of subnets [OBS-RESERVED].

use crate::address::{self, AddressError};
use crate::command::Refusal;
use crate::references::Holder;
use crate::{Document, Id, Kind};

/// The addresses a resource wants: within the subnet, outside the five kept ones, given to nobody else, and enough.
pub(super) fn claims(document: &Document, kind: Kind, id: &Id, faults: &mut Vec<Refusal>) {
    let mut subnets: Vec<Id> = Vec::new();
    document.references_of(kind, id, &mut |_, reference| {
        if document.subnets.contains(reference.id) && !subnets.contains(reference.id) {
            subnets.push(reference.id.clone());
        }
    });
    for subnet in subnets {
        let Some(prefix) = document.subnets.get(&subnet).map(|row| row.address_prefix) else { continue };
        let addresses = document.addresses(&subnet);
        let own = addresses.iter().filter(|(claim, _)| claim.holder == *id && claim.kind == kind);
        for (claim, given) in own.clone() {
            let Some(address) = claim.stated else { continue };
            let (resource, subnet) = (id.clone(), subnet.clone());
            faults.extend(match address::check(prefix, address) {
                Err(AddressError::NotInSubnet) => {
                    Some(Refusal::PrivateIPAddressNotInSubnet { resource, address, subnet, prefix })
                }
                Err(AddressError::Reserved | AddressError::InUse | AddressError::SubnetIsFull) => {
                    Some(Refusal::PrivateIPAddressInReservedRange { resource, address, prefix })
                }
                Ok(()) if given.is_none() => {
                    let holder = addresses.iter().find(|(other, given)| *given == Some(address) && other != claim);
                    let by = holder.map_or_else(|| id.clone(), |(other, _)| other.holder.clone());
                    Some(Refusal::PrivateIPAddressIsAllocated { resource, address, by })
                }
                Ok(()) => None,
            });
        }
        let (unmet, total) = (own.filter(|(_, given)| given.is_none()).count(), addresses.len());
        let room = address::usable(prefix).map_or(0, |(first, last)| u32::from(last) - u32::from(first) + 1);
        if unmet > 0 && total > room as usize {
            faults.push(Refusal::SubnetIsFull { subnet, prefix, count: unmet });
        }
    }
}

/// An address a resource states that the subnet has given to somebody else before: nobody's address changes because
/// another wants it [PE-OV].
pub(crate) fn taken_from_another(before: &Document, after: &Document, kind: Kind, id: &Id) -> Option<Refusal> {
    let mut found = None;
    after.references_of(kind, id, &mut |_, reference| {
        let subnet = reference.id;
        if found.is_some() || !before.subnets.contains(subnet) {
            return;
        }
        let now = after.addresses(subnet);
        for (claim, given) in before.addresses(subnet).into_iter().filter(|(claim, _)| claim.holder != *id) {
            let wanted = now.iter().find(|(own, address)| {
                own.holder == *id && own.stated.is_some() && *address == given && given.is_some()
            });
            let still_there = now.iter().any(|(other, _)| *other == claim);
            if let Some((own, _)) = wanted.filter(|_| still_there) {
                let address = own.stated.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED);
                found = Some(Refusal::PrivateIPAddressIsAllocated { resource: id.clone(), address, by: claim.holder });
                return;
            }
        }
    });
    found
}

/// Whether anything stands in a subnet, and what.
pub(super) fn users(document: &Document, subnet: &Id) -> Vec<Id> {
    let mut users = Vec::new();
    for mention in document.mentions_of(Kind::Subnet, subnet).iter().filter(|mention| mention.field() == "subnet") {
        if let Holder::Resource(_, holder) = &mention.holder
            && !users.contains(holder)
        {
            users.push(holder.clone());
        }
    }
    users
}
