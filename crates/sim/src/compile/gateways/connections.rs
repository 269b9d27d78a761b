//! Connections: the far end of each, its NAT rules, and the ranges that lead into it from both ends [VPN-NAT].

use ipnet::Ipv4Net;
use smol_str::format_smolstr;
use topology::problem::ProblemCode;
use topology::resource::{
    CircuitPeering, Connection, ConnectionTunnelStatus, ConnectionType, GatewayType, NatRuleMode, NatRuleType,
};
use topology::{ChildRef, Document, Id};

use crate::compile::Problems;
use crate::gateways::{Far, NatRule, Tunnel};
use crate::network::Network;
use crate::table::{GatewayIx, Rows, SiteIx, TunnelIx};

/// The smallest size of gateway that translates addresses; `VpnGw1` and Basic do not [VPN-NAT].
const SIZES_WITHOUT_NAT: [&str; 3] = ["Basic", "VpnGw1", "VpnGw1AZ"];

pub(super) fn connect(document: &Document, network: &mut Network, problems: &mut Problems) {
    let mut tunnels: Vec<(Id, Tunnel)> = Vec::new();
    for (id, row) in &document.connections {
        if let Some(tunnel) = tunnel(document, network, id, row, problems) {
            tunnels.push((id.clone(), tunnel));
        }
    }
    network.tunnels = Rows::of(tunnels);
    let all: Vec<TunnelIx> = network.tunnels.iter().map(|(index, _, _)| index).collect();
    // What a site states comes first; what gateways pass on from one tunnel to another needs all of it.
    for index in &all {
        network.tunnels[*index].outbound = told_to_gateway(document, network, *index);
    }
    for index in &all {
        network.tunnels[*index].inbound = told_to_far(document, network, *index);
    }
    for index in all {
        if let Some(code) = overlap(network, index) {
            problems.add(network.tunnels.id(index), "", code);
            network.tunnels[index].outbound.clear();
            network.tunnels[index].inbound.clear();
            continue;
        }
        let tunnel = &network.tunnels[index];
        let (gateway, far) = (tunnel.gateway, tunnel.far.clone());
        network.gateways[gateway].tunnels.push(index);
        if let Far::Site { site, .. } = far {
            network.sites[site].tunnels.push(index);
        }
    }
}

fn tunnel(
    document: &Document,
    network: &Network,
    id: &Id,
    row: &Connection,
    problems: &mut Problems,
) -> Option<Tunnel> {
    let gateways = &document.virtual_network_gateways;
    let gateway: GatewayIx =
        problems.reference(gateways, &row.virtual_network_gateway1, id, "virtualNetworkGateway1")?;
    let wanted = match row.connection_type {
        ConnectionType::ExpressRoute => GatewayType::ExpressRoute,
        ConnectionType::IPsec | ConnectionType::Vnet2Vnet => GatewayType::Vpn,
    };
    if network.gateways[gateway].kind != wanted {
        let code = ProblemCode::ConnectionTypeMismatch { gateway: row.virtual_network_gateway1.clone() };
        problems.add(id, "connectionType", code);
        return None;
    }
    network.gateways[gateway].network?;
    let far = far_end(document, network, id, row, problems)?;
    let rules = nat_rules(document, id, row, problems);
    let bgp = row.enable_bgp || row.connection_type == ConnectionType::ExpressRoute;
    let is_up = row.connection_status == ConnectionTunnelStatus::Connected;
    let fast_path = row.express_route_gateway_bypass && row.connection_type == ConnectionType::ExpressRoute;
    Some(Tunnel { gateway, far, is_up, bgp, fast_path, rules, outbound: Vec::new(), inbound: Vec::new() })
}

fn far_end(document: &Document, network: &Network, id: &Id, row: &Connection, problems: &mut Problems) -> Option<Far> {
    let sites = &document.on_premises_sites;
    let (field, stated) = match row.connection_type {
        ConnectionType::IPsec => ("localNetworkGateway2", &row.local_network_gateway2),
        ConnectionType::Vnet2Vnet => ("virtualNetworkGateway2", &row.virtual_network_gateway2),
        ConnectionType::ExpressRoute => ("peer", &row.peer),
    };
    let Some(other) = stated else {
        problems.add(id, field, ProblemCode::ConnectionWithoutPeer);
        return None;
    };
    match row.connection_type {
        ConnectionType::IPsec => {
            let Some(device) = document.local_network_gateways.get(other) else {
                problems.missing(id, field, other.as_str());
                return None;
            };
            let site: SiteIx = problems.reference(sites, &device.on_premises_site, other, "onPremisesSite")?;
            Some(Far::Site { site, device: other.clone() })
        }
        ConnectionType::ExpressRoute => {
            let Some(circuit) = document.express_route_circuits.get(other) else {
                problems.missing(id, field, other.as_str());
                return None;
            };
            // Virtual networks, and with them private endpoints, are reached over the private peering only [PE-OV].
            if !circuit.peerings.contains(&CircuitPeering::AzurePrivatePeering) {
                problems.add(id, field, ProblemCode::PrivatePeeringMissing { circuit: other.clone() });
                return None;
            }
            let site: SiteIx = problems.reference(sites, &circuit.on_premises_site, other, "onPremisesSite")?;
            Some(Far::Site { site, device: other.clone() })
        }
        ConnectionType::Vnet2Vnet => {
            let gateway: GatewayIx = problems.reference(&document.virtual_network_gateways, other, id, field)?;
            let returns = document.connections.iter().any(|(_, back)| {
                back.connection_type == ConnectionType::Vnet2Vnet
                    && back.virtual_network_gateway1 == *other
                    && back.virtual_network_gateway2.as_ref() == Some(&row.virtual_network_gateway1)
            });
            if !returns {
                problems.add(id, field, ProblemCode::ConnectionOneWay { gateway: other.clone() });
                return None;
            }
            network.gateways[gateway].network?;
            Some(Far::Gateway(gateway))
        }
    }
}

/// The rules a connection names, where Azure takes them.
fn nat_rules(document: &Document, id: &Id, row: &Connection, problems: &mut Problems) -> Vec<NatRule> {
    let lists = [
        ("ingressNatRules", NatRuleMode::IngressSnat, &row.ingress_nat_rules),
        ("egressNatRules", NatRuleMode::EgressSnat, &row.egress_nat_rules),
    ];
    let mut rules = Vec::new();
    for (list, mode, references) in lists {
        for (position, reference) in references.iter().enumerate() {
            let field = format_smolstr!("{list}/{position}");
            if row.connection_type != ConnectionType::IPsec {
                problems.add(id, field, ProblemCode::NatRuleNotAllowed);
                continue;
            }
            match nat_rule(document, row, reference, mode) {
                Ok(rule) => rules.push(rule),
                Err(Some(code)) => problems.add(id, field, code),
                Err(None) => problems.missing(id, field, &format_smolstr!("{reference}")),
            }
        }
    }
    rules
}

/// `Err(None)` when there is no such rule.
fn nat_rule(
    document: &Document,
    row: &Connection,
    reference: &ChildRef,
    mode: NatRuleMode,
) -> Result<NatRule, Option<ProblemCode>> {
    let gateway = document.virtual_network_gateways.get(&reference.parent);
    let gateway = gateway.filter(|_| reference.parent == row.virtual_network_gateway1).ok_or(None)?;
    let rule = gateway.nat_rules.get(&reference.child).filter(|rule| rule.mode == mode).ok_or(None)?;
    if let Some(size) = gateway.sku.as_ref().filter(|size| SIZES_WITHOUT_NAT.contains(&size.as_str())) {
        return Err(Some(ProblemCode::NatRuleSize { sku: size.clone() }));
    }
    let (internal, external) = (rule.internal_mappings.first(), rule.external_mappings.first());
    let (Some(internal), Some(external)) = (internal, external) else {
        return Err(Some(ProblemCode::NatRuleMappings { rule: reference.child.clone() }));
    };
    let (internal, external) = (internal.address_space.trunc(), external.address_space.trunc());
    if rule.rule_type == NatRuleType::Static && internal.prefix_len() != external.prefix_len() {
        return Err(Some(ProblemCode::NatRuleMappings { rule: reference.child.clone() }));
    }
    Ok(NatRule { name: reference.child.clone(), mode, kind: rule.rule_type, internal, external })
}

/// The ranges behind the far end, as virtual networks see them: what the site uses, after the ingress rules.
fn told_to_gateway(document: &Document, network: &Network, index: TunnelIx) -> Vec<Ipv4Net> {
    let tunnel = &network.tunnels[index];
    match &tunnel.far {
        Far::Site { site, device } => {
            let device = document.local_network_gateways.get(device);
            let stated = device.map_or(&[][..], |device| &device.address_prefixes);
            let used = if tunnel.bgp { &network.sites[*site].prefixes[..] } else { &[] };
            let ranges = stated.iter().map(Ipv4Net::trunc).chain(used.iter().copied());
            seen_across(document, network, tunnel, NatRuleMode::IngressSnat, ranges)
        }
        Far::Gateway(other) if tunnel.bgp => network.served_ranges(*other).collect(),
        Far::Gateway(other) => own_ranges(network, *other),
    }
}

/// The ranges behind the gateway, as the far end sees them: the networks it serves, after the egress rules, and with BGP
/// what it learned from its other tunnels. Never a private endpoint's /32 (assumption A24).
fn told_to_far(document: &Document, network: &Network, index: TunnelIx) -> Vec<Ipv4Net> {
    let tunnel = &network.tunnels[index];
    let mut ranges =
        seen_across(document, network, tunnel, NatRuleMode::EgressSnat, network.served_ranges(tunnel.gateway));
    if tunnel.bgp {
        let others = network.tunnels.iter().filter(|(other, _, row)| {
            *other != index && row.gateway == tunnel.gateway && row.bgp && row.is_up && !is_same_end(row, tunnel)
        });
        ranges.extend(others.flat_map(|(_, _, row)| row.outbound.iter().copied()));
    }
    ranges
}

fn is_same_end(one: &Tunnel, other: &Tunnel) -> bool {
    match (&one.far, &other.far) {
        (Far::Site { site: one, .. }, Far::Site { site: other, .. }) => one == other,
        (Far::Gateway(one), Far::Gateway(other)) => one == other,
        (Far::Site { .. }, Far::Gateway(_)) | (Far::Gateway(_), Far::Site { .. }) => false,
    }
}

fn own_ranges(network: &Network, gateway: GatewayIx) -> Vec<Ipv4Net> {
    network.gateways[gateway].network.map_or_else(Vec::new, |owner| network.networks[owner].prefixes.clone())
}

/// Ranges after the rules of one mode. With BGP they are translated only when the gateway is told to [VPN-NAT].
fn seen_across(
    document: &Document,
    network: &Network,
    tunnel: &Tunnel,
    mode: NatRuleMode,
    ranges: impl Iterator<Item = Ipv4Net>,
) -> Vec<Ipv4Net> {
    let gateway = document.virtual_network_gateways.get(network.gateways.id(tunnel.gateway));
    let translates = !tunnel.bgp || gateway.is_some_and(|gateway| gateway.enable_bgp_route_translation_for_nat);
    let across = |range: Ipv4Net| {
        let rules = tunnel.rules.iter().filter(|rule| translates && rule.mode == mode);
        rules.filter_map(|rule| rule.outside_of(range)).next().unwrap_or(range)
    };
    let mut seen: Vec<Ipv4Net> = Vec::new();
    for range in ranges.map(across) {
        if !seen.contains(&range) {
            seen.push(range);
        }
    }
    seen
}

/// Two ends must not use the same addresses, as each sees the other [VPN-NAT]; nor may two tunnels of a gateway lead to
/// different places with the same addresses.
fn overlap(network: &Network, index: TunnelIx) -> Option<ProblemCode> {
    let tunnel = &network.tunnels[index];
    let served: Vec<Ipv4Net> = network.served_ranges(tunnel.gateway).collect();
    let near = meeting(&tunnel.outbound, &served);
    let far = || match &tunnel.far {
        Far::Site { site, .. } => meeting(&tunnel.inbound, &network.sites[*site].prefixes),
        Far::Gateway(_) => None,
    };
    if let Some(range) = near.or_else(far) {
        return Some(ProblemCode::ConnectionOverlap { range });
    }
    network.gateways[tunnel.gateway].tunnels.iter().find_map(|other| {
        let row = &network.tunnels[*other];
        let range = meeting(&tunnel.outbound, &row.outbound).filter(|_| !is_same_end(row, tunnel))?;
        Some(ProblemCode::ConnectionOverlapsOther { range, connection: network.tunnels.id(*other).clone() })
    })
}

/// A range of the first list that shares addresses with one of the second.
fn meeting(first: &[Ipv4Net], second: &[Ipv4Net]) -> Option<Ipv4Net> {
    let meets = |one: &Ipv4Net, other: &Ipv4Net| one.contains(other) || other.contains(one);
    first.iter().find(|one| second.iter().any(|other| meets(one, other))).copied()
}
