//! Protocol words shared by every room: domain names, DNS records, transport headers, and a stable hash.
//!
//! * [`name`]: [`DomainName`], always lower case, compared label by label.
//! * [`dns`]: record types, record data and response codes in RFC 1035 words.
//! * [`packet`]: the headers a packet carries on its way, as the trace shows them.
//! * [`hash`]: one hash whose value never changes between platforms or releases.

pub mod dns;
pub mod hash;
pub mod name;
pub mod packet;

pub use name::DomainName;
