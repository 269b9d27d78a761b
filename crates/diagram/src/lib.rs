//! Where things are: layout, wires, hit-testing, and the draw list every painter consumes.
//!
//! * [`geometry`]: points and rectangles in world coordinates, and the camera between world and screen.
//! * [`draw_list`]: shapes with inks, not colours; [`theme`] gives the colours.
//! * [`scene`]: a document laid out: tenants, networks, subnets, cards and the wires between them.
//! * [`motion`]: the packet on its way, for any instant of a timeline.
//! * [`glyphs`]: our own signs as strokes; [`svg`]: a draw list as a file.
//! * [`text`]: how wide a text is, asked from whoever will paint it.
//!
//! Nothing here knows a browser: the same list is painted on a canvas, written as SVG and compared in tests.

mod card_text;
mod content;
pub mod draw_list;
mod facts;
pub mod geometry;
pub mod glyphs;
mod layout;
pub mod motion;
mod router;
pub mod scene;
pub mod svg;
pub mod text;
pub mod theme;
mod wires;

pub use facts::Detail;
pub use layout::Orientation;
pub use motion::Motion;
pub use scene::{Emphasis, Scene};
