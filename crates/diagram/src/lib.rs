//! Where things are: layout, wires, hit-testing, and the draw list every painter consumes.
//!
//! * [`geometry`]: points and rectangles in world coordinates, and the camera between world and screen.
//! * [`draw_list`]: shapes with inks, not colours; [`theme`] gives the colours.
//! * [`text`]: how wide a text is, asked from whoever will paint it.
//!
//! Nothing here knows a browser: the same list is painted on a canvas, written as SVG and compared in tests.

pub mod draw_list;
pub mod geometry;
pub mod glyphs;
pub mod svg;
pub mod text;
pub mod theme;
