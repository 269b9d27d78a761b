//! Platform services: who listens, what their firewall says, and in which words [STG-NET].

use std::net::Ipv4Addr;

use topology::Id;
use topology::catalogue::{Answer, Answers, catalogue};
use topology::document::RequestProtocol;
use topology::resource::{ConnectionPolicy, PublicNetworkAccess};
use wire::packet::Packet;

use super::{Connection, Server, Verdict, Walk};
use crate::firewall::{Caller, LineVerdict};
use crate::identity::{choose, stable_guid};
use crate::table::{PlatformIx, SubnetIx};
use crate::trace::{DropCause, Event, FirewallVerdict, Outcome, Place, Response};

/// The port services that require HTTPS still listen on, to say so.
const HTTP_PORT: u16 = 80;

impl Walk<'_> {
    /// Who answers at a public address. It belongs to many accounts; the host name asked for tells which.
    pub(super) fn at_public_address(&self, address: Ipv4Addr) -> Option<(PlatformIx, usize)> {
        let candidates = self.network.public_names.by_address.get(&address).map_or(&[][..], Vec::as_slice);
        let host = self.host().to_ascii_lowercase();
        let named = candidates.iter().find(|(platform, sub_resource)| self.is_named(&host, *platform, *sub_resource));
        named.or_else(|| candidates.first()).copied()
    }

    pub(super) fn reach_public_address(&mut self, packet: Packet, identity: Option<SubnetIx>) -> Verdict<Server> {
        let address = packet.destination.address;
        match self.at_public_address(address) {
            Some((platform, sub_resource)) => self.reach_platform(platform, sub_resource, false, identity, packet),
            None => self.drop_at(Place::Internet, DropCause::AddressUnused { address }, Some(packet)),
        }
    }

    pub(super) fn reach_platform(
        &mut self,
        platform: PlatformIx,
        sub_resource: usize,
        private: bool,
        identity: Option<SubnetIx>,
        packet: Packet,
    ) -> Verdict<Server> {
        let id = self.network.platforms.id(platform).clone();
        let place = Place::Resource(id.clone());
        self.refuse_echo(&place, packet)?;
        let row = &catalogue().services[sub_resource];
        let port = packet.destination.port;
        let answers_http = port == HTTP_PORT && catalogue().answers_of(row).plain_http.is_some();
        if !row.listens_on(port, private) && !answers_http {
            return self.drop_at(place, DropCause::PortNotServed { port }, Some(packet));
        }
        let accepted = Event::PlatformAccepted { service: id, socket: packet.destination, private };
        let step = self.step(place, accepted);
        step.before = Some(packet);
        step.sources = vec!["STG-NET"];
        Verdict::Continue(Server::Platform { platform, sub_resource, private, identity })
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
        identity: Option<Id>,
        address: Ipv4Addr,
    ) -> Response {
        let network = self.network;
        let service = &catalogue().services[sub_resource];
        let answers = catalogue().answers_of(service);
        let caller = network.caller(&self.request.from, private, address, identity);
        if !self.is_named(&self.host().to_ascii_lowercase(), platform, sub_resource) {
            self.assume("A14");
            return self.fill(platform, &answers.other_host, &caller);
        }
        let lines = network.read_firewall(platform, sub_resource, &caller);
        let verdict = lines.iter().find_map(|line| match line.verdict {
            LineVerdict::Decides(verdict) => Some(verdict),
            LineVerdict::Passes | LineVerdict::Misses(_) | LineVerdict::NotReached => None,
        });
        let verdict = verdict.unwrap_or(FirewallVerdict::DeniedByDefault);
        self.firewall_step(platform, sub_resource, verdict, &caller);
        if verdict.allows() {
            return self.served(platform, answers, &caller);
        }
        let bypass = network.platforms[platform].resource.network_acls.bypasses_trusted_services();
        self.fill(platform, refusal(answers, verdict, caller.identity.is_some(), bypass), &caller)
    }

    fn firewall_step(&mut self, platform: PlatformIx, sub_resource: usize, verdict: FirewallVerdict, caller: &Caller) {
        let network = self.network;
        let service = &catalogue().services[sub_resource];
        let kind = catalogue().firewall_of(service);
        let (access, implied) = network.platforms[platform].public_network_access(kind);
        let place = Place::Resource(network.platforms.id(platform).clone());
        let event = Event::FirewallEvaluated { verdict, caller: caller.address, subnet: caller.identity.clone() };
        let step = self.step(place, event);
        let has_own_source = !verdict.allows() && kind.source != "STG-NET";
        step.sources = if has_own_source { vec![kind.source.as_str()] } else { vec!["STG-NET", "STG-PE"] };
        if caller.identity.is_some() {
            step.sources.push("SE-OV");
        }
        let is_exception =
            matches!(verdict, FirewallVerdict::AllowedByTrustedService | FirewallVerdict::AllowedByResourceAccessRule);
        if verdict == FirewallVerdict::DeniedByEndpointPolicy {
            step.sources.push("SE-POL");
            step.assumptions.push("A80");
        } else if verdict == FirewallVerdict::DeniedPublicNetworkAccess && implied {
            step.assumptions.push("A81");
        } else if is_exception && access == PublicNetworkAccess::Disabled {
            step.assumptions.push("A82");
        }
        if !verdict.allows() && service.answers.is_none() {
            step.assumptions.push("A83");
        }
    }

    /// What the service answers to who may come in.
    fn served(&self, platform: PlatformIx, answers: &Answers, caller: &Caller) -> Response {
        if let (RequestProtocol::Sql, Some(accepted)) = (self.request.protocol, &answers.accepted) {
            return self.fill(platform, accepted, caller);
        }
        if let (RequestProtocol::Http, Some(required)) = (self.request.protocol, &answers.plain_http) {
            return self.fill(platform, required, caller);
        }
        match self.network.platforms[platform].resource.content.get(self.request.path()) {
            Some(body) => Response { status: 200, error_code: None, body: body.clone() },
            None => self.fill(platform, &answers.not_found, caller),
        }
    }

    fn fill(&self, platform: PlatformIx, answer: &Answer, caller: &Caller) -> Response {
        let resource = &self.network.platforms[platform].resource;
        let account = self.network.platforms.id(platform).as_str();
        let host = self.host();
        let tenant = self.network.tenants.get(&resource.subscription).map_or("", Id::as_str);
        let asked = format!("{account} {} {} {}", self.request.to, self.request.path(), caller.address);
        let from = self.request.from.as_str();
        let values = [
            ("{account}", account.to_owned()),
            ("{region}", resource.location.to_string()),
            ("{client}", caller.address.to_string()),
            ("{host}", host.to_string()),
            ("{server}", host.split('.').next().unwrap_or_default().to_owned()),
            ("{database}", self.request.path().trim_matches('/').to_owned()),
            ("{requestId}", stable_guid(&asked)),
            ("{time}", time_of(self.session.now_s())),
            ("{appId}", stable_guid(&format!("application {from}"))),
            ("{objectId}", stable_guid(&format!("principal {from}"))),
            ("{tenantId}", stable_guid(tenant)),
        ];
        let mut body = answer.body.clone();
        for (placeholder, value) in values {
            body = body.replace(placeholder, &value);
        }
        Response { status: answer.status, error_code: answer.code.clone(), body }
    }

    /// The port a SQL server's gateway sends the client to after the login [SQL-REDIR]: within Azure by default on the
    /// public address, through a private endpoint only when the policy says so.
    pub(super) fn redirect(&self, connection: &Connection, response: &Response) -> Option<u16> {
        let Server::Platform { platform, sub_resource, private, .. } = connection.server else { return None };
        let ports = catalogue().services[sub_resource].redirect_ports?;
        let at_gateway = connection.sent.destination.port == catalogue().services[sub_resource].port;
        if self.request.protocol != RequestProtocol::Sql || response.error_code.is_some() || !at_gateway {
            return None;
        }
        let in_azure = self.network.machines.find(&self.request.from).and_then(|from| self.network.sender(from));
        let redirects = match self.network.platforms[platform].resource.connection_policy {
            ConnectionPolicy::Redirect => true,
            ConnectionPolicy::Proxy => false,
            ConnectionPolicy::Default => !private && in_azure.is_some(),
        };
        let (first, last) = if private { ports.private } else { ports.public };
        // The gateway's own port is not a node's.
        let first = if first == connection.sent.destination.port { first + 1 } else { first };
        let node = self.network.platforms.id(platform).as_str();
        let offset = choose(node.as_bytes(), usize::from(last - first) + 1);
        redirects.then(|| first + u16::try_from(offset).unwrap_or_default())
    }

    pub(super) fn follow_redirect(&mut self, connection: &Connection, port: u16) -> Verdict<Outcome> {
        let Server::Platform { platform, .. } = connection.server else { return self.converse(connection) };
        let policy = self.network.platforms[platform].resource.connection_policy;
        let place = Place::Resource(self.network.platforms.id(platform).clone());
        self.step(place, Event::LoginRedirected { policy, port }).sources = vec!["SQL-REDIR", "SQL-CONN"];
        self.port = port;
        let machine = self.network.machines.find(&self.request.from);
        let Some(station) = machine.and_then(|machine| self.network.station(machine)) else {
            return self.drop_at(self.sender_place(), DropCause::SenderWithoutInterface, None);
        };
        let node = self.open(station, connection.sent.destination.address)?;
        self.converse(&node)
    }
}

/// The words a refusal has.
fn refusal(answers: &Answers, verdict: FirewallVerdict, has_identity: bool, bypasses: bool) -> &Answer {
    match verdict {
        FirewallVerdict::DeniedPublicNetworkAccess => {
            let of_subnet = answers.public_network_access_subnet.as_ref().filter(|_| has_identity);
            let no_bypass = answers.public_network_access_no_bypass.as_ref().filter(|_| !bypasses);
            of_subnet.or(no_bypass).unwrap_or(&answers.public_network_access)
        }
        FirewallVerdict::DeniedByPerimeter => answers.perimeter.as_ref().unwrap_or(&answers.firewall),
        FirewallVerdict::DeniedByDefault
        | FirewallVerdict::DeniedByEndpointPolicy
        | FirewallVerdict::AllowedByPrivateEndpoint
        | FirewallVerdict::AllowedByDefault
        | FirewallVerdict::AllowedByVirtualNetworkRule
        | FirewallVerdict::AllowedByIpRule
        | FirewallVerdict::AllowedByResourceAccessRule
        | FirewallVerdict::AllowedByTrustedService
        | FirewallVerdict::AllowedByPerimeterRule => {
            answers.subnet.as_ref().filter(|_| has_identity).unwrap_or(&answers.firewall)
        }
    }
}

/// Session time as services print it; a session begins at midnight of 2026-01-01, and the date does not move.
fn time_of(now_s: u64) -> String {
    let (hours, minutes, seconds) = (now_s / 3600 % 24, now_s / 60 % 60, now_s % 60);
    format!("2026-01-01T{hours:02}:{minutes:02}:{seconds:02}.0000000Z")
}
