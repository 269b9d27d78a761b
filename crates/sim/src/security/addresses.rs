//! Sets of IPv4 addresses.

use std::net::Ipv4Addr;

use ipnet::{Ipv4Net, Ipv4Subnets};

/// Addresses as ranges, first and last included: sorted, apart from one another, found by halving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AddressSet(Vec<(u32, u32)>);

impl AddressSet {
    pub(crate) fn of(prefixes: impl IntoIterator<Item = Ipv4Net>) -> Self {
        let mut ranges: Vec<(u32, u32)> =
            prefixes.into_iter().map(|prefix| (prefix.network().into(), prefix.broadcast().into())).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut().filter(|(_, end)| first <= end.saturating_add(1)) {
                Some((_, end)) => *end = last.max(*end),
                None => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    pub(crate) fn contains(&self, address: Ipv4Addr) -> bool {
        let address = u32::from(address);
        let after = self.0.partition_point(|(first, _)| *first <= address);
        after.checked_sub(1).is_some_and(|position| address <= self.0[position].1)
    }

    /// The fewest prefixes that cover exactly these addresses, in order.
    pub(crate) fn prefixes(&self) -> Vec<Ipv4Net> {
        let subnets = |(first, last): &(u32, u32)| Ipv4Subnets::new((*first).into(), (*last).into(), 0);
        self.0.iter().flat_map(subnets).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(prefixes: &[&str]) -> AddressSet {
        AddressSet::of(prefixes.iter().map(|prefix| prefix.parse().unwrap()))
    }

    #[test]
    fn a_set_holds_its_ranges_and_nothing_beside_them() {
        let set = set(&["10.0.1.0/24", "10.0.0.0/24", "192.0.2.7/32", "10.0.0.128/25"]);
        for inside in [[10, 0, 0, 0], [10, 0, 1, 255], [192, 0, 2, 7]] {
            assert!(set.contains(inside.into()), "{inside:?}");
        }
        for outside in [[9, 255, 255, 255], [10, 0, 2, 0], [192, 0, 2, 6], [192, 0, 2, 8], [0, 0, 0, 0]] {
            assert!(!set.contains(outside.into()), "{outside:?}");
        }
        let prefixes: Vec<String> = set.prefixes().iter().map(Ipv4Net::to_string).collect();
        assert_eq!(prefixes, ["10.0.0.0/23", "192.0.2.7/32"]);
    }

    #[test]
    fn everything_and_nothing_are_sets_too() {
        assert!(set(&["0.0.0.0/0"]).contains([255, 255, 255, 255].into()));
        assert!(!AddressSet::default().contains([0, 0, 0, 0].into()));
    }
}
