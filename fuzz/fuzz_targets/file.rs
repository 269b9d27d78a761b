//! Any text is a document or is refused; a document survives its file and its link, and compiles.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(document) = topology::link::decode(text) {
        std::hint::black_box(sim::compile(&document));
    }
    let Ok(document) = topology::file::parse(text) else { return };
    assert_eq!(topology::file::parse(&topology::file::print(&document)).as_ref(), Ok(&document));
    assert_eq!(topology::link::decode(&topology::link::encode(&document)).as_ref(), Ok(&document));
    std::hint::black_box(sim::compile(&document));
});
