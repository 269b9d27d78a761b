//! Platform services: who listens, and what their firewall says [STG-NET].

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use topology::document::RequestProtocol;
use topology::resource::{DefaultAction, PublicNetworkAccess};
use wire::packet::Packet;

use super::{Server, Verdict, Walk};
use crate::catalogue::{Answer, catalogue};
use crate::identity::stable_guid;
use crate::network::Platform;
use crate::table::PlatformIx;
use crate::trace::{DropCause, Event, FirewallVerdict, Place, Response};

/// The port services that require HTTPS still listen on, to say so.
const HTTP_PORT: u16 = 80;

impl Walk<'_> {
    /// A public address belongs to many accounts; the host name asked for tells which.
    pub(super) fn reach_public_address(&mut self, packet: Packet) -> Verdict<Server> {
        let address = packet.destination.address;
        let candidates = self.network.public_names.by_address.get(&address).map_or(&[][..], Vec::as_slice);
        let host = self.host().to_ascii_lowercase();
        let named = candidates.iter().find(|(platform, sub_resource)| self.is_named(&host, *platform, *sub_resource));
        match named.or_else(|| candidates.first()).copied() {
            Some((platform, sub_resource)) => self.reach_platform(platform, sub_resource, false, packet),
            None => self.drop_at(Place::Internet, DropCause::AddressUnused { address }, Some(packet)),
        }
    }

    pub(super) fn reach_platform(
        &mut self,
        platform: PlatformIx,
        sub_resource: usize,
        private: bool,
        packet: Packet,
    ) -> Verdict<Server> {
        let id = self.network.platforms.id(platform).clone();
        let place = Place::Resource(id.clone());
        let row = &catalogue().services[sub_resource];
        let port = packet.destination.port;
        let answers_http = port == HTTP_PORT && catalogue().answers_of(row).plain_http.is_some();
        if !row.listens_on(port) && !answers_http {
            return self.drop_at(place, DropCause::PortNotServed { port }, Some(packet));
        }
        let accepted = Event::PlatformAccepted { service: id, socket: packet.destination, private };
        let step = self.step(place, accepted);
        step.before = Some(packet);
        step.sources = vec!["STG-NET"];
        Verdict::Continue(Server::Platform { platform, sub_resource, private })
    }

    /// Whether a host name in lower case is this account's.
    fn is_named(&self, host: &str, platform: PlatformIx, sub_resource: usize) -> bool {
        self.network.platforms[platform].sub_resources[&sub_resource].is_named(host)
    }

    /// What the service answers to the request that has arrived.
    pub(super) fn platform_response(
        &mut self,
        platform: PlatformIx,
        sub_resource: usize,
        private: bool,
        caller: Ipv4Addr,
    ) -> Response {
        let network = self.network;
        let row = &network.platforms[platform];
        let answers = catalogue().answers_of(&catalogue().services[sub_resource]);
        if !self.is_named(&self.host().to_ascii_lowercase(), platform, sub_resource) {
            if let Some(step) = self.steps.last_mut() {
                step.assumptions.push("A14");
            }
            return self.fill(platform, &answers.other_host, caller);
        }
        let verdict = evaluate(row, private, caller);
        let place = Place::Resource(network.platforms.id(platform).clone());
        self.step(place, Event::FirewallEvaluated { verdict, caller }).sources = vec!["STG-NET", "STG-PE"];
        let path = self.request.path();
        match verdict {
            FirewallVerdict::DeniedPublicNetworkAccess => self.fill(platform, &answers.public_network_access, caller),
            FirewallVerdict::DeniedByDefault => self.fill(platform, &answers.firewall, caller),
            FirewallVerdict::AllowedByPrivateEndpoint
            | FirewallVerdict::AllowedByDefault
            | FirewallVerdict::AllowedByIpRule => {
                if let Some(required) = &answers.plain_http
                    && self.request.protocol == RequestProtocol::Http
                {
                    return self.fill(platform, required, caller);
                }
                match row.content.get(path) {
                    Some(body) => Response { status: 200, error_code: None, body: body.clone() },
                    None => self.fill(platform, &answers.not_found, caller),
                }
            }
        }
    }

    fn fill(&self, platform: PlatformIx, answer: &Answer, caller: Ipv4Addr) -> Response {
        let account = self.network.platforms.id(platform).as_str();
        let request_id = stable_guid(&format!("{account} {} {} {caller}", self.request.to, self.request.path()));
        let body = answer
            .body
            .replace("{account}", account)
            .replace("{client}", &caller.to_string())
            .replace("{requestId}", &request_id)
            .replace("{time}", &time_of(self.session.now_s()));
        Response { status: answer.status, error_code: answer.code.clone(), body }
    }
}

/// Session time as services print it; a session begins at midnight of 2026-01-01, and the date does not move.
fn time_of(now_s: u64) -> String {
    let (hours, minutes, seconds) = (now_s / 3600 % 24, now_s / 60 % 60, now_s % 60);
    format!("2026-01-01T{hours:02}:{minutes:02}:{seconds:02}.0000000Z")
}

/// Traffic through an approved private endpoint is not looked at; the rest needs `publicNetworkAccess` and a rule.
pub(super) fn evaluate(platform: &Platform, private: bool, caller: Ipv4Addr) -> FirewallVerdict {
    if private {
        FirewallVerdict::AllowedByPrivateEndpoint
    } else if platform.public_network_access == PublicNetworkAccess::Disabled {
        FirewallVerdict::DeniedPublicNetworkAccess
    } else if platform.network_acls.default_action == DefaultAction::Allow {
        FirewallVerdict::AllowedByDefault
    } else if platform.network_acls.ip_rules.iter().any(|rule| rule_matches(rule, caller)) {
        FirewallVerdict::AllowedByIpRule
    } else {
        FirewallVerdict::DeniedByDefault
    }
}

/// An address, or a range of at least four: /31 and /32 are not accepted, nor are private addresses [STG-IP].
fn rule_matches(rule: &str, caller: Ipv4Addr) -> bool {
    if caller.is_private() {
        return false;
    }
    if let Ok(address) = rule.parse::<Ipv4Addr>() {
        return address == caller;
    }
    rule.parse::<Ipv4Net>().is_ok_and(|range| range.prefix_len() <= 30 && range.contains(&caller))
}
