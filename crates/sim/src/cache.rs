//! What machines remember of names: their own cache, their DNS server's cache, and the servers their lease named.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use topology::Id;
use wire::DomainName;
use wire::dns::{Record, ResponseCode};

/// Whose cache it is. A machine that runs a DNS server has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CacheKind {
    /// The cache of the machine as a client (`ipconfig /flushdns`).
    Client,
    /// The cache of the DNS server that runs on it (`Clear-DnsServerCache`).
    Server,
}

/// A remembered answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedName {
    /// The response code: a name that does not exist is remembered too.
    pub code: ResponseCode,
    /// The records, with the lifetimes they had when they were stored.
    pub records: Vec<Record>,
    /// When it is forgotten, in seconds of session time.
    pub expires_s: u64,
}

impl CachedName {
    /// The first address in it.
    #[must_use]
    pub fn address(&self) -> Option<Ipv4Addr> {
        first_address(&self.records)
    }
}

/// The first address among records.
pub(crate) fn first_address(records: &[Record]) -> Option<Ipv4Addr> {
    records.iter().find_map(|record| record.data.address())
}

/// Everything remembered, by machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameMemory {
    caches: BTreeMap<(Id, CacheKind), BTreeMap<DomainName, CachedName>>,
    leases: BTreeMap<Id, Vec<Ipv4Addr>>,
}

impl NameMemory {
    pub(crate) fn expire(&mut self, now_s: u64) {
        self.caches.retain(|_, names| {
            names.retain(|_, cached| cached.expires_s > now_s);
            !names.is_empty()
        });
    }

    pub(crate) fn flush(&mut self, owner: &Id, kind: CacheKind) {
        self.caches.remove(&(owner.clone(), kind));
    }

    pub(crate) fn flush_all(&mut self) {
        self.caches.clear();
    }

    pub(crate) fn get(&self, owner: &Id, kind: CacheKind, name: &DomainName) -> Option<&CachedName> {
        if self.caches.is_empty() {
            return None;
        }
        self.caches.get(&(owner.clone(), kind))?.get(name)
    }

    pub(crate) fn names(&self, owner: &Id, kind: CacheKind) -> impl Iterator<Item = (&DomainName, &CachedName)> {
        self.caches.get(&(owner.clone(), kind)).into_iter().flatten()
    }

    pub(crate) fn put(&mut self, owner: &Id, kind: CacheKind, name: &DomainName, cached: CachedName) {
        self.caches.entry((owner.clone(), kind)).or_default().insert(name.clone(), cached);
    }

    /// The servers a machine got when it first asked; what the document says later needs a renewal [MICROHACK].
    pub(crate) fn lease(&mut self, machine: &Id, configured: &[Ipv4Addr]) -> &[Ipv4Addr] {
        self.leases.entry(machine.clone()).or_insert_with(|| configured.to_vec())
    }

    pub(crate) fn renew(&mut self, machine: &Id) {
        self.leases.remove(machine);
    }
}
