//! How many private endpoints a network can have, and sees together with its peers; those beyond carry no traffic
//! [PL-LIMITS][PE-HSPE].

use crate::network::{Network, VirtualNetwork};
use crate::table::{EndpointIx, NetworkIx};

/// In one network, and as one network sees them across its peers; then the same with high scale.
const LIMITS: [usize; 2] = [1_000, 4_000];
const HIGH_SCALE_LIMITS: [usize; 2] = [5_000, 20_000];

impl VirtualNetwork {
    /// The most it can have, and the most it can see.
    pub(crate) const fn endpoint_limits(&self) -> [usize; 2] {
        if self.has_high_scale { HIGH_SCALE_LIMITS } else { LIMITS }
    }

    fn endpoint_indices(&self) -> impl Iterator<Item = EndpointIx> {
        // An endpoint with several addresses stands there several times.
        let found: std::collections::BTreeSet<EndpointIx> = self.endpoints.iter().map(|(_, index)| *index).collect();
        found.into_iter()
    }
}

impl Network {
    /// How many private endpoints a network has, and how many it sees together with its peers.
    pub(crate) fn endpoint_counts(&self, index: NetworkIx) -> (usize, usize) {
        let row = &self.networks[index];
        let own = row.endpoint_indices().count();
        let peers: usize = row.peers.iter().map(|peer| self.networks[*peer].endpoint_indices().count()).sum();
        (own, own + peers)
    }

    /// The limit beyond which a private endpoint lies for who sends from a network. Which ones lose is not documented:
    /// here the last of the document (assumption A84).
    pub(crate) fn endpoint_beyond(&self, from: NetworkIx, endpoint: EndpointIx) -> Option<usize> {
        let reach = || std::iter::once(from).chain(self.networks[from].peers.iter().copied());
        let n_addresses: usize = reach().map(|network| self.networks[network].endpoints.len()).sum();
        if n_addresses <= LIMITS[0] {
            return None;
        }
        let [_, most_seen] = self.networks[from].endpoint_limits();
        let home = &self.networks[self.endpoints[endpoint].network?];
        let before = |network: &VirtualNetwork| network.endpoint_indices().filter(|other| *other < endpoint).count();
        let [most_at_home, _] = home.endpoint_limits();
        if before(home) >= most_at_home {
            return Some(most_at_home);
        }
        let seen: usize = reach().map(|network| before(&self.networks[network])).sum();
        (seen >= most_seen).then_some(most_seen)
    }
}
