//! Every code has its sentence, and every sentence fills its blanks.

use std::net::Ipv4Addr;

use capture::Origin;
use sim::firewall::{FirewallLine, FirewallRule, LineVerdict, Mismatch as LineMismatch};
use sim::security::SecurityScope;
use sim::session::ProbeAnswer;
use sim::trace::Exit;
use sim::trace::{
    DropCause, Event, FirewallVerdict, Forwarding, NextHopType, Outcome, OutsideHop, PathKind, Phase, Place,
    ReplyReason, Response, Route, RouteSource, RouteState, ServerFailure, Silence, Step, TunnelKind,
};
use topology::check::{BalancerProblem, LinkServiceProblem};
use topology::command::Refusal;
use topology::document::RequestProtocol;
use topology::problem::{Problem, ProblemCode};
use topology::resource::{
    Access, ConnectionPolicy, ConnectionStatus, DefaultAction, Direction, PrivateEndpointNetworkPolicies,
    PublicNetworkAccess,
};
use topology::{Document, Id};
use wire::DomainName;
use wire::dns::{RecordType, ResponseCode};
use wire::packet::Socket;
use wire::proxy_v2::Header;

use super::*;

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn name() -> DomainName {
    "acct.blob.core.windows.net".parse().unwrap()
}

const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 5);
const SOCKET: Socket = Socket::new(ADDRESS, 80);

fn route(prefix: &str, next_hop_type: NextHopType, target: Option<Id>) -> Route {
    Route {
        source: RouteSource::Default,
        state: RouteState::Active,
        address_prefix: prefix.parse().unwrap(),
        further_prefixes: vec![],
        next_hop_type,
        next_hop_ip_address: None,
        target,
        name: None,
    }
}

fn appliance_events() -> Vec<Event> {
    let mut events = vec![
        Event::RoutesBypassed { destination: ADDRESS },
        Event::NextHopBalanced {
            rule: "all".into(),
            pool: "appliances".into(),
            healthy: 2,
            members: 2,
            backend: id("nva-0"),
        },
    ];
    for translated in [None, Some(SOCKET)] {
        events.push(Event::Forwarded { interface: id("nva-nic"), source: translated });
        events.push(Event::ReplyForwarded { interface: id("nva-nic"), destination: translated });
    }
    let reasons = [
        ReplyReason::SourceTranslated,
        ReplyReason::Tagged,
        ReplyReason::NoRouteOfItsOwn,
        ReplyReason::RouteOfItsOwn,
        ReplyReason::Documented,
    ];
    events.extend(reasons.map(|reason| Event::EndpointReplied { appliance: id("nva"), reason }));
    events
}

fn events() -> Vec<Event> {
    let link = || "link1".into();
    let zone = || id("zone");
    let endpoint = || route("10.0.0.5/32", NextHopType::InterfaceEndpoint, Some(id("pe")));
    let to_appliance = |prefix| Route {
        source: RouteSource::User,
        next_hop_ip_address: Some(ADDRESS),
        ..route(prefix, NextHopType::VirtualAppliance, None)
    };
    let learned = || Route {
        source: RouteSource::VirtualNetworkGateway,
        ..route("10.0.0.0/25", NextHopType::VirtualNetworkGateway, None)
    };
    let local = || route("10.0.0.0/24", NextHopType::VnetLocal, None);
    let response = |status, error: Option<&str>| Response {
        status,
        error_code: error.map(Into::into),
        body: String::from("test"),
    };
    let certificate = |matches, accepted| Event::CertificateChecked {
        host: "acct.blob.core.windows.net".into(),
        certificate: "*.blob.core.windows.net".into(),
        matches,
        accepted,
    };
    let firewall = |verdict| Event::FirewallEvaluated { verdict, caller: ADDRESS, subnet: Some(id("default")) };
    let mut events = vec![
        Event::QuerySent { name: name(), record_type: RecordType::A, server: Ipv4Addr::new(168, 63, 129, 16) },
        Event::PublicAlias { name: name(), target: name(), ttl: 60, private_link: true },
        Event::PublicAlias { name: name(), target: name(), ttl: 60, private_link: false },
        Event::PublicAddress { name: name(), address: ADDRESS, ttl: 60 },
        Event::PublicMissing { name: name() },
        Event::PrivateRecord { zone: zone(), link: link(), name: name(), address: ADDRESS, ttl: 10 },
        Event::PrivateMissing { zone: zone(), link: link(), name: name() },
        Event::ZoneNotLinked { zone: zone(), network: id("vnet2"), name: name() },
        Event::RedirectedToPublic { zone: zone(), link: link(), name: name() },
        Event::AnswerReceived { name: name(), code: ResponseCode::NoError, records: vec![], address: Some(ADDRESS) },
        Event::AnswerReceived { name: name(), code: ResponseCode::NxDomain, records: vec![], address: None },
        Event::RouteSelected { destination: ADDRESS, route: endpoint(), losers: vec![local()] },
        Event::RouteSelected { destination: ADDRESS, route: endpoint(), losers: vec![] },
        Event::RouteSelected {
            destination: ADDRESS,
            route: local(),
            losers: vec![route("10.0.0.0/8", NextHopType::None, None)],
        },
        Event::RouteSelected { destination: ADDRESS, route: local(), losers: vec![] },
        Event::RouteSelected { destination: ADDRESS, route: to_appliance("10.0.0.0/24"), losers: vec![local()] },
        Event::RouteSelected { destination: ADDRESS, route: to_appliance("10.0.0.0/24"), losers: vec![endpoint()] },
        Event::RouteSelected { destination: ADDRESS, route: local(), losers: vec![learned()] },
        Event::ServiceEndpointTaken { subnet: id("default"), service: "Microsoft.Storage".into() },
        Event::OutboundTranslated { public: SOCKET },
        Event::Translated { nat: SOCKET, frontend: SOCKET, consumer: SOCKET, endpoint: SOCKET, binding: 1 },
        Event::Balanced {
            rule: "http".into(),
            pool: "web".into(),
            healthy: 2,
            members: 2,
            backend: id("iis-0"),
            socket: SOCKET,
        },
        Event::EchoAnswered { socket: SOCKET },
        Event::GuestAccepted { service: "IIS".into(), socket: SOCKET },
        Event::PlatformAccepted { service: id("acct"), socket: SOCKET, private: true },
        Event::PlatformAccepted { service: id("acct"), socket: SOCKET, private: false },
        Event::Unbalanced { frontend: SOCKET },
        Event::Untranslated { endpoint: SOCKET, consumer: SOCKET, binding: 1 },
        Event::OutboundUntranslated { private: SOCKET },
        Event::Connected { local: SOCKET, remote: SOCKET },
        certificate(true, true),
        certificate(false, true),
        certificate(false, false),
        Event::RequestArrived { protocol: RequestProtocol::Http, host: "h".into(), path: "/".into(), caller: SOCKET },
        Event::LoginRedirected { policy: ConnectionPolicy::Redirect, port: 11000 },
        Event::ResponseSent { response: response(200, None) },
        Event::ResponseSent { response: response(403, Some("AuthorizationFailure")) },
        Event::ResponseReceived { response: response(200, None) },
        Event::ResponseReceived { response: response(403, Some("AuthorizationFailure")) },
    ];
    events.extend(balance_events());
    events.extend(FirewallVerdict::ALL.map(firewall));
    for (status, error) in [(0, None), (40615, Some("40615"))] {
        events.push(Event::ResponseSent { response: response(status, error) });
        events.push(Event::ResponseReceived { response: response(status, error) });
    }
    events.extend(appliance_events());
    for direction in [Direction::Inbound, Direction::Outbound] {
        for access in [Access::Allow, Access::Deny] {
            let (scope, rule) = (SecurityScope::Subnet, "DenyAllInBound".into());
            let (subject, group) = (id("default"), id("nsg"));
            events.push(Event::SecurityEvaluated { scope, subject, group, direction, access, rule, priority: 65500 });
        }
    }
    events.push(Event::SecurityNotApplied {
        subnet: id("default"),
        group: id("nsg"),
        rule: "deny".into(),
        policies: PrivateEndpointNetworkPolicies::Disabled,
    });
    for denied in [1, 2] {
        events.push(Event::ProbeDenied { interface: id("nic"), group: id("nsg"), rule: "deny".into(), denied });
    }
    for group_id in [None, Some("blob".into())] {
        let status = ConnectionStatus::Approved;
        events.push(Event::EndpointAdmitted { status, target: id("acct"), link_identifier: 7, group_id });
    }
    events.extend(name_events());
    events.extend(outside_events());
    events.extend(causes().into_iter().map(|cause| Event::Dropped { cause }));
    events
}

fn outside_events() -> Vec<Event> {
    let hops = [
        OutsideHop::Local,
        OutsideHop::Tunnel { connection: id("vpn") },
        OutsideHop::PointToSite { gateway: id("gateway") },
        OutsideHop::Internet,
    ];
    let prefix = "192.168.0.0/16".parse().unwrap();
    let mut events: Vec<Event> =
        hops.map(|hop| Event::OutsideRouteSelected { destination: ADDRESS, prefix, hop }).into();
    for kind in [TunnelKind::IPsec, TunnelKind::Vnet2Vnet, TunnelKind::ExpressRoute, TunnelKind::PointToSite] {
        let connection = (kind != TunnelKind::PointToSite).then(|| id("vpn"));
        events.push(Event::TunnelEntered { connection, kind, entry: id("device"), exit: id("gateway") });
    }
    events.push(Event::GatewayTranslated { rules: vec!["in".into(), "out".into()] });
    events.push(Event::GatewayUntranslated);
    events
}

fn balance_events() -> Vec<Event> {
    let exits = [
        Exit::PublicIpAddress { address: id("pip") },
        Exit::NatGateway { gateway: id("gateway") },
        Exit::OutboundRule { rule: "out".into() },
        Exit::LoadBalancingRule { rule: "http".into() },
    ];
    let mut events: Vec<Event> =
        exits.into_iter().map(|exit| Event::SourceTranslated { public: SOCKET, exit }).collect();
    let answers = [
        ProbeAnswer::Up,
        ProbeAnswer::Nobody,
        ProbeAnswer::Refused,
        ProbeAnswer::Denied,
        ProbeAnswer::Status(503),
        ProbeAnswer::HeaderNotUnderstood { service: id("pls") },
        ProbeAnswer::HeaderMissing,
    ];
    let failed = |answer| Event::ProbeFailed { probe: "http".into(), interface: id("nic"), answer, failed: 1 };
    events.extend(answers.map(failed));
    let header = Header::of_private_link(SOCKET, SOCKET, 7);
    events.extend([
        Event::DestinationTranslated { private: SOCKET },
        Event::DestinationUntranslated { public: SOCKET },
        Event::NatRuleApplied { rule: "ssh".into(), backend: id("vm"), socket: SOCKET },
        Event::HairpinPossible { healthy: 2 },
        Event::TranslatedDirectly { nat: SOCKET, destination: SOCKET, consumer: SOCKET, endpoint: SOCKET, binding: 1 },
        Event::ProxyHeaderSent { client: SOCKET, link_identifier: 7, header },
        Event::ProxyHeaderRead { service: "nginx".into(), client: SOCKET, link_identifier: 7 },
        Event::ProxyHeaderNotUnderstood { service: "nginx".into() },
        Event::DataSent { idle_s: 301 },
        Event::FlowContinued { idle_s: 1, limit_s: 300 },
        Event::DataArrived { caller: SOCKET },
        Event::DatagramAnswered { local: SOCKET, remote: SOCKET },
    ]);
    events
}

fn name_events() -> Vec<Event> {
    let zone = || "corp.example".parse().unwrap();
    let cached = |address, code| Event::CachedAnswer { name: name(), code, address, remaining_s: 9 };
    let mut events = vec![
        Event::PrivateAlias { zone: id("zone"), link: "link1".into(), name: name(), target: name(), ttl: 60 },
        Event::HostsFile { name: name(), address: ADDRESS },
        cached(Some(ADDRESS), ResponseCode::NoError),
        cached(None, ResponseCode::NxDomain),
        Event::LeaseOutdated { leased: vec![ADDRESS], configured: vec![ADDRESS, ADDRESS] },
        Event::RulePassedOver { ruleset: id("rules"), link: "link1".into(), rule: "all".into(), name: name() },
        Event::InboundEndpointAsked { name: name(), endpoint: "in".into(), network: id("hub") },
        Event::ServerRecord { zone: zone(), name: name(), address: ADDRESS, ttl: 60 },
        Event::ServerAlias { zone: zone(), name: name(), target: name(), ttl: 60 },
        Event::ServerMissing { zone: zone(), name: name() },
        Event::AnswerRelayed { name: name(), code: ResponseCode::NoError, records: vec![], address: Some(ADDRESS) },
        Event::AnswerRelayed { name: name(), code: ResponseCode::ServFail, records: vec![], address: None },
    ];
    let rule = |position| Forwarding::Rule {
        ruleset: id("rules"),
        link: "link1".into(),
        rule: "all".into(),
        domain: "corp.example.".into(),
        position,
    };
    let reasons = [
        Forwarding::Forwarder { position: 1 },
        Forwarding::ConditionalForwarder { suffix: zone(), position: 1 },
        Forwarding::RootHints,
        rule(1),
    ];
    events.extend(reasons.map(|reason| Event::QueryForwarded { name: name(), server: SOCKET, reason }));
    let silences = [
        Silence::NoRoute,
        Silence::LostOnTheWay,
        Silence::RouteNone,
        Silence::NoOutboundAccess,
        Silence::AddressUnused,
        Silence::NotADnsServer,
        Silence::DeniedBySecurityGroup,
        Silence::NoTunnel,
        Silence::AzureDnsOutside,
    ];
    events.extend(silences.map(|silence| Event::ServerSilent { server: SOCKET, silence }));
    let failures =
        [ServerFailure::Loop, ServerFailure::Unreachable, ServerFailure::NobodyToAsk, ServerFailure::AliasLoop];
    events.extend(failures.map(|failure| Event::ServerFailed { name: name(), failure }));
    events
}

fn causes() -> Vec<DropCause> {
    vec![
        DropCause::SenderWithoutInterface,
        DropCause::TargetNotUnderstood,
        DropCause::NameNotResolved { name: name() },
        DropCause::AliasLoop { name: name() },
        DropCause::ForwardingLoop { name: name() },
        DropCause::ForwardersUnreachable { name: name(), at: id("dns") },
        DropCause::NoForwarder { name: name(), at: id("dns") },
        DropCause::ResolverUnreachable { server: ADDRESS },
        DropCause::RouteNone { prefix: "10.0.0.0/8".parse().unwrap() },
        DropCause::ApplianceUnreachable { address: ADDRESS },
        DropCause::IpForwardingDisabled { interface: id("nva-nic") },
        DropCause::GuestDoesNotForward,
        DropCause::NoHaPortsRule { frontend: "frontend".into() },
        DropCause::ForwardedTrafficNotAllowed { network: id("hub") },
        DropCause::SourceNotTranslated { source: ADDRESS },
        DropCause::AsymmetricReturn { appliance: id("nva") },
        DropCause::GatewayMissing { prefix: "0.0.0.0/0".parse().unwrap() },
        DropCause::AddressUnused { address: ADDRESS },
        DropCause::NotRoutedOnInternet { address: ADDRESS },
        DropCause::NoTunnel { address: ADDRESS },
        DropCause::RoutingLoop,
        DropCause::TunnelDown { connection: id("vpn") },
        DropCause::NatRuleOneWay { gateway: id("gateway"), rule: "out".into() },
        DropCause::NoOutboundAccess { subnet: id("default") },
        DropCause::ConnectionNotApproved { status: ConnectionStatus::Pending },
        DropCause::Hairpin { frontend: ADDRESS, healthy: 2 },
        DropCause::FloatingAddressMissing { address: ADDRESS },
        DropCause::BindingForgotten { idle_s: 301 },
        DropCause::FlowForgotten { idle_s: 241 },
        DropCause::PortLeaseForgotten { idle_s: 241 },
        DropCause::ConnectionWasReset { balancer: id("lb"), after_s: 240 },
        DropCause::ProxyHeaderMissing { service: "nginx".into() },
        DropCause::TlsHandshakeFailed { service: "nginx".into() },
        DropCause::ServerGone,
        DropCause::BehindLoadBalancer { balancer: id("lb") },
        DropCause::SnatPortsExhausted,
        DropCause::ClosedByDefault { interface: id("nic") },
        DropCause::EndpointWithoutTarget,
        DropCause::NatIpMissing,
        DropCause::NatPortsExhausted,
        DropCause::FrontendMissing,
        DropCause::NoLoadBalancingRule { frontend: "frontend".into(), port: 81 },
        DropCause::NoHealthyBackend { pool: "web".into() },
        DropCause::PortNotServed { port: 81 },
        DropCause::ConnectionRefused { port: 81 },
        DropCause::EchoNotAnswered,
        DropCause::CertificateMismatch { host: "h".into() },
        DropCause::DeniedBySecurityGroup {
            group: id("nsg"),
            rule: "deny".into(),
            direction: Direction::Inbound,
            scope: SecurityScope::Subnet,
        },
    ]
}

fn step(event: Event) -> Step {
    Step {
        phase: Phase::Resolve,
        at: Place::PublicDns,
        via: vec![],
        event,
        before: None,
        after: None,
        rewrites: vec![],
        sources: vec![],
        assumptions: vec![],
    }
}

/// A sentence is there and complete: not its own key, and no blank left open.
#[track_caller]
fn check(spans: &[Span]) {
    let text = plain(spans);
    assert!(text.contains(' ') && !text.contains(['{', '}']), "{text}");
}

#[test]
fn every_step_has_its_sentence() {
    let narrator = Narrator::english();
    for event in events() {
        check(&narrator.step(&step(event), &Document::default()));
    }
}

#[test]
fn every_outcome_problem_and_refusal_has_its_sentence() {
    let (narrator, document) = (Narrator::english(), Document::default());
    for cause in causes() {
        check(&narrator.outcome(&Outcome::Dropped { cause, at: Place::Internet }, "10.0.0.5", &document));
    }
    for response in [None, Some(Response { status: 200, error_code: None, body: String::new() })] {
        let outcome = Outcome::Answered { path: PathKind::Private, caller: SOCKET, response };
        check(&narrator.outcome(&outcome, "10.0.0.5", &document));
        check(&narrator.caller(&outcome, &document));
    }
    check(&narrator.outcome(&Outcome::Resolved { address: SOCKET.address }, "name.example", &document));
    let codes = [
        ProblemCode::MissingReference { reference: "x".into() },
        ProblemCode::DuplicateId,
        ProblemCode::SubnetOutsideNetwork,
        ProblemCode::SubnetsOverlap { other: id("b") },
        ProblemCode::AddressNotInSubnet { address: ADDRESS },
        ProblemCode::AddressNotAtSite { address: ADDRESS },
        ProblemCode::AddressReserved { address: ADDRESS },
        ProblemCode::AddressInUse { address: ADDRESS, by: id("b") },
        ProblemCode::SubnetIsFull { subnet: id("b") },
        ProblemCode::PrivateLinkServicePolicyEnabled { subnet: id("b") },
        ProblemCode::LoadBalancerNotStandard { load_balancer: id("b") },
        BalancerProblem::FrontendKind.into(),
        BalancerProblem::MixedFrontends { other: "front".into() }.into(),
        BalancerProblem::PublicAddressInUse { address: id("pip"), by: id("b") }.into(),
        BalancerProblem::PoolSpansNetworks { network: id("n"), other: id("m") }.into(),
        BalancerProblem::MixedPool.into(),
        BalancerProblem::PoolTooLarge { count: 1001, limit: 1000 }.into(),
        BalancerProblem::BackendPortReused { other: "http".into(), protocol: "Tcp".into(), port: 80 }.into(),
        BalancerProblem::IdleTimeout { minutes: 3, least: 4, most: 100 }.into(),
        BalancerProblem::HaPortsPort.into(),
        BalancerProblem::HaPortsPublic.into(),
        BalancerProblem::HaPortsMixed { other: "http".into() }.into(),
        BalancerProblem::ProbeInterval { seconds: 4 }.into(),
        BalancerProblem::ProbeThreshold { count: 0 }.into(),
        BalancerProblem::ProbeTooSlow { seconds: 121 }.into(),
        BalancerProblem::ProbeNeedsStandard.into(),
        BalancerProblem::OutboundFrontendInternal { frontend: "front".into() }.into(),
        BalancerProblem::OutboundPorts { needed: 65_000, available: 64_000 }.into(),
        LinkServiceProblem::IpBasedPool { load_balancer: id("b"), pool: "web".into() }.into(),
        LinkServiceProblem::NatIpCount { count: 9, limit: 8 }.into(),
        LinkServiceProblem::SeveralPrimaries { count: 2 }.into(),
        LinkServiceProblem::NatIpVersion.into(),
        LinkServiceProblem::NatIpsSpanNetworks { network: id("n"), other: id("m") }.into(),
        LinkServiceProblem::FrontendInUse { by: id("b") }.into(),
        LinkServiceProblem::TooManyOnBalancer { load_balancer: id("b"), count: 9, limit: 8 }.into(),
        LinkServiceProblem::TooManyEndpoints { count: 1001, limit: 1000 }.into(),
        LinkServiceProblem::TooManyInSubscription { subscription: id("s"), count: 801, limit: 800 }.into(),
        LinkServiceProblem::TooManySubscriptions { count: 101, limit: 100 }.into(),
        LinkServiceProblem::AutoApprovalBeyondVisibility { subscription: "s".into() }.into(),
        LinkServiceProblem::SeveralRegions { location: "westeurope".into(), other: "eastus".into() }.into(),
        LinkServiceProblem::NatRuleAlone { load_balancer: id("b"), rule: "ssh".into() }.into(),
        LinkServiceProblem::DirectConnectNatIps { count: 3 }.into(),
        LinkServiceProblem::DirectConnectWithFrontend.into(),
        LinkServiceProblem::DirectConnectToEndpoint { endpoint: id("e") }.into(),
        LinkServiceProblem::TooManyDirectConnects { count: 11, limit: 10 }.into(),
        ProblemCode::PeeringOneWay { remote: id("b") },
        ProblemCode::PeeringWithItself,
        ProblemCode::PeeringTwice { remote: id("b") },
        ProblemCode::PeeringLimit { count: 501, limit: 500 },
        ProblemCode::PeeringOverlap { remote: id("b"), prefixes: vec!["10.0.0.0/24".parse().unwrap()] },
        ProblemCode::PeeringOverlapWithPeer {
            first: id("a"),
            second: id("b"),
            third: id("c"),
            prefixes: vec!["10.0.0.0/24".parse().unwrap()],
        },
        ProblemCode::SecurityRulePriority { priority: 99 },
        ProblemCode::SecurityRuleConflict { other: "web".into(), priority: 100 },
        ProblemCode::SecurityRuleAddressPrefix { prefix: "Storag".into() },
        ProblemCode::SecurityRulePortRange { range: "9-1".into() },
        ProblemCode::SecurityRuleSeveralTags,
        ProblemCode::SecurityRulePrefixesAndGroups,
        ProblemCode::SecurityLimit { count: 1001, limit: 1000 },
        ProblemCode::ApplicationSecurityGroupSpansNetworks { group: id("b") },
        ProblemCode::OverlappingNamespaces { network: id("n"), linked: id("b") },
        ProblemCode::SecondRegistrationZone { network: id("n"), zone: id("b") },
        ProblemCode::SecondResolver { network: id("n"), resolver: id("b") },
        ProblemCode::SubnetOfOtherNetwork { subnet: id("b") },
        ProblemCode::ResolverSubnetSize { subnet: id("b") },
        ProblemCode::RuleDomainInvalid { domain: "com".into() },
        ProblemCode::RuleTargetIsAzureDns,
        ProblemCode::RouteNextHopNotAllowed { next_hop_type: NextHopType::InterfaceEndpoint },
        ProblemCode::RouteWithoutNextHop,
        ProblemCode::RouteNextHopAddressNotAllowed { next_hop_type: NextHopType::Internet },
        ProblemCode::RouteConflict { other: "all".into(), prefix: "0.0.0.0/0".parse().unwrap() },
        ProblemCode::RouteLimit { count: 401, limit: 400 },
        ProblemCode::RulesetLoop { rule: "all".into(), network: id("n") },
        ProblemCode::ResourceTypeUnknown { resource_type: "Contoso/things".into() },
        ProblemCode::BypassUnknown { word: "Everything".into() },
        ProblemCode::IpRuleInvalid { rule: "10.0.0.0/8".into() },
        ProblemCode::FirewallRuleBackwards,
        ProblemCode::FirewallRuleWhilePrivate,
        ProblemCode::SubnetWithoutServiceEndpoint { subnet: id("s"), service: "Microsoft.Storage".into() },
        ProblemCode::ServiceEndpointUnknown { service: "Contoso".into() },
        ProblemCode::ServiceEndpointTwice { service: "Microsoft.Storage".into() },
        ProblemCode::EndpointPolicyLimit { count: 101, limit: 100 },
        ProblemCode::EndpointPolicyOtherRegion { policy: id("p") },
        ProblemCode::EndpointPolicyWithoutEndpoint { service: "Microsoft.Storage".into() },
        ProblemCode::DataLakeWithoutSibling { missing: "blob".into() },
        ProblemCode::PrivateEndpointLimit { count: 1001, limit: 1000 },
        ProblemCode::GatewaySubnetName { subnet: id("b") },
        ProblemCode::SecondGateway { network: id("n"), gateway: id("b") },
        ProblemCode::GatewayDefaultRoute { subnet: id("b") },
        ProblemCode::SecondRemoteGateway { remote: id("b") },
        ProblemCode::RemoteGatewayBesideOwn { network: id("n") },
        ProblemCode::RemoteGatewayMissing { remote: id("b") },
        ProblemCode::GatewayTransitNotAllowed { remote: id("b") },
        ProblemCode::ClientPoolIsFull { gateway: id("b") },
        ProblemCode::ConnectionTypeMismatch { gateway: id("b") },
        ProblemCode::ConnectionWithoutPeer,
        ProblemCode::ConnectionOneWay { gateway: id("b") },
        ProblemCode::PrivatePeeringMissing { circuit: id("b") },
        ProblemCode::ConnectionOverlap { range: "10.0.0.0/8".parse().unwrap() },
        ProblemCode::ConnectionOverlapsOther { range: "10.0.0.0/8".parse().unwrap(), connection: id("b") },
        ProblemCode::NatRuleNotAllowed,
        ProblemCode::NatRuleSize { sku: "VpnGw1".into() },
        ProblemCode::NatRuleMappings { rule: "out".into() },
    ];
    for code in codes {
        check(&narrator.problem(&Problem { code, subject: id("a"), field: "subnet".into() }, &document));
    }
}

#[test]
fn every_refusal_has_a_sentence_with_its_own_values_and_a_known_source() {
    let narrator = Narrator::english();
    for declared in Refusal::DECLARATIONS {
        let sentence = narrator.catalogue.get(&format!("refusal.{}", declared.name));
        let sentence = sentence.unwrap_or_else(|| panic!("{} has no sentence", declared.name));
        let mut blanks = sentence.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0);
        let known = |blank: &str| blank == "code" || declared.details.contains(&blank.trim_end_matches(".id"));
        assert!(blanks.all(known), "{}: {sentence}", declared.name);
        for detail in declared.details {
            assert!(sentence.contains(&format!("{{{detail}")), "{} does not say {detail}", declared.name);
        }
        assert!(declared.source.is_none_or(|source| narrator.source(source).is_some()), "{:?}", declared.source);
        assert!(declared.assumption.is_none_or(|id| narrator.assumption(id).is_some()), "{:?}", declared.assumption);
    }
    let catalogue = Catalogue::parse(include_str!("../locales/en.txt"));
    for name in catalogue.keys().filter_map(|key| key.strip_prefix("refusal.")) {
        assert!(Refusal::DECLARATIONS.iter().any(|declared| declared.name == name), "{name}");
    }
}

#[test]
fn every_refusal_has_a_row_in_its_document() {
    let text = include_str!("../../../docs/refusals.md");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), Refusal::DECLARATIONS.len());
    for declared in Refusal::DECLARATIONS {
        let row = rows.iter().find(|row| row.starts_with(&format!("| `{}` |", declared.name)));
        let cells: Vec<&str> = row.unwrap_or_else(|| panic!("{} has no row", declared.name)).split('|').collect();
        let code = if declared.code == declared.name { String::new() } else { format!("`{}`", declared.code) };
        let (source, assumption) = (declared.source.unwrap_or_default(), declared.assumption.unwrap_or_default());
        assert_eq!((cells[2].trim(), cells[4].trim(), cells[5].trim()), (code.as_str(), source, assumption));
    }
}

#[test]
fn a_refusal_names_all_it_speaks_of() {
    let dependents = vec![id("nic-0"), id("pe")];
    let refusal = Refusal::InUseSubnetCannotBeDeleted { resource: id("clients"), dependents };
    let spans = Narrator::english().refusal(&refusal, &Document::default());
    assert_eq!(
        plain(&spans),
        "InUseSubnetCannotBeDeleted: Subnet clients is in use by nic-0, pe and cannot be deleted. In order to delete \
         the subnet, delete all the resources within the subnet."
    );
}

#[test]
fn no_sentence_is_written_for_nothing() {
    let used: Vec<String> = events().into_iter().map(|event| message::of_step(&step(event)).key.to_string()).collect();
    let catalogue = Catalogue::parse(include_str!("../locales/en.txt"));
    for key in catalogue.keys().filter(|key| key.starts_with("step.")) {
        assert!(used.iter().any(|other| other == key), "{key}");
    }
}

#[test]
fn a_resource_keeps_its_id_and_shows_its_name() {
    let mut narrator = Narrator::english();
    narrator.catalogue = Catalogue::parse("[refusal]\nNotFound = {reference} is gone\n");
    let spans = narrator.refusal(&Refusal::NotFound { reference: "pe".into() }, &Document::default());
    assert_eq!(spans, [Span::Code("pe".into()), Span::Text(" is gone".into())]);
}

#[test]
fn a_source_has_a_title_and_perhaps_an_address() {
    let narrator = Narrator::english();
    let source = narrator.source("PLS-OV").unwrap();
    assert!(source.url.unwrap().starts_with("https://learn.microsoft.com/"));
    assert_eq!(narrator.source("SEED4").unwrap().url, None);
    assert!(narrator.assumption("A8").unwrap().contains("hash"));
}

#[test]
fn every_field_of_a_frame_has_a_word_for_it_and_for_its_protocol() {
    let narrator = Narrator::english();
    for name in capture::FIELD_NAMES {
        assert_ne!(narrator.field(name), format!("field.{name}"));
        assert!(!narrator.layer(name).starts_with("layer."), "{name}");
    }
    let named: Vec<&str> = narrator.catalogue.keys().filter_map(|key| key.strip_prefix("field.")).collect();
    assert!(named.iter().all(|name| capture::FIELD_NAMES.contains(name)), "{named:?}");
}

#[test]
fn the_origin_of_a_field_is_told_with_what_a_reader_may_look_up() {
    let said = |origin| plain(&Narrator::english().origin(&origin, &Document::default()));
    assert_eq!(said(Origin::Path("natBindings/1".into())), "natBindings/1");
    assert_eq!(said(Origin::Request("to")), "to of the request");
    assert_eq!(said(Origin::Answer("a.example".parse().unwrap())), "the answer for a.example");
    assert_eq!(said(Origin::Computed), "follows from other bytes");
    assert_eq!(said(Origin::Fixed("RFC 791 §3.1")), "RFC 791 §3.1");
    assert!(said(Origin::Convention).starts_with("no rule of Azure decides it"));
}

#[test]
fn every_line_of_a_firewall_has_its_sentence_and_its_verdict() {
    let (narrator, document) = (Narrator::english(), Document::default());
    let rules = [
        FirewallRule::EndpointPolicies { policies: vec![id("p")] },
        FirewallRule::PrivateEndpoint,
        FirewallRule::PublicNetworkAccess { access: PublicNetworkAccess::Disabled, implied: false },
        FirewallRule::PublicNetworkAccess { access: PublicNetworkAccess::Disabled, implied: true },
        FirewallRule::PerimeterRule { name: "office".into() },
        FirewallRule::DefaultAction { action: DefaultAction::Deny },
        FirewallRule::VirtualNetworkRule { subnet: id("s") },
        FirewallRule::IpRule { range: "203.0.113.0/24".into() },
        FirewallRule::FirewallRule { name: "office".into() },
        FirewallRule::ResourceAccessRule { resource: "factory".into() },
        FirewallRule::TrustedServices,
        FirewallRule::NothingElse,
    ];
    let verdicts = [
        LineVerdict::Decides(FirewallVerdict::AllowedByDefault),
        LineVerdict::Decides(FirewallVerdict::DeniedByDefault),
        LineVerdict::Passes,
        LineVerdict::NotReached,
        LineVerdict::Misses(LineMismatch::NotPrivate),
        LineVerdict::Misses(LineMismatch::OtherSubnet),
        LineVerdict::Misses(LineMismatch::NoServiceEndpoint),
        LineVerdict::Misses(LineMismatch::NoIdentity),
        LineVerdict::Misses(LineMismatch::OtherAddress),
        LineVerdict::Misses(LineMismatch::PrivateAddress),
        LineVerdict::Misses(LineMismatch::SameRegion),
        LineVerdict::Misses(LineMismatch::Invalid),
        LineVerdict::Misses(LineMismatch::OtherResource),
        LineVerdict::Misses(LineMismatch::BypassOff),
    ];
    let lines = rules.iter().flat_map(|rule| verdicts.map(|verdict| FirewallLine { rule: rule.clone(), verdict }));
    for line in lines {
        let (rule, became) = narrator.firewall_line(&line, &document);
        check(&rule);
        assert!(became.contains(' '), "{became}");
    }
}

#[test]
fn an_answer_whose_code_is_its_number_is_not_said_twice() {
    let (narrator, document) = (Narrator::english(), Document::default());
    let answered = |status, error_code: Option<&str>| {
        let response = Response { status, error_code: error_code.map(Into::into), body: String::new() };
        let outcome = Outcome::Answered { path: PathKind::Public, caller: SOCKET, response: Some(response) };
        plain(&narrator.outcome(&outcome, "srv", &document))
    };
    assert_eq!(answered(40615, Some("40615")), "srv answered 40615");
    assert_eq!(answered(0, None), "Logged in at srv");
    assert_eq!(answered(403, Some("AuthorizationFailure")), "srv answered 403 AuthorizationFailure");
}
