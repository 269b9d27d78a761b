//! How a connection attempt went, as a program that opens a socket learns of it.

use std::net::Ipv4Addr;

use sim::Trace;
use sim::trace::{DropCause, Phase};
use wire::packet::{Packet, Socket};

use crate::run::cause;

/// How long a Linux client waits for an answer to its SYN and six repetitions, in milliseconds.
pub(crate) const LINUX_CONNECT_MS: u64 = 129_894;
/// How long a Windows client waits for an answer to its SYN and two repetitions, in seconds.
pub(crate) const WINDOWS_CONNECT_S: u64 = 21;

/// What a program learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It has a connection.
    Connected { local: Socket, remote: Socket },
    /// The name has no address.
    NameUnknown,
    /// The other side refused (RST).
    Refused(Socket),
    /// Nobody answered.
    TimedOut(Socket),
    /// The machine has no network interface.
    NoNetwork,
}

impl Reach {
    /// The address the program tried.
    pub(crate) const fn remote(self) -> Option<Ipv4Addr> {
        match self {
            Self::Connected { remote, .. } | Self::Refused(remote) | Self::TimedOut(remote) => Some(remote.address),
            Self::NameUnknown | Self::NoNetwork => None,
        }
    }
}

/// Reads it off a trace.
pub(crate) fn reach(trace: &Trace) -> Reach {
    let opened = |phase| trace.steps.iter().find(|step| step.phase == phase).and_then(packet);
    let Some(syn) = opened(Phase::Connect) else {
        let without = matches!(cause(trace), Some(DropCause::SenderWithoutInterface));
        return if without { Reach::NoNetwork } else { Reach::NameUnknown };
    };
    if trace.steps.iter().any(|step| step.phase == Phase::Accept) {
        return Reach::Connected { local: syn.source, remote: syn.destination };
    }
    if matches!(cause(trace), Some(DropCause::ConnectionRefused { .. })) {
        return Reach::Refused(syn.destination);
    }
    Reach::TimedOut(syn.destination)
}

/// The packet at a step.
fn packet(step: &sim::Step) -> Option<Packet> {
    step.before.or(step.after)
}
