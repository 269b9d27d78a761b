//! The texts on frames: names, ranges, marks. Wires keep clear of them.

use smol_str::{SmolStr, format_smolstr};
use topology::Id;

use super::PlacedFrame;
use crate::content::{Frame, FrameKind, Tone};
use crate::draw_list::Font;
use crate::facts::Detail;
use crate::geometry::Rect;
use crate::text::{TextMetrics, shortened};
use crate::theme::Ink;

/// How a label is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Chip,
    OverlapChip,
}

/// One text on a frame.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) rect: Rect,
    pub(crate) text: SmolStr,
    pub(crate) font: Font,
    pub(crate) ink: Ink,
    pub(crate) look: Look,
}

/// How many ranges of a network are shown.
const N_RANGES: usize = 2;
/// How many characters of a security group's name are shown.
const LONGEST_SHIELD: usize = 24;
const GAP: f64 = 8.0;
const SLACK: f64 = 1.05;

fn font_of_name(kind: FrameKind) -> Font {
    match kind {
        FrameKind::Tenant(_) => Font::Title,
        FrameKind::Network | FrameKind::Site => Font::Label,
        FrameKind::Subnet | FrameKind::Unplaced => Font::Small,
    }
}

fn ink_of_name(kind: FrameKind) -> Ink {
    match kind {
        FrameKind::Tenant(Tone::A) => Ink::TenantAText,
        FrameKind::Tenant(Tone::B) => Ink::TenantBText,
        FrameKind::Tenant(Tone::C) => Ink::TenantCText,
        FrameKind::Network | FrameKind::Site => Ink::Text,
        FrameKind::Subnet | FrameKind::Unplaced => Ink::TextMuted,
    }
}

/// Subscriptions and regions of a tenant.
fn subtitle(frame: &Frame) -> SmolStr {
    let mut parts: Vec<&str> = Vec::new();
    for detail in &frame.details {
        if let Detail::Subscription(id) = detail {
            parts.push(id.as_str());
        } else if let Detail::Location(location) = detail {
            parts.push(location);
        }
    }
    SmolStr::from(parts.join("  ·  "))
}

/// The name of a security group or route table after what it is, no longer than a header can bear.
fn shield(kind: &str, name: &Id) -> SmolStr {
    match name.as_str().get(..LONGEST_SHIELD) {
        Some(start) if start.len() < name.as_str().len() => format_smolstr!("{kind} {start}…"),
        _ => format_smolstr!("{kind} {name}"),
    }
}

/// What stands at the right end of a header, from right to left: text and look.
fn marks(frame: &Frame) -> Vec<(SmolStr, Look)> {
    let ranges: Vec<&Detail> = frame.details.iter().filter(|detail| matches!(detail, Detail::Range(_))).collect();
    let look = if matches!(frame.kind, FrameKind::Network | FrameKind::Site) { Look::Chip } else { Look::Plain };
    let mut marks = Vec::new();
    if frame.details.contains(&Detail::Overlaps) {
        marks.push((SmolStr::new_static("overlaps"), Look::OverlapChip));
    }
    if ranges.len() > N_RANGES {
        marks.push((format_smolstr!("+{}", ranges.len() - N_RANGES), look));
    }
    for detail in ranges.iter().take(N_RANGES).rev() {
        if let Detail::Range(range) = detail {
            marks.push((format_smolstr!("{range}"), look));
        }
    }
    for detail in &frame.details {
        if let Detail::SecurityGroup(group) = detail {
            marks.push((shield("NSG", group), Look::Plain));
        }
        if let Detail::RouteTable(table) = detail {
            marks.push((shield("UDR", table), Look::Plain));
        }
    }
    marks
}

fn mark_font(look: Look) -> Font {
    match look {
        Look::Plain | Look::Chip => Font::MonoSmall,
        Look::OverlapChip => Font::Small,
    }
}

fn mark_width(text: &str, look: Look, metrics: &dyn TextMetrics) -> f64 {
    let padding = match look {
        Look::Plain => 0.0,
        Look::Chip => 20.0,
        Look::OverlapChip => 36.0,
    };
    (metrics.width(text, mark_font(look)) * SLACK + padding).ceil()
}

const fn inset(kind: FrameKind) -> f64 {
    match kind {
        FrameKind::Tenant(_) => 20.0,
        FrameKind::Network | FrameKind::Site => 16.0,
        FrameKind::Subnet | FrameKind::Unplaced => 12.0,
    }
}

/// The width at which a frame's header shows everything, within reason.
pub(super) fn header_width(frame: &Frame, metrics: &dyn TextMetrics) -> f64 {
    let name = (metrics.width(&frame.name, font_of_name(frame.kind)) * SLACK).min(220.0);
    let marks: f64 = marks(frame).iter().map(|(text, look)| mark_width(text, *look, metrics) + GAP).sum();
    let subtitle = match frame.kind {
        FrameKind::Tenant(_) => metrics.width(&subtitle(frame), Font::Small).min(260.0),
        FrameKind::Network | FrameKind::Subnet | FrameKind::Site | FrameKind::Unplaced => 0.0,
    };
    (name + marks).max(subtitle) + 2.0 * inset(frame.kind)
}

/// The labels of a placed frame.
pub(super) fn of(placed: &PlacedFrame, metrics: &dyn TextMetrics) -> Vec<Label> {
    let (frame, rect) = (&placed.frame, placed.rect);
    let inset = inset(frame.kind);
    let mut labels = Vec::new();
    let row = match frame.kind {
        FrameKind::Tenant(_) | FrameKind::Unplaced => Rect::new(rect.x, rect.y + 14.0, rect.width, 20.0),
        FrameKind::Network | FrameKind::Site => Rect::new(rect.x, rect.y + 12.0, rect.width, 20.0),
        FrameKind::Subnet => Rect::new(rect.x, rect.y + 8.0, rect.width, 16.0),
    };
    let mut right = rect.right() - inset;
    for (text, look) in marks(frame) {
        let font = mark_font(look);
        let width = mark_width(&text, look, metrics);
        if right - width < rect.x + inset + 40.0 {
            break;
        }
        let ink = match look {
            Look::Plain => Ink::TextMuted,
            Look::Chip => Ink::Text,
            Look::OverlapChip => Ink::Overlap,
        };
        labels.push(Label { rect: Rect::new(right - width, row.y, width, row.height), text, font, ink, look });
        right -= width + GAP;
    }
    let (font, ink) = (font_of_name(frame.kind), ink_of_name(frame.kind));
    let mut plain = |text: &str, y: f64, height: f64, font: Font, ink: Ink, right: f64| {
        if text.is_empty() {
            return;
        }
        let left = rect.x + inset;
        let text = shortened(text, font, right - left, metrics);
        let width = metrics.width(&text, font).ceil().min(right - left);
        labels.push(Label { rect: Rect::new(left, y, width, height), text, font, ink, look: Look::Plain });
    };
    plain(&frame.name, row.y, row.height, font, ink, right);
    if matches!(frame.kind, FrameKind::Tenant(_)) {
        plain(&subtitle(frame), rect.y + 36.0, 14.0, Font::Small, Ink::TextMuted, rect.right() - inset);
    }
    labels
}
