//! The codes and assumptions of traces have their row in `docs/`.

use std::collections::BTreeSet;
use std::path::Path;

use sim::trace::{Event, Outcome};

mod support;

const CAUSES: &str = include_str!("../../../docs/causes.md");
const ASSUMPTIONS: &str = include_str!("../../../docs/assumptions.md");
const CAUSE: &str = include_str!("../src/trace/cause.rs");

fn rows(text: &str) -> BTreeSet<&str> {
    let first_cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    first_cells.map(|cell| cell.trim_matches('`')).filter(|cell| *cell != "code" && *cell != "id").collect()
}

/// The text of every source file below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder exists").map(|entry| entry.expect("readable").path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![std::fs::read_to_string(&path).expect("readable")],
        })
        .collect()
}

#[test]
fn every_cause_has_a_row_and_every_row_a_cause() {
    let codes: BTreeSet<&str> = CAUSE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\","))
        .collect();
    assert!(codes.contains("ConnectionRefused"));
    assert_eq!(rows(CAUSES), codes);
}

#[test]
fn every_assumption_in_the_source_has_a_row() {
    let mut used = BTreeSet::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
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
