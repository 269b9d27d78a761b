//! From a machine outside Azure, and to one: by its site's routes, through a tunnel, or over the Internet [PE-OV].

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::format_smolstr;
use wire::packet::{Packet, Socket};

use super::connect::Way;
use super::dns_server::{Arrival, Asker, PUBLIC_RESOLVERS, ROOT_SERVER};
use super::transit::Departure;
use super::tunnel::{Emerged, Halt};
use super::{AZURE_DNS, Connection, Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::names::DNS_PORT;
use crate::outside::{Stand, Station};
use crate::table::{GatewayIx, MachineIx, SiteIx, TunnelIx};
use crate::trace::{DropCause, Event, OutsideHop, PathKind, Place, Silence};

/// Where the routes of a machine outside lead.
enum OutsideRoute {
    /// To a machine of the site, if one has the address.
    Local(SiteIx, Option<MachineIx>),
    Tunnel(TunnelIx),
    PointToSite(GatewayIx),
    /// To the Internet, from a site or from there.
    Internet(Option<SiteIx>),
}

impl Walk<'_> {
    pub(super) fn connect_from_outside(&mut self, station: Station, destination: Ipv4Addr) -> Verdict<Connection> {
        let source = self.network.source_towards(station.stand, station.address, destination);
        let packet = self.first_packet(source, destination);
        let mut way = Way::new(packet);
        let server = match self.route_outside(station.stand, &self.sender_place(), packet) {
            OutsideRoute::Local(site, machine) => self.reach_at_site(site, machine, &way)?,
            OutsideRoute::Tunnel(tunnel) => {
                let emerged = self.enter_from_site(tunnel, &mut way);
                self.go_on(emerged, &mut way)?
            }
            OutsideRoute::PointToSite(gateway) => {
                let emerged = self.enter_from_client(&self.request.from.clone(), gateway, &mut way);
                self.go_on(Ok(emerged), &mut way)?
            }
            OutsideRoute::Internet(site) => {
                if let Some(site) = site {
                    self.hide_behind_site(site, &mut way);
                }
                self.cross_internet(&mut way)?
            }
        };
        Verdict::Continue(way.connection(server))
    }

    /// From a virtual network through its gateway.
    pub(super) fn send_by_gateway(&mut self, gateway: GatewayIx, way: &mut Way) -> Verdict<Server> {
        let emerged = self.leave_by_gateway(gateway, way);
        self.go_on(emerged, way)
    }

    /// What becomes of a packet that has come out of a tunnel.
    fn go_on(&mut self, emerged: Result<Emerged, Halt>, way: &mut Way) -> Verdict<Server> {
        match emerged {
            Err(Halt { at, cause }) => self.drop_at(at, cause, Some(way.packet)),
            Ok(Emerged::Client(machine)) => self.reach_service(machine, way),
            Ok(Emerged::Site(site)) => {
                let machine = self.network.sites[site].hosts.get(&way.packet.destination.address).copied();
                self.reach_at_site(site, machine, way)
            }
            Ok(Emerged::Gateway(gateway)) => self.enter_network(gateway, way),
        }
    }

    /// Into a virtual network by its gateway: the routes of the `GatewaySubnet` decide, those of private endpoints and
    /// of its route table included.
    fn enter_network(&mut self, gateway: GatewayIx, way: &mut Way) -> Verdict<Server> {
        match self.departure_of(gateway) {
            Some(from) => self.carry(from, way),
            None => {
                let place = Place::Resource(self.network.gateways.id(gateway).clone());
                let address = way.packet.destination.address;
                self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
            }
        }
    }

    /// Where a packet leaves a gateway for its virtual network.
    pub(super) fn departure_of(&self, gateway: GatewayIx) -> Option<Departure> {
        let row = &self.network.gateways[gateway];
        let place = Place::Resource(self.network.gateways.id(gateway).clone());
        Some(Departure { place, network: row.network?, subnet: row.subnet, interface: None, is_gateway: true })
    }

    fn reach_at_site(&mut self, site: SiteIx, machine: Option<MachineIx>, way: &Way) -> Verdict<Server> {
        if let Some(machine) = machine {
            return self.reach_service(machine, way);
        }
        let place = Place::Resource(self.network.sites.id(site).clone());
        let address = way.packet.destination.address;
        self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
    }

    /// A site appears on the Internet as its own public address.
    fn hide_behind_site(&mut self, site: SiteIx, way: &mut Way) {
        let before = way.packet;
        let public = Socket::new(self.network.sites[site].public_address, before.source.port);
        way.packet.source = public;
        let id = self.network.sites.id(site).clone();
        let place = Place::Resource(id.clone());
        let step = self.step(place.clone(), Event::OutboundTranslated { public });
        step.before = Some(before);
        step.after = Some(way.packet);
        step.rewrites = rewrites(before, way.packet, |_| format_smolstr!("onPremisesSites/{id}/publicIPAddress"));
        let host = format_smolstr!("onPremisesHosts/{}/ipAddress", self.request.from);
        let event = Event::OutboundUntranslated { private: before.source };
        way.hops.push(Hop::new(place, Some(Undo { original: before, event, origin: Origin::Row(host) })));
    }

    /// Private addresses have no route on the Internet, so a private endpoint is never reached from there [PE-OV].
    fn cross_internet(&mut self, way: &mut Way) -> Verdict<Server> {
        let address = way.packet.destination.address;
        way.kind = PathKind::Public;
        if is_private(address) {
            let cause = DropCause::NotRoutedOnInternet { address };
            return self.drop_at(Place::Internet, cause, Some(way.packet));
        }
        way.hops.push(Hop::new(Place::Internet, None));
        self.arrive_from_internet(way)
    }

    /// The choice among the routes of a machine outside, as a step where there is one.
    fn route_outside(&mut self, stand: Stand, place: &Place, packet: Packet) -> OutsideRoute {
        let network = self.network;
        let destination = packet.destination.address;
        let (prefix, hop, next) = match stand {
            Stand::Site(site) => {
                let row = &network.sites[site];
                let own = row.prefixes.iter().filter(|prefix| prefix.contains(&destination));
                let own = own.max_by_key(|prefix| prefix.prefix_len()).copied();
                match (own, network.tunnel_from(site, destination)) {
                    (own, Some((prefix, tunnel))) if own.is_none_or(|own| own.prefix_len() < prefix.prefix_len()) => {
                        let connection = network.tunnels.id(tunnel).clone();
                        (prefix, OutsideHop::Tunnel { connection }, OutsideRoute::Tunnel(tunnel))
                    }
                    (Some(prefix), _) => {
                        let machine = row.hosts.get(&destination).copied();
                        (prefix, OutsideHop::Local, OutsideRoute::Local(site, machine))
                    }
                    (None, _) => (Ipv4Net::default(), OutsideHop::Internet, OutsideRoute::Internet(Some(site))),
                }
            }
            Stand::Internet { vpn } => {
                let behind = vpn.and_then(|(gateway, _)| {
                    let range = network.served_ranges(gateway).find(|range| range.contains(&destination))?;
                    Some((range, gateway))
                });
                match behind {
                    Some((range, gateway)) => {
                        let hop = OutsideHop::PointToSite { gateway: network.gateways.id(gateway).clone() };
                        (range, hop, OutsideRoute::PointToSite(gateway))
                    }
                    None => return OutsideRoute::Internet(None),
                }
            }
            Stand::Network { .. } => return OutsideRoute::Internet(None),
        };
        let is_learned = matches!(hop, OutsideHop::Tunnel { .. });
        let step = self.step(place.clone(), Event::OutsideRouteSelected { destination, prefix, hop });
        step.before = Some(packet);
        step.after = Some(packet);
        if is_learned {
            step.sources = vec!["PE-OV", "PEER-MANAGE"];
            step.assumptions = vec!["A24", "A63"];
        }
        next
    }

    /// Who takes a question that a machine outside Azure asks.
    pub(super) fn reach_server_from_outside(&mut self, asker: &Asker, way: &mut Way) -> Result<Arrival, Silence> {
        let destination = way.packet.destination.address;
        match self.route_outside(asker.stand, &asker.place, way.packet) {
            OutsideRoute::Local(_, machine) => self.ask_outside(machine, way.packet),
            OutsideRoute::Tunnel(tunnel) => {
                let emerged = self.enter_from_site(tunnel, way);
                self.ask_on(emerged, way)
            }
            OutsideRoute::PointToSite(gateway) => {
                let emerged = self.enter_from_client(&asker.owner, gateway, way);
                self.ask_on(Ok(emerged), way)
            }
            OutsideRoute::Internet(_) if destination == AZURE_DNS => Err(Silence::AzureDnsOutside),
            OutsideRoute::Internet(_) => {
                let answers = PUBLIC_RESOLVERS.contains(&destination) || destination == ROOT_SERVER;
                if destination != ROOT_SERVER {
                    self.assume("A44");
                }
                let listens = way.packet.destination.port == DNS_PORT;
                if answers && listens { Ok(Arrival::PublicResolver) } else { Err(Silence::AddressUnused) }
            }
        }
    }

    /// Who takes a question that leaves a virtual network by its gateway.
    pub(super) fn ask_by_gateway(&mut self, gateway: GatewayIx, way: &mut Way) -> Result<Arrival, Silence> {
        let emerged = self.leave_by_gateway(gateway, way);
        self.ask_on(emerged, way)
    }

    fn ask_on(&mut self, emerged: Result<Emerged, Halt>, way: &mut Way) -> Result<Arrival, Silence> {
        match emerged.map_err(|_| Silence::NoTunnel)? {
            Emerged::Client(_) => Err(Silence::NotADnsServer),
            Emerged::Site(site) => {
                let machine = self.network.sites[site].hosts.get(&way.packet.destination.address).copied();
                self.ask_outside(machine, way.packet)
            }
            Emerged::Gateway(gateway) => {
                let from = self.departure_of(gateway).ok_or(Silence::NoRoute)?;
                self.ask_from(from, way)
            }
        }
    }

    fn ask_outside(&self, machine: Option<MachineIx>, question: Packet) -> Result<Arrival, Silence> {
        let machine = machine.ok_or(Silence::AddressUnused)?;
        let listens = question.destination.port == DNS_PORT;
        let serves = listens && self.network.machines[machine].dns_server.is_some();
        if serves { Ok(Arrival::Machine(machine)) } else { Err(Silence::NotADnsServer) }
    }
}

/// Whether an address means something only where it is used (RFC 1918, RFC 6598, RFC 3927).
pub(super) fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private() || address.is_link_local() || (first == 100 && second & 0xc0 == 64)
}
