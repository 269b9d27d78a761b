//! The programs that look at a machine and at what it reaches.

pub(crate) mod addresses;
pub(crate) mod ping;
pub(crate) mod sockets;
pub(crate) mod tcpping;
pub(crate) mod test_net_connection;
