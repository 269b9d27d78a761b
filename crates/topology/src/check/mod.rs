//! What Azure refuses, as plain questions to a document: reported while compiling, and asked by commands before they
//! change anything.

mod gateway;
mod load_balancer;
mod private_link_service;
mod route_table;

use smol_str::SmolStr;

pub use gateway::{gateway, remote_gateways};
pub use load_balancer::{BalancerProblem, load_balancers};
pub use private_link_service::{LinkServiceProblem, endpoints_of, private_link_services, services_behind};
pub(crate) use route_table::route_table;
pub use route_table::{route_tables, usable_routes};

use crate::Id;
use crate::problem::{Problem, ProblemCode};

/// The problems found so far.
#[derive(Debug, Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, subject: &Id, field: impl Into<SmolStr>, code: impl Into<ProblemCode>) {
        self.0.push(Problem { code: code.into(), subject: subject.clone(), field: field.into() });
    }
}
