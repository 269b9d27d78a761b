//! What a load balancer may be [LB-COMP].

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::Found;
use crate::problem::Problem;
use crate::resource::{FrontendIpConfiguration, LoadBalancer, LoadBalancingRule, Probe, ProbeProtocol, Sku};
use crate::{Document, Id};

/// Members a pool of a Standard load balancer takes at most [LB-COMP].
const POOL_LIMIT: usize = 1000;
/// Minutes an idle flow of a rule may live (dispute D5).
const RULE_IDLE_MINUTES: (u32, u32) = (4, 100);
/// Minutes an idle port of an outbound rule or a NAT gateway may live [LB-IDLE-NEW].
const OUTBOUND_IDLE_MINUTES: (u32, u32) = (4, 120);
/// Seconds between two probes at least.
const LEAST_PROBE_INTERVAL_S: u32 = 5;
/// Probes in a row at most.
const PROBE_THRESHOLD: (u32, u32) = (1, 100);
/// Seconds a probe may take to change its mind.
const LONGEST_DETECTION_S: u64 = 120;
/// Ports one frontend gives to outbound flows [LB-OUT].
const PORTS_PER_FRONTEND: u64 = 64_000;

/// What is wrong with a load balancer, a public IP address or a NAT gateway. The names are stable codes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum BalancerProblem {
    /// A frontend has neither a subnet nor a public address, or both.
    FrontendKind,
    /// One load balancer has public and internal frontends.
    MixedFrontends { other: SmolStr },
    /// A frontend or network interface uses a public address that another one uses.
    PublicAddressInUse { address: Id, by: Id },
    /// The members of a pool stand in several networks.
    PoolSpansNetworks { network: Id, other: Id },
    /// A pool has members by network interface and by address.
    MixedPool,
    /// A pool has more members than Azure takes.
    PoolTooLarge { count: usize, limit: usize },
    /// Two rules lead to the same port of the same pool without a floating IP.
    BackendPortReused { other: SmolStr, protocol: SmolStr, port: u16 },
    /// An idle timeout lies outside what Azure takes.
    IdleTimeout { minutes: u32, least: u32, most: u32 },
    /// HA ports name a port on one side only.
    HaPortsPort,
    /// HA ports on a public frontend.
    HaPortsPublic,
    /// HA ports beside another rule for the same pool.
    HaPortsMixed { other: SmolStr },
    /// A probe asks more often than every five seconds.
    ProbeInterval { seconds: u32 },
    /// A probe changes its mind after fewer than 1 or more than 100 in a row.
    ProbeThreshold { count: u32 },
    /// A probe takes longer than two minutes to change its mind.
    ProbeTooSlow { seconds: u64 },
    /// An HTTPS probe of a Basic load balancer.
    ProbeNeedsStandard,
    /// An outbound rule names an internal frontend.
    OutboundFrontendInternal { frontend: SmolStr },
    /// An outbound rule promises more ports than its frontends have.
    OutboundPorts { needed: u64, available: u64 },
}

/// What is wrong with the load balancers of a document, and with who shares public addresses.
#[must_use]
pub fn load_balancers(document: &Document) -> Vec<Problem> {
    let mut found = Found::default();
    for (id, balancer) in &document.load_balancers {
        frontends(id, balancer, &mut found);
        pools(document, id, balancer, &mut found);
        probes(id, balancer, &mut found);
        rules(id, balancer, &mut found);
        outbound(id, balancer, &mut found);
    }
    for (id, gateway) in &document.nat_gateways {
        idle(id, "idleTimeoutInMinutes".into(), gateway.idle_timeout_in_minutes, OUTBOUND_IDLE_MINUTES, &mut found);
    }
    public_addresses(document, &mut found);
    found.0
}

fn is_public(frontend: &FrontendIpConfiguration) -> bool {
    frontend.public_ip_address.is_some()
}

fn frontends(id: &Id, balancer: &LoadBalancer, found: &mut Found) {
    let mut first: Option<(&SmolStr, bool)> = None;
    for (name, frontend) in &balancer.frontend_ip_configurations {
        let field = format_smolstr!("frontendIPConfigurations/{name}");
        if frontend.subnet.is_some() == is_public(frontend) {
            found.add(id, field, BalancerProblem::FrontendKind);
            continue;
        }
        match first {
            Some((other, public)) if public != is_public(frontend) => {
                found.add(id, field, BalancerProblem::MixedFrontends { other: other.clone() });
            }
            Some(_) => {}
            None => first = Some((name, is_public(frontend))),
        }
    }
}

fn pools(document: &Document, id: &Id, balancer: &LoadBalancer, found: &mut Found) {
    for (name, pool) in &balancer.backend_address_pools {
        let field = format_smolstr!("backendAddressPools/{name}");
        let (interfaces, addresses) = (&pool.network_interfaces, &pool.load_balancer_backend_addresses);
        if !interfaces.is_empty() && !addresses.is_empty() {
            found.add(id, field.clone(), BalancerProblem::MixedPool);
        }
        let count = interfaces.len() + addresses.len();
        if count > POOL_LIMIT {
            found.add(id, field.clone(), BalancerProblem::PoolTooLarge { count, limit: POOL_LIMIT });
        }
        let mut networks = interfaces.iter().filter_map(|member| {
            let subnet = &document.network_interfaces.get(member)?.subnet;
            document.subnets.get(subnet).map(|subnet| &subnet.virtual_network)
        });
        let Some(network) = networks.next() else { continue };
        if let Some(other) = networks.find(|other| *other != network) {
            let (network, other) = (network.clone(), other.clone());
            found.add(id, field, BalancerProblem::PoolSpansNetworks { network, other });
        }
    }
}

fn probes(id: &Id, balancer: &LoadBalancer, found: &mut Found) {
    for (name, probe) in &balancer.probes {
        let field = format_smolstr!("probes/{name}");
        let Probe { interval_in_seconds: seconds, .. } = *probe;
        let count = probe.threshold();
        if seconds < LEAST_PROBE_INTERVAL_S {
            found.add(id, format_smolstr!("{field}/intervalInSeconds"), BalancerProblem::ProbeInterval { seconds });
        }
        if !(PROBE_THRESHOLD.0..=PROBE_THRESHOLD.1).contains(&count) {
            found.add(id, format_smolstr!("{field}/probeThreshold"), BalancerProblem::ProbeThreshold { count });
        }
        let slow = u64::from(seconds) * u64::from(count);
        if slow > LONGEST_DETECTION_S {
            found.add(id, field.clone(), BalancerProblem::ProbeTooSlow { seconds: slow });
        }
        if probe.protocol == ProbeProtocol::Https && balancer.sku == Sku::Basic {
            found.add(id, field, BalancerProblem::ProbeNeedsStandard);
        }
    }
}

fn rules(id: &Id, balancer: &LoadBalancer, found: &mut Found) {
    let mut by_backend: BTreeMap<(&SmolStr, u16, &str), &SmolStr> = BTreeMap::new();
    let mut by_pool: BTreeMap<&SmolStr, (&SmolStr, &LoadBalancingRule)> = BTreeMap::new();
    for (name, rule) in &balancer.load_balancing_rules {
        let field = format_smolstr!("loadBalancingRules/{name}");
        let minutes = rule.idle_timeout_in_minutes;
        idle(id, format_smolstr!("{field}/idleTimeoutInMinutes"), minutes, RULE_IDLE_MINUTES, found);
        if rule.protocol == crate::resource::RuleProtocol::All && (rule.frontend_port == 0) != (rule.backend_port == 0)
        {
            found.add(id, field.clone(), BalancerProblem::HaPortsPort);
        }
        let frontend = balancer.frontend_ip_configurations.get(&rule.frontend_ip_configuration);
        if rule.is_ha_ports() && frontend.is_some_and(is_public) {
            found.add(id, field.clone(), BalancerProblem::HaPortsPublic);
        }
        let (pool, port) = (&rule.backend_address_pool, rule.backend_port);
        if let Some((other, earlier)) = by_pool.get(pool)
            && (rule.is_ha_ports() || earlier.is_ha_ports())
            && !(rule.enable_floating_ip && earlier.enable_floating_ip)
        {
            found.add(id, field.clone(), BalancerProblem::HaPortsMixed { other: (*other).clone() });
        } else if !rule.enable_floating_ip {
            let protocol = rule.protocol.as_str();
            if let Some(other) = by_backend.insert((pool, port, protocol), name) {
                let (other, protocol) = (other.clone(), SmolStr::new_static(protocol));
                found.add(id, field, BalancerProblem::BackendPortReused { other, protocol, port });
            }
        }
        by_pool.entry(pool).or_insert((name, rule));
    }
    for (name, rule) in &balancer.inbound_nat_rules {
        let field = format_smolstr!("inboundNatRules/{name}/idleTimeoutInMinutes");
        idle(id, field, rule.idle_timeout_in_minutes, RULE_IDLE_MINUTES, found);
    }
}

fn outbound(id: &Id, balancer: &LoadBalancer, found: &mut Found) {
    for (name, rule) in &balancer.outbound_rules {
        let field = format_smolstr!("outboundRules/{name}");
        let minutes = rule.idle_timeout_in_minutes;
        idle(id, format_smolstr!("{field}/idleTimeoutInMinutes"), minutes, OUTBOUND_IDLE_MINUTES, found);
        let mut available = 0;
        for frontend in &rule.frontend_ip_configurations {
            match balancer.frontend_ip_configurations.get(frontend) {
                Some(row) if !is_public(row) => {
                    let frontend = frontend.clone();
                    found.add(id, field.clone(), BalancerProblem::OutboundFrontendInternal { frontend });
                }
                Some(_) => available += PORTS_PER_FRONTEND,
                None => {}
            }
        }
        let pool = balancer.backend_address_pools.get(&rule.backend_address_pool);
        let members = pool.map_or(0, |pool| pool.network_interfaces.len());
        let needed = u64::from(rule.allocated_outbound_ports).saturating_mul(members.try_into().unwrap_or(u64::MAX));
        if needed > available {
            found.add(id, field, BalancerProblem::OutboundPorts { needed, available });
        }
    }
}

fn idle(id: &Id, field: SmolStr, minutes: u32, (least, most): (u32, u32), found: &mut Found) {
    if !(least..=most).contains(&minutes) {
        found.add(id, field, BalancerProblem::IdleTimeout { minutes, least, most });
    }
}

/// A public address serves one frontend, one network interface or one NAT gateway.
fn public_addresses(document: &Document, found: &mut Found) {
    let mut users: BTreeMap<&Id, &Id> = BTreeMap::new();
    let mut uses: Vec<(&Id, SmolStr, &Id)> = Vec::new();
    for (id, interface) in &document.network_interfaces {
        uses.extend(interface.public_ip_address.as_ref().map(|address| (id, "publicIPAddress".into(), address)));
    }
    for (id, balancer) in &document.load_balancers {
        for (name, frontend) in &balancer.frontend_ip_configurations {
            let field = format_smolstr!("frontendIPConfigurations/{name}");
            uses.extend(frontend.public_ip_address.as_ref().map(|address| (id, field, address)));
        }
    }
    for (id, gateway) in &document.nat_gateways {
        uses.extend(gateway.public_ip_addresses.iter().map(|address| (id, "publicIpAddresses".into(), address)));
    }
    for (id, field, address) in uses {
        if let Some(by) = users.insert(address, id) {
            let (address, by) = (address.clone(), by.clone());
            found.add(id, field, BalancerProblem::PublicAddressInUse { address, by });
        }
    }
}
