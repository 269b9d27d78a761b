//! Which key does what. The help dialog and the key handler read the same table.

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Take the last change back.
    Undo,
    /// Carry out again what was taken back.
    Redo,
    /// Play or pause.
    PlayPause,
    /// One step on.
    StepForward,
    /// One step back.
    StepBack,
    /// The next rewrite, answer or drop.
    NextInteresting,
    /// The previous rewrite, answer or drop.
    PreviousInteresting,
    /// The first step.
    FirstStep,
    /// The last step.
    LastStep,
    /// Play slower.
    Slower,
    /// Play faster.
    Faster,
    /// Zoom in.
    ZoomIn,
    /// Zoom out.
    ZoomOut,
    /// 100 %.
    ZoomReset,
    /// Show everything.
    FitAll,
    /// Forget the selection, close what is open.
    Cancel,
    /// Delete the selection.
    Delete,
    /// Show the keys.
    Help,
}

impl Action {
    /// The stable name its sentence is found by.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::PlayPause => "play-pause",
            Self::StepForward => "step-forward",
            Self::StepBack => "step-back",
            Self::NextInteresting => "next-interesting",
            Self::PreviousInteresting => "previous-interesting",
            Self::FirstStep => "first-step",
            Self::LastStep => "last-step",
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::ZoomIn => "zoom-in",
            Self::ZoomOut => "zoom-out",
            Self::ZoomReset => "zoom-reset",
            Self::FitAll => "fit-all",
            Self::Cancel => "cancel",
            Self::Delete => "delete",
            Self::Help => "help",
        }
    }
}

/// Where a chord counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Anywhere but in a text field.
    Anywhere,
    /// While the diagram has the focus.
    Diagram,
    /// While the timeline has the focus.
    Timeline,
}

/// A key with its modifiers, as the browser names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord<'a> {
    /// `KeyboardEvent.key`; letters in lower case.
    pub key: &'a str,
    /// Ctrl, or Cmd on a Mac.
    pub accel: bool,
    /// Shift. Not looked at for signs, which need it on some keyboards and not on others.
    pub shift: bool,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What is pressed.
    pub chord: Chord<'static>,
    /// Where it counts.
    pub context: Context,
    /// What it does.
    pub action: Action,
}

const fn plain(key: &'static str, context: Context, action: Action) -> Binding {
    Binding { chord: Chord { key, accel: false, shift: false }, context, action }
}

const fn shifted(key: &'static str, context: Context, action: Action) -> Binding {
    Binding { chord: Chord { key, accel: false, shift: true }, context, action }
}

const fn accel(key: &'static str, shift: bool, action: Action) -> Binding {
    Binding { chord: Chord { key, accel: true, shift }, context: Context::Anywhere, action }
}

/// Every binding, in the order the help dialog shows them.
pub const BINDINGS: &[Binding] = &[
    accel("z", false, Action::Undo),
    accel("z", true, Action::Redo),
    accel("y", false, Action::Redo),
    plain(" ", Context::Diagram, Action::PlayPause),
    plain("k", Context::Diagram, Action::PlayPause),
    plain(" ", Context::Timeline, Action::PlayPause),
    plain("k", Context::Timeline, Action::PlayPause),
    plain("ArrowRight", Context::Timeline, Action::StepForward),
    plain("ArrowUp", Context::Timeline, Action::StepForward),
    plain(".", Context::Timeline, Action::StepForward),
    plain("ArrowLeft", Context::Timeline, Action::StepBack),
    plain("ArrowDown", Context::Timeline, Action::StepBack),
    plain(",", Context::Timeline, Action::StepBack),
    shifted("ArrowRight", Context::Timeline, Action::NextInteresting),
    shifted("ArrowLeft", Context::Timeline, Action::PreviousInteresting),
    plain("PageUp", Context::Timeline, Action::NextInteresting),
    plain("PageDown", Context::Timeline, Action::PreviousInteresting),
    plain("Home", Context::Timeline, Action::FirstStep),
    plain("End", Context::Timeline, Action::LastStep),
    plain("<", Context::Timeline, Action::Slower),
    plain(">", Context::Timeline, Action::Faster),
    plain("Delete", Context::Diagram, Action::Delete),
    plain("Backspace", Context::Diagram, Action::Delete),
    plain("+", Context::Diagram, Action::ZoomIn),
    plain("=", Context::Diagram, Action::ZoomIn),
    plain("-", Context::Diagram, Action::ZoomOut),
    plain("0", Context::Diagram, Action::ZoomReset),
    plain("!", Context::Diagram, Action::FitAll),
    shifted("1", Context::Diagram, Action::FitAll),
    plain("Escape", Context::Anywhere, Action::Cancel),
    plain("?", Context::Anywhere, Action::Help),
];

/// What a chord does where the focus is.
#[must_use]
pub fn action(chord: Chord<'_>, focus: Context) -> Option<Action> {
    let is_sign = chord.key.len() == 1 && !chord.key.as_bytes()[0].is_ascii_alphanumeric() && chord.key != " ";
    BINDINGS
        .iter()
        .find(|binding| {
            binding.chord.key == chord.key
                && binding.chord.accel == chord.accel
                && (is_sign || binding.chord.shift == chord.shift)
                && (binding.context == focus || binding.context == Context::Anywhere)
        })
        .map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, accel: bool, shift: bool, focus: Context) -> Option<Action> {
        action(Chord { key, accel, shift }, focus)
    }

    #[test]
    fn undo_and_both_redos_work_everywhere() {
        for focus in [Context::Anywhere, Context::Diagram, Context::Timeline] {
            assert_eq!(press("z", true, false, focus), Some(Action::Undo));
            assert_eq!(press("z", true, true, focus), Some(Action::Redo));
            assert_eq!(press("y", true, false, focus), Some(Action::Redo));
        }
    }

    #[test]
    fn single_letters_do_nothing_outside_the_diagram_and_the_timeline() {
        assert_eq!(press("k", false, false, Context::Anywhere), None);
        assert_eq!(press(" ", false, false, Context::Anywhere), None);
        assert_eq!(press("k", false, false, Context::Diagram), Some(Action::PlayPause));
    }

    #[test]
    fn signs_count_with_or_without_shift() {
        assert_eq!(press("?", false, true, Context::Anywhere), Some(Action::Help));
        assert_eq!(press("+", false, true, Context::Diagram), Some(Action::ZoomIn));
        assert_eq!(press("!", false, true, Context::Diagram), Some(Action::FitAll));
    }

    #[test]
    fn no_chord_is_bound_twice_in_one_context() {
        for (index, one) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[index + 1..] {
                let clash = one.chord == other.chord
                    && (one.context == other.context
                        || one.context == Context::Anywhere
                        || other.context == Context::Anywhere);
                assert!(!clash, "{one:?} and {other:?}");
            }
        }
    }
}
