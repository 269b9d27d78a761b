//! What the page knows. Signals carry documents, selections and steps; what changes every frame stays in the
//! [`Stage`](crate::canvas::Stage).

mod desk;
mod lab;
mod link;
mod opening;
mod prefs;
mod run;
mod words;

pub(crate) use desk::Desk;
pub(crate) use lab::{Lab, Notice, Tone};
pub(crate) use link::{LinkSize, share_link, size_of};
pub(crate) use opening::{Scenario, open_at_start, open_scenario, watch_links};
pub(crate) use prefs::{Colors, Prefs};
pub(crate) use run::{Run, suggestions};
pub(crate) use words::narrator;

/// Where the document is kept in this browser.
pub(crate) const DOCUMENT_KEY: &str = "private-link-lab/document";
