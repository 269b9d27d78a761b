//! One request sent: its trace, and the trace laid out in time.

use std::sync::Arc;

use playback::Timeline;
use sim::network::Network;
use sim::session::Session;
use sim::trace::Trace;
use topology::Document;
use topology::document::Request;

/// A request that was sent, and everything that happened to it.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    /// What happened.
    pub(crate) trace: Trace,
    /// When it is shown.
    pub(crate) timeline: Timeline,
}

impl Run {
    /// Sends a request into a network that has just been switched on, so that the same document and request always
    /// give the same steps.
    pub(crate) fn send(network: &Network, request: &Request) -> Arc<Self> {
        let trace = sim::send(network, &mut Session::new(), request);
        let timeline = Timeline::new(&trace);
        Arc::new(Self { trace, timeline })
    }
}

/// Targets worth asking for: names and addresses of endpoints, frontends and machines of the document.
pub(crate) fn suggestions(document: &Document, network: &Network) -> Vec<String> {
    let mut found: Vec<String> = document.requests.iter().map(|request| request.to.to_string()).collect();
    let listening = document
        .private_endpoints
        .ids()
        .chain(document.load_balancers.ids())
        .chain(document.virtual_machines.iter().filter(|(_, vm)| !vm.services.is_empty()).map(|(id, _)| id));
    found.extend(listening.filter_map(|id| network.address_of(id)).map(|address| address.to_string()));
    for (_, zone) in &document.private_dns_zones {
        found.extend(
            zone.record_sets.keys().filter_map(|label| zone.name.child(label).ok()).map(|name| name.to_string()),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|target| seen.insert(target.clone()));
    found
}
