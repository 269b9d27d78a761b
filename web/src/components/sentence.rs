//! Sentences with addresses in monospace and resources in bold.

use leptos::prelude::*;
use narration::Span;

use crate::state::narrator;

/// A sentence.
pub(crate) fn sentence(spans: Vec<Span>) -> impl IntoView {
    spans
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => text.into_any(),
            Span::Code(code) => view! { <code>{code}</code> }.into_any(),
            Span::Resource { name, .. } => view! { <b>{name}</b> }.into_any(),
        })
        .collect_view()
}

/// Where a rule is documented: its key, and its title with a link where there is one.
pub(crate) fn source_chip(key: &'static str) -> impl IntoView + use<> {
    let source = narrator().source(key);
    let title = source.map_or_else(|| key.to_owned(), |source| source.title.to_owned());
    let link = source.and_then(|source| source.url).map(str::to_owned);
    view! {
        <li class="ground">
            <span class="chip">{key}</span>
            {match link {
                Some(url) => view! { <a href=url target="_blank" rel="noreferrer noopener">{title}</a> }.into_any(),
                None => view! { <span>{title}</span> }.into_any(),
            }}
        </li>
    }
}

/// A long name or path that a narrow column may break after a dot or slash.
pub(crate) fn breakable(text: &str) -> impl IntoView + use<> {
    let parts: Vec<String> = text.split_inclusive(['/', '.']).map(str::to_owned).collect();
    parts.into_iter().map(|part| view! { <span>{part}</span> <wbr/> }).collect_view()
}
