//! Why a request does not do what is expected of it, and the smallest edits after which it does.
//!
//! Rules read the trace and the document and name a root cause with the edits it suggests; nothing is searched
//! blindly. An edit becomes a [`Proposal`] only when it has been tried: applied to a copy of the document, compiled,
//! the request sent again, and every saved expectation that held before still holds.

mod balancing;
mod blocked;
mod case;
mod cause;
mod edit;
mod endpoints;
mod firewall;
mod names;
mod ports;
mod prove;
mod refusal;
mod remedy;
mod routes;
mod security;

use serde::Serialize;
use topology::Document;
use topology::document::Expectation;

pub use self::cause::{NAMED, RootCause};
pub use self::refusal::diagnose_refusal;
pub use self::remedy::Remedy;

use self::case::Case;
use crate::expectation::mismatches;
use crate::network::Network;
use crate::trace::{Outcome, Trace};

/// The answer to “why does this not work, and what helps?”.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The root cause.
    pub cause: RootCause,
    /// The steps of the trace that show it, by position, in order. Empty for a refused command.
    pub evidence: Vec<usize>,
    /// What helps: proved, the fewest edits first. Empty when nothing of one or two edits does.
    pub proposals: Vec<Proposal>,
}

/// Edits after which the request does what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// What to do, in order: one or two steps.
    pub remedies: Vec<Remedy>,
}

/// What a rule reads out of a trace.
struct Finding {
    cause: RootCause,
    evidence: Vec<usize>,
    /// What could help, each on its own; the most fitting first.
    remedies: Vec<Vec<Remedy>>,
}

impl Finding {
    fn new(cause: RootCause, evidence: Vec<usize>, remedies: Vec<Vec<Remedy>>) -> Self {
        Self { cause, evidence, remedies }
    }
}

/// A rule of diagnosis. `None` when the trace does not show what it is about.
type Rule = fn(&Case<'_>) -> Option<Finding>;

/// In the order tried: what lies in the question and the session, then along the way of a request.
const RULES: [&[Rule]; 7] =
    [endpoints::RULES, balancing::RULES, firewall::RULES, security::RULES, routes::RULES, ports::RULES, blocked::RULES];

/// Diagnoses a trace. The first saved expectation of the same request says what is expected of it; without one, that it
/// is answered. `None` when it does what is expected.
#[must_use]
pub fn diagnose(document: &Document, network: &Network, trace: &Trace) -> Option<Diagnosis> {
    let saved = document.expectations.iter().find(|expectation| expectation.request == trace.request);
    let expectation = saved.cloned().unwrap_or_else(|| Expectation::answered(trace.request.clone()));
    diagnose_expectation(document, network, &expectation, trace)
}

/// Diagnoses a trace of an expectation's request against that expectation. `None` when it holds.
#[must_use]
pub fn diagnose_expectation(
    document: &Document,
    network: &Network,
    expectation: &Expectation,
    trace: &Trace,
) -> Option<Diagnosis> {
    if mismatches(trace, expectation).is_empty() {
        return None;
    }
    let case = Case { document, network, expectation, trace };
    let finding = find(&case).unwrap_or_else(|| Finding::new(unexplained(&case), last_step(trace), Vec::new()));
    let proposals = prove::proposals(&case, &finding);
    Some(Diagnosis { cause: finding.cause, evidence: finding.evidence, proposals })
}

/// The first rule that reads a cause out of the trace.
fn find(case: &Case<'_>) -> Option<Finding> {
    names::RULES.iter().chain(&RULES).copied().flatten().find_map(|rule| rule(case))
}

fn last_step(trace: &Trace) -> Vec<usize> {
    trace.steps.len().checked_sub(1).into_iter().collect()
}

/// What no rule explains: the cause the trace itself ends with, or the first thing that is not as expected.
fn unexplained(case: &Case<'_>) -> RootCause {
    match &case.trace.outcome {
        Outcome::Dropped { cause, at } => RootCause::Dropped { cause: cause.clone(), at: at.clone() },
        Outcome::Answered { .. } | Outcome::Resolved { .. } => RootCause::NotAsExpected {
            mismatch: mismatches(case.trace, case.expectation).swap_remove(0),
            from: case.trace.request.from.clone(),
        },
    }
}
