//! Commands as Azure's control plane takes or refuses them: one test a rule, named after it.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own document has failed")]

mod connections;
mod deleting;
mod dns;
mod editing;
mod endpoints;
mod gateways;
mod networks;
mod random;
mod services;
mod support;
mod undo;
mod zone_groups;
