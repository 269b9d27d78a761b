//! The compiled document: dense tables and the indices a walk needs. Immutable; compiled again on every change.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use ipnet::Ipv4Net;
use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::catalogue::{EndpointService, ServiceName};
use topology::document::{ReturnPath, SystemRoutes};
use topology::resource::{
    ConnectionStatus, GuestForwarding, PlatformService, PrivateEndpointNetworkPolicies, ResolutionPolicy,
};
use wire::DomainName;
use wire::hash::fnv1a;
use wire::packet::Transport;

use crate::balancing::{Balancer, LinkService, NatGateway, PublicAddress, PublicHolder, WayOut};
use crate::gateways::{Gateway, Tunnel};
use crate::identity::stable_guid;
use crate::names::{DnsServer, LinkedRules, Resolver, Ruleset};
use crate::outside::{Outside, Site};
use crate::routes::{RouteRows, RouteTable};
use crate::security::{ApplicationGroup, NetworkTags, SecurityGroup};
use crate::session::ProbeTable;
use crate::table::{
    ApplicationGroupIx, BalancerIx, EndpointIx, GatewayIx, GroupIx, InterfaceIx, MachineIx, NatGatewayIx, NetworkIx,
    PlatformIx, PolicyIx, PublicIx, ResolverIx, RouteTableIx, Rows, RulesetIx, ServiceIx, SiteIx, SubnetIx, TunnelIx,
    ZoneIx,
};

/// A document compiled by [`compile`](crate::compile::compile).
#[derive(Clone, Debug)]
pub struct Network {
    pub(crate) system_routes: SystemRoutes,
    pub(crate) return_path: ReturnPath,
    pub(crate) networks: Rows<NetworkIx, VirtualNetwork>,
    pub(crate) subnets: Rows<SubnetIx, Subnet>,
    pub(crate) machines: Rows<MachineIx, Machine>,
    pub(crate) interfaces: Rows<InterfaceIx, Interface>,
    pub(crate) balancers: Rows<BalancerIx, Balancer>,
    pub(crate) public_addresses: Rows<PublicIx, PublicAddress>,
    pub(crate) nat_gateways: Rows<NatGatewayIx, NatGateway>,
    pub(crate) services: Rows<ServiceIx, LinkService>,
    pub(crate) endpoints: Rows<EndpointIx, Endpoint>,
    pub(crate) zones: Rows<ZoneIx, Zone>,
    pub(crate) resolvers: Rows<ResolverIx, Resolver>,
    pub(crate) rulesets: Rows<RulesetIx, Ruleset>,
    pub(crate) platforms: Rows<PlatformIx, Platform>,
    pub(crate) policies: Rows<PolicyIx, EndpointPolicy>,
    /// The tenant of each subscription.
    pub(crate) tenants: BTreeMap<Id, Id>,
    pub(crate) security_groups: Rows<GroupIx, SecurityGroup>,
    pub(crate) application_groups: Rows<ApplicationGroupIx, ApplicationGroup>,
    pub(crate) sites: Rows<SiteIx, Site>,
    pub(crate) gateways: Rows<GatewayIx, Gateway>,
    pub(crate) tunnels: Rows<TunnelIx, Tunnel>,
    pub(crate) route_tables: Rows<RouteTableIx, RouteTable>,
    pub(crate) zone_names: ZoneNames,
    pub(crate) public_names: PublicNames,
    /// What every backend answers to the probes that ask it.
    pub(crate) probes: Arc<ProbeTable>,
    /// Who has the public IP addresses of the document.
    pub(crate) public_holders: BTreeMap<Ipv4Addr, (PublicIx, PublicHolder)>,
}

#[derive(Clone, Debug)]
pub(crate) struct VirtualNetwork {
    pub(crate) location: SmolStr,
    pub(crate) prefixes: Vec<Ipv4Net>,
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    /// Whether `privateEndpointVNetPolicies` is `Basic` [PE-HSPE].
    pub(crate) has_high_scale: bool,
    /// The networks peered in both directions, in document order.
    pub(crate) peers: Vec<NetworkIx>,
    /// Those whose peering accepts only packets that started there, sorted.
    pub(crate) refuses_forwarded: Vec<NetworkIx>,
    /// The system's routes but the /32s of private endpoints.
    pub(crate) system_routes: RouteRows,
    /// The routes learned from gateways.
    pub(crate) learned_routes: RouteRows,
    pub(crate) addresses: BTreeMap<Ipv4Addr, Holder>,
    /// Private endpoints whose address lies in the address space, by address.
    pub(crate) endpoints: Vec<(Ipv4Addr, EndpointIx)>,
    /// Private zones linked to this network, by zone name.
    pub(crate) links: BTreeMap<DomainName, ZoneLink>,
    pub(crate) tags: NetworkTags,
    /// The enabled rules of the rulesets linked to this network.
    pub(crate) rules: LinkedRules,
}

/// What has an address in a virtual network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Interface(InterfaceIx),
    /// A frontend, by its position in the load balancer.
    Frontend(BalancerIx, usize),
    NatIp(ServiceIx),
    Endpoint(EndpointIx),
    /// An inbound endpoint, by its position in the resolver.
    Inbound(ResolverIx, usize),
    /// An outbound endpoint, by its position in the resolver.
    Outbound(ResolverIx, usize),
    Gateway(GatewayIx),
}

#[derive(Clone, Debug)]
pub(crate) struct ZoneLink {
    pub(crate) zone: ZoneIx,
    pub(crate) name: SmolStr,
    pub(crate) policy: ResolutionPolicy,
}

#[derive(Clone, Debug)]
pub(crate) struct Subnet {
    pub(crate) prefix: Ipv4Net,
    pub(crate) network: Option<NetworkIx>,
    pub(crate) default_outbound_access: bool,
    pub(crate) security_group: Option<GroupIx>,
    pub(crate) route_table: Option<RouteTableIx>,
    pub(crate) endpoint_policies: PrivateEndpointNetworkPolicies,
    pub(crate) service_endpoints: Vec<ServiceEndpoint>,
    /// The routes to the services its endpoints lead to: one each, with all of the service's prefixes.
    pub(crate) service_endpoint_routes: RouteRows,
    pub(crate) service_endpoint_policies: Vec<PolicyIx>,
}

/// A service endpoint of a subnet.
#[derive(Clone, Debug)]
pub(crate) struct ServiceEndpoint {
    pub(crate) service: &'static EndpointService,
    /// The regions it is said to lead to; empty for those the service offers.
    pub(crate) locations: Vec<SmolStr>,
}

impl ServiceEndpoint {
    /// Whether it leads from a network in a region to a resource [SE-OV].
    pub(crate) fn reaches(&self, from: &str, resource: &PlatformService) -> bool {
        let stated = self.locations.iter().any(|own| own == "*" || own.eq_ignore_ascii_case(&resource.location));
        let offered = self.service.reaches(from, &resource.location);
        let is_its_type = self.service.types.contains(&resource.resource_type);
        is_its_type && if self.locations.is_empty() { offered } else { stated }
    }
}

/// A service endpoint policy.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointPolicy {
    /// The services it restricts, in lower case.
    pub(crate) services: BTreeSet<SmolStr>,
    /// The resources it lets through.
    pub(crate) platforms: BTreeSet<PlatformIx>,
}

/// A machine: virtual, on premises or somewhere on the Internet. Its guest is the same everywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    /// What listens, by transport and port.
    pub(crate) services: BTreeMap<(Transport, u16), Listener>,
    /// Addresses on the guest's loopback interface.
    pub(crate) loopbacks: Vec<Ipv4Addr>,
    /// Empty outside Azure.
    pub(crate) interfaces: Vec<InterfaceIx>,
    pub(crate) dns_server: Option<Box<DnsServer>>,
    /// How the guest sends on packets that are not for it, if it does.
    pub(crate) forwarding: Option<GuestForwarding>,
    pub(crate) hosts: BTreeMap<DomainName, Ipv4Addr>,
    /// DNS servers of its own, where no network interface says so.
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    /// Where it stands when that is not in a virtual network.
    pub(crate) outside: Option<Outside>,
}

/// Something that listens in a guest.
#[derive(Clone, Debug)]
pub(crate) struct Listener {
    pub(crate) name: SmolStr,
    /// Whether it expects a PROXY header before a connection's bytes.
    pub(crate) parses_proxy_protocol: bool,
    pub(crate) status: u16,
    pub(crate) status_by_path: BTreeMap<SmolStr, u16>,
}

impl Listener {
    /// The HTTP status a request for a path gets.
    pub(crate) fn status_of(&self, path: &str) -> u16 {
        self.status_by_path.get(path).copied().unwrap_or(self.status)
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Interface {
    pub(crate) machine: Option<MachineIx>,
    pub(crate) subnet: Option<SubnetIx>,
    pub(crate) address: Option<Ipv4Addr>,
    pub(crate) security_group: Option<GroupIx>,
    /// Its own DNS servers; empty inherits the network's.
    pub(crate) dns_servers: Vec<Ipv4Addr>,
    /// Whether Azure lets it receive and send packets of others.
    pub(crate) forwards: bool,
    /// Whether it has the tag `disableSnatOnPL` with exactly the value `true` [PE-NOSNAT].
    pub(crate) keeps_source: bool,
    pub(crate) public: Option<PublicIx>,
    pub(crate) way_out: WayOut,
}

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) subnet: Option<SubnetIx>,
    pub(crate) network: Option<NetworkIx>,
    /// What its addresses stand for. Never empty.
    pub(crate) members: Vec<EndpointMember>,
    pub(crate) status: Option<ConnectionStatus>,
    pub(crate) target: Option<Target>,
    pub(crate) group_id: Option<SmolStr>,
}

/// A member of a private endpoint: some services take more than one address [PE-DNS].
#[derive(Clone, Debug)]
pub(crate) struct EndpointMember {
    pub(crate) name: SmolStr,
    pub(crate) stated: Option<Ipv4Addr>,
    pub(crate) address: Option<Ipv4Addr>,
}

impl Endpoint {
    /// Its first address.
    pub(crate) fn address(&self) -> Option<Ipv4Addr> {
        self.members.first()?.address
    }

    /// All of them.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.members.iter().filter_map(|member| member.address)
    }

    /// Whether an address was chosen for it (assumption A3).
    pub(crate) fn chose(&self, address: Ipv4Addr) -> bool {
        self.members.iter().any(|member| member.address == Some(address) && member.stated.is_none())
    }
}

/// What a private endpoint connects to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Service(ServiceIx),
    /// A platform service and the sub-resource's position in the catalogue.
    Platform(PlatformIx, usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) name: DomainName,
    /// Record sets by relative name in lower case.
    pub(crate) records: BTreeMap<SmolStr, RecordSet>,
}

#[derive(Clone, Debug)]
pub(crate) struct RecordSet {
    pub(crate) ttl: u32,
    pub(crate) addresses: Vec<Ipv4Addr>,
    pub(crate) alias: Option<DomainName>,
    /// Whether a link with `registrationEnabled` wrote it.
    pub(crate) registered: bool,
}

/// Zones by name, whatever they are linked to.
#[derive(Clone, Debug, Default)]
pub(crate) struct ZoneNames {
    /// The first zone of each name.
    pub(crate) zones: BTreeMap<DomainName, ZoneIx>,
    /// The zones that hold each full name, in document order.
    pub(crate) holders: BTreeMap<DomainName, Vec<ZoneIx>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Platform {
    /// As the document states it.
    pub(crate) resource: PlatformService,
    /// Its sub-resources, by position in the catalogue.
    pub(crate) sub_resources: BTreeMap<usize, SubResource>,
}

#[derive(Clone, Debug)]
pub(crate) struct SubResource {
    pub(crate) names: Vec<ServiceName>,
    /// The end of the public alias chain, where it is not the account's own name.
    pub(crate) canonical_name: Option<DomainName>,
    pub(crate) address: Ipv4Addr,
    /// Whether an approved connection for it exists anywhere, which inserts the public alias.
    pub(crate) has_approved_connection: bool,
}

impl SubResource {
    /// Whether a host name in lower case is one of its own.
    pub(crate) fn is_named(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.public.as_str() == host || name.private.as_str() == host)
    }

    /// The name on the certificate it shows to who asks for a host: a wildcard for the public name [STG-PE].
    pub(crate) fn certificate(&self, host: &str) -> SmolStr {
        let asked = self.names.iter().find(|name| name.public.as_str() == host || name.private.as_str() == host);
        let public = asked.or_else(|| self.names.first()).map_or("", |name| name.public.as_str());
        let parent = public.split_once('.').map_or("invalid", |(_, parent)| parent);
        format_smolstr!("*.{parent}")
    }
}

/// Whose a name is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameUse {
    pub(crate) platform: PlatformIx,
    /// The sub-resource's position in the catalogue.
    pub(crate) sub_resource: usize,
    /// The name's position among those of the sub-resource.
    pub(crate) name: usize,
    /// Whether it is the private name rather than the public one.
    pub(crate) private: bool,
}

/// What the public DNS and the public addresses lead to.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicNames {
    /// Names of platform services, public and private ones.
    pub(crate) services: BTreeMap<DomainName, NameUse>,
    /// Ends of alias chains.
    pub(crate) canonical: BTreeMap<DomainName, Ipv4Addr>,
    /// Who answers at a public address: the platform service and the sub-resource.
    pub(crate) by_address: BTreeMap<Ipv4Addr, Vec<(PlatformIx, usize)>>,
}

impl Network {
    /// The address of a resource: a network interface, a machine by its first interface or as it stands outside Azure,
    /// a private endpoint, a gateway, a load balancer by its first frontend, a private link service by its first NAT IP, a DNS
    /// resolver by its first inbound endpoint.
    #[must_use]
    pub fn address_of(&self, id: &Id) -> Option<Ipv4Addr> {
        if let Some(interface) = self.interfaces.by_id(id) {
            return interface.address;
        }
        if let Some(machine) = self.machines.by_id(id) {
            let first = machine.interfaces.first().and_then(|interface| self.interfaces[*interface].address);
            return first.or_else(|| machine.outside.map(|outside| outside.address));
        }
        if let Some(endpoint) = self.endpoints.by_id(id) {
            return endpoint.address();
        }
        if let Some(public) = self.public_addresses.by_id(id) {
            return Some(public.address);
        }
        if let Some(balancer) = self.balancers.by_id(id) {
            return balancer.frontends.first().and_then(|frontend| frontend.address);
        }
        if let Some(gateway) = self.gateways.by_id(id) {
            return gateway.address;
        }
        if let Some(resolver) = self.resolvers.by_id(id) {
            return resolver.inbound.iter().find_map(|endpoint| endpoint.address);
        }
        self.nat_ips(id).first().copied()
    }

    /// The first public address of a platform service.
    #[must_use]
    pub fn public_address(&self, service: &Id) -> Option<Ipv4Addr> {
        self.platforms.by_id(service)?.sub_resources.values().next().map(|public| public.address)
    }

    /// `alias` of a private link service: `<name>.<guid>.<region>.azure.privatelinkservice` [PLS-OV].
    #[must_use]
    pub fn alias(&self, service: &Id) -> Option<String> {
        let network = self.services.by_id(service)?.network?;
        let region = &self.networks[network].location;
        Some(format!("{service}.{}.{region}.azure.privatelinkservice", stable_guid(service.as_str())))
    }

    /// `linkIdentifier` of a private endpoint's connection: the LINKID a provider sees in PROXY v2 headers [PLS-OV].
    #[must_use]
    pub fn link_identifier(&self, endpoint: &Id) -> Option<u32> {
        self.endpoints.by_id(endpoint)?.status?;
        Some(link_identifier(endpoint))
    }

    /// The private zones a virtual network may ask, by zone name.
    #[must_use]
    pub fn zones_linked_to(&self, network: &Id) -> Vec<Id> {
        let links = self.networks.by_id(network).map(|row| row.links.values());
        links.into_iter().flatten().map(|link| self.zones.id(link.zone).clone()).collect()
    }

    /// Pairs of virtual networks that use the same addresses, each pair once, in document order.
    #[must_use]
    pub fn overlapping_networks(&self) -> Vec<(Id, Id)> {
        let mut ranges: Vec<(Ipv4Net, NetworkIx)> = Vec::new();
        for (index, _, network) in self.networks.iter() {
            ranges.extend(network.prefixes.iter().map(|prefix| (*prefix, index)));
        }
        ranges.sort_by_key(|(prefix, index)| (prefix.network(), *index));
        let mut pairs = BTreeSet::new();
        let mut open: Vec<(Ipv4Net, NetworkIx)> = Vec::new();
        for (prefix, index) in ranges {
            open.retain(|(earlier, _)| earlier.broadcast() >= prefix.network());
            for (_, other) in open.iter().filter(|(_, other)| *other != index) {
                pairs.insert((index.min(*other), index.max(*other)));
            }
            open.push((prefix, index));
        }
        let name = |index| self.networks.id(index).clone();
        pairs.into_iter().map(|(first, second)| (name(first), name(second))).collect()
    }

    /// The first interface of a machine that has an address, and where it stands.
    pub(crate) fn sender(&self, machine: MachineIx) -> Option<Sender> {
        self.machines[machine].interfaces.iter().find_map(|interface| {
            let row = &self.interfaces[*interface];
            let subnet = row.subnet?;
            let network = self.subnets[subnet].network?;
            Some(Sender { interface: *interface, address: row.address?, subnet, network })
        })
    }

    /// The subnet field of a resource for origins, as `table/id/field`.
    pub(crate) fn interface_path(&self, interface: InterfaceIx) -> SmolStr {
        format_smolstr!("networkInterfaces/{}/privateIPAddress", self.interfaces.id(interface))
    }
}

/// The LINKID of a private endpoint: never zero.
pub(crate) fn link_identifier(endpoint: &Id) -> u32 {
    let hash = fnv1a(endpoint.as_str().as_bytes());
    u32::try_from((hash ^ (hash >> 32)) & 0x7fff_ffff).expect("31 bits") | 1
}

/// Where a machine sends from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    pub(crate) interface: InterfaceIx,
    pub(crate) address: Ipv4Addr,
    pub(crate) subnet: SubnetIx,
    pub(crate) network: NetworkIx,
}
