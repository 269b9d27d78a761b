//! The document: what the user owns and shares.
//!
//! * [`document`]: the flat tables of resources, by id.
//! * [`resource`]: one type per ARM resource, in ARM's own spelling.
//! * [`address`]: which addresses a subnet can give.
//! * [`catalogue`]: what Azure's platform services have in common, as data.
//! * [`check`]: what Azure refuses, as plain questions to a document.
//! * [`command`]: every change, with its exact inverse, or a refusal with the reason.
//! * [`endpoint_traits`]: how private endpoints of each type of target differ, as data.
//! * [`file`], [`link`]: the two ways a document leaves the browser.
//! * [`references`]: who refers to whom.
//! * [`shape`]: what may stand at each place of a document, for forms.
//! * [`problem`]: what is missing or contradictory in a document that nevertheless loads.

pub mod address;
pub mod catalogue;
pub mod check;
pub mod command;
pub mod document;
pub mod endpoint_traits;
pub mod file;
pub mod id;
pub mod link;
pub mod problem;
pub mod references;
pub mod resource;
mod rules;
mod schema;
pub mod shape;
mod strict;
pub mod table;

pub use document::{Document, Kind};
pub use id::{ChildRef, Id};
pub use table::Table;
