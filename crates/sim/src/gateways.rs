//! Gateways and their tunnels, compiled: who is at the other end, which ranges lead there, what is translated.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;
use topology::Id;
use topology::resource::{GatewayType, NatRuleMode, NatRuleType};

use crate::network::Network;
use crate::table::{GatewayIx, MachineIx, NetworkIx, SiteIx, SubnetIx, TunnelIx};
use crate::trace::TunnelKind;

/// A virtual network gateway. One that Azure refuses stands nowhere and has no tunnels.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub(crate) kind: GatewayType,
    pub(crate) network: Option<NetworkIx>,
    pub(crate) subnet: Option<SubnetIx>,
    pub(crate) address: Option<Ipv4Addr>,
    pub(crate) tunnels: Vec<TunnelIx>,
    /// The networks it serves: its own, then those that use it through a peering.
    pub(crate) served: Vec<NetworkIx>,
    /// The DNS servers of the profile of point-to-site clients.
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    /// The ranges of point-to-site clients.
    pub(crate) pool: Vec<Ipv4Net>,
    /// Point-to-site clients by their address of the pool.
    pub(crate) clients: BTreeMap<Ipv4Addr, MachineIx>,
}

/// A connection of a gateway.
#[derive(Clone, Debug)]
pub(crate) struct Tunnel {
    pub(crate) gateway: GatewayIx,
    pub(crate) far: Far,
    pub(crate) is_up: bool,
    /// Whether both ends tell each other their ranges.
    pub(crate) bgp: bool,
    /// Whether packets of a circuit bypass the gateway where they can.
    pub(crate) fast_path: bool,
    pub(crate) rules: Vec<NatRule>,
    /// The ranges that lead from the gateway into it, as virtual networks see them.
    pub(crate) outbound: Vec<Ipv4Net>,
    /// The ranges that lead from the far end into it, as the far end sees them.
    pub(crate) inbound: Vec<Ipv4Net>,
}

impl Tunnel {
    /// What it is, as a step shows it.
    pub(crate) const fn kind(&self, gateway: GatewayType) -> TunnelKind {
        match (&self.far, gateway) {
            (Far::Gateway(_), _) => TunnelKind::Vnet2Vnet,
            (Far::Site { .. }, GatewayType::Vpn) => TunnelKind::IPsec,
            (Far::Site { .. }, GatewayType::ExpressRoute) => TunnelKind::ExpressRoute,
        }
    }
}

/// The other end of a tunnel.
#[derive(Clone, Debug)]
pub(crate) enum Far {
    /// A site, by the device the tunnel begins at: a local network gateway or a circuit.
    Site { site: SiteIx, device: Id },
    /// The gateway of another virtual network.
    Gateway(GatewayIx),
}

/// A NAT rule a connection names.
#[derive(Clone, Debug)]
pub(crate) struct NatRule {
    pub(crate) name: SmolStr,
    pub(crate) mode: NatRuleMode,
    pub(crate) kind: NatRuleType,
    pub(crate) internal: Ipv4Net,
    pub(crate) external: Ipv4Net,
}

impl NatRule {
    /// What a range becomes on the other side, when the rule is about exactly this range.
    pub(crate) fn outside_of(&self, range: Ipv4Net) -> Option<Ipv4Net> {
        (self.internal == range).then_some(self.external)
    }

    /// What an internal address becomes. A dynamic rule maps many to few: the choice follows from the address alone.
    pub(crate) fn outward(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        moved(address, self.internal, self.external)
    }

    /// What an external address stands for. A dynamic rule knows only for flows that began inside [VPN-NAT].
    pub(crate) fn inward(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        moved(address, self.external, self.internal)
    }
}

/// The address at the same position of another range; of a smaller one round and round.
fn moved(address: Ipv4Addr, from: Ipv4Net, to: Ipv4Net) -> Option<Ipv4Addr> {
    if !from.contains(&address) {
        return None;
    }
    let position = u32::from(address) - u32::from(from.network());
    let last = u32::from(to.broadcast()) - u32::from(to.network());
    let position = if last == u32::MAX { position } else { position % (last + 1) };
    Some(Ipv4Addr::from(u32::from(to.network()) + position))
}

impl Network {
    /// The tunnel of a gateway that leads to an address: the longest range, then the first.
    pub(crate) fn tunnel_to(&self, gateway: GatewayIx, address: Ipv4Addr) -> Option<TunnelIx> {
        let tunnels = self.gateways[gateway].tunnels.iter().copied();
        longest(tunnels, address, |tunnel| &self.tunnels[tunnel].outbound).map(|(_, tunnel)| tunnel)
    }

    /// The tunnel that leads from a site to an address, and the range that says so.
    pub(crate) fn tunnel_from(&self, site: SiteIx, address: Ipv4Addr) -> Option<(Ipv4Net, TunnelIx)> {
        let tunnels = self.sites[site].tunnels.iter().copied();
        longest(tunnels, address, |tunnel| &self.tunnels[tunnel].inbound)
    }

    /// The gateways a network sends to: its own, or those of the peer whose gateways it uses.
    pub(crate) fn gateways_of(&self, network: NetworkIx) -> impl Iterator<Item = GatewayIx> {
        self.gateways.iter().filter(move |(_, _, row)| row.served.contains(&network)).map(|(index, _, _)| index)
    }

    /// The VPN gateway of a network: what a user-defined route to a gateway leads to [UDR-OV].
    pub(crate) fn vpn_gateway_of(&self, network: NetworkIx) -> Option<GatewayIx> {
        self.gateways_of(network).find(|gateway| self.gateways[*gateway].kind == GatewayType::Vpn)
    }

    /// The ranges of the networks a gateway serves.
    pub(crate) fn served_ranges(&self, gateway: GatewayIx) -> impl Iterator<Item = Ipv4Net> {
        self.gateways[gateway].served.iter().flat_map(|network| self.networks[*network].prefixes.iter().copied())
    }

    /// The ranges a site knows from its tunnels, as its devices see them, each with the connection.
    #[must_use]
    pub fn ranges_known_at(&self, site: &Id) -> Vec<(Ipv4Net, Id)> {
        let tunnels = self.sites.by_id(site).map(|row| row.tunnels.iter());
        let known = tunnels.into_iter().flatten().flat_map(|tunnel| {
            self.tunnels[*tunnel].inbound.iter().map(|range| (*range, self.tunnels.id(*tunnel).clone()))
        });
        known.collect()
    }

    /// The ranges a virtual network learns from gateways, in the order of its routes.
    #[must_use]
    pub fn learned_ranges(&self, network: &Id) -> Vec<Ipv4Net> {
        let rows = self.networks.by_id(network).map(|row| &row.learned_routes);
        rows.into_iter().flat_map(|rows| &rows.rows).map(|row| row.prefix).collect()
    }
}

fn longest<'r>(
    tunnels: impl Iterator<Item = TunnelIx>,
    address: Ipv4Addr,
    ranges: impl Fn(TunnelIx) -> &'r [Ipv4Net],
) -> Option<(Ipv4Net, TunnelIx)> {
    let all = tunnels.flat_map(|tunnel| ranges(tunnel).iter().map(move |range| (*range, tunnel)));
    let containing = all.filter(|(range, _)| range.contains(&address));
    containing.fold(None, |best: Option<(Ipv4Net, TunnelIx)>, next| match best {
        Some(best) if best.0.prefix_len() >= next.0.prefix_len() => Some(best),
        Some(_) | None => Some(next),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(internal: &str, external: &str) -> NatRule {
        NatRule {
            name: "rule".into(),
            mode: NatRuleMode::EgressSnat,
            kind: NatRuleType::Static,
            internal: internal.parse().unwrap(),
            external: external.parse().unwrap(),
        }
    }

    #[test]
    fn a_static_rule_keeps_the_position_of_an_address_both_ways() {
        let rule = rule("10.0.1.0/24", "100.64.1.0/24");
        let (inside, outside) = (Ipv4Addr::new(10, 0, 1, 77), Ipv4Addr::new(100, 64, 1, 77));
        assert_eq!((rule.outward(inside), rule.inward(outside)), (Some(outside), Some(inside)));
        assert_eq!(rule.outward(Ipv4Addr::new(10, 0, 2, 77)), None);
    }

    #[test]
    fn a_dynamic_rule_maps_a_large_range_into_a_small_one() {
        let rule = rule("10.0.0.0/16", "100.64.1.0/30");
        let mapped = rule.outward(Ipv4Addr::new(10, 0, 9, 9)).unwrap();
        assert!(rule.external.contains(&mapped), "{mapped}");
    }
}
