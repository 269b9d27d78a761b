//! Sentences with addresses in monospace and resources in bold.

use narration::Span;

use super::node::{El, Node, el, styled};
use crate::state::narrator;

/// From this length on a name takes several lines where it has to; an address never does.
const LONG: usize = 24;

/// A sentence.
pub(crate) fn sentence(spans: Vec<Span>) -> Node {
    let words = spans.into_iter().map(|span| match span {
        Span::Text(text) => Node::from(text),
        Span::Code(code) if code.len() > LONG => el("code").child(breakable(&code)).into(),
        Span::Code(code) => el("code").child(code).into(),
        Span::Resource { name, .. } => el("b").child(name).into(),
    });
    Node::Many(words.collect())
}

/// Where a rule is documented: its key, and its title with a link where there is one.
pub(crate) fn source_chip(key: &'static str) -> El {
    let source = narrator().source(key);
    let title = source.map_or(key, |source| source.title);
    let title = match source.and_then(|source| source.url) {
        Some(url) => el("a").attr("href", url).attr("target", "_blank").attr("rel", "noreferrer noopener").child(title),
        None => el("span").child(title),
    };
    styled("li", "ground").child(styled("span", "chip").child(key)).child(title)
}

/// A long name or path that a narrow column may break after a dot or slash.
pub(crate) fn breakable(text: &str) -> Node {
    let mut parts = Vec::new();
    for part in text.split_inclusive(['/', '.']) {
        parts.push(el("span").child(part).into());
        parts.push(el("wbr").into());
    }
    Node::Many(parts)
}
