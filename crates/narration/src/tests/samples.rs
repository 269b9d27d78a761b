//! One of every event and cause, in all its forms.

use super::*;

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

pub(super) fn appliance_events() -> Vec<Event> {
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

pub(super) fn events() -> Vec<Event> {
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

pub(super) fn outside_events() -> Vec<Event> {
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

pub(super) fn balance_events() -> Vec<Event> {
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

pub(super) fn name_events() -> Vec<Event> {
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

pub(super) fn causes() -> Vec<DropCause> {
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
        DropCause::EndpointBeyondLimit { limit: 4000 },
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
