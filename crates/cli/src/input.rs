//! Documents from files, standard input and links.

use std::fs;
use std::io::{self, Read as _};

use topology::{Document, file, link};

use crate::output::Failure;

/// Standard input instead of a file.
const STANDARD_INPUT: &str = "-";

/// The document a file holds.
pub(crate) fn document(path: &str) -> Result<Document, Failure> {
    file::parse(&text(path)?).map_err(|error| Failure::Unreadable(format!("{path}: {error}")))
}

fn text(path: &str) -> Result<String, Failure> {
    let text = if path == STANDARD_INPUT {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    text.map_err(|error| Failure::Unreadable(format!("{path}: {error}")))
}

/// A file's document as the fragment of a link.
pub(crate) fn link(path: &str) -> Result<String, Failure> {
    Ok(format!("#{}\n", link::encode(&document(path)?)))
}

/// The document of a link: a whole address, its fragment, or `-` for either on standard input.
pub(crate) fn open(given: &str) -> Result<String, Failure> {
    let given = if given == STANDARD_INPUT { text(given)? } else { given.to_owned() };
    let given = given.trim();
    let fragment = given.split_once('#').map_or(given, |(_, fragment)| fragment);
    let document = link::decode(fragment).map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(file::print(&document))
}
