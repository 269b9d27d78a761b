//! From the Internet to a public address: a load balancer, a machine of one's own, or a platform service [LB-OV].

use smol_str::format_smolstr;
use wire::packet::Socket;

use super::connect::Way;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::balancing::PublicHolder;
use crate::table::{InterfaceIx, PublicIx};
use crate::trace::{DropCause, Event, PathKind, Place};

impl Walk<'_> {
    /// To whoever has the public address a packet from the Internet is for.
    pub(super) fn arrive_from_internet(&mut self, way: &mut Way) -> Verdict<Server> {
        way.kind = PathKind::Public;
        way.from_internet = true;
        let Some((public, holder)) = self.network.public_holders.get(&way.packet.destination.address).copied() else {
            return self.reach_public_address(way.packet, None);
        };
        match holder {
            PublicHolder::Frontend(balancer, position) => self.balance(balancer, position, way),
            PublicHolder::Interface(interface) => self.enter_by_own_address(public, interface, way),
            PublicHolder::NatGateway(gateway) => {
                let place = Place::Resource(self.network.nat_gateways.id(gateway).clone());
                let port = way.packet.destination.port;
                self.drop_at(place, DropCause::PortNotServed { port }, Some(way.packet))
            }
            PublicHolder::Nobody => {
                let place = Place::Resource(self.network.public_addresses.id(public).clone());
                let address = way.packet.destination.address;
                self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet))
            }
        }
    }

    /// The destination becomes the machine's own address before any security group sees it [NSG-OV].
    fn enter_by_own_address(&mut self, public: PublicIx, interface: InterfaceIx, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let id = network.public_addresses.id(public);
        let place = Place::Resource(id.clone());
        let before = way.packet;
        let Some(address) = network.interfaces[interface].address else {
            let cause = DropCause::AddressUnused { address: before.destination.address };
            return self.drop_at(place, cause, Some(before));
        };
        let private = Socket::new(address, before.destination.port);
        way.packet.destination = private;
        let after = way.packet;
        let step = self.step(place.clone(), Event::DestinationTranslated { private });
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |_| network.interface_path(interface));
        step.sources = vec!["NSG-OV"];
        let event = Event::DestinationUntranslated { public: before.destination };
        let origin = Origin::Row(format_smolstr!("publicIPAddresses/{id}/ipAddress"));
        way.hops.push(Hop::new(place, Some(Undo { original: before, event, origin })));
        self.reach_guest(interface, way)
    }
}
