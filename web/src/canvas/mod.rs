//! The diagram: two stacked canvases, the pointers and keys on them, and their text twin.

mod outline;
mod stage;
mod view;
mod viewport;

pub(crate) use stage::{Frame, Stage};
pub(crate) use view::Diagram;
