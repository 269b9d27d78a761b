//! The parts of the page around the diagram.

mod evidence;
mod inspector;
mod keys;
mod notice;
mod packet;
mod request_bar;
mod share;
mod sheets;
mod steps;
mod timeline;
mod top_bar;
mod transport;

pub(crate) use inspector::Inspector;
pub(crate) use keys::{KeyFocus, Shortcuts, listen_for_keys};
pub(crate) use notice::{Announcer, NoticeBar};
pub(crate) use packet::PacketPanel;
pub(crate) use request_bar::RequestBar;
pub(crate) use sheets::{Sheet, SheetTabs};
pub(crate) use steps::Steps;
pub(crate) use top_bar::TopBar;
pub(crate) use transport::Transport;
