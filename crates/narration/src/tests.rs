//! Every code has its sentence, and every sentence fills its blanks.

mod samples;

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
use samples::{causes, events};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn name() -> DomainName {
    "acct.blob.core.windows.net".parse().unwrap()
}

const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 5);
const SOCKET: Socket = Socket::new(ADDRESS, 80);

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
        ProblemCode::DataLakeWithoutBlob { account: id("acct") },
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
