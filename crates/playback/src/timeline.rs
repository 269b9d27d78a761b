//! The layout of a trace in time.

use sim::trace::{Event, Phase, Place, Step, Trace};
use topology::resource::Access;

/// How long a packet travels between two places, in milliseconds at normal speed.
const TRAVEL_MS: f64 = 620.0;
/// What each further place on the way adds, in milliseconds.
const VIA_MS: f64 = 360.0;
/// How long a decision is shown, in milliseconds.
const DWELL_MS: f64 = 640.0;
/// How long a rewrite, an answer or a drop is shown: there is more to read.
const DWELL_LONG_MS: f64 = 1250.0;

/// What a step is, for the timeline: told apart by shape and label, not only by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A DNS question.
    Query,
    /// A DNS answer.
    Answer,
    /// A decision that lets the packet go on.
    Hop,
    /// A header rewrite.
    Rewrite,
    /// The target accepted or answered.
    Success,
    /// The target answered with a refusal.
    Refusal,
    /// The request ends here.
    Drop,
}

impl Marker {
    /// What kind of mark a step gets.
    #[must_use]
    pub fn of(step: &Step) -> Self {
        match &step.event {
            Event::QuerySent { .. } | Event::QueryForwarded { .. } | Event::InboundEndpointAsked { .. } => Self::Query,
            Event::PublicAlias { .. }
            | Event::PublicAddress { .. }
            | Event::PublicMissing { .. }
            | Event::PrivateRecord { .. }
            | Event::PrivateMissing { .. }
            | Event::ZoneNotLinked { .. }
            | Event::RedirectedToPublic { .. }
            | Event::PrivateAlias { .. }
            | Event::HostsFile { .. }
            | Event::CachedAnswer { .. }
            | Event::RulePassedOver { .. }
            | Event::ServerRecord { .. }
            | Event::ServerAlias { .. }
            | Event::ServerMissing { .. }
            | Event::AnswerRelayed { .. }
            | Event::AnswerReceived { .. } => Self::Answer,
            Event::ServerSilent { .. } | Event::ServerFailed { .. } | Event::LeaseOutdated { .. } => Self::Refusal,
            Event::RouteSelected { .. }
            | Event::OutsideRouteSelected { .. }
            | Event::TunnelEntered { .. }
            | Event::SecurityNotApplied { .. }
            | Event::RoutesBypassed { .. }
            | Event::NextHopBalanced { .. }
            | Event::Forwarded { source: None, .. }
            | Event::EndpointReplied { .. }
            | Event::ReplyForwarded { destination: None, .. }
            | Event::EndpointAdmitted { .. }
            | Event::GuestAccepted { .. }
            | Event::LoginRedirected { .. }
            | Event::ServiceEndpointTaken { .. }
            | Event::EchoAnswered { .. }
            | Event::HairpinPossible { .. }
            | Event::ProxyHeaderSent { .. }
            | Event::ProxyHeaderRead { .. }
            | Event::DataSent { .. }
            | Event::DataArrived { .. }
            | Event::DatagramAnswered { .. }
            | Event::PlatformAccepted { .. }
            | Event::RequestArrived { .. }
            | Event::CertificateChecked { .. }
            | Event::Connected { .. } => Self::Hop,
            Event::Forwarded { source: Some(_), .. }
            | Event::ReplyForwarded { destination: Some(_), .. }
            | Event::OutboundTranslated { .. }
            | Event::SourceTranslated { .. }
            | Event::TranslatedDirectly { .. }
            | Event::NatRuleApplied { .. }
            | Event::FlowContinued { .. }
            | Event::DestinationTranslated { .. }
            | Event::DestinationUntranslated { .. }
            | Event::Translated { .. }
            | Event::Balanced { .. }
            | Event::GatewayTranslated { .. }
            | Event::GatewayUntranslated
            | Event::Unbalanced { .. }
            | Event::Untranslated { .. }
            | Event::OutboundUntranslated { .. } => Self::Rewrite,
            Event::SecurityEvaluated { access, .. } => match access {
                Access::Allow => Self::Hop,
                Access::Deny => Self::Refusal,
            },
            Event::ProbeDenied { .. } | Event::ProbeFailed { .. } | Event::ProxyHeaderNotUnderstood { .. } => {
                Self::Refusal
            }
            Event::FirewallEvaluated { verdict, .. } => {
                if verdict.allows() {
                    Self::Hop
                } else {
                    Self::Refusal
                }
            }
            Event::ResponseSent { response } => {
                if response.status < 400 {
                    Self::Hop
                } else {
                    Self::Refusal
                }
            }
            Event::ResponseReceived { response } => {
                if response.status < 400 {
                    Self::Success
                } else {
                    Self::Refusal
                }
            }
            Event::Dropped { .. } => Self::Drop,
        }
    }

    /// Whether “next interesting event” stops here.
    #[must_use]
    pub const fn is_interesting(self) -> bool {
        !matches!(self, Self::Hop | Self::Query)
    }
}

/// One step in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// When it begins, in milliseconds at normal speed.
    pub start_ms: f64,
    /// How long the packet travels before it arrives; zero when it does not move.
    pub travel_ms: f64,
    /// How long the decision is shown after that.
    pub dwell_ms: f64,
    /// The places passed, from where the previous step happened to where this one happens. Never empty;
    /// one place means that nothing moves.
    pub route: Vec<Place>,
    /// What kind of mark it gets.
    pub marker: Marker,
    /// The part of the conversation.
    pub phase: Phase,
}

impl Slot {
    /// When it ends.
    #[must_use]
    pub fn end_ms(&self) -> f64 {
        self.start_ms + self.travel_ms + self.dwell_ms
    }
}

/// A trace laid out in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    slots: Vec<Slot>,
}

/// What is to be seen at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The step being shown.
    pub step: usize,
    /// How far the packet has come along the slot's route: 0 at its start, 1 when it has arrived.
    pub travel: f64,
    /// How much of the decision has been shown: 0 on arrival, 1 at the end of the slot.
    pub dwell: f64,
}

impl Timeline {
    /// Lays out a trace.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let mut start_ms = 0.0;
        let mut from: Option<&Place> = None;
        let mut slots = Vec::with_capacity(trace.steps.len());
        for step in &trace.steps {
            let mut route: Vec<Place> = from.into_iter().chain(&step.via).chain([&step.at]).cloned().collect();
            route.dedup();
            let hops = route.len() - 1;
            let travel_ms = match hops {
                0 => 0.0,
                #[expect(clippy::cast_precision_loss, reason = "a route has a handful of places")]
                hops => TRAVEL_MS + VIA_MS * (hops - 1) as f64,
            };
            let marker = Marker::of(step);
            let dwell_ms = if marker.is_interesting() { DWELL_LONG_MS } else { DWELL_MS };
            slots.push(Slot { start_ms, travel_ms, dwell_ms, route, marker, phase: step.phase });
            start_ms += travel_ms + dwell_ms;
            from = Some(&step.at);
        }
        Self { slots }
    }

    /// The steps in time.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// How long the whole takes, in milliseconds at normal speed.
    #[must_use]
    pub fn duration_ms(&self) -> f64 {
        self.slots.last().map_or(0.0, Slot::end_ms)
    }

    /// What is to be seen at `time_ms`, clamped to the timeline. `None` only when there are no steps.
    #[must_use]
    pub fn at(&self, time_ms: f64) -> Option<Moment> {
        let after = self.slots.partition_point(|slot| slot.start_ms <= time_ms);
        let step = after.saturating_sub(1);
        let slot = self.slots.get(step)?;
        let into = (time_ms - slot.start_ms).max(0.0);
        let travel = if slot.travel_ms > 0.0 { (into / slot.travel_ms).min(1.0) } else { 1.0 };
        let dwell = ((into - slot.travel_ms) / slot.dwell_ms).clamp(0.0, 1.0);
        Some(Moment { step, travel, dwell })
    }

    /// The instant at which a step is fully shown: its packet has arrived and its rewrite is done.
    #[must_use]
    pub fn settled_ms(&self, step: usize) -> f64 {
        self.slots.get(step).map_or(0.0, |slot| slot.start_ms + slot.travel_ms + slot.dwell_ms * 0.7)
    }

    /// Where a time stands on an axis that gives every step the same room: 0 at the first step, `n - 1` at the last.
    #[must_use]
    pub fn ordinal(&self, time_ms: f64) -> f64 {
        let Some(moment) = self.at(time_ms) else { return 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "a trace has far fewer than 2^52 steps")]
        let step = moment.step as f64;
        let slot = &self.slots[moment.step];
        let behind = if slot.travel_ms > 0.0 { 1.0 - moment.travel } else { 0.0 };
        (step - behind).max(0.0)
    }

    /// The time a position on the ordinal axis stands for: whole numbers give the step fully shown, what lies
    /// between gives the packet on its way to the next.
    #[must_use]
    pub fn time_at(&self, ordinal: f64) -> f64 {
        let Some(last) = self.slots.len().checked_sub(1) else { return 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "a trace has far fewer than 2^52 steps")]
        let ordinal = ordinal.clamp(0.0, last as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the steps above")]
        let step = ordinal.ceil() as usize;
        let behind = ordinal.ceil() - ordinal;
        let slot = &self.slots[step];
        if behind > 0.0 { slot.start_ms + slot.travel_ms * (1.0 - behind) } else { self.settled_ms(step) }
    }
}
