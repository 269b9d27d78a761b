//! From a machine outside Azure: by its site's routes, or over the Internet [PE-OV].

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::format_smolstr;
use wire::packet::{Packet, Socket};

use super::connect::Way;
use super::dns_server::{Arrival, Asker, PUBLIC_RESOLVERS, ROOT_SERVER};
use super::{AZURE_DNS, Connection, Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::names::DNS_PORT;
use crate::outside::{Stand, Station};
use crate::table::{MachineIx, SiteIx};
use crate::trace::{DropCause, Event, OutsideHop, PathKind, Place, Silence};

/// Where a site's routes lead.
enum SiteHop {
    /// To a machine of the site, if one has the address.
    Local(Option<MachineIx>),
    Internet,
}

impl Walk<'_> {
    pub(super) fn connect_from_outside(&mut self, station: Station, destination: Ipv4Addr) -> Verdict<Connection> {
        let packet = self.first_packet(station.address, destination);
        let mut way = Way::new(packet);
        let server = match station.stand {
            Stand::Site(site) => self.leave_by_site(site, &mut way)?,
            Stand::Network { .. } | Stand::Internet => self.cross_internet(&mut way)?,
        };
        Verdict::Continue(Connection { kind: way.kind, sent: way.sent, arrived: way.packet, hops: way.hops, server })
    }

    fn leave_by_site(&mut self, site: SiteIx, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let address = way.packet.destination.address;
        match self.route_at_site(site, &self.sender_place(), way.packet) {
            SiteHop::Local(Some(machine)) => self.reach_service(machine, way),
            SiteHop::Local(None) => {
                let place = Place::Resource(network.sites.id(site).clone());
                self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
            }
            SiteHop::Internet => {
                let before = way.packet;
                let public = Socket::new(network.sites[site].public_address, before.source.port);
                way.packet.source = public;
                let place = Place::Resource(network.sites.id(site).clone());
                let step = self.step(place.clone(), Event::OutboundTranslated { public });
                step.before = Some(before);
                step.after = Some(way.packet);
                let origin = format_smolstr!("onPremisesSites/{}/publicIPAddress", network.sites.id(site));
                step.rewrites = rewrites(before, way.packet, |_| origin.clone());
                let host = format_smolstr!("onPremisesHosts/{}/ipAddress", self.request.from);
                let event = Event::OutboundUntranslated { private: before.source };
                way.hops.push(Hop { place, undo: Some(Undo { original: before, event, origin: Origin::Row(host) }) });
                self.cross_internet(way)
            }
        }
    }

    /// Private addresses have no route on the Internet, so a private endpoint is never reached from there [PE-OV].
    fn cross_internet(&mut self, way: &mut Way) -> Verdict<Server> {
        let address = way.packet.destination.address;
        way.kind = PathKind::Public;
        if is_private(address) {
            let cause = DropCause::NotRoutedOnInternet { address };
            return self.drop_at(Place::Internet, cause, Some(way.packet));
        }
        way.hops.push(Hop { place: Place::Internet, undo: None });
        self.arrive_from_internet(way)
    }

    /// The choice among a site's routes, as a step.
    fn route_at_site(&mut self, site: SiteIx, place: &Place, packet: Packet) -> SiteHop {
        let row = &self.network.sites[site];
        let destination = packet.destination.address;
        let own = row.prefixes.iter().filter(|prefix| prefix.contains(&destination)).max_by_key(|own| own.prefix_len());
        let (prefix, hop, next) = match own {
            Some(prefix) => (*prefix, OutsideHop::Local, SiteHop::Local(row.hosts.get(&destination).copied())),
            None => (Ipv4Net::default(), OutsideHop::Internet, SiteHop::Internet),
        };
        let step = self.step(place.clone(), Event::OutsideRouteSelected { destination, prefix, hop });
        step.before = Some(packet);
        step.after = Some(packet);
        next
    }

    /// Who takes a question that a machine outside Azure asks.
    pub(super) fn reach_server_from_outside(&mut self, asker: &Asker, packet: Packet) -> Result<Arrival, Silence> {
        let destination = packet.destination.address;
        let listens = packet.destination.port == DNS_PORT;
        if let Stand::Site(site) = asker.stand
            && let SiteHop::Local(machine) = self.route_at_site(site, &asker.place, packet)
        {
            let machine = machine.ok_or(Silence::AddressUnused)?;
            let serves = listens && self.network.machines[machine].dns_server.is_some();
            return if serves { Ok(Arrival::Machine(machine)) } else { Err(Silence::NotADnsServer) };
        }
        if destination == AZURE_DNS {
            return Err(Silence::AzureDnsOutside);
        }
        let answers = PUBLIC_RESOLVERS.contains(&destination) || destination == ROOT_SERVER;
        if destination != ROOT_SERVER {
            self.assume("A44");
        }
        if answers && listens { Ok(Arrival::PublicResolver) } else { Err(Silence::AddressUnused) }
    }
}

/// Whether an address means something only where it is used (RFC 1918, RFC 6598, RFC 3927).
fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private() || address.is_link_local() || (first == 100 && second & 0xc0 == 64)
}
