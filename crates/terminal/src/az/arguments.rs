//! The options of a command, and what a line gives for them.

use topology::Kind;

use super::error::AzError;

/// An option of a command.
#[derive(Clone, Copy)]
pub(super) struct Argument {
    /// Its names, the long one first.
    pub(super) names: &'static [&'static str],
    pub(super) takes: Takes,
    pub(super) is_required: bool,
    /// What it is for.
    pub(super) about: &'static str,
    /// What completion offers for it.
    pub(super) values: Values,
}

/// What follows an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// `true` or `false`; nothing means `true`.
    Switch,
    /// One value.
    One,
    /// One value or more.
    Many,
}

/// What an option may be given.
#[derive(Clone, Copy)]
pub(super) enum Values {
    /// Something new.
    Free,
    /// One of these.
    Words(&'static [&'static str]),
    /// The name of a resource.
    Names(Kind),
    /// The id of a private link service or a platform service.
    Targets,
    /// The id of a private endpoint connection.
    Connections,
    /// A resource group.
    Groups,
    /// A subscription.
    Subscriptions,
}

const fn option(names: &'static [&'static str], takes: Takes, about: &'static str, values: Values) -> Argument {
    Argument { names, takes, is_required: false, about, values }
}

/// An option with one value.
pub(super) const fn one(names: &'static [&'static str], about: &'static str, values: Values) -> Argument {
    option(names, Takes::One, about, values)
}

/// An option with one value that may not be missing.
pub(super) const fn required(names: &'static [&'static str], about: &'static str, values: Values) -> Argument {
    Argument { is_required: true, ..option(names, Takes::One, about, values) }
}

/// An option with several values.
pub(super) const fn many(names: &'static [&'static str], about: &'static str, values: Values) -> Argument {
    option(names, Takes::Many, about, values)
}

/// An option that is on or off.
pub(super) const fn switch(names: &'static [&'static str], about: &'static str) -> Argument {
    option(names, Takes::Switch, about, Values::Words(&["true", "false"]))
}

/// An option without a value.
pub(super) const fn flag(names: &'static [&'static str], about: &'static str) -> Argument {
    option(names, Takes::Nothing, about, Values::Free)
}

/// The options every command has.
pub(super) const GLOBAL: &[Argument] = &[
    one(&["--output", "-o"], "how the answer is printed", Values::Words(&["json", "jsonc", "table", "tsv"])),
    one(&["--query"], "which part of the answer, in JMESPath", Values::Free),
    one(&["--subscription"], "the subscription, by name", Values::Subscriptions),
    flag(&["--only-show-errors"], "no warnings"),
    flag(&["--help", "-h"], "how the command is used"),
];

/// What a line gives, by the first name of each option.
#[derive(Clone, Debug)]
pub(super) struct Given(Vec<(&'static str, Vec<String>)>);

impl Given {
    /// Reads the options of a line.
    pub(super) fn read(arguments: &[Argument], words: &[String]) -> Result<Self, AzError> {
        let mut given: Vec<(&'static str, Vec<String>)> = Vec::new();
        let mut words = words.iter().peekable();
        let mut unknown = Vec::new();
        while let Some(word) = words.next() {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let Some(argument) = arguments.iter().chain(GLOBAL).find(|argument| argument.names.contains(&name)) else {
                unknown.push(word.as_str());
                continue;
            };
            let most = match argument.takes {
                Takes::Nothing => 0,
                Takes::One | Takes::Switch => 1,
                Takes::Many => usize::MAX,
            };
            let mut values: Vec<String> = attached.into_iter().collect();
            while values.len() < most
                && let Some(value) = words.next_if(|word| !word.starts_with('-'))
            {
                // A name typed with a blank at its end is taken without it [SEED4].
                values.push(value.trim().to_owned());
            }
            if values.is_empty() && matches!(argument.takes, Takes::One | Takes::Many) {
                let expected = if argument.takes == Takes::One { "one argument" } else { "at least one argument" };
                return Err(AzError::usage(format!("argument {}: expected {expected}", argument.names.join("/"))));
            }
            given.push((argument.names[0], values));
        }
        if !unknown.is_empty() {
            return Err(AzError::usage(format!("unrecognized arguments: {}", unknown.join(" "))));
        }
        let given = Self(given);
        let missing = arguments.iter().filter(|argument| argument.is_required && !given.has(argument.names[0]));
        let missing: Vec<String> = missing.map(|argument| argument.names.join("/")).collect();
        if missing.is_empty() {
            return Ok(given);
        }
        Err(AzError::usage(format!("the following arguments are required: {}", missing.join(", "))))
    }

    /// Whether an option was given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| *other == name)
    }

    /// The values of an option; empty when it was not given. Of an option given twice the last counts.
    pub(super) fn values(&self, name: &str) -> &[String] {
        self.0.iter().rev().find(|(other, _)| *other == name).map_or(&[], |(_, values)| values)
    }

    /// The value of an option.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }

    /// The value of an option that is required.
    pub(super) fn text(&self, name: &str) -> &str {
        self.value(name).unwrap_or_default()
    }

    /// Whether a switch is on: given, and not as `false`.
    pub(super) fn is_on(&self, name: &str) -> bool {
        let off = |value: &str| ["false", "f", "no", "n", "0"].contains(&value.to_ascii_lowercase().as_str());
        self.has(name) && !self.value(name).is_some_and(off)
    }
}
