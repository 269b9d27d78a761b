//! How long compiling and one request take, against the number of network interfaces.
//! Budgets at 10,000: 50 ms to compile, 20 µs for one trace.

mod hub_and_spoke;

use divan::{Bencher, black_box};
use sim::reachability::{sources, targets};
use sim::{Matrix, Outcome, Session, compile, send};
use topology::Document;
use topology::document::Request;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES)]
fn compile_document(bencher: Bencher<'_, '_>, machines: usize) {
    let document = hub_and_spoke::document(machines);
    assert!(compile(&document).1.is_empty(), "the generated document has no problems");
    bencher.bench_local(|| compile(black_box(&document)));
}

#[divan::bench(args = SIZES)]
fn compile_with_security_groups(bencher: Bencher<'_, '_>, machines: usize) {
    let document = hub_and_spoke::guarded(machines);
    assert!(compile(&document).1.is_empty(), "the generated document has no problems");
    bencher.bench_local(|| compile(black_box(&document)));
}

#[divan::bench(args = SIZES)]
fn send_past_security_groups(bencher: Bencher<'_, '_>, machines: usize) {
    trace(bencher, &hub_and_spoke::guarded(machines), &hub_and_spoke::web_by_address());
}

/// As many sources as targets; the budget at 1,000 is 2 s.
#[divan::bench(args = [10, 100, 1_000], sample_count = 3)]
fn matrix(bencher: Bencher<'_, '_>, machines: usize) {
    let document = hub_and_spoke::serving(machines);
    let network = compile(&document).0;
    let (sources, targets) = (sources(&document, &network), targets(&document, &network));
    assert!(sources.len() >= machines && targets.len() >= machines);
    bencher.bench_local(|| Matrix::of(&document, black_box(&network), sources.clone(), targets.clone()));
}

#[divan::bench(args = SIZES)]
fn send_blob_by_name(bencher: Bencher<'_, '_>, machines: usize) {
    trace(bencher, &hub_and_spoke::document(machines), &hub_and_spoke::blob_by_name(machines));
}

#[divan::bench(args = SIZES)]
fn send_through_private_link_service(bencher: Bencher<'_, '_>, machines: usize) {
    trace(bencher, &hub_and_spoke::document(machines), &hub_and_spoke::web_by_address());
}

#[divan::bench(args = SIZES)]
fn compile_with_route_tables(bencher: Bencher<'_, '_>, machines: usize) {
    let document = hub_and_spoke::inspected(machines);
    assert!(compile(&document).1.is_empty(), "the generated document has no problems");
    bencher.bench_local(|| compile(black_box(&document)));
}

/// Spoke to spoke through the appliance in the hub, and back.
#[divan::bench(args = SIZES)]
fn send_through_an_appliance(bencher: Bencher<'_, '_>, machines: usize) {
    trace(bencher, &hub_and_spoke::inspected(machines), &hub_and_spoke::spoke_to_spoke(machines));
}

/// The table of a machine in the hub, which every spoke is peered with.
#[divan::bench(args = SIZES)]
fn effective_routes_of_the_hub(bencher: Bencher<'_, '_>, machines: usize) {
    let network = compile(&hub_and_spoke::inspected(machines)).0;
    let appliance = "nva-nic".parse().expect("an id");
    bencher.bench_local(|| black_box(&network).effective_routes(&appliance));
}

/// Each sample starts from a fresh session, so that the NAT table stays small.
fn trace(bencher: Bencher<'_, '_>, document: &Document, request: &Request) {
    let network = compile(document).0;
    let outcome = send(&network, &mut Session::new(), request).outcome;
    assert!(matches!(outcome, Outcome::Answered { .. }), "{outcome:?}");
    bencher
        .with_inputs(Session::new)
        .bench_local_values(|mut session| send(black_box(&network), &mut session, black_box(request)));
}
