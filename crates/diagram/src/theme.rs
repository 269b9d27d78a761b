//! Inks and their colours. Shapes carry an [`Ink`]; a [`Theme`] gives it a colour, so that one draw list serves
//! light, dark and print.

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each ink is named after its use")]
pub enum Ink {
    /// The ground of the diagram.
    Ground,
    /// The dots of the grid.
    GridDot,
    Text,
    TextMuted,
    /// Tenants take these in turn.
    TenantAFill,
    TenantAStroke,
    TenantAText,
    TenantBFill,
    TenantBStroke,
    TenantBText,
    TenantCFill,
    TenantCStroke,
    TenantCText,
    NetworkFill,
    NetworkStroke,
    SubnetFill,
    SubnetStroke,
    /// On-premises sites.
    SiteFill,
    SiteStroke,
    CardFill,
    CardStroke,
    /// The small tile behind a glyph.
    Tile,
    /// Wires at rest.
    Wire,
    /// Peerings.
    Peering,
    /// The walls of tunnels.
    Tunnel,
    /// DNS links and DNS chips.
    Dns,
    DnsFill,
    /// The Private Link ribbon's body and its middle line.
    Ribbon,
    RibbonLine,
    /// Selection, focus, the followed path.
    Accent,
    AccentFill,
    OnAccent,
    Good,
    GoodFill,
    Warning,
    WarningFill,
    Bad,
    BadFill,
    /// Behind a value that just changed.
    Changed,
    OnChanged,
    /// Marks of overlapping ranges.
    Overlap,
    OverlapFill,
    Shadow,
}

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Opacity, 0 to 255.
    pub a: u8,
}

impl Color {
    /// An opaque colour from `0xRRGGBB`.
    #[must_use]
    pub const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self { r, g, b, a: 255 }
    }

    /// The same colour with another opacity.
    #[must_use]
    pub const fn with_alpha(self, a: u8) -> Self {
        Self { a, ..self }
    }

    /// The colour as CSS writes it.
    #[must_use]
    pub fn css(self) -> String {
        if self.a == 255 {
            format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
        } else {
            format!("rgba({},{},{},{:.3})", self.r, self.g, self.b, f64::from(self.a) / 255.0)
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark marks on a light ground.
    Light,
    /// Light marks on a dark ground.
    Dark,
}

impl Theme {
    /// The colour of an ink. The hues follow Okabe and Ito's palette: blue for what is followed, bluish green for
    /// what works, orange for what changed, vermilion for what failed, reddish purple for Private Link.
    #[must_use]
    pub const fn color(self, ink: Ink) -> Color {
        let (light, dark) = match ink {
            Ink::Ground => (0xf5f7fa, 0x0e1319),
            Ink::GridDot => (0xd3dbe5, 0x25303c),
            Ink::Text => (0x1a2330, 0xe8edf3),
            Ink::TextMuted => (0x556173, 0x9fadbd),
            Ink::TenantAFill => (0xe5effa, 0x12202f),
            Ink::TenantAStroke => (0x3b82c6, 0x4a90d9),
            Ink::TenantAText => (0x0b5cad, 0x7db8f5),
            Ink::TenantBFill => (0xfdf0e1, 0x261c10),
            Ink::TenantBStroke => (0xc26a12, 0xc98a3d),
            Ink::TenantBText => (0x924a00, 0xf0b060),
            Ink::TenantCFill => (0xe4f3ee, 0x10241f),
            Ink::TenantCStroke => (0x2a8a6f, 0x3fa98a),
            Ink::TenantCText => (0x0a6650, 0x63d2b1),
            Ink::NetworkFill => (0xffffff, 0x171e26),
            Ink::NetworkStroke => (0x768ca5, 0x6b7f96),
            Ink::SubnetFill => (0xf5f8fb, 0x1b232c),
            Ink::SubnetStroke => (0x7e90a5, 0x66778a),
            Ink::SiteFill => (0xeef0e8, 0x1d1f18),
            Ink::SiteStroke => (0x7b8264, 0x8c9472),
            Ink::Tunnel => (0x5f6b48, 0x9aa67e),
            Ink::CardFill => (0xffffff, 0x232c37),
            Ink::CardStroke => (0xb4c0ce, 0x4a5868),
            Ink::Tile => (0xedf3fa, 0x161d25),
            Ink::Wire => (0x6b7d92, 0x8a9bb0),
            Ink::Peering => (0x44566c, 0xa9b8ca),
            Ink::Dns => (0x0b6e87, 0x4fc3d9),
            Ink::DnsFill => (0xe2f4f8, 0x0f2a31),
            Ink::Ribbon => (0xe9d8f2, 0x3d2749),
            Ink::RibbonLine => (0x7b2d8e, 0xd09cf0),
            Ink::Accent => (0x0b5cad, 0x58a6ff),
            Ink::AccentFill => (0xdfecfa, 0x16304d),
            Ink::OnAccent => (0xffffff, 0x06131f),
            Ink::Good => (0x00704f, 0x4fd6a5),
            Ink::GoodFill => (0xe2f5ed, 0x0f2b22),
            Ink::Warning => (0x8a5200, 0xf2b84b),
            Ink::WarningFill => (0xfff3d6, 0x2e230e),
            Ink::Bad => (0xb03000, 0xff9472),
            Ink::BadFill => (0xfdeae3, 0x351a12),
            Ink::Changed => (0xffdf86, 0x6b5200),
            Ink::OnChanged => (0x2e2100, 0xffeeb8),
            Ink::Overlap => (0x8f5200, 0xf2b84b),
            Ink::OverlapFill => (0xfff8ea, 0x2a210f),
            Ink::Shadow => {
                return match self {
                    Self::Light => Color::hex(0x1a2330).with_alpha(38),
                    Self::Dark => Color::hex(0x000000).with_alpha(110),
                };
            }
        };
        match self {
            Self::Light => Color::hex(light),
            Self::Dark => Color::hex(dark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
    }

    fn assert_contrast(pairs: &[(Ink, Ink)], least: f64) {
        for theme in [Theme::Light, Theme::Dark] {
            for (mark, ground) in pairs {
                let (a, b) = (luminance(theme.color(*mark)), luminance(theme.color(*ground)));
                let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(ratio >= least, "{theme:?}: {mark:?} on {ground:?} is {ratio:.2}, needs {least}");
            }
        }
    }

    #[test]
    fn every_text_is_readable_on_the_fill_it_stands_on() {
        use Ink::*;
        let pairs = [
            (Text, Ground),
            (Text, NetworkFill),
            (Text, SubnetFill),
            (Text, CardFill),
            (Text, DnsFill),
            (TextMuted, Ground),
            (TextMuted, NetworkFill),
            (TextMuted, SubnetFill),
            (TextMuted, CardFill),
            (TextMuted, TenantAFill),
            (TextMuted, TenantBFill),
            (TextMuted, TenantCFill),
            (TextMuted, DnsFill),
            (Text, SiteFill),
            (TextMuted, SiteFill),
            (TenantAText, TenantAFill),
            (TenantBText, TenantBFill),
            (TenantCText, TenantCFill),
            (Dns, DnsFill),
            (Dns, CardFill),
            (Accent, CardFill),
            (OnAccent, Accent),
            (Text, AccentFill),
            (Good, GoodFill),
            (Good, CardFill),
            (Warning, WarningFill),
            (Warning, CardFill),
            (Bad, BadFill),
            (Bad, CardFill),
            (OnChanged, Changed),
            (Overlap, OverlapFill),
            (TextMuted, BadFill),
        ];
        assert_contrast(&pairs, 4.5);
    }

    #[test]
    fn every_line_that_means_something_is_visible() {
        use Ink::*;
        let pairs = [
            (TenantAStroke, Ground),
            (TenantBStroke, Ground),
            (TenantCStroke, Ground),
            (NetworkStroke, NetworkFill),
            (SubnetStroke, SubnetFill),
            (SiteStroke, Ground),
            (Tunnel, Ground),
            (Tunnel, SiteFill),
            (Tunnel, NetworkFill),
            (Tunnel, SubnetFill),
            (Tunnel, TenantAFill),
            (Tunnel, TenantBFill),
            (Tunnel, TenantCFill),
            (Tunnel, CardFill),
            (Accent, SiteFill),
            (Dns, SiteFill),
            (Wire, SubnetFill),
            (Wire, NetworkFill),
            (Wire, Ground),
            (Wire, TenantAFill),
            (Wire, TenantBFill),
            (Peering, TenantAFill),
            (Peering, TenantBFill),
            (Peering, TenantCFill),
            (Peering, Ground),
            (Dns, TenantAFill),
            (Dns, TenantBFill),
            (Dns, NetworkFill),
            (Dns, Ground),
            (RibbonLine, Ribbon),
            (RibbonLine, CardFill),
            (RibbonLine, Tile),
            (Accent, Tile),
            (Accent, Ground),
            (Accent, SubnetFill),
            (Accent, NetworkFill),
            (Accent, TenantAFill),
            (Accent, TenantBFill),
            (Bad, Ground),
            (Good, Ground),
            (Overlap, NetworkFill),
            (Dns, Tile),
            (TextMuted, Tile),
        ];
        assert_contrast(&pairs, 3.0);
    }
}
