//! The simulator: decides what happens to a request, and why.
//!
//! [`compile`](compile::compile) turns a document into a [`Network`] of indices; [`send`] carries one request
//! through it, moving a [`Session`] on, and returns a [`Trace`]. Nothing here reads a clock, a random source or a
//! file, and nothing iterates over a hash: the same document and requests give the same bytes on every platform.

mod balancing;
pub mod cache;
pub mod compile;
pub mod diagnose;
mod endpoint_limits;
mod endpoint_names;
pub mod expectation;
pub mod explain;
pub mod firewall;
mod forwarding;
mod gateways;
mod identity;
mod names;
pub mod network;
mod outside;
pub mod reachability;
pub mod routes;
pub mod security;
pub mod session;
mod table;
pub mod trace;
pub mod walk;

pub use compile::compile;
pub use diagnose::{Diagnosis, diagnose};
pub use endpoint_names::EndpointName;
pub use identity::stable_guid;
pub use network::Network;
pub use reachability::Matrix;
pub use session::Session;
pub use topology::catalogue;
pub use trace::{Outcome, Place, Step, Trace};
pub use walk::{Asked, Lookup, leased_dns_servers, look_up, open, resolve_everywhere, send, send_on};
