//! What stands outside Azure, compiled: sites and where their machines are.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::network::{Network, Sender};
use crate::table::{GatewayIx, InterfaceIx, MachineIx, NetworkIx, SiteIx, SubnetIx, TunnelIx};
use crate::walk::AZURE_DNS;

/// What a machine outside asks when nobody names a DNS server (assumption A60).
pub(crate) const PUBLIC_RESOLVER: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);

/// Where a machine outside Azure stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outside {
    pub(crate) address: Ipv4Addr,
    /// Its site; `None` on the Internet.
    pub(crate) site: Option<SiteIx>,
    /// The gateway it has a point-to-site connection to, and its address there.
    pub(crate) vpn: Option<(GatewayIx, Ipv4Addr)>,
}

/// An on-premises site.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) prefixes: Vec<Ipv4Net>,
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    pub(crate) public_address: Ipv4Addr,
    pub(crate) hosts: BTreeMap<Ipv4Addr, MachineIx>,
    pub(crate) tunnels: Vec<TunnelIx>,
}

/// Where a packet sets out, and so by whose routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// In a virtual network. A platform resolver has no interface, and a network as a whole no subnet.
    Network { network: NetworkIx, subnet: Option<SubnetIx>, interface: Option<InterfaceIx> },
    /// At a site.
    Site(SiteIx),
    /// On the Internet; with a point-to-site connection also behind a gateway, with an address there.
    Internet { vpn: Option<(GatewayIx, Ipv4Addr)> },
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
        if let Some(Outside { address, site, vpn }) = self.machines[machine].outside {
            let stand = site.map_or(Stand::Internet { vpn }, Stand::Site);
            return Some(Station { machine, address, stand });
        }
        let sender = self.sender(machine)?;
        Some(Station { machine, address: sender.address, stand: sender.into() })
    }

    /// The DNS servers a point-to-site profile names; without any the virtual network's own [DMAUSER-P2S].
    fn profile_servers(&self, gateway: GatewayIx) -> &[Ipv4Addr] {
        let row = &self.gateways[gateway];
        let inherited = row.network.map_or(&[][..], |network| &self.networks[network].dns_servers);
        if row.dns_servers.is_empty() { inherited } else { &row.dns_servers }
    }

    /// The address a machine sends from: into its point-to-site connection the one it has there.
    pub(crate) fn source_towards(&self, stand: Stand, address: Ipv4Addr, destination: Ipv4Addr) -> Ipv4Addr {
        let Stand::Internet { vpn: Some((gateway, inside)) } = stand else { return address };
        if self.served_ranges(gateway).any(|range| range.contains(&destination)) { inside } else { address }
    }

    /// Whether nobody tells a machine outside Azure a DNS server.
    pub(crate) fn is_told_no_server(&self, station: &Station) -> bool {
        match station.stand {
            Stand::Network { .. } => false,
            Stand::Site(site) => self.sites[site].dns_servers.is_empty(),
            Stand::Internet { vpn } => {
                let profile = vpn.is_some_and(|(gateway, _)| !self.profile_servers(gateway).is_empty());
                !profile && self.machines[station.machine].dns_servers.is_empty()
            }
        }
    }

    /// The DNS servers a machine is told to ask: its interface's, else its network's, else Azure's [MICROHACK]; outside
    /// Azure its profile's, its own or its site's, else a public resolver (assumption A60).
    pub(crate) fn dns_servers(&self, station: &Station) -> Vec<Ipv4Addr> {
        let (own, inherited, otherwise) = match station.stand {
            Stand::Network { network, interface, .. } => {
                let own = interface.map_or(&[][..], |interface| &self.interfaces[interface].dns_servers);
                (own, &self.networks[network].dns_servers[..], AZURE_DNS)
            }
            Stand::Site(site) => (&[][..], &self.sites[site].dns_servers[..], PUBLIC_RESOLVER),
            Stand::Internet { vpn } => {
                let profile = vpn.map_or(&[][..], |(gateway, _)| self.profile_servers(gateway));
                (profile, &self.machines[station.machine].dns_servers[..], PUBLIC_RESOLVER)
            }
        };
        match (own.is_empty(), inherited.is_empty()) {
            (false, _) => own.to_vec(),
            (true, false) => inherited.to_vec(),
            (true, true) => vec![otherwise],
        }
    }
}
