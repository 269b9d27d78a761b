//! Which addresses a subnet can give.
//!
//! Azure keeps five addresses of every IPv4 subnet: the network address, the default gateway, two for its DNS,
//! and the broadcast address [OBS-RESERVED]. Dynamic allocation takes the lowest free one (assumption A3).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// The smallest subnet Azure accepts is a /29.
pub const LONGEST_SUBNET_PREFIX: u8 = 29;

/// Whether two ranges have an address in common.
#[must_use]
pub fn overlap(one: Ipv4Net, other: Ipv4Net) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}

/// Why a subnet cannot give an address. The names are Azure's error codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// `PrivateIPAddressNotInSubnet`.
    NotInSubnet,
    /// `PrivateIPAddressInReservedRange`.
    Reserved,
    /// Taken by another resource.
    InUse,
    /// `SubnetIsFull`.
    SubnetIsFull,
}

/// The first and last address a resource can have, or `None` when the prefix is too small to give any.
#[must_use]
pub fn usable(prefix: Ipv4Net) -> Option<(Ipv4Addr, Ipv4Addr)> {
    if prefix.prefix_len() > LONGEST_SUBNET_PREFIX {
        return None;
    }
    let first = u32::from(prefix.network()) + 4;
    let last = u32::from(prefix.broadcast()) - 1;
    Some((Ipv4Addr::from(first), Ipv4Addr::from(last)))
}

/// Whether a resource can have this address in this subnet at all.
///
/// # Errors
/// When it lies outside the subnet or is one of the five that Azure keeps.
pub fn check(prefix: Ipv4Net, address: Ipv4Addr) -> Result<(), AddressError> {
    if !prefix.contains(&address) {
        return Err(AddressError::NotInSubnet);
    }
    match usable(prefix) {
        Some((first, last)) if (first..=last).contains(&address) => Ok(()),
        _ => Err(AddressError::Reserved),
    }
}

/// The addresses of one subnet: who has which, and which is next.
#[derive(Clone, Debug)]
pub struct Pool<Owner> {
    prefix: Ipv4Net,
    taken: BTreeMap<Ipv4Addr, Owner>,
    next: Option<u32>,
}

impl<Owner> Pool<Owner> {
    /// A subnet whose addresses are all free.
    #[must_use]
    pub fn new(prefix: Ipv4Net) -> Self {
        Self { prefix, taken: BTreeMap::new(), next: usable(prefix).map(|(first, _)| first.into()) }
    }

    /// Gives a stated address to `owner`.
    ///
    /// # Errors
    /// When the subnet cannot give it, or has given it.
    pub fn take(&mut self, address: Ipv4Addr, owner: Owner) -> Result<(), AddressError> {
        check(self.prefix, address)?;
        if self.taken.contains_key(&address) {
            return Err(AddressError::InUse);
        }
        self.taken.insert(address, owner);
        Ok(())
    }

    /// Gives the lowest free address to `owner` (assumption A3).
    ///
    /// # Errors
    /// When none is left.
    pub fn take_lowest(&mut self, owner: Owner) -> Result<Ipv4Addr, AddressError> {
        let (_, last) = usable(self.prefix).ok_or(AddressError::SubnetIsFull)?;
        let start = self.next.ok_or(AddressError::SubnetIsFull)?;
        let free = (start..=last.into()).map(Ipv4Addr::from).find(|address| !self.taken.contains_key(address));
        // Addresses are never given back, so everything below the one given stays taken.
        self.next = free.map(|address| u32::from(address) + 1);
        let address = free.ok_or(AddressError::SubnetIsFull)?;
        self.taken.insert(address, owner);
        Ok(address)
    }

    /// Who has an address.
    #[must_use]
    pub fn owner(&self, address: Ipv4Addr) -> Option<&Owner> {
        self.taken.get(&address)
    }

    /// The addresses given, in order, with their owners.
    pub fn taken(&self) -> impl Iterator<Item = (Ipv4Addr, &Owner)> {
        self.taken.iter().map(|(address, owner)| (*address, owner))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefix(text: &str) -> Ipv4Net {
        text.parse().unwrap()
    }

    #[test]
    fn azure_keeps_five_addresses_of_every_subnet() {
        let subnet = prefix("10.0.0.0/24");
        for kept in ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.255"] {
            assert_eq!(check(subnet, kept.parse().unwrap()), Err(AddressError::Reserved), "{kept}");
        }
        assert_eq!(check(subnet, "10.0.0.4".parse().unwrap()), Ok(()));
        assert_eq!(check(subnet, "10.0.1.4".parse().unwrap()), Err(AddressError::NotInSubnet));
    }

    #[test]
    fn the_smallest_subnet_gives_three_addresses() {
        let mut pool = Pool::new(prefix("10.0.0.0/29"));
        let given: Vec<String> = (0..3).map(|owner| pool.take_lowest(owner).unwrap().to_string()).collect();
        assert_eq!(given, ["10.0.0.4", "10.0.0.5", "10.0.0.6"]);
        assert_eq!(pool.take_lowest(3), Err(AddressError::SubnetIsFull));
    }

    #[test]
    fn a_prefix_too_small_for_a_subnet_gives_nothing() {
        assert_eq!(Pool::new(prefix("10.0.0.0/30")).take_lowest(()), Err(AddressError::SubnetIsFull));
        assert_eq!(Pool::new(prefix("10.0.0.7/32")).take_lowest(()), Err(AddressError::SubnetIsFull));
    }

    proptest! {
        #[test]
        fn allocation_is_unique_usable_and_lowest_first(
            network: u32,
            len in 24_u8..=29,
            stated in proptest::collection::vec(0_u32..256, 0..40),
            dynamic in 0_usize..60,
        ) {
            let prefix = Ipv4Net::new(network.into(), len).unwrap().trunc();
            let mut pool = Pool::new(prefix);
            for offset in stated {
                let address = Ipv4Addr::from(u32::from(prefix.network()).saturating_add(offset));
                let before = pool.taken().count();
                let given = pool.take(address, ());
                prop_assert_eq!(pool.taken().count(), before + usize::from(given.is_ok()));
            }
            let mut previous = None;
            for _ in 0..dynamic {
                let (first, last) = usable(prefix).unwrap();
                let lowest = (u32::from(first)..=u32::from(last))
                    .map(Ipv4Addr::from)
                    .find(|address| pool.owner(*address).is_none());
                let given = pool.take_lowest(()).ok();
                prop_assert_eq!(given, lowest);
                prop_assert!(given.is_none() || given > previous);
                previous = given.or(previous);
            }
            for (address, ()) in pool.taken() {
                prop_assert_eq!(check(prefix, address), Ok(()));
            }
        }
    }
}
