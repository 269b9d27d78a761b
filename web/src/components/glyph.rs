//! The diagram's own signs, in the panels.

use diagram::draw_list::Glyph;
use diagram::glyphs::GlyphStroke;
use leptos::prelude::*;
use topology::Kind;

/// The sign of a type of resource, where it has one.
const fn sign(kind: Kind) -> Option<Glyph> {
    match kind {
        Kind::VirtualMachine | Kind::NetworkInterface => Some(Glyph::VirtualMachine),
        Kind::LoadBalancer => Some(Glyph::LoadBalancer),
        Kind::PrivateLinkService => Some(Glyph::PrivateLinkService),
        Kind::PrivateEndpoint => Some(Glyph::PrivateEndpoint),
        Kind::DnsResolver => Some(Glyph::AzureDns),
        Kind::PrivateDnsZone | Kind::DnsForwardingRuleset => Some(Glyph::PrivateDnsZone),
        Kind::PlatformService => Some(Glyph::PlatformService),
        Kind::Tenant
        | Kind::Subscription
        | Kind::VirtualNetwork
        | Kind::Subnet
        | Kind::VirtualNetworkPeering
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup => None,
    }
}

/// The sign of a type of resource, in a tile.
pub(crate) fn glyph_of(kind: Kind) -> Option<impl IntoView> {
    let strokes = sign(kind)?.strokes();
    Some(view! {
        <span class="tile">
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
                {strokes.iter().map(stroke).collect_view()}
            </svg>
        </span>
    })
}

fn stroke(stroke: &GlyphStroke) -> AnyView {
    match *stroke {
        GlyphStroke::Line(points) => view! { <polyline points=listed(points)></polyline> }.into_any(),
        GlyphStroke::Outline(points) => view! { <polygon points=listed(points)></polygon> }.into_any(),
        GlyphStroke::Ring(x, y, radius) => {
            view! { <circle cx=x.to_string() cy=y.to_string() r=radius.to_string()></circle> }.into_any()
        }
        GlyphStroke::Dot(x, y, radius) => {
            view! { <circle class="dot" cx=x.to_string() cy=y.to_string() r=radius.to_string()></circle> }.into_any()
        }
        GlyphStroke::Arc { center: (x, y), radii: (across, down), degrees: (from, to) } => {
            let at = |degrees: f64| {
                let radians = degrees.to_radians();
                (x + across * radians.cos(), y + down * radians.sin())
            };
            let ((x0, y0), (x1, y1)) = (at(from), at(to));
            let large = i32::from(to - from > 180.0);
            let path = format!("M{x0:.2} {y0:.2}A{across} {down} 0 {large} 1 {x1:.2} {y1:.2}");
            view! { <path d=path></path> }.into_any()
        }
    }
}

fn listed(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x},{y} ")).collect()
}
