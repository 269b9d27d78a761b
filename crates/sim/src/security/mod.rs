//! Security groups: which rule decides a flow, and what every other rule says about it [NSG-OV][NSG-HOW].

mod addresses;
mod rules;

use ipnet::Ipv4Net;
use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::resource::{Access, Direction, PrivateEndpointNetworkPolicies, SecurityRuleProtocol};
use wire::packet::{Packet, Socket};

pub(crate) use addresses::AddressSet;
pub(crate) use rules::{
    ApplicationGroup, Flow, INSTANCE_METADATA, Matcher, NetworkTags, SecurityGroup, SecurityRule, Side, Tag,
};

use crate::network::{Holder, Network};
use crate::routes::{RouteRows, Vantage};
use crate::table::{GroupIx, InterfaceIx, NetworkIx, SubnetIx};

/// What a security group is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SecurityScope {
    /// A subnet.
    Subnet,
    /// A network interface.
    NetworkInterface,
}

/// What each part of a rule says about a flow. A rule matches when every part does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleMatch {
    /// The rule's name.
    pub rule: SmolStr,
    /// Its priority.
    pub priority: u32,
    /// What it does to flows it matches.
    pub access: Access,
    /// Whether the protocol matches.
    pub protocol: bool,
    /// Whether the source address matches.
    pub source: bool,
    /// Whether the source port matches.
    pub source_port: bool,
    /// Whether the destination address matches.
    pub destination: bool,
    /// Whether the destination port matches.
    pub destination_port: bool,
    /// Whether this rule decides: the first of those that match.
    pub decides: bool,
}

/// A rule as the portal's effective security rules show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveSecurityRule {
    /// The rule's name.
    pub name: SmolStr,
    /// Its priority.
    pub priority: u32,
    /// Which flows it looks at.
    pub direction: Direction,
    /// What it does to them.
    pub access: Access,
    /// The protocol it matches.
    pub protocol: SecurityRuleProtocol,
    /// Prefixes, tags or application security groups of the source, as written; `*` for every address.
    pub source: Vec<SmolStr>,
    /// The source's tags and application security groups as addresses.
    pub expanded_source: Vec<Ipv4Net>,
    /// Port ranges of the source; `*` for every port.
    pub source_ports: Vec<SmolStr>,
    /// Prefixes, tags or application security groups of the destination.
    pub destination: Vec<SmolStr>,
    /// The destination's tags and application security groups as addresses.
    pub expanded_destination: Vec<Ipv4Net>,
    /// Port ranges of the destination.
    pub destination_ports: Vec<SmolStr>,
    /// Whether it is one of the six every group ends with.
    pub is_default: bool,
}

/// A security group that applies to a network interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveSecurityGroup {
    /// The group.
    pub group: Id,
    /// Whether it is the interface's own or its subnet's.
    pub scope: SecurityScope,
    /// The interface or subnet it is attached to.
    pub subject: Id,
    /// Its rules: inbound, then outbound, each in the order they are tried.
    pub rules: Vec<EffectiveSecurityRule>,
}

/// Why no effective rules are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EffectiveRulesRefusal {
    /// No network interface, and no machine with one, has this id.
    NoSuchInterface,
    /// Azure does not show the effective rules of a private endpoint's interface [PE-OV].
    PrivateEndpoint,
}

/// A probe that a security group keeps from a backend [PROBE].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeDenial {
    /// The load-balancing rule whose probe it is.
    pub load_balancing_rule: SmolStr,
    /// The backend's network interface.
    pub interface: Id,
    /// The group that denies the probe.
    pub group: Id,
    /// Whether it is the interface's own or its subnet's.
    pub scope: SecurityScope,
    /// The rule that denies it.
    pub rule: SmolStr,
}

/// A security group where a flow passes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    pub(crate) group: GroupIx,
    pub(crate) at: GateAt,
    /// The virtual network it stands in.
    pub(crate) network: Option<NetworkIx>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum GateAt {
    Subnet(SubnetIx),
    Interface(InterfaceIx),
}

impl Network {
    /// The security groups that apply to a network interface (or to a machine's first): its own, then its subnet's,
    /// each with every rule in the order tried.
    ///
    /// # Errors
    /// When Azure would not show them.
    pub fn effective_rules(&self, id: &Id) -> Result<Vec<EffectiveSecurityGroup>, EffectiveRulesRefusal> {
        if self.endpoints.by_id(id).is_some() {
            return Err(EffectiveRulesRefusal::PrivateEndpoint);
        }
        let first = || self.machines.by_id(id)?.interfaces.first().copied();
        let interface = self.interfaces.find(id).or_else(first).ok_or(EffectiveRulesRefusal::NoSuchInterface)?;
        let gates = self.gates(interface, Direction::Outbound).into_iter().flatten();
        let groups = gates.map(|gate| {
            let group = &self.security_groups[gate.group];
            let rules = [Direction::Inbound, Direction::Outbound].into_iter().flat_map(|direction| {
                let rules = group.rules(direction).iter();
                rules.map(move |rule| self.effective_rule(rule, direction, gate))
            });
            EffectiveSecurityGroup {
                group: self.security_groups.id(gate.group).clone(),
                scope: gate.at.scope(),
                subject: self.gate_subject(gate.at).clone(),
                rules: rules.collect(),
            }
        });
        Ok(groups.collect())
    }

    /// What every rule of the group attached to a subnet or network interface says about a packet, in the order
    /// tried. Empty when no group is attached. For a private endpoint the subject is its subnet, whether or not
    /// `privateEndpointNetworkPolicies` lets the group apply.
    #[must_use]
    pub fn explain_security(&self, subject: &Id, direction: Direction, packet: &Packet) -> Vec<RuleMatch> {
        let interface = self.interfaces.find(subject);
        let gate = interface.and_then(|interface| self.interface_gate(interface)).or_else(|| {
            let subnet = self.subnets.find(subject).filter(|_| interface.is_none())?;
            self.subnet_gate(subnet)
        });
        let Some(gate) = gate else { return Vec::new() };
        let holder = gate.network.and_then(|here| self.networks[here].addresses.get(&packet.destination.address));
        let to_endpoint = direction == Direction::Inbound && matches!(holder, Some(Holder::Endpoint(_)));
        let flow = if to_endpoint { Flow::to_endpoint(packet) } else { Flow::of(packet) };
        let matcher = Matcher::new(self, gate, direction, flow);
        let mut decided = false;
        let rows = self.security_groups[gate.group].rules(direction).iter().map(|rule| {
            let decides = !decided && matcher.matches(rule);
            decided |= decides;
            RuleMatch {
                rule: rule.name.clone(),
                priority: rule.priority,
                access: rule.access,
                protocol: matcher.protocol(rule),
                source: matcher.source(rule),
                source_port: matcher.source_port(rule),
                destination: matcher.destination(rule),
                destination_port: matcher.destination_port(rule),
                decides,
            }
        });
        rows.collect()
    }

    /// The probes of a load balancer that security groups keep from its backends, in document order.
    #[must_use]
    pub fn probe_denials(&self, balancer: &Id) -> Vec<ProbeDenial> {
        let rules = self.balancers.by_id(balancer).map_or(&[][..], |row| &row.rules);
        rules.iter().flat_map(|rule| rule.denied_probes.iter().cloned()).collect()
    }

    /// The groups a flow of an interface passes, in order: outbound its own first, inbound the subnet's [NSG-HOW].
    pub(crate) fn gates(&self, interface: InterfaceIx, direction: Direction) -> [Option<Gate>; 2] {
        let subnet = self.interfaces[interface].subnet;
        let (own, subnet) = (self.interface_gate(interface), subnet.and_then(|subnet| self.subnet_gate(subnet)));
        match direction {
            Direction::Inbound => [subnet, own],
            Direction::Outbound => [own, subnet],
        }
    }

    fn interface_gate(&self, interface: InterfaceIx) -> Option<Gate> {
        let row = &self.interfaces[interface];
        let network = row.subnet.and_then(|subnet| self.subnets[subnet].network);
        Some(Gate { group: row.security_group?, at: GateAt::Interface(interface), network })
    }

    pub(crate) fn subnet_gate(&self, subnet: SubnetIx) -> Option<Gate> {
        let row = &self.subnets[subnet];
        Some(Gate { group: row.security_group?, at: GateAt::Subnet(subnet), network: row.network })
    }

    /// The user-defined routes of the subnet a group stands at.
    pub(crate) fn routes_at(&self, gate: Gate) -> Option<&RouteRows> {
        let subnet = match gate.at {
            GateAt::Subnet(subnet) => Some(subnet),
            GateAt::Interface(interface) => self.interfaces[interface].subnet,
        };
        self.user_routes(Vantage { network: gate.network?, subnet })
    }

    /// The subnet or interface a group is attached to.
    pub(crate) fn gate_subject(&self, at: GateAt) -> &Id {
        match at {
            GateAt::Subnet(subnet) => self.subnets.id(subnet),
            GateAt::Interface(interface) => self.interfaces.id(interface),
        }
    }

    /// The rule that decides a flow at a group; `None` when the flow bypasses security groups.
    pub(crate) fn decide_security(&self, gate: Gate, direction: Direction, flow: Flow) -> Option<&SecurityRule> {
        Matcher::new(self, gate, direction, flow).decide(&self.security_groups[gate.group])
    }

    /// The first group on the way in that denies a probe to a backend.
    pub(crate) fn probe_denial(&self, interface: InterfaceIx, backend: Socket) -> Option<(Gate, &SecurityRule)> {
        let gates = self.gates(interface, Direction::Inbound).into_iter().flatten();
        let mut decided = gates
            .filter_map(|gate| Some((gate, self.decide_security(gate, Direction::Inbound, Flow::probe(backend))?)));
        decided.find(|(_, rule)| rule.access == Access::Deny)
    }

    fn effective_rule(&self, rule: &SecurityRule, direction: Direction, gate: Gate) -> EffectiveSecurityRule {
        EffectiveSecurityRule {
            name: rule.name.clone(),
            priority: rule.priority,
            direction,
            access: rule.access,
            protocol: rule.protocol,
            source: rule.source.stated.clone(),
            expanded_source: self.expanded(&rule.source, gate),
            source_ports: rule.source.stated_ports.clone(),
            destination: rule.destination.stated.clone(),
            expanded_destination: self.expanded(&rule.destination, gate),
            destination_ports: rule.destination.stated_ports.clone(),
            is_default: rule.is_default,
        }
    }

    /// The addresses of tags and application security groups. `Internet` stays a name: it is all the rest.
    fn expanded(&self, side: &Side, gate: Gate) -> Vec<Ipv4Net> {
        let mut prefixes = Vec::new();
        for tag in &side.tags {
            match tag {
                Tag::VirtualNetwork => {
                    let own = gate.network.map(|here| self.networks[here].tags.virtual_network.prefixes());
                    prefixes.extend(own.into_iter().flatten());
                    prefixes
                        .extend(self.routes_at(gate).into_iter().flat_map(|routes| &routes.rows).map(|row| row.prefix));
                }
                Tag::AzureLoadBalancer | Tag::AzurePlatformDns => prefixes.push(crate::walk::AZURE_DNS.into()),
                Tag::Service(addresses) => prefixes.extend(addresses.prefixes()),
                Tag::Internet | Tag::AzurePlatformImds => {}
            }
        }
        let members = side.groups.iter().flat_map(|group| &self.application_groups[*group].members);
        prefixes.extend(members.map(|(address, _)| Ipv4Net::from(*address)));
        prefixes
    }
}

impl GateAt {
    pub(crate) const fn scope(self) -> SecurityScope {
        match self {
            Self::Subnet(_) => SecurityScope::Subnet,
            Self::Interface(_) => SecurityScope::NetworkInterface,
        }
    }
}

/// Whether security groups apply to the private endpoints of a subnet [PE-POLICY].
pub(crate) const fn filters_endpoints(policies: PrivateEndpointNetworkPolicies) -> bool {
    matches!(
        policies,
        PrivateEndpointNetworkPolicies::Enabled | PrivateEndpointNetworkPolicies::NetworkSecurityGroupEnabled
    )
}
