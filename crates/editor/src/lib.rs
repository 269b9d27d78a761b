//! What a gesture means, without a browser.
//!
//! * [`workspace`]: the document under edit, and the one history every change goes through.
//! * [`gesture`]: pointers on the diagram, as a state machine: press, drag, pinch, click.
//! * [`keymap`]: which key does what, as a table the help dialog is made from.

pub mod gesture;
pub mod keymap;
pub mod workspace;

pub use gesture::{Gesture, GestureEvent, Gestures, PointerId};
pub use keymap::{Action, Chord, Context};
pub use workspace::Workspace;
