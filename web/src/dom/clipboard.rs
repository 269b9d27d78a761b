//! The clipboard.

use wasm_bindgen_futures::JsFuture;

use super::window;

/// Copies a text. Returns whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    // Absent outside secure contexts, where calling it would throw.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into());
    if !clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
