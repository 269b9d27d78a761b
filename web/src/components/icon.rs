//! The signs on buttons, drawn for a 24 × 24 box.

use super::node::{El, svg};

/// A sign on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Undo,
    Redo,
    System,
    Light,
    Dark,
    Play,
    Pause,
    StepBack,
    StepForward,
    Plus,
    Minus,
    Fit,
    List,
    Down,
    Close,
    Check,
    Help,
    Loop,
    Follow,
    Back,
    Ahead,
    Copy,
    Frame,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Undo => "M8 5 4 9l4 4M4.5 9H14a5 5 0 0 1 0 10h-3",
            Self::Redo => "m16 5 4 4-4 4M19.5 9H10a5 5 0 0 0 0 10h3",
            Self::System => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 4v16M12 7.5h5.5M12 12h8M12 16.5h5.5",
            Self::Light => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
            }
            Self::Dark => "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
            Self::Play => "M8 5.5v13l10.5-6.5Z",
            Self::Pause => "M8.5 5.5v13M15.5 5.5v13",
            Self::StepBack => "M6 5.5v13M18 5.5v13L9 12Z",
            Self::StepForward => "M18 5.5v13M6 5.5v13l9-6.5Z",
            Self::Plus => "M12 5.5v13M5.5 12h13",
            Self::Minus => "M5.5 12h13",
            Self::Fit => "M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15",
            Self::List => "M5 6.5h3M11 6.5h8M8 12h3M14 12h5M8 17.5h3M14 17.5h5",
            Self::Down => "m6.5 9.5 5.5 5.5 5.5-5.5",
            Self::Close => "m6.5 6.5 11 11M17.5 6.5l-11 11",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Loop => "M7 7.5h8.5a4 4 0 0 1 0 9H8.5a4 4 0 0 1-3.4-6M9.5 4.5l-3 3 3 3",
            Self::Follow => "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM12 3v3M12 18v3M3 12h3M18 12h3",
            Self::Back => "m12 7-5 5 5 5M18 7l-5 5 5 5",
            Self::Ahead => "m6 7 5 5-5 5M12 7l5 5-5 5",
            Self::Frame => "M5 7.5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2ZM5 9.5h14",
            Self::Copy => "M9 9h9.5v10.5H9ZM6 15H5V4.5h9.5V6",
            Self::Help => "M9 9.2a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2M12 17.4v.2",
        }
    }

    const fn is_filled(self) -> bool {
        matches!(self, Self::Play | Self::StepBack | Self::StepForward)
    }
}

/// A sign; what it means stands in the button's name.
pub(crate) fn icon(icon: Icon) -> El {
    let class = if icon.is_filled() { "icon filled" } else { "icon" };
    hidden(class, "0 0 24 24").child(svg("path").attr("d", icon.path()))
}

/// A drawing that screen readers skip.
pub(crate) fn hidden(class: &str, view_box: &str) -> El {
    svg("svg").class(class).attr("viewBox", view_box).attr("aria-hidden", "true").attr("focusable", "false")
}

/// The mark of the lab: a ring on a line, the line changing colour as it passes.
pub(crate) fn logo() -> El {
    let ring = svg("circle").attr("cx", "16").attr("cy", "12");
    let core = svg("circle").class("logo-core").attr("cx", "16").attr("cy", "12");
    hidden("logo", "0 0 32 24")
        .child(svg("path").class("logo-in").attr("d", "M1.5 12H10"))
        .child(svg("path").class("logo-out").attr("d", "M22 12h8.5"))
        .child(ring.attr("r", "6"))
        .child(core.attr("r", "1.9"))
}

/// A sign of 16 × 16 that is one line.
pub(crate) fn mark(class: &str, path: &str) -> El {
    svg("svg").class(class).attr("viewBox", "0 0 16 16").attr("aria-hidden", "true").child(svg("path").attr("d", path))
}
