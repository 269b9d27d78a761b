//! A second thread of the page, which answers texts with texts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, WorkerOptions, WorkerType};

use super::listener::{Listener, Options};

type Waiting = Box<dyn FnOnce(Option<String>)>;

/// A thread; it ends when dropped.
#[derive(Debug)]
pub struct Thread {
    worker: web_sys::Worker,
    post: Rc<RefCell<Post>>,
    _listeners: [Listener; 2],
}

/// What is under way between the page and its thread.
#[derive(Default)]
struct Post {
    /// Messages kept until the thread listens; `None` from then on.
    held: Option<Vec<String>>,
    waiting: BTreeMap<u32, Waiting>,
    last: u32,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl Thread {
    /// Starts a thread from a script of this site. `None` when the browser does not allow it.
    #[must_use]
    pub fn start(script: &str) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(script, &options).ok()?;
        let post = Rc::new(RefCell::new(Post { held: Some(Vec::new()), ..Post::default() }));
        let (inbox, sender, broken) = (Rc::clone(&post), worker.clone(), Rc::clone(&post));
        let listeners = [
            Listener::new(worker.clone().into(), "message", Options::Passive, move |event: MessageEvent| {
                let Some(message) = event.data().as_string() else { return };
                match message.split_once('\n') {
                    None => {
                        let held = inbox.borrow_mut().held.take().unwrap_or_default();
                        held.iter().for_each(|message| send(&sender, message));
                    }
                    Some((number, answer)) => {
                        let waiting = number.parse().ok().and_then(|number| inbox.borrow_mut().waiting.remove(&number));
                        if let Some(waiting) = waiting {
                            waiting(Some(answer.to_owned()));
                        }
                    }
                }
            }),
            Listener::new(worker.clone().into(), "error", Options::Passive, move |_: web_sys::Event| {
                let waiting = std::mem::take(&mut broken.borrow_mut().waiting);
                waiting.into_values().for_each(|waiting| waiting(None));
            }),
        ];
        Some(Self { worker, post, _listeners: listeners })
    }

    /// Sends a text; `then` gets the answer, or `None` when the thread has broken down.
    pub fn ask(&self, text: &str, then: impl FnOnce(Option<String>) + 'static) {
        let mut post = self.post.borrow_mut();
        post.last += 1;
        let number = post.last;
        post.waiting.insert(number, Box::new(then));
        let message = format!("{number}\n{text}");
        match &mut post.held {
            Some(held) => held.push(message),
            None => send(&self.worker, &message),
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn send(worker: &web_sys::Worker, message: &str) {
    let _ = worker.post_message(&JsValue::from_str(message));
}
