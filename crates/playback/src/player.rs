//! The state of playing: a position in time, and how it moves.

use crate::Timeline;

/// How fast time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace(f64);

impl Pace {
    /// The speeds offered, from slow to fast.
    pub const STEPS: [f64; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

    /// Normal speed.
    pub const NORMAL: Self = Self(1.0);

    /// How many timeline milliseconds pass in one real millisecond.
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.0
    }

    /// The next slower speed offered.
    #[must_use]
    pub fn slower(self) -> Self {
        Self(Self::STEPS.into_iter().rev().find(|step| *step < self.0).unwrap_or(Self::STEPS[0]))
    }

    /// The next faster speed offered.
    #[must_use]
    pub fn faster(self) -> Self {
        Self(Self::STEPS.into_iter().find(|step| *step > self.0).unwrap_or(Self::STEPS[5]))
    }
}

/// A position in a timeline, playing or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    timeline: Timeline,
    time_ms: f64,
    playing: bool,
    pace: Pace,
    stepwise: bool,
    looping: bool,
    held_ms: f64,
}

/// How long a step stays when playing without motion, in milliseconds.
const HOLD_MS: f64 = 1400.0;

impl Player {
    /// A player at the start of a timeline, not playing.
    #[must_use]
    pub const fn new(timeline: Timeline) -> Self {
        Self {
            timeline,
            time_ms: 0.0,
            playing: false,
            pace: Pace::NORMAL,
            stepwise: false,
            looping: false,
            held_ms: 0.0,
        }
    }

    /// Whether playing shows one step after another instead of motion, for people who asked for less of it.
    pub const fn set_stepwise(&mut self, stepwise: bool) {
        self.stepwise = stepwise;
    }

    /// Whether playing begins again after the end.
    pub const fn set_looping(&mut self, looping: bool) {
        self.looping = looping;
    }

    /// The timeline played.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The position, in timeline milliseconds.
    #[must_use]
    pub const fn time_ms(&self) -> f64 {
        self.time_ms
    }

    /// Whether time is passing.
    #[must_use]
    pub const fn is_playing(&self) -> bool {
        self.playing
    }

    /// How fast time passes.
    #[must_use]
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// Sets how fast time passes.
    pub const fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// The step being shown.
    #[must_use]
    pub fn step(&self) -> usize {
        self.timeline.at(self.time_ms).map_or(0, |moment| moment.step)
    }

    /// Whether the last step is fully shown.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.time_ms >= self.timeline.duration_ms()
    }

    /// Starts playing; from the beginning when at the end.
    pub fn play(&mut self) {
        if self.is_at_end() {
            self.time_ms = 0.0;
        }
        self.held_ms = 0.0;
        self.playing = !self.timeline.slots().is_empty();
        if self.stepwise && self.playing {
            self.time_ms = self.timeline.settled_ms(self.step());
        }
    }

    /// Stops where it is.
    pub const fn pause(&mut self) {
        self.playing = false;
    }

    /// Lets real time pass. Returns whether what is seen may have changed.
    pub fn advance(&mut self, real_ms: f64) -> bool {
        if !self.playing {
            return false;
        }
        let passed = real_ms * self.pace.factor();
        if self.stepwise {
            self.held_ms += passed;
            if self.held_ms >= HOLD_MS {
                self.held_ms = 0.0;
                self.move_to(self.step() + 1);
            }
        } else {
            self.time_ms += passed;
        }
        if self.is_at_end() {
            self.time_ms = self.timeline.duration_ms();
            self.playing = false;
            if self.looping {
                self.play();
            }
        }
        true
    }

    /// Goes to an instant and stops there.
    pub fn seek(&mut self, time_ms: f64) {
        self.playing = false;
        self.time_ms = time_ms.clamp(0.0, self.timeline.duration_ms());
    }

    /// Goes to a step, fully shown, and stops there; beyond the last to the very end.
    pub fn seek_step(&mut self, step: usize) {
        self.playing = false;
        self.move_to(step);
    }

    /// One step on.
    pub fn step_forward(&mut self) {
        let step = self.step();
        let shown = self.time_ms >= self.timeline.settled_ms(step);
        self.seek_step(if shown { step + 1 } else { step });
    }

    /// One step back.
    pub fn step_back(&mut self) {
        self.seek_step(self.step().saturating_sub(1));
    }

    /// The next rewrite, answer or drop.
    pub fn next_interesting(&mut self) {
        let from = self.step() + 1;
        let slots = self.timeline.slots();
        let next = (from..slots.len()).find(|index| slots[*index].marker.is_interesting());
        self.seek_step(next.unwrap_or(slots.len().saturating_sub(1)));
    }

    /// The previous rewrite, answer or drop.
    pub fn previous_interesting(&mut self) {
        let slots = self.timeline.slots();
        let previous = (0..self.step()).rev().find(|index| slots[*index].marker.is_interesting());
        self.seek_step(previous.unwrap_or(0));
    }

    fn move_to(&mut self, step: usize) {
        self.time_ms = if step < self.timeline.slots().len() {
            self.timeline.settled_ms(step)
        } else {
            self.timeline.duration_ms()
        };
    }
}
