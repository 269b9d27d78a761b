//! What the visitor's system asks for: dark colours, less motion, small screens.

use web_sys::{MediaQueryList, MediaQueryListEvent};

use super::listener::{Listener, Options};
use super::{document, window};

/// Watches a media query until dropped.
#[derive(Debug)]
pub struct Media {
    list: Option<MediaQueryList>,
    _listener: Option<Listener>,
}

impl Media {
    /// Calls `changed` whenever the query starts or stops to match.
    pub fn watch(query: &str, mut changed: impl FnMut(bool) + 'static) -> Self {
        let list = window().match_media(query).ok().flatten();
        let listener = list.clone().map(|list| {
            Listener::new(list.into(), "change", Options::Passive, move |event: MediaQueryListEvent| {
                changed(event.matches());
            })
        });
        Self { list, _listener: listener }
    }

    /// Whether the query matches now.
    pub fn matches(&self) -> bool {
        self.list.as_ref().is_some_and(MediaQueryList::matches)
    }
}

/// Sets an attribute of the document element, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}
