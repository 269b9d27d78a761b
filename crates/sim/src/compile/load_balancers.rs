//! Load balancers: frontends, rules, pools, and who is healthy.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};
use topology::resource::{
    LoadBalancer, LoadBalancingRule, NoHealthyBackendsBehavior, Probe, ProbeProtocol, RuleProtocol, Sku,
};
use topology::{Document, Id};
use wire::packet::{Socket, Transport};

use super::Problems;
use crate::balancing::{Balancer, FlowTerms, Frontend, NatRule, Rule};
use crate::network::{Holder, Network};
use crate::security::ProbeDenial;
use crate::session::{ProbeAnswer, ProbeKey, ProbeTable, Probed};
use crate::table::{BalancerIx, Index, InterfaceIx, Rows};

pub(super) fn balancers(document: &Document, problems: &mut Problems) -> Rows<BalancerIx, Balancer> {
    Rows::compile(&document.load_balancers, |id, row| {
        let frontends = frontends(document, id, row, problems);
        let mut pools = indexmap::IndexMap::new();
        for (name, pool) in &row.backend_address_pools {
            let members: Vec<Option<InterfaceIx>> = (pool.network_interfaces.iter().enumerate())
                .map(|(n, member)| {
                    let field = format_smolstr!("backendAddressPools/{name}/{n}");
                    problems.reference(&document.network_interfaces, member, id, field)
                })
                .collect();
            if let Some(network) = pool.virtual_network.as_ref().filter(|id| !document.virtual_networks.contains(id)) {
                problems.missing(id, format_smolstr!("backendAddressPools/{name}/virtualNetwork"), network.as_str());
            }
            pools.insert(name.clone(), members);
        }
        check_names(id, row, problems);
        let rules = row.load_balancing_rules.iter().map(|(name, rule)| self::rule(row, name, rule)).collect();
        let is_standard = row.sku == Sku::Standard;
        Balancer { frontends, pools, rules, nat_rules: Vec::new(), is_standard }
    })
}

fn frontends(document: &Document, id: &Id, row: &LoadBalancer, problems: &mut Problems) -> Vec<Frontend> {
    let frontends = row.frontend_ip_configurations.iter().map(|(name, frontend)| {
        let field = format_smolstr!("frontendIPConfigurations/{name}");
        if let Some(subnet) = frontend.subnet.as_ref().filter(|subnet| !document.subnets.contains(subnet)) {
            problems.missing(id, field.clone(), subnet.as_str());
        }
        let addresses = &document.public_ip_addresses;
        let public = frontend.public_ip_address.as_ref();
        let public = public.and_then(|address| problems.reference(addresses, address, id, field));
        Frontend { name: name.clone(), address: None, public }
    });
    frontends.collect()
}

/// Names within the load balancer that lead nowhere.
fn check_names(id: &Id, row: &LoadBalancer, problems: &mut Problems) {
    let (frontends, pools) = (&row.frontend_ip_configurations, &row.backend_address_pools);
    for (name, rule) in &row.load_balancing_rules {
        let field = format_smolstr!("loadBalancingRules/{name}");
        if !frontends.contains_key(&rule.frontend_ip_configuration) {
            problems.missing(id, field.clone(), &rule.frontend_ip_configuration);
        }
        if !pools.contains_key(&rule.backend_address_pool) {
            problems.missing(id, field.clone(), &rule.backend_address_pool);
        }
        if let Some(probe) = rule.probe.as_ref().filter(|probe| !row.probes.contains_key(*probe)) {
            problems.missing(id, field, probe);
        }
    }
    for (name, rule) in &row.inbound_nat_rules {
        let field = format_smolstr!("inboundNatRules/{name}");
        if !frontends.contains_key(&rule.frontend_ip_configuration) {
            problems.missing(id, field.clone(), &rule.frontend_ip_configuration);
        }
        if let Some(pool) = rule.backend_address_pool.as_ref().filter(|pool| !pools.contains_key(*pool)) {
            problems.missing(id, field, pool);
        }
    }
    for (name, rule) in &row.outbound_rules {
        let field = format_smolstr!("outboundRules/{name}");
        for frontend in rule.frontend_ip_configurations.iter().filter(|name| !frontends.contains_key(*name)) {
            problems.missing(id, field.clone(), frontend);
        }
        if !pools.contains_key(&rule.backend_address_pool) {
            problems.missing(id, field, &rule.backend_address_pool);
        }
    }
}

fn rule(row: &LoadBalancer, name: &SmolStr, rule: &LoadBalancingRule) -> Rule {
    let probe = rule.probe.as_ref().and_then(|name| row.probes.get_key_value(name));
    let behavior = probe.map(|(_, probe)| probe.no_healthy_backends_behavior);
    Rule {
        name: name.clone(),
        frontend: rule.frontend_ip_configuration.clone(),
        protocol: rule.protocol,
        frontend_port: rule.frontend_port,
        backend_port: rule.backend_port,
        distribution: rule.load_distribution,
        flows: FlowTerms {
            idle_s: u64::from(rule.idle_timeout_in_minutes) * 60,
            // HA ports of an internal load balancer send no RST [LB-TCPRST].
            reset: rule.enable_tcp_reset && !rule.is_ha_ports(),
            floating: rule.enable_floating_ip,
        },
        probe: probe.map(|(name, _)| name.clone()),
        all_probed_up: behavior == Some(NoHealthyBackendsBehavior::AllProbedUp),
        pool: rule.backend_address_pool.clone(),
        members: 0,
        healthy: Vec::new(),
        denied_probes: Vec::new(),
    }
}

/// Finds the members of pools by address, and who inbound NAT rules lead to. Comes after addresses are given.
pub(super) fn resolve_members(document: &Document, network: &mut Network) {
    for (position, (_, row)) in document.load_balancers.iter().enumerate() {
        let index = BalancerIx::new(position);
        for (name, pool) in &row.backend_address_pools {
            let home = pool.virtual_network.as_ref().and_then(|id| network.networks.find(id));
            let by_address = |address| match network.networks[home?].addresses.get(&address) {
                Some(Holder::Interface(interface)) => Some(*interface),
                Some(_) | None => None,
            };
            let addresses = pool.load_balancer_backend_addresses.values();
            let found: Vec<Option<InterfaceIx>> = addresses.map(|member| by_address(member.ip_address)).collect();
            network.balancers[index].pools.entry(name.clone()).or_default().extend(found);
        }
        let nat_rules = nat_rules(document, network, index, row);
        let balancer = &mut network.balancers[index];
        balancer.nat_rules = nat_rules;
        let pools = &balancer.pools;
        for rule in &mut balancer.rules {
            rule.members = pools.get(&rule.pool).map_or(0, |pool| u32::try_from(pool.len()).unwrap_or(u32::MAX));
        }
    }
}

fn nat_rules(document: &Document, network: &Network, index: BalancerIx, row: &LoadBalancer) -> Vec<NatRule> {
    let mut rules = Vec::new();
    for (name, rule) in &row.inbound_nat_rules {
        let to = |frontend_port: u16, backend: InterfaceIx| NatRule {
            name: name.clone(),
            frontend: rule.frontend_ip_configuration.clone(),
            protocol: rule.protocol,
            frontend_port,
            backend_port: rule.backend_port,
            backend,
            flows: FlowTerms {
                idle_s: u64::from(rule.idle_timeout_in_minutes) * 60,
                reset: rule.enable_tcp_reset,
                floating: rule.enable_floating_ip,
            },
        };
        let one = rule.backend_ip_configuration.as_ref().and_then(|id| document.network_interfaces.index_of(id));
        rules.extend(one.map(|backend| to(rule.frontend_port, InterfaceIx::new(backend))));
        let pool = rule.backend_address_pool.as_ref().and_then(|pool| network.balancers[index].pools.get(pool));
        let ports = rule.frontend_port_range_start..=rule.frontend_port_range_end;
        let members = pool.map_or(&[][..], Vec::as_slice).iter().flatten();
        rules.extend(ports.zip(members).map(|(port, member)| to(port, *member)));
    }
    rules
}

/// Asks every member of every rule's pool as its probe does [PROBE]. A rule without a probe counts every member that
/// exists as healthy.
pub(super) fn probe(document: &Document, network: &mut Network) {
    let mut table = ProbeTable::new();
    let headers = headers(network);
    for (position, (id, row)) in document.load_balancers.iter().enumerate() {
        let index = BalancerIx::new(position);
        let header = headers.get(&index);
        let mut found: Vec<(Vec<InterfaceIx>, Vec<ProbeDenial>)> = Vec::new();
        for rule in &network.balancers[index].rules {
            let probe = rule.probe.as_ref().and_then(|name| row.probes.get_key_value(name));
            let members = network.balancers[index].pools.get(&rule.pool).map_or(&[][..], Vec::as_slice);
            let (mut healthy, mut denied) = (Vec::new(), Vec::new());
            for member in members.iter().flatten().copied() {
                let Some((name, probe)) = probe else {
                    healthy.extend(exists(network, member).then_some(member));
                    continue;
                };
                denied.extend(denial(network, &rule.name, member, probe.port));
                let answer = answer(network, member, probe, header);
                healthy.extend(answer.is_up().then_some(member));
                let interface = network.interfaces.id(member).clone();
                let key = ProbeKey { balancer: id.clone(), probe: name.clone(), interface };
                let (interval_s, threshold) = (u64::from(probe.interval_in_seconds), u64::from(probe.threshold()));
                table.insert(key, Probed { answer, interval_s, threshold });
            }
            found.push((healthy, denied));
        }
        for (rule, (healthy, denied)) in network.balancers[index].rules.iter_mut().zip(found) {
            rule.healthy = healthy;
            rule.denied_probes = denied;
        }
    }
    network.probes = Arc::new(table);
}

/// The load balancers whose probes carry a PROXY header, with the first private link service that wants it so.
fn headers(network: &Network) -> BTreeMap<BalancerIx, Id> {
    let mut headers = BTreeMap::new();
    for (_, id, service) in network.services.iter().filter(|(_, _, service)| service.proxy_protocol) {
        if let Some((balancer, _)) = service.frontend {
            headers.entry(balancer).or_insert_with(|| id.clone());
        }
    }
    headers
}

/// What a member says to a probe. With `header` the probe begins with a PROXY header: one private link service that has
/// it switched on does so for the whole load balancer [PLS-OV].
fn answer(network: &Network, member: InterfaceIx, probe: &Probe, header: Option<&Id>) -> ProbeAnswer {
    let interface = &network.interfaces[member];
    let (Some(address), Some(machine)) = (interface.address, interface.machine) else { return ProbeAnswer::Nobody };
    if network.probe_denial(member, Socket::new(address, probe.port)).is_some() {
        return ProbeAnswer::Denied;
    }
    let services = &network.machines[machine].services;
    let Some(listener) = services.get(&(Transport::Tcp, probe.port)) else { return ProbeAnswer::Refused };
    let status = match probe.protocol {
        ProbeProtocol::Tcp => 200,
        ProbeProtocol::Http | ProbeProtocol::Https => listener.status_of(probe.request_path.as_deref().unwrap_or("/")),
    };
    match (header, listener.parses_proxy_protocol) {
        (Some(service), false) => ProbeAnswer::HeaderNotUnderstood { service: service.clone() },
        // A handshake is all a TCP probe wants; the listener complains about the first bytes.
        (None, true) if probe.protocol != ProbeProtocol::Tcp => ProbeAnswer::HeaderMissing,
        (Some(_) | None, _) if status == 200 => ProbeAnswer::Up,
        (Some(_) | None, _) => ProbeAnswer::Status(status),
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

fn exists(network: &Network, member: InterfaceIx) -> bool {
    let interface = &network.interfaces[member];
    interface.machine.is_some() && interface.address.is_some()
}

impl Rule {
    /// Whether it takes a flow to this port of its frontend.
    pub(crate) fn takes(&self, transport: Transport, port: u16) -> bool {
        takes(self.protocol, transport) && (self.frontend_port == port || self.is_ha_ports())
    }

    /// Whether it takes every port.
    pub(crate) fn is_ha_ports(&self) -> bool {
        self.protocol == RuleProtocol::All && self.frontend_port == 0
    }
}

impl NatRule {
    /// Whether it takes a flow to this port of its frontend.
    pub(crate) fn takes(&self, transport: Transport, port: u16) -> bool {
        takes(self.protocol, transport) && self.frontend_port == port
    }
}

fn takes(protocol: RuleProtocol, transport: Transport) -> bool {
    match protocol {
        RuleProtocol::Tcp => transport == Transport::Tcp,
        RuleProtocol::Udp => transport == Transport::Udp,
        RuleProtocol::All => true,
    }
}
