//! What `az` says when it does not do what it was told.

use std::fmt;

use narration::Span;
use topology::Document;
use topology::command::Refusal;

use super::arm;

/// Why a command did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AzError {
    /// The line is not understood.
    Usage(String),
    /// Azure knows nothing of that name.
    NotFound { code: &'static str, message: String },
    /// Azure refuses.
    Refused { code: String, message: String },
    /// The command line refuses by itself, without a code of Azure's.
    Plain(String),
}

impl AzError {
    /// As `az` exits: 2 for a line it does not understand, 3 for what does not exist, 1 for the rest.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::NotFound { .. } => 3,
            Self::Refused { .. } | Self::Plain(_) => 1,
        }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// A resource that is not there, by name.
    pub(super) fn resource(resource_type: &str, name: &str, group: &str) -> Self {
        let message = format!(
            "The Resource '{resource_type}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
        );
        Self::NotFound { code: "ResourceNotFound", message }
    }

    /// A resource that is not there, by id.
    pub(super) fn resource_id(id: &str) -> Self {
        Self::NotFound { code: "ResourceNotFound", message: format!("The Resource '{id}' was not found.") }
    }

    /// A resource group that is not there.
    pub(super) fn group(group: &str) -> Self {
        let message = format!("Resource group '{group}' could not be found.");
        Self::NotFound { code: "ResourceGroupNotFound", message }
    }

    /// Azure's refusal: its code, and its words with resources by their ids.
    pub(super) fn refused(document: &Document, refusal: &Refusal) -> Self {
        let spans = narration::Narrator::english().refusal(refusal, document);
        let text: String = spans.into_iter().map(|span| in_arm_words(document, span)).collect();
        let code = refusal.code().to_owned();
        let message = text.strip_prefix(&format!("{code}: ")).unwrap_or(&text).to_owned();
        Self::Refused { code, message }
    }
}

fn in_arm_words(document: &Document, span: Span) -> String {
    match span {
        Span::Text(text) | Span::Code(text) => text,
        Span::Resource { id, name } => {
            if document.kind_of(&id).is_some() {
                arm::id(document, &id)
            } else {
                name
            }
        }
    }
}

impl fmt::Display for AzError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => {
                write!(f, "ERROR: {message}\n\nhttps://aka.ms/cli_ref\nRead more about the command in reference docs")
            }
            Self::NotFound { code, message } => {
                write!(f, "ERROR: ({code}) {message}\nCode: {code}\nMessage: {message}")
            }
            Self::Refused { code, message } => write!(f, "ERROR: ({code}) {message}\nCode: {code}\nMessage: {message}"),
            Self::Plain(message) => write!(f, "ERROR: {message}"),
        }
    }
}
