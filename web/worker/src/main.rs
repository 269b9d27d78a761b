//! The desk where long questions are answered, in a thread of its own: so that packets go on moving.
//!
//! A message is a number, a line break and a question as JSON; the answer comes back under the same number. `ready`
//! says that messages are listened to.

use inquiry::Desk;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut desk = Desk::default();
    let answering = scope.clone();
    let listener: Closure<dyn FnMut(MessageEvent)> = Closure::new(move |event: MessageEvent| {
        let Some(message) = event.data().as_string() else { return };
        let Some((number, question)) = message.split_once('\n') else { return };
        let answer = format!("{number}\n{}", desk.answer_json(question));
        let _ = answering.post_message(&JsValue::from_str(&answer));
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens for as long as the thread lives.
    listener.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
}
