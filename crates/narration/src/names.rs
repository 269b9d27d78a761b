//! Which sentence a step between DNS servers takes.

use sim::trace::{Event, Forwarding, ServerFailure, Silence};

use crate::message::{Arg, code, resource, text};

type Blanks = Vec<(&'static str, Arg)>;

/// The sentence of an event between a client's question and its answer.
pub(crate) fn of_event(event: &Event) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the events that come here")]
    match event {
        Event::HostsFile { name, address } => ("hosts-file", vec![("name", code(name)), ("address", code(address))]),
        Event::CachedAnswer { name, code: rcode, address, remaining_s } => {
            let remaining = ("remaining", text(remaining_s));
            match address {
                Some(address) => ("cached-answer", vec![("name", code(name)), ("address", code(address)), remaining]),
                None => ("cached-missing", vec![("name", code(name)), ("code", code(rcode)), remaining]),
            }
        }
        Event::LeaseOutdated { leased, configured } => {
            ("lease-outdated", vec![("leased", listed(leased)), ("configured", listed(configured))])
        }
        Event::QueryForwarded { name, server, reason } => {
            let mut blanks = vec![("name", code(name)), ("server", code(server))];
            let key = match reason {
                Forwarding::Forwarder { position } => {
                    blanks.push(("position", text(position)));
                    "query-forwarded"
                }
                Forwarding::ConditionalForwarder { suffix, .. } => {
                    blanks.push(("suffix", code(suffix)));
                    "query-forwarded-conditionally"
                }
                Forwarding::RootHints => "query-from-root",
                Forwarding::Rule { ruleset, link, rule, domain, .. } => {
                    blanks.extend([("ruleset", resource(ruleset)), ("link", code(link))]);
                    blanks.extend([("rule", code(rule)), ("domain", code(domain))]);
                    "query-forwarded-by-rule"
                }
            };
            (key, blanks)
        }
        Event::RulePassedOver { ruleset, link, rule, name } => (
            "rule-passed-over",
            vec![("ruleset", resource(ruleset)), ("link", code(link)), ("rule", code(rule)), ("name", code(name))],
        ),
        Event::InboundEndpointAsked { name, endpoint, network } => (
            "inbound-endpoint-asked",
            vec![("name", code(name)), ("endpoint", code(endpoint)), ("network", resource(network))],
        ),
        Event::ServerSilent { server, silence } => {
            let key = match silence {
                Silence::NoRoute => "server-silent-no-route",
                Silence::RouteNone => "server-silent-route-none",
                Silence::NoOutboundAccess => "server-silent-no-outbound",
                Silence::AddressUnused => "server-silent-unused",
                Silence::NotADnsServer => "server-silent-no-server",
                Silence::LostOnTheWay => "server-silent-lost",
                Silence::DeniedBySecurityGroup => "server-silent-denied",
                Silence::NoTunnel => "server-silent-no-tunnel",
                Silence::AzureDnsOutside => "server-silent-azure-dns-outside",
            };
            (key, vec![("server", code(server))])
        }
        Event::ServerRecord { zone, name, address, ttl } => (
            "server-record",
            vec![("zone", code(zone)), ("name", code(name)), ("address", code(address)), ("ttl", text(ttl))],
        ),
        Event::ServerAlias { zone, name, target, .. } => {
            ("server-alias", vec![("zone", code(zone)), ("name", code(name)), ("target", code(target))])
        }
        Event::ServerMissing { zone, name } => ("server-missing", vec![("zone", code(zone)), ("name", code(name))]),
        Event::ServerFailed { name, failure } => {
            let key = match failure {
                ServerFailure::Loop => "server-failed-loop",
                ServerFailure::Unreachable => "server-failed-unreachable",
                ServerFailure::NobodyToAsk => "server-failed-nobody",
                ServerFailure::AliasLoop => "server-failed-alias-loop",
            };
            (key, vec![("name", code(name))])
        }
        Event::AnswerRelayed { name, code: rcode, address, .. } => match address {
            Some(address) => ("answer-relayed", vec![("name", code(name)), ("address", code(address))]),
            None => ("answer-relayed-missing", vec![("name", code(name)), ("code", code(rcode))]),
        },
        _ => ("dropped", Vec::new()),
    }
}

fn listed(servers: &[std::net::Ipv4Addr]) -> Arg {
    code(servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}
