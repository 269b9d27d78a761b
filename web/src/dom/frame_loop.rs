//! Frames on request.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::window;

/// Whether another frame is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextFrame {
    /// Something still moves.
    Wanted,
    /// Nothing moves until someone asks.
    Idle,
}

/// Paints when asked. No frame is pending while nothing moves.
#[derive(Clone)]
pub struct FrameLoop(Rc<Inner>);

type Callback = Closure<dyn FnMut(f64)>;

struct Inner {
    /// One closure for the life of the loop.
    callback: RefCell<Option<Callback>>,
    pending: Cell<Option<i32>>,
}

impl FrameLoop {
    /// A loop that calls `paint` with the frame's time in milliseconds.
    pub fn new(mut paint: impl FnMut(f64) -> NextFrame + 'static) -> Self {
        let inner = Rc::new(Inner { callback: RefCell::new(None), pending: Cell::new(None) });
        let weak = Rc::downgrade(&inner);
        let callback = Closure::new(move |now_ms| {
            let Some(inner) = weak.upgrade() else { return };
            inner.pending.set(None);
            if paint(now_ms) == NextFrame::Wanted {
                inner.request();
            }
        });
        *inner.callback.borrow_mut() = Some(callback);
        Self(inner)
    }

    /// Asks for a frame. Asking again before it comes changes nothing.
    pub fn request(&self) {
        self.0.request();
    }
}

impl Inner {
    fn request(&self) {
        if self.pending.get().is_some() {
            return;
        }
        let callback = self.callback.borrow();
        let Some(callback) = callback.as_ref() else { return };
        self.pending.set(window().request_animation_frame(callback.as_ref().unchecked_ref()).ok());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(handle) = self.pending.take() {
            let _ = window().cancel_animation_frame(handle);
        }
    }
}

impl std::fmt::Debug for FrameLoop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameLoop").field("pending", &self.0.pending).finish_non_exhaustive()
    }
}
