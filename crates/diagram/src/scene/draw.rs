//! The still part of the diagram as shapes.

use sim::Place;

use super::{Emphasis, Scene, is_name_service};
use crate::card_text::{State, TEXT_INSET};
use crate::content::{CardKind, FrameKind, Tone};
use crate::draw_list::{Anchor, Dash, DrawList, Font, Glyph, Shape, Stroke};
use crate::geometry::{Point, Rect};
use crate::layout::{Label, Look, PlacedCard, PlacedFrame};
use crate::theme::Ink;
use crate::wires::{Wire, WireKind};

const WIRE_RADIUS: f64 = 12.0;
const LINE_HEIGHT: f64 = 16.0;

pub(super) fn draw(scene: &Scene, emphasis: &Emphasis) -> DrawList {
    let mut list = DrawList::with_capacity(scene.layout.cards.len() * 8 + scene.layout.frames.len() * 6);
    for frame in &scene.layout.frames {
        draw_frame(&mut list, frame, emphasis);
    }
    for label in &scene.layout.labels {
        draw_label(&mut list, label);
    }
    let is_ribbon = |wire: &&Wire| matches!(wire.kind, WireKind::Ribbon(_));
    for wire in scene.wires.iter().filter(|wire| !is_ribbon(wire)) {
        draw_wire(&mut list, wire);
    }
    for wire in scene.wires.iter().filter(is_ribbon) {
        draw_wire(&mut list, wire);
    }
    for card in &scene.layout.cards {
        draw_card(&mut list, card, emphasis);
    }
    for pill in &scene.pills {
        draw_pill(&mut list, pill.rect, &pill.state);
    }
    list
}

const fn solid(ink: Ink, width: f64) -> Stroke {
    Stroke { ink, width, dash: Dash::Solid }
}

fn is(place: Option<&Place>, marked: Option<&Place>) -> bool {
    place.is_some() && place == marked
}

/// The outline of a thing when it is marked.
fn mark(place: Option<&Place>, emphasis: &Emphasis) -> Option<Stroke> {
    if is(place, emphasis.selected.as_ref()) {
        Some(solid(Ink::Accent, 2.0))
    } else if is(place, emphasis.hovered.as_ref()) {
        Some(solid(Ink::Accent, 1.5))
    } else {
        None
    }
}

fn draw_frame(list: &mut DrawList, placed: &PlacedFrame, emphasis: &Emphasis) {
    let (fill, stroke, radius) = match placed.frame.kind {
        FrameKind::Tenant(Tone::A) => (Ink::TenantAFill, solid(Ink::TenantAStroke, 1.5), 16.0),
        FrameKind::Tenant(Tone::B) => (Ink::TenantBFill, solid(Ink::TenantBStroke, 1.5), 16.0),
        FrameKind::Tenant(Tone::C) => (Ink::TenantCFill, solid(Ink::TenantCStroke, 1.5), 16.0),
        FrameKind::Network => (Ink::NetworkFill, solid(Ink::NetworkStroke, 1.25), 12.0),
        FrameKind::Subnet => (Ink::SubnetFill, solid(Ink::SubnetStroke, 1.0), 8.0),
        FrameKind::Site => (Ink::SiteFill, solid(Ink::SiteStroke, 1.5), 4.0),
        FrameKind::Unplaced => (Ink::Ground, Stroke { ink: Ink::Wire, width: 1.0, dash: Dash::Dashed }, 12.0),
    };
    let stroke = mark(placed.frame.place.as_ref(), emphasis).unwrap_or(stroke);
    let shadow = placed.frame.kind == FrameKind::Network;
    list.push(Shape::Rect { rect: placed.rect, radius, fill: Some(fill), stroke: Some(stroke), shadow });
}

fn draw_label(list: &mut DrawList, label: &Label) {
    let Label { rect, text, font, ink, look } = label;
    let chip = |fill, stroke| Shape::Rect {
        rect: *rect,
        radius: rect.height / 2.0,
        fill: Some(fill),
        stroke: Some(stroke),
        shadow: false,
    };
    let (at, anchor) = match look {
        Look::Plain => (rect.x, Anchor::Start),
        Look::Chip => {
            list.push(chip(Ink::SubnetFill, solid(Ink::SubnetStroke, 1.0)));
            (rect.center().x, Anchor::Middle)
        }
        Look::OverlapChip => {
            list.push(chip(Ink::OverlapFill, Stroke { ink: Ink::Overlap, width: 1.25, dash: Dash::Dashed }));
            for x in [rect.x + 12.0, rect.x + 17.0] {
                let center = Point::new(x, rect.center().y);
                list.push(Shape::Circle { center, radius: 4.0, fill: None, stroke: Some(solid(Ink::Overlap, 1.25)) });
            }
            (rect.x + 26.0, Anchor::Start)
        }
    };
    let at = Point::new(at, rect.center().y + font.size() * 0.35);
    list.push(Shape::Text { at, text: text.clone(), font: *font, ink: *ink, anchor, struck: false });
}

fn draw_wire(list: &mut DrawList, wire: &Wire) {
    let line = |points: Vec<Point>, stroke| Shape::Line { points, radius: WIRE_RADIUS, stroke };
    let ends = [wire.points.first().copied(), wire.points.last().copied()];
    let dots = |list: &mut DrawList, radius, ink| {
        for center in ends.into_iter().flatten() {
            list.push(Shape::Circle { center, radius, fill: Some(ink), stroke: None });
        }
    };
    match wire.kind {
        WireKind::Ribbon(_) => {
            list.push(line(wire.points.clone(), solid(Ink::Ribbon, 12.0)));
            list.push(line(wire.points.clone(), Stroke { ink: Ink::RibbonLine, width: 2.5, dash: Dash::Dotted }));
            dots(list, 4.0, Ink::RibbonLine);
        }
        WireKind::Attachment => {
            list.push(line(wire.points.clone(), solid(Ink::Wire, 1.5)));
            dots(list, 2.75, Ink::Wire);
        }
        // A tube: two walls and a light inside.
        WireKind::Tunnel { up } => {
            let dash = if up { Dash::Solid } else { Dash::Dashed };
            list.push(line(wire.points.clone(), Stroke { ink: Ink::Tunnel, width: 8.0, dash }));
            list.push(line(wire.points.clone(), solid(Ink::CardFill, 4.5)));
        }
        WireKind::Peering { both: true } => {
            for side in [-2.5, 2.5] {
                list.push(line(beside(&wire.points, side), solid(Ink::Peering, 1.5)));
            }
        }
        WireKind::Peering { both: false } => {
            list.push(line(wire.points.clone(), Stroke { ink: Ink::Peering, width: 1.5, dash: Dash::Dashed }));
            dots(list, 2.75, Ink::Peering);
        }
        WireKind::DnsLink => {
            list.push(line(wire.points.clone(), Stroke { ink: Ink::Dns, width: 1.5, dash: Dash::Dashed }));
            dots(list, 2.75, Ink::Dns);
        }
    }
}

/// An orthogonal line moved sideways by a distance.
fn beside(points: &[Point], distance: f64) -> Vec<Point> {
    let normal = |from: Point, to: Point| {
        let length = from.distance(to).max(1e-9);
        Point::new((from.y - to.y) / length, (to.x - from.x) / length)
    };
    let pieces: Vec<Point> = points.windows(2).map(|pair| normal(pair[0], pair[1])).collect();
    let moved = |(index, point): (usize, &Point)| {
        let before = index.checked_sub(1).and_then(|index| pieces.get(index));
        let after = pieces.get(index);
        let (mut x, mut y) = (0.0, 0.0);
        for (position, normal) in [before, after].into_iter().flatten().enumerate() {
            // At a bend the two normals are perpendicular and add up; at an end there is only one.
            let is_same = position == 1 && before == after;
            x += if is_same { 0.0 } else { normal.x * distance };
            y += if is_same { 0.0 } else { normal.y * distance };
        }
        Point::new(point.x + x, point.y + y)
    };
    points.iter().enumerate().map(moved).collect()
}

const fn glyph_ink(kind: CardKind) -> Ink {
    match kind {
        CardKind::PrivateEndpoint | CardKind::PrivateLinkService => Ink::RibbonLine,
        CardKind::Internet | CardKind::InternetClient | CardKind::OnPremisesHost => Ink::TextMuted,
        _ if is_name_service(kind) => Ink::Dns,
        CardKind::VirtualMachine
        | CardKind::Backend
        | CardKind::LoadBalancer
        | CardKind::PlatformService
        | CardKind::Gateway
        | CardKind::LocalNetworkGateway
        | CardKind::ExpressRouteCircuit
        | CardKind::PublicIpAddress
        | CardKind::NatGateway
        | CardKind::DnsResolver
        | CardKind::PrivateDnsZone
        | CardKind::DnsForwardingRuleset
        | CardKind::AzureDns
        | CardKind::PublicDns => Ink::Accent,
    }
}

fn draw_card(list: &mut DrawList, placed: &PlacedCard, emphasis: &Emphasis) {
    let (rect, text) = (placed.rect, &placed.text);
    let followed = emphasis.followed.contains(&placed.card.place).then_some(solid(Ink::Accent, 1.25));
    let stroke = mark(Some(&placed.card.place), emphasis).or(followed).unwrap_or(solid(Ink::CardStroke, 1.0));
    list.push(Shape::Rect { rect, radius: 10.0, fill: Some(Ink::CardFill), stroke: Some(stroke), shadow: true });
    let tile = Rect::new(rect.x + 10.0, rect.center().y - 16.0, 32.0, 32.0);
    list.push(Shape::Rect { rect: tile, radius: 8.0, fill: Some(Ink::Tile), stroke: None, shadow: false });
    let (glyph, ink) = (placed.card.glyph, glyph_ink(placed.card.kind));
    list.push(Shape::Glyph { glyph, rect: tile.inflated(-5.0), ink });

    let n_lines = 1 + usize::from(text.line.is_some()) + usize::from(text.state.is_some());
    #[expect(clippy::cast_precision_loss, reason = "at most three lines")]
    let height = LINE_HEIGHT * n_lines as f64;
    let mut at = Point::new(rect.x + TEXT_INSET, rect.center().y - height / 2.0 + 12.5);
    let push = |list: &mut DrawList, at: Point, text: &smol_str::SmolStr, font, ink| {
        list.push(Shape::Text { at, text: text.clone(), font, ink, anchor: Anchor::Start, struck: false });
    };
    push(list, at, &text.name, Font::Label, Ink::Text);
    at.y += LINE_HEIGHT;
    if let Some(line) = &text.line {
        push(list, at, line, Font::Mono, Ink::TextMuted);
        at.y += LINE_HEIGHT;
    }
    if let Some(state) = &text.state {
        list.push(state_glyph(state.glyph, Point::new(at.x, at.y - 10.0), state.ink));
        push(list, Point::new(at.x + 16.0, at.y), &state.text, Font::Small, state.ink);
    }
}

fn state_glyph(glyph: Glyph, at: Point, ink: Ink) -> Shape {
    Shape::Glyph { glyph, rect: Rect::new(at.x, at.y, 12.0, 12.0), ink }
}

fn draw_pill(list: &mut DrawList, rect: Rect, state: &State) {
    let stroke = Some(solid(state.ink, 1.25));
    list.push(Shape::Rect { rect, radius: rect.height / 2.0, fill: Some(state.fill), stroke, shadow: true });
    list.push(state_glyph(state.glyph, Point::new(rect.x + 13.0, rect.center().y - 6.0), state.ink));
    let at = Point::new(rect.x + 31.0, rect.center().y + 4.0);
    let text = state.text.clone();
    list.push(Shape::Text { at, text, font: Font::Small, ink: state.ink, anchor: Anchor::Start, struck: false });
}
