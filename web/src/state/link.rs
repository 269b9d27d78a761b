//! Links that hold a document.

use topology::document::Request;
use topology::{Document, link};

use crate::dom;

/// How long a link may be before some programs cut it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkSize {
    /// Works everywhere.
    Short,
    /// Longer than some chat programs accept.
    Long,
    /// Longer than some servers and programs accept at all.
    TooLong,
}

/// Whether a link of this many characters arrives whole.
pub(crate) const fn size_of(n_chars: usize) -> LinkSize {
    match n_chars {
        0..=2000 => LinkSize::Short,
        2001..=8000 => LinkSize::Long,
        _ => LinkSize::TooLong,
    }
}

/// The document with `request` as the question it opens with.
pub(crate) fn with_request(document: &Document, request: &Request) -> Document {
    let requests = request.clone().before(&document.requests);
    Document { requests, ..document.clone() }
}

/// The address of this page that opens the document as it is.
pub(crate) fn share_link(document: &Document, request: &Request) -> String {
    dom::link_to(&link::encode(&with_request(document, request)))
}
