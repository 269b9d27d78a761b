//! Identifiers and addresses that Azure would choose at random: here they follow from the document alone.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use wire::hash::{fnv1a, spread};

pub use wire::hash::stable_guid;

/// One of `n` choices, decided by the bytes alone. `n` is at least 1.
pub(crate) fn choose(bytes: &[u8], n: usize) -> usize {
    let n = u64::try_from(n).expect("a list is shorter than 2^64").max(1);
    usize::try_from(spread(fnv1a(bytes)) % n).expect("smaller than a length")
}

/// The public address of a platform name whose document pins none: from 198.51.100.0/24 (RFC 5737, TEST-NET-2).
pub(crate) fn platform_address(name: &str) -> Ipv4Addr {
    Ipv4Addr::new(198, 51, 100, host(name))
}

/// The public address a machine appears as on the Internet: from 203.0.113.0/24 (RFC 5737, TEST-NET-3).
pub(crate) fn outbound_address(interface: &str) -> Ipv4Addr {
    Ipv4Addr::new(203, 0, 113, host(interface))
}

/// A public IP address whose document states none: from 198.18.0.0/15 (RFC 2544), unlike any of `taken`, which it joins.
pub(crate) fn public_address(id: &str, taken: &mut BTreeSet<Ipv4Addr>) -> Ipv4Addr {
    const FIRST: u32 = u32::from_be_bytes([198, 18, 0, 0]);
    const COUNT: usize = 1 << 17;
    let start = choose(id.as_bytes(), COUNT);
    let offsets = (start..COUNT).chain(0..start).map(|offset| u32::try_from(offset).expect("17 bits"));
    let mut addresses = offsets.map(|offset| Ipv4Addr::from(FIRST + offset));
    let address = addresses.find(|address| taken.insert(*address));
    address.unwrap_or(Ipv4Addr::from(FIRST))
}

fn host(text: &str) -> u8 {
    u8::try_from(choose(text.as_bytes(), 254) + 1).expect("1 to 254")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_spread_over_all_options() {
        let mut seen = [0_u32; 4];
        for n in 0_u16..400 {
            seen[choose(&n.to_be_bytes(), 4)] += 1;
        }
        assert!(seen.iter().all(|count| *count > 60), "{seen:?}");
    }
}
