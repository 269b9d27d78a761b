//! What can be asked, and by whom.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::Serialize;
use smol_str::{SmolStr, ToSmolStr as _};
use topology::catalogue::catalogue;
use topology::document::RequestProtocol;
use topology::resource::RuleProtocol;
use topology::{Document, Id};

use crate::network::{Network, Target as EndpointTarget};

/// A name or an address, and a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// A name or an address.
    pub to: SmolStr,
    /// What is spoken there: TCP to an address, HTTPS or SQL to a name.
    pub protocol: RequestProtocol,
    /// TCP port.
    pub port: u16,
    /// The resource meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Id>,
}

/// The machines that have an address to send from, in document order: virtual ones, hosts on premises, clients on the
/// Internet.
#[must_use]
pub fn sources(document: &Document, network: &Network) -> Vec<Id> {
    let machines = document.virtual_machines.ids().filter(|id| network.address_of(id).is_some());
    machines.chain(document.on_premises_hosts.ids()).chain(document.internet_clients.ids()).cloned().collect()
}

/// Everything that listens: guests, frontends of load balancers and private endpoints by address, platform services by
/// their public names, and whatever saved requests and expectations ask.
#[must_use]
pub fn targets(document: &Document, network: &Network) -> Vec<Target> {
    let mut found = Found::default();
    let machines = document.virtual_machines.iter().map(|(id, machine)| (id, &machine.services));
    let hosts = document.on_premises_hosts.iter().map(|(id, host)| (id, &host.services));
    for (id, services) in machines.chain(hosts) {
        let Some(address) = network.address_of(id) else { continue };
        for service in services {
            found.address(address, service.port, id);
        }
    }
    for (id, balancer) in &document.load_balancers {
        for (name, address) in network.frontends(id) {
            let rules = balancer.load_balancing_rules.values();
            for rule in rules.filter(|rule| rule.frontend_ip_configuration == name) {
                if rule.protocol != RuleProtocol::Udp && rule.frontend_port != 0 {
                    found.address(address, rule.frontend_port, id);
                }
            }
        }
    }
    for id in document.private_endpoints.ids() {
        let Some(address) = network.address_of(id) else { continue };
        for port in network.endpoint_ports(id) {
            found.address(address, port, id);
        }
    }
    for (id, service) in &document.platform_services {
        for position in catalogue().of_type(&service.resource_type) {
            let row = &catalogue().services[*position];
            for name in row.names_of(id, service).into_iter().filter(|name| !name.shared) {
                let is_sql = row.redirect_ports.is_some();
                let protocol = if is_sql { RequestProtocol::Sql } else { RequestProtocol::Https };
                found.insert(name.public.as_str().into(), protocol, row.port, Some(id));
            }
        }
    }
    let saved = document.expectations.iter().map(|expectation| &expectation.request);
    for request in document.requests.iter().chain(saved) {
        found.insert(request.to.clone(), request.protocol, request.port(), None);
    }
    found.targets
}

/// Targets so far, none twice.
#[derive(Default)]
struct Found {
    targets: Vec<Target>,
    known: BTreeSet<(SmolStr, u16)>,
}

impl Found {
    fn address(&mut self, address: Ipv4Addr, port: u16, owner: &Id) {
        self.insert(address.to_smolstr(), RequestProtocol::Tcp, port, Some(owner));
    }

    fn insert(&mut self, to: SmolStr, protocol: RequestProtocol, port: u16, owner: Option<&Id>) {
        if self.known.insert((to.clone(), port)) {
            self.targets.push(Target { to, protocol, port, owner: owner.cloned() });
        }
    }
}

impl Network {
    /// The TCP ports that lead somewhere behind a private endpoint.
    fn endpoint_ports(&self, endpoint: &Id) -> Vec<u16> {
        match self.endpoints.by_id(endpoint).and_then(|endpoint| endpoint.target) {
            None => Vec::new(),
            Some(EndpointTarget::Platform(_, sub_resource)) => vec![catalogue().services[sub_resource].port],
            Some(EndpointTarget::Service(service)) => {
                let Some((balancer, position)) = self.services[service].frontend else { return Vec::new() };
                let balancer = &self.balancers[balancer];
                let name = &balancer.frontends[position].name;
                let rules = balancer.rules.iter().filter(|rule| rule.frontend == *name);
                rules.map(|rule| rule.frontend_port).filter(|port| *port != 0).collect()
            }
        }
    }
}
