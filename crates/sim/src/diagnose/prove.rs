//! Proposals are tried before they are made.

use topology::Document;
use topology::command::plan;
use topology::document::Expectation;

use super::balancing::idle_of;
use super::case::Case;
use super::{Finding, Proposal, Remedy, find};
use crate::compile::compile;
use crate::expectation::{evaluate, mismatches};
use crate::network::Network;
use crate::session::Session;
use crate::trace::Trace;
use crate::walk::{open, send, send_on};

/// What of a finding's suggestions works, the fewest steps first. Where one alone is not enough, what the trace shows
/// after it is added: two faults need two edits.
pub(super) fn proposals(case: &Case<'_>, finding: &Finding) -> Vec<Proposal> {
    let saved = held(case.document, case.network);
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut add = |remedies: Vec<Remedy>| {
        let proposal = Proposal { remedies };
        if !proposals.contains(&proposal) {
            proposals.push(proposal);
        }
    };
    for remedies in &finding.remedies {
        let Some(trial) = Trial::of(case, remedies) else { continue };
        if trial.solves(&saved) {
            add(remedies.clone());
        } else if remedies.len() == 1 && trial.keeps(&saved) {
            for next in trial.next() {
                let both: Vec<Remedy> = remedies.iter().chain(&next).cloned().collect();
                if both.len() == 2 && Trial::of(case, &both).is_some_and(|trial| trial.solves(&saved)) {
                    add(both);
                }
            }
        }
    }
    proposals.sort_by_key(|proposal| proposal.remedies.len());
    proposals
}

/// The saved expectations that hold now.
fn held(document: &Document, network: &Network) -> Vec<Expectation> {
    document.expectations.iter().filter(|expectation| evaluate(network, expectation).holds()).cloned().collect()
}

/// A copy of everything after some steps. Its session is new, as after renewing leases and flushing caches.
struct Trial {
    document: Document,
    network: Network,
    expectation: Expectation,
    /// How long the connection stays idle before more is sent over it; absent for a request of its own.
    idle_s: Option<u64>,
    keepalive_s: Option<u64>,
}

impl Trial {
    /// `None` when a step is refused.
    fn of(case: &Case<'_>, remedies: &[Remedy]) -> Option<Self> {
        let mut document = case.document.clone();
        let mut expectation = case.expectation.clone();
        let mut keepalive = None;
        for remedy in remedies {
            match remedy {
                Remedy::Command(command) => plan(&document, command.clone()).ok()?.apply(&mut document),
                Remedy::Ask { ask } => expectation.request = ask.clone(),
                Remedy::KeepAlive { keepalive_s } => keepalive = Some(*keepalive_s),
                Remedy::RenewLease { .. } | Remedy::FlushDns { .. } => {}
            }
        }
        let (network, _) = compile(&document);
        Some(Self { document, network, expectation, idle_s: idle_of(case.trace), keepalive_s: keepalive })
    }

    fn keeps(&self, saved: &[Expectation]) -> bool {
        saved.iter().all(|expectation| evaluate(&self.network, expectation).holds())
    }

    fn solves(&self, saved: &[Expectation]) -> bool {
        mismatches(&self.trace(), &self.expectation).is_empty() && self.keeps(saved)
    }

    /// What happens now, in a session of its own.
    fn trace(&self) -> Trace {
        let (mut session, request) = (Session::new(), &self.expectation.request);
        let Some(idle_s) = self.idle_s else { return send(&self.network, &mut session, request) };
        let (first, connection) = open(&self.network, &mut session, request, self.keepalive_s);
        session.advance(idle_s);
        connection.and_then(|connection| send_on(&self.network, &mut session, connection)).unwrap_or(first)
    }

    /// What the trace suggests that comes out now.
    fn next(&self) -> Vec<Vec<Remedy>> {
        let trace = self.trace();
        let (document, network, expectation) = (&self.document, &self.network, &self.expectation);
        let case = Case { document, network, expectation, trace: &trace };
        find(&case).map_or_else(Vec::new, |finding| finding.remedies)
    }
}
