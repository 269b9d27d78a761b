//! Where a capture can be taken: network interfaces, private endpoints, NAT IPs, frontends, resolvers.

use std::net::Ipv4Addr;

use sim::trace::Place;
use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::document::Kind;
use wire::ethernet::MacAddress;
use wire::hash::fnv1a;
use wire::packet::Packet;

use crate::Scene;

/// The other side of every link in Azure: whoever is asked for, this is the hardware address that answers.
pub const GATEWAY: MacAddress = MacAddress([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]);

/// The first half of the hardware addresses of Azure's network interfaces (registered for Microsoft).
const VENDOR: [u8; 3] = [0x00, 0x0d, 0x3a];

/// A place a packet passes, as one capture interface.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interface {
    /// What it is called in the capture.
    pub name: SmolStr,
    /// The resource it belongs to, where it is one's.
    pub resource: Option<(Kind, Id)>,
    /// Its own address, where the packet or the network tells it.
    pub address: Option<Ipv4Addr>,
}

impl Interface {
    /// Its hardware address.
    #[must_use]
    pub fn mac(&self) -> MacAddress {
        let [.., a, b, c] = fnv1a(self.name.as_bytes()).to_be_bytes();
        let [x, y, z] = VENDOR;
        MacAddress([x, y, z, a, b, c])
    }
}

impl Scene<'_> {
    /// The interface a packet passes at a place.
    pub(crate) fn interface(&self, place: &Place, packet: Packet) -> Interface {
        let ends = [packet.source.address, packet.destination.address];
        match place {
            Place::Resource(id) => self.resource_interface(id, ends),
            Place::AzureDns(network) => Interface {
                name: format_smolstr!("AzureDNS@{network}"),
                resource: None,
                address: Some(sim::walk::AZURE_DNS),
            },
            Place::PublicDns => Interface { name: "PublicDNS".into(), resource: None, address: None },
            Place::Internet => Interface { name: "Internet".into(), resource: None, address: None },
        }
    }

    fn resource_interface(&self, id: &Id, ends: [Ipv4Addr; 2]) -> Interface {
        let kind = self.document.kind_of(id);
        if kind == Some(Kind::VirtualMachine) {
            let addressed = |interface: &Id| (interface.clone(), self.network.address_of(interface));
            let mut interfaces = self.document.interfaces_of(id).map(|(interface, _)| addressed(interface)).peekable();
            let first = interfaces.peek().cloned();
            let named = interfaces.find(|(_, address)| address.is_some_and(|address| ends.contains(&address)));
            if let Some((interface, address)) = named.or(first) {
                let name = SmolStr::new(interface.as_str());
                return Interface { name, resource: Some((Kind::NetworkInterface, interface)), address };
            }
        }
        // A private link service has a consumer's side and a NAT IP on the provider's.
        let nat_ips = self.network.nat_ips(id);
        if let Some(nat_ip) = nat_ips.into_iter().find(|nat_ip| ends.contains(nat_ip)) {
            let name = format_smolstr!("{id} {nat_ip}");
            return Interface { name, resource: kind.map(|kind| (kind, id.clone())), address: Some(nat_ip) };
        }
        let address = if kind == Some(Kind::PrivateLinkService) { None } else { self.network.address_of(id) };
        Interface { name: SmolStr::new(id.as_str()), resource: kind.map(|kind| (kind, id.clone())), address }
    }

    /// Whether packets pass a place themselves. A network, a zone or the public DNS decides about packets that stand
    /// elsewhere.
    pub(crate) fn is_passed(&self, place: &Place) -> bool {
        const NEVER_PASSED: [Kind; 4] =
            [Kind::VirtualNetwork, Kind::Subnet, Kind::PrivateDnsZone, Kind::DnsForwardingRuleset];
        match place {
            Place::AzureDns(_) | Place::Internet => true,
            Place::PublicDns => false,
            Place::Resource(id) => self.document.kind_of(id).is_some_and(|kind| !NEVER_PASSED.contains(&kind)),
        }
    }
}
