//! More private endpoints than Azure carries traffic for [PL-LIMITS][PE-HSPE].

use topology::problem::ProblemCode;

use super::Problems;
use crate::network::Network;

/// Reports networks with more private endpoints than they can have, alone or together with their peers.
pub(super) fn check(network: &Network, problems: &mut Problems) {
    for (index, id, row) in network.networks.iter() {
        let (own, seen) = network.endpoint_counts(index);
        let [most_own, most_seen] = row.endpoint_limits();
        for (count, limit) in [(own, most_own), (seen, most_seen)] {
            if count > limit {
                problems.add(id, "privateEndpointVNetPolicies", ProblemCode::PrivateEndpointLimit { count, limit });
            }
        }
    }
}
