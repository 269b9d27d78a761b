//! Sentences, from the narration room.

use std::sync::LazyLock;

use narration::Narrator;

static NARRATOR: LazyLock<Narrator> = LazyLock::new(Narrator::english);

/// Who turns codes and values into sentences.
pub(crate) fn narrator() -> &'static Narrator {
    &NARRATOR
}
