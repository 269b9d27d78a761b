//! Questions that are answered in a thread of their own.

use std::collections::VecDeque;
use std::sync::Arc;

use inquiry::{Answer, Question};
use leptos::prelude::*;
use topology::{Document, file};

use super::{Lab, Notice};
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
    /// Changes still to be planned, in order: each on the document the ones before leave.
    plans: VecDeque<Plan>,
    is_planning: bool,
}

/// A change to be planned, and who learns what became of it.
type Plan = (Question, Box<dyn FnOnce(Result<(), Notice>)>);

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

    /// Plans a change once those before it are carried out, and carries it out.
    pub(super) fn plan(self, lab: Lab, question: Question, then: Box<dyn FnOnce(Result<(), Notice>)>) {
        self.0.update_value(|inner| inner.plans.push_back((question, then)));
        self.plan_next(lab);
    }

    fn plan_next(self, lab: Lab) {
        let next = self.0.try_update_value(|inner| {
            let next = if inner.is_planning { None } else { inner.plans.pop_front() };
            inner.is_planning |= next.is_some();
            next
        });
        let Some((question, then)) = next.flatten() else { return };
        self.ask(&lab.document.get_untracked(), &question, move |answer| {
            then(lab.carry_out(answer));
            self.0.update_value(|inner| inner.is_planning = false);
            self.plan_next(lab);
        });
    }
}

fn written(question: &Question) -> String {
    serde_json::to_string(question).expect("a question holds only strings and numbers")
}
