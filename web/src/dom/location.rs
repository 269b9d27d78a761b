//! The page's address.

use super::{document, window};

/// The fragment of the address, without `#`.
pub fn hash() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// This page's address with another fragment and without a query.
pub fn link_to(fragment: &str) -> String {
    let location = window().location();
    let origin = location.origin().ok().filter(|origin| origin != "null");
    let path = location.pathname().unwrap_or_default();
    match origin {
        Some(origin) => format!("{origin}{path}#{fragment}"),
        None => format!("file://{path}#{fragment}"),
    }
}

/// Whether the query has a flag such as `?bench`.
pub fn query_has(flag: &str) -> bool {
    let query = window().location().search().unwrap_or_default();
    query.trim_start_matches('?').split('&').any(|part| part == flag)
}

/// Names the page.
pub fn set_title(title: &str) {
    document().set_title(title);
}
