//! What PowerShell's commands have in common: parameters by name, and the shape of an error.

use crate::run::Run;

/// A parameter of a command.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether a value follows it.
    pub(crate) takes_value: bool,
    /// Whether a bare word is its value.
    pub(crate) is_positional: bool,
}

/// A parameter with a value.
pub(crate) const fn valued(name: &'static str) -> Parameter {
    Parameter { name, takes_value: true, is_positional: false }
}

/// A parameter with a value, whose name may be left out.
pub(crate) const fn positional(name: &'static str) -> Parameter {
    Parameter { name, takes_value: true, is_positional: true }
}

/// A parameter without a value.
pub(crate) const fn switch(name: &'static str) -> Parameter {
    Parameter { name, takes_value: false, is_positional: false }
}

/// The parameters given, by their full names.
pub(crate) struct Given(Vec<(&'static str, String)>);

impl Given {
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }
}

/// Reads a command's parameters: names without regard to case, shortened as far as they stay unambiguous. `None` when
/// one does not fit; the error has been printed.
pub(crate) fn parameters(run: &mut Run<'_>, command: &str, arguments: &[String], known: &[Parameter]) -> Option<Given> {
    let mut given: Vec<(&'static str, String)> = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let parameter = match word.strip_prefix('-') {
            Some(name) => find(name, known),
            None => known.iter().find(|known| known.is_positional && given.iter().all(|(name, _)| *name != known.name)),
        };
        let Some(parameter) = parameter else {
            let (message, id) = match word.strip_prefix('-') {
                Some(name) => (
                    format!("A parameter cannot be found that matches parameter name '{name}'."),
                    "NamedParameterNotFound",
                ),
                None => (
                    format!("A positional parameter cannot be found that accepts argument '{word}'."),
                    "PositionalParameterNotFound",
                ),
            };
            let category = format!("InvalidArgument: (:) [{command}], ParameterBindingException");
            failure(run, command, &message, &category, &format!("{id},{command}"));
            return None;
        };
        let value = match (word.starts_with('-'), parameter.takes_value) {
            (false, _) => word.clone(),
            (true, false) => String::new(),
            (true, true) => match words.next() {
                Some(value) => value.clone(),
                None => {
                    let name = parameter.name;
                    let message = format!(
                        "Missing an argument for parameter '{name}'. Specify a parameter of type 'System.String' and try again."
                    );
                    let category = format!("InvalidArgument: (:) [{command}], ParameterBindingException");
                    failure(run, command, &message, &category, &format!("MissingArgument,{command}"));
                    return None;
                }
            },
        };
        given.push((parameter.name, value));
    }
    Some(Given(given))
}

fn find<'k>(name: &str, known: &'k [Parameter]) -> Option<&'k Parameter> {
    if let Some(exact) = known.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name)) {
        return Some(exact);
    }
    let begins = |parameter: &&Parameter| {
        parameter.name.get(..name.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(name))
    };
    let mut candidates = known.iter().filter(begins);
    let first = candidates.next()?;
    candidates.next().is_none().then_some(first)
}

/// Prints an error as PowerShell does, with the line it happened in.
pub(crate) fn failure(run: &mut Run<'_>, command: &str, message: &str, category: &str, id: &str) {
    let line = run.line;
    let text = format!(
        "{command} : {message}\nAt line:1 char:1\n+ {line}\n+ {}\n    + CategoryInfo          : {category}\n    + FullyQualifiedErrorId : {id}\n",
        "~".repeat(line.chars().count()),
    );
    run.fail(1, text);
}

/// The lines of a list, with the names padded to the longest one.
pub(crate) fn list(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = rows.iter().map(|(name, value)| format!("{name:width$} : {value}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// A line of a table whose columns have fixed widths; a longer value ends in dots, and the last column takes the rest.
pub(crate) fn row(cells: &[(&str, usize)]) -> String {
    let mut line = String::new();
    for (text, width) in cells {
        let fits = text.chars().count() <= *width || *width == 0;
        let shown = if fits { (*text).to_owned() } else { text.chars().take(width - 3).chain("...".chars()).collect() };
        line.push_str(&format!("{shown:width$} "));
    }
    line.trim_end().to_owned()
}
