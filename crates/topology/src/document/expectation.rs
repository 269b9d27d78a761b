//! What a request is expected to do: saved with a document, checked after every change.

use std::net::Ipv4Addr;

use super::Request;
use crate::Id;
use crate::schema::{resource, words};

words! {
    /// Whether a request is meant to be answered.
    #[derive(Default)]
    pub enum ExpectedOutcome {
        /// It is answered, and not refused.
        #[default]
        Reachable = "Reachable",
        /// It is dropped or refused.
        Blocked = "Blocked",
    }
}

words! {
    /// The way a request is meant to take.
    pub enum ExpectedPath {
        /// Through a private endpoint.
        PrivateEndpoint = "PrivateEndpoint",
        /// To an address of the virtual network or of what it is connected to.
        Private = "Private",
        /// To a public address by a service endpoint.
        ServiceEndpoint = "ServiceEndpoint",
        /// To a public address.
        Public = "Public",
    }
}

resource! {
    /// A request and what is expected of it. What is absent may be anything.
    pub struct Expectation {
        /// Who asks whom for what.
        pub request: Request = "request",
        /// Whether it is answered.
        pub outcome: ExpectedOutcome = "outcome" or ExpectedOutcome::default(),
        /// The way it takes.
        pub path: Option<ExpectedPath> = "path" or None,
        /// A resource it passes, such as a firewall.
        pub via: Option<Id> = "via" or None,
        /// The address the server sees as the caller.
        pub caller: Option<Ipv4Addr> = "caller" or None,
        /// The address the name resolves to.
        pub resolves_to: Option<Ipv4Addr> = "resolvesTo" or None,
    }
}

impl Expectation {
    /// What everybody expects of a request: that it is answered.
    #[must_use]
    pub fn answered(request: Request) -> Self {
        Self {
            request,
            outcome: ExpectedOutcome::Reachable,
            path: None,
            via: None,
            caller: None,
            resolves_to: None,
            extra: crate::resource::Extra::new(),
        }
    }
}
