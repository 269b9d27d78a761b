//! The diagram's own signs, in the panels.

use diagram::draw_list::Glyph;
use diagram::glyphs::GlyphStroke;
use topology::Kind;

use super::icon::hidden;
use super::node::{El, styled, svg};

/// The sign of a type of resource, where it has one.
const fn sign(kind: Kind) -> Option<Glyph> {
    match kind {
        Kind::VirtualMachine | Kind::NetworkInterface => Some(Glyph::VirtualMachine),
        Kind::LoadBalancer => Some(Glyph::LoadBalancer),
        Kind::PublicIpAddress => Some(Glyph::PublicIpAddress),
        Kind::NatGateway => Some(Glyph::NatGateway),
        Kind::PrivateLinkService => Some(Glyph::PrivateLinkService),
        Kind::PrivateEndpoint => Some(Glyph::PrivateEndpoint),
        Kind::DnsResolver => Some(Glyph::AzureDns),
        Kind::PrivateDnsZone | Kind::DnsForwardingRuleset => Some(Glyph::PrivateDnsZone),
        Kind::PlatformService => Some(Glyph::PlatformService),
        Kind::OnPremisesHost => Some(Glyph::OnPremisesHost),
        Kind::InternetClient => Some(Glyph::InternetClient),
        Kind::VirtualNetworkGateway => Some(Glyph::Gateway),
        Kind::LocalNetworkGateway => Some(Glyph::LocalNetworkGateway),
        Kind::ExpressRouteCircuit => Some(Glyph::ExpressRouteCircuit),
        Kind::Tenant
        | Kind::Subscription
        | Kind::VirtualNetwork
        | Kind::Subnet
        | Kind::VirtualNetworkPeering
        | Kind::NetworkSecurityGroup
        | Kind::ApplicationSecurityGroup
        | Kind::ServiceEndpointPolicy
        | Kind::OnPremisesSite
        | Kind::Connection
        | Kind::RouteTable => None,
    }
}

/// The sign of a type of resource, in a tile.
pub(crate) fn glyph_of(kind: Kind) -> Option<El> {
    let strokes = sign(kind)?.strokes();
    Some(styled("span", "tile").child(hidden("icon", "0 0 24 24").children(strokes.iter().map(stroke))))
}

fn stroke(stroke: &GlyphStroke) -> El {
    match *stroke {
        GlyphStroke::Line(points) => svg("polyline").attr("points", &listed(points)),
        GlyphStroke::Outline(points) => svg("polygon").attr("points", &listed(points)),
        GlyphStroke::Ring(x, y, radius) => circle(x, y, radius),
        GlyphStroke::Dot(x, y, radius) => circle(x, y, radius).class("dot"),
        GlyphStroke::Arc { center: (x, y), radii: (across, down), degrees: (from, to) } => {
            let at = |degrees: f64| {
                let radians = degrees.to_radians();
                (x + across * radians.cos(), y + down * radians.sin())
            };
            let ((x0, y0), (x1, y1)) = (at(from), at(to));
            let large = i32::from(to - from > 180.0);
            svg("path").attr("d", &format!("M{x0:.2} {y0:.2}A{across} {down} 0 {large} 1 {x1:.2} {y1:.2}"))
        }
    }
}

fn circle(x: f64, y: f64, radius: f64) -> El {
    svg("circle").attr("cx", &x.to_string()).attr("cy", &y.to_string()).attr("r", &radius.to_string())
}

fn listed(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x},{y} ")).collect()
}
