//! Parts used by several panels, and how panels are put together.

mod glyph;
mod icon;
mod node;
mod report;
mod sentence;
mod shown;
mod table;

pub(crate) use glyph::glyph_of;
pub(crate) use icon::{Icon, icon, logo, mark};
pub(crate) use node::{El, Node, button, el, live, styled};
pub(crate) use report::report;
pub(crate) use sentence::{breakable, sentence, source_chip};
pub(crate) use shown::{Content, content, fill};
pub(crate) use table::{cell, columns_head, fact, facts, table};
