//! The codes and assumptions of traces have their row in `docs/`.

use std::collections::BTreeSet;

use sim::trace::{Event, Outcome};

mod support;

const CAUSES: &str = include_str!("../../../docs/causes.md");
const ASSUMPTIONS: &str = include_str!("../../../docs/assumptions.md");
const TRACE: &str = include_str!("../src/trace.rs");

fn rows(text: &str) -> BTreeSet<&str> {
    let first_cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    first_cells.map(|cell| cell.trim_matches('`')).filter(|cell| *cell != "code" && *cell != "id").collect()
}

#[test]
fn every_cause_has_a_row_and_every_row_a_cause() {
    let causes = TRACE.split_once("impl DropCause").and_then(|(_, rest)| rest.split_once("\n}\n"));
    let codes: BTreeSet<&str> = causes
        .expect("the causes have their codes in one place")
        .0
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\","))
        .collect();
    assert!(codes.contains("ConnectionRefused"));
    assert_eq!(rows(CAUSES), codes);
}

#[test]
fn every_assumption_in_the_source_has_a_row() {
    let mut used = BTreeSet::new();
    let files = ["connect", "private_link", "balance", "platform", "resolve", "security", "mod"];
    for file in files.into_iter().chain(["dns_azure", "dns_public", "dns_server"]) {
        let path = format!("{}/src/walk/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).expect("the module exists");
        for word in source.split('"') {
            if word.starts_with(['A', 'D']) && word[1..].parse::<u8>().is_ok() {
                used.insert(word.to_owned());
            }
        }
    }
    assert!(used.contains("A8"), "{used:?}");
    let listed = rows(ASSUMPTIONS);
    assert!(used.iter().all(|id| listed.contains(id.as_str())), "{used:?} but only {listed:?}");
}

#[test]
fn the_goldens_rest_on_listed_assumptions_only() {
    let document = support::json(support::PEERED);
    let listed = rows(ASSUMPTIONS);
    for question in document["requests"].as_array().into_iter().flatten() {
        let trace = support::ask(&document, question.clone());
        assert!(matches!(trace.outcome, Outcome::Answered { .. }));
        for step in &trace.steps {
            assert!(step.assumptions.iter().all(|id| listed.contains(id)), "{:?}", step.assumptions);
            assert!(!matches!(step.event, Event::Dropped { .. }));
        }
    }
}
