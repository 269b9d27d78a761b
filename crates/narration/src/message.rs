//! Which sentence a code takes, and what fills its blanks.

use smol_str::{SmolStr, format_smolstr};

use sim::trace::{DropCause, Event, Outcome, PathKind, Phase, Step};
use topology::command::{Detail, Refusal};
use topology::problem::{Problem, ProblemCode};
use topology::resource::{Access, Direction};
use topology::{Id, Kind};

use crate::{Span, balance, names, outside, platform, routes};

/// What fills a blank.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    Text(String),
    Code(String),
    Resource(Id),
    Resources(Vec<Id>),
    Sentence(Vec<Span>),
}

/// A sentence's key and what fills its blanks.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) key: SmolStr,
    pub(crate) args: Vec<(&'static str, Arg)>,
}

impl Message {
    pub(crate) fn new(key: impl Into<SmolStr>, args: Vec<(&'static str, Arg)>) -> Self {
        Self { key: key.into(), args }
    }
}

pub(crate) fn code(value: impl ToString) -> Arg {
    Arg::Code(value.to_string())
}

pub(crate) fn text(value: impl ToString) -> Arg {
    Arg::Text(value.to_string())
}

pub(crate) fn resource(id: &Id) -> Arg {
    Arg::Resource(id.clone())
}

pub(crate) fn of_step(step: &Step) -> Message {
    let (key, args) = match &step.event {
        Event::QuerySent { name, record_type, server } => {
            ("query-sent", vec![("name", code(name)), ("type", text(record_type)), ("server", code(server))])
        }
        Event::PublicAlias { name, target, private_link, .. } => {
            let key = if *private_link { "public-alias-private-link" } else { "public-alias" };
            (key, vec![("name", code(name)), ("target", code(target))])
        }
        Event::PublicAddress { name, address, .. } => {
            ("public-address", vec![("name", code(name)), ("address", code(address))])
        }
        Event::PublicMissing { name } => ("public-missing", vec![("name", code(name))]),
        Event::PrivateRecord { zone, link, name, address, ttl } => (
            "private-record",
            vec![
                ("zone", resource(zone)),
                ("link", code(link)),
                ("name", code(name)),
                ("address", code(address)),
                ("ttl", text(ttl)),
            ],
        ),
        Event::PrivateMissing { zone, link, name } => {
            ("private-missing", vec![("zone", resource(zone)), ("link", code(link)), ("name", code(name))])
        }
        Event::ZoneNotLinked { zone, network, name } => {
            ("zone-not-linked", vec![("zone", resource(zone)), ("network", resource(network)), ("name", code(name))])
        }
        Event::RedirectedToPublic { zone, link, name } => {
            ("redirected-to-public", vec![("zone", resource(zone)), ("link", code(link)), ("name", code(name))])
        }
        Event::PrivateAlias { zone, link, name, target, .. } => (
            "private-alias",
            vec![("zone", resource(zone)), ("link", code(link)), ("name", code(name)), ("target", code(target))],
        ),
        Event::HostsFile { .. }
        | Event::CachedAnswer { .. }
        | Event::LeaseOutdated { .. }
        | Event::QueryForwarded { .. }
        | Event::RulePassedOver { .. }
        | Event::InboundEndpointAsked { .. }
        | Event::ServerSilent { .. }
        | Event::ServerRecord { .. }
        | Event::ServerAlias { .. }
        | Event::ServerMissing { .. }
        | Event::ServerFailed { .. }
        | Event::AnswerRelayed { .. } => names::of_event(&step.event),
        Event::AnswerReceived { name, code: rcode, address, .. } => match address {
            Some(address) => ("answer-received", vec![("name", code(name)), ("address", code(address))]),
            None => ("answer-missing", vec![("name", code(name)), ("code", code(rcode))]),
        },
        Event::RouteSelected { destination, route, losers } => {
            return routes::selected(*destination, route, losers);
        }
        Event::OutsideRouteSelected { .. }
        | Event::TunnelEntered { .. }
        | Event::GatewayTranslated { .. }
        | Event::GatewayUntranslated => outside::of_event(&step.event),
        Event::SecurityEvaluated { subject, group, direction, access, rule, priority, .. } => {
            let args = vec![
                ("subject", resource(subject)),
                ("group", resource(group)),
                ("rule", code(rule)),
                ("priority", text(priority)),
            ];
            let key = match (direction, access) {
                (Direction::Inbound, Access::Allow) => "security-in-allow",
                (Direction::Inbound, Access::Deny) => "security-in-deny",
                (Direction::Outbound, Access::Allow) => "security-out-allow",
                (Direction::Outbound, Access::Deny) => "security-out-deny",
            };
            (key, args)
        }
        Event::SecurityNotApplied { subnet, group, rule, policies } => (
            "security-not-applied",
            vec![
                ("subnet", resource(subnet)),
                ("group", resource(group)),
                ("rule", code(rule)),
                ("policies", code(format!("{policies:?}"))),
            ],
        ),
        Event::ProbeDenied { interface, group, rule, denied } => {
            let args = vec![("interface", resource(interface)), ("group", resource(group)), ("rule", code(rule))];
            match denied {
                1 => ("probe-denied", args),
                _ => ("probe-denied-several", [args, vec![("denied", text(denied))]].concat()),
            }
        }
        Event::ServiceEndpointTaken { subnet, service } => {
            ("service-endpoint-taken", vec![("subnet", resource(subnet)), ("service", code(service))])
        }
        Event::RoutesBypassed { .. }
        | Event::NextHopBalanced { .. }
        | Event::Forwarded { .. }
        | Event::EndpointReplied { .. }
        | Event::ReplyForwarded { .. } => routes::of_event(&step.event),
        Event::OutboundTranslated { public } => ("outbound-translated", vec![("public", code(public))]),
        Event::SourceTranslated { .. }
        | Event::DestinationTranslated { .. }
        | Event::DestinationUntranslated { .. }
        | Event::NatRuleApplied { .. }
        | Event::HairpinPossible { .. }
        | Event::ProbeFailed { .. }
        | Event::TranslatedDirectly { .. }
        | Event::ProxyHeaderSent { .. }
        | Event::ProxyHeaderRead { .. }
        | Event::ProxyHeaderNotUnderstood { .. }
        | Event::DataSent { .. }
        | Event::FlowContinued { .. }
        | Event::DataArrived { .. }
        | Event::DatagramAnswered { .. } => balance::of_event(&step.event),
        Event::EndpointAdmitted { status, target, link_identifier, group_id } => {
            let args = vec![("status", text(status)), ("target", resource(target)), ("link", code(link_identifier))];
            match group_id {
                Some(group) => ("endpoint-admitted-group", [args, vec![("group", code(group))]].concat()),
                None => ("endpoint-admitted", args),
            }
        }
        Event::Translated { nat, frontend, .. } => {
            ("translated", vec![("nat", code(nat)), ("frontend", code(frontend))])
        }
        Event::Balanced { rule, pool, healthy, members, backend, socket } => (
            "balanced",
            vec![
                ("rule", code(rule)),
                ("pool", code(pool)),
                ("healthy", text(healthy)),
                ("members", text(members)),
                ("backend", resource(backend)),
                ("socket", code(socket)),
            ],
        ),
        Event::GuestAccepted { service, socket } => {
            ("guest-accepted", vec![("service", text(service)), ("socket", code(socket))])
        }
        Event::EchoAnswered { socket } => ("echo-answered", vec![("address", code(socket.address))]),
        Event::PlatformAccepted { service, socket, private } => {
            let key = if *private { "platform-accepted-private" } else { "platform-accepted-public" };
            (key, vec![("service", resource(service)), ("socket", code(socket))])
        }
        Event::Unbalanced { frontend } => ("unbalanced", vec![("frontend", code(frontend))]),
        Event::Untranslated { endpoint, consumer, .. } => {
            ("untranslated", vec![("endpoint", code(endpoint)), ("consumer", code(consumer))])
        }
        Event::OutboundUntranslated { private } => ("outbound-untranslated", vec![("private", code(private))]),
        Event::Connected { local, remote } => ("connected", vec![("local", code(local)), ("remote", code(remote))]),
        Event::CertificateChecked { host, certificate, matches, accepted } => {
            let key = match (matches, accepted) {
                (true, _) => "certificate-matches",
                (false, true) => "certificate-ignored",
                (false, false) => "certificate-refused",
            };
            (key, vec![("host", code(host)), ("certificate", code(certificate))])
        }
        Event::RequestArrived { protocol, path, caller, .. } => {
            ("request-arrived", vec![("protocol", text(protocol)), ("path", code(path)), ("caller", code(caller))])
        }
        Event::FirewallEvaluated { verdict, caller, subnet } => {
            let mut args = vec![("caller", code(caller))];
            args.extend(subnet.as_ref().map(|subnet| ("subnet", resource(subnet))));
            (platform::verdict_key(*verdict), args)
        }
        Event::LoginRedirected { policy, port } => {
            ("login-redirected", vec![("policy", code(policy)), ("port", code(port))])
        }
        Event::ResponseSent { response } => return platform::response("sent", response),
        Event::ResponseReceived { response } => return platform::response("received", response),
        Event::Dropped { .. } => ("dropped", vec![]),
    };
    Message::new(format_smolstr!("step.{key}"), args)
}

pub(crate) fn of_cause(cause: &DropCause) -> Message {
    let args = match cause {
        DropCause::NameNotResolved { name } | DropCause::AliasLoop { name } => vec![("name", code(name))],
        DropCause::ForwardingLoop { name } => vec![("name", code(name))],
        DropCause::ForwardersUnreachable { name, at } | DropCause::NoForwarder { name, at } => {
            vec![("name", code(name)), ("at", resource(at))]
        }
        DropCause::ResolverUnreachable { server } => vec![("server", code(server))],
        DropCause::RouteNone { prefix } => vec![("prefix", code(prefix))],
        DropCause::IpForwardingDisabled { interface } => vec![("interface", resource(interface))],
        DropCause::NoHaPortsRule { frontend } => vec![("frontend", code(frontend))],
        DropCause::AsymmetricReturn { appliance } => vec![("appliance", resource(appliance))],
        DropCause::ForwardedTrafficNotAllowed { network } => vec![("network", resource(network))],
        DropCause::SourceNotTranslated { source } => vec![("source", code(source))],
        DropCause::GatewayMissing { prefix } => vec![("prefix", code(prefix))],
        DropCause::AddressUnused { address }
        | DropCause::NotRoutedOnInternet { address }
        | DropCause::NoTunnel { address }
        | DropCause::ApplianceUnreachable { address } => vec![("address", code(address))],
        DropCause::TunnelDown { connection } => vec![("connection", resource(connection))],
        DropCause::NatRuleOneWay { gateway, rule } => vec![("gateway", resource(gateway)), ("rule", code(rule))],
        DropCause::NoOutboundAccess { subnet } => vec![("subnet", resource(subnet))],
        DropCause::Hairpin { .. }
        | DropCause::FloatingAddressMissing { .. }
        | DropCause::BindingForgotten { .. }
        | DropCause::FlowForgotten { .. }
        | DropCause::PortLeaseForgotten { .. }
        | DropCause::ConnectionWasReset { .. }
        | DropCause::ProxyHeaderMissing { .. }
        | DropCause::TlsHandshakeFailed { .. } => balance::of_cause(cause),
        DropCause::BehindLoadBalancer { balancer } => vec![("balancer", resource(balancer))],
        DropCause::ClosedByDefault { interface } => vec![("interface", resource(interface))],
        DropCause::EndpointBeyondLimit { limit } => vec![("limit", text(limit))],
        DropCause::ConnectionNotApproved { status } => vec![("status", code(status))],
        DropCause::NoLoadBalancingRule { frontend, port } => {
            vec![("frontend", code(frontend)), ("port", code(port))]
        }
        DropCause::NoHealthyBackend { pool } => vec![("pool", code(pool))],
        DropCause::PortNotServed { port } | DropCause::ConnectionRefused { port } => vec![("port", code(port))],
        DropCause::CertificateMismatch { host } => vec![("host", code(host))],
        DropCause::DeniedBySecurityGroup { group, rule, direction, .. } => {
            let direction = match direction {
                Direction::Inbound => "inbound",
                Direction::Outbound => "outbound",
            };
            vec![("group", resource(group)), ("rule", code(rule)), ("direction", text(direction))]
        }
        DropCause::SenderWithoutInterface
        | DropCause::RoutingLoop
        | DropCause::TargetNotUnderstood
        | DropCause::GuestDoesNotForward
        | DropCause::EchoNotAnswered
        | DropCause::EndpointWithoutTarget
        | DropCause::NatIpMissing
        | DropCause::NatPortsExhausted
        | DropCause::SnatPortsExhausted
        | DropCause::ServerGone
        | DropCause::FrontendMissing => vec![],
    };
    Message::new(format_smolstr!("cause.{}", cause.code()), args)
}

pub(crate) fn of_outcome(outcome: &Outcome, target: &str) -> Message {
    let target = ("target", code(target));
    match outcome {
        Outcome::Answered { response: None, .. } => Message::new("outcome.connected", vec![target]),
        Outcome::Answered { response: Some(response), .. } => platform::answered(target, response),
        Outcome::Resolved { address } => Message::new("outcome.resolved", vec![target, ("address", code(address))]),
        Outcome::Dropped { .. } => Message::new("outcome.dropped", vec![]),
    }
}

pub(crate) fn of_problem(problem: &Problem) -> Message {
    let (key, args) = match &problem.code {
        ProblemCode::MissingReference { reference } => {
            ("MissingReference", vec![("field", code(&problem.field)), ("reference", code(reference))])
        }
        ProblemCode::DuplicateId => ("DuplicateId", vec![("subject", code(&problem.subject))]),
        ProblemCode::SubnetOutsideNetwork => ("SubnetOutsideNetwork", vec![]),
        ProblemCode::SubnetsOverlap { other } => ("SubnetsOverlap", vec![("other", resource(other))]),
        ProblemCode::AddressNotInSubnet { address } => ("AddressNotInSubnet", vec![("address", code(address))]),
        ProblemCode::AddressNotAtSite { .. }
        | ProblemCode::GatewaySubnetName { .. }
        | ProblemCode::SecondGateway { .. }
        | ProblemCode::GatewayDefaultRoute { .. }
        | ProblemCode::SecondRemoteGateway { .. }
        | ProblemCode::RemoteGatewayBesideOwn { .. }
        | ProblemCode::RemoteGatewayMissing { .. }
        | ProblemCode::GatewayTransitNotAllowed { .. }
        | ProblemCode::ClientPoolIsFull { .. }
        | ProblemCode::ConnectionTypeMismatch { .. }
        | ProblemCode::ConnectionWithoutPeer
        | ProblemCode::ConnectionOneWay { .. }
        | ProblemCode::PrivatePeeringMissing { .. }
        | ProblemCode::ConnectionOverlap { .. }
        | ProblemCode::ConnectionOverlapsOther { .. }
        | ProblemCode::NatRuleNotAllowed
        | ProblemCode::NatRuleSize { .. }
        | ProblemCode::NatRuleMappings { .. } => outside::of_problem(problem),
        ProblemCode::AddressReserved { address } => ("AddressReserved", vec![("address", code(address))]),
        ProblemCode::AddressInUse { address, by } => {
            ("AddressInUse", vec![("address", code(address)), ("by", resource(by))])
        }
        ProblemCode::SubnetIsFull { subnet } => ("SubnetIsFull", vec![("subnet", resource(subnet))]),
        ProblemCode::PrivateLinkServicePolicyEnabled { subnet } => {
            ("PrivateLinkServicePolicyEnabled", vec![("subnet", resource(subnet))])
        }
        ProblemCode::LoadBalancerNotStandard { load_balancer } => {
            ("LoadBalancerNotStandard", vec![("balancer", resource(load_balancer))])
        }
        ProblemCode::Balancer(problem) => balance::of_balancer_problem(problem),
        ProblemCode::LinkService(problem) => balance::of_service_problem(problem),
        ProblemCode::PeeringOneWay { remote } => ("PeeringOneWay", vec![("remote", resource(remote))]),
        ProblemCode::PeeringOverlap { .. }
        | ProblemCode::PeeringOverlapWithPeer { .. }
        | ProblemCode::PeeringWithItself
        | ProblemCode::PeeringTwice { .. }
        | ProblemCode::PeeringLimit { .. } => routes::of_problem(problem),
        ProblemCode::SecurityRulePriority { priority } => {
            ("SecurityRulePriority", vec![("field", code(&problem.field)), ("priority", code(priority))])
        }
        ProblemCode::SecurityRuleConflict { other, priority } => (
            "SecurityRuleConflict",
            vec![("field", code(&problem.field)), ("other", code(other)), ("priority", code(priority))],
        ),
        ProblemCode::SecurityRuleAddressPrefix { prefix } => {
            ("SecurityRuleAddressPrefix", vec![("field", code(&problem.field)), ("prefix", code(prefix))])
        }
        ProblemCode::SecurityRulePortRange { range } => {
            ("SecurityRulePortRange", vec![("field", code(&problem.field)), ("range", code(range))])
        }
        ProblemCode::SecurityRuleSeveralTags => ("SecurityRuleSeveralTags", vec![("field", code(&problem.field))]),
        ProblemCode::SecurityRulePrefixesAndGroups => {
            ("SecurityRulePrefixesAndGroups", vec![("field", code(&problem.field))])
        }
        ProblemCode::SecurityLimit { count, limit } => {
            ("SecurityLimit", vec![("field", code(&problem.field)), ("count", text(count)), ("limit", text(limit))])
        }
        ProblemCode::ApplicationSecurityGroupSpansNetworks { group } => {
            ("ApplicationSecurityGroupSpansNetworks", vec![("group", resource(group))])
        }
        ProblemCode::OverlappingNamespaces { network, linked } => {
            ("OverlappingNamespaces", vec![("network", resource(network)), ("linked", code(linked))])
        }
        ProblemCode::SecondRegistrationZone { network, zone } => {
            ("SecondRegistrationZone", vec![("network", resource(network)), ("zone", resource(zone))])
        }
        ProblemCode::SecondResolver { network, resolver } => {
            ("SecondResolver", vec![("network", resource(network)), ("resolver", resource(resolver))])
        }
        ProblemCode::SubnetOfOtherNetwork { subnet } => ("SubnetOfOtherNetwork", vec![("subnet", resource(subnet))]),
        ProblemCode::ResolverSubnetSize { subnet } => ("ResolverSubnetSize", vec![("subnet", resource(subnet))]),
        ProblemCode::RuleDomainInvalid { domain } => ("RuleDomainInvalid", vec![("domain", code(domain))]),
        ProblemCode::RouteNextHopNotAllowed { .. }
        | ProblemCode::RouteWithoutNextHop
        | ProblemCode::RouteNextHopAddressNotAllowed { .. }
        | ProblemCode::RouteConflict { .. }
        | ProblemCode::RouteLimit { .. } => routes::of_problem(problem),
        ProblemCode::RuleTargetIsAzureDns => ("RuleTargetIsAzureDns", vec![]),
        ProblemCode::RulesetLoop { rule, network } => {
            ("RulesetLoop", vec![("rule", code(rule)), ("network", resource(network))])
        }
        ProblemCode::ResourceTypeUnknown { .. }
        | ProblemCode::BypassUnknown { .. }
        | ProblemCode::IpRuleInvalid { .. }
        | ProblemCode::FirewallRuleBackwards
        | ProblemCode::FirewallRuleWhilePrivate
        | ProblemCode::SubnetWithoutServiceEndpoint { .. }
        | ProblemCode::ServiceEndpointUnknown { .. }
        | ProblemCode::ServiceEndpointTwice { .. }
        | ProblemCode::EndpointPolicyLimit { .. }
        | ProblemCode::EndpointPolicyOtherRegion { .. }
        | ProblemCode::EndpointPolicyWithoutEndpoint { .. }
        | ProblemCode::DataLakeWithoutBlob { .. }
        | ProblemCode::PrivateEndpointLimit { .. } => platform::problem(problem),
    };
    Message::new(format_smolstr!("problem.{key}"), args)
}

/// A declared value, as what fills the blank of its name; `narrate` tells a problem.
pub(crate) fn filled(detail: Detail, narrate: impl Fn(&Problem) -> Vec<Span>) -> Arg {
    match detail {
        Detail::Code(text) => Arg::Code(text),
        Detail::Number(number) => text(number),
        Detail::Resource(id) => Arg::Resource(id),
        Detail::Resources(ids) => Arg::Resources(ids),
        Detail::Problem(problem) => Arg::Sentence(narrate(&problem)),
    }
}

pub(crate) fn of_refusal(refusal: &Refusal, narrate: impl Fn(&Problem) -> Vec<Span>) -> Message {
    let declaration = refusal.declaration();
    let details = refusal.details().into_iter();
    let mut args: Vec<_> = details.map(|(name, detail)| (name, filled(detail, &narrate))).collect();
    args.push(("code", code(declaration.code)));
    Message::new(format_smolstr!("refusal.{}", declaration.name), args)
}

pub(crate) const fn path_key(path: PathKind) -> &'static str {
    match path {
        PathKind::PrivateEndpoint => "path.PrivateEndpoint",
        PathKind::Private => "path.Private",
        PathKind::Public => "path.Public",
        PathKind::ServiceEndpoint => "path.ServiceEndpoint",
    }
}

pub(crate) const fn phase_key(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "phase.Resolve",
        Phase::Connect => "phase.Connect",
        Phase::Accept => "phase.Accept",
        Phase::Request => "phase.Request",
        Phase::Response => "phase.Response",
    }
}

pub(crate) const fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Tenant => "kind.Tenant",
        Kind::Subscription => "kind.Subscription",
        Kind::VirtualNetwork => "kind.VirtualNetwork",
        Kind::Subnet => "kind.Subnet",
        Kind::VirtualNetworkPeering => "kind.VirtualNetworkPeering",
        Kind::VirtualMachine => "kind.VirtualMachine",
        Kind::NetworkInterface => "kind.NetworkInterface",
        Kind::LoadBalancer => "kind.LoadBalancer",
        Kind::PublicIpAddress => "kind.PublicIpAddress",
        Kind::NatGateway => "kind.NatGateway",
        Kind::PrivateLinkService => "kind.PrivateLinkService",
        Kind::PrivateEndpoint => "kind.PrivateEndpoint",
        Kind::PrivateDnsZone => "kind.PrivateDnsZone",
        Kind::DnsResolver => "kind.DnsResolver",
        Kind::DnsForwardingRuleset => "kind.DnsForwardingRuleset",
        Kind::PlatformService => "kind.PlatformService",
        Kind::NetworkSecurityGroup => "kind.NetworkSecurityGroup",
        Kind::ApplicationSecurityGroup => "kind.ApplicationSecurityGroup",
        Kind::ServiceEndpointPolicy => "kind.ServiceEndpointPolicy",
        Kind::OnPremisesSite => "kind.OnPremisesSite",
        Kind::OnPremisesHost => "kind.OnPremisesHost",
        Kind::InternetClient => "kind.InternetClient",
        Kind::VirtualNetworkGateway => "kind.VirtualNetworkGateway",
        Kind::LocalNetworkGateway => "kind.LocalNetworkGateway",
        Kind::ExpressRouteCircuit => "kind.ExpressRouteCircuit",
        Kind::Connection => "kind.Connection",
        Kind::RouteTable => "kind.RouteTable",
    }
}
