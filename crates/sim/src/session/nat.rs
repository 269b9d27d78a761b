//! The translation tables of private link services: who is bound to which port of which NAT IP [PLS-OV].
//!
//! A NAT IP has 64,000 ports for each backend [PL-FAQ-NEW]: a port serves as many flows at once as there are backends,
//! each to another of them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use topology::Id;
use wire::packet::Socket;

/// Ports of a NAT IP, for each backend.
pub const PORTS_PER_NAT_IP: u32 = 64_000;
/// Idle time after which a private link service forgets a binding, in seconds [PLS-OV].
pub const NAT_IDLE_S: u64 = 300;
/// The first NAT port.
const FIRST_PORT: u16 = 1024;
/// The last one.
const LAST_PORT: u16 = 65_023;

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
    /// The network interface of the backend it leads to; absent while there is none, or with Direct Connect.
    pub backend: Option<Id>,
    /// When it was last used, in seconds of session time.
    pub last_used_s: u64,
}

/// Who can take a flow from a NAT socket.
pub(crate) trait Backends {
    /// The backend for a flow from this NAT socket, which already leads to those of `taken`. The outer `None` means
    /// that the socket is of no more use.
    fn pick(&self, nat: Socket, taken: &[NatBinding]) -> Option<Option<Id>>;
    /// Every backend that could be picked.
    fn all(&self) -> Vec<Option<Id>>;
}

/// Who asks for a binding.
#[derive(Clone, Copy)]
pub(crate) struct Consumer<'a> {
    pub(crate) endpoint: &'a Id,
    pub(crate) socket: Socket,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct NatTables {
    services: BTreeMap<Id, BTreeMap<Ipv4Addr, Ports>>,
    last_number: u32,
}

/// The ports of one NAT IP.
#[derive(Clone, Debug)]
struct Ports {
    next: u16,
    bindings: BTreeMap<u16, Vec<NatBinding>>,
    /// Bindings by backend, and all of them.
    per_backend: BTreeMap<Option<Id>, u32>,
    bound: u32,
}

impl Default for Ports {
    fn default() -> Self {
        Self { next: FIRST_PORT, bindings: BTreeMap::new(), per_backend: BTreeMap::new(), bound: 0 }
    }
}

impl NatTables {
    /// The live bindings of a service, by NAT IP and port.
    pub(crate) fn of_service(&self, service: &Id) -> impl Iterator<Item = &NatBinding> {
        let addresses = self.services.get(service).into_iter().flat_map(BTreeMap::values);
        addresses.flat_map(|ports| ports.bindings.values()).flatten()
    }

    /// How many bindings a NAT IP has.
    pub(crate) fn bound(&self, service: &Id, nat_ip: Ipv4Addr) -> u32 {
        self.services.get(service).and_then(|addresses| addresses.get(&nat_ip)).map_or(0, |ports| ports.bound)
    }

    /// Binds a free port of one of the NAT IPs, tried in the order given. `None` when every port is taken towards
    /// every backend. What is bound stays bound until it has been idle for 300 seconds.
    pub(crate) fn bind(
        &mut self,
        service: &Id,
        nat_ips: impl IntoIterator<Item = Ipv4Addr>,
        consumer: Consumer<'_>,
        backends: &impl Backends,
        now_s: u64,
    ) -> Option<NatBinding> {
        let addresses = self.services.entry(service.clone()).or_default();
        for nat_ip in nat_ips {
            let ports = addresses.entry(nat_ip).or_default();
            let Some((nat, backend)) = ports.free(nat_ip, backends) else { continue };
            self.last_number += 1;
            let (number, endpoint) = (self.last_number, consumer.endpoint.clone());
            let binding = NatBinding { number, endpoint, consumer: consumer.socket, nat, backend, last_used_s: now_s };
            ports.add(binding.clone());
            return Some(binding);
        }
        None
    }

    fn find_mut(&mut self, service: &Id, nat: Socket, number: u32) -> Option<&mut NatBinding> {
        let ports = self.services.get_mut(service)?.get_mut(&nat.address)?;
        ports.bindings.get_mut(&nat.port)?.iter_mut().find(|binding| binding.number == number)
    }

    pub(crate) fn contains(&self, service: &Id, nat: Socket, number: u32) -> bool {
        let ports = self.services.get(service).and_then(|addresses| addresses.get(&nat.address));
        let bindings = ports.and_then(|ports| ports.bindings.get(&nat.port));
        bindings.is_some_and(|bindings| bindings.iter().any(|binding| binding.number == number))
    }

    /// How long a live binding has been idle, in seconds; used again from now on.
    pub(crate) fn touch(&mut self, service: &Id, nat: Socket, number: u32, now_s: u64) -> Option<u64> {
        let binding = self.find_mut(service, nat, number)?;
        let idle_s = now_s.saturating_sub(binding.last_used_s);
        binding.last_used_s = now_s;
        Some(idle_s)
    }

    /// Takes a binding out.
    pub(crate) fn release(&mut self, service: &Id, nat: Socket, number: u32) {
        let ports = self.services.get_mut(service).and_then(|addresses| addresses.get_mut(&nat.address));
        let Some(ports) = ports else { return };
        let Some(bindings) = ports.bindings.get_mut(&nat.port) else { return };
        let Some(position) = bindings.iter().position(|binding| binding.number == number) else { return };
        let released = bindings.remove(position);
        if bindings.is_empty() {
            ports.bindings.remove(&nat.port);
        }
        ports.bound -= 1;
        if let Some(count) = ports.per_backend.get_mut(&released.backend) {
            *count -= 1;
        }
    }

    pub(crate) fn expire(&mut self, now_s: u64) {
        for ports in self.services.values_mut().flat_map(BTreeMap::values_mut) {
            ports.retain(|binding| now_s.saturating_sub(binding.last_used_s) < NAT_IDLE_S);
        }
    }
}

impl Ports {
    /// The next port that can take one more flow, and the backend it takes it to.
    fn free(&mut self, nat_ip: Ipv4Addr, backends: &impl Backends) -> Option<(Socket, Option<Id>)> {
        if self.bound >= PORTS_PER_NAT_IP {
            let taken = |backend: &Option<Id>| self.per_backend.get(backend).copied().unwrap_or_default();
            if backends.all().iter().all(|backend| taken(backend) >= PORTS_PER_NAT_IP) {
                return None;
            }
        }
        let ports = (self.next..=LAST_PORT).chain(FIRST_PORT..self.next);
        let (port, backend) = ports.into_iter().find_map(|port| {
            let taken = self.bindings.get(&port).map_or(&[][..], Vec::as_slice);
            Some((port, backends.pick(Socket::new(nat_ip, port), taken)?))
        })?;
        self.next = if port == LAST_PORT { FIRST_PORT } else { port + 1 };
        Some((Socket::new(nat_ip, port), backend))
    }

    fn add(&mut self, binding: NatBinding) {
        *self.per_backend.entry(binding.backend.clone()).or_default() += 1;
        self.bound += 1;
        self.bindings.entry(binding.nat.port).or_default().push(binding);
    }

    fn retain(&mut self, keep: impl Fn(&NatBinding) -> bool) {
        let (per_backend, bound) = (&mut self.per_backend, &mut self.bound);
        self.bindings.retain(|_, bindings| {
            bindings.retain(|binding| {
                let stays = keep(binding);
                if !stays && let Some(count) = per_backend.get_mut(&binding.backend) {
                    *count -= 1;
                    *bound -= 1;
                }
                stays
            });
            !bindings.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const NAT_IP: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 4);
    const CONSUMER: Socket = Socket::new(Ipv4Addr::new(10, 0, 0, 4), 49152);

    fn id(text: &str) -> Id {
        text.parse().unwrap()
    }

    /// The first of so many backends that the socket does not lead to yet.
    struct First(usize);

    impl Backends for First {
        fn pick(&self, _: Socket, taken: &[NatBinding]) -> Option<Option<Id>> {
            self.all().into_iter().find(|backend| taken.iter().all(|binding| binding.backend != *backend))
        }

        fn all(&self) -> Vec<Option<Id>> {
            (0..self.0).map(|n| Some(id(&format!("nic-{n}")))).collect()
        }
    }

    fn bind(tables: &mut NatTables, nat_ips: &[Ipv4Addr], backends: usize) -> Option<NatBinding> {
        let endpoint = id("pe");
        let consumer = Consumer { endpoint: &endpoint, socket: CONSUMER };
        tables.bind(&id("pls"), nat_ips.iter().copied(), consumer, &First(backends), 0)
    }

    #[test]
    fn rule_2_6_1_a_nat_ip_gives_64000_ports_for_each_backend_and_then_none() {
        let mut tables = NatTables::default();
        let mut seen = BTreeSet::new();
        for number in 1..=128_000 {
            let binding = bind(&mut tables, &[NAT_IP], 2).unwrap();
            assert_eq!(binding.number, number);
            assert!(binding.nat.port >= 1024 && seen.insert((binding.nat, binding.backend)));
        }
        assert_eq!(bind(&mut tables, &[NAT_IP], 2), None);
        assert_eq!(tables.bound(&id("pls"), NAT_IP), 128_000);
        let second = Ipv4Addr::new(10, 0, 2, 5);
        assert_eq!(bind(&mut tables, &[NAT_IP, second], 2).unwrap().nat, Socket::new(second, 1024));
        assert_eq!(bind(&mut tables, &[NAT_IP], 3).unwrap().backend, Some(id("nic-2")), "a third backend is new room");
    }

    #[test]
    fn rule_2_6_3_a_binding_is_forgotten_after_300_idle_seconds() {
        let mut tables = NatTables::default();
        let binding = bind(&mut tables, &[NAT_IP], 1).unwrap();
        tables.expire(299);
        assert_eq!(tables.touch(&id("pls"), binding.nat, binding.number, 299), Some(299));
        tables.expire(598);
        assert_eq!(tables.of_service(&id("pls")).count(), 1, "use keeps it alive");
        tables.expire(599);
        assert_eq!(tables.of_service(&id("pls")).count(), 0);
        assert_eq!((tables.touch(&id("pls"), binding.nat, 1, 599), tables.bound(&id("pls"), NAT_IP)), (None, 0));
    }

    proptest! {
        #[test]
        fn a_live_binding_is_never_given_again(
            steps in proptest::collection::vec((0_usize..4, 1_usize..4, 0_u64..200), 1..300),
        ) {
            let mut tables = NatTables::default();
            let mut now_s = 0;
            for (action, backends, seconds) in steps {
                match action {
                    0 => {
                        now_s += seconds;
                        tables.expire(now_s);
                    }
                    1 => {
                        let first = tables.of_service(&id("pls")).next().map(|row| (row.nat, row.number));
                        if let Some((nat, number)) = first {
                            tables.release(&id("pls"), nat, number);
                        }
                    }
                    _ => {
                        let endpoint = id("pe");
                        let consumer = Consumer { endpoint: &endpoint, socket: CONSUMER };
                        tables.bind(&id("pls"), [NAT_IP], consumer, &First(backends), now_s);
                    }
                }
                let mut seen = BTreeSet::new();
                for binding in tables.of_service(&id("pls")) {
                    prop_assert!(seen.insert((binding.nat, binding.backend.clone())));
                    prop_assert!(now_s - binding.last_used_s < NAT_IDLE_S);
                }
                prop_assert_eq!(u32::try_from(seen.len()).unwrap(), tables.bound(&id("pls"), NAT_IP));
            }
        }
    }
}
