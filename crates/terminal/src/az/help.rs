//! What `az … --help` prints, and what is said of commands that do not exist.

use super::arguments::GLOBAL;
use super::commands::{COMMANDS, Command};
use super::error::AzError;

/// The groups and commands under a path; `None` when nothing stands there.
pub(super) fn group(path: &[String]) -> Option<String> {
    let next = next_words(&path.iter().map(String::as_str).collect::<Vec<_>>());
    if next.is_empty() {
        return None;
    }
    let width = next.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    let lines = |commands: bool| {
        let shown = next.iter().filter(|(_, about)| about.is_some() == commands);
        let line = |(word, about): &(&str, Option<&str>)| format!("\n    {word:width$} : {}", about.unwrap_or("…"));
        shown.map(line).map(|line| line.trim_end_matches(" : …").to_owned()).collect::<String>()
    };
    let mut text = format!(
        "\nGroup\n    {}\n",
        ["az"].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    );
    for (title, lines) in [("Subgroups", lines(false)), ("Commands", lines(true))] {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}:{lines}\n"));
        }
    }
    Some(text)
}

/// The words that may follow a path, each with what it is for when it completes a command.
pub(super) fn next_words<'c>(path: &[&str]) -> Vec<(&'c str, Option<&'c str>)> {
    let mut words: Vec<(&str, Option<&str>)> = Vec::new();
    for command in COMMANDS {
        let own: Vec<&str> = command.path.split(' ').collect();
        if own.len() > path.len() && own[..path.len()] == *path {
            let word = own[path.len()];
            let about = (own.len() == path.len() + 1).then_some(command.about);
            if !words.contains(&(word, about)) {
                words.push((word, about));
            }
        }
    }
    words.sort_unstable();
    words
}

/// How a command is used.
pub(super) fn command(command: &Command) -> String {
    let line = |names: &[&str], about: &str, required: bool| {
        let names = names.join(" ");
        let required = if required { " [Required]" } else { "" };
        format!("\n    {:<34} : {about}.", format!("{names}{required}"))
    };
    let own: String =
        command.arguments.iter().map(|argument| line(argument.names, argument.about, argument.is_required)).collect();
    let global: String = GLOBAL.iter().map(|argument| line(argument.names, argument.about, false)).collect();
    format!("\nCommand\n    az {} : {}\n\nArguments{own}\n\nGlobal Arguments{global}\n", command.path, command.about)
}

/// A path that leads nowhere: the first word that is wrong, and what could stand there.
pub(super) fn misspelled(path: &[String]) -> AzError {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let known = (0..=words.len()).rev().find(|length| !next_words(&words[..*length]).is_empty()).unwrap_or(0);
    let next: Vec<&str> = next_words(&words[..known]).into_iter().map(|(word, _)| word).collect();
    let wrong = words.get(known).copied().unwrap_or_default();
    AzError::Plain(format!(
        "'{wrong}' is misspelled or not recognized by the system.\n\nSupported here after 'az{}': {}",
        words[..known].iter().map(|word| format!(" {word}")).collect::<String>(),
        next.join(", ")
    ))
}
