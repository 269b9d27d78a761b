//! Through a private endpoint, to a private link service or a platform service [PE-OV][PLS-OV].

use smol_str::format_smolstr;
use topology::resource::ConnectionStatus;
use wire::packet::Socket;

use super::connect::Way;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::identity::choose;
use crate::network::{Target, link_identifier};
use crate::table::{EndpointIx, ServiceIx};
use crate::trace::{DropCause, Event, Field, PathKind, Place};

impl Walk<'_> {
    /// Only an approved connection carries traffic; anything else is silent (assumption A1).
    pub(super) fn enter_private_link(&mut self, index: EndpointIx, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let endpoint = &network.endpoints[index];
        let id = network.endpoints.id(index);
        let place = Place::Resource(id.clone());
        way.kind = PathKind::PrivateEndpoint;
        self.refuse_echo(&place, way.packet)?;
        let status = endpoint.status.unwrap_or(ConnectionStatus::Disconnected);
        if status != ConnectionStatus::Approved {
            return self.drop_at(place, DropCause::ConnectionNotApproved { status }, Some(way.packet));
        }
        self.pass_endpoint(index, &place, way.packet)?;
        let Some(target) = endpoint.target else {
            return self.drop_at(place, DropCause::EndpointWithoutTarget, Some(way.packet));
        };
        let target_id = match target {
            Target::Service(service) => network.services.id(service),
            Target::Platform(platform, _) => network.platforms.id(platform),
        };
        let admitted = Event::EndpointAdmitted {
            status,
            target: target_id.clone(),
            link_identifier: link_identifier(id),
            group_id: endpoint.group_id.clone(),
        };
        let step = self.step(place.clone(), admitted);
        step.before = Some(way.packet);
        step.after = Some(way.packet);
        step.sources = vec!["PE-OV"];
        if endpoint.chose(way.packet.destination.address) {
            step.assumptions = vec!["A3"];
        }
        way.hops.push(Hop::new(place, None));
        match target {
            Target::Service(service) => self.translate(service, index, way),
            Target::Platform(platform, sub_resource) => {
                self.reach_platform(platform, sub_resource, true, None, way.packet)
            }
        }
    }

    /// Source and destination become the provider's; the port stays (assumption A7).
    fn translate(&mut self, index: ServiceIx, endpoint: EndpointIx, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let service = &network.services[index];
        let id = network.services.id(index);
        let place = Place::Resource(id.clone());
        let before = way.packet;
        if service.nat_ips.is_empty() {
            return self.drop_at(place, DropCause::NatIpMissing, Some(before));
        }
        let Some((balancer, position)) = service.frontend else {
            return self.drop_at(place, DropCause::FrontendMissing, Some(before));
        };
        let frontend_row = &network.balancers[balancer].frontends[position];
        let Some(frontend_address) = frontend_row.address else {
            return self.drop_at(place, DropCause::FrontendMissing, Some(before));
        };

        let endpoint_id = network.endpoints.id(endpoint);
        let first = choose(format!("{endpoint_id} {}", before.source).as_bytes(), service.nat_ips.len());
        let rotated = service.nat_ips.iter().cycle().skip(first).take(service.nat_ips.len());
        let bound = self.session.bind(id, rotated.map(|(_, address)| *address), endpoint_id, before.source);
        let Some(binding) = bound else {
            return self.drop_at(place, DropCause::NatPortsExhausted, Some(before));
        };
        let frontend = Socket::new(frontend_address, before.destination.port);
        way.packet.source = binding.nat;
        way.packet.destination = frontend;
        let after = way.packet;

        let configuration = service.nat_ips.iter().find(|(_, address)| *address == binding.nat.address);
        let configuration = configuration.map_or(0, |(position, _)| *position);
        let row = format_smolstr!("natBindings/{}", binding.number);
        let balancer_id = network.balancers.id(balancer);
        let translated = Event::Translated {
            nat: binding.nat,
            frontend,
            consumer: before.source,
            endpoint: before.destination,
            binding: binding.number,
        };
        let step = self.step(place.clone(), translated);
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| match field {
            Field::SourceAddress => format_smolstr!("privateLinkServices/{id}/ipConfigurations/{configuration}"),
            Field::SourcePort => row.clone(),
            Field::DestinationAddress | Field::DestinationPort => {
                format_smolstr!("loadBalancers/{balancer_id}/frontendIPConfigurations/{}", frontend_row.name)
            }
        });
        step.sources = vec!["PLS-OV", "SEED1"];
        step.assumptions = if service.nat_ips.len() > 1 { vec!["A7", "A10"] } else { vec!["A7"] };

        let event =
            Event::Untranslated { endpoint: before.destination, consumer: before.source, binding: binding.number };
        way.hops.push(Hop::new(place, Some(Undo { original: before, event, origin: Origin::Row(row) })));
        self.balance(balancer, position, way)
    }
}
