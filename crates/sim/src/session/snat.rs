//! The ports of public addresses that machines leave by [LB-OUT].

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use wire::packet::{Socket, Transport};

/// Ports of one public address that a machine may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PortRange {
    pub(crate) address: Ipv4Addr,
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// A flow's place in the table: a port serves one flow to each destination at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SnatKey {
    pub(crate) public: Socket,
    pub(crate) transport: Transport,
    pub(crate) destination: Socket,
}

#[derive(Clone, Debug)]
struct Lease {
    last_used_s: u64,
    idle_s: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct SnatTable {
    leases: BTreeMap<SnatKey, Lease>,
    /// The port to try next, by address and first port of the range.
    next: BTreeMap<(Ipv4Addr, u16), u16>,
}

impl SnatTable {
    /// A free port of one of the ranges, tried in the order given. `None` when every port is taken.
    pub(crate) fn bind(
        &mut self,
        ranges: &[PortRange],
        transport: Transport,
        destination: Socket,
        (now_s, idle_s): (u64, u64),
    ) -> Option<Socket> {
        let public = ranges.iter().find_map(|range| self.free(*range, transport, destination))?;
        self.leases.insert(SnatKey { public, transport, destination }, Lease { last_used_s: now_s, idle_s });
        Some(public)
    }

    fn free(&mut self, range: PortRange, transport: Transport, destination: Socket) -> Option<Socket> {
        let PortRange { address, first, last } = range;
        let start = self.next.get(&(address, first)).copied().unwrap_or(first);
        let mut key = SnatKey { public: Socket::new(address, start), transport, destination };
        for port in (start..=last).chain(first..start) {
            key.public.port = port;
            if !self.leases.contains_key(&key) {
                self.next.insert((address, first), if port == last { first } else { port + 1 });
                return Some(key.public);
            }
        }
        None
    }

    /// How long a live lease has been idle, and for how long it may be, in seconds; used again from now on.
    pub(crate) fn touch(&mut self, key: &SnatKey, now_s: u64) -> Option<(u64, u64)> {
        let lease = self.leases.get_mut(key)?;
        let idle_s = now_s.saturating_sub(lease.last_used_s);
        lease.last_used_s = now_s;
        Some((idle_s, lease.idle_s))
    }

    /// For how long a live lease may be idle, in seconds.
    pub(crate) fn idle_limit_s(&self, key: &SnatKey) -> Option<u64> {
        self.leases.get(key).map(|lease| lease.idle_s)
    }

    pub(crate) fn release(&mut self, key: &SnatKey) {
        self.leases.remove(key);
    }

    pub(crate) fn expire(&mut self, now_s: u64) {
        self.leases.retain(|_, lease| now_s.saturating_sub(lease.last_used_s) < lease.idle_s);
    }
}
