//! To a service by the sender's own service endpoint [SE-OV].

use super::connect::Way;
use super::transit::Departure;
use super::{Server, Verdict, Walk};
use crate::trace::{Event, PathKind};

impl Walk<'_> {
    /// No public address is needed: the source stays private, and the service learns the subnet.
    pub(super) fn take_service_endpoint(&mut self, from: &Departure, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let here = &network.networks[from.network].location;
        let target = self.at_public_address(way.packet.destination.address);
        let endpoint = target.and_then(|(platform, _)| {
            let resource = &network.platforms[platform].resource;
            let own = &network.subnets[from.subnet?].service_endpoints;
            own.iter().find(|endpoint| endpoint.reaches(here, resource)).zip(from.subnet)
        });
        way.kind = PathKind::ServiceEndpoint;
        let identity = endpoint.map(|(endpoint, subnet)| {
            let taken = Event::ServiceEndpointTaken {
                subnet: network.subnets.id(subnet).clone(),
                service: endpoint.service.service.clone(),
            };
            let step = self.step(from.place.clone(), taken);
            step.before = Some(way.packet);
            step.after = Some(way.packet);
            step.sources = vec!["SE-OV", "SEED4"];
            subnet
        });
        self.reach_public_address(way.packet, identity)
    }
}
