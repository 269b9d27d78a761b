//! Compiled security rules, and what each part of one says about a flow [NSG-OV].

use std::net::Ipv4Addr;

use smol_str::SmolStr;
use topology::resource::{Access, Direction, SecurityRuleProtocol};
use wire::packet::{Packet, Socket, Transport};

use super::{AddressSet, Gate};
use crate::network::{Network, VirtualNetwork};
use crate::table::{ApplicationGroupIx, NetworkIx};
use crate::walk::AZURE_DNS;

/// Where a machine asks about itself [NSG-OV].
pub(crate) const INSTANCE_METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);
const DNS_PORT: u16 = 53;

/// A group's rules by direction, the default ones included, in the order they are tried.
#[derive(Clone, Debug)]
pub(crate) struct SecurityGroup {
    pub(crate) inbound: Vec<SecurityRule>,
    pub(crate) outbound: Vec<SecurityRule>,
}

impl SecurityGroup {
    pub(crate) fn rules(&self, direction: Direction) -> &[SecurityRule] {
        match direction {
            Direction::Inbound => &self.inbound,
            Direction::Outbound => &self.outbound,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SecurityRule {
    pub(crate) name: SmolStr,
    pub(crate) priority: u32,
    pub(crate) access: Access,
    pub(crate) protocol: SecurityRuleProtocol,
    pub(crate) source: Side,
    pub(crate) destination: Side,
    /// Whether it is one of the six every group ends with.
    pub(crate) is_default: bool,
}

/// Source or destination of a rule.
#[derive(Clone, Debug)]
pub(crate) struct Side {
    /// As written: prefixes, tags, or application security groups.
    pub(crate) stated: Vec<SmolStr>,
    pub(crate) stated_ports: Vec<SmolStr>,
    /// Whether every address matches.
    pub(crate) any: bool,
    pub(crate) ranges: AddressSet,
    pub(crate) tags: Vec<Tag>,
    pub(crate) groups: Vec<ApplicationGroupIx>,
    /// First and last port, both included.
    pub(crate) ports: Vec<(u16, u16)>,
}

/// A service tag [SVC-TAGS].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    VirtualNetwork,
    Internet,
    AzureLoadBalancer,
    AzurePlatformDns,
    AzurePlatformImds,
    /// The public addresses of a service.
    Service(AddressSet),
}

/// What the tags that depend on the virtual network mean in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct NetworkTags {
    /// Its ranges, its peers' ranges unless `allowVirtualNetworkAccess` is off, and the host's 168.63.129.16; the
    /// prefixes of a subnet's route table come on top.
    pub(crate) virtual_network: AddressSet,
    /// What `Internet` does not cover.
    pub(crate) not_internet: AddressSet,
    /// Peers that do not count as `VirtualNetwork`, in order.
    pub(crate) closed_peers: Vec<NetworkIx>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    transport: Transport,
    source: Socket,
    destination: Socket,
    /// Whether rules see no source port, as at private endpoints [PE-OV].
    any_source_port: bool,
}

impl Flow {
    pub(crate) const fn of(packet: &Packet) -> Self {
        let (transport, source, destination) = (packet.transport, packet.source, packet.destination);
        Self { transport, source, destination, any_source_port: false }
    }

    pub(crate) const fn to_endpoint(packet: &Packet) -> Self {
        Self { any_source_port: true, ..Self::of(packet) }
    }

    pub(crate) const fn is_to_endpoint(&self) -> bool {
        self.any_source_port
    }

    /// A health probe on its way to a backend [PROBE].
    pub(crate) const fn probe(destination: Socket) -> Self {
        let source = Socket::new(AZURE_DNS, 0);
        Self { transport: Transport::Tcp, source, destination, any_source_port: true }
    }

    /// Whether it goes to the platform's own addresses, which only rules with their tags see [NSG-OV].
    fn bypasses(&self, direction: Direction) -> bool {
        direction == Direction::Outbound && [AZURE_DNS, INSTANCE_METADATA].contains(&self.destination.address)
    }
}

/// A rule and a flow, as seen from one virtual network.
pub(crate) struct Matcher<'n> {
    network: &'n Network,
    gate: Gate,
    direction: Direction,
    flow: Flow,
}

impl<'n> Matcher<'n> {
    pub(crate) const fn new(network: &'n Network, gate: Gate, direction: Direction, flow: Flow) -> Self {
        Self { network, gate, direction, flow }
    }

    /// The first rule that matches, lowest priority first. `None` only for a flow that bypasses the group.
    pub(crate) fn decide(&self, group: &'n SecurityGroup) -> Option<&'n SecurityRule> {
        group.rules(self.direction).iter().find(|rule| self.matches(rule))
    }

    pub(crate) fn matches(&self, rule: &SecurityRule) -> bool {
        self.protocol(rule)
            && self.destination_port(rule)
            && self.source_port(rule)
            && self.destination(rule)
            && self.source(rule)
    }

    pub(crate) fn protocol(&self, rule: &SecurityRule) -> bool {
        match rule.protocol {
            SecurityRuleProtocol::Any => true,
            SecurityRuleProtocol::Tcp => self.flow.transport == Transport::Tcp,
            SecurityRuleProtocol::Udp => self.flow.transport == Transport::Udp,
            SecurityRuleProtocol::Icmp => self.is_icmp(),
            SecurityRuleProtocol::Esp | SecurityRuleProtocol::Ah => false,
        }
    }

    pub(crate) fn source(&self, rule: &SecurityRule) -> bool {
        self.side(&rule.source, self.flow.source)
    }

    pub(crate) fn source_port(&self, rule: &SecurityRule) -> bool {
        self.flow.any_source_port || self.is_icmp() || rule.source.takes_port(self.flow.source.port)
    }

    pub(crate) fn destination(&self, rule: &SecurityRule) -> bool {
        let names_platform =
            || rule.destination.tags.iter().any(|tag| matches!(tag, Tag::AzurePlatformDns | Tag::AzurePlatformImds));
        (!self.flow.bypasses(self.direction) || names_platform()) && self.side(&rule.destination, self.flow.destination)
    }

    pub(crate) fn destination_port(&self, rule: &SecurityRule) -> bool {
        self.is_icmp() || rule.destination.takes_port(self.flow.destination.port)
    }

    /// ICMP has no ports, so that no rule's ports keep it from matching.
    fn is_icmp(&self) -> bool {
        self.flow.transport == Transport::Icmp
    }

    fn side(&self, side: &Side, socket: Socket) -> bool {
        side.any
            || side.ranges.contains(socket.address)
            || side.tags.iter().any(|tag| self.tag(tag, socket))
            || side.groups.iter().any(|group| self.is_member(*group, socket.address))
    }

    fn row(&self) -> Option<&VirtualNetwork> {
        self.gate.network.map(|here| &self.network.networks[here])
    }

    /// Whether a user-defined route of the subnet contains an address: it counts as `VirtualNetwork` then [SVC-TAGS].
    fn is_routed(&self, address: Ipv4Addr) -> bool {
        let routes = self.network.routes_at(self.gate);
        routes.is_some_and(|routes| routes.containing(address).next().is_some())
    }

    fn tag(&self, tag: &Tag, socket: Socket) -> bool {
        let address = socket.address;
        match tag {
            Tag::VirtualNetwork => {
                self.row().is_some_and(|row| row.tags.virtual_network.contains(address)) || self.is_routed(address)
            }
            Tag::Internet => self.row().is_some_and(|row| !row.tags.not_internet.contains(address)),
            Tag::AzureLoadBalancer => address == AZURE_DNS,
            Tag::AzurePlatformDns => address == AZURE_DNS && socket.port == DNS_PORT,
            Tag::AzurePlatformImds => address == INSTANCE_METADATA,
            Tag::Service(addresses) => addresses.contains(address),
        }
    }

    /// Members are told apart by address, in this network or a peered one.
    fn is_member(&self, group: ApplicationGroupIx, address: Ipv4Addr) -> bool {
        let Some(here) = self.gate.network else { return false };
        let members = &self.network.application_groups[group].members;
        let first = members.partition_point(|(other, _)| *other < address);
        let same = members[first..].iter().take_while(|(other, _)| *other == address);
        same.into_iter().any(|(_, owner)| *owner == here || self.network.networks[here].peers.contains(owner))
    }
}

impl Side {
    fn takes_port(&self, port: u16) -> bool {
        self.ports.iter().any(|(first, last)| (*first..=*last).contains(&port))
    }

    pub(crate) fn names_service(&self) -> bool {
        self.tags.iter().any(|tag| matches!(tag, Tag::Service(_)))
    }
}

/// The interfaces and private endpoints that joined an application security group, by address.
#[derive(Clone, Debug, Default)]
pub(crate) struct ApplicationGroup {
    pub(crate) members: Vec<(Ipv4Addr, NetworkIx)>,
}
