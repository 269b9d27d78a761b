//! Why a question for a name goes from one DNS server to the next, or no further.

use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use wire::DomainName;

/// Why a question was sent on, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum Forwarding {
    /// A server-level forwarder; `position` counts from 1.
    Forwarder { position: u32 },
    /// The conditional forwarder of the longest suffix.
    ConditionalForwarder { suffix: DomainName, position: u32 },
    /// The server resolves from the root itself.
    RootHints,
    /// The rule of the longest domain in a ruleset linked to the asking network.
    Rule { ruleset: Id, link: SmolStr, rule: SmolStr, domain: SmolStr, position: u32 },
}

/// Why a server that was asked says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Silence {
    /// No route contains its address.
    NoRoute,
    /// The route says `None`.
    RouteNone,
    /// The subnet has no way out to the Internet.
    NoOutboundAccess,
    /// Nothing has the address.
    AddressUnused,
    /// What has the address is no DNS server, or not on this port.
    NotADnsServer,
    /// The question does not get past an appliance, or out of a peering, on its way.
    LostOnTheWay,
    /// A security group denies the question on its way.
    DeniedBySecurityGroup,
    /// The tunnel towards it is down, or leads elsewhere.
    NoTunnel,
    /// 168.63.129.16 answers inside virtual networks only [WIRE-IP].
    AzureDnsOutside,
}

/// Why a DNS server answers SERVFAIL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ServerFailure {
    /// The same question came back to it.
    Loop,
    /// None of the servers it sends this name to answers.
    Unreachable,
    /// It has nobody to ask: no forwarder, and root hints are off.
    NobodyToAsk,
    /// The alias chain never ends.
    AliasLoop,
}
