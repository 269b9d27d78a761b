//! What the visitor prefers: colours and motion.

use leptos::prelude::*;

use crate::dom::{self, Media};

const COLORS_KEY: &str = "private-link-lab/colors";
const PALETTE_KEY: &str = "private-link-lab/palette";

/// Which colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// As the system asks.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Colors {
    const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// What the button says.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }
}

/// Preferences, as signals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefs {
    /// Which colours were chosen.
    pub(crate) colors: RwSignal<Colors>,
    /// Whether that means dark now.
    pub(crate) dark: Memo<bool>,
    /// Whether motion is to be replaced by steps.
    pub(crate) still: RwSignal<bool>,
    /// Whether the list of resources is unfolded.
    pub(crate) palette: RwSignal<bool>,
}

impl Prefs {
    /// The preferences of this browser, following the system.
    pub(crate) fn new() -> Self {
        let system_dark = RwSignal::new(false);
        let still = RwSignal::new(false);
        let dark_query = Media::watch("(prefers-color-scheme: dark)", move |matches| system_dark.set(matches));
        let still_query = Media::watch("(prefers-reduced-motion: reduce)", move |matches| still.set(matches));
        system_dark.set(dark_query.matches());
        still.set(still_query.matches());
        StoredValue::new_local([dark_query, still_query]);

        let colors = RwSignal::new(Colors::named(&dom::load(COLORS_KEY).unwrap_or_default()));
        let dark = Memo::new(move |_| match colors.get() {
            Colors::System => system_dark.get(),
            Colors::Light => false,
            Colors::Dark => true,
        });
        Effect::new(move |_| {
            let chosen = colors.get();
            dom::set_root_attribute("data-theme", (chosen != Colors::System).then(|| chosen.name()));
        });
        let palette = RwSignal::new(dom::load(PALETTE_KEY).is_none_or(|kept| kept == "open"));
        Effect::new(move |_| dom::save(PALETTE_KEY, if palette.get() { "open" } else { "folded" }));
        Self { colors, dark, still, palette }
    }

    /// Chooses the next of system, light and dark, and remembers it.
    pub(crate) fn next_colors(self) {
        self.colors.update(|colors| *colors = colors.next());
        dom::save(COLORS_KEY, self.colors.get_untracked().name());
    }
}
