//! A question for a name, as the tools of a machine ask it.

use std::net::Ipv4Addr;
use std::ops::ControlFlow;

use smol_str::SmolStr;
use topology::Id;
use topology::document::{Request, RequestProtocol};
use topology::resource::Extra;
use wire::DomainName;
use wire::dns::{Record, RecordType, ResponseCode};
use wire::packet::Socket;

use super::resolve::Answer;
use super::{Verdict, Walk};
use crate::names::DNS_PORT;
use crate::network::Network;
use crate::outside::Station;
use crate::session::Session;
use crate::trace::{Event, Outcome, Trace};

/// Whom a tool asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The machine's own resolver: hosts file and cache first, as every program on it does.
    Client,
    /// The servers of the machine's lease, past its hosts file and its cache, as `nslookup` does on Windows.
    Lease,
    /// A named server, past both.
    Server(Ipv4Addr),
}

/// What a tool was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The server asked; absent for a machine without a network interface.
    pub server: Option<Ipv4Addr>,
    /// The response code; absent when nobody answered.
    pub code: Option<ResponseCode>,
    /// The whole answer.
    pub records: Vec<Record>,
    /// How it came about.
    pub trace: Trace,
}

impl Lookup {
    /// The addresses of the answer.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.records.iter().filter_map(|record| record.data.address())
    }
}

/// Asks for a name from a machine, and no more. Caches move on with it.
#[must_use]
pub fn look_up(network: &Network, session: &mut Session, from: &Id, name: &DomainName, asked: Asked) -> Lookup {
    let request = Request {
        from: from.clone(),
        protocol: RequestProtocol::Dns,
        to: SmolStr::new(name.as_str()),
        port: None,
        path: None,
        insecure: false,
        extra: Extra::new(),
    };
    let mut walk = Walk::new(network, session, &request);
    let machine = network.machines.find(from);
    let Some(sender) = machine.and_then(|machine| network.station(machine)) else {
        let trace = super::send(network, session, &request);
        return Lookup { server: None, code: None, records: Vec::new(), trace };
    };
    let (server, answer) = walk.ask_as(sender, name, asked);
    let (told, ended) = match answer {
        ControlFlow::Continue(answer) => {
            let ended = walk.conclude(name.clone(), &answer).map_continue(|address| Outcome::Resolved { address });
            (Some(answer), ended)
        }
        ControlFlow::Break(outcome) => (None, ControlFlow::Break(outcome)),
    };
    let (ControlFlow::Continue(outcome) | ControlFlow::Break(outcome)) = ended;
    let trace = Trace { request: request.clone(), steps: walk.steps, outcome };
    let (code, records) = told.map_or((None, Vec::new()), |answer| (Some(answer.code), answer.records));
    Lookup { server, code, records, trace }
}

/// The DNS servers a machine's lease names: those of the document when it first asked, until it is renewed.
#[must_use]
pub fn leased_dns_servers(network: &Network, session: &mut Session, machine: &Id) -> Vec<Ipv4Addr> {
    let station = network.machines.find(machine).and_then(|machine| network.station(machine));
    station.map_or_else(Vec::new, |station| session.names.lease(machine, &network.dns_servers(&station)).to_vec())
}

impl Walk<'_> {
    fn ask_as(&mut self, sender: Station, name: &DomainName, asked: Asked) -> (Option<Ipv4Addr>, Verdict<Answer>) {
        match asked {
            Asked::Client => {
                let configured = self.network.dns_servers(&sender);
                let server = self.session.names.lease(&self.request.from, &configured).first().copied();
                (server, self.answer_to_client(sender, name))
            }
            Asked::Lease => {
                let servers = self.leased_servers(sender);
                let exchange = self.ask_in_order(&self.client(sender), &servers, name);
                (servers.first().copied(), self.receive(&servers, name, exchange))
            }
            Asked::Server(server) => {
                let announce = Event::QuerySent { name: name.clone(), record_type: RecordType::A, server };
                let exchange = self.ask(&self.client(sender), Socket::new(server, DNS_PORT), name, announce, None);
                (Some(server), self.receive(&[server], name, exchange))
            }
        }
    }
}
