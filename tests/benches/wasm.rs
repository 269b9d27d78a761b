//! The engine as the page runs it: in wasm, in a browser. `cargo xtask bench` runs this.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot read its own data has failed")]

#[path = "../../crates/sim/benches/hub_and_spoke/mod.rs"]
#[allow(dead_code, reason = "the native benchmarks use the rest of it")]
mod hub_and_spoke;

use std::hint::black_box;

use topology::document::Document;
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const TOPOLOGIES: [(&str, &str); 2] = [
    ("two tenants", include_str!("../../public/topologies/private-link-service-two-tenants.json")),
    ("peered", include_str!("../../public/topologies/storage-and-key-vault-peered.json")),
];

fn documents() -> impl Iterator<Item = (&'static str, Document)> {
    TOPOLOGIES.into_iter().map(|(name, text)| (name, topology::file::parse(text).unwrap()))
}

#[wasm_bindgen_bench]
fn compile(criterion: &mut Criterion) {
    for (name, document) in documents() {
        criterion.bench_function(&format!("compile {name}"), |bencher| {
            bencher.iter(|| sim::compile(black_box(&document)));
        });
    }
}

#[wasm_bindgen_bench]
fn send(criterion: &mut Criterion) {
    for (name, document) in documents() {
        let (network, _) = sim::compile(&document);
        let request = &document.requests[0];
        criterion.bench_function(&format!("trace {name}"), |bencher| {
            bencher.iter(|| sim::send(&network, &mut sim::Session::new(), black_box(request)));
        });
    }
}

/// The budget at 10,000 network interfaces is 40 µs for one trace.
#[wasm_bindgen_bench]
fn large(criterion: &mut Criterion) {
    for machines in [100, 1_000, 10_000] {
        let document = hub_and_spoke::document(machines);
        criterion.bench_function(&format!("compile {machines}"), |bencher| {
            bencher.iter(|| sim::compile(black_box(&document)));
        });
        let (network, _) = sim::compile(&document);
        let request = hub_and_spoke::blob_by_name(machines);
        criterion.bench_function(&format!("trace {machines}"), |bencher| {
            bencher.iter(|| sim::send(&network, &mut sim::Session::new(), black_box(&request)));
        });
    }
}
