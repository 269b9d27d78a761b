//! What the tests that cross rooms share: where files are, and the page as a person uses it.

use std::path::{Path, PathBuf};

#[cfg(all(feature = "browser", not(target_arch = "wasm32")))]
pub mod page;

/// The top of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("this package lies one folder below the top").to_path_buf()
}
