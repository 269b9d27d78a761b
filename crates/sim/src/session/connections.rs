//! Connections that stay open, and what becomes of them while nobody sends.

use topology::Id;
use topology::document::Request;
use wire::packet::{Packet, Socket};

use super::flows::FlowKey;
use super::snat::SnatKey;
use crate::trace::{PathKind, Place};
use crate::walk::Hop;

/// A connection a client keeps.
#[derive(Clone, Debug)]
pub struct OpenConnection {
    /// Its number, from 1 in every session.
    pub number: u32,
    /// What opened it.
    pub request: Request,
    /// Seconds between the client's TCP keepalives, if it sends any.
    pub keepalive_s: Option<u64>,
    /// When it was opened, in seconds of session time.
    pub opened_s: u64,
    /// When anything last passed, in seconds of session time.
    pub last_used_s: u64,
    /// What has ended it, as far as the client knows.
    pub reset: Option<ConnectionReset>,
    pub(crate) kept: Kept,
}

/// An RST that both ends of an idle connection got [LB-TCPRST].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionReset {
    /// The load balancer that sent it.
    pub balancer: Id,
    /// When, in seconds of session time.
    pub at_s: u64,
}

impl OpenConnection {
    /// The client's socket, and what it is connected to.
    #[must_use]
    pub const fn ends(&self) -> (Socket, Socket) {
        (self.kept.sent.source, self.kept.sent.destination)
    }

    /// The machine it leads to, where it leads to one, with its own socket and the client's as it sees it.
    #[must_use]
    pub const fn server(&self) -> Option<(&Id, Socket, Socket)> {
        match &self.kept.server {
            KeptServer::Guest(machine) => Some((machine, self.kept.arrived.destination, self.kept.arrived.source)),
            KeptServer::Platform { .. } => None,
        }
    }

    /// The address and port the server sees.
    #[must_use]
    pub const fn caller(&self) -> Socket {
        self.kept.arrived.source
    }

    pub(crate) fn memories(&self) -> impl Iterator<Item = &Memory> {
        self.kept.memories.iter().map(|(_, memory)| memory)
    }
}

/// What a connection passed when it was opened. Ids, not indices: it outlives an edit of the document.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) kind: PathKind,
    pub(crate) sent: Packet,
    pub(crate) arrived: Packet,
    pub(crate) hops: Vec<Hop>,
    /// What places remember of it, each with its hop's position.
    pub(crate) memories: Vec<(usize, Memory)>,
    pub(crate) server: KeptServer,
    /// What it passes on the way back, in order.
    pub(crate) back: Vec<Place>,
    pub(crate) header: Option<(Id, wire::proxy_v2::Header)>,
}

/// Who answers.
#[derive(Clone, Debug)]
pub(crate) enum KeptServer {
    Guest(Id),
    Platform { platform: Id, sub_resource: usize, private: bool, identity: Option<Id> },
}

/// What a place on the way remembers of a flow, and has to remember for the flow to go on.
#[derive(Clone, Debug)]
pub(crate) enum Memory {
    /// The approval of a private endpoint's connection.
    Approval(Id),
    /// A row of a private link service's translation table.
    Binding { service: Id, nat: Socket, number: u32 },
    /// A flow of a load balancer.
    Flow(FlowKey),
    /// A port of a public address.
    Lease(SnatKey),
}
