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

/// What this tab saved under `key`; other tabs and later visits do not see it.
pub fn load_for_tab(key: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(key).ok()?
}

/// Saves `value` under `key` for as long as this tab lives. Returns whether the browser kept it.
pub fn save_for_tab(key: &str, value: &str) -> bool {
    let Ok(Some(storage)) = window().session_storage() else { return false };
    storage.set_item(key, value).is_ok()
}
