//! Why Azure does not carry a command out.

mod declaration;

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;

use self::declaration::{AsDetail as _, refusals};
pub use self::declaration::{Declaration, Detail};
use crate::Id;
use crate::problem::Problem;
use crate::resource::ConnectionStatus;

impl Refusal {
    /// Azure's own code; the name where Azure's is not known.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.declaration().code
    }

    /// That something does not exist.
    pub(crate) fn not_found(reference: &Id) -> Self {
        Self::NotFound { reference: SmolStr::new(reference.as_str()) }
    }
}

refusals! {
    /// The command names something that does not exist.
    NotFound = "ResourceNotFound" {
        /// What it names.
        reference: SmolStr,
    };
    /// Ids are unique in the whole document.
    AlreadyExists {
        /// The resource that has the id.
        id: Id,
    };
    /// A value is not what the field holds.
    InvalidValue = "InvalidRequestFormat" {
        /// The field, as a path below the resource.
        field: SmolStr,
        /// What is wrong with the value.
        reason: String,
    };
    /// A field would name something that is not there, or has another type.
    InvalidResourceReference from "ARM-ERR" {
        /// What it would name.
        reference: SmolStr,
        /// The resource.
        resource: Id,
        /// The field, as a path below it.
        field: SmolStr,
    };
    /// The field is fixed when the resource is created.
    PropertyChangeNotAllowed from "PE-MANAGE" {
        /// The resource.
        resource: Id,
        /// The field.
        field: SmolStr,
    };
    /// Something is not what Azure takes.
    NotTaken assumes "A89" {
        /// The resource.
        resource: Id,
        /// What is wrong with it.
        problem: Box<Problem>,
    };
    /// Everything already is as the command wants it.
    NothingToChange;

    /// Other resources need the resource that was to be deleted.
    InUse {
        /// The resource.
        resource: Id,
        /// Who needs it.
        dependents: Vec<Id>,
    };
    /// Resources stand in the subnet that was to be deleted.
    InUseSubnetCannotBeDeleted from "ARM-ERR" {
        /// The subnet.
        resource: Id,
        /// What stands in it.
        dependents: Vec<Id>,
    };
    /// The security group that was to be deleted is attached to something.
    InUseNetworkSecurityGroupCannotBeDeleted from "ARM-ERR" {
        /// The group.
        resource: Id,
        /// What it is attached to.
        dependents: Vec<Id>,
    };
    /// A zone with links cannot be deleted.
    NestedResourcesExist = "CannotDeleteResource" from "CLI-15010" {
        /// The zone.
        zone: Id,
        /// Its links.
        links: SmolStr,
    };
    /// A private link service stands on the load balancer that was to be deleted.
    CannotDeleteLoadBalancerWithPrivateLinkService from "AKS-TSG" {
        /// The load balancer.
        resource: Id,
        /// The private link services.
        dependents: Vec<Id>,
    };
    /// Private endpoints are connected to the service that was to be deleted.
    PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted from "AKS-TSG" {
        /// The service.
        service: Id,
        /// How many connections it has.
        count: usize,
        /// The endpoints.
        endpoints: Vec<Id>,
    };

    /// The range of a subnet that something stands in is fixed.
    InUseSubnetCannotBeUpdated from "OBS-ARM" {
        /// The subnet.
        resource: Id,
        /// What stands in it.
        dependents: Vec<Id>,
    };
    /// More than Azure takes of something.
    LimitExceeded from "PL-LIMITS" assumes "A89" {
        /// The resource.
        resource: Id,
        /// What there is too much of, in ARM's word.
        what: SmolStr,
        /// How many there would be.
        count: usize,
        /// How many it takes.
        limit: usize,
    };

    /// No virtual network can have addresses of this range.
    AddressSpaceForbidden from "OBS-RESERVED" assumes "A89" {
        /// The network.
        network: Id,
        /// Its range.
        prefix: Ipv4Net,
        /// The range that is kept.
        range: Ipv4Net,
    };
    /// A range is larger than a /2 or smaller than a /29.
    AddressPrefixLength from "OBS-RESERVED" assumes "A89" {
        /// The network or subnet.
        resource: Id,
        /// Its range.
        prefix: Ipv4Net,
    };
    /// Two ranges of one address space overlap.
    AddressPrefixesOverlap from "OBS-ARM" assumes "A89" {
        /// The network.
        network: Id,
        /// A range.
        prefix: Ipv4Net,
        /// The one before it.
        other: Ipv4Net,
    };
    /// A range of an address space that a subnet lies in cannot be taken away.
    InUsePrefixCannotBeDeleted from "OBS-ARM" {
        /// The network.
        network: Id,
        /// The subnet.
        subnet: Id,
        /// The subnet's range.
        prefix: Ipv4Net,
    };
    /// A subnet lies outside its network.
    NetcfgSubnetRangeOutsideVnet from "OBS-ARM" {
        /// The subnet.
        subnet: Id,
        /// The network.
        network: Id,
    };
    /// Two subnets of a network overlap.
    NetcfgSubnetRangesOverlap from "OBS-ARM" {
        /// The subnet.
        subnet: Id,
        /// The one it overlaps.
        other: Id,
        /// The network.
        network: Id,
    };
    /// A stated address lies outside its subnet.
    PrivateIPAddressNotInSubnet from "ARM-ERR" {
        /// The resource.
        resource: Id,
        /// The address.
        address: Ipv4Addr,
        /// The subnet.
        subnet: Id,
        /// Its range.
        prefix: Ipv4Net,
    };
    /// A stated address is one of the five Azure keeps.
    PrivateIPAddressInReservedRange from "OBS-RESERVED" {
        /// The resource.
        resource: Id,
        /// The address.
        address: Ipv4Addr,
        /// The subnet's range.
        prefix: Ipv4Net,
    };
    /// Something else has the address.
    PrivateIPAddressIsAllocated from "OBS-ARM" {
        /// The resource.
        resource: Id,
        /// The address.
        address: Ipv4Addr,
        /// Who has it.
        by: Id,
    };
    /// The subnet has no address left.
    SubnetIsFull from "OBS-FULL" {
        /// The subnet.
        subnet: Id,
        /// Its range.
        prefix: Ipv4Net,
        /// How many addresses are missing.
        count: usize,
    };

    /// A network cannot be peered with itself.
    PeeringWithItself from "PEER-MANAGE" assumes "A89" {
        /// The peering.
        peering: Id,
        /// The network.
        network: Id,
    };
    /// The network already has a peering with this remote network.
    AnotherPeeringAlreadyReferencesRemoteVnet from "AKS-ENGINE-CODES" {
        /// The peering.
        peering: Id,
        /// The one there is.
        other: Id,
        /// The remote network.
        remote: Id,
    };
    /// The address spaces of the two networks overlap.
    VnetAddressSpacesOverlap from "AKS-ENGINE-CODES" {
        /// The peering.
        peering: Id,
        /// One network.
        first: Id,
        /// The other.
        second: Id,
        /// The ranges of the first that overlap.
        prefixes: Vec<Ipv4Net>,
    };
    /// The address space of one network overlaps one that the other is peered with.
    VnetAddressSpaceOverlapsWithAlreadyPeeredVnet from "ISS-RM731" {
        /// The peering.
        peering: Id,
        /// The network whose ranges overlap.
        first: Id,
        /// The one it is to be peered with.
        second: Id,
        /// The one that is peered with the second.
        third: Id,
        /// The ranges of the first that overlap.
        prefixes: Vec<Ipv4Net>,
    };

    /// The network already has a link to this zone.
    AlreadyLinked from "VNET-LINKS" assumes "A89" {
        /// The zone.
        zone: Id,
        /// The network.
        network: Id,
    };
    /// The network is linked to another zone of the same name.
    OverlappingNamespaces = "BadRequest" from "OBS-OVERLAP" {
        /// The network.
        network: Id,
        /// The zone it is linked to.
        linked: Id,
        /// The zone it was to be linked to.
        zone: Id,
    };
    /// The network registers its machines in another zone.
    SecondRegistrationZone = "Conflict" from "VNET-LINKS" {
        /// The network.
        network: Id,
        /// The zone it registers in.
        registered: Id,
    };
    /// A private zone's name has 2 to 34 labels.
    ZoneNameLabels from "PRIV-ZONE" assumes "A89" {
        /// The zone.
        zone: Id,
        /// How many labels its name has.
        count: usize,
    };
    /// A forwarding rule cannot name 168.63.129.16.
    RuleTargetIsAzureDns = "BadRequest" from "PR-RULES" {
        /// The ruleset.
        ruleset: Id,
        /// The rule.
        rule: SmolStr,
    };
    /// A network has one DNS resolver at most.
    SecondResolver from "PR-OV" assumes "A89" {
        /// The resolver.
        resolver: Id,
        /// The network.
        network: Id,
        /// The resolver it has.
        other: Id,
    };
    /// A security rule's priority lies outside 100 to 4096.
    SecurityRuleInvalidPriority from "NSG-OV" {
        /// The security group.
        group: Id,
        /// The rule.
        rule: SmolStr,
        /// Its priority.
        priority: usize,
    };
    /// Two rules of one direction have the same priority.
    SecurityRuleConflict from "NSG-OV" {
        /// The security group.
        group: Id,
        /// The rule.
        rule: SmolStr,
        /// The one before it.
        other: SmolStr,
        /// Their priority.
        priority: usize,
    };

    /// The target is no private link service the consumer can see.
    NotVisible = "InvalidPrivateLinkServiceId" from "PLS-OV" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target, as the consumer named it.
        target: SmolStr,
        /// The consumer's subscription.
        subscription: Id,
    };
    /// No private link service has this alias.
    InvalidPrivateLinkServiceId from "OBS-PECODES" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target, as the consumer named it.
        target: SmolStr,
    };
    /// A target named by alias is asked for with a manual request.
    AliasNeedsManualRequest from "PE-OV" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
    };
    /// The consumer may not approve connections to the target itself.
    LinkedAuthorizationFailed from "OBS-ARM" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
    };
    /// An endpoint has exactly one connection.
    OneConnectionPerPrivateEndpoint from "PE-OV" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// How many it would have.
        count: usize,
    };
    /// A platform service is connected to by a group id.
    MissingGroupId from "OBS-PLSERR" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
    };
    /// A private link service takes no group id.
    GroupIdNotEmpty = "GroupIdInvalid" from "PE-OV" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
        /// The group id.
        group: SmolStr,
    };
    /// The target's type has no such group id.
    GroupIdInvalid from "OBS-PECODES" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
        /// The group id.
        group: SmolStr,
        /// Those it has.
        known: SmolStr,
    };
    /// An endpoint is for one group id.
    OneGroupIdPerPrivateEndpoint from "PE-OV" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// How many it would have.
        count: usize,
    };
    /// The consumer cannot choose the addresses of an endpoint to this target.
    StaticAddressesNotSupported from "PE-MANAGE" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The target.
        target: Id,
    };
    /// Static addresses name each member of the group id once.
    RequiredMembers from "PE-MANAGE" assumes "A89" {
        /// The private endpoint.
        endpoint: Id,
        /// The group id.
        group: SmolStr,
        /// Its members.
        required: SmolStr,
    };
    /// The target's type has no recommended zone.
    NoRecommendedZone from "PE-DNS" {
        /// The private endpoint.
        endpoint: Id,
    };
    /// The firewall rules of a SQL server are fixed while its public address is closed.
    FirewallRulesFrozen = "42101" from "SQL-CONN" {
        /// The server.
        service: Id,
    };
    /// A rejected connection cannot be approved.
    RejectedIsFinal = "BadRequest" from "PE-MANAGE" assumes "A17" {
        /// The private endpoint.
        endpoint: Id,
    };
    /// A disconnected endpoint can only be deleted.
    DisconnectedIsFinal from "PE-MANAGE" {
        /// The private endpoint.
        endpoint: Id,
    };
    /// The target's type rejects only connections that are Pending.
    ConnectionNotPending = "BadRequest" from "ISS-71740" {
        /// The private endpoint.
        endpoint: Id,
        /// Where its connection stands.
        status: ConnectionStatus,
    };
    /// No connection becomes Pending again.
    CannotBecomePending from "PE-MANAGE" {
        /// The private endpoint.
        endpoint: Id,
        /// Where its connection stands.
        status: ConnectionStatus,
    };

    /// The subnet's policies keep the NAT IPs of a private link service out.
    PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled from "OBS-PLSERR" {
        /// The service.
        service: Id,
        /// The subnet.
        subnet: Id,
    };
    /// A private link service stands in the subnet, so its policies stay disabled.
    PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet from "OBS-HIVE" {
        /// The subnet.
        subnet: Id,
        /// The service.
        service: Id,
    };
    /// A private link service needs a Standard load balancer.
    PrivateLinkServiceIsNotSupportedForBasicLoadBalancer from "PLS-OV" assumes "A89" {
        /// The service.
        service: Id,
        /// The load balancer.
        balancer: Id,
    };
    /// A private link service needs a pool of network interfaces.
    PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer from "ISS-75134" {
        /// The load balancer.
        balancer: Id,
    };
    /// A private link service keeps at least one NAT IP.
    LastNatIp from "PLS-OV" assumes "D4" {
        /// The service.
        service: Id,
    };
}
