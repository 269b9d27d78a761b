//! What a gesture means, without a browser.
