//! Which sentence a load balancer or a private link service takes.

use sim::session::ProbeAnswer;
use sim::trace::Exit;
use sim::trace::{DropCause, Event};
use topology::check::{BalancerProblem, LinkServiceProblem};

use crate::message::{Arg, code, resource, text};

type Blanks = Vec<(&'static str, Arg)>;

/// The sentence of an event at a load balancer, a private link service or a public address.
pub(crate) fn of_event(event: &Event) -> (&'static str, Blanks) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the events that come here")]
    match event {
        Event::SourceTranslated { public, exit } => {
            let public = ("public", code(public));
            match exit {
                Exit::PublicIpAddress { address } => {
                    ("source-translated-own", vec![public, ("address", resource(address))])
                }
                Exit::NatGateway { gateway } => {
                    ("source-translated-gateway", vec![public, ("gateway", resource(gateway))])
                }
                Exit::OutboundRule { rule } => ("source-translated-outbound-rule", vec![public, ("rule", code(rule))]),
                Exit::LoadBalancingRule { rule } => ("source-translated-rule", vec![public, ("rule", code(rule))]),
            }
        }
        Event::DestinationTranslated { private } => ("destination-translated", vec![("private", code(private))]),
        Event::DestinationUntranslated { public } => ("destination-untranslated", vec![("public", code(public))]),
        Event::NatRuleApplied { rule, backend, socket } => {
            ("nat-rule-applied", vec![("rule", code(rule)), ("backend", resource(backend)), ("socket", code(socket))])
        }
        Event::HairpinPossible { healthy } => ("hairpin-possible", vec![("healthy", text(healthy))]),
        Event::ProbeFailed { probe, interface, answer, .. } => {
            let blanks = vec![("probe", code(probe)), ("interface", resource(interface))];
            match answer {
                ProbeAnswer::Up | ProbeAnswer::Denied => ("probe-lags", blanks),
                ProbeAnswer::Nobody => ("probe-nobody", blanks),
                ProbeAnswer::Refused => ("probe-refused", blanks),
                ProbeAnswer::Status(status) => ("probe-status", [blanks, vec![("status", code(status))]].concat()),
                ProbeAnswer::HeaderNotUnderstood { service } => {
                    ("probe-header-not-understood", [blanks, vec![("service", resource(service))]].concat())
                }
                ProbeAnswer::HeaderMissing => ("probe-header-missing", blanks),
            }
        }
        Event::TranslatedDirectly { nat, destination, .. } => {
            ("translated-directly", vec![("nat", code(nat)), ("destination", code(destination))])
        }
        Event::ProxyHeaderSent { client, link_identifier, header } => (
            "proxy-header-sent",
            vec![("client", code(client)), ("link", code(link_identifier)), ("bytes", code(header))],
        ),
        Event::ProxyHeaderRead { service, client, link_identifier } => (
            "proxy-header-read",
            vec![("service", text(service)), ("client", code(client)), ("link", code(link_identifier))],
        ),
        Event::ProxyHeaderNotUnderstood { service } => {
            ("proxy-header-not-understood", vec![("service", text(service))])
        }
        Event::DataSent { idle_s } => ("data-sent", vec![("idle", text(idle_s))]),
        Event::FlowContinued { idle_s, limit_s } => {
            ("flow-continued", vec![("idle", text(idle_s)), ("limit", text(limit_s))])
        }
        Event::DataArrived { caller } => ("data-arrived", vec![("caller", code(caller))]),
        Event::DatagramAnswered { local, remote } => {
            ("datagram-answered", vec![("local", code(local)), ("remote", code(remote))])
        }
        _ => ("", vec![]),
    }
}

/// What fills the sentence of a cause at a load balancer or a private link service.
pub(crate) fn of_cause(cause: &DropCause) -> Blanks {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the causes that come here")]
    match cause {
        DropCause::Hairpin { frontend, healthy } => vec![("frontend", code(frontend)), ("healthy", text(healthy))],
        DropCause::FloatingAddressMissing { address } => vec![("address", code(address))],
        DropCause::BindingForgotten { idle_s }
        | DropCause::FlowForgotten { idle_s }
        | DropCause::PortLeaseForgotten { idle_s } => vec![("idle", text(idle_s))],
        DropCause::ConnectionWasReset { balancer, after_s } => {
            vec![("balancer", resource(balancer)), ("after", text(after_s))]
        }
        DropCause::ProxyHeaderMissing { service } | DropCause::TlsHandshakeFailed { service } => {
            vec![("service", text(service))]
        }
        _ => vec![],
    }
}

/// The sentence of what is wrong with a load balancer.
pub(crate) fn of_balancer_problem(problem: &BalancerProblem) -> (&'static str, Blanks) {
    match problem {
        BalancerProblem::FrontendKind => ("Balancer.FrontendKind", vec![]),
        BalancerProblem::MixedFrontends { other } => ("Balancer.MixedFrontends", vec![("other", code(other))]),
        BalancerProblem::PublicAddressInUse { address, by } => {
            ("Balancer.PublicAddressInUse", vec![("address", resource(address)), ("by", resource(by))])
        }
        BalancerProblem::PoolSpansNetworks { network, other } => {
            ("Balancer.PoolSpansNetworks", vec![("network", resource(network)), ("other", resource(other))])
        }
        BalancerProblem::MixedPool => ("Balancer.MixedPool", vec![]),
        BalancerProblem::PoolTooLarge { count, limit } => ("Balancer.PoolTooLarge", counted(count, limit)),
        BalancerProblem::BackendPortReused { other, protocol, port } => (
            "Balancer.BackendPortReused",
            vec![("other", code(other)), ("protocol", code(protocol)), ("port", code(port))],
        ),
        BalancerProblem::IdleTimeout { minutes, least, most } => {
            ("Balancer.IdleTimeout", vec![("minutes", text(minutes)), ("least", text(least)), ("most", text(most))])
        }
        BalancerProblem::HaPortsPort => ("Balancer.HaPortsPort", vec![]),
        BalancerProblem::HaPortsPublic => ("Balancer.HaPortsPublic", vec![]),
        BalancerProblem::HaPortsMixed { other } => ("Balancer.HaPortsMixed", vec![("other", code(other))]),
        BalancerProblem::ProbeInterval { seconds } => ("Balancer.ProbeInterval", vec![("seconds", text(seconds))]),
        BalancerProblem::ProbeThreshold { count } => ("Balancer.ProbeThreshold", vec![("count", text(count))]),
        BalancerProblem::ProbeTooSlow { seconds } => ("Balancer.ProbeTooSlow", vec![("seconds", text(seconds))]),
        BalancerProblem::ProbeNeedsStandard => ("Balancer.ProbeNeedsStandard", vec![]),
        BalancerProblem::OutboundFrontendInternal { frontend } => {
            ("Balancer.OutboundFrontendInternal", vec![("frontend", code(frontend))])
        }
        BalancerProblem::OutboundPorts { needed, available } => {
            ("Balancer.OutboundPorts", vec![("needed", text(needed)), ("available", text(available))])
        }
    }
}

/// The sentence of what is wrong with a private link service.
pub(crate) fn of_service_problem(problem: &LinkServiceProblem) -> (&'static str, Blanks) {
    match problem {
        LinkServiceProblem::IpBasedPool { load_balancer, pool } => {
            ("LinkService.IpBasedPool", vec![("balancer", resource(load_balancer)), ("pool", code(pool))])
        }
        LinkServiceProblem::NatIpCount { count, limit } => ("LinkService.NatIpCount", counted(count, limit)),
        LinkServiceProblem::SeveralPrimaries { count } => {
            ("LinkService.SeveralPrimaries", vec![("count", text(count))])
        }
        LinkServiceProblem::NatIpVersion => ("LinkService.NatIpVersion", vec![]),
        LinkServiceProblem::NatIpsSpanNetworks { network, other } => {
            ("LinkService.NatIpsSpanNetworks", vec![("network", resource(network)), ("other", resource(other))])
        }
        LinkServiceProblem::FrontendInUse { by } => ("LinkService.FrontendInUse", vec![("by", resource(by))]),
        LinkServiceProblem::TooManyOnBalancer { load_balancer, count, limit } => {
            let balancer = vec![("balancer", resource(load_balancer))];
            ("LinkService.TooManyOnBalancer", [balancer, counted(count, limit)].concat())
        }
        LinkServiceProblem::TooManyEndpoints { count, limit } => {
            ("LinkService.TooManyEndpoints", counted(count, limit))
        }
        LinkServiceProblem::TooManyInSubscription { subscription, count, limit } => {
            let subscription = vec![("subscription", resource(subscription))];
            ("LinkService.TooManyInSubscription", [subscription, counted(count, limit)].concat())
        }
        LinkServiceProblem::TooManySubscriptions { count, limit } => {
            ("LinkService.TooManySubscriptions", counted(count, limit))
        }
        LinkServiceProblem::AutoApprovalBeyondVisibility { subscription } => {
            ("LinkService.AutoApprovalBeyondVisibility", vec![("subscription", code(subscription))])
        }
        LinkServiceProblem::SeveralRegions { location, other } => {
            ("LinkService.SeveralRegions", vec![("location", code(location)), ("other", code(other))])
        }
        LinkServiceProblem::NatRuleAlone { load_balancer, rule } => {
            ("LinkService.NatRuleAlone", vec![("balancer", resource(load_balancer)), ("rule", code(rule))])
        }
        LinkServiceProblem::DirectConnectNatIps { count } => {
            ("LinkService.DirectConnectNatIps", vec![("count", text(count))])
        }
        LinkServiceProblem::DirectConnectWithFrontend => ("LinkService.DirectConnectWithFrontend", vec![]),
        LinkServiceProblem::DirectConnectToEndpoint { endpoint } => {
            ("LinkService.DirectConnectToEndpoint", vec![("endpoint", resource(endpoint))])
        }
        LinkServiceProblem::TooManyDirectConnects { count, limit } => {
            ("LinkService.TooManyDirectConnects", counted(count, limit))
        }
    }
}

fn counted(count: &usize, limit: &usize) -> Blanks {
    vec![("count", text(count)), ("limit", text(limit))]
}
