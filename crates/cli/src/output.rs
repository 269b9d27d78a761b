//! What a command answers, and how one fails.

use serde_json::Value;

/// An answer in both forms.
pub(crate) struct Answer {
    /// For people.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Value,
    /// Whether the answer is what one hopes for: decides the exit code.
    pub(crate) is_yes: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line is not understood.
    #[error("{0}")]
    Usage(String),
    /// A file or link cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}
