//! The programs that ask for names.

pub(crate) mod dig;
mod lines;
pub(crate) mod nameresolver;
pub(crate) mod nslookup;
pub(crate) mod resolve_dns_name;

use std::net::Ipv4Addr;

use sim::Lookup;
use wire::DomainName;
use wire::dns::{Record, RecordData};

/// The port DNS servers listen on.
const DNS_PORT: u16 = 53;
/// Where programs on Linux ask: systemd-resolved, which knows the hosts file, keeps a cache and asks the real servers.
const STUB: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 53);

/// The aliases of an answer: each name with the one it stands for.
fn aliases(records: &[Record]) -> impl Iterator<Item = (&DomainName, &DomainName)> {
    records.iter().filter_map(|record| match &record.data {
        RecordData::Cname(target) => Some((&record.name, target)),
        RecordData::A(_) | RecordData::Soa(_) | RecordData::Unknown(..) => None,
    })
}

/// The name the chain of aliases ends at.
fn canonical<'r>(name: &'r DomainName, records: &'r [Record]) -> &'r DomainName {
    aliases(records).last().map_or(name, |(_, target)| target)
}

/// The addresses of an answer as text.
fn addresses(lookup: &Lookup) -> Vec<String> {
    lookup.addresses().map(|address| address.to_string()).collect()
}
