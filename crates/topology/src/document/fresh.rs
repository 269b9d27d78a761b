//! What is free: the id, range or address that something new takes.

use ipnet::Ipv4Net;
use smol_str::format_smolstr;

use super::Document;
use crate::Id;
use crate::address::overlap;

/// The ranges new networks are taken from, one /16 after the other.
const PRIVATE_SPACE: [(u32, u32); 3] = [(0x0a00_0000, 256), (0xac10_0000, 16), (0xc0a8_0000, 1)];

impl Document {
    /// `wanted` where nothing has that id; else the first of `wanted-2`, `wanted-3`, … that is free. Characters an id
    /// cannot have become `-`.
    #[must_use]
    pub fn free_id(&self, wanted: &str) -> Id {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let stem: String = wanted.chars().map(plain).take(74).collect();
        let stem = if stem.is_empty() { String::from("resource") } else { stem };
        let candidates = std::iter::once(format_smolstr!("{stem}"))
            .chain((2_u32..).map(|number| format_smolstr!("{stem}-{number}")));
        let mut ids = candidates.filter_map(|text| text.parse::<Id>().ok());
        ids.find(|id| self.kind_of(id).is_none()).expect("a document holds fewer ids than there are numbers")
    }

    /// The first private /16 that no virtual network overlaps; `None` when all are taken.
    #[must_use]
    pub fn free_address_space(&self) -> Option<Ipv4Net> {
        let taken: Vec<Ipv4Net> =
            self.virtual_networks.iter().flat_map(|(_, row)| row.address_prefixes.iter().copied()).collect();
        let mut blocks =
            PRIVATE_SPACE.into_iter().flat_map(|(first, count)| (0..count).map(move |n| first + (n << 16)));
        blocks.find_map(|first| free(&taken, first, 16))
    }

    /// The first range of `length` bits in a network's address space that no subnet overlaps; `None` when there is
    /// none.
    #[must_use]
    pub fn free_subnet_prefix(&self, network: &Id, length: u8) -> Option<Ipv4Net> {
        let spaces = &self.virtual_networks.get(network)?.address_prefixes;
        let siblings = self.subnets.iter().filter(|(_, row)| row.virtual_network == *network);
        let taken: Vec<Ipv4Net> = siblings.map(|(_, row)| row.address_prefix).collect();
        spaces.iter().find_map(|space| {
            let length = length.max(space.prefix_len());
            let (size, last) = (1_u64 << (32 - length), u64::from(u32::from(space.broadcast())));
            let mut at = u64::from(u32::from(space.network()));
            // Each range that is taken moves on past its end, so that this ends after as many steps as there are subnets.
            while at <= last {
                let candidate = Ipv4Net::new(u32::try_from(at).ok()?.into(), length).ok()?;
                match taken.iter().find(|other| overlap(**other, candidate)) {
                    None => return Some(candidate),
                    Some(other) => {
                        let end = u64::from(u32::from(other.broadcast())) + 1;
                        at = end.max(at + size).div_ceil(size) * size;
                    }
                }
            }
            None
        })
    }
}

fn free(taken: &[Ipv4Net], first: u32, length: u8) -> Option<Ipv4Net> {
    let candidate = Ipv4Net::new(first.into(), length).ok()?;
    (!taken.iter().any(|other| overlap(*other, candidate))).then_some(candidate)
}
