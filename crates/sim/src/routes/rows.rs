//! The routes of one source, found by address.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;

use super::NextHop;
use crate::trace::RouteSource;

/// One route of a source.
#[derive(Clone, Debug)]
pub(crate) struct RouteRow {
    pub(crate) prefix: Ipv4Net,
    /// The other ranges of the same route; only a service endpoint's has any.
    pub(crate) further_prefixes: Box<[Ipv4Net]>,
    pub(crate) hop: NextHop,
    /// The name of a user-defined route.
    pub(crate) name: Option<SmolStr>,
}

impl RouteRow {
    pub(crate) fn new(prefix: Ipv4Net, hop: NextHop) -> Self {
        Self { prefix: prefix.trunc(), further_prefixes: Box::default(), hop, name: None }
    }

    pub(crate) fn prefixes(&self) -> impl Iterator<Item = Ipv4Net> {
        std::iter::once(self.prefix).chain(self.further_prefixes.iter().copied())
    }
}

/// All routes of one source: the system, a route table, the gateways, the service endpoints of a subnet.
///
/// Sources are compiled once and shared: an effective route table is a list of them, never a copy.
#[derive(Clone, Debug)]
pub(crate) struct RouteRows {
    pub(crate) source: RouteSource,
    /// In the order the CLI prints them.
    pub(crate) rows: Vec<RouteRow>,
    /// Every prefix with the position of its row, sorted.
    by_prefix: Vec<(Ipv4Net, u32)>,
    /// The lengths of the prefixes, longest first.
    lengths: Vec<u8>,
}

impl RouteRows {
    pub(crate) fn new(source: RouteSource, rows: Vec<RouteRow>) -> Self {
        let mut by_prefix: Vec<(Ipv4Net, u32)> = Vec::with_capacity(rows.len());
        for (row, position) in rows.iter().zip(0..) {
            by_prefix.extend(row.prefixes().map(|prefix| (prefix, position)));
        }
        by_prefix.sort_unstable();
        let mut is_present = [false; 33];
        for (prefix, _) in &by_prefix {
            is_present[usize::from(prefix.prefix_len())] = true;
        }
        let lengths = (0..=32).rev().filter(|length| is_present[usize::from(*length)]).collect();
        Self { source, rows, by_prefix, lengths }
    }

    /// The rows that contain an address, with the prefix that does: the longest first.
    pub(crate) fn containing(&self, address: Ipv4Addr) -> impl Iterator<Item = (Ipv4Net, &RouteRow)> {
        let around = self.lengths.iter().filter_map(move |length| Ipv4Net::new(address, *length).ok());
        around.flat_map(|around| self.exactly(around.trunc()))
    }

    /// The rows of exactly this prefix.
    pub(crate) fn exactly(&self, prefix: Ipv4Net) -> impl Iterator<Item = (Ipv4Net, &RouteRow)> {
        let first = self.by_prefix.partition_point(|(other, _)| *other < prefix);
        let same = self.by_prefix[first..].iter().take_while(move |(other, _)| *other == prefix);
        same.map(|(prefix, position)| (*prefix, &self.rows[*position as usize]))
    }
}

impl Default for RouteRows {
    fn default() -> Self {
        Self::new(RouteSource::Default, Vec::new())
    }
}
