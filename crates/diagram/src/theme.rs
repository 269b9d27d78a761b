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
    CardFill,
    CardStroke,
    /// The small tile behind a glyph.
    Tile,
    /// Wires at rest.
    Wire,
    /// Peerings.
    Peering,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark marks on a light ground.
    Light,
    /// Light marks on a dark ground.
    Dark,
}
