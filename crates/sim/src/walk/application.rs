//! Certificate, request and response over an open connection.

use smol_str::SmolStr;
use topology::document::RequestProtocol;
use wire::packet::Payload;

use super::proxy::Greeting;
use super::{Connection, Server, Verdict, Walk};
use crate::trace::{DropCause, Event, Outcome, Phase, Place, Response};

impl Walk<'_> {
    /// What is said over a connection that has just opened.
    pub(super) fn converse(&mut self, connection: &Connection) -> Verdict<Outcome> {
        self.phase = Phase::Request;
        let greeting = self.greet(connection)?;
        if self.request.protocol == RequestProtocol::Tcp {
            let outcome = Outcome::Answered { path: connection.kind, caller: greeting.caller, response: None };
            return Verdict::Continue(outcome);
        }
        if self.request.protocol.is_encrypted() {
            self.check_certificate(&connection.server)?;
        }
        self.request_over(connection, greeting)
    }

    /// A request and its response.
    pub(super) fn request_over(&mut self, connection: &Connection, greeting: Greeting) -> Verdict<Outcome> {
        let Greeting { caller, refused } = greeting;
        let arrived = Event::RequestArrived {
            protocol: self.request.protocol,
            host: self.host(),
            path: self.request.path().into(),
            caller,
        };
        let place = self.server_place(&connection.server);
        let step = self.step(place.clone(), arrived);
        step.via = connection.places();
        step.before = Some(connection.at_server(Payload::Request));
        step.sources = match connection.server {
            Server::Guest(_) => vec!["PLS-OV"],
            Server::Platform { .. } => vec!["STG-NET"],
        };
        let response = match connection.server {
            Server::Guest(_) if refused => {
                self.assume("A13");
                guest_response(400, None)
            }
            Server::Guest(machine) => {
                let listener = self.listener(connection, machine);
                let status = listener.map_or(200, |listener| listener.status_of(self.request.path()));
                let machine = self.network.machines.id(machine);
                guest_response(status, Some(format!("Served by {machine}. Your address is {}.", caller.address)))
            }
            Server::Platform { platform, sub_resource, private, identity } => {
                let identity = identity.map(|subnet| self.network.subnets.id(subnet).clone());
                self.platform_response(platform, sub_resource, private, identity, caller.address)
            }
        };
        if let Some(port) = self.redirect(connection, &response) {
            return self.follow_redirect(connection, port);
        }
        self.phase = Phase::Response;
        let step = self.step(place, Event::ResponseSent { response: response.clone() });
        step.after = Some(connection.arrived.reply(Payload::Response));
        let step = self.step(self.sender_place(), Event::ResponseReceived { response: response.clone() });
        step.via = connection.back.clone();
        step.before = Some(connection.at_sender(Payload::Response));
        Verdict::Continue(Outcome::Answered { path: connection.kind, caller, response: Some(response) })
    }

    /// The sender compares the certificate with the name it asked for [STG-PE]. A guest shows one for its own name.
    fn check_certificate(&mut self, server: &Server) -> Verdict<()> {
        let host = self.host();
        let certificate = match server {
            Server::Guest(machine) => SmolStr::new(self.network.machines.id(*machine).as_str()),
            Server::Platform { platform, sub_resource, .. } => {
                self.network.platforms[*platform].sub_resources[sub_resource].certificate(&host.to_ascii_lowercase())
            }
        };
        let matches = certificate_covers(&certificate, &host);
        let accepted = matches || self.request.insecure;
        let checked = Event::CertificateChecked { host: host.clone(), certificate, matches, accepted };
        self.step(self.sender_place(), checked).sources = vec!["STG-PE"];
        if accepted {
            return Verdict::Continue(());
        }
        self.drop_at(self.sender_place(), DropCause::CertificateMismatch { host }, None)
    }

    /// The name or address asked for, as the application sends it.
    pub(super) fn host(&self) -> SmolStr {
        SmolStr::new(self.request.to.trim().trim_end_matches('.'))
    }

    pub(super) fn server_place(&self, server: &Server) -> Place {
        Place::Resource(match server {
            Server::Guest(machine) => self.network.machines.id(*machine).clone(),
            Server::Platform { platform, .. } => self.network.platforms.id(*platform).clone(),
        })
    }
}

/// What a guest says: its own words when all is well, the reason of the status otherwise (RFC 9110 §15).
fn guest_response(status: u16, words: Option<String>) -> Response {
    let reason = match status {
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    };
    let body = words.filter(|_| status == 200).unwrap_or_else(|| reason.to_owned());
    Response { status, error_code: None, body }
}

/// A wildcard stands for exactly one label (RFC 9525 §6.3).
fn certificate_covers(certificate: &str, host: &str) -> bool {
    match certificate.strip_prefix("*.") {
        Some(base) => host.split_once('.').is_some_and(|(_, parent)| parent.eq_ignore_ascii_case(base)),
        None => certificate.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::certificate_covers;

    #[test]
    fn a_wildcard_certificate_covers_one_label_and_so_not_the_privatelink_name() {
        assert!(certificate_covers("*.blob.core.windows.net", "acct.blob.core.windows.net"));
        assert!(!certificate_covers("*.blob.core.windows.net", "acct.privatelink.blob.core.windows.net"));
        assert!(!certificate_covers("*.blob.core.windows.net", "10.0.0.5"));
    }
}
