//! Which sentence a step outside Azure, or on the way there, takes.

use sim::trace::{Event, OutsideHop};
use topology::problem::{Problem, ProblemCode};

use crate::message::{Arg, code};

type Blanks = Vec<(&'static str, Arg)>;

/// The sentence of an event outside Azure.
pub(crate) fn of_event(event: &Event) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the events that come here")]
    match event {
        Event::OutsideRouteSelected { destination, prefix, hop } => {
            let blanks = vec![("destination", code(destination)), ("prefix", code(prefix))];
            match hop {
                OutsideHop::Local => ("outside-route-local", blanks),
                OutsideHop::Internet => ("outside-route-internet", blanks),
            }
        }
        _ => ("dropped", Vec::new()),
    }
}

/// The sentence of a problem outside Azure.
pub(crate) fn of_problem(problem: &Problem) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the problems that come here")]
    match &problem.code {
        ProblemCode::AddressNotAtSite { address } => ("AddressNotAtSite", vec![("address", code(address))]),
        _ => ("MissingReference", Vec::new()),
    }
}
