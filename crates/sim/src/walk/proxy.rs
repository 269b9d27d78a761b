//! The PROXY header between a private link service and a server: who writes it, and who understands it [PLS-OV].

use topology::document::RequestProtocol;
use wire::packet::{Payload, Socket};
use wire::proxy_v2::Header;

use super::{Connection, Server, Verdict, Walk};
use crate::network::Listener;
use crate::table::MachineIx;
use crate::trace::{DropCause, Event, Place};

/// How the first bytes of a connection went.
#[derive(Clone, Copy)]
pub(super) struct Greeting {
    /// Who the server takes the client for.
    pub(super) caller: Socket,
    /// Whether the server takes the header for a request that makes no sense.
    pub(super) refused: bool,
}

impl<'a> Walk<'a> {
    /// The private link service writes the header before the client's first byte.
    pub(super) fn write_header(&mut self, connection: &Connection) {
        let Some((service, header)) = &connection.header else { return };
        let place = Place::Resource(service.clone());
        let link_identifier = header.link_id().unwrap_or_default();
        let client = connection.header_source().unwrap_or(connection.arrived.source);
        let event = Event::ProxyHeaderSent { client, link_identifier, header: header.clone() };
        let step = self.step(place.clone(), event);
        step.after = Some(connection.packet_from(&place).carrying(Payload::ProxyHeader));
        step.sources = vec!["PLS-OV"];
        step.assumptions = vec!["A12"];
    }

    /// What the server makes of the header, or of its absence.
    pub(super) fn greet(&mut self, connection: &Connection) -> Verdict<Greeting> {
        let caller = connection.arrived.source;
        let plain = Greeting { caller, refused: false };
        let Server::Guest(machine) = connection.server else { return Verdict::Continue(plain) };
        let Some(listener) = self.listener(connection, machine) else { return Verdict::Continue(plain) };
        let (service, place) = (listener.name.clone(), self.server_place(&connection.server));
        match (&connection.header, listener.parses_proxy_protocol) {
            (None, false) => Verdict::Continue(plain),
            (Some((_, header)), true) => {
                let client = connection.header_source().unwrap_or(caller);
                let link_identifier = header.link_id().unwrap_or_default();
                let step = self.step(place, Event::ProxyHeaderRead { service, client, link_identifier });
                step.via = connection.places();
                step.before = Some(connection.at_server(Payload::ProxyHeader));
                step.sources = vec!["PLS-OV"];
                Verdict::Continue(Greeting { caller: client, refused: false })
            }
            (Some(_), false) => {
                let step = self.step(place.clone(), Event::ProxyHeaderNotUnderstood { service: service.clone() });
                step.via = connection.places();
                step.before = Some(connection.at_server(Payload::ProxyHeader));
                step.sources = vec!["PLS-OV"];
                if self.request.protocol == RequestProtocol::Https {
                    return self.drop_at(place, DropCause::TlsHandshakeFailed { service }, Some(connection.arrived));
                }
                Verdict::Continue(Greeting { caller, refused: true })
            }
            (None, true) => {
                let packet = connection.at_server(Payload::Request);
                let ended = self.drop_at(place, DropCause::ProxyHeaderMissing { service }, Some(packet));
                if let Some(step) = self.steps.last_mut() {
                    step.after = Some(packet.reply(Payload::Rst));
                }
                ended
            }
        }
    }

    /// Who the server takes the client for on a connection that has begun well.
    pub(super) fn greet_again(&self, connection: &Connection) -> Greeting {
        let read = match connection.server {
            Server::Guest(machine) => self.listener(connection, machine).is_some_and(|own| own.parses_proxy_protocol),
            Server::Platform { .. } => false,
        };
        let client = connection.header_source().filter(|_| read);
        Greeting { caller: client.unwrap_or(connection.arrived.source), refused: connection.header.is_some() && !read }
    }

    /// What took the connection in a guest.
    pub(super) fn listener(&self, connection: &Connection, machine: MachineIx) -> Option<&'a Listener> {
        let key = (connection.arrived.transport, connection.arrived.destination.port);
        self.network.machines[machine].services.get(&key)
    }
}

impl Connection {
    /// The client its header names.
    fn header_source(&self) -> Option<Socket> {
        match &self.header.as_ref()?.1 {
            Header::Local => None,
            Header::Proxied { source, .. } => Some(*source),
        }
    }
}
