//! Sentences about routes: which row a packet takes, and why not the next best one.

use std::net::Ipv4Addr;

use sim::trace::{Event, NextHopType, ReplyReason, Route};

use topology::problem::{Problem, ProblemCode};

use crate::message::{Arg, Message, code, resource, text};

/// Why the chosen route won, told by the row that would have won without it.
pub(crate) fn selected(destination: Ipv4Addr, route: &Route, losers: &[Route]) -> Message {
    let mut args = vec![
        ("destination", code(destination)),
        ("prefix", code(route.address_prefix)),
        ("hop", hop(route)),
        ("source", text(route.source.as_str())),
    ];
    // Of several equally long rows the first comes next.
    let runner_up = losers.iter().rev().max_by_key(|loser| loser.address_prefix.prefix_len());
    if let Some(loser) = runner_up {
        args.push(("loser", code(loser.address_prefix)));
        args.push(("loserHop", hop(loser)));
        args.push(("loserSource", text(loser.source.as_str())));
    }
    let target = route.target.as_ref().filter(|_| route.next_hop_type == NextHopType::InterfaceEndpoint);
    if let Some(target) = target {
        args.push(("target", resource(target)));
    }
    let lengths = runner_up.map(|loser| loser.address_prefix.prefix_len().cmp(&route.address_prefix.prefix_len()));
    let key = match (target.is_some(), lengths) {
        (_, Some(std::cmp::Ordering::Equal)) => "step.route-selected-same-prefix",
        (_, Some(std::cmp::Ordering::Greater)) if is_endpoint(runner_up) => "step.route-selected-over-endpoint",
        (_, Some(std::cmp::Ordering::Greater)) => "step.route-selected-over-learned",
        (true, Some(std::cmp::Ordering::Less)) => "step.route-selected-endpoint-over",
        (true, None) => "step.route-selected-endpoint",
        (false, Some(std::cmp::Ordering::Less)) => "step.route-selected-over",
        (false, None) => "step.route-selected",
    };
    Message::new(key, args)
}

fn is_endpoint(route: Option<&Route>) -> bool {
    route.is_some_and(|route| route.next_hop_type == NextHopType::InterfaceEndpoint)
}

/// The next hop, with its address where it has one.
fn hop(route: &Route) -> Arg {
    match route.next_hop_ip_address {
        Some(address) => code(format!("{} {address}", route.next_hop_type)),
        None => code(route.next_hop_type),
    }
}

/// What became of a packet at an appliance, and of a reply on its way to one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other events have their sentences elsewhere")]
pub(crate) fn of_event(event: &Event) -> (&'static str, Vec<(&'static str, Arg)>) {
    match event {
        Event::RoutesBypassed { destination } => ("routes-bypassed", vec![("destination", code(destination))]),
        Event::NextHopBalanced { rule, pool, healthy, members, backend } => (
            "next-hop-balanced",
            vec![
                ("rule", code(rule)),
                ("pool", code(pool)),
                ("healthy", text(healthy)),
                ("members", text(members)),
                ("backend", resource(backend)),
            ],
        ),
        Event::Forwarded { interface, source: None } => ("forwarded", vec![("interface", resource(interface))]),
        Event::Forwarded { interface, source: Some(source) } => {
            ("forwarded-translated", vec![("interface", resource(interface)), ("source", code(source))])
        }
        Event::EndpointReplied { appliance, reason } => {
            let key = match reason {
                ReplyReason::SourceTranslated => "endpoint-replied-translated",
                ReplyReason::Tagged => "endpoint-replied-tagged",
                ReplyReason::NoRouteOfItsOwn => "endpoint-replied-through",
                ReplyReason::RouteOfItsOwn => "endpoint-replied-past",
                ReplyReason::Documented => "endpoint-replied-documented",
            };
            (key, vec![("appliance", resource(appliance))])
        }
        Event::ReplyForwarded { interface, destination: None } => {
            ("reply-forwarded", vec![("interface", resource(interface))])
        }
        Event::ReplyForwarded { interface, destination: Some(destination) } => {
            ("reply-forwarded-translated", vec![("interface", resource(interface)), ("destination", code(destination))])
        }
        _ => ("dropped", vec![]),
    }
}

/// What is wrong with a route table or a peering.
#[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the problems that come here")]
pub(crate) fn of_problem(problem: &Problem) -> (&'static str, Vec<(&'static str, Arg)>) {
    let field = || ("field", code(&problem.field));
    match &problem.code {
        ProblemCode::RouteNextHopNotAllowed { next_hop_type } => {
            ("RouteNextHopNotAllowed", vec![field(), ("hop", code(next_hop_type))])
        }
        ProblemCode::RouteWithoutNextHop => ("RouteWithoutNextHop", vec![field()]),
        ProblemCode::RouteNextHopAddressNotAllowed { next_hop_type } => {
            ("RouteNextHopAddressNotAllowed", vec![field(), ("hop", code(next_hop_type))])
        }
        ProblemCode::RouteConflict { other, prefix } => {
            ("RouteConflict", vec![field(), ("other", code(other)), ("prefix", code(prefix))])
        }
        ProblemCode::RouteLimit { count, limit } => {
            ("RouteLimit", vec![field(), ("count", text(count)), ("limit", text(limit))])
        }
        ProblemCode::PeeringWithItself => ("PeeringWithItself", vec![]),
        ProblemCode::PeeringTwice { remote } => ("PeeringTwice", vec![("remote", resource(remote))]),
        ProblemCode::PeeringLimit { count, limit } => {
            ("PeeringLimit", vec![("count", text(count)), ("limit", text(limit))])
        }
        ProblemCode::PeeringOverlap { remote, prefixes } => {
            ("PeeringOverlap", vec![("remote", resource(remote)), ("prefixes", list(prefixes))])
        }
        ProblemCode::PeeringOverlapWithPeer { first, second, third, prefixes } => (
            "PeeringOverlapWithPeer",
            vec![
                ("first", resource(first)),
                ("second", resource(second)),
                ("third", resource(third)),
                ("prefixes", list(prefixes)),
            ],
        ),
        _ => ("DuplicateId", vec![("subject", code(&problem.subject))]),
    }
}

fn list(prefixes: &[impl ToString]) -> Arg {
    let prefixes: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
    code(prefixes.join(", "))
}
