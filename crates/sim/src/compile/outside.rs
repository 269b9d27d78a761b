//! Machines wherever they stand: virtual ones, those at on-premises sites, those on the Internet, and platform services
//! that send.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use indexmap::IndexMap;
use topology::problem::ProblemCode;
use topology::resource::{DnsServer, GuestService, GuestTransport};
use topology::{Document, Id};
use wire::DomainName;
use wire::packet::Transport;

use super::{Problems, apps, dns};
use crate::identity::outbound_address;
use crate::network::{Listener, Machine, Network};
use crate::outside::{Outside, Site};
use crate::table::{MachineIx, Rows, SiteIx};

pub(super) fn sites(document: &Document) -> Rows<SiteIx, Site> {
    Rows::compile(&document.on_premises_sites, |id, row| Site {
        prefixes: row.address_prefixes.iter().map(ipnet::Ipv4Net::trunc).collect(),
        dns_servers: row.dns_servers.clone(),
        public_address: row.public_ip_address.unwrap_or_else(|| outbound_address(id.as_str())),
        hosts: BTreeMap::new(),
        tunnels: Vec::new(),
    })
}

/// Virtual machines come first, so that their index is their position in the document.
pub(super) fn machines(document: &Document, problems: &mut Problems) -> Rows<MachineIx, Machine> {
    let virtual_machines = document.virtual_machines.iter().map(|(id, row)| {
        let machine = guest(&row.services, row.dns_server.as_deref(), &row.hosts);
        let (forwarding, loopbacks) = (row.forwarding.as_deref().cloned(), row.loopback_addresses.clone());
        (id.clone(), Machine { forwarding, loopbacks, ..machine })
    });
    let hosts = document.on_premises_hosts.iter().map(|(id, row)| {
        let site: Option<SiteIx> =
            problems.reference(&document.on_premises_sites, &row.on_premises_site, id, "onPremisesSite");
        let address = row.ip_address;
        if let Some(site) = document.on_premises_sites.get(&row.on_premises_site)
            && !site.address_prefixes.iter().any(|prefix| prefix.contains(&address))
        {
            problems.add(id, "ipAddress", ProblemCode::AddressNotAtSite { address });
        }
        // A host of a site that does not exist has nowhere to send to.
        let outside = site.map(|site| Outside { address, site: Some(site), vpn: None });
        let machine = guest(&row.services, row.dns_server.as_deref(), &row.hosts);
        (id.clone(), Machine { outside, ..machine })
    });
    let clients = document.internet_clients.iter().map(|(id, row)| {
        let address = row.public_ip_address.unwrap_or_else(|| outbound_address(id.as_str()));
        let machine = guest(&[], None, &row.hosts);
        let outside = Some(Outside { address, site: None, vpn: None });
        (id.clone(), Machine { outside, dns_servers: row.dns_servers.clone(), ..machine })
    });
    Rows::of(virtual_machines.chain(hosts).chain(clients).chain(apps::machines(document)))
}

fn listener(service: &GuestService) -> ((Transport, u16), Listener) {
    let transport = match service.transport {
        GuestTransport::Tcp => Transport::Tcp,
        GuestTransport::Udp => Transport::Udp,
    };
    let listener = Listener {
        name: service.name.clone(),
        parses_proxy_protocol: service.parses_proxy_protocol,
        status: service.status,
        status_by_path: service.status_by_path.iter().map(|(path, status)| (path.clone(), *status)).collect(),
    };
    ((transport, service.port), listener)
}

fn guest(services: &[GuestService], dns_server: Option<&DnsServer>, hosts: &IndexMap<DomainName, Ipv4Addr>) -> Machine {
    Machine {
        services: services.iter().filter(|service| !service.stopped).map(listener).collect(),
        loopbacks: Vec::new(),
        dns_server: dns_server.map(dns::server),
        hosts: hosts.iter().map(|(name, address)| (name.clone(), *address)).collect(),
        ..Machine::default()
    }
}

/// Who has which address at a site; of two with the same one the first counts.
pub(super) fn place(network: &mut Network, problems: &mut Problems) {
    let mut placed: Vec<(SiteIx, Ipv4Addr, MachineIx)> = Vec::new();
    for (machine, _, row) in network.machines.iter() {
        if let Some(Outside { address, site: Some(site), .. }) = row.outside {
            placed.push((site, address, machine));
        }
    }
    for (site, address, machine) in placed {
        let first = *network.sites[site].hosts.entry(address).or_insert(machine);
        if first != machine {
            let (id, by): (&Id, &Id) = (network.machines.id(machine), network.machines.id(first));
            problems.add(id, "ipAddress", ProblemCode::AddressInUse { address, by: by.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Index;

    #[test]
    fn an_id_of_two_tables_keeps_the_virtual_machines_where_they_are() {
        let text = r#"{"schema": 1, "virtualMachines": {"a": {}, "b": {}},
            "onPremisesSites": {"site": {"addressPrefixes": ["192.168.0.0/24"]}},
            "onPremisesHosts": {"a": {"onPremisesSite": "site", "ipAddress": "192.168.0.4"}}}"#;
        let document = topology::file::parse(text).unwrap();
        let machines = machines(&document, &mut Problems::default());
        let position = |id: &str| machines.find(&id.parse().unwrap()).map(Index::position);
        assert_eq!((position("a"), position("b")), (Some(0), Some(1)));
        assert!(machines[MachineIx::new(0)].outside.is_none());
    }
}
