//! Any document that can be declared compiles, and every request through it ends exactly once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::trace::Event;
use sim::{Outcome, Session, compile, send};
use tests::arbitrary::{Dice, document, request};

fuzz_target!(|bytes: &[u8]| {
    let (for_requests, for_document) = bytes.split_at(bytes.len().min(32));
    let value = document(&mut Dice::new(for_document));
    let document = topology::file::parse(&value.to_string()).expect("what declarations allow can be read");
    let network = compile(&document).0;
    let mut session = Session::new();
    let mut dice = Dice::new(for_requests);
    for _ in 0..4 {
        let request = request(&mut dice, &document, &network);
        let request = serde_json::from_value(request).expect("a request");
        let trace = send(&network, &mut session, &request);
        let drops = trace.steps.iter().filter(|step| matches!(step.event, Event::Dropped { .. })).count();
        assert_eq!(drops, usize::from(matches!(trace.outcome, Outcome::Dropped { .. })));
        std::hint::black_box(capture::pcapng(&trace, &document, &network, &|_| String::new()));
        session.advance(dice.below(400) as u64);
    }
    for (_, id) in document.ids() {
        std::hint::black_box((network.effective_routes(id).ok(), network.effective_rules(id).ok(), network.alias(id)));
    }
});
