//! Our own signs, as strokes in a 24 × 24 box: every painter draws them from the same data.

use crate::draw_list::Glyph;

/// The side of the box glyphs are drawn in.
pub const BOX: f64 = 24.0;

/// The width of a glyph's lines, in units of its box.
pub const LINE_WIDTH: f64 = 1.75;

/// The width of a glyph's lines in world units when its box is `side` wide: small glyphs keep lines one can see.
#[must_use]
pub const fn line_width(side: f64) -> f64 {
    (LINE_WIDTH * side / BOX).max(1.5)
}

/// One piece of a glyph. Lines have round ends and corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GlyphStroke {
    /// An open line.
    Line(&'static [(f64, f64)]),
    /// A closed outline.
    Outline(&'static [(f64, f64)]),
    /// A circle's outline: middle and radius.
    Ring(f64, f64, f64),
    /// A filled circle: middle and radius.
    Dot(f64, f64, f64),
    /// A part of an ellipse: middle, radii, from and to in degrees, clockwise from the right.
    Arc {
        /// Middle.
        center: (f64, f64),
        /// Radii across and down.
        radii: (f64, f64),
        /// Where it begins and ends, in degrees, clockwise from the right.
        degrees: (f64, f64),
    },
}

use GlyphStroke::{Arc, Dot, Line, Outline, Ring};

impl Glyph {
    /// What the glyph is made of.
    #[must_use]
    pub const fn strokes(self) -> &'static [GlyphStroke] {
        match self {
            Self::VirtualMachine => &[
                Outline(&[(3.5, 4.5), (20.5, 4.5), (20.5, 16.0), (3.5, 16.0)]),
                Line(&[(12.0, 16.0), (12.0, 20.0)]),
                Line(&[(8.0, 20.0), (16.0, 20.0)]),
            ],
            // A plug in a wall: the service's end inside the network.
            Self::PrivateEndpoint => &[
                Line(&[(4.0, 4.0), (4.0, 20.0)]),
                Line(&[(4.0, 12.0), (12.0, 12.0)]),
                Ring(16.0, 12.0, 4.0),
                Dot(16.0, 12.0, 1.4),
            ],
            // A ring on a line: everything passes through and comes out renamed.
            Self::PrivateLinkService => &[
                Line(&[(1.5, 12.0), (7.0, 12.0)]),
                Line(&[(17.0, 12.0), (22.5, 12.0)]),
                Ring(12.0, 12.0, 5.0),
                Line(&[(10.0, 13.6), (12.0, 10.4), (14.0, 13.6)]),
            ],
            Self::LoadBalancer => &[
                Dot(12.0, 4.5, 2.0),
                Line(&[(12.0, 6.5), (12.0, 11.0)]),
                Line(&[(4.5, 17.0), (4.5, 14.0), (7.5, 11.0), (16.5, 11.0), (19.5, 14.0), (19.5, 17.0)]),
                Line(&[(12.0, 11.0), (12.0, 17.0)]),
                Dot(4.5, 19.0, 1.9),
                Dot(12.0, 19.0, 1.9),
                Dot(19.5, 19.0, 1.9),
            ],
            // A page of records with a lock's bow.
            Self::PrivateDnsZone => &[
                Outline(&[(4.5, 9.0), (19.5, 9.0), (19.5, 20.5), (4.5, 20.5)]),
                Arc { center: (12.0, 9.0), radii: (4.0, 5.0), degrees: (180.0, 360.0) },
                Line(&[(8.0, 13.0), (16.0, 13.0)]),
                Line(&[(8.0, 16.8), (13.0, 16.8)]),
            ],
            // A speech bubble with the resolver's two dots.
            Self::AzureDns => &[
                Outline(&[(3.5, 4.5), (20.5, 4.5), (20.5, 16.0), (12.0, 16.0), (8.0, 20.0), (8.0, 16.0), (3.5, 16.0)]),
                Dot(8.2, 10.3, 1.3),
                Dot(12.0, 10.3, 1.3),
                Dot(15.8, 10.3, 1.3),
            ],
            Self::PublicDns => &[
                Outline(&[(3.5, 4.5), (20.5, 4.5), (20.5, 16.0), (12.0, 16.0), (8.0, 20.0), (8.0, 16.0), (3.5, 16.0)]),
                Ring(12.0, 10.25, 3.4),
                Line(&[(8.6, 10.25), (15.4, 10.25)]),
            ],
            Self::Internet => &[
                Ring(12.0, 12.0, 8.5),
                Arc { center: (12.0, 12.0), radii: (3.6, 8.5), degrees: (0.0, 360.0) },
                Line(&[(3.5, 12.0), (20.5, 12.0)]),
            ],
            Self::Storage => &[
                Outline(&[(3.5, 4.5), (20.5, 4.5), (20.5, 19.5), (3.5, 19.5)]),
                Line(&[(3.5, 9.5), (20.5, 9.5)]),
                Line(&[(3.5, 14.5), (20.5, 14.5)]),
                Dot(7.0, 7.0, 1.1),
                Dot(7.0, 12.0, 1.1),
                Dot(7.0, 17.0, 1.1),
            ],
            Self::KeyVault => &[
                Ring(8.0, 12.0, 4.5),
                Line(&[(12.5, 12.0), (21.0, 12.0), (21.0, 16.0)]),
                Line(&[(17.0, 12.0), (17.0, 15.0)]),
                Dot(8.0, 12.0, 1.2),
            ],
            Self::Database => &[
                Arc { center: (12.0, 6.5), radii: (7.5, 3.0), degrees: (0.0, 360.0) },
                Line(&[(4.5, 6.5), (4.5, 17.5)]),
                Line(&[(19.5, 6.5), (19.5, 17.5)]),
                Arc { center: (12.0, 17.5), radii: (7.5, 3.0), degrees: (0.0, 180.0) },
                Arc { center: (12.0, 12.0), radii: (7.5, 3.0), degrees: (0.0, 180.0) },
            ],
            Self::PlatformService => &[
                Outline(&[(12.0, 3.0), (20.0, 7.5), (20.0, 16.5), (12.0, 21.0), (4.0, 16.5), (4.0, 7.5)]),
                Line(&[(4.0, 7.5), (12.0, 12.0), (20.0, 7.5)]),
                Line(&[(12.0, 12.0), (12.0, 21.0)]),
            ],
            // A tower with its drives.
            Self::OnPremisesHost => &[
                Outline(&[(6.5, 3.0), (17.5, 3.0), (17.5, 21.0), (6.5, 21.0)]),
                Line(&[(10.0, 7.0), (14.0, 7.0)]),
                Line(&[(10.0, 10.5), (14.0, 10.5)]),
                Dot(12.0, 16.5, 1.4),
            ],
            // An open laptop.
            Self::InternetClient => {
                &[Outline(&[(5.5, 5.0), (18.5, 5.0), (18.5, 14.5), (5.5, 14.5)]), Line(&[(2.5, 18.5), (21.5, 18.5)])]
            }
            // An arch with a way through it.
            Self::Gateway => &[
                Arc { center: (12.0, 12.0), radii: (8.0, 8.0), degrees: (180.0, 360.0) },
                Line(&[(4.0, 12.0), (4.0, 20.5)]),
                Line(&[(20.0, 12.0), (20.0, 20.5)]),
                Line(&[(8.0, 15.5), (16.0, 15.5)]),
                Line(&[(13.0, 12.5), (16.0, 15.5), (13.0, 18.5)]),
            ],
            // A box with two antennas.
            Self::LocalNetworkGateway => &[
                Outline(&[(3.5, 13.0), (20.5, 13.0), (20.5, 19.5), (3.5, 19.5)]),
                Line(&[(7.5, 13.0), (7.5, 5.0)]),
                Line(&[(16.5, 13.0), (16.5, 5.0)]),
                Dot(7.5, 16.3, 1.2),
                Dot(11.5, 16.3, 1.2),
            ],
            // A line between two ends, alone.
            Self::ExpressRouteCircuit => &[
                Ring(5.5, 12.0, 2.8),
                Ring(18.5, 12.0, 2.8),
                Line(&[(8.3, 10.5), (15.7, 10.5)]),
                Line(&[(8.3, 13.5), (15.7, 13.5)]),
            ],
            // A label to tie to something.
            Self::PublicIpAddress => &[
                Outline(&[(3.5, 6.0), (14.0, 6.0), (20.5, 12.0), (14.0, 18.0), (3.5, 18.0)]),
                Dot(13.5, 12.0, 1.5),
                Line(&[(6.8, 12.0), (9.2, 12.0)]),
            ],
            // A door one leaves by.
            Self::NatGateway => &[
                Line(&[(13.0, 4.0), (4.0, 4.0), (4.0, 20.0), (13.0, 20.0)]),
                Line(&[(9.0, 12.0), (20.5, 12.0)]),
                Line(&[(16.5, 8.0), (20.5, 12.0), (16.5, 16.0)]),
            ],
            Self::Check => &[Line(&[(4.5, 12.5), (10.0, 18.0), (19.5, 7.0)])],
            Self::Cross => &[Line(&[(6.0, 6.0), (18.0, 18.0)]), Line(&[(18.0, 6.0), (6.0, 18.0)])],
            Self::Clock => &[Ring(12.0, 12.0, 8.5), Line(&[(12.0, 7.0), (12.0, 12.0), (15.5, 14.5)])],
            Self::Unlink => &[
                Line(&[(2.5, 12.0), (8.0, 12.0)]),
                Line(&[(16.0, 12.0), (21.5, 12.0)]),
                Line(&[(10.0, 17.5), (14.0, 6.5)]),
            ],
        }
    }

    /// Every glyph.
    pub const ALL: [Self; 23] = [
        Self::VirtualMachine,
        Self::PrivateEndpoint,
        Self::PrivateLinkService,
        Self::LoadBalancer,
        Self::PrivateDnsZone,
        Self::AzureDns,
        Self::PublicDns,
        Self::Internet,
        Self::Storage,
        Self::KeyVault,
        Self::Database,
        Self::PlatformService,
        Self::OnPremisesHost,
        Self::InternetClient,
        Self::Gateway,
        Self::LocalNetworkGateway,
        Self::ExpressRouteCircuit,
        Self::PublicIpAddress,
        Self::NatGateway,
        Self::Check,
        Self::Cross,
        Self::Clock,
        Self::Unlink,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_glyph_leaves_its_box_and_no_two_look_alike() {
        for (index, glyph) in Glyph::ALL.into_iter().enumerate() {
            assert!(Glyph::ALL[..index].iter().all(|other| other.strokes() != glyph.strokes()), "{glyph:?}");
            for stroke in glyph.strokes() {
                let points: Vec<(f64, f64)> = match *stroke {
                    Line(points) | Outline(points) => points.to_vec(),
                    Ring(x, y, r) | Dot(x, y, r) => vec![(x - r, y - r), (x + r, y + r)],
                    Arc { center: (x, y), radii: (rx, ry), .. } => vec![(x - rx, y - ry), (x + rx, y + ry)],
                };
                let inside = |value: f64| (LINE_WIDTH / 2.0 - 0.5..=BOX - LINE_WIDTH / 2.0 + 0.5).contains(&value);
                assert!(points.iter().all(|(x, y)| inside(*x) && inside(*y)), "{glyph:?}: {stroke:?}");
            }
        }
    }
}
