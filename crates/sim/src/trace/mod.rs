//! What happened to a request: ordered, typed steps with exactly one outcome.
//!
//! Nothing here is prose. A step carries codes and values; the narration room turns them into sentences.

mod cause;
mod event;
mod firewall;
mod route;
mod tunnel;

use std::net::Ipv4Addr;

use serde::Serialize;
use smol_str::SmolStr;
use topology::Id;
use topology::document::Request;
use wire::packet::{Packet, Socket};

pub use self::cause::DropCause;
pub use self::event::Event;
pub use self::firewall::FirewallVerdict;
pub use self::route::{NextHopType, OutsideHop, ReplyReason, Route, RouteSource, RouteState};
pub use self::tunnel::TunnelKind;
pub use crate::balancing::Exit;
pub use crate::forwarding::{Forwarding, ServerFailure, Silence};

/// The whole answer to one request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// What was asked.
    pub request: Request,
    /// What happened, in order. Never empty.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Where on the diagram a step happens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Place {
    /// At a resource: a virtual machine, private endpoint, load balancer, zone, …
    Resource(Id),
    /// At the Azure-provided resolver 168.63.129.16 as seen from this virtual network.
    AzureDns(Id),
    /// In the public DNS.
    PublicDns,
    /// On the Internet edge: public addresses on the way to or from a virtual network.
    Internet,
}

/// The part of the conversation a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// Finding the address of a name.
    Resolve,
    /// Opening the connection, towards the target.
    Connect,
    /// Opening the connection, back to the sender.
    Accept,
    /// The application's request, towards the target.
    Request,
    /// The application's response, back to the sender.
    Response,
}

/// One decision at one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The part of the conversation.
    pub phase: Phase,
    /// Where it happens.
    pub at: Place,
    /// The places the packet passed since the previous step without a decision of interest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Place>,
    /// What was decided, with the values it was decided on.
    pub event: Event,
    /// The packet as it arrived here; absent where no packet is involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Packet>,
    /// The packet as it leaves; absent when it ends here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Packet>,
    /// Which header fields this step rewrote, and the document field each new value comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rewrites: Vec<Rewrite>,
    /// Source keys of the rules applied, as in the fact sheet: `PE-OV`, `PLS-OV`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<&'static str>,
    /// Assumptions and disputes this step rests on, by register id: `A8`, `D1`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<&'static str>,
}

/// A header field that can be rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Field {
    /// IPv4 source address.
    SourceAddress,
    /// TCP or UDP source port.
    SourcePort,
    /// IPv4 destination address.
    DestinationAddress,
    /// TCP or UDP destination port.
    DestinationPort,
}

/// One rewritten header field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rewrite {
    /// Which field.
    pub field: Field,
    /// The document field (a JSON path such as `privateLinkServices/pls-iis/ipConfigurations/0`) or the
    /// session table (`natBindings/1`) the new value comes from.
    pub origin: SmolStr,
}

/// An application response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Response {
    /// HTTP status. For a login, the number of the error it is answered with; 0 when it succeeds.
    pub status: u16,
    /// The service's own error code, such as `AuthorizationFailure`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<SmolStr>,
    /// The body as sent.
    pub body: String,
}

/// Which way the request took to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum PathKind {
    /// Through a private endpoint.
    PrivateEndpoint,
    /// To an address of the virtual network or its peers.
    Private,
    /// To a public address.
    Public,
    /// To a public address by a service endpoint: the service sees the private address and the subnet.
    ServiceEndpoint,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Outcome {
    /// The target answered. The answer may still be a refusal of its own, such as 403.
    Answered {
        /// Which way the request took.
        path: PathKind,
        /// The address the server saw.
        caller: Socket,
        /// What it said; absent for a bare TCP connection.
        response: Option<Response>,
    },
    /// The name has an address: all a DNS request asks for.
    Resolved {
        /// The first address of the answer.
        address: Ipv4Addr,
    },
    /// The request did not get an answer.
    Dropped {
        /// Why.
        cause: DropCause,
        /// Where.
        at: Place,
    },
}

impl Trace {
    /// The canonical bytes of the trace: compact JSON, the same on every platform.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a trace holds only strings, numbers and lists")
    }
}
