//! How each machine reaches the Internet [LB-OUT].

use smol_str::SmolStr;
use topology::Document;
use topology::resource::{RuleProtocol, Sku};

use super::{Problems, apps};
use crate::balancing::{BalancerExit, Exit, WayOut};
use crate::network::Network;
use crate::session::PortRange;
use crate::table::{BalancerIx, Index, InterfaceIx, NatGatewayIx, PublicIx};

/// Ports of a public address that outbound flows may use: 64,000 from here on.
const FIRST_PORT: u32 = 1024;
const PORTS: u32 = 64_000;
/// What a port of an inbound rule takes from them.
const COST_OF_INBOUND_PORT: u32 = 8;

/// What stands in the document: an interface's own address, its subnet's gateway, a load balancer's rules, and last
/// the subnet's default. The first of them counts (assumption A72).
pub(super) fn assemble(document: &Document, network: &mut Network, problems: &mut Problems) {
    let gateways: Vec<Option<NatGatewayIx>> = (document.subnets.iter())
        .map(|(id, row)| problems.optional(&document.nat_gateways, row.nat_gateway.as_ref(), id, "natGateway"))
        .collect();
    for (position, (id, row)) in document.network_interfaces.iter().enumerate() {
        let index = InterfaceIx::new(position);
        let own: Option<PublicIx> =
            problems.optional(&document.public_ip_addresses, row.public_ip_address.as_ref(), id, "publicIPAddress");
        let subnet = network.interfaces[index].subnet;
        let gateway = subnet.and_then(|subnet| gateways[subnet.position()]);
        let gateway = gateway.filter(|gateway| !network.nat_gateways[*gateway].addresses.is_empty());
        let fallback = match subnet {
            Some(subnet) if network.subnets[subnet].default_outbound_access => WayOut::Default,
            Some(_) | None => WayOut::None,
        };
        network.interfaces[index].public = own;
        network.interfaces[index].way_out = match (own, gateway) {
            (Some(public), _) => WayOut::PublicAddress { public, beside_gateway: gateway.is_some() },
            (None, Some(gateway)) => WayOut::NatGateway(gateway),
            (None, None) => fallback,
        };
    }
    // Web apps leave by the NAT gateway of their subnet, or by an address of the platform.
    for (id, _, _) in apps::integrated(document) {
        let Some(index) = network.interfaces.find(id) else { continue };
        let gateway = network.interfaces[index].subnet.and_then(|subnet| gateways[subnet.position()]);
        network.interfaces[index].way_out = gateway.map_or(WayOut::Default, WayOut::NatGateway);
    }
    for (position, (_, row)) in
        document.load_balancers.iter().enumerate().filter(|(_, (_, row))| row.sku == Sku::Standard)
    {
        of_balancer(row, BalancerIx::new(position), network);
    }
}

/// The members of a Standard load balancer leave by its public frontends, or not at all.
fn of_balancer(row: &topology::resource::LoadBalancer, index: BalancerIx, network: &mut Network) {
    for rule in row.outbound_rules.iter() {
        let (name, rule) = rule;
        let frontends = rule.frontend_ip_configurations.iter();
        let frontends: Vec<usize> =
            frontends.filter_map(|name| row.frontend_ip_configurations.get_index_of(name)).collect();
        let exit = Exit::OutboundRule { rule: name.clone() };
        let idle_s = u64::from(rule.idle_timeout_in_minutes) * 60;
        let found = Found { exit, protocol: rule.protocol, ports: rule.allocated_outbound_ports, idle_s, frontends };
        offer(row, index, &rule.backend_address_pool, &found, network);
    }
    for (name, rule) in row.load_balancing_rules.iter().filter(|(_, rule)| !rule.disable_outbound_snat) {
        let frontend = row.frontend_ip_configurations.get_index_of(&rule.frontend_ip_configuration);
        let exit = Exit::LoadBalancingRule { rule: name.clone() };
        let idle_s = u64::from(rule.idle_timeout_in_minutes) * 60;
        let frontends = frontend.into_iter().collect();
        let found = Found { exit, protocol: RuleProtocol::All, ports: 0, idle_s, frontends };
        offer(row, index, &rule.backend_address_pool, &found, network);
    }
    let members: Vec<InterfaceIx> = network.balancers[index].pools.values().flatten().flatten().copied().collect();
    for member in members {
        let way_out = &mut network.interfaces[member].way_out;
        if matches!(way_out, WayOut::Default | WayOut::None) {
            *way_out = WayOut::Behind(index);
        }
    }
}

struct Found {
    exit: Exit,
    protocol: RuleProtocol,
    ports: u32,
    idle_s: u64,
    frontends: Vec<usize>,
}

/// Gives a way out to those members of a pool that have no better one.
fn offer(
    row: &topology::resource::LoadBalancer,
    index: BalancerIx,
    pool: &SmolStr,
    found: &Found,
    network: &mut Network,
) {
    let balancer = &network.balancers[index];
    let is_public = |position: &usize| balancer.frontends[*position].public.is_some();
    let frontends: Vec<usize> = found.frontends.iter().copied().filter(is_public).collect();
    let members: Vec<Option<InterfaceIx>> = balancer.pools.get(pool).cloned().unwrap_or_default();
    if frontends.is_empty() {
        return;
    }
    let spaces: Vec<(std::net::Ipv4Addr, u32)> = frontends
        .iter()
        .filter_map(|position| {
            let frontend = &balancer.frontends[*position];
            let inbound =
                row.load_balancing_rules.values().filter(|rule| rule.frontend_ip_configuration == frontend.name);
            let nat = row.inbound_nat_rules.values().filter(|rule| rule.frontend_ip_configuration == frontend.name);
            let taken = u32::try_from(inbound.count() + nat.count()).unwrap_or(u32::MAX);
            Some((frontend.address?, PORTS.saturating_sub(taken.saturating_mul(COST_OF_INBOUND_PORT))))
        })
        .collect();
    for (slot, member) in members.iter().enumerate().filter_map(|(slot, member)| Some((slot, (*member)?))) {
        let way_out = &mut network.interfaces[member].way_out;
        let worse = matches!(way_out, WayOut::Default | WayOut::None | WayOut::Behind(_));
        if worse {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            *way_out = WayOut::Balancer(Box::new(BalancerExit {
                balancer: index,
                exit: found.exit.clone(),
                protocol: found.protocol,
                ranges: ranges(&spaces, slot, found.ports, members.len()),
                idle_s: found.idle_s,
            }));
        }
    }
}

/// The ports of the member in this slot of the pool. Stated ones are shared out over all addresses together;
/// the others are the same on each address.
fn ranges(spaces: &[(std::net::Ipv4Addr, u32)], slot: u32, stated: u32, members: usize) -> Vec<PortRange> {
    let each = if stated == 0 { ports_by_pool_size(members) } else { stated };
    let begin = slot.saturating_mul(each);
    let end = begin.saturating_add(each);
    let mut before = 0_u32;
    let mut found = Vec::new();
    for (address, size) in spaces {
        let (from, to) = (begin.saturating_sub(before), end.saturating_sub(before).min(*size));
        if from < to {
            let port = |offset: u32| u16::try_from(FIRST_PORT + offset).unwrap_or(u16::MAX);
            found.push(PortRange { address: *address, first: port(from), last: port(to - 1) });
        }
        if stated != 0 {
            before = before.saturating_add(*size);
        }
    }
    found
}

/// Ports for each machine when a rule states none [LB-OUT].
pub(crate) const fn ports_by_pool_size(members: usize) -> u32 {
    match members {
        0..=50 => 1024,
        51..=100 => 512,
        101..=200 => 256,
        201..=400 => 128,
        401..=800 => 64,
        _ => 32,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const A: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
    const B: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 2);

    #[test]
    fn rule_7_6_2_ports_by_the_size_of_the_pool() {
        let sizes = [1, 50, 51, 100, 101, 200, 201, 400, 401, 800, 801, 1000];
        let ports = sizes.map(ports_by_pool_size);
        assert_eq!(ports, [1024, 1024, 512, 512, 256, 256, 128, 128, 64, 64, 32, 32]);
    }

    #[test]
    fn rule_7_6_2_members_have_ports_of_their_own_on_every_address() {
        let range = |address, first, last| PortRange { address, first, last };
        let both = [(A, PORTS), (B, PORTS)];
        assert_eq!(ranges(&both, 0, 0, 2), [range(A, 1024, 2047), range(B, 1024, 2047)]);
        assert_eq!(ranges(&both, 1, 0, 2), [range(A, 2048, 3071), range(B, 2048, 3071)]);
        assert_eq!(ranges(&both, 1, 40_000, 2), [range(A, 41_024, 65_023), range(B, 1024, 17_023)]);
        assert_eq!(ranges(&both, 3, 40_000, 4), [range(B, 57_024, 65_023)], "what is left of the second address");
        assert_eq!(ranges(&both, 4, 40_000, 5), []);
    }
}
