//! What the rules of diagnosis look at.

use topology::Document;
use topology::Id;
use topology::catalogue::{Service, ServiceName, catalogue};
use topology::document::{Expectation, ExpectedOutcome};
use topology::resource::PrivateEndpoint;
use wire::DomainName;

use crate::expectation::evaluate;
use crate::network::Network;
use crate::trace::{DropCause, Outcome, PathKind, Place, Step, Trace};

/// A trace that is not as expected, and everything it came from.
pub(super) struct Case<'a> {
    pub(super) document: &'a Document,
    pub(super) network: &'a Network,
    pub(super) expectation: &'a Expectation,
    pub(super) trace: &'a Trace,
}

/// The platform service a name belongs to.
pub(super) struct Account<'a> {
    pub(super) id: &'a Id,
    pub(super) service: &'static Service,
    pub(super) name: ServiceName,
    /// Whether the name asked for is the one within the private zone.
    pub(super) by_private_name: bool,
}

impl<'a> Case<'a> {
    /// The steps with their positions.
    pub(super) fn steps(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Step)> {
        self.trace.steps.iter().enumerate()
    }

    /// The first thing a step's event tells `read`, with the step's position.
    pub(super) fn first<T>(&self, mut read: impl FnMut(&'a Step) -> Option<T>) -> Option<(usize, T)> {
        self.steps().find_map(|(position, step)| Some((position, read(step)?)))
    }

    /// The last one.
    pub(super) fn last<T>(&self, mut read: impl FnMut(&'a Step) -> Option<T>) -> Option<(usize, T)> {
        self.steps().rev().find_map(|(position, step)| Some((position, read(step)?)))
    }

    /// Why and where the request ended, when it did.
    pub(super) fn dropped(&self) -> Option<(&'a DropCause, &'a Place)> {
        match &self.trace.outcome {
            Outcome::Dropped { cause, at } => Some((cause, at)),
            Outcome::Answered { .. } | Outcome::Resolved { .. } => None,
        }
    }

    /// The position of the step that ended it, or of the last one.
    pub(super) fn end(&self) -> usize {
        self.trace.steps.len().saturating_sub(1)
    }

    /// Whether the request was meant to be answered.
    pub(super) fn is_wanted(&self) -> bool {
        self.expectation.outcome == ExpectedOutcome::Reachable
    }

    /// Whether an answer by a private way was wanted, and a public address came.
    pub(super) fn got_public(&self) -> bool {
        self.is_wanted() && self.went_public()
    }

    /// Whether it went, or was on its way, to a public address.
    pub(super) fn went_public(&self) -> bool {
        self.trace.path() == Some(PathKind::Public)
            || self.trace.resolved().is_some_and(|address| !address.is_private())
    }

    /// Whether the same request does as expected when nothing is remembered from before.
    pub(super) fn works_afresh(&self) -> bool {
        evaluate(self.network, self.expectation).holds()
    }

    /// The virtual network the sender stands in.
    pub(super) fn sender_network(&self) -> Option<&'a Id> {
        let subnet = self.document.subnet_of(&self.trace.request.from)?;
        self.document.subnets.get(subnet).map(|subnet| &subnet.virtual_network)
    }

    /// The account and sub-resource the request names.
    pub(super) fn account(&self) -> Option<Account<'a>> {
        let host: DomainName = self.trace.request.to.trim().parse().ok()?;
        self.document.platform_services.iter().find_map(|(id, row)| {
            let of_type = catalogue().of_type(&row.resource_type).iter();
            of_type.map(|position| &catalogue().services[*position]).find_map(|service| {
                let mut names = service.names_of(id, row).into_iter();
                let name = names.find(|name| name.public == host || name.private == host)?;
                Some(Account { id, service, by_private_name: name.private == host, name })
            })
        })
    }

    /// The private endpoints that connect to an account's sub-resource.
    pub(super) fn endpoints_of(&self, account: &Account<'_>) -> Vec<(&'a Id, &'a PrivateEndpoint)> {
        let serves = |endpoint: &PrivateEndpoint| {
            endpoint.connection().is_some_and(|connection| {
                connection.private_link_service_id.as_str() == account.id.as_str()
                    && connection.group_ids.contains(&account.service.group_id)
            })
        };
        self.document.private_endpoints.iter().filter(|(_, endpoint)| serves(endpoint)).collect()
    }

    /// Whether two resources belong to one tenant.
    pub(super) fn same_tenant(&self, one: &Id, other: &Id) -> bool {
        self.document.tenant_of(one).is_some_and(|tenant| Some(tenant) == self.document.tenant_of(other))
    }
}
