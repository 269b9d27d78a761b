//! What laying out and drawing a document costs.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Plan, document};
use diagram::text::FixedMetrics;
use diagram::{Emphasis, Orientation, Scene};
use topology::Document;

fn main() {
    divan::main();
}

/// Tenants of ten networks with two subnets each; about `n_cards` cards.
fn sized(n_cards: usize) -> Document {
    let n_networks = n_cards / 10;
    let n_subnets = n_networks * 2;
    let plan = Plan {
        n_tenants: n_networks.div_ceil(10),
        networks: (0..n_networks).map(|index| index / 10).collect(),
        subnets: (0..n_subnets).map(|index| index / 2).collect(),
        machines: (0..n_networks * 5).map(|index| Some(index % n_subnets)).collect(),
        services: (0..n_networks).map(|index| index * 2).collect(),
        endpoints: (0..n_networks * 2).map(|index| (index % n_subnets, index % n_networks)).collect(),
        peerings: (1..n_networks).map(|index| (index - 1, index)).collect(),
        ..Plan::default()
    };
    document(&plan)
}

#[divan::bench(args = [100, 1000])]
fn build(bencher: divan::Bencher<'_, '_>, n_cards: usize) {
    let document = sized(n_cards);
    let (network, _) = sim::compile(&document);
    bencher.bench(|| Scene::build(&document, &network, Orientation::Landscape, &FixedMetrics));
}

#[divan::bench(args = [100, 1000])]
fn draw(bencher: divan::Bencher<'_, '_>, n_cards: usize) {
    let document = sized(n_cards);
    let (network, _) = sim::compile(&document);
    let scene = Scene::build(&document, &network, Orientation::Landscape, &FixedMetrics);
    bencher.bench(|| scene.draw(&Emphasis::default()));
}
