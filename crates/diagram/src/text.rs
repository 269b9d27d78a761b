//! How wide a text is. The painter knows; tests use fixed widths.

use smol_str::SmolStr;

use crate::draw_list::Font;

/// Measures texts. The same text and font must always give the same width.
pub trait TextMetrics {
    /// The width of one line in world units.
    fn width(&self, text: &str, font: Font) -> f64;
}

/// Widths that need no browser: an average advance per font. Used by tests and benchmarks.
#[derive(Clone, Copy, Debug, Default)]
pub struct FixedMetrics;

impl TextMetrics for FixedMetrics {
    fn width(&self, text: &str, font: Font) -> f64 {
        let (capital, other) = match font {
            Font::Title => (0.76, 0.62),
            Font::Label => (0.74, 0.60),
            Font::Small => (0.74, 0.58),
            Font::Mono | Font::MonoSmall | Font::MonoBold => (0.602, 0.602),
        };
        let advance = |c: char| if c.is_uppercase() { capital } else { other };
        text.chars().map(advance).sum::<f64>() * font.size()
    }
}

/// The text itself when it fits, otherwise its beginning and an ellipsis.
#[must_use]
pub fn shortened(text: &str, font: Font, max_width: f64, metrics: &dyn TextMetrics) -> SmolStr {
    if metrics.width(text, font) <= max_width {
        return SmolStr::new(text);
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let candidate: String = kept.iter().copied().chain(['…']).collect();
        if metrics.width(&candidate, font) <= max_width {
            return SmolStr::new(candidate);
        }
    }
    SmolStr::new_static("…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_ends_in_an_ellipsis_and_fits() {
        let short = shortened("privatelink.blob.core.windows.net", Font::Mono, 120.0, &FixedMetrics);
        assert!(short.ends_with('…'));
        assert!(FixedMetrics.width(&short, Font::Mono) <= 120.0);
    }
}
