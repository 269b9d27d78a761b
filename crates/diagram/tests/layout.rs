//! Whatever the document, nothing lies on anything else and nothing is missing.

mod common;

use common::{Plan, SCENARIOS, document, id, scenario, scene};
use diagram::geometry::{Point, Rect};
use diagram::scene::{OutlineItem, OutlineKind};
use diagram::{Detail, Orientation, Scene};
use proptest::collection::vec;
use proptest::prelude::*;
use sim::Place;
use topology::{Document, Kind};

fn is_frame(item: &OutlineItem) -> bool {
    matches!(
        item.kind,
        OutlineKind::Tenant
            | OutlineKind::VirtualNetwork
            | OutlineKind::Subnet
            | OutlineKind::OnPremisesSite
            | OutlineKind::Unplaced
    )
}

/// Every thing with a place, and which of them contains it.
fn nested(scene: &Scene) -> Vec<(OutlineItem, Rect, Option<Rect>)> {
    let mut open: Vec<(usize, Option<Rect>)> = Vec::new();
    let mut out = Vec::new();
    for item in scene.outline() {
        open.retain(|(depth, _)| *depth < item.depth);
        let rect = item.place.as_ref().map(|place| scene.rect_of(place).expect("what the outline names has a place"));
        let parent = open.last().and_then(|(_, rect)| *rect);
        if is_frame(&item) {
            open.push((item.depth, rect));
        }
        if let Some(rect) = rect {
            out.push((item, rect, parent));
        }
    }
    out
}

fn check(document: &Document, orientation: Orientation) {
    let scene = scene(document, orientation);
    let things = nested(&scene);
    for (index, (item, rect, parent)) in things.iter().enumerate() {
        assert!(scene.bounds().contains_rect(*rect), "{item:?} leaves the scene");
        if let Some(parent) = parent {
            assert!(parent.contains_rect(*rect), "{item:?} at {rect:?} leaves {parent:?}");
        }
        // Children lie in their parent and siblings are apart, so nothing lies on anything it does not belong to.
        for (other, other_rect, _) in things[..index].iter().filter(|(.., other)| other == parent) {
            assert!(!rect.overlaps(*other_rect), "{item:?} {rect:?} lies on {other:?} {other_rect:?}");
        }
    }
    let shown = |kind: Kind| {
        !matches!(
            kind,
            Kind::Subscription
                | Kind::NetworkInterface
                | Kind::VirtualNetworkPeering
                | Kind::NetworkSecurityGroup
                | Kind::ApplicationSecurityGroup
                | Kind::ServiceEndpointPolicy
                | Kind::Connection
        )
    };
    for (_, id) in document.ids().filter(|(kind, _)| shown(*kind)) {
        let place = Some(Place::Resource(id.clone()));
        assert_eq!(things.iter().filter(|(item, ..)| item.place == place).count(), 1, "{id}");
    }
    let _ = scene.draw(&diagram::Emphasis::default());
}

fn plan() -> impl Strategy<Value = Plan> {
    let networks = vec(0_usize..4, 0..9);
    let subnets = vec(0_usize..10, 0..14);
    let machines = vec(proptest::option::weighted(0.9, 0_usize..15), 0..30);
    let endpoints = vec((0_usize..15, 0_usize..8), 0..10);
    let others =
        (vec(0_usize..15, 0..4), vec(0_usize..10, 0..5), vec(0_usize..4, 0..7), vec((0_usize..9, 0_usize..9), 0..5));
    let outside = (0_usize..3, vec((0_usize..6, 0_usize..12), 0..12));
    let others = (others, 0_usize..20, outside);
    (0_usize..4, networks, subnets, machines, endpoints, others).prop_map(
        |(n_tenants, networks, subnets, machines, endpoints, (others, guarded, (n_sites, outside)))| {
            let (services, zones, platforms, peerings) = others;
            Plan {
                n_tenants,
                networks,
                subnets,
                machines,
                endpoints,
                services,
                zones,
                platforms,
                peerings,
                guarded,
                n_sites,
                outside,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_overlaps_nothing_is_missing_and_everything_is_inside_its_parent(plan in plan()) {
        let document = document(&plan);
        check(&document, Orientation::Landscape);
        check(&document, Orientation::Portrait);
    }
}

#[test]
fn an_empty_document_is_an_empty_scene() {
    check(&Document::default(), Orientation::Landscape);
    assert!(scene(&Document::default(), Orientation::Landscape).outline().is_empty());
}

#[test]
fn a_subnet_and_a_machine_show_their_security_group() {
    let plan = Plan { networks: vec![0], subnets: vec![0], machines: vec![Some(0)], guarded: 1, ..Plan::default() };
    let details: Vec<(OutlineKind, Vec<Detail>)> = scene(&document(&plan), Orientation::Landscape)
        .outline()
        .into_iter()
        .map(|item| (item.kind, item.details))
        .filter(|(_, details)| details.contains(&Detail::SecurityGroup(id("nsg-"))))
        .collect();
    let kinds: Vec<OutlineKind> = details.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [OutlineKind::Subnet, OutlineKind::VirtualMachine]);
}

#[test]
fn fifty_networks_are_laid_out_in_a_handy_shape() {
    let plan = Plan { n_tenants: 1, networks: vec![0; 50], subnets: (0..50).collect(), ..Plan::default() };
    let document = document(&plan);
    check(&document, Orientation::Landscape);
    let bounds = scene(&document, Orientation::Landscape).bounds();
    let proportion = bounds.width / bounds.height;
    assert!((0.8..3.0).contains(&proportion), "{proportion}");
}

#[test]
fn a_machine_without_an_interface_stands_in_the_unplaced_area() {
    let document = document(&Plan { machines: vec![None], ..Plan::default() });
    let kinds: Vec<OutlineKind> =
        scene(&document, Orientation::Landscape).outline().into_iter().map(|item| item.kind).collect();
    assert_eq!(kinds, [OutlineKind::Unplaced, OutlineKind::VirtualMachine]);
}

#[test]
fn consumers_stand_left_of_the_provider_they_connect_to() {
    let plan = Plan {
        n_tenants: 2,
        networks: vec![0, 1],
        subnets: vec![0, 1],
        services: vec![0],
        endpoints: vec![(1, 0)],
        ..Plan::default()
    };
    let scene = scene(&document(&plan), Orientation::Landscape);
    let rect = |name: &str| scene.rect_of(&Place::Resource(id(name))).unwrap();
    assert!(rect("tenant-1").right() < rect("tenant-0").x);
}

#[test]
fn no_route_of_the_scenarios_crosses_a_card() {
    for name in SCENARIOS {
        let document = scenario(name);
        for orientation in [Orientation::Landscape, Orientation::Portrait] {
            let scene = scene(&document, orientation);
            let cards: Vec<(Place, Rect)> = nested(&scene)
                .into_iter()
                .filter(|(item, ..)| !is_frame(item))
                .filter_map(|(item, rect, _)| Some((item.place?, rect)))
                .collect();
            for (from, _) in &cards {
                for (to, _) in &cards {
                    for pair in scene.route(from, to).windows(2) {
                        let corner = Point::new(pair[0].x.min(pair[1].x), pair[0].y.min(pair[1].y));
                        let (width, height) = ((pair[0].x - pair[1].x).abs(), (pair[0].y - pair[1].y).abs());
                        assert!(width < 0.01 || height < 0.01, "{from:?} to {to:?} is not orthogonal");
                        let piece = Rect::new(corner.x, corner.y, width, height);
                        for (card, rect) in &cards {
                            let crosses = piece.inflated(0.01).overlaps(rect.inflated(-0.1));
                            assert!(!crosses, "{name} {orientation:?}: {from:?} to {to:?} crosses {card:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn pointing_finds_the_innermost_thing_and_a_ribbon_finds_its_private_endpoint() {
    let scene = scene(&scenario(SCENARIOS[0]), Orientation::Landscape);
    let place = |name: &str| Place::Resource(id(name));
    let rect = |name: &str| scene.rect_of(&place(name)).unwrap();
    assert_eq!(scene.hit(rect("client1").center()), Some(place("client1")));
    let subnet = rect("clients");
    assert_eq!(scene.hit(Point::new(subnet.x + 4.0, subnet.bottom() - 4.0)), Some(place("clients")));
    let network = rect("ntt-vnet");
    assert_eq!(scene.hit(Point::new(network.x + 4.0, network.bottom() - 4.0)), Some(place("ntt-vnet")));
    let tenant = rect("fabrikam");
    assert_eq!(scene.hit(Point::new(tenant.x + 4.0, tenant.bottom() - 20.0)), Some(place("fabrikam")));
    let route = scene.route(&place("pe-iis"), &place("pls-iis"));
    let near = Point::new(route[0].x + 20.0, route[0].y + 5.0);
    assert_eq!(scene.hit(near), Some(place("pe-iis")));
    assert_eq!(scene.hit(Point::new(1.0, 1.0)), None);
    assert_eq!(scene.rect_of(&place("client1-nic")), Some(rect("client1")));
}
