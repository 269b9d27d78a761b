//! Through gateways: into a tunnel and out of it again, translated by the rules of the connection [VPN-NAT].

use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::resource::{NatRuleMode, NatRuleType};

use super::connect::Way;
use super::{Hop, Origin, Undo, Walk, rewrites};
use crate::gateways::Far;
use crate::table::{GatewayIx, MachineIx, SiteIx, TunnelIx};
use crate::trace::{DropCause, Event, Field, Place, TunnelKind};

/// How many places a packet may pass before it counts as lost.
const MOST_HOPS: usize = 32;

/// Where a packet comes out of a tunnel.
pub(super) enum Emerged {
    Site(SiteIx),
    Gateway(GatewayIx),
    Client(MachineIx),
}

/// Where and why a packet goes no further.
pub(super) struct Halt {
    pub(super) at: Place,
    pub(super) cause: DropCause,
}

/// Which way a packet goes through a tunnel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    /// From the gateway to the far end.
    Out,
    /// From the far end to the gateway.
    In,
}

impl Walk<'_> {
    /// Out of a virtual network by a gateway.
    pub(super) fn leave_by_gateway(&mut self, gateway: GatewayIx, way: &mut Way) -> Result<Emerged, Halt> {
        let network = self.network;
        let (id, row) = (network.gateways.id(gateway), &network.gateways[gateway]);
        let place = Place::Resource(id.clone());
        let address = way.packet.destination.address;
        if let Some(client) = row.clients.get(&address).copied() {
            let far = network.machines.id(client).clone();
            self.encapsulate(place.clone(), None, TunnelKind::PointToSite, id.clone(), far, way);
            way.hops.push(Hop::new(place, None));
            return Ok(Emerged::Client(client));
        }
        match network.tunnel_to(gateway, address) {
            Some(tunnel) => self.cross(tunnel, Heading::Out, way),
            None => Err(Halt { at: place, cause: DropCause::NoTunnel { address } }),
        }
    }

    /// From a site into a tunnel that leads to a virtual network.
    pub(super) fn enter_from_site(&mut self, tunnel: TunnelIx, way: &mut Way) -> Result<Emerged, Halt> {
        self.cross(tunnel, Heading::In, way)
    }

    /// From a client into its point-to-site connection.
    pub(super) fn enter_from_client(&mut self, client: &Id, gateway: GatewayIx, way: &mut Way) -> Emerged {
        let id = self.network.gateways.id(gateway).clone();
        let place = Place::Resource(client.clone());
        self.encapsulate(place, None, TunnelKind::PointToSite, client.clone(), id.clone(), way);
        way.hops.push(Hop::new(Place::Resource(id), None));
        Emerged::Gateway(gateway)
    }

    fn cross(&mut self, index: TunnelIx, heading: Heading, way: &mut Way) -> Result<Emerged, Halt> {
        let network = self.network;
        let tunnel = &network.tunnels[index];
        let connection = network.tunnels.id(index).clone();
        let near = network.gateways.id(tunnel.gateway).clone();
        let (far, emerged) = match &tunnel.far {
            Far::Site { site, device } => (device.clone(), Emerged::Site(*site)),
            Far::Gateway(other) => (network.gateways.id(*other).clone(), Emerged::Gateway(*other)),
        };
        let (entry, exit, emerged) = match heading {
            Heading::Out => (near, far, emerged),
            Heading::In => (far, near, Emerged::Gateway(tunnel.gateway)),
        };
        let at = Place::Resource(entry.clone());
        if way.hops.len() > MOST_HOPS {
            return Err(Halt { at, cause: DropCause::RoutingLoop });
        }
        if !tunnel.is_up {
            return Err(Halt { at, cause: DropCause::TunnelDown { connection } });
        }
        let kind = tunnel.kind(network.gateways[tunnel.gateway].kind);
        if heading == Heading::Out {
            self.translate_at_gateway(index, heading, way)?;
            self.encapsulate(at, Some(connection), kind, entry, exit.clone(), way);
            way.hops.push(Hop::new(Place::Resource(exit), None));
        } else {
            way.hops.push(Hop::new(at.clone(), None));
            self.encapsulate(at, Some(connection), kind, entry, exit, way);
            if tunnel.fast_path {
                self.point_out_fast_path();
            }
            self.translate_at_gateway(index, heading, way)?;
        }
        Ok(emerged)
    }

    /// FastPath bypasses the gateway for some of what comes over a circuit, and carries only some private endpoints and no
    /// private resolver: here everything passes the gateway, and the step says so (assumption A64).
    fn point_out_fast_path(&mut self) {
        if let Some(step) = self.steps.last_mut() {
            step.sources.push("ER-FASTPATH");
            step.assumptions.push("A64");
        }
    }

    fn encapsulate(&mut self, at: Place, connection: Option<Id>, kind: TunnelKind, entry: Id, exit: Id, way: &Way) {
        let step = self.step(at, Event::TunnelEntered { connection, kind, entry, exit });
        step.before = Some(way.packet);
        step.after = Some(way.packet);
        step.sources = match kind {
            TunnelKind::IPsec | TunnelKind::Vnet2Vnet => vec!["VPN-NAT"],
            TunnelKind::ExpressRoute => vec!["PE-OV"],
            TunnelKind::PointToSite => vec!["DMAUSER-P2S"],
        };
    }

    /// A rule works both ways: it moves the source of what leaves its internal side, and the destination of what comes
    /// back. No rule of its own is needed for the latter [VPN-NAT]. The gateway is a hop in any case.
    fn translate_at_gateway(&mut self, index: TunnelIx, heading: Heading, way: &mut Way) -> Result<(), Halt> {
        let network = self.network;
        let tunnel = &network.tunnels[index];
        let gateway = network.gateways.id(tunnel.gateway);
        let place = Place::Resource(gateway.clone());
        let before = way.packet;
        let (mut of_source, mut of_destination): (Option<SmolStr>, Option<SmolStr>) = (None, None);
        for rule in &tunnel.rules {
            let leaves_inside = matches!(
                (heading, rule.mode),
                (Heading::Out, NatRuleMode::EgressSnat) | (Heading::In, NatRuleMode::IngressSnat)
            );
            if leaves_inside {
                let moved = rule.outward(before.source.address).filter(|_| of_source.is_none());
                if let Some(address) = moved {
                    way.packet.source.address = address;
                    of_source = Some(rule.name.clone());
                }
            } else if let Some(address) = rule.inward(before.destination.address).filter(|_| of_destination.is_none()) {
                if rule.kind == NatRuleType::Dynamic {
                    let cause = DropCause::NatRuleOneWay { gateway: gateway.clone(), rule: rule.name.clone() };
                    return Err(Halt { at: place, cause });
                }
                way.packet.destination.address = address;
                of_destination = Some(rule.name.clone());
            }
        }
        let after = way.packet;
        if after == before {
            way.hops.push(Hop::new(place, None));
            return Ok(());
        }
        let origin = |rule: &Option<SmolStr>| {
            format_smolstr!("virtualNetworkGateways/{gateway}/natRules/{}", rule.as_deref().unwrap_or_default())
        };
        let rules = of_source.iter().chain(&of_destination).cloned().collect();
        let step = self.step(place.clone(), Event::GatewayTranslated { rules });
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| match field {
            Field::SourceAddress | Field::SourcePort => origin(&of_source),
            Field::DestinationAddress | Field::DestinationPort => origin(&of_destination),
        });
        step.sources = vec!["VPN-NAT"];
        if tunnel.rules.iter().any(|rule| rule.kind == NatRuleType::Dynamic && of_source.as_ref() == Some(&rule.name)) {
            step.assumptions = vec!["A65"];
        }
        let rule = if of_source.is_some() { &of_source } else { &of_destination };
        let undo = Undo { original: before, event: Event::GatewayUntranslated, origin: Origin::Row(origin(rule)) };
        way.hops.push(Hop::new(place, Some(undo)));
        Ok(())
    }
}
