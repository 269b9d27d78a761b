//! Event listeners that end with their owner.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, EventTarget};

use super::{Element, window};

/// How to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Options {
    /// The handler never prevents what the browser does by itself.
    Passive,
    /// The handler may prevent it.
    Active,
}

/// Listens until dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    handler: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Listens on an element. `E` is the event type that `name` gives.
    pub fn on<E: JsCast + 'static>(
        element: &Element,
        name: &'static str,
        options: Options,
        handler: impl FnMut(E) + 'static,
    ) -> Self {
        Self::new(element.clone().into(), name, options, handler)
    }

    /// Listens on the window.
    pub fn on_window<E: JsCast + 'static>(
        name: &'static str,
        options: Options,
        handler: impl FnMut(E) + 'static,
    ) -> Self {
        Self::new(window().into(), name, options, handler)
    }

    pub(super) fn new<E: JsCast + 'static>(
        target: EventTarget,
        name: &'static str,
        options: Options,
        mut handler: impl FnMut(E) + 'static,
    ) -> Self {
        let handler: Closure<dyn FnMut(web_sys::Event)> =
            Closure::new(move |event: web_sys::Event| handler(event.unchecked_into()));
        let how = AddEventListenerOptions::new();
        how.set_passive(options == Options::Passive);
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            handler.as_ref().unchecked_ref(),
            &how,
        );
        Self { target, name, handler }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.name, self.handler.as_ref().unchecked_ref());
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("name", &self.name).finish_non_exhaustive()
    }
}
