//! Command lines, typed where a person would type them.

use serde::{Deserialize, Serialize};
use terminal::{Shell, Stream};
use topology::Id;
use topology::command::Command;
use topology::document::Request;

use crate::desk::Desk;
use crate::edit::{Change, written};

/// Where a line is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum At {
    /// On a machine.
    Machine(Id),
    /// In the Cloud Shell of somebody who works with this subscription.
    Cloud(Id),
}

/// What a line left behind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Typed {
    /// What stands on the screen.
    pub lines: Vec<ScreenLine>,
    /// What it asked the network, in order.
    pub requests: Vec<Request>,
    /// What it changes; Azure accepts it.
    pub change: Option<Change>,
    /// What stands before the next line.
    pub prompt: String,
}

/// One line on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenLine {
    /// In which ink.
    pub ink: Ink,
    /// What it says.
    pub text: String,
}

/// How a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ink {
    /// As output.
    Output,
    /// As an error.
    Error,
    /// As a warning.
    Warning,
}

/// Runs a line. The desk's session moves on with it.
pub(crate) fn run(desk: &mut Desk, at: &At, line: &str) -> Typed {
    let shell = shell(desk, at);
    let output = terminal::run(line, &shell, &desk.document, &desk.network, &mut desk.session);
    let ink = |stream| match stream {
        Stream::Output => Ink::Output,
        Stream::Error => Ink::Error,
        Stream::Warning => Ink::Warning,
    };
    Typed {
        lines: output.lines.into_iter().map(|line| ScreenLine { ink: ink(line.stream), text: line.text }).collect(),
        requests: output.traces.into_iter().map(|trace| trace.request).collect(),
        change: (!output.commands.is_empty()).then(|| written(&Command::All { commands: output.commands })),
        prompt: shell.prompt(),
    }
}

/// What the last word of a line may become: where it begins, in bytes, and the words.
pub(crate) fn complete(desk: &Desk, at: &At, line: &str) -> (usize, Vec<String>) {
    let found = terminal::complete(line, &shell(desk, at), &desk.document, &desk.network);
    (found.start, found.words)
}

fn shell(desk: &Desk, at: &At) -> Shell {
    match at {
        At::Machine(machine) => Shell::of_machine(&desk.document, machine),
        At::Cloud(subscription) => Shell::cloud(subscription.clone()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{PEERED, desk};
    use crate::{Answer, Desk};

    fn typed(desk: &mut Desk, line: &str) -> super::Typed {
        let question = serde_json::json!({ "question": "line", "at": { "machine": "rg1vm1" }, "line": line });
        let answer = desk.answer_json(&question.to_string());
        let Ok(Answer::Typed(typed)) = serde_json::from_str(&answer) else { panic!("{answer}") };
        typed
    }

    #[test]
    fn a_line_prints_asks_the_network_and_remembers() {
        let mut desk = desk(PEERED);
        let typed = typed(&mut desk, "nslookup rg1sto1brng1.blob.core.windows.net");
        assert!(typed.lines.iter().any(|line| line.text.contains("10.0.0.5")), "{typed:?}");
        assert_eq!(typed.requests.len(), 1);
        assert_eq!(typed.change, None);
    }

    #[test]
    fn what_is_not_a_command_says_so() {
        let typed = typed(&mut desk(PEERED), "conquer the world");
        assert!(!typed.lines.is_empty() && typed.requests.is_empty(), "{typed:?}");
    }

    #[test]
    fn a_word_is_completed() {
        let mut desk = desk(PEERED);
        let question = r#"{"question":"completion","at":{"machine":"rg1vm1"},"line":"nsl"}"#;
        let Ok(Answer::Completion { start, words }) = serde_json::from_str(&desk.answer_json(question)) else {
            panic!("a completion");
        };
        assert_eq!((start, words.as_slice()), (0, &[String::from("nslookup")][..]));
    }
}
