//! The diagram of a document: everything that stands still, with a place for each thing.

mod draw;
mod outline;
mod pills;

use std::collections::BTreeMap;

use sim::{Network, Place};
use topology::Document;

use crate::content::{CardKind, Content, FrameKind};
use crate::draw_list::DrawList;
use crate::facts::Facts;
use crate::geometry::{Point, Rect};
use crate::layout::{Layout, NETWORK_GAP, Orientation, PORTRAIT_PADDING, TENANT_GAP};
use crate::router::{Lean, Router};
use crate::text::TextMetrics;
use crate::wires::{self, Wire, WireKind};

pub use self::outline::{OutlineItem, OutlineKind};
use self::pills::Pill;

/// How close to a wire counts as on it, in world units.
const HIT_DISTANCE: f64 = 6.0;

/// What is marked on the still part of the diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Emphasis {
    /// What is selected.
    pub selected: Option<Place>,
    /// What the pointer or the keyboard focus is on.
    pub hovered: Option<Place>,
    /// Where the request went.
    pub followed: Vec<Place>,
}

/// A document laid out.
#[derive(Clone, Debug)]
pub struct Scene {
    layout: Layout,
    wires: Vec<Wire>,
    pills: Vec<Pill>,
    router: Router,
    rects: BTreeMap<Place, Rect>,
}

impl Scene {
    /// Lays a document out. Total: any document gives a scene.
    #[must_use]
    pub fn build(document: &Document, network: &Network, orientation: Orientation, metrics: &dyn TextMetrics) -> Self {
        let facts = Facts::of(document, network);
        let mut wires = wires::of(document);
        let layout = Layout::of(Content::of(document, &facts), &wires::pulls(&wires), orientation, metrics);
        let rects = places(document, &layout);
        let mut router = obstacles(&layout, orientation);
        let mut pills = Vec::new();
        wires.retain_mut(|wire| {
            let (Some(from), Some(to)) = (rects.get(&wire.from), rects.get(&wire.to)) else { return false };
            let lean = lean_of(wire.kind, *from, *to, orientation);
            wire.points = router.route(*from, *to, lean, wire.bundle);
            router.occupy(&wire.points, wire.bundle);
            if let WireKind::Ribbon(status) = wire.kind {
                let pill = Pill::on(wire, status, &layout, &pills, metrics);
                router.add_obstacle(pill.rect);
                pills.push(pill);
            }
            true
        });
        Self { layout, wires, pills, router, rects }
    }

    /// The part of the world the diagram covers, with a margin.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        self.layout.bounds
    }

    /// The still part of the diagram, in painting order.
    #[must_use]
    pub fn draw(&self, emphasis: &Emphasis) -> DrawList {
        draw::draw(self, emphasis)
    }

    /// What stands at a point: the innermost card or frame, or the private endpoint, the zone or the device
    /// whose wire passes.
    #[must_use]
    pub fn hit(&self, point: Point) -> Option<Place> {
        if let Some(card) = self.layout.cards.iter().find(|card| card.rect.contains(point)) {
            return Some(card.card.place.clone());
        }
        if let Some(pill) = self.pills.iter().find(|pill| pill.rect.contains(point)) {
            return Some(pill.owner.clone());
        }
        let on_wire = self.wires.iter().find(|wire| {
            matches!(wire.kind, WireKind::Ribbon(_) | WireKind::DnsLink | WireKind::Tunnel { .. })
                && wire.points.windows(2).any(|pair| distance_to_piece(point, pair[0], pair[1]) <= HIT_DISTANCE)
        });
        if let Some(wire) = on_wire {
            return Some(wire.from.clone());
        }
        let frame = self.layout.frames.iter().rev().find(|frame| frame.rect.contains(point));
        frame.and_then(|frame| frame.frame.place.clone())
    }

    /// Where a place is; a network interface is where its machine is, a subscription where its tenant is.
    #[must_use]
    pub fn rect_of(&self, place: &Place) -> Option<Rect> {
        self.rects.get(place).copied()
    }

    /// Everything on the diagram in reading order, for a text twin.
    #[must_use]
    pub fn outline(&self) -> Vec<OutlineItem> {
        outline::of(&self.layout)
    }

    /// The way from one place to another: along the wire between them, or around everything in between.
    /// Empty when either is not on the diagram.
    #[must_use]
    pub fn route(&self, from: &Place, to: &Place) -> Vec<Point> {
        if let Some(wire) = self.wires.iter().find(|wire| wire.from == *from && wire.to == *to) {
            return wire.points.clone();
        }
        if let Some(wire) = self.wires.iter().find(|wire| wire.from == *to && wire.to == *from) {
            return wire.points.iter().rev().copied().collect();
        }
        match (self.rect_of(from), self.rect_of(to)) {
            (Some(from), Some(to)) => self.router.route(from, to, Lean::Any, usize::MAX),
            _ => Vec::new(),
        }
    }

    /// Where the ribbons' states stand.
    pub(crate) fn pills(&self) -> Vec<Rect> {
        self.pills.iter().map(|pill| pill.rect.inflated(2.0)).collect()
    }

    /// The rectangles nothing moving should cover: cards first, then labels.
    pub(crate) fn occupied(&self) -> (impl Iterator<Item = Rect>, impl Iterator<Item = Rect>) {
        let pills = self.pills.iter().map(|pill| pill.rect);
        (self.layout.cards.iter().map(|card| card.rect), self.layout.labels.iter().map(|label| label.rect).chain(pills))
    }
}

fn places(document: &Document, layout: &Layout) -> BTreeMap<Place, Rect> {
    let mut rects = BTreeMap::new();
    for frame in &layout.frames {
        rects.extend(frame.frame.place.clone().map(|place| (place, frame.rect)));
    }
    rects.extend(layout.cards.iter().map(|card| (card.card.place.clone(), card.rect)));
    let aliases = document
        .network_interfaces
        .iter()
        .map(|(id, interface)| (id, &interface.virtual_machine))
        .chain(document.subscriptions.iter().map(|(id, subscription)| (id, &subscription.tenant)));
    for (id, stands_for) in aliases {
        if let Some(rect) = rects.get(&Place::Resource(stands_for.clone())).copied() {
            rects.entry(Place::Resource(id.clone())).or_insert(rect);
        }
    }
    rects
}

/// Names stand above, traffic goes across to another tenant and down to the platform's services.
fn lean_of(kind: WireKind, from: Rect, to: Rect, orientation: Orientation) -> Lean {
    let apart = to.x > from.right() || from.x > to.right();
    match (kind, orientation) {
        (WireKind::DnsLink, Orientation::Landscape) => Lean::Down,
        (WireKind::Ribbon(_), Orientation::Landscape)
            if apart && (to.y - from.y).abs() < 1.5 * (to.x - from.x).abs() =>
        {
            Lean::Across
        }
        (
            WireKind::Ribbon(_)
            | WireKind::Attachment
            | WireKind::Peering { .. }
            | WireKind::DnsLink
            | WireKind::Tunnel { .. },
            _,
        ) => Lean::Any,
    }
}

fn obstacles(layout: &Layout, orientation: Orientation) -> Router {
    let mut router = Router::within(layout.bounds.inflated(-10.0));
    for card in &layout.cards {
        router.add_obstacle(card.rect);
    }
    for label in &layout.labels {
        router.add_obstacle(label.rect);
    }
    for frame in &layout.frames {
        let gap = match frame.frame.kind {
            FrameKind::Tenant(_) | FrameKind::Site | FrameKind::Unplaced => TENANT_GAP,
            FrameKind::Network if orientation == Orientation::Landscape => NETWORK_GAP,
            FrameKind::Network => PORTRAIT_PADDING,
            FrameKind::Subnet => 20.0,
        };
        router.add_frame(frame.rect, gap);
    }
    router
}

/// Which ink a card's glyph has depends on the family it belongs to.
const fn is_name_service(kind: CardKind) -> bool {
    matches!(
        kind,
        CardKind::DnsResolver
            | CardKind::PrivateDnsZone
            | CardKind::DnsForwardingRuleset
            | CardKind::AzureDns
            | CardKind::PublicDns
    )
}

fn distance_to_piece(point: Point, from: Point, to: Point) -> f64 {
    let length = from.distance(to);
    if length == 0.0 {
        return point.distance(from);
    }
    let along = ((point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y)) / (length * length);
    point.distance(from.lerp(to, along.clamp(0.0, 1.0)))
}
