//! The flow tables of load balancers: which backend an existing flow belongs to [LB-DIST].

use std::collections::BTreeMap;

use topology::Id;
use wire::packet::{Socket, Transport};

/// What a load balancer tells flows apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FlowKey {
    pub(crate) balancer: Id,
    pub(crate) transport: Transport,
    /// Who sends, as the load balancer sees it.
    pub(crate) source: Socket,
    pub(crate) frontend: Socket,
    /// The binding it came by from a private link service, whose NAT socket may lead to several backends.
    pub(crate) binding: Option<u32>,
}

/// Where a flow goes, and what becomes of it when it is idle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    /// The network interface of the backend.
    pub(crate) backend: Id,
    pub(crate) last_used_s: u64,
    /// Seconds after which it is forgotten.
    pub(crate) idle_s: u64,
    /// Whether both ends get an RST then [LB-TCPRST].
    pub(crate) reset: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct FlowTable(BTreeMap<FlowKey, Flow>);

impl FlowTable {
    pub(crate) fn pin(&mut self, key: FlowKey, flow: Flow) {
        self.0.insert(key, flow);
    }

    pub(crate) fn get(&self, key: &FlowKey) -> Option<&Flow> {
        self.0.get(key)
    }

    /// How long a live flow has been idle, and for how long it may be, in seconds; used again from now on.
    pub(crate) fn touch(&mut self, key: &FlowKey, now_s: u64) -> Option<(u64, u64)> {
        let flow = self.0.get_mut(key)?;
        let idle_s = now_s.saturating_sub(flow.last_used_s);
        flow.last_used_s = now_s;
        Some((idle_s, flow.idle_s))
    }

    pub(crate) fn release(&mut self, key: &FlowKey) {
        self.0.remove(key);
    }

    /// Forgets idle flows; those whose ends get an RST are given back.
    pub(crate) fn expire(&mut self, now_s: u64) -> Vec<(FlowKey, Flow)> {
        let idle = |flow: &Flow| now_s.saturating_sub(flow.last_used_s) >= flow.idle_s;
        let told = self.0.iter().filter(|(_, flow)| flow.reset && idle(flow));
        let told = told.map(|(key, flow)| (key.clone(), flow.clone())).collect();
        self.0.retain(|_, flow| !idle(flow));
        told
    }
}
