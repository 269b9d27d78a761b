//! Which sentence a step outside Azure, or on the way there, takes.

use sim::trace::{Event, OutsideHop, TunnelKind};
use topology::problem::{Problem, ProblemCode};

use crate::message::{Arg, code, resource};

type Blanks = Vec<(&'static str, Arg)>;

/// The sentence of an event outside Azure.
pub(crate) fn of_event(event: &Event) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the events that come here")]
    match event {
        Event::OutsideRouteSelected { destination, prefix, hop } => {
            let blanks = vec![("destination", code(destination)), ("prefix", code(prefix))];
            match hop {
                OutsideHop::Local => ("outside-route-local", blanks),
                OutsideHop::Tunnel { connection } => {
                    ("outside-route-tunnel", [blanks, vec![("connection", resource(connection))]].concat())
                }
                OutsideHop::PointToSite { gateway } => {
                    ("outside-route-client", [blanks, vec![("gateway", resource(gateway))]].concat())
                }
                OutsideHop::Internet => ("outside-route-internet", blanks),
            }
        }
        Event::TunnelEntered { connection, kind, entry, exit } => {
            let blanks = vec![("entry", resource(entry)), ("exit", resource(exit))];
            match (kind, connection) {
                (TunnelKind::PointToSite, _) | (_, None) => ("tunnel-point-to-site", blanks),
                (TunnelKind::ExpressRoute, Some(connection)) => {
                    ("tunnel-express-route", [blanks, vec![("connection", resource(connection))]].concat())
                }
                (TunnelKind::IPsec | TunnelKind::Vnet2Vnet, Some(connection)) => {
                    ("tunnel-ipsec", [blanks, vec![("connection", resource(connection))]].concat())
                }
            }
        }
        Event::GatewayTranslated { rules } => {
            let rules = rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>().join(", ");
            ("gateway-translated", vec![("rules", code(rules))])
        }
        Event::GatewayUntranslated => ("gateway-untranslated", Vec::new()),
        _ => ("dropped", Vec::new()),
    }
}

/// The sentence of a problem outside Azure.
pub(crate) fn of_problem(problem: &Problem) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the problems that come here")]
    match &problem.code {
        ProblemCode::AddressNotAtSite { address } => ("AddressNotAtSite", vec![("address", code(address))]),
        ProblemCode::GatewaySubnetName { subnet } => ("GatewaySubnetName", vec![("subnet", resource(subnet))]),
        ProblemCode::SecondGateway { network, gateway } => {
            ("SecondGateway", vec![("network", resource(network)), ("gateway", resource(gateway))])
        }
        ProblemCode::GatewayDefaultRoute { subnet } => ("GatewayDefaultRoute", vec![("subnet", resource(subnet))]),
        ProblemCode::SecondRemoteGateway { remote } => ("SecondRemoteGateway", vec![("remote", resource(remote))]),
        ProblemCode::RemoteGatewayBesideOwn { network } => {
            ("RemoteGatewayBesideOwn", vec![("network", resource(network))])
        }
        ProblemCode::RemoteGatewayMissing { remote } => ("RemoteGatewayMissing", vec![("remote", resource(remote))]),
        ProblemCode::GatewayTransitNotAllowed { remote } => {
            ("GatewayTransitNotAllowed", vec![("remote", resource(remote))])
        }
        ProblemCode::ClientPoolIsFull { gateway } => ("ClientPoolIsFull", vec![("gateway", resource(gateway))]),
        ProblemCode::ConnectionTypeMismatch { gateway } => {
            ("ConnectionTypeMismatch", vec![("gateway", resource(gateway))])
        }
        ProblemCode::ConnectionWithoutPeer => ("ConnectionWithoutPeer", vec![("field", code(&problem.field))]),
        ProblemCode::ConnectionOneWay { gateway } => ("ConnectionOneWay", vec![("gateway", resource(gateway))]),
        ProblemCode::PrivatePeeringMissing { circuit } => {
            ("PrivatePeeringMissing", vec![("circuit", resource(circuit))])
        }
        ProblemCode::ConnectionOverlap { range } => ("ConnectionOverlap", vec![("range", code(range))]),
        ProblemCode::ConnectionOverlapsOther { range, connection } => {
            ("ConnectionOverlapsOther", vec![("range", code(range)), ("connection", resource(connection))])
        }
        ProblemCode::NatRuleNotAllowed => ("NatRuleNotAllowed", Vec::new()),
        ProblemCode::NatRuleSize { sku } => ("NatRuleSize", vec![("sku", code(sku))]),
        ProblemCode::NatRuleMappings { rule } => ("NatRuleMappings", vec![("rule", code(rule))]),
        _ => ("MissingReference", Vec::new()),
    }
}
