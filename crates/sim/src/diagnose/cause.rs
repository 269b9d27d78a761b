//! Root causes. The codes are stable; `docs/diagnoses.md` lists them.

use std::net::Ipv4Addr;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use smol_str::SmolStr;
use topology::Id;
use topology::command::{Detail, Refusal};
use topology::resource::{ConnectionStatus, PrivateEndpointNetworkPolicies};
use wire::DomainName;

use crate::expectation::Mismatch;
use crate::trace::{DropCause, Place};

trait AsDetail {
    fn as_detail(&self) -> Detail;
}

impl AsDetail for Id {
    fn as_detail(&self) -> Detail {
        Detail::Resource(self.clone())
    }
}

macro_rules! shown_as_code {
    ($($type:ty),*) => {$(
        impl AsDetail for $type {
            fn as_detail(&self) -> Detail {
                Detail::Code(self.to_string())
            }
        }
    )*};
}

shown_as_code!(u16, u64, usize, SmolStr, DomainName, Ipv4Addr, ConnectionStatus, PrivateEndpointNetworkPolicies);

/// Declares the root causes: `"code" Name at the field it is marked on { the values its sentence speaks of }`.
macro_rules! causes {
    ($($(#[$doc:meta])* $code:literal $name:ident at $place:ident { $($field:ident: $type:ty),* })*) => {
        /// Why a request does not do what is expected of it, or a command is refused.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
        pub enum RootCause {
            $($(#[$doc])* $name { $($field: $type),* },)*
            /// What the trace itself ends with.
            Dropped { cause: DropCause, at: Place },
            /// Something else is not as expected.
            NotAsExpected { mismatch: Mismatch, from: Id },
            /// A command is refused for the reason it states itself.
            Refused { refusal: Refusal },
        }

        impl RootCause {
            /// The stable code: `M1` to `M42` for the misconfigurations met most often, otherwise the code of the
            /// cause, mismatch or refusal itself.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                    Self::Dropped { cause, .. } => cause.code(),
                    Self::NotAsExpected { mismatch, .. } => mismatch.code(),
                    Self::Refused { refusal } => refusal.code(),
                }
            }

            /// The key of its sentence: a code may be reached in several ways.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)*
                    Self::Dropped { cause, .. } => cause.code(),
                    Self::NotAsExpected { mismatch, .. } => mismatch.code(),
                    Self::Refused { refusal } => refusal.code(),
                }
            }

            /// The resource it is marked on: where the fault lies.
            #[must_use]
            pub const fn place(&self) -> Option<&Id> {
                match self {
                    $(Self::$name { $place, .. } => Some($place),)*
                    Self::Dropped { at: Place::Resource(id) | Place::AzureDns(id), .. } => Some(id),
                    Self::NotAsExpected { from, .. } => Some(from),
                    Self::Dropped { at: Place::PublicDns | Place::Internet, .. } | Self::Refused { .. } => None,
                }
            }

            /// The values its sentence speaks of, by name.
            #[must_use]
            pub fn details(&self) -> Vec<(&'static str, Detail)> {
                match self {
                    $(Self::$name { $($field),* } => vec![$((stringify!($field), $field.as_detail())),*],)*
                    Self::Dropped { .. } | Self::NotAsExpected { .. } | Self::Refused { .. } => Vec::new(),
                }
            }
        }

        /// The names of the causes that have a sentence of their own, with their codes.
        pub const NAMED: &[(&str, &str)] = &[$((stringify!($name), $code)),*];
    };
}

causes! {
    /// The zone that holds the name is not linked to the sender's network.
    "M1" ZoneNotLinked at zone { zone: Id, network: Id, name: DomainName }
    /// It is not linked to the network the question is asked from: the DNS server's, not the client's.
    "M2" ZoneNotLinkedToServer at zone { zone: Id, network: Id, server: Id, name: DomainName }
    /// A DNS server resolves names without Azure DNS, so it never sees a private zone.
    "M3" ServerAvoidsAzure at server { server: Id, name: DomainName }
    /// A site's DNS server forwards nothing to Azure.
    "M4" NoForwarderToAzure at server { server: Id, name: DomainName }
    /// A site's DNS server forwards the private zone's names, for which it is never asked.
    "M5" ForwardsPrivateNames at server { server: Id, zone: DomainName }
    /// A site's DNS server forwards to 168.63.129.16, which answers only inside a virtual network.
    "M6" ForwardsToAzureFromOutside at server { server: Id }
    /// The linked zone is the authority for another organisation's account, and does not hold it.
    "M7" ForeignName at zone { zone: Id, link: SmolStr, name: DomainName }
    /// No zone holds the private endpoint's name.
    "M8" RecordMissing at endpoint { zone: Id, endpoint: Id, name: DomainName }
    /// The record stands in another zone of the same name than the linked one.
    "M9" RecordInOtherZone at zone { zone: Id, linked: Id, name: DomainName }
    /// The network is linked to another zone of the same name already.
    "M10" OverlappingNamespaces at zone { zone: Id, linked: Id, network: Id }
    /// The record an endpoint's zone group wrote is gone: another endpoint's deletion took it.
    "M11" RecordGone at endpoint { zone: Id, endpoint: Id, name: DomainName }
    /// Another endpoint of the same resource has written its own address into the record.
    "M12" RecordOverwritten at zone { zone: Id, other: Id, name: DomainName }
    /// The client asks by the name in the private zone, which no certificate covers.
    "M13" PrivateName at client { client: Id, host: SmolStr, public: DomainName }
    /// A private zone bears the public name of a whole service.
    "M14" ZoneOfPublicName at zone { zone: Id, link: SmolStr, name: DomainName }
    /// The connection waits for its owner.
    "M15" ConnectionPending at endpoint { endpoint: Id }
    /// The connection was rejected or removed, which is final.
    "M16" ConnectionRejected at endpoint { endpoint: Id, status: ConnectionStatus }
    /// No zone answers for the private endpoint, and the public address refuses.
    "M17" PublicAddressRefuses at endpoint { endpoint: Id, service: Id, name: DomainName }
    /// The account has a private endpoint, but for another sub-resource.
    "M18" OtherSubResource at service { service: Id, group: SmolStr, endpoint: Id }
    /// The public address answers although a private endpoint exists.
    "M19" PublicAccessOpen at service { service: Id }
    /// Only routes shorter than the endpoint's network lead through the appliance: they never catch an endpoint.
    "M20" RouteTooShort at table { table: Id, route: SmolStr, endpoint: Id }
    /// A route that would lead through the appliance does not count, because the endpoint's subnet says so.
    "M21" RouteNotApplied at subnet { subnet: Id, table: Id, route: SmolStr, policies: PrivateEndpointNetworkPolicies }
    /// A stateful appliance sees one half of the connection only.
    "M22" AsymmetricReturn at appliance { appliance: Id }
    /// A security group of the private endpoint's subnet denies, and does not apply there.
    "M23" SecurityNotApplied at subnet { subnet: Id, group: Id, rule: SmolStr, policies: PrivateEndpointNetworkPolicies }
    /// The target stands in a network that the sender's is not peered with.
    "M24" NotPeered at target { target: Id, network: Id, remote: Id }
    /// The subnet's policies keep the NAT IPs of a private link service out.
    "M25" NatSubnetPolicies at subnet { service: Id, subnet: Id }
    /// A private link service needs a Standard load balancer.
    "M26" BalancerNotStandard at balancer { service: Id, balancer: Id }
    /// A private link service needs a pool of network interfaces, not of addresses.
    "M26" PoolByAddress at balancer { balancer: Id }
    /// The listeners do not understand the PROXY header that the private link service writes.
    "M27" HeaderNotUnderstood at service { service: Id }
    /// The listeners wait for a PROXY header that the private link service does not write.
    "M27" HeaderMissing at service { service: Id }
    /// A place on the way has forgotten an idle connection.
    "M28" IdleTooLong at place { place: Id, idle_s: u64 }
    /// Private endpoints are connected to the service that was to be deleted.
    "M29" ServiceInUse at service { service: Id }
    /// The consumer's subscription is not among those that see the service.
    "M30" ServiceNotVisible at subscription { endpoint: Id, target: SmolStr, subscription: Id }
    /// Security groups deny the health probes.
    "M31" ProbeDenied at group { group: Id, rule: SmolStr, interface: Id }
    /// A Standard public address takes nothing in, because no security group allows it.
    "M31" ClosedByDefault at subnet { interface: Id, subnet: Id }
    /// A member of a pool reached itself through its own frontend.
    "M32" Hairpin at machine { machine: Id, balancer: Id }
    /// A network would be peered with one whose peers overlap it.
    "M33" PeeringOverlap at second { first: Id, second: Id, third: Id }
    /// By its service endpoint the sender comes with a private address and its subnet; only public addresses are admitted.
    "M34" SubnetNotAdmitted at service { service: Id, subnet: Id }
    /// Other subnets reach the service by their service endpoints; the sender's has none.
    "M35" NoServiceEndpoint at subnet { service: Id, subnet: Id }
    /// An IP rule names the sender's address, and has no effect within the service's own region.
    "M36" SameRegionRule at service { service: Id, subnet: Id }
    /// A ruleset sends questions back to the network they come from.
    "M37" RulesetLoop at ruleset { ruleset: Id, link: SmolStr, rule: SmolStr }
    /// A SQL server redirects its client to a port that is not let through.
    "M38" RedirectBlocked at service { service: Id, port: u16 }
    /// An app asks outside the network whose zones and endpoints it is meant to use.
    "M39" AppOutsideNetwork at app { app: Id, service: Id, endpoint: Id }
    /// An empty zone was linked that is the authority for names everybody shares.
    "M40" SharedName at zone { zone: Id, link: SmolStr, name: DomainName }
    /// The network has as many private endpoints as it takes.
    "M41" TooManyEndpoints at network { network: Id, limit: usize }
    /// The client still asks the DNS servers of its lease.
    "M42" LeaseOutdated at client { client: Id }
    /// The client, or a DNS server, remembers an answer that is no longer right.
    "M42" StaleAnswer at client { client: Id, name: DomainName }
    /// The firewall of the service names neither the sender's address nor its subnet.
    "CallerNotAdmitted" CallerNotAdmitted at service { service: Id }
    /// A record leads to an address nothing has any more.
    "StaleRecord" StaleRecord at zone { zone: Id, name: DomainName, address: Ipv4Addr }
}

/// `{"code": "M1", "place": "zone-blob"}`.
impl Serialize for RootCause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("RootCause", 2)?;
        fields.serialize_field("code", self.code())?;
        fields.serialize_field("place", &self.place())?;
        fields.end()
    }
}
