//! A question that travels with a document.

use smol_str::SmolStr;
use wire::packet::Transport;

use crate::Id;
use crate::schema::{resource, words};

words! {
    /// What the sender speaks.
    #[derive(Default)]
    pub enum RequestProtocol {
        /// HTTP, port 80.
        #[default]
        Http = "HTTP",
        /// HTTPS, port 443.
        Https = "HTTPS",
        /// A bare TCP connection.
        Tcp = "TCP",
        /// A login to a SQL server (TDS), port 1433.
        Sql = "SQL",
        /// An echo request: `ping`.
        Icmp = "ICMP",
        /// One datagram and its answer.
        Udp = "UDP",
        /// A question for a name, and no connection after it.
        Dns = "DNS",
    }
}

impl RequestProtocol {
    /// Whether the sender asks for the server's certificate.
    #[must_use]
    pub const fn is_encrypted(self) -> bool {
        match self {
            Self::Https | Self::Sql => true,
            Self::Http | Self::Tcp | Self::Udp | Self::Icmp | Self::Dns => false,
        }
    }

    /// What it runs over once the name is known.
    #[must_use]
    pub const fn transport(self) -> Transport {
        match self {
            Self::Http | Self::Https | Self::Tcp | Self::Sql => Transport::Tcp,
            Self::Udp | Self::Dns => Transport::Udp,
            Self::Icmp => Transport::Icmp,
        }
    }

    /// The port used when none is given.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http | Self::Tcp => 80,
            Self::Https => 443,
            Self::Sql => 1433,
            Self::Icmp => 0,
            Self::Dns | Self::Udp => 53,
        }
    }
}

resource! {
    /// A saved question: who asks whom for what.
    pub struct Request {
        /// The machine that sends: a virtual one, or one outside Azure.
        pub from: Id = "from",
        /// What it speaks.
        pub protocol: RequestProtocol = "protocol" or RequestProtocol::default(),
        /// A name or an address.
        pub to: SmolStr = "to",
        /// TCP port; the protocol's own when absent.
        pub port: Option<u16> = "port" or None,
        /// Path asked for; `/` when absent.
        pub path: Option<SmolStr> = "path" or None,
        /// Whether a certificate for another name is accepted, as with `curl -k`.
        pub insecure: bool = "insecure" or false,
    }
}

impl Request {
    /// These questions with this one first, and only there.
    #[must_use]
    pub fn before(self, others: &[Self]) -> Vec<Self> {
        let others = others.iter().filter(|other| **other != self).cloned().collect::<Vec<_>>();
        std::iter::once(self).chain(others).collect()
    }

    /// The TCP port this request opens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.protocol.default_port())
    }

    /// The path it asks for.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or("/")
    }
}
