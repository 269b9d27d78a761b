//! What a card says: its name, an address, a state.

use smol_str::{SmolStr, format_smolstr};
use topology::resource::ConnectionStatus;

use crate::content::{Card, CardKind};
use crate::draw_list::{Font, Glyph};
use crate::facts::Detail;
use crate::text::{TextMetrics, shortened};
use crate::theme::Ink;

/// Where a card's text begins, right of its glyph's tile.
pub(crate) const TEXT_INSET: f64 = 52.0;
const RIGHT_PADDING: f64 = 12.0;
const STATE_GLYPH_ROOM: f64 = 16.0;
/// Real typefaces may be wider than what was measured.
const SLACK: f64 = 1.05;
const WIDTH_RANGE: (f64, f64) = (148.0, 332.0);

/// A state, told by sign, word and colour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) glyph: Glyph,
    pub(crate) text: SmolStr,
    pub(crate) ink: Ink,
    pub(crate) fill: Ink,
}

#[derive(Clone, Debug)]
pub(crate) struct CardText {
    pub(crate) name: SmolStr,
    pub(crate) line: Option<SmolStr>,
    pub(crate) state: Option<State>,
}

pub(crate) fn connection_state(status: ConnectionStatus) -> State {
    let (glyph, ink, fill) = match status {
        ConnectionStatus::Approved => (Glyph::Check, Ink::Good, Ink::GoodFill),
        ConnectionStatus::Pending => (Glyph::Clock, Ink::Warning, Ink::WarningFill),
        ConnectionStatus::Rejected => (Glyph::Cross, Ink::Bad, Ink::BadFill),
        ConnectionStatus::Disconnected => (Glyph::Unlink, Ink::Bad, Ink::BadFill),
    };
    State { glyph, text: format_smolstr!("{status}"), ink, fill }
}

fn state(detail: &Detail) -> Option<State> {
    match detail {
        Detail::Connection(status) => Some(connection_state(*status)),
        Detail::Healthy(true) => {
            Some(State { glyph: Glyph::Check, text: "healthy".into(), ink: Ink::Good, fill: Ink::GoodFill })
        }
        Detail::Healthy(false) => {
            Some(State { glyph: Glyph::Cross, text: "unhealthy".into(), ink: Ink::Bad, fill: Ink::BadFill })
        }
        Detail::DefaultActionDeny => {
            let text = "defaultAction Deny".into();
            Some(State { glyph: Glyph::Cross, text, ink: Ink::Warning, fill: Ink::WarningFill })
        }
        Detail::PublicNetworkAccessDisabled => {
            let text = "publicNetworkAccess Disabled".into();
            Some(State { glyph: Glyph::Cross, text, ink: Ink::Warning, fill: Ink::WarningFill })
        }
        Detail::Address(_)
        | Detail::NatAddress(_)
        | Detail::Range(_)
        | Detail::Overlaps
        | Detail::Records(_)
        | Detail::Rules(_)
        | Detail::ResourceType(_)
        | Detail::Subscription(_)
        | Detail::Location(_)
        | Detail::SecurityGroup(_)
        | Detail::RouteTable(_) => None,
    }
}

fn line(card: &Card) -> Option<SmolStr> {
    let addresses: Vec<SmolStr> = card
        .details
        .iter()
        .filter_map(|detail| match detail {
            Detail::Address(address) => Some(format_smolstr!("{address}")),
            Detail::NatAddress(address) => Some(format_smolstr!("NAT {address}")),
            Detail::Records(n) => Some(if *n == 1 { "1 record".into() } else { format_smolstr!("{n} records") }),
            Detail::Range(range) => Some(format_smolstr!("{range}")),
            Detail::Rules(n) => Some(if *n == 1 { "1 rule".into() } else { format_smolstr!("{n} rules") }),
            Detail::Connection(_)
            | Detail::Overlaps
            | Detail::Healthy(_)
            | Detail::DefaultActionDeny
            | Detail::PublicNetworkAccessDisabled
            | Detail::ResourceType(_)
            | Detail::Subscription(_)
            | Detail::Location(_)
            | Detail::SecurityGroup(_)
            | Detail::RouteTable(_) => None,
        })
        .collect();
    let shield = card.details.iter().find_map(|detail| {
        if let Detail::SecurityGroup(group) = detail { Some(format_smolstr!("NSG {group}")) } else { None }
    });
    let addresses = match addresses.as_slice() {
        [] if matches!(card.kind, CardKind::PlatformService | CardKind::ExpressRouteCircuit) => {
            card.details.iter().find_map(|detail| {
                let Detail::ResourceType(full) = detail else { return None };
                full.rsplit('/').next().map(SmolStr::new)
            })
        }
        [] => None,
        [only] => Some(only.clone()),
        [first, rest @ ..] => Some(format_smolstr!("{first} +{}", rest.len())),
    };
    match (addresses, shield) {
        (Some(addresses), Some(shield)) => Some(format_smolstr!("{addresses} · {shield}")),
        (addresses, shield) => addresses.or(shield),
    }
}

impl CardText {
    /// The full texts of a card.
    pub(crate) fn of(card: &Card) -> Self {
        Self { name: card.name.clone(), line: line(card), state: card.details.iter().find_map(state) }
    }

    /// The width at which nothing is shortened, within reason.
    pub(crate) fn width(&self, metrics: &dyn TextMetrics) -> f64 {
        let name = metrics.width(&self.name, Font::Label);
        let line = self.line.as_ref().map_or(0.0, |line| metrics.width(line, Font::Mono));
        let state = self.state.as_ref().map_or(0.0, |state| metrics.width(&state.text, Font::Small) + STATE_GLYPH_ROOM);
        let text = name.max(line).max(state) * SLACK;
        (TEXT_INSET + text + RIGHT_PADDING).clamp(WIDTH_RANGE.0, WIDTH_RANGE.1)
    }

    /// Shortened to what a card of this width can show.
    pub(crate) fn fitted(&self, width: f64, metrics: &dyn TextMetrics) -> Self {
        let room = width - TEXT_INSET - RIGHT_PADDING / 2.0;
        Self {
            name: shortened(&self.name, Font::Label, room, metrics),
            line: self.line.as_ref().map(|line| shortened(line, Font::Mono, room, metrics)),
            state: self.state.as_ref().map(|state| State {
                text: shortened(&state.text, Font::Small, room - STATE_GLYPH_ROOM, metrics),
                ..state.clone()
            }),
        }
    }
}
