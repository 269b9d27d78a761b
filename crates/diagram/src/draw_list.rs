//! Shapes in world coordinates, in painting order.

use smol_str::SmolStr;

use crate::geometry::{Point, Rect};
use crate::theme::Ink;

/// An outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its ink.
    pub ink: Ink,
    /// Its width in world units.
    pub width: f64,
    /// How it is interrupted.
    pub dash: Dash,
}

/// How a line is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dash {
    /// Not at all.
    Solid,
    /// Short dashes: a DNS link, an overlap mark.
    Dashed,
    /// Dots: the middle of a Private Link ribbon.
    Dotted,
}

/// Typeface, size and weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Font {
    /// A tenant's name: 15 px, bold, system typeface.
    Title,
    /// A network's or card's name: 13 px, semibold.
    Label,
    /// Subtitles and states: 11 px, medium.
    Small,
    /// Addresses: 12 px monospace with tabular digits.
    Mono,
    /// Small addresses and ranges: 11 px monospace.
    MonoSmall,
    /// Addresses that changed: 12 px monospace, bold.
    MonoBold,
}

impl Font {
    /// Height of the font in world units.
    #[must_use]
    pub const fn size(self) -> f64 {
        match self {
            Self::Title => 15.0,
            Self::Label => 13.0,
            Self::Small | Self::MonoSmall => 11.0,
            Self::Mono | Self::MonoBold => 12.0,
        }
    }
}

/// Which point of a text its position names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// One of our own signs for a resource or a state, drawn in a 24 × 24 box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each glyph is named after the resource or state it stands for")]
pub enum Glyph {
    VirtualMachine,
    PrivateEndpoint,
    PrivateLinkService,
    LoadBalancer,
    PrivateDnsZone,
    AzureDns,
    PublicDns,
    Internet,
    Storage,
    KeyVault,
    Database,
    PlatformService,
    OnPremisesHost,
    InternetClient,
    Gateway,
    LocalNetworkGateway,
    ExpressRouteCircuit,
    PublicIpAddress,
    NatGateway,
    Check,
    Cross,
    Clock,
    Unlink,
}

/// One thing to paint.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rectangle with rounded corners. `shadow` asks for the theme's card elevation under it.
    Rect {
        /// Where.
        rect: Rect,
        /// Corner radius.
        radius: f64,
        /// Inside.
        fill: Option<Ink>,
        /// Outline.
        stroke: Option<Stroke>,
        /// Whether it is raised.
        shadow: bool,
    },
    /// A line through points, its corners rounded.
    Line {
        /// The corners.
        points: Vec<Point>,
        /// Corner radius.
        radius: f64,
        /// Its look.
        stroke: Stroke,
    },
    /// A closed shape through points.
    Polygon {
        /// The corners.
        points: Vec<Point>,
        /// Inside.
        fill: Option<Ink>,
        /// Outline.
        stroke: Option<Stroke>,
    },
    /// A circle.
    Circle {
        /// Its middle.
        center: Point,
        /// Its radius.
        radius: f64,
        /// Inside.
        fill: Option<Ink>,
        /// Outline.
        stroke: Option<Stroke>,
    },
    /// One line of text; `at.y` is the baseline. Already shortened to fit.
    Text {
        /// Position of the anchor on the baseline.
        at: Point,
        /// The words.
        text: SmolStr,
        /// Typeface.
        font: Font,
        /// Its ink.
        ink: Ink,
        /// Which end `at` names.
        anchor: Anchor,
        /// Whether a line goes through it: a value that was replaced.
        struck: bool,
    },
    /// A sign.
    Glyph {
        /// Which.
        glyph: Glyph,
        /// Where.
        rect: Rect,
        /// Its ink.
        ink: Ink,
    },
    /// What follows up to the matching [`Shape::Pop`] is painted with this opacity, 0 to 1.
    PushOpacity(f64),
    /// Ends the innermost [`Shape::PushOpacity`].
    Pop,
}

/// Shapes in painting order.
pub type DrawList = Vec<Shape>;
