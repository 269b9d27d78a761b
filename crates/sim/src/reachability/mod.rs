//! Who reaches what: every source against every target.
//!
//! Sources that nothing in the document tells apart share the work: one of them asks for all ([`classes`]).

mod classes;
mod difference;
mod targets;

use std::net::Ipv4Addr;

use serde::Serialize;
use topology::document::Request;
use topology::resource::Extra;
use topology::{Document, Id};

pub use self::difference::Change;
pub use self::targets::{Target, sources, targets};

use crate::network::Network;
use crate::session::Session;
use crate::trace::{Event, NextHopType, Outcome, PathKind, Trace};
use crate::walk::send;

/// What became of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome")]
pub enum Cell {
    /// It was answered, and not refused.
    Reached {
        /// The way it took; absent for a question for a name, which takes none.
        path: Option<PathKind>,
    },
    /// It was answered with a refusal.
    Refused {
        /// The way it took.
        path: PathKind,
        /// HTTP status.
        status: u16,
    },
    /// It was dropped.
    Dropped {
        /// The stable code of the cause.
        cause: &'static str,
    },
}

impl Cell {
    /// What a trace comes to.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        match &trace.outcome {
            Outcome::Answered { path, response, .. } => match response.as_ref().filter(|_| !trace.succeeded()) {
                Some(response) => Self::Refused { path: *path, status: response.status },
                None => Self::Reached { path: Some(*path) },
            },
            Outcome::Resolved { .. } => Self::Reached { path: None },
            Outcome::Dropped { cause, .. } => Self::Dropped { cause: cause.code() },
        }
    }

    /// Whether the target answered without refusing.
    #[must_use]
    pub const fn is_reached(&self) -> bool {
        matches!(self, Self::Reached { .. })
    }

    /// The way to a target that answered.
    #[must_use]
    pub const fn path(&self) -> Option<PathKind> {
        match self {
            Self::Reached { path } => *path,
            Self::Refused { path, .. } => Some(*path),
            Self::Dropped { .. } => None,
        }
    }
}

/// Every source against every target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    sources: Vec<Id>,
    targets: Vec<Target>,
    /// Row by row.
    cells: Vec<Cell>,
}

impl Matrix {
    /// Sends what every source can ask of every target, each in a session of its own.
    #[must_use]
    pub fn of(document: &Document, network: &Network, sources: Vec<Id>, targets: Vec<Target>) -> Self {
        let mut cells = vec![Cell::Dropped { cause: "SenderWithoutInterface" }; sources.len() * targets.len()];
        for class in classes::of(document, network, &sources) {
            let (first, others) = class.split_first().expect("a class has a member");
            for (column, target) in targets.iter().enumerate() {
                let answer = ask(network, &sources[*first], target);
                cells[first * targets.len() + column] = answer.cell;
                for row in others {
                    let source = &sources[*row];
                    let is_shared = !answer.is_chosen && answer.destination != network.address_of(source);
                    cells[row * targets.len() + column] =
                        if is_shared { answer.cell } else { ask(network, source, target).cell };
                }
            }
        }
        Self { sources, targets, cells }
    }

    /// Every machine against everything that listens.
    #[must_use]
    pub fn of_all(document: &Document, network: &Network) -> Self {
        Self::of(document, network, sources(document, network), targets(document, network))
    }

    /// The rows.
    #[must_use]
    pub fn sources(&self) -> &[Id] {
        &self.sources
    }

    /// The columns.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The row of a source, by its position.
    #[must_use]
    pub fn row(&self, source: usize) -> &[Cell] {
        let width = self.targets.len();
        self.cells.get(source * width..(source + 1) * width).unwrap_or_default()
    }

    /// Every source and target and what became of it, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (&Id, &Target, Cell)> {
        let pairs = self.sources.iter().flat_map(|source| self.targets.iter().map(move |target| (source, target)));
        pairs.zip(&self.cells).map(|((source, target), cell)| (source, target, *cell))
    }
}

impl Target {
    /// What a source asks of it.
    #[must_use]
    pub fn request(&self, from: &Id) -> Request {
        Request {
            from: from.clone(),
            protocol: self.protocol,
            to: self.to.clone(),
            port: (self.port != self.protocol.default_port()).then_some(self.port),
            path: None,
            insecure: false,
            extra: Extra::new(),
        }
    }
}

struct Answer {
    cell: Cell,
    /// The address asked.
    destination: Option<Ipv4Addr>,
    /// Whether something on the way depends on who asks in a way no range shows: a load balancer chooses by a hash, and
    /// an appliance may see one half of a connection only.
    is_chosen: bool,
}

fn ask(network: &Network, source: &Id, target: &Target) -> Answer {
    let trace = send(network, &mut Session::new(), &target.request(source));
    let is_chosen = trace.steps.iter().any(|step| {
        matches!(&step.event, Event::Balanced { healthy: 2.., .. } | Event::NextHopBalanced { healthy: 2.., .. })
            || matches!(&step.event, Event::RouteSelected { route, .. }
                if route.next_hop_type == NextHopType::VirtualAppliance)
    });
    Answer { cell: Cell::of(&trace), destination: trace.resolved(), is_chosen }
}
