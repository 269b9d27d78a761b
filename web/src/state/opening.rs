//! What is open when the page is: a link, what was open last, or the first scenario.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use topology::{Document, file, link};

use super::{DOCUMENT_KEY, Lab, Notice};
use crate::dom::{self, Listener, Options};

/// The link this tab opened: loading the tab again keeps what was done since, another tab starts from the link.
const LINK_KEY: &str = "private-link-lab/opened-link";
/// What was open before what is open, as it was left.
const PREVIOUS_KEY: &str = "private-link-lab/previous-document";
/// A saved document this version could not read.
const UNREADABLE_KEY: &str = "private-link-lab/unreadable-document";

/// One entry of the scenario picker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Scenario {
    /// Its file, relative to the index.
    pub(crate) file: String,
    /// Its title.
    pub(crate) title: String,
    /// What it shows, in a sentence.
    #[serde(default)]
    pub(crate) summary: String,
}

/// Opens what the visitor came for, and fills the list of scenarios.
pub(crate) fn open_at_start(lab: Lab) {
    lab.previous.set(dom::load(PREVIOUS_KEY).and_then(|text| file::parse(&text).ok()).map(Arc::new));
    let saved = load_saved(lab);
    let first_visit = saved.is_none();
    if let Some(document) = saved {
        lab.start_with(document);
    }
    let hash = dom::hash();
    let by_link = !hash.is_empty() && (first_visit || dom::load_for_tab(LINK_KEY).as_deref() != Some(hash.as_str()));
    let opened = by_link && open_link(lab, &hash, first_visit);
    spawn_local(async move {
        let Some(scenarios) = fetch_index().await else {
            lab.notice.set(Some(Notice::error("The list of scenarios did not load.")));
            return;
        };
        let first = scenarios.first().cloned();
        lab.scenarios.set(scenarios);
        if first_visit && !opened {
            let Some(document) = fetch_document(first).await else {
                lab.notice.set(Some(Notice::error("The first scenario did not load.")));
                return;
            };
            lab.start_with(document);
            lab.show_first_time();
        }
    });
}

/// The document of the last visit. One that cannot be read is kept aside, not overwritten.
fn load_saved(lab: Lab) -> Option<Document> {
    let text = dom::load(DOCUMENT_KEY)?;
    match file::parse(&text) {
        Ok(document) => Some(document),
        Err(error) => {
            dom::save(UNREADABLE_KEY, &text);
            let words = format!("What you had open could not be read ({error}). A copy was kept in this browser.");
            lab.notice.set(Some(Notice::error(words)));
            None
        }
    }
}

/// Follows links opened while the page is open.
pub(crate) fn watch_links(lab: Lab) {
    let listener = Listener::on_window("hashchange", Options::Passive, move |_: dom::Event| {
        let hash = dom::hash();
        if !hash.is_empty() {
            open_link(lab, &hash, false);
        }
    });
    StoredValue::new_local(listener);
}

/// Opens the document of a link. A bad link is reported, and what was open stays open.
fn open_link(lab: Lab, hash: &str, nothing_open: bool) -> bool {
    match link::decode(hash) {
        Ok(document) => {
            dom::save_for_tab(LINK_KEY, hash);
            if nothing_open {
                lab.start_with(document);
            } else {
                lab.replace(document);
            }
            true
        }
        Err(error) => {
            let kept = if nothing_open { "" } else { " What was open is unchanged." };
            lab.notice.set(Some(Notice::error(format!("This link could not be opened: {error}.{kept}"))));
            false
        }
    }
}

/// Opens a scenario in place of what is open; undo brings that back.
pub(crate) fn open_scenario(lab: Lab, scenario: Scenario) {
    spawn_local(async move {
        let title = scenario.title.clone();
        match fetch_document(Some(scenario)).await {
            Some(document) => lab.replace(document),
            None => lab.notice.set(Some(Notice::error(format!("“{title}” did not load.")))),
        }
    });
}

async fn fetch_index() -> Option<Vec<Scenario>> {
    serde_json::from_str(&dom::fetch_text("topologies/index.json").await?).ok()
}

async fn fetch_document(scenario: Option<Scenario>) -> Option<Document> {
    let path = format!("topologies/{}", scenario?.file);
    file::parse(&dom::fetch_text(&path).await?).ok()
}

impl Lab {
    /// Puts a document in the place of the open one, as a change that can be undone.
    pub(crate) fn replace(self, document: Document) {
        let title = document.title.clone();
        let left = self.with_current_request();
        self.open(document);
        dom::save(PREVIOUS_KEY, &file::print_compact(&left));
        self.previous.set(Some(Arc::new(left)));
        self.notice.set(Some(Notice::done(format!("Opened “{title}”. Undo brings back what was open."))));
    }
}
