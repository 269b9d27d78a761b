//! To a service by the sender's own service endpoint [SE-OV].

use super::connect::Way;
use super::{Server, Verdict, Walk};
use crate::network::Sender;
use crate::trace::{Event, PathKind};

impl Walk<'_> {
    /// No public address is needed: the source stays private, and the service learns the subnet.
    pub(super) fn take_service_endpoint(&mut self, sender: Sender, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let subnet = &network.subnets[sender.subnet];
        let here = &network.networks[sender.network].location;
        let target = self.at_public_address(way.packet.destination.address);
        let endpoint = target.and_then(|(platform, _)| {
            let resource = &network.platforms[platform].resource;
            subnet.service_endpoints.iter().find(|endpoint| endpoint.reaches(here, resource))
        });
        way.kind = PathKind::ServiceEndpoint;
        let identity = endpoint.map(|endpoint| {
            let taken = Event::ServiceEndpointTaken {
                subnet: network.subnets.id(sender.subnet).clone(),
                service: endpoint.service.service.clone(),
            };
            let step = self.step(self.sender_place(), taken);
            step.before = Some(way.packet);
            step.after = Some(way.packet);
            step.sources = vec!["SE-OV", "SEED4"];
            sender.subnet
        });
        self.reach_public_address(way.packet, identity)
    }
}
