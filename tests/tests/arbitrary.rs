//! Whatever the declarations of the resources allow opens, compiles and answers every request, once.
//! The folder `fuzz` looks further, for as long as one likes.

#![allow(clippy::unwrap_used, reason = "a test that cannot read what it made has failed")]

use sim::trace::Event;
use sim::{Outcome, Session, Trace, compile, send};
use tests::arbitrary::{Dice, command, document, request, seeded};
use topology::Document;
use topology::command::{Command, plan};

const DOCUMENTS: u64 = 120;
const REQUESTS: usize = 8;

fn made(seed: u64) -> (Document, Vec<u8>) {
    let bytes = seeded(seed, 4000);
    let value = document(&mut Dice::new(&bytes));
    let document = topology::file::parse(&value.to_string()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    (document, bytes)
}

fn traces(document: &Document, seed: u64) -> Vec<Trace> {
    let network = compile(document).0;
    let mut session = Session::new();
    let bytes = seeded(!seed, 100);
    let mut dice = Dice::new(&bytes);
    let ask = |_| {
        let request = serde_json::from_value(request(&mut dice, document, &network)).unwrap();
        let trace = send(&network, &mut session, &request);
        session.advance(7);
        trace
    };
    (0..REQUESTS).map(ask).collect()
}

#[test]
fn any_document_survives_its_file_and_its_link() {
    for seed in 0..DOCUMENTS {
        let (document, _) = made(seed);
        assert_eq!(topology::file::parse(&topology::file::print(&document)).unwrap(), document, "seed {seed}");
        let link = topology::link::encode(&document);
        assert_eq!(topology::link::decode(&link).unwrap(), document, "seed {seed}");
    }
}

#[test]
fn every_request_in_any_document_ends_exactly_once() {
    let mut ends = std::collections::BTreeMap::<&str, u32>::new();
    for seed in 0..DOCUMENTS {
        let (document, _) = made(seed);
        for trace in traces(&document, seed) {
            let drops = trace.steps.iter().filter(|step| matches!(step.event, Event::Dropped { .. })).count();
            let end = match &trace.outcome {
                Outcome::Dropped { cause, .. } => cause.code(),
                Outcome::Resolved { .. } => "Resolved",
                Outcome::Answered { .. } => "Answered",
            };
            assert_eq!(drops, usize::from(matches!(trace.outcome, Outcome::Dropped { .. })), "seed {seed}");
            *ends.entry(end).or_default() += 1;
        }
    }
    // The documents are worth something only when they lead far.
    let idle = ends.get("SenderWithoutInterface").copied().unwrap_or(0);
    assert!(ends.len() >= 10 && 2 * idle < ends.values().sum(), "{ends:?}");
}

#[test]
fn the_same_document_and_requests_give_the_same_traces() {
    for seed in 0..30 {
        let (document, _) = made(seed);
        let bytes = |traces: Vec<Trace>| traces.iter().map(Trace::to_json).collect::<Vec<_>>();
        assert_eq!(bytes(traces(&document, seed)), bytes(traces(&document, seed)), "seed {seed}");
    }
}

/// How many places name something that is not there.
fn dangling(document: &Document) -> usize {
    document.ids().map(|(kind, id)| document.dangling_in(kind, id).len()).sum()
}

#[test]
fn commands_on_any_document_are_undone_byte_for_byte_and_add_no_dangling_reference() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..40 {
        let (mut document, bytes) = made(seed);
        let mut dice = Dice::new(&bytes[2000..]);
        let mut done = Vec::new();
        for _ in 0..24 {
            let command: Command = serde_json::from_value(command(&mut dice, &document)).unwrap();
            let (before, dangled) = (topology::file::print(&document), dangling(&document));
            match plan(&document, command.clone()) {
                Ok(diff) => {
                    diff.apply(&mut document);
                    assert!(dangling(&document) <= dangled, "seed {seed}: {command:?}");
                    let _ = compile(&document);
                    done.push((diff, before));
                    accepted += 1;
                }
                Err(_) => refused += 1,
            }
        }
        while let Some((diff, before)) = done.pop() {
            diff.reversed().apply(&mut document);
            assert_eq!(topology::file::print(&document), before, "seed {seed}");
        }
    }
    assert!(accepted > 100 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_packet_of_any_trace_becomes_a_frame() {
    for seed in 0..DOCUMENTS {
        let (document, _) = made(seed);
        let network = compile(&document).0;
        for trace in traces(&document, seed) {
            let frames = capture::frames(&trace, &document, &network);
            for (step, frames) in trace.steps.iter().zip(frames) {
                assert_eq!(step.before.is_some(), !frames.before.is_empty(), "seed {seed}: {step:?}");
                assert_eq!(step.after.is_some(), !frames.after.is_empty(), "seed {seed}: {step:?}");
            }
            let file = capture::pcapng(&trace, &document, &network, &|_| String::new());
            assert_eq!(file.len() % 4, 0);
        }
    }
}
