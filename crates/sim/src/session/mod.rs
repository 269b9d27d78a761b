//! What time does to a network: the clock, the ports clients use, NAT bindings, load balancer flows, DNS caches.
//!
//! Everything is kept by resource id, so that a session outlives an edit of the document.

mod snat;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use topology::Id;
use wire::DomainName;
use wire::packet::{Socket, Transport};

use crate::cache::{CacheKind, CachedName, NameMemory};
use crate::network::PORTS_PER_NAT_IP;
pub(crate) use snat::PortRange;
use snat::SnatTable;

/// The first ephemeral port (IANA dynamic range).
const FIRST_EPHEMERAL_PORT: u16 = 49152;
/// The first NAT port.
const FIRST_NAT_PORT: u16 = 1024;
/// Idle time after which a private link service forgets a binding, in seconds [PLS-OV].
const NAT_IDLE_S: u64 = 300;
/// Idle time after which a load balancer forgets a flow, in seconds [LB-TCPRST].
const FLOW_IDLE_S: u64 = 240;

/// The state of a network over time. Deterministic: it advances only when told to.
#[derive(Clone, Debug, Default)]
pub struct Session {
    now_s: u64,
    next_ports: BTreeMap<(Id, Transport), u16>,
    bindings: BTreeMap<(Id, Socket), NatBinding>,
    next_nat_ports: BTreeMap<(Id, Ipv4Addr), u16>,
    last_binding: u32,
    flows: BTreeMap<FlowKey, Flow>,
    snat: SnatTable,
    pub(crate) names: NameMemory,
}

/// One row of a private link service's translation table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NatBinding {
    /// Its number, from 1 in every session.
    pub number: u32,
    /// The private endpoint it came through: with overlapping address spaces the consumer's address alone says little.
    pub endpoint: Id,
    /// The consumer's address and port.
    pub consumer: Socket,
    /// The NAT IP and port the provider sees.
    pub nat: Socket,
    /// When it was last used, in seconds of session time.
    pub last_used_s: u64,
}

/// What a load balancer tells flows apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlowKey {
    /// The load balancer.
    pub balancer: Id,
    /// Who sends, as the load balancer sees it.
    pub source: Socket,
    /// The frontend.
    pub frontend: Socket,
}

#[derive(Clone, Debug)]
struct Flow {
    backend: Id,
    last_used_s: u64,
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

    /// Lets time pass; bindings and flows that stayed idle for too long are forgotten (assumption A11).
    pub fn advance(&mut self, seconds: u64) {
        self.now_s = self.now_s.saturating_add(seconds);
        let now_s = self.now_s;
        self.bindings.retain(|_, binding| now_s - binding.last_used_s < NAT_IDLE_S);
        self.flows.retain(|_, flow| now_s - flow.last_used_s < FLOW_IDLE_S);
        self.snat.expire(now_s);
        self.names.expire(now_s);
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
    pub fn nat_bindings<'a>(&'a self, service: &'a Id) -> impl Iterator<Item = &'a NatBinding> {
        self.bindings.iter().filter(move |((owner, _), _)| owner == service).map(|(_, binding)| binding)
    }

    /// The next port of a client, from 49152 upwards and round again.
    pub(crate) fn ephemeral_port(&mut self, machine: &Id, transport: Transport) -> u16 {
        let next = self.next_ports.entry((machine.clone(), transport)).or_insert(FIRST_EPHEMERAL_PORT);
        let port = *next;
        *next = port.checked_add(1).unwrap_or(FIRST_EPHEMERAL_PORT);
        port
    }

    /// Binds a free port of one of the NAT IPs, tried in the order given. `None` when every port is taken.
    /// A port that is bound stays bound until it has been idle for 300 seconds.
    pub(crate) fn bind(
        &mut self,
        service: &Id,
        nat_ips: impl IntoIterator<Item = Ipv4Addr>,
        endpoint: &Id,
        consumer: Socket,
    ) -> Option<NatBinding> {
        let nat = nat_ips.into_iter().find_map(|nat_ip| self.free_nat_port(service, nat_ip))?;
        self.last_binding += 1;
        let number = self.last_binding;
        let binding = NatBinding { number, endpoint: endpoint.clone(), consumer, nat, last_used_s: self.now_s };
        self.bindings.insert((service.clone(), nat), binding.clone());
        Some(binding)
    }

    fn free_nat_port(&mut self, service: &Id, nat_ip: Ipv4Addr) -> Option<Socket> {
        let last = u16::try_from(u64::from(FIRST_NAT_PORT) + PORTS_PER_NAT_IP - 1).unwrap_or(u16::MAX);
        let start = *self.next_nat_ports.get(&(service.clone(), nat_ip)).unwrap_or(&FIRST_NAT_PORT);
        let mut key = (service.clone(), Socket::new(nat_ip, start));
        for port in (start..=last).chain(FIRST_NAT_PORT..start) {
            key.1.port = port;
            if !self.bindings.contains_key(&key) {
                let next = if port == last { FIRST_NAT_PORT } else { port + 1 };
                self.next_nat_ports.insert((key.0, nat_ip), next);
                return Some(key.1);
            }
        }
        None
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

    /// The backend an existing flow is pinned to [LB-DIST].
    pub(crate) fn pinned(&mut self, key: &FlowKey) -> Option<&Id> {
        let now_s = self.now_s;
        let flow = self.flows.get_mut(key)?;
        flow.last_used_s = now_s;
        Some(&flow.backend)
    }

    /// Pins a new flow to its backend.
    pub(crate) fn pin(&mut self, key: FlowKey, backend: Id) {
        self.flows.insert(key, Flow { backend, last_used_s: self.now_s });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAT_IP: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 4);
    const CONSUMER: Socket = Socket::new(Ipv4Addr::new(10, 0, 0, 4), 49152);

    fn id(text: &str) -> Id {
        text.parse().unwrap()
    }

    #[test]
    fn a_nat_ip_gives_64000_ports_and_then_none() {
        let mut session = Session::new();
        let (service, endpoint) = (id("pls"), id("pe"));
        let mut seen = std::collections::BTreeSet::new();
        for number in 1..=64_000 {
            let binding = session.bind(&service, [NAT_IP], &endpoint, CONSUMER).unwrap();
            assert_eq!(binding.number, number);
            assert!(binding.nat.port >= 1024 && seen.insert(binding.nat.port));
        }
        assert_eq!(session.bind(&service, [NAT_IP], &endpoint, CONSUMER), None);
        let second = session.bind(&service, [NAT_IP, Ipv4Addr::new(10, 0, 2, 5)], &endpoint, CONSUMER).unwrap();
        assert_eq!(second.nat, Socket::new(Ipv4Addr::new(10, 0, 2, 5), 1024));
    }

    #[test]
    fn a_binding_is_forgotten_after_300_idle_seconds() {
        let mut session = Session::new();
        session.bind(&id("pls"), [NAT_IP], &id("pe"), CONSUMER).unwrap();
        session.advance(299);
        assert_eq!(session.nat_bindings(&id("pls")).count(), 1);
        session.advance(1);
        assert_eq!(session.nat_bindings(&id("pls")).count(), 0);
    }

    #[test]
    fn a_flow_stays_with_its_backend_until_240_idle_seconds() {
        let mut session = Session::new();
        let key = FlowKey { balancer: id("lb"), source: CONSUMER, frontend: Socket::new(NAT_IP, 80) };
        assert_eq!(session.pinned(&key), None);
        session.pin(key.clone(), id("web-nic"));
        session.advance(239);
        assert_eq!(session.pinned(&key), Some(&id("web-nic")));
        session.advance(239);
        assert_eq!(session.pinned(&key), Some(&id("web-nic")), "use keeps it alive");
        session.advance(240);
        assert_eq!(session.pinned(&key), None);
    }

    #[test]
    fn client_ports_start_at_49152_and_go_round() {
        let mut session = Session::new();
        let machine = id("vm");
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49152);
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49153);
        assert_eq!(session.ephemeral_port(&machine, Transport::Udp), 49152);
        for _ in 0..16_382 {
            session.ephemeral_port(&machine, Transport::Tcp);
        }
        assert_eq!(session.ephemeral_port(&machine, Transport::Tcp), 49152);
    }
}
