//! What a command line leaves behind.

use sim::Trace;
use topology::command::Command;

/// What a command line printed, and what it did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What stands on the screen, in order.
    pub lines: Vec<Line>,
    /// What it asked the network, in order, to be played.
    pub traces: Vec<Trace>,
    /// What it changes. Each has been planned on the document as the ones before leave it, and Azure accepts it.
    pub commands: Vec<Command>,
    /// The exit code: 0 when all went well.
    pub exit_code: u8,
}

/// One line on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which stream it was written to.
    pub stream: Stream,
    /// Its characters, without tabs and line ends.
    pub text: String,
}

/// Where a line was written to: a page shows each in its own ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
    /// PowerShell's warnings.
    Warning,
}

impl Output {
    /// Everything on the screen, line by line.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn write(&mut self, stream: Stream, text: &str) {
        self.lines.extend(text.split('\n').map(|line| Line { stream, text: expand_tabs(line) }));
    }
}

/// A tab leads to the next column that is a multiple of eight.
fn expand_tabs(line: &str) -> String {
    let mut expanded = String::with_capacity(line.len());
    let mut column = 0;
    for character in line.chars().filter(|character| *character != '\r') {
        let width = if character == '\t' { 8 - column % 8 } else { 1 };
        if character == '\t' {
            expanded.extend(std::iter::repeat_n(' ', width));
        } else {
            expanded.push(character);
        }
        column += width;
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::expand_tabs;

    #[test]
    fn a_tab_leads_to_the_next_eighth_column() {
        assert_eq!(expand_tabs("Server:\t\t127.0.0.53"), "Server:         127.0.0.53");
        assert_eq!(expand_tabs("Name:\ta"), "Name:   a");
    }
}
