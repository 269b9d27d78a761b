//! A person with a browser, on the built site.
