//! The answer to one name from every virtual network and every site: who sees what, side by side.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use smol_str::SmolStr;
use topology::Id;
use topology::document::{Request, RequestProtocol};
use topology::resource::Extra;
use wire::DomainName;
use wire::dns::{Record, ResponseCode};

use super::dns_server::Asker;
use super::{AZURE_DNS, Walk};
use crate::network::Network;
use crate::outside::{PUBLIC_RESOLVER, Stand};
use crate::session::Session;
use crate::trace::{DropCause, Place, Step};

/// What the machines of a virtual network or a site are told about a name, without caches, hosts files and DNS servers
/// of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkAnswer {
    /// The virtual network, or the on-premises site.
    pub network: Id,
    /// The response code; absent when no server answers.
    pub code: Option<ResponseCode>,
    /// The first address.
    pub address: Option<Ipv4Addr>,
    /// The whole answer.
    pub records: Vec<Record>,
    /// Why there is no address.
    pub cause: Option<DropCause>,
    /// How the answer came about.
    pub steps: Vec<Step>,
}

/// Asks for a name from every virtual network, then from every site, in document order, with empty caches.
#[must_use]
pub fn resolve_everywhere(network: &Network, name: &DomainName) -> Vec<NetworkAnswer> {
    let networks = network.networks.iter().map(|(index, id, row)| {
        let stand = Stand::Network { network: index, subnet: None, interface: None };
        (id, stand, &row.prefixes, &row.dns_servers, AZURE_DNS)
    });
    let sites = network
        .sites
        .iter()
        .map(|(index, id, row)| (id, Stand::Site(index), &row.prefixes, &row.dns_servers, PUBLIC_RESOLVER));
    let ask = |(id, stand, prefixes, servers, otherwise): (&Id, Stand, &Vec<Ipv4Net>, &Vec<Ipv4Addr>, Ipv4Addr)| {
        // Any address of the network will do: replies are not followed.
        let address = prefixes.first().map_or(Ipv4Addr::UNSPECIFIED, Ipv4Net::network);
        let asker = Asker { owner: id.clone(), place: Place::Resource(id.clone()), address, stand };
        let servers = if servers.is_empty() { vec![otherwise] } else { servers.clone() };
        answer_to(network, name, &asker, &servers)
    };
    networks.chain(sites).map(ask).collect()
}

fn answer_to(network: &Network, name: &DomainName, asker: &Asker, servers: &[Ipv4Addr]) -> NetworkAnswer {
    let id = asker.owner.clone();
    let request = Request {
        from: id.clone(),
        protocol: RequestProtocol::default(),
        to: SmolStr::new(name.as_str()),
        port: None,
        path: None,
        insecure: false,
        extra: Extra::new(),
    };
    let mut session = Session::new();
    let mut walk = Walk::new(network, &mut session, &request);
    let exchange = walk.ask_in_order(asker, servers, name);
    let steps = std::mem::take(&mut walk.steps);
    let Some(exchange) = exchange else {
        let server = servers.first().copied().unwrap_or(AZURE_DNS);
        let cause = Some(DropCause::ResolverUnreachable { server });
        return NetworkAnswer { network: id, code: None, address: None, records: Vec::new(), cause, steps };
    };
    let answer = exchange.answer;
    let address = answer.address();
    let missing = || DropCause::NameNotResolved { name: name.clone() };
    let cause = if address.is_some() { None } else { Some(answer.failure.unwrap_or_else(missing)) };
    NetworkAnswer { network: id, code: Some(answer.code), address, records: answer.records, cause, steps }
}
