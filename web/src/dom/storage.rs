//! What stays in this browser between visits. A browser may refuse to keep anything.

use super::window;

/// What was saved under `key`.
pub fn load(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Saves `value` under `key`. Returns whether the browser kept it.
pub fn save(key: &str, value: &str) -> bool {
    let Ok(Some(storage)) = window().local_storage() else { return false };
    storage.set_item(key, value).is_ok()
}
