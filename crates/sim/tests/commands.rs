//! After every command the document compiles, and names nothing that is not there.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own document has failed")]
#![allow(dead_code, reason = "the commands' own tests use more of their support")]

#[path = "../../topology/tests/commands/random.rs"]
mod random;
#[path = "../../topology/tests/commands/support.rs"]
mod support;

use proptest::prelude::*;
use topology::Document;
use topology::command::plan;
use topology::problem::{Problem, ProblemCode};

fn missing(document: &Document) -> Vec<Problem> {
    let (_, mut problems) = sim::compile(document);
    problems.retain(|problem| matches!(problem.code, ProblemCode::MissingReference { .. }));
    problems
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn after_every_command_the_document_compiles_and_misses_nothing(
        commands in prop::collection::vec(random::any_command(), 1..24),
    ) {
        let mut document = support::document();
        prop_assert_eq!(missing(&document), vec![]);
        for command in commands {
            if let Ok(diff) = plan(&document, command.clone()) {
                diff.apply(&mut document);
                prop_assert_eq!(missing(&document), vec![], "after {:?}", command);
            }
        }
    }

    #[test]
    fn the_control_plane_and_the_network_give_the_same_addresses(
        commands in prop::collection::vec(random::any_command(), 1..24),
    ) {
        let mut document = support::document();
        for command in commands {
            if let Ok(diff) = plan(&document, command) {
                diff.apply(&mut document);
            }
        }
        let (network, _) = sim::compile(&document);
        for subnet in document.subnets.ids() {
            for (claim, address) in document.addresses(subnet) {
                if let (topology::Kind::NetworkInterface, Some(address)) = (claim.kind, address) {
                    prop_assert_eq!(network.address_of(&claim.holder), Some(address), "{}", claim.holder);
                }
            }
        }
    }
}

#[test]
fn the_control_plane_and_the_network_give_a_service_one_alias() {
    let document = support::document();
    let (network, _) = sim::compile(&document);
    let service = support::id("pls");
    assert_eq!(network.alias(&service).as_deref(), document.private_link_service_alias(&service).as_deref());
}
