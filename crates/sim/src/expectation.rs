//! Whether a request does what is expected of it.

use std::net::Ipv4Addr;

use serde::Serialize;
use topology::Id;
use topology::document::{Expectation, ExpectedOutcome, ExpectedPath};

use crate::network::Network;
use crate::session::Session;
use crate::trace::{Event, Outcome, PathKind, Place, Trace};
use crate::walk::send;

/// The first HTTP status that is a refusal.
const FIRST_REFUSAL: u16 = 400;
/// The one that is not: the path does not exist, and the network has done its part.
const NOT_FOUND: u16 = 404;

/// Something that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mismatch", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Mismatch {
    /// It was to be answered, and was not.
    NotAnswered,
    /// It was to be blocked, and was answered.
    NotBlocked,
    /// It took another way.
    Path {
        /// The way expected.
        expected: ExpectedPath,
        /// The way taken; absent when it did not arrive.
        found: Option<PathKind>,
    },
    /// It did not pass a resource.
    Via {
        /// The resource.
        expected: Id,
    },
    /// The server saw another address as the caller.
    Caller {
        /// The address expected.
        expected: Ipv4Addr,
        /// The address seen; absent when it did not arrive.
        found: Option<Ipv4Addr>,
    },
    /// The name has another address.
    Address {
        /// The address expected.
        expected: Ipv4Addr,
        /// The address found; absent when the name has none.
        found: Option<Ipv4Addr>,
    },
}

impl Mismatch {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnswered => "NotAnswered",
            Self::NotBlocked => "NotBlocked",
            Self::Path { .. } => "PathDiffers",
            Self::Via { .. } => "NotPassed",
            Self::Caller { .. } => "CallerDiffers",
            Self::Address { .. } => "AddressDiffers",
        }
    }
}

/// What became of one expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// What is not as expected; empty when the expectation holds.
    pub mismatches: Vec<Mismatch>,
    /// What happened.
    pub trace: Trace,
}

impl Evaluation {
    /// Whether everything is as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// Sends an expectation's request in a session of its own and compares.
#[must_use]
pub fn evaluate(network: &Network, expectation: &Expectation) -> Evaluation {
    let trace = send(network, &mut Session::new(), &expectation.request);
    Evaluation { mismatches: mismatches(&trace, expectation), trace }
}

/// What of a trace is not as expected, in the order of the expectation's fields.
#[must_use]
pub fn mismatches(trace: &Trace, expectation: &Expectation) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    match (expectation.outcome, trace.succeeded()) {
        (ExpectedOutcome::Reachable, false) => mismatches.push(Mismatch::NotAnswered),
        (ExpectedOutcome::Blocked, true) => mismatches.push(Mismatch::NotBlocked),
        (ExpectedOutcome::Reachable, true) | (ExpectedOutcome::Blocked, false) => {}
    }
    let found = trace.path();
    if let Some(expected) = expectation.path
        && found.map(PathKind::expected) != Some(expected)
    {
        mismatches.push(Mismatch::Path { expected, found });
    }
    if let Some(via) = &expectation.via
        && !trace.passes(via)
    {
        mismatches.push(Mismatch::Via { expected: via.clone() });
    }
    let found = trace.caller();
    if let Some(expected) = expectation.caller
        && found != Some(expected)
    {
        mismatches.push(Mismatch::Caller { expected, found });
    }
    let found = trace.resolved();
    if let Some(expected) = expectation.resolves_to
        && found != Some(expected)
    {
        mismatches.push(Mismatch::Address { expected, found });
    }
    mismatches
}

impl PathKind {
    /// The same way as an expectation names it.
    #[must_use]
    pub const fn expected(self) -> ExpectedPath {
        match self {
            Self::PrivateEndpoint => ExpectedPath::PrivateEndpoint,
            Self::Private => ExpectedPath::Private,
            Self::Public => ExpectedPath::Public,
            Self::ServiceEndpoint => ExpectedPath::ServiceEndpoint,
        }
    }
}

impl Trace {
    /// Whether the request was answered and not refused. A 404 counts: the network has done its part. A question for a
    /// name is answered by an address.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        match &self.outcome {
            Outcome::Answered { response, .. } => {
                let status = response.as_ref().map(|response| response.status);
                status.is_none_or(|status| status < FIRST_REFUSAL || status == NOT_FOUND)
            }
            Outcome::Resolved { .. } => true,
            Outcome::Dropped { .. } => false,
        }
    }

    /// The way an answered request took.
    #[must_use]
    pub const fn path(&self) -> Option<PathKind> {
        match self.outcome {
            Outcome::Answered { path, .. } => Some(path),
            Outcome::Resolved { .. } | Outcome::Dropped { .. } => None,
        }
    }

    /// The address the server saw as the caller.
    #[must_use]
    pub const fn caller(&self) -> Option<Ipv4Addr> {
        match self.outcome {
            Outcome::Answered { caller, .. } => Some(caller.address),
            Outcome::Resolved { .. } | Outcome::Dropped { .. } => None,
        }
    }

    /// The address the sender found for the name it asked for, or was given.
    #[must_use]
    pub fn resolved(&self) -> Option<Ipv4Addr> {
        let sender = Place::Resource(self.request.from.clone());
        let told = self.steps.iter().filter(|step| step.at == sender).find_map(|step| {
            #[expect(clippy::wildcard_enum_match_arm, reason = "the steps that tell the sender an address")]
            match &step.event {
                Event::AnswerReceived { address, .. } | Event::CachedAnswer { address, .. } => *address,
                Event::HostsFile { address, .. } => Some(*address),
                _ => None,
            }
        });
        told.or_else(|| self.request.to.trim().parse().ok())
    }

    /// Whether the request passed a resource.
    #[must_use]
    pub fn passes(&self, id: &Id) -> bool {
        let is_here = |place: &Place| matches!(place, Place::Resource(other) if other == id);
        self.steps.iter().any(|step| is_here(&step.at) || step.via.iter().any(is_here))
    }
}
