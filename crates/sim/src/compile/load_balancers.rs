//! Load balancers: rules, pools, and who is healthy.

use smol_str::{SmolStr, format_smolstr};
use topology::Document;
use wire::packet::Socket;

use super::Problems;
use crate::network::{Balancer, Frontend, Network, Rule};
use crate::security::ProbeDenial;
use crate::table::{BalancerIx, Index, InterfaceIx, Rows};

pub(super) fn balancers(document: &Document, problems: &mut Problems) -> Rows<BalancerIx, Balancer> {
    Rows::compile(&document.load_balancers, |id, row| {
        let mut frontends = Vec::with_capacity(row.frontend_ip_configurations.len());
        for (name, frontend) in &row.frontend_ip_configurations {
            let field = format_smolstr!("frontendIPConfigurations/{name}");
            if let Some(subnet) = frontend.subnet.as_ref().filter(|subnet| !document.subnets.contains(subnet)) {
                problems.missing(id, field.clone(), subnet.as_str());
            }
            let addresses = &document.public_ip_addresses;
            let public = frontend.public_ip_address.as_ref();
            let public = public.and_then(|address| problems.reference(addresses, address, id, field));
            frontends.push(Frontend { name: name.clone(), address: None, public });
        }
        let mut pools = indexmap::IndexMap::new();
        for (name, pool) in &row.backend_address_pools {
            let members: Vec<Option<InterfaceIx>> = (pool.network_interfaces.iter().enumerate())
                .map(|(n, member)| {
                    let field = format_smolstr!("backendAddressPools/{name}/{n}");
                    problems.reference(&document.network_interfaces, member, id, field)
                })
                .collect();
            pools.insert(name.clone(), members);
        }
        let rules = row.load_balancing_rules.iter().map(|(name, rule)| {
            let field = format_smolstr!("loadBalancingRules/{name}");
            if !row.frontend_ip_configurations.contains_key(&rule.frontend_ip_configuration) {
                problems.missing(id, field.clone(), &rule.frontend_ip_configuration);
            }
            if !row.backend_address_pools.contains_key(&rule.backend_address_pool) {
                problems.missing(id, field.clone(), &rule.backend_address_pool);
            }
            if let Some(probe) = rule.probe.as_ref().filter(|probe| !row.probes.contains_key(*probe)) {
                problems.missing(id, field, probe);
            }
            Rule {
                name: name.clone(),
                frontend: rule.frontend_ip_configuration.clone(),
                protocol: rule.protocol,
                frontend_port: rule.frontend_port,
                backend_port: rule.backend_port,
                distribution: rule.load_distribution,
                pool: rule.backend_address_pool.clone(),
                members: pools
                    .get(&rule.backend_address_pool)
                    .map_or(0, |members| u32::try_from(members.len()).unwrap_or(u32::MAX)),
                healthy: Vec::new(),
                denied_probes: Vec::new(),
            }
        });
        let rules = rules.collect();
        Balancer { frontends, pools, rules }
    })
}

/// Finds the members each rule's probe reaches [PROBE]. A probe is up when something listens on its port: a TCP
/// handshake succeeds, and a guest service answers 200. A probe that a security group denies never gets there. A rule
/// without a probe counts every member as healthy.
pub(super) fn probe(document: &Document, network: &mut Network) {
    let balancers = document.load_balancers.iter().enumerate();
    for (index, row) in balancers.map(|(position, (_, row))| (BalancerIx::new(position), row)) {
        let mut found: Vec<(Vec<InterfaceIx>, Vec<ProbeDenial>)> = Vec::new();
        for (position, rule) in network.balancers[index].rules.iter().enumerate() {
            let probe_name = row.load_balancing_rules.get_index(position).and_then(|(_, rule)| rule.probe.as_ref());
            let port = probe_name.and_then(|name| row.probes.get(name)).map(|probe| probe.port);
            let members = network.balancers[index].pools.get(&rule.pool).map_or(&[][..], Vec::as_slice);
            let (mut healthy, mut denied) = (Vec::new(), Vec::new());
            for member in members.iter().flatten().copied() {
                match port.and_then(|port| denial(network, &rule.name, member, port)) {
                    Some(denial) => denied.push(denial),
                    None if answers(network, member, port) => healthy.push(member),
                    None => {}
                }
            }
            found.push((healthy, denied));
        }
        for (rule, (healthy, denied)) in network.balancers[index].rules.iter_mut().zip(found) {
            rule.healthy = healthy;
            rule.denied_probes = denied;
        }
    }
}

/// The security rule that keeps a probe from a member's port.
fn denial(network: &Network, rule: &SmolStr, member: InterfaceIx, port: u16) -> Option<ProbeDenial> {
    let address = network.interfaces[member].address?;
    let (gate, denying) = network.probe_denial(member, Socket::new(address, port))?;
    Some(ProbeDenial {
        load_balancing_rule: rule.clone(),
        interface: network.interfaces.id(member).clone(),
        group: network.security_groups.id(gate.group).clone(),
        scope: gate.at.scope(),
        rule: denying.name.clone(),
    })
}

fn answers(network: &Network, member: InterfaceIx, probe_port: Option<u16>) -> bool {
    let interface = &network.interfaces[member];
    let Some(machine) = interface.machine.filter(|_| interface.address.is_some()) else { return false };
    probe_port.is_none_or(|port| network.machines[machine].services.contains_key(&port))
}
