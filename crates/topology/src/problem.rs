//! What is missing or contradictory in a document that nevertheless loads and simulates.

use ipnet::Ipv4Net;
use smol_str::SmolStr;

use crate::Id;
use crate::check::{BalancerProblem, LinkServiceProblem};
use crate::resource::NextHopType;

/// What is wrong. The names are stable codes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum ProblemCode {
    /// A field names a resource that does not exist, or one of another type.
    MissingReference { reference: SmolStr },
    /// Two resources have the same id.
    DuplicateId,
    /// A subnet lies outside its network's address space.
    SubnetOutsideNetwork,
    /// Two subnets of one network overlap.
    SubnetsOverlap { other: Id },
    /// A stated address lies outside its subnet (`PrivateIPAddressNotInSubnet`).
    AddressNotInSubnet { address: std::net::Ipv4Addr },
    /// A stated address is one of the five Azure keeps (`PrivateIPAddressInReservedRange`).
    AddressReserved { address: std::net::Ipv4Addr },
    /// A machine's address lies outside its site's ranges.
    AddressNotAtSite { address: std::net::Ipv4Addr },
    /// Two resources of one network state the same address.
    AddressInUse { address: std::net::Ipv4Addr, by: Id },
    /// The subnet has no free address left (`SubnetIsFull`).
    SubnetIsFull { subnet: Id },
    /// A private link service stands in a subnet whose `privateLinkServiceNetworkPolicies` is `Enabled`.
    PrivateLinkServicePolicyEnabled { subnet: Id },
    /// A private link service is tied to a Basic load balancer.
    LoadBalancerNotStandard { load_balancer: Id },
    /// A load balancer, a public IP address or a NAT gateway is not what Azure takes.
    Balancer(BalancerProblem),
    /// A private link service is not what Azure takes.
    LinkService(LinkServiceProblem),
    /// A peering has only one direction.
    PeeringOneWay { remote: Id },
    /// A network is peered with itself.
    PeeringWithItself,
    /// Another peering of the network already references the remote one (`AnotherPeeringAlreadyReferencesRemoteVnet`).
    PeeringTwice { remote: Id },
    /// More peerings of one network than Azure takes [VNET-LIMITS].
    PeeringLimit { count: usize, limit: usize },
    /// The address spaces of peered networks overlap (`VnetAddressSpacesOverlap`).
    PeeringOverlap { remote: Id, prefixes: Vec<Ipv4Net> },
    /// The address space of one network overlaps one that the other is already peered with
    /// (`VnetAddressSpaceOverlapsWithAlreadyPeeredVnet`).
    PeeringOverlapWithPeer { first: Id, second: Id, third: Id, prefixes: Vec<Ipv4Net> },
    /// A security rule's priority lies outside 100 to 4096 (`SecurityRuleInvalidPriority`).
    SecurityRulePriority { priority: u32 },
    /// Two rules of one direction have the same priority (`SecurityRuleConflict`).
    SecurityRuleConflict { other: SmolStr, priority: u32 },
    /// An address, range or service tag of a security rule is not understood (`SecurityRuleInvalidAddressPrefix`).
    SecurityRuleAddressPrefix { prefix: SmolStr },
    /// A port range of a security rule is not understood (`SecurityRuleInvalidPortRange`).
    SecurityRulePortRange { range: SmolStr },
    /// One side of a security rule names more than one service tag.
    SecurityRuleSeveralTags,
    /// One side of a security rule names both prefixes and application security groups.
    SecurityRulePrefixesAndGroups,
    /// More than Azure takes of something [VNET-LIMITS].
    SecurityLimit { count: usize, limit: usize },
    /// The members of an application security group stand in different virtual networks.
    ApplicationSecurityGroupSpansNetworks { group: Id },
    /// A route leads to something a route table may not name.
    RouteNextHopNotAllowed { next_hop_type: NextHopType },
    /// A route to an appliance names no address.
    RouteWithoutNextHop,
    /// A route names an address though it leads to no appliance.
    RouteNextHopAddressNotAllowed { next_hop_type: NextHopType },
    /// Two routes of one table have the same prefix (`RouteConflict`); the first counts.
    RouteConflict { other: SmolStr, prefix: Ipv4Net },
    /// More routes, or route tables, than Azure takes [VNET-LIMITS].
    RouteLimit { count: usize, limit: usize },
    /// A network is linked to two zones of one name; only the first link counts.
    OverlappingNamespaces { network: Id, linked: Id },
    /// A network registers its machines in one zone only; this link is a second.
    SecondRegistrationZone { network: Id, zone: Id },
    /// A network has one DNS resolver at most.
    SecondResolver { network: Id, resolver: Id },
    /// A resolver's endpoint stands in a subnet of another network.
    SubnetOfOtherNetwork { subnet: Id },
    /// A resolver's endpoint stands in a subnet larger than a /24 or smaller than a /28.
    ResolverSubnetSize { subnet: Id },
    /// A forwarding rule's `domainName` is no dot-terminated name of 2 to 34 labels, nor `.`.
    RuleDomainInvalid { domain: SmolStr },
    /// A forwarding rule names 168.63.129.16, which Azure refuses.
    RuleTargetIsAzureDns,
    /// The service catalogue has no such ARM type.
    ResourceTypeUnknown { resource_type: SmolStr },
    /// `bypass` holds a word Azure does not know.
    BypassUnknown { word: SmolStr },
    /// An entry of `ipRules` is private, too small a range, or no range (`InvalidValuesForRequestParameters`).
    IpRuleInvalid { rule: SmolStr },
    /// A SQL server's firewall rule ends before it starts (40611).
    FirewallRuleBackwards,
    /// A SQL server keeps firewall rules while its public network access is off: Azure refuses to edit them (42101).
    FirewallRuleWhilePrivate,
    /// A virtual network rule names a subnet without the service endpoint
    /// (`SubnetsHaveNoServiceEndpointsConfigured`).
    SubnetWithoutServiceEndpoint { subnet: Id, service: SmolStr },
    /// A subnet names a service that has no service endpoints.
    ServiceEndpointUnknown { service: SmolStr },
    /// A subnet names one service twice.
    ServiceEndpointTwice { service: SmolStr },
    /// More service endpoint policies, or resources in one, than Azure takes.
    EndpointPolicyLimit { count: usize, limit: usize },
    /// A service endpoint policy of another region than the network.
    EndpointPolicyOtherRegion { policy: Id },
    /// A service endpoint policy restricts a service the subnet has no endpoint for.
    EndpointPolicyWithoutEndpoint { service: SmolStr },
    /// A private endpoint for `dfs` in a network without one for `blob` of the same account, which some of its
    /// operations are redirected to.
    DataLakeWithoutBlob { account: Id },
    /// More private endpoints than a network, or its peers together, can have; the last ones carry no traffic.
    PrivateEndpointLimit { count: usize, limit: usize },
    /// A rule forwards to an inbound endpoint of the very network the ruleset is linked to.
    RulesetLoop { rule: SmolStr, network: Id },
    /// A gateway stands in a subnet that is not called `GatewaySubnet`.
    GatewaySubnetName { subnet: Id },
    /// A network has one VPN and one ExpressRoute gateway at most.
    SecondGateway { network: Id, gateway: Id },
    /// A default route on the gateway's subnet cuts a VPN gateway off.
    GatewayDefaultRoute { subnet: Id },
    /// A network uses the gateways of one peer at most.
    SecondRemoteGateway { remote: Id },
    /// A network with a gateway of its own cannot use a peer's.
    RemoteGatewayBesideOwn { network: Id },
    /// The peer whose gateways a network uses has none.
    RemoteGatewayMissing { remote: Id },
    /// The peer does not let others use its gateways: `allowGatewayTransit` is off on its side.
    GatewayTransitNotAllowed { remote: Id },
    /// The pool of point-to-site clients has no address left, or the gateway has no pool.
    ClientPoolIsFull { gateway: Id },
    /// The gateway is of the other type than the connection.
    ConnectionTypeMismatch { gateway: Id },
    /// A connection does not say what it leads to.
    ConnectionWithoutPeer,
    /// Two gateways are connected in one direction only.
    ConnectionOneWay { gateway: Id },
    /// A circuit has no `AzurePrivatePeering`, which alone leads to virtual networks.
    PrivatePeeringMissing { circuit: Id },
    /// Both ends of a connection use the same addresses.
    ConnectionOverlap { range: Ipv4Net },
    /// Two connections of a gateway lead to different places with the same addresses.
    ConnectionOverlapsOther { range: Ipv4Net, connection: Id },
    /// NAT rules work on IPsec connections only.
    NatRuleNotAllowed,
    /// The gateway is too small for NAT rules.
    NatRuleSize { sku: SmolStr },
    /// A rule has no mapping on one side, or a static one ranges of different size.
    NatRuleMappings { rule: SmolStr },
}

/// One problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
    /// The resource it is marked on.
    pub subject: Id,
    /// The field, as a path below the resource, such as `subnet` or `ipConfigurations/0`; empty for the whole.
    pub field: SmolStr,
}

impl From<BalancerProblem> for ProblemCode {
    fn from(problem: BalancerProblem) -> Self {
        Self::Balancer(problem)
    }
}

impl From<LinkServiceProblem> for ProblemCode {
    fn from(problem: LinkServiceProblem) -> Self {
        Self::LinkService(problem)
    }
}
