//! Parts used by several panels.

mod glyph;
mod icon;
mod sentence;

pub(crate) use glyph::glyph_of;
pub(crate) use icon::{Icon, icon, logo};
pub(crate) use sentence::{breakable, sentence, source_chip};
