//! The browser. No other module names `web_sys`, `js_sys` or `wasm_bindgen`.
//!
//! Everything here is small and safe: what a browser may refuse (storage, clipboard) comes back as an `Option` or
//! a `Result`, and what must be given back (listeners, observers, frames) is given back when dropped.

mod canvas2d;
mod clipboard;
mod crash;
mod download;
mod element;
mod fetch;
mod frame_loop;
mod glyph;
mod listener;
mod location;
mod media;
mod resize;
mod storage;
mod thread;
mod tree;

pub use canvas2d::{Metrics, Surface, surface_of};
pub use clipboard::copy;
pub use crash::{install as install_crash_screen, keep_for_recovery};
pub use download::{download, download_bytes};
pub use element::{
    bounds, bounds_of, capture_pointer, close_dialog, focus, focus_and_select, focus_by_id, focus_leaves, focused_id,
    in_text_field, input_value, open_dialog, scroll_into_list, scroll_to_end, set_class, set_variable,
};
pub use fetch::fetch_text;
pub use frame_loop::{FrameLoop, NextFrame};
pub use listener::{Listener, Options};
pub use location::{hash, link_to, query_has, set_title};
pub use media::{Media, set_root_attribute};
pub use resize::{Resize, Size};
pub use storage::{load, load_for_tab, save, save_for_tab};
pub use thread::Thread;
pub use tree::{
    TreeNode, create, has_shift, insert, key_of, remove, remove_range, set_attribute, set_switch, set_text, set_value,
    text,
};

/// The element every NodeRef of a plain block gives.
pub type Element = web_sys::HtmlElement;
/// A canvas element.
pub type Canvas = web_sys::HtmlCanvasElement;
/// Pointer, wheel and key events as listeners receive them.
pub type Event = web_sys::Event;
/// A mouse event; pointer and wheel events are mouse events too.
pub type MouseEvent = web_sys::MouseEvent;
/// A pointer event.
pub type PointerEvent = web_sys::PointerEvent;
/// A wheel event.
pub type WheelEvent = web_sys::WheelEvent;
/// A key event.
pub type KeyboardEvent = web_sys::KeyboardEvent;

/// The window. The application only ever runs in one.
fn window() -> web_sys::Window {
    web_sys::window().expect("the application runs in a window")
}

fn document() -> web_sys::Document {
    window().document().expect("a window shows a document")
}

/// Leaves a mark for measuring tools.
pub fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

/// Records the time from the mark `start` until now under `name`.
pub fn measure(name: &str, start: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.measure_with_start_mark(name, start);
    }
}

/// Device pixels per CSS pixel.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio()
}
