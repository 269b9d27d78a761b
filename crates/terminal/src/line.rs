//! A command line taken apart into words, as the shell does it.

use topology::resource::OsType;

/// Why a line is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineError {
    /// A quote that is not closed.
    OpenQuote(char),
    /// Something only a real shell does: pipes, redirections, lists of commands.
    Operator(char),
}

/// The words of a line. Quotes keep a word together; on Linux a backslash takes the next character as it is, on
/// Windows it is a character like others and a backtick does that.
pub(crate) fn split(line: &str, system: OsType) -> Result<Vec<String>, LineError> {
    let escape = match system {
        OsType::Linux => '\\',
        OsType::Windows => '`',
    };
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\'' | '"' => {
                let text = quoted(&mut characters, character, escape)?;
                word.get_or_insert_default().push_str(&text);
            }
            _ if character == escape => word.get_or_insert_default().extend(characters.next()),
            '|' | '>' | '<' | ';' | '&' => return Err(LineError::Operator(character)),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    Ok(words)
}

/// What stands between quotes; the opening one has been read.
fn quoted(characters: &mut std::str::Chars<'_>, quote: char, escape: char) -> Result<String, LineError> {
    let mut text = String::new();
    while let Some(character) = characters.next() {
        if character == quote {
            return Ok(text);
        }
        let next = characters.as_str().chars().next();
        // Within double quotes a backslash is one unless something follows that it protects.
        let protects =
            quote == '"' && character == escape && (escape == '`' || next.is_some_and(|c| "\"\\$`".contains(c)));
        text.extend(if protects { characters.next() } else { Some(character) });
    }
    Err(LineError::OpenQuote(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str, system: OsType) -> Vec<String> {
        split(line, system).unwrap()
    }

    #[test]
    fn quotes_keep_a_word_together() {
        let query = r#"az --query "[].{name: name}" -n 'a b' c"d e"f"#;
        assert_eq!(words(query, OsType::Linux), ["az", "--query", "[].{name: name}", "-n", "a b", "cd ef"]);
        assert_eq!(words("a \"\" b", OsType::Linux), ["a", "", "b"]);
    }

    #[test]
    fn a_backslash_means_something_on_linux_only() {
        assert_eq!(words(r"-w \%{http_code} a\ b", OsType::Linux), ["-w", "%{http_code}", "a b"]);
        assert_eq!(words(r#""%{http_code}\n""#, OsType::Linux), [r"%{http_code}\n"]);
        assert_eq!(words(r"C:\home\x.exe", OsType::Windows), [r"C:\home\x.exe"]);
    }

    #[test]
    fn what_only_a_real_shell_does_is_named() {
        assert_eq!(split("dig a | grep b", OsType::Linux), Err(LineError::Operator('|')));
        assert_eq!(split("az -n 'a", OsType::Linux), Err(LineError::OpenQuote('\'')));
        assert_eq!(words("--query \"[?a=='b' && c]\"", OsType::Linux), ["--query", "[?a=='b' && c]"]);
    }
}
