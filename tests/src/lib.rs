//! What the tests that cross rooms share: where files are, and the page as a person uses it.

use std::path::{Path, PathBuf};

pub mod arbitrary;

#[cfg(all(feature = "browser", not(target_arch = "wasm32")))]
pub mod page;

/// The top of the workspace. Cargo says at run time where it is: a target folder that two checkouts share may hold
/// a binary that was built in the other one.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).parent().expect("this package lies one folder below the top").to_path_buf()
}
