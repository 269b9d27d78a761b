//! Which sentence a step, a line or a problem of a platform service takes.

use sim::firewall::{FirewallLine, FirewallRule, LineVerdict, Mismatch};
use sim::trace::{FirewallVerdict, Response};
use smol_str::format_smolstr;
use topology::problem::{Problem, ProblemCode};

use crate::message::{Arg, Message, code, resource, text};

type Blanks = Vec<(&'static str, Arg)>;

pub(crate) const fn verdict_key(verdict: FirewallVerdict) -> &'static str {
    match verdict {
        FirewallVerdict::AllowedByPrivateEndpoint => "firewall-private-endpoint",
        FirewallVerdict::AllowedByDefault => "firewall-default-allow",
        FirewallVerdict::AllowedByVirtualNetworkRule => "firewall-virtual-network-rule",
        FirewallVerdict::AllowedByIpRule => "firewall-ip-rule",
        FirewallVerdict::AllowedByResourceAccessRule => "firewall-resource-access-rule",
        FirewallVerdict::AllowedByTrustedService => "firewall-trusted-service",
        FirewallVerdict::AllowedByPerimeterRule => "firewall-perimeter-rule",
        FirewallVerdict::DeniedByEndpointPolicy => "firewall-endpoint-policy",
        FirewallVerdict::DeniedPublicNetworkAccess => "firewall-public-access",
        FirewallVerdict::DeniedByPerimeter => "firewall-perimeter-deny",
        FirewallVerdict::DeniedByDefault => "firewall-default-deny",
    }
}

/// A response that was `sent` or `received`.
pub(crate) fn response(way: &str, response: &Response) -> Message {
    let status = ("status", code(response.status));
    let body = ("body", code(&response.body));
    let (kind, args) = match &response.error_code {
        None if response.status == 0 => ("-login", vec![body]),
        None => ("", vec![status, body]),
        // Where the number is the code, the words say more.
        Some(error) if *error == format_smolstr!("{}", response.status) => ("-number", vec![status, body]),
        Some(error) => ("-error", vec![status, ("error", code(error))]),
    };
    Message::new(format_smolstr!("step.response-{way}{kind}"), args)
}

/// How a request ended that got an answer.
pub(crate) fn answered(target: (&'static str, Arg), response: &Response) -> Message {
    let status = ("status", code(response.status));
    match &response.error_code {
        None if response.status == 0 => Message::new("outcome.logged-in", vec![target]),
        Some(error) if *error != format_smolstr!("{}", response.status) => {
            Message::new("outcome.answered-error", vec![target, status, ("error", code(error))])
        }
        None | Some(_) => Message::new("outcome.answered", vec![target, status]),
    }
}

/// What a line of a firewall is.
pub(crate) fn rule(line: &FirewallLine) -> Message {
    let (key, args): (&str, Blanks) = match &line.rule {
        FirewallRule::EndpointPolicies { policies } => match policies.first() {
            Some(policy) => ("endpoint-policies", vec![("policy", resource(policy)), ("count", text(policies.len()))]),
            None => ("nothing-else", Vec::new()),
        },
        FirewallRule::PrivateEndpoint => ("private-endpoint", Vec::new()),
        FirewallRule::PublicNetworkAccess { access, implied } => {
            let key = if *implied { "public-network-access-implied" } else { "public-network-access" };
            (key, vec![("access", code(access))])
        }
        FirewallRule::PerimeterRule { name } => ("perimeter-rule", vec![("name", code(name))]),
        FirewallRule::DefaultAction { action } => ("default-action", vec![("action", code(action))]),
        FirewallRule::VirtualNetworkRule { subnet } => ("virtual-network-rule", vec![("subnet", resource(subnet))]),
        FirewallRule::IpRule { range } => ("ip-rule", vec![("range", code(range))]),
        FirewallRule::FirewallRule { name } => ("firewall-rule", vec![("name", code(name))]),
        FirewallRule::ResourceAccessRule { resource } => ("resource-access-rule", vec![("resource", code(resource))]),
        FirewallRule::TrustedServices => ("trusted-services", Vec::new()),
        FirewallRule::NothingElse => ("nothing-else", Vec::new()),
    };
    Message::new(format_smolstr!("firewall-rule.{key}"), args)
}

/// What became of a line.
pub(crate) const fn line_key(verdict: LineVerdict) -> &'static str {
    match verdict {
        LineVerdict::Decides(verdict) => {
            if verdict.allows() {
                "firewall-line.Admits"
            } else {
                "firewall-line.Refuses"
            }
        }
        LineVerdict::Passes => "firewall-line.Passes",
        LineVerdict::NotReached => "firewall-line.NotReached",
        LineVerdict::Misses(mismatch) => match mismatch {
            Mismatch::NotPrivate => "firewall-line.NotPrivate",
            Mismatch::OtherSubnet => "firewall-line.OtherSubnet",
            Mismatch::NoServiceEndpoint => "firewall-line.NoServiceEndpoint",
            Mismatch::NoIdentity => "firewall-line.NoIdentity",
            Mismatch::OtherAddress => "firewall-line.OtherAddress",
            Mismatch::PrivateAddress => "firewall-line.PrivateAddress",
            Mismatch::SameRegion => "firewall-line.SameRegion",
            Mismatch::Invalid => "firewall-line.Invalid",
            Mismatch::OtherResource => "firewall-line.OtherResource",
            Mismatch::BypassOff => "firewall-line.BypassOff",
        },
    }
}

/// A problem of a platform service, a service endpoint or a policy.
pub(crate) fn problem(problem: &Problem) -> (&'static str, Blanks) {
    let field = || ("field", code(&problem.field));
    #[expect(clippy::wildcard_enum_match_arm, reason = "the caller names the problems that come here")]
    match &problem.code {
        ProblemCode::ResourceTypeUnknown { resource_type } => {
            ("ResourceTypeUnknown", vec![("type", code(resource_type))])
        }
        ProblemCode::BypassUnknown { word } => ("BypassUnknown", vec![("word", code(word))]),
        ProblemCode::IpRuleInvalid { rule } => ("IpRuleInvalid", vec![field(), ("rule", code(rule))]),
        ProblemCode::FirewallRuleBackwards => ("FirewallRuleBackwards", vec![field()]),
        ProblemCode::FirewallRuleWhilePrivate => ("FirewallRuleWhilePrivate", Vec::new()),
        ProblemCode::SubnetWithoutServiceEndpoint { subnet, service } => {
            ("SubnetWithoutServiceEndpoint", vec![("subnet", resource(subnet)), ("service", code(service))])
        }
        ProblemCode::ServiceEndpointUnknown { service } => ("ServiceEndpointUnknown", vec![("service", code(service))]),
        ProblemCode::ServiceEndpointTwice { service } => ("ServiceEndpointTwice", vec![("service", code(service))]),
        ProblemCode::EndpointPolicyLimit { count, limit } => {
            ("EndpointPolicyLimit", vec![field(), ("count", text(count)), ("limit", text(limit))])
        }
        ProblemCode::EndpointPolicyOtherRegion { policy } => {
            ("EndpointPolicyOtherRegion", vec![("policy", resource(policy))])
        }
        ProblemCode::EndpointPolicyWithoutEndpoint { service } => {
            ("EndpointPolicyWithoutEndpoint", vec![field(), ("service", code(service))])
        }
        ProblemCode::DataLakeWithoutBlob { account } => ("DataLakeWithoutBlob", vec![("account", resource(account))]),
        ProblemCode::PrivateEndpointLimit { count, limit } => {
            ("PrivateEndpointLimit", vec![("count", text(count)), ("limit", text(limit))])
        }
        _ => ("ResourceTypeUnknown", Vec::new()),
    }
}
