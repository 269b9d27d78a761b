//! Sentences by key, and how their blanks are filled.

use std::collections::BTreeMap;

use topology::{Document, Id};

use crate::Span;
use crate::message::Arg;

/// The sentences of one language.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue(BTreeMap<String, String>);

impl Catalogue {
    /// Reads `[section]` headings and `key = sentence` lines; `#` begins a comment.
    pub(crate) fn parse(text: &str) -> Self {
        let mut section = "";
        let mut sentences = BTreeMap::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
            } else if let Some((key, sentence)) = line.split_once(" = ") {
                sentences.insert(format!("{section}.{key}"), sentence.to_owned());
            }
        }
        Self(sentences)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Fills the blanks of a sentence. A blank nobody fills stays as it is, so that it is seen.
pub(crate) fn fill(template: &str, args: &[(&'static str, Arg)], document: &Document) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        push_text(&mut spans, before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        // `{x.id}` shows the id of a resource, where its name alone would not tell it from another.
        let (name, by_id) = name.strip_suffix(".id").map_or((name, false), |name| (name, true));
        match args.iter().find(|(key, _)| *key == name) {
            Some((_, Arg::Resource(id))) if by_id => spans.push(Span::Code(id.to_string())),
            Some((_, Arg::Text(text))) => push_text(&mut spans, text),
            Some((_, Arg::Code(code))) => spans.push(Span::Code(code.clone())),
            Some((_, Arg::Resource(id))) => spans.push(resource(id, document)),
            Some((_, Arg::Resources(ids))) => {
                for (position, id) in ids.iter().enumerate() {
                    push_text(&mut spans, if position == 0 { "" } else { ", " });
                    spans.push(resource(id, document));
                }
            }
            Some((_, Arg::Sentence(sentence))) => spans.extend(sentence.iter().cloned()),
            None => push_text(&mut spans, &format!("{{{name}}}")),
        }
        rest = tail;
    }
    push_text(&mut spans, rest);
    spans
}

fn resource(id: &Id, document: &Document) -> Span {
    Span::Resource { id: id.clone(), name: document.display_name(id).to_owned() }
}

fn push_text(spans: &mut Vec<Span>, text: &str) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(Span::Text(last)) => last.push_str(text),
        _ => spans.push(Span::Text(text.to_owned())),
    }
}
