//! The way out to the Internet: whose public address the source becomes [LB-OUT].

use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::resource::RuleProtocol;
use wire::packet::{Socket, Transport};

use super::connect::Way;
use super::transit::Departure;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::balancing::{BalancerExit, Exit, WayOut};
use crate::identity::{choose, outbound_address};
use crate::session::{Memory, PortRange, SnatKey};
use crate::table::{InterfaceIx, NatGatewayIx, PublicIx};
use crate::trace::{DropCause, Event, Field, PathKind, Place};

/// Ports of a NAT gateway's public address.
const GATEWAY_PORTS: (u16, u16) = (1024, u16::MAX);

/// The public socket a flow appears as, and what made it so.
struct Translation {
    place: Place,
    /// Whether the port has to be kept for the flow, as one of several machines share.
    leased: bool,
    public: Socket,
    event: Event,
    /// Where the public address and port stand.
    origin: Origin,
    assumption: Option<&'static str>,
}

impl Walk<'_> {
    /// To a public address: the source becomes a public one on the way.
    pub(super) fn leave_for_internet(&mut self, from: &Departure, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let source = way.packet.source.address;
        let Some(interface) = from.interface else {
            return self.drop_at(from.place.clone(), DropCause::SourceNotTranslated { source }, Some(way.packet));
        };
        if network.interfaces[interface].address != Some(source) {
            return self.drop_at(from.place.clone(), DropCause::SourceNotTranslated { source }, Some(way.packet));
        }
        let translation = match &network.interfaces[interface].way_out {
            WayOut::PublicAddress { public, beside_gateway } => self.by_own_address(*public, *beside_gateway, way),
            WayOut::NatGateway(gateway) => self.by_gateway(*gateway, way)?,
            WayOut::Balancer(exit) => self.by_balancer(exit, from, way)?,
            WayOut::Default => self.by_default(interface, way),
            WayOut::Behind(balancer) => {
                let balancer = network.balancers.id(*balancer).clone();
                let cause = DropCause::BehindLoadBalancer { balancer };
                return self.drop_at(from.place.clone(), cause, Some(way.packet));
            }
            WayOut::None => {
                let cause = DropCause::NoOutboundAccess { subnet: self.subnet_id(interface) };
                return self.drop_at(from.place.clone(), cause, Some(way.packet));
            }
        };
        let Translation { place, leased, public, event, origin, assumption } = translation;
        way.kind = PathKind::Public;
        let before = way.packet;
        way.packet.source = public;
        let after = way.packet;
        let step = self.step(place.clone(), event);
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| origin.of(field));
        step.sources = vec!["LB-OUT"];
        step.assumptions = assumption.into_iter().collect();
        let undo = Undo {
            original: before,
            event: Event::OutboundUntranslated { private: before.source },
            origin: Origin::Row(network.interface_path(interface)),
        };
        let on_the_edge = place == Place::Internet;
        way.hops.push(Hop::new(place, Some(undo)));
        if leased {
            let (transport, destination) = (before.transport, before.destination);
            way.remember(Memory::Lease(SnatKey { public, transport, destination }));
        }
        if !on_the_edge {
            way.hops.push(Hop::new(Place::Internet, None));
        }
        self.arrive_from_internet(way)
    }

    /// One to one: the port stays.
    fn by_own_address(&self, public: PublicIx, beside_gateway: bool, way: &Way) -> Translation {
        let id = self.network.public_addresses.id(public).clone();
        let public = Socket::new(self.network.public_addresses[public].address, way.packet.source.port);
        Translation {
            place: Place::Resource(id.clone()),
            public,
            leased: false,
            origin: Origin::Row(format_smolstr!("publicIPAddresses/{id}/ipAddress")),
            event: Event::SourceTranslated { public, exit: Exit::PublicIpAddress { address: id } },
            assumption: beside_gateway.then_some("A72"),
        }
    }

    fn by_gateway(&mut self, gateway: NatGatewayIx, way: &Way) -> Verdict<Translation> {
        let network = self.network;
        let id = network.nat_gateways.id(gateway).clone();
        let row = &network.nat_gateways[gateway];
        let first = choose(format!("{id} {}", way.packet.source).as_bytes(), row.addresses.len());
        let addresses = row.addresses.iter().cycle().skip(first).take(row.addresses.len());
        let (first, last) = GATEWAY_PORTS;
        let range = |public: &PublicIx| PortRange { address: network.public_addresses[*public].address, first, last };
        let ranges: Vec<PortRange> = addresses.map(range).collect();
        let place = Place::Resource(id.clone());
        let public = self.lease(&ranges, row.idle_s, &place, way)?;
        let mut owners = row.addresses.iter();
        let owner = owners.find(|owner| network.public_addresses[**owner].address == public.address);
        let owner = owner.map_or_else(SmolStr::default, |owner| network.public_addresses.id(*owner).as_str().into());
        Verdict::Continue(Translation {
            origin: Origin::Fields {
                address: format_smolstr!("publicIPAddresses/{owner}/ipAddress"),
                port: format_smolstr!("natGateways/{id}"),
            },
            place,
            public,
            leased: true,
            event: Event::SourceTranslated { public, exit: Exit::NatGateway { gateway: id } },
            assumption: None,
        })
    }

    fn by_balancer(&mut self, exit: &BalancerExit, from: &Departure, way: &Way) -> Verdict<Translation> {
        let network = self.network;
        let id = network.balancers.id(exit.balancer).clone();
        let place = Place::Resource(id.clone());
        let taken = match exit.protocol {
            RuleProtocol::All => true,
            RuleProtocol::Tcp => way.packet.transport == Transport::Tcp,
            RuleProtocol::Udp => way.packet.transport == Transport::Udp,
        };
        if !taken {
            let cause = DropCause::BehindLoadBalancer { balancer: id };
            return self.drop_at(from.place.clone(), cause, Some(way.packet));
        }
        let public = self.lease(&exit.ranges, exit.idle_s, &place, way)?;
        let balancer = &network.balancers[exit.balancer];
        let frontend = balancer.frontends.iter().find(|frontend| frontend.address == Some(public.address));
        let frontend = frontend.map_or_else(SmolStr::default, |frontend| frontend.name.clone());
        let port = match &exit.exit {
            Exit::OutboundRule { rule } => format_smolstr!("loadBalancers/{id}/outboundRules/{rule}"),
            Exit::LoadBalancingRule { rule } => format_smolstr!("loadBalancers/{id}/loadBalancingRules/{rule}"),
            Exit::PublicIpAddress { .. } | Exit::NatGateway { .. } => SmolStr::default(),
        };
        Verdict::Continue(Translation {
            place,
            public,
            leased: true,
            event: Event::SourceTranslated { public, exit: exit.exit.clone() },
            origin: Origin::Fields {
                address: format_smolstr!("loadBalancers/{id}/frontendIPConfigurations/{frontend}"),
                port,
            },
            assumption: None,
        })
    }

    /// Azure's own address, which belongs to nobody (assumption A23).
    fn by_default(&self, interface: InterfaceIx, way: &Way) -> Translation {
        let subnet = self.subnet_id(interface);
        let address = outbound_address(self.network.interfaces.id(interface).as_str());
        let public = Socket::new(address, way.packet.source.port);
        Translation {
            place: Place::Internet,
            public,
            leased: false,
            event: Event::OutboundTranslated { public },
            origin: Origin::Row(format_smolstr!("subnets/{subnet}/defaultOutboundAccess")),
            assumption: Some("A23"),
        }
    }

    /// The subnet of an interface; the interface itself where it has none.
    fn subnet_id(&self, interface: InterfaceIx) -> Id {
        let network = self.network;
        let subnet = network.interfaces[interface].subnet.map(|subnet| network.subnets.id(subnet));
        subnet.unwrap_or_else(|| network.interfaces.id(interface)).clone()
    }

    fn lease(&mut self, ranges: &[PortRange], idle_s: u64, place: &Place, way: &Way) -> Verdict<Socket> {
        match self.session.lease(ranges, way.packet.transport, way.packet.destination, idle_s) {
            Some(public) => Verdict::Continue(public),
            None => self.drop_at(place.clone(), DropCause::SnatPortsExhausted, Some(way.packet)),
        }
    }
}

impl Origin {
    pub(super) fn of(&self, field: Field) -> SmolStr {
        match (self, field) {
            (Self::Row(row), _) => row.clone(),
            (Self::Fields { address, .. }, Field::SourceAddress | Field::DestinationAddress) => address.clone(),
            (Self::Fields { port, .. }, Field::SourcePort | Field::DestinationPort) => port.clone(),
        }
    }
}
