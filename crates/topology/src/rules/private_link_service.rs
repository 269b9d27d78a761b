//! Private link services and the load balancers below them: what [`check`](crate::check) finds wrong with them, as
//! Azure says it.

use crate::check::{LinkServiceProblem, load_balancers, private_link_services};
use crate::command::Refusal;
use crate::problem::{Problem, ProblemCode};
use crate::resource::Subscriptions;
use crate::{Document, Id};

/// Whatever is wrong anywhere: a change of one resource can spoil another.
pub(super) fn everywhere(document: &Document, _: &Id, faults: &mut Vec<Refusal>) {
    let problems = private_link_services(document).into_iter().chain(load_balancers(document));
    faults.extend(problems.map(refusal));
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the problems Azure has a code of its own for; the others are told as they are"
)]
fn refusal(problem: Problem) -> Refusal {
    let subject = problem.subject.clone();
    match problem.code.clone() {
        ProblemCode::PrivateLinkServicePolicyEnabled { subnet } => {
            let service = subject;
            Refusal::PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled { service, subnet }
        }
        ProblemCode::LoadBalancerNotStandard { load_balancer: balancer } => {
            Refusal::PrivateLinkServiceIsNotSupportedForBasicLoadBalancer { service: subject, balancer }
        }
        ProblemCode::LinkService(LinkServiceProblem::IpBasedPool { load_balancer: balancer, .. }) => {
            Refusal::PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer { balancer }
        }
        ProblemCode::LinkService(LinkServiceProblem::NatIpCount { count: 0, .. }) => {
            Refusal::LastNatIp { service: subject }
        }
        _ => Refusal::NotTaken { resource: subject, problem: Box::new(problem) },
    }
}

/// Whether a list names a subscription, or everyone.
pub(crate) fn covers(list: &Subscriptions, subscription: &str) -> bool {
    list.subscriptions.iter().any(|entry| entry == "*" || entry == subscription)
}
