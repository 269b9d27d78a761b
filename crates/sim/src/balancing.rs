//! Load balancers, private link services and the ways out to the Internet, compiled.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::resource::{LoadDistribution, RuleProtocol};

use crate::network::Network;
use crate::security::ProbeDenial;
use crate::session::{PORTS_PER_NAT_IP, PortRange};
use crate::table::{BalancerIx, InterfaceIx, NatGatewayIx, NetworkIx, PublicIx, SubnetIx};

/// How a network interface reaches the Internet [LB-OUT].
#[derive(Clone, Debug, Default)]
pub(crate) enum WayOut {
    /// By its own public address; `beside_gateway` when its subnet has a NAT gateway, too (assumption A72).
    PublicAddress { public: PublicIx, beside_gateway: bool },
    /// By the NAT gateway of its subnet.
    NatGateway(NatGatewayIx),
    /// By a public frontend of its load balancer.
    Balancer(Box<BalancerExit>),
    /// By an address of Azure's own (assumption A23).
    Default,
    /// Not at all: its load balancer gives no way out, and takes the default one away.
    Behind(BalancerIx),
    /// Not at all.
    #[default]
    None,
}

impl WayOut {
    /// Whether there is one.
    pub(crate) const fn leads_out(&self) -> bool {
        match self {
            Self::PublicAddress { .. } | Self::NatGateway(_) | Self::Balancer(_) | Self::Default => true,
            Self::Behind(_) | Self::None => false,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct BalancerExit {
    pub(crate) balancer: BalancerIx,
    pub(crate) exit: Exit,
    pub(crate) protocol: RuleProtocol,
    /// The ports of this machine.
    pub(crate) ranges: Vec<PortRange>,
    /// Seconds after which an idle port is free again.
    pub(crate) idle_s: u64,
}

/// What lets a machine out to the Internet, other than the default of its subnet [LB-OUT].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Exit {
    /// Its own public IP address.
    PublicIpAddress {
        /// That address.
        address: Id,
    },
    /// The NAT gateway of its subnet.
    NatGateway {
        /// That gateway.
        gateway: Id,
    },
    /// An outbound rule of its load balancer.
    OutboundRule {
        /// Its name.
        rule: SmolStr,
    },
    /// A load-balancing rule of its load balancer, whose frontend it shares.
    LoadBalancingRule {
        /// Its name.
        rule: SmolStr,
    },
}

/// What a public IP address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicHolder {
    /// A frontend, by its position in the load balancer.
    Frontend(BalancerIx, usize),
    Interface(InterfaceIx),
    NatGateway(NatGatewayIx),
    Nobody,
}

#[derive(Clone, Debug)]
pub(crate) struct Balancer {
    pub(crate) frontends: Vec<Frontend>,
    pub(crate) pools: IndexMap<SmolStr, Vec<Option<InterfaceIx>>>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) nat_rules: Vec<NatRule>,
    /// Whether its public frontends are closed by default: a Standard one's [LB-OV].
    pub(crate) is_standard: bool,
}

/// An inbound NAT rule towards one backend: those for a pool are one for each member.
#[derive(Clone, Debug)]
pub(crate) struct NatRule {
    pub(crate) name: SmolStr,
    pub(crate) frontend: SmolStr,
    pub(crate) protocol: RuleProtocol,
    pub(crate) frontend_port: u16,
    pub(crate) backend_port: u16,
    pub(crate) backend: InterfaceIx,
    pub(crate) flows: FlowTerms,
}

/// How a rule treats its flows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlowTerms {
    /// Seconds after which an idle flow is forgotten.
    pub(crate) idle_s: u64,
    /// Whether both ends get an RST then.
    pub(crate) reset: bool,
    /// Whether packets keep the frontend as their destination.
    pub(crate) floating: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Frontend {
    pub(crate) name: SmolStr,
    pub(crate) address: Option<Ipv4Addr>,
    /// The public IP address of a public one.
    pub(crate) public: Option<PublicIx>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) name: SmolStr,
    pub(crate) frontend: SmolStr,
    pub(crate) protocol: RuleProtocol,
    pub(crate) frontend_port: u16,
    pub(crate) backend_port: u16,
    pub(crate) distribution: LoadDistribution,
    pub(crate) flows: FlowTerms,
    /// The probe that exists, by name.
    pub(crate) probe: Option<SmolStr>,
    /// Whether every member counts as healthy when none is.
    pub(crate) all_probed_up: bool,
    pub(crate) pool: SmolStr,
    /// How many entries the pool has.
    pub(crate) members: u32,
    /// The members the rule's probe finds up, in pool order.
    pub(crate) healthy: Vec<InterfaceIx>,
    /// The members whose probe a security group denies.
    pub(crate) denied_probes: Vec<ProbeDenial>,
}

#[derive(Clone, Debug)]
pub(crate) struct PublicAddress {
    pub(crate) address: Ipv4Addr,
}

#[derive(Clone, Debug)]
pub(crate) struct NatGateway {
    pub(crate) addresses: Vec<PublicIx>,
    /// Seconds after which an idle port is free again.
    pub(crate) idle_s: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct LinkService {
    pub(crate) network: Option<NetworkIx>,
    /// NAT IPs with their position in `ipConfigurations`.
    pub(crate) nat_ips: Vec<(usize, Ipv4Addr)>,
    /// The position of the primary one in `ipConfigurations`.
    pub(crate) primary: usize,
    /// The subnet of the first NAT IP.
    pub(crate) subnet: Option<SubnetIx>,
    /// Whether connections to the backend begin with a PROXY header.
    pub(crate) proxy_protocol: bool,
    /// Where Direct Connect leads, in place of a frontend.
    pub(crate) destination: Option<Ipv4Addr>,
    /// The first frontend that exists: the load balancer and the frontend's position in it.
    pub(crate) frontend: Option<(BalancerIx, usize)>,
}

impl Network {
    /// The NAT IPs of a private link service, in document order.
    #[must_use]
    pub fn nat_ips(&self, service: &Id) -> Vec<Ipv4Addr> {
        self.services.by_id(service).map_or_else(Vec::new, |row| row.nat_ips.iter().map(|(_, ip)| *ip).collect())
    }

    /// The frontends of a load balancer that have an address: name and address.
    #[must_use]
    pub fn frontends(&self, balancer: &Id) -> Vec<(SmolStr, Ipv4Addr)> {
        let frontends = self.balancers.by_id(balancer).map_or(&[][..], |row| &row.frontends);
        frontends.iter().filter_map(|frontend| Some((frontend.name.clone(), frontend.address?))).collect()
    }

    /// The members of a pool: machine, network interface, address, and whether every rule of the pool finds it up.
    /// A pool no rule uses has no probe, so its members count as healthy.
    #[must_use]
    pub fn backend_health(&self, balancer: &Id, pool: &str) -> Vec<(Id, Id, Ipv4Addr, bool)> {
        let Some(row) = self.balancers.by_id(balancer) else { return Vec::new() };
        let members = row.pools.get(pool).map_or(&[][..], Vec::as_slice);
        let backends = members.iter().flatten().filter_map(|member| {
            let interface = &self.interfaces[*member];
            let healthy = row.rules.iter().filter(|rule| rule.pool == pool).all(|rule| rule.healthy.contains(member));
            let machine = self.machines.id(interface.machine?).clone();
            Some((machine, self.interfaces.id(*member).clone(), interface.address?, healthy))
        });
        backends.collect()
    }

    /// How many flows a private link service can carry at once: 64,000 for each NAT IP and backend [PL-FAQ-NEW].
    #[must_use]
    pub fn nat_capacity(&self, service: &Id) -> u64 {
        let nat_ips = self.services.by_id(service).map_or(0, |row| row.nat_ips.len());
        self.nat_capacity_of_one(service).saturating_mul(u64::try_from(nat_ips).unwrap_or(u64::MAX))
    }

    /// How many of them each NAT IP can carry. Direct Connect has one destination.
    pub(crate) fn nat_capacity_of_one(&self, service: &Id) -> u64 {
        let Some(row) = self.services.by_id(service) else { return 0 };
        let behind = |(balancer, position): (BalancerIx, usize)| {
            let balancer = &self.balancers[balancer];
            let name = &balancer.frontends[position].name;
            balancer.rules.iter().filter(|rule| rule.frontend == *name).map(|rule| rule.members).max()
        };
        let backends = match row.destination {
            Some(_) => 1,
            None => row.frontend.and_then(behind).unwrap_or(0),
        };
        u64::from(PORTS_PER_NAT_IP).saturating_mul(u64::from(backends))
    }

    /// The NAT IPs of a private link service, in document order, and which is the primary one.
    #[must_use]
    pub fn nat_addresses(&self, service: &Id) -> Vec<(Ipv4Addr, bool)> {
        let Some(row) = self.services.by_id(service) else { return Vec::new() };
        row.nat_ips.iter().map(|(position, address)| (*address, *position == row.primary)).collect()
    }
}
