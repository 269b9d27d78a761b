//! The parts of the page around the diagram.

mod bytes;
mod dock;
mod evidence;
mod inspector;
mod keys;
mod names;
mod notice;
mod packet;
mod palette;
mod problems;
mod request_bar;
mod share;
mod sheets;
mod steps;
mod terminal;
mod timeline;
mod top_bar;
mod transport;

pub(crate) use bytes::ByteView;
pub(crate) use dock::{Tab, dock};
pub(crate) use inspector::inspector;
pub(crate) use keys::{KeyFocus, Shortcuts, listen_for_keys};
pub(crate) use notice::{NoticeBar, announcement};
pub(crate) use packet::packet;
pub(crate) use palette::palette;
pub(crate) use request_bar::request_fields;
pub(crate) use sheets::{Sheet, caption, sheet_tabs};
pub(crate) use top_bar::top_bar;
pub(crate) use transport::transport;
