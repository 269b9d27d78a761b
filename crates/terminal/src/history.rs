//! The lines typed so far, and the way through them.

/// The lines typed so far, and which of them is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    lines: Vec<String>,
    /// How many lines back; 0 is the line being typed.
    back: usize,
}

impl History {
    /// Remembers a line; one that repeats the last, or is empty, is not kept.
    pub fn push(&mut self, line: &str) {
        let line = line.trim();
        self.back = 0;
        if !line.is_empty() && self.lines.last().is_none_or(|last| last != line) {
            self.lines.push(line.to_owned());
        }
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The line before the one shown; the oldest stays.
    pub fn older(&mut self) -> Option<&str> {
        self.back = (self.back + 1).min(self.lines.len());
        self.shown()
    }

    /// The line after the one shown; `None` leads back to the line being typed.
    pub fn newer(&mut self) -> Option<&str> {
        self.back = self.back.saturating_sub(1);
        self.shown()
    }

    fn shown(&self) -> Option<&str> {
        if self.back == 0 { None } else { self.lines.get(self.lines.len() - self.back).map(String::as_str) }
    }
}

#[cfg(test)]
mod tests {
    use super::History;

    #[test]
    fn the_way_back_ends_at_the_oldest_line_and_the_way_forth_at_the_one_being_typed() {
        let mut history = History::default();
        for line in ["hostname", "  ", "ss -tn", "ss -tn"] {
            history.push(line);
        }
        assert_eq!(history.lines(), ["hostname", "ss -tn"]);
        assert_eq!(history.older(), Some("ss -tn"));
        assert_eq!(history.older(), Some("hostname"));
        assert_eq!(history.older(), Some("hostname"));
        assert_eq!(history.newer(), Some("ss -tn"));
        assert_eq!(history.newer(), None);
        assert_eq!(history.newer(), None);
    }
}
