//! What time does to a network: the clock, the ports clients use, NAT bindings, load balancer flows, health probes,
//! open connections, DNS caches.
//!
//! Everything is kept by resource id, so that a session outlives an edit of the document. It is plain data: a clone is a
//! checkpoint.

mod connections;
mod flows;
mod nat;
mod probes;
mod snat;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use smol_str::SmolStr;
use topology::Id;
use topology::document::Request;
use wire::DomainName;
use wire::packet::{Socket, Transport};

pub use connections::{ConnectionReset, OpenConnection};
pub(crate) use connections::{Kept, KeptServer, Memory};
pub(crate) use flows::{Flow, FlowKey};
pub(crate) use nat::{Backends, Consumer};
pub use nat::{NAT_IDLE_S, NatBinding, PORTS_PER_NAT_IP};
pub use probes::ProbeAnswer;
pub(crate) use probes::{ProbeKey, ProbeTable, Probed};
pub(crate) use snat::{PortRange, SnatKey};

use crate::balancing::Rule;
use crate::cache::{CacheKind, CachedName, NameMemory};
use crate::network::Network;
use crate::table::{BalancerIx, InterfaceIx};
use flows::FlowTable;
use nat::NatTables;
use probes::Probes;
use snat::SnatTable;

/// The first ephemeral port (IANA dynamic range).
const FIRST_EPHEMERAL_PORT: u16 = 49152;

/// The state of a network over time. Deterministic: it advances only when told to.
#[derive(Clone, Debug, Default)]
pub struct Session {
    now_s: u64,
    next_ports: BTreeMap<(Id, Transport), u16>,
    pub(crate) nat: NatTables,
    pub(crate) flows: FlowTable,
    snat: SnatTable,
    probes: Probes,
    connections: BTreeMap<u32, OpenConnection>,
    last_connection: u32,
    pub(crate) names: NameMemory,
}

/// How much of a NAT IP is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatUsage {
    /// The NAT IP.
    pub address: Ipv4Addr,
    /// Whether it is the primary one.
    pub primary: bool,
    /// How many flows it carries.
    pub bound: u64,
    /// How many it can carry: 64,000 for each backend [PL-FAQ-NEW].
    pub capacity: u64,
}

/// What a health probe holds of a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendProbe {
    /// The probe's name.
    pub probe: SmolStr,
    /// The network interface of the backend.
    pub interface: Id,
    /// Whether new flows may go there.
    pub is_up: bool,
    /// What the backend answers.
    pub answer: ProbeAnswer,
    /// Seconds until the probe believes that answer; absent when it already does.
    pub settles_in_s: Option<u64>,
}

impl Session {
    /// A session in which nothing has happened yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Session time in seconds.
    #[must_use]
    pub const fn now_s(&self) -> u64 {
        self.now_s
    }

    /// Lets time pass: keepalives are sent, probes change their minds, and what stayed idle for too long is forgotten
    /// (assumption A11), with an RST to both ends where a rule says so [LB-TCPRST].
    pub fn advance(&mut self, seconds: u64) {
        self.now_s = self.now_s.saturating_add(seconds);
        let now_s = self.now_s;
        self.keep_alive();
        self.nat.expire(now_s);
        for (key, flow) in self.flows.expire(now_s) {
            let reset = ConnectionReset { balancer: key.balancer.clone(), at_s: flow.last_used_s + flow.idle_s };
            let is_its = |memory: &Memory| matches!(memory, Memory::Flow(own) if *own == key);
            let ended = self.connections.values_mut().find(|connection| connection.memories().any(is_its));
            if let Some(connection) = ended {
                connection.reset = Some(reset);
            }
        }
        self.snat.expire(now_s);
        self.probes.settle(now_s);
        self.names.expire(now_s);
    }

    /// Looks at a network that has just been compiled: what its backends answer now counts from this moment. Requests do
    /// so by themselves; whoever edits while time passes does it after each edit.
    pub fn observe(&mut self, network: &Network) {
        self.probes.observe(&network.probes, self.now_s);
    }

    /// What the health probes of a load balancer hold of its backends, in the order of probes and network interfaces.
    #[must_use]
    pub fn backend_probes(&self, network: &Network, balancer: &Id) -> Vec<BackendProbe> {
        let targets = network.probes.iter().filter(|(key, _)| key.balancer == *balancer);
        let probes = targets.map(|(key, probed)| {
            let settles_in_s = self.probes.lags(key, self.now_s);
            BackendProbe {
                probe: key.probe.clone(),
                interface: key.interface.clone(),
                is_up: probed.answer.is_up() != settles_in_s.is_some(),
                answer: probed.answer.clone(),
                settles_in_s,
            }
        });
        probes.collect()
    }

    /// The names a machine remembers as a client, or the DNS server on it does, in order.
    pub fn cached_names(&self, machine: &Id, kind: CacheKind) -> impl Iterator<Item = (&DomainName, &CachedName)> {
        self.names.names(machine, kind)
    }

    /// Empties one cache: `ipconfig /flushdns` on a client, `Clear-DnsServerCache` on a server.
    pub fn flush_dns(&mut self, machine: &Id, kind: CacheKind) {
        self.names.flush(machine, kind);
    }

    /// Empties every DNS cache.
    pub fn flush_all_dns(&mut self) {
        self.names.flush_all();
    }

    /// Renews a machine's DHCP lease (`ipconfig /renew`): it asks the DNS servers the document names now [MICROHACK].
    pub fn renew_lease(&mut self, machine: &Id) {
        self.names.renew(machine);
    }

    /// The live NAT bindings of a private link service, by NAT IP and port.
    pub fn nat_bindings(&self, service: &Id) -> impl Iterator<Item = &NatBinding> {
        self.nat.of_service(service)
    }

    /// How much of each NAT IP of a private link service is used, in document order.
    #[must_use]
    pub fn nat_usage(&self, network: &Network, service: &Id) -> Vec<NatUsage> {
        let rows = network.nat_addresses(service).into_iter();
        let capacity = network.nat_capacity_of_one(service);
        let usage = rows.map(|(address, primary)| {
            let bound = u64::from(self.nat.bound(service, address));
            NatUsage { address, primary, bound, capacity }
        });
        usage.collect()
    }

    /// The connections that clients keep, by number.
    pub fn connections(&self) -> impl Iterator<Item = &OpenConnection> {
        self.connections.values()
    }

    /// One of them.
    #[must_use]
    pub fn connection(&self, number: u32) -> Option<&OpenConnection> {
        self.connections.get(&number)
    }

    /// Closes a connection: what stands on its way forgets it at once.
    pub fn close(&mut self, number: u32) {
        let Some(connection) = self.connections.remove(&number) else { return };
        for memory in connection.memories() {
            match memory {
                Memory::Approval(_) => {}
                Memory::Binding { service, nat, number } => self.nat.release(service, *nat, *number),
                Memory::Flow(key) => self.flows.release(key),
                Memory::Lease(key) => self.snat.release(key),
            }
        }
    }

    pub(crate) fn keep(&mut self, request: Request, keepalive_s: Option<u64>, kept: Kept) -> u32 {
        self.last_connection += 1;
        let (number, now_s) = (self.last_connection, self.now_s);
        let connection =
            OpenConnection { number, request, keepalive_s, opened_s: now_s, last_used_s: now_s, reset: None, kept };
        self.connections.insert(number, connection);
        number
    }

    /// Marks a connection as used now.
    pub(crate) fn used(&mut self, number: u32) {
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.last_used_s = self.now_s;
        }
    }

    /// Keepalives that come in time keep everything on their way alive; those that come too late change nothing.
    fn keep_alive(&mut self) {
        let mut connections = std::mem::take(&mut self.connections);
        for connection in connections.values_mut().filter(|connection| connection.reset.is_none()) {
            let Some(every_s) = connection.keepalive_s.filter(|every_s| *every_s > 0) else { continue };
            let in_time = connection.memories().all(|memory| self.limit_s(memory).is_some_and(|limit| every_s < limit));
            let beats = self.now_s.saturating_sub(connection.last_used_s) / every_s;
            if !in_time || beats == 0 {
                continue;
            }
            connection.last_used_s += beats * every_s;
            for memory in connection.memories() {
                self.touch(memory, connection.last_used_s);
            }
        }
        self.connections = connections;
    }

    /// For how long a place remembers an idle flow, in seconds; `None` when it already has forgotten it.
    fn limit_s(&mut self, memory: &Memory) -> Option<u64> {
        match memory {
            Memory::Approval(_) => Some(u64::MAX),
            Memory::Binding { service, nat, number } => self.nat.contains(service, *nat, *number).then_some(NAT_IDLE_S),
            Memory::Flow(key) => self.flows.get(key).map(|flow| flow.idle_s),
            Memory::Lease(key) => self.snat.idle_limit_s(key),
        }
    }

    /// How long a place has not seen a flow that passes it at `now_s`, and for how long it would have waited, in seconds.
    /// `None` when it has forgotten the flow.
    pub(crate) fn touch(&mut self, memory: &Memory, now_s: u64) -> Option<(u64, u64)> {
        match memory {
            Memory::Approval(_) => Some((0, u64::MAX)),
            Memory::Binding { service, nat, number } => {
                self.nat.touch(service, *nat, *number, now_s).map(|idle_s| (idle_s, NAT_IDLE_S))
            }
            Memory::Flow(key) => self.flows.touch(key, now_s),
            Memory::Lease(key) => self.snat.touch(key, now_s),
        }
    }

    /// The next port of a client, from 49152 upwards and round again.
    pub(crate) fn ephemeral_port(&mut self, machine: &Id, transport: Transport) -> u16 {
        let next = self.next_ports.entry((machine.clone(), transport)).or_insert(FIRST_EPHEMERAL_PORT);
        let port = *next;
        *next = port.checked_add(1).unwrap_or(FIRST_EPHEMERAL_PORT);
        port
    }

    /// A port of one of the ranges for a flow to a public address. `None` when every port is taken.
    pub(crate) fn lease(
        &mut self,
        ranges: &[PortRange],
        transport: Transport,
        destination: Socket,
        idle_s: u64,
    ) -> Option<Socket> {
        self.snat.bind(ranges, transport, destination, (self.now_s, idle_s))
    }

    /// The members that a rule's probe holds to be up, in pool order.
    pub(crate) fn healthy<'n>(
        &mut self,
        network: &'n Network,
        balancer: BalancerIx,
        rule: &'n Rule,
    ) -> Cow<'n, [InterfaceIx]> {
        self.observe(network);
        let id = network.balancers.id(balancer);
        let Some(probe) = rule.probe.as_ref().filter(|probe| self.probes.any_lags(id, probe)) else {
            return Cow::Borrowed(&rule.healthy);
        };
        let mut key = ProbeKey { balancer: id.clone(), probe: probe.clone(), interface: id.clone() };
        let members = network.balancers[balancer].pools.get(&rule.pool).map_or(&[][..], Vec::as_slice);
        let is_up = |member: &InterfaceIx| {
            key.interface = network.interfaces.id(*member).clone();
            rule.healthy.contains(member) != self.probes.lags(&key, self.now_s).is_some()
        };
        Cow::Owned(members.iter().flatten().copied().filter(is_up).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_ports_start_at_49152_and_go_round() {
        let mut session = Session::new();
        let machine: Id = "vm".parse().unwrap();
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49152);
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49153);
        assert_eq!(session.ephemeral_port(&machine, Transport::Udp), 49152);
        for _ in 0..16_382 {
            session.ephemeral_port(&machine, Transport::Tcp);
        }
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49152);
    }
}
