//! From one place to the next, by the routes of where the packet stands, past appliances, until a route leads to
//! the destination itself [UDR-OV].

use topology::resource::{ConnectionStatus, Direction};
use wire::packet::Packet;

use super::connect::Way;
use super::{Server, Verdict, Walk};
use crate::network::Sender;
use crate::routes::{NextHop, Vantage};
use crate::table::{InterfaceIx, NetworkIx, SubnetIx};
use crate::trace::{DropCause, Event, Place};

/// Where a packet leaves from.
#[derive(Clone, Debug)]
pub(super) struct Departure {
    pub(super) place: Place,
    pub(super) network: NetworkIx,
    /// Where it stands, as far as route tables go; a platform resolver stands in none.
    pub(super) subnet: Option<SubnetIx>,
    /// The interface whose security groups the packet passes; gateways and platform resolvers have none.
    pub(super) interface: Option<InterfaceIx>,
    /// Whether it is a gateway, which sends on what others have sent.
    pub(super) is_gateway: bool,
}

/// A packet that goes no further.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) at: Place,
    pub(super) cause: DropCause,
    pub(super) packet: Packet,
}

impl Departure {
    pub(super) const fn of(place: Place, sender: Sender) -> Self {
        let Sender { network, subnet, interface, .. } = sender;
        Self { place, network, subnet: Some(subnet), interface: Some(interface), is_gateway: false }
    }

    pub(super) const fn vantage(&self) -> Vantage {
        Vantage { network: self.network, subnet: self.subnet }
    }

    pub(super) fn lost<T>(&self, cause: DropCause, packet: Packet) -> Result<T, Lost> {
        Err(Lost { at: self.place.clone(), cause, packet })
    }
}

impl Walk<'_> {
    /// Carries a packet to whoever accepts it.
    pub(super) fn carry(&mut self, from: Departure, way: &mut Way) -> Verdict<Server> {
        let arrived = self.leave(&from, way.packet).and_then(|()| self.transit(from, way));
        let (from, hop) = match arrived {
            Ok(arrived) => arrived,
            Err(lost) => return self.lose(lost),
        };
        let address = way.packet.destination.address;
        match hop {
            NextHop::Endpoint(endpoint) => self.enter_private_link(endpoint, way),
            NextHop::Local => self.deliver(from.network, way),
            NextHop::Peer { network, .. } => self.deliver(network, way),
            NextHop::Gateway(Some(gateway)) => self.send_by_gateway(gateway, way),
            // A gateway is no way out to the Internet for what comes out of a tunnel.
            NextHop::Internet | NextHop::ServiceEndpoint if from.is_gateway => {
                self.drop_at(from.place, DropCause::NoTunnel { address }, Some(way.packet))
            }
            NextHop::ServiceEndpoint => self.take_service_endpoint(&from, way),
            NextHop::Internet => self.leave_for_internet(&from, way),
            // A transit ends before these.
            NextHop::None | NextHop::Appliance(_) | NextHop::Gateway(None) => {
                self.drop_at(from.place, DropCause::AddressUnused { address }, Some(way.packet))
            }
        }
    }

    /// Ends the request where a packet was lost.
    pub(super) fn lose<T>(&mut self, lost: Lost) -> Verdict<T> {
        self.drop_at(lost.at, lost.cause, Some(lost.packet))
    }

    /// From past the first security groups, through every appliance the routes name. Returns where the packet leaves last, and what its route leads to.
    pub(super) fn transit(&mut self, mut from: Departure, way: &mut Way) -> Result<(Departure, NextHop), Lost> {
        loop {
            let hop = self.choose_route(&from, way.packet)?;
            let Some(next) = self.follow(&from, hop, way)? else { return Ok((from, hop)) };
            match next {
                Next::Onwards(departure) => {
                    self.leave(&departure, way.packet)?;
                    from = departure;
                }
                Next::Arrived(owner) if owner == from.network => return Ok((from, NextHop::Local)),
                Next::Arrived(owner) => return Ok((from, NextHop::Peer { network: owner, is_global: false })),
            }
        }
    }

    /// The security groups on the way out.
    fn leave(&mut self, from: &Departure, packet: Packet) -> Result<(), Lost> {
        let denied = from
            .interface
            .and_then(|interface| self.filter_passing(interface, Direction::Outbound, &from.place, packet));
        denied.map_or(Ok(()), |cause| from.lost(cause, packet))
    }

    /// The route for a packet, as a step.
    pub(super) fn choose_route(&mut self, from: &Departure, packet: Packet) -> Result<NextHop, Lost> {
        let network = self.network;
        let destination = packet.destination.address;
        let Some(selection) = network.select_route(from.vantage(), destination) else {
            return from.lost(DropCause::AddressUnused { address: destination }, packet);
        };
        let prefix = selection.route.address_prefix;
        let selected = Event::RouteSelected { destination, route: selection.route, losers: selection.losers };
        let is_closed = self.crosses_closed_peering(from, selection.hop);
        let step = self.step(from.place.clone(), selected);
        step.before = Some(packet);
        step.after = Some(packet);
        step.sources = if from.is_gateway { vec!["UDR-OV", "CT-ROUTES"] } else { vec!["UDR-OV"] };
        if let Some(owner) = selection.overridden {
            step.sources.push("PE-POLICY");
            if network.networks[owner].prefixes.len() > 1 {
                step.assumptions.push("A5");
            }
        }
        if is_closed {
            step.assumptions.push("A21");
        }
        if let NextHop::Endpoint(endpoint) = selection.hop {
            // Azure does not show the routes of a gateway, so no capture is of one.
            if !from.is_gateway {
                step.sources.push("SEED4");
            }
            if network.endpoints[endpoint].status != Some(ConnectionStatus::Approved) {
                step.assumptions.push("A4");
            }
        }
        match selection.hop {
            NextHop::None => from.lost(DropCause::RouteNone { prefix }, packet),
            NextHop::Gateway(named) => match named.or_else(|| network.vpn_gateway_of(from.network)) {
                None => from.lost(DropCause::GatewayMissing { prefix }, packet),
                some => Ok(NextHop::Gateway(some)),
            },
            hop @ (NextHop::Local
            | NextHop::Peer { .. }
            | NextHop::Internet
            | NextHop::ServiceEndpoint
            | NextHop::Endpoint(_)
            | NextHop::Appliance(_)) => Ok(hop),
        }
    }

    /// Goes where a route leads as far as the network is concerned; on to an appliance when it names one.
    fn follow(&mut self, from: &Departure, hop: NextHop, way: &mut Way) -> Result<Option<Next>, Lost> {
        match hop {
            NextHop::Appliance(address) => self.pass_appliance(from, address, way).map(Some),
            NextHop::Peer { network, .. } => self.cross_peering(from, network, way.packet).map(|()| None),
            NextHop::Endpoint(endpoint) => {
                let owner = self.network.endpoints[endpoint].network.unwrap_or(from.network);
                self.cross_peering(from, owner, way.packet).map(|()| None)
            }
            NextHop::Local | NextHop::Internet | NextHop::None | NextHop::ServiceEndpoint | NextHop::Gateway(_) => {
                Ok(None)
            }
        }
    }

    /// Into a peered network, which may accept only packets that started in the sending one. What a gateway forwards
    /// is exempt [PEER-MANAGE].
    pub(super) fn cross_peering(&self, from: &Departure, to: NetworkIx, packet: Packet) -> Result<(), Lost> {
        let network = self.network;
        let started_here = network.range_containing(from.network, packet.source.address).is_some();
        let refuses = &network.networks[to].refuses_forwarded;
        if started_here || from.is_gateway || refuses.binary_search(&from.network).is_err() {
            return Ok(());
        }
        let cause = DropCause::ForwardedTrafficNotAllowed { network: network.networks.id(from.network).clone() };
        Err(Lost { at: Place::Resource(network.networks.id(to).clone()), cause, packet })
    }
}

/// What became of a packet at an appliance.
pub(super) enum Next {
    /// It goes on from there.
    Onwards(Departure),
    /// It is for the appliance itself, which stands in this network.
    Arrived(NetworkIx),
}
