//! Protocol words shared by every room, and the bytes they are on the wire.
//!
//! * [`name`]: [`DomainName`], always lower case, compared label by label.
//! * [`packet`]: the headers a packet carries on its way, as the trace shows them.
//! * [`ethernet`], [`ipv4`], [`tcp`], [`udp`], [`icmp`]: one header each; a `Repr` is what it means, `emit` and `parse` are its
//!   bytes, `field` is where each part of it stands.
//! * [`dns`]: record types, record data and response codes in RFC 1035 words, and whole messages as bytes.
//! * [`pcapng`]: captures for Wireshark.
//! * [`checksum`]: the Internet checksum.
//! * [`proxy_v2`]: the PROXY protocol header that names the client behind a translation, as bytes.
//! * [`hash`]: one hash whose value never changes between platforms or releases.

pub mod checksum;
pub mod dns;
pub mod ethernet;
pub mod hash;
pub mod icmp;
pub mod ipv4;
mod malformed;
pub mod name;
mod numbers;
pub mod packet;
pub mod pcapng;
pub mod proxy_v2;
pub mod tcp;
pub mod udp;

pub use malformed::Malformed;
pub use name::DomainName;
