//! The simulator: decides what happens to a request, and why.
//!
//! [`compile`](compile::compile) turns a document into a [`Network`](network::Network) of indices;
//! [`send`](walk::send) carries one request through it and returns a [`Trace`]. Nothing here reads a clock,
//! a random source or a file, and nothing iterates over a hash: the same document and request give the same
//! bytes on every platform.

pub mod trace;

pub use trace::{Outcome, Place, Step, Trace};
