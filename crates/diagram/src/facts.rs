//! What the diagram shows of a network: addresses, health, overlaps.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use sim::Network;
use smol_str::SmolStr;
use topology::resource::ConnectionStatus;
use topology::{Document, Id};

/// Values the network computed for the document's resources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The address of an interface, private endpoint or public IP address.
    pub(crate) addresses: BTreeMap<Id, Ipv4Addr>,
    /// The frontend addresses of a load balancer.
    pub(crate) frontends: BTreeMap<Id, Vec<Ipv4Addr>>,
    /// The NAT IPs of a private link service.
    pub(crate) nat_ips: BTreeMap<Id, Vec<Ipv4Addr>>,
    /// The inbound endpoints of a DNS resolver.
    pub(crate) inbound: BTreeMap<Id, Vec<Ipv4Addr>>,
    /// Machines behind a load balancer, and whether every probe finds them healthy.
    pub(crate) health: BTreeMap<Id, bool>,
    /// Networks that share addresses with another one.
    pub(crate) overlapping: BTreeSet<Id>,
}

/// One fact about a thing on the diagram, as a code with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Its address.
    Address(Ipv4Addr),
    /// An address it appears as to the provider.
    NatAddress(Ipv4Addr),
    /// An address range.
    Range(Ipv4Net),
    /// Its range is also used in another network.
    Overlaps,
    /// Where the approval of its connection stands.
    Connection(ConnectionStatus),
    /// What the health probe says.
    Healthy(bool),
    /// How many record sets it holds.
    Records(usize),
    /// How many forwarding rules it holds.
    Rules(usize),
    /// Its firewall refuses whom no rule names.
    DefaultActionDeny,
    /// Its public endpoint does not answer.
    PublicNetworkAccessDisabled,
    /// Its type, as ARM writes it.
    ResourceType(SmolStr),
    /// A subscription of the tenant.
    Subscription(Id),
    /// A region of its networks.
    Location(SmolStr),
    /// The security group attached to it, or to its network interface.
    SecurityGroup(Id),
    /// The route table of the subnet.
    RouteTable(Id),
}

impl Facts {
    pub(crate) fn of(document: &Document, network: &Network) -> Self {
        let mut facts = Self::default();
        let addressed = (document.network_interfaces.ids().chain(document.private_endpoints.ids()))
            .chain(document.virtual_network_gateways.ids())
            .chain(document.internet_clients.ids())
            .chain(document.public_ip_addresses.ids());
        for id in addressed {
            facts.addresses.extend(network.address_of(id).map(|address| (id.clone(), address)));
        }
        for id in document.private_link_services.ids() {
            facts.nat_ips.insert(id.clone(), network.nat_ips(id));
        }
        for id in document.dns_resolvers.ids() {
            let addresses = network.inbound_endpoints(id).into_iter().map(|(_, address)| address).collect();
            facts.inbound.insert(id.clone(), addresses);
        }
        for (id, balancer) in &document.load_balancers {
            let addresses = network.frontends(id).into_iter().map(|(_, address)| address).collect();
            facts.frontends.insert(id.clone(), addresses);
            for pool in balancer.backend_address_pools.keys() {
                for (machine, _, _, healthy) in network.backend_health(id, pool) {
                    *facts.health.entry(machine).or_insert(true) &= healthy;
                }
            }
        }
        for (a, b) in network.overlapping_networks() {
            facts.overlapping.extend([a, b]);
        }
        facts
    }
}
