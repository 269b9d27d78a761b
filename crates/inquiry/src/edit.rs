//! Changes of the document: planned here, where Azure's rules are, and carried out by whoever holds the document.

use narration::Span;
use serde::{Deserialize, Serialize};
use topology::Id;
use topology::command::{Command, Diff, plan};

use crate::desk::Desk;
use crate::palette::{self, Offer};
use crate::report::text;

/// A command as JSON: a page hands it to the desk as it got it, and need not be able to read it.
pub type Change = serde_json::Value;

/// A command as JSON.
pub(crate) fn written(command: &Command) -> Change {
    serde_json::to_value(command).unwrap_or_default()
}

/// What becomes of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Planned {
    /// It can be carried out.
    Change {
        /// What changes.
        diff: Diff,
        /// What it is about: to be selected.
        subject: Option<Id>,
    },
    /// It is refused.
    Refused {
        /// Why, and the way out.
        reason: Vec<Span>,
        /// What would do instead, by the name of its button.
        remedy: Option<(String, Change)>,
    },
}

/// Plans a command.
pub(crate) fn change(desk: &Desk, command: Command) -> Planned {
    let subject = subject(&command);
    match plan(&desk.document, command.clone()) {
        Ok(diff) => Planned::Change { diff, subject },
        Err(refusal) => {
            let reason = desk.narrator.refusal(&refusal, &desk.document);
            Planned::Refused { reason, remedy: remedy(desk, command) }
        }
    }
}

/// Plans the addition of something from the palette.
pub(crate) fn add(desk: &Desk, offer: Offer, at: Option<&Id>) -> Planned {
    match palette::addition(&desk.document, offer, at) {
        Ok((command, id)) => match change(desk, command) {
            Planned::Change { diff, .. } => Planned::Change { diff, subject: Some(id) },
            refused @ Planned::Refused { .. } => refused,
        },
        Err(obstacle) => Planned::Refused { reason: text(desk.narrator.obstacle(obstacle.code())), remedy: None },
    }
}

/// The resource a command leaves to be looked at.
fn subject(command: &Command) -> Option<Id> {
    if let Command::Create { id, .. } | Command::Rename { to: id, .. } = command { Some(id.clone()) } else { None }
}

/// Where only what depends on a resource keeps it from being deleted: to delete it all.
fn remedy(desk: &Desk, command: Command) -> Option<(String, Change)> {
    let Command::Delete { id, cascade: false } = command else { return None };
    let all = Command::Delete { id, cascade: true };
    let change = written(&all);
    plan(&desk.document, all).is_ok().then(|| (String::from("Delete all of it"), change))
}
