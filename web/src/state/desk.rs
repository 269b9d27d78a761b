//! Questions that are answered in a thread of their own.

use std::sync::Arc;

use inquiry::{Answer, Question};
use leptos::prelude::*;
use topology::{Document, file};

use crate::dom::Thread;

/// The script that starts the thread.
const SCRIPT: &str = "./desk.js";

/// Where questions about the open document are asked. The thread starts with the first.
#[derive(Clone, Copy)]
pub(crate) struct Desk(StoredValue<Inner, LocalStorage>);

#[derive(Default)]
struct Inner {
    thread: Option<Thread>,
    opened: Option<Arc<Document>>,
}

impl Desk {
    /// A desk nobody has come to yet.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new_local(Inner::default()))
    }

    /// Asks about a document. `then` gets the answer, or `None` when there is no thread to answer.
    pub(crate) fn ask(
        self,
        document: &Arc<Document>,
        question: &Question,
        then: impl FnOnce(Option<Answer>) + 'static,
    ) {
        self.0.update_value(|inner| {
            if inner.thread.is_none() {
                inner.thread = Thread::start(SCRIPT);
                inner.opened = None;
            }
            let Some(thread) = &inner.thread else { return then(None) };
            if !inner.opened.as_ref().is_some_and(|opened| Arc::ptr_eq(opened, document)) {
                thread.ask(&written(&Question::Open { document: file::print_compact(document) }), |_| ());
                inner.opened = Some(Arc::clone(document));
            }
            thread.ask(&written(question), move |answer| {
                then(answer.and_then(|answer| serde_json::from_str(&answer).ok()));
            });
        });
    }
}

fn written(question: &Question) -> String {
    serde_json::to_string(question).expect("a question holds only strings and numbers")
}
