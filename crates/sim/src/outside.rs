//! What stands outside Azure, compiled: sites and where their machines are.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::network::{Network, Sender};
use crate::table::{InterfaceIx, MachineIx, NetworkIx, SiteIx, SubnetIx};
use crate::walk::AZURE_DNS;

/// What a machine outside asks when nobody names a DNS server (assumption A60).
const PUBLIC_RESOLVER: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);

/// Where a machine outside Azure stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outside {
    pub(crate) address: Ipv4Addr,
    /// Its site; `None` on the Internet.
    pub(crate) site: Option<SiteIx>,
}

/// An on-premises site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) prefixes: Vec<Ipv4Net>,
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    pub(crate) public_address: Ipv4Addr,
    pub(crate) hosts: BTreeMap<Ipv4Addr, MachineIx>,
}

/// Where a packet sets out, and so by whose routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// In a virtual network. A platform resolver has no interface, and a network as a whole no subnet.
    Network { network: NetworkIx, subnet: Option<SubnetIx>, interface: Option<InterfaceIx> },
    /// At a site.
    Site(SiteIx),
    /// On the Internet.
    Internet,
}

impl From<Sender> for Stand {
    fn from(Sender { network, subnet, interface, .. }: Sender) -> Self {
        Self::Network { network, subnet: Some(subnet), interface: Some(interface) }
    }
}

/// A machine that can send, and from where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Station {
    pub(crate) machine: MachineIx,
    pub(crate) address: Ipv4Addr,
    pub(crate) stand: Stand,
}

impl Network {
    /// Where a machine sends from. `None` for a virtual one without a usable network interface.
    pub(crate) fn station(&self, machine: MachineIx) -> Option<Station> {
        if let Some(Outside { address, site }) = self.machines[machine].outside {
            let stand = site.map_or(Stand::Internet, Stand::Site);
            return Some(Station { machine, address, stand });
        }
        let sender = self.sender(machine)?;
        Some(Station { machine, address: sender.address, stand: sender.into() })
    }

    /// Whether nobody tells a machine outside Azure a DNS server.
    pub(crate) fn is_told_no_server(&self, station: &Station) -> bool {
        match station.stand {
            Stand::Network { .. } => false,
            Stand::Site(site) => self.sites[site].dns_servers.is_empty(),
            Stand::Internet => self.machines[station.machine].dns_servers.is_empty(),
        }
    }

    /// The DNS servers a machine is told to ask: its interface's, else its network's, else Azure's [MICROHACK]; outside
    /// Azure its own, else its site's, else a public resolver (assumption A60).
    pub(crate) fn dns_servers(&self, station: &Station) -> Vec<Ipv4Addr> {
        let (own, inherited, otherwise) = match station.stand {
            Stand::Network { network, interface, .. } => {
                let own = interface.map_or(&[][..], |interface| &self.interfaces[interface].dns_servers);
                (own, &self.networks[network].dns_servers[..], AZURE_DNS)
            }
            Stand::Site(site) => (&[][..], &self.sites[site].dns_servers[..], PUBLIC_RESOLVER),
            Stand::Internet => (&self.machines[station.machine].dns_servers[..], &[][..], PUBLIC_RESOLVER),
        };
        match (own.is_empty(), inherited.is_empty()) {
            (false, _) => own.to_vec(),
            (true, false) => inherited.to_vec(),
            (true, true) => vec![otherwise],
        }
    }
}
