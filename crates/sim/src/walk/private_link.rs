//! Through a private endpoint, to a private link service or a platform service [PE-OV][PLS-OV].

use std::borrow::Cow;
use std::net::Ipv4Addr;

use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::resource::ConnectionStatus;
use wire::packet::{Packet, Socket, Transport};
use wire::proxy_v2::Header;

use super::balance::Behind;
use super::connect::Way;
use super::transit::Departure;
use super::{Hop, Origin, Server, Undo, Verdict, Walk, rewrites};
use crate::balancing::LinkService;
use crate::identity::choose;
use crate::network::{Network, Target, link_identifier};
use crate::routes::NextHop;
use crate::session::{Consumer, Flow, FlowKey, Memory, NatBinding};
use crate::table::{BalancerIx, EndpointIx, ServiceIx};
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
        let from = self.network.machines.find(&self.request.from).and_then(|machine| network.sender(machine));
        if let Some(limit) = from.and_then(|sender| network.endpoint_beyond(sender.network, index)) {
            return self.drop_at(place, DropCause::EndpointBeyondLimit { limit }, Some(way.packet));
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
        if from.is_some_and(|sender| !network.subnets[sender.subnet].service_endpoint_policies.is_empty()) {
            step.assumptions.push("A19");
        }
        way.hops.push(Hop::new(place, None));
        way.remember(Memory::Approval(id.clone()));
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
        let Some(onward) = self.onward(service) else {
            return self.drop_at(place, DropCause::FrontendMissing, Some(before));
        };
        let to = Socket::new(onward.address(), before.destination.port);
        let Some(binding) = self.bind(index, endpoint, &onward, Packet { destination: to, ..before }) else {
            return self.drop_at(place, DropCause::NatPortsExhausted, Some(before));
        };
        way.packet.source = binding.nat;
        way.packet.destination = to;
        let after = way.packet;

        let configuration = service.nat_ips.iter().find(|(_, address)| *address == binding.nat.address);
        let configuration = configuration.map_or(0, |(position, _)| *position);
        let row = format_smolstr!("natBindings/{}", binding.number);
        let (nat, consumer, number) = (binding.nat, before.source, binding.number);
        let translated = match onward {
            Onward::Frontend { .. } => {
                Event::Translated { nat, frontend: to, consumer, endpoint: before.destination, binding: number }
            }
            Onward::Direct(_) => Event::TranslatedDirectly {
                nat,
                destination: to,
                consumer,
                endpoint: before.destination,
                binding: number,
            },
        };
        let step = self.step(place.clone(), translated);
        step.before = Some(before);
        step.after = Some(after);
        step.rewrites = rewrites(before, after, |field| match field {
            Field::SourceAddress => format_smolstr!("privateLinkServices/{id}/ipConfigurations/{configuration}"),
            Field::SourcePort => row.clone(),
            Field::DestinationAddress | Field::DestinationPort => onward.origin(network, id),
        });
        step.sources = match onward {
            Onward::Frontend { .. } => vec!["PLS-OV", "SEED1"],
            Onward::Direct(_) => vec!["PLS-DC"],
        };
        step.assumptions = if service.nat_ips.len() > 1 { vec!["A7", "A10"] } else { vec!["A7"] };

        let event = Event::Untranslated { endpoint: before.destination, consumer, binding: number };
        way.hops.push(Hop::new(place, Some(Undo { original: before, event, origin: Origin::Row(row) })));
        way.remember(Memory::Binding { service: id.clone(), nat, number });
        way.binding = Some(number);
        if service.proxy_protocol && before.transport == Transport::Tcp {
            let link_id = link_identifier(network.endpoints.id(endpoint));
            way.header = Some((id.clone(), Header::of_private_link(consumer, before.destination, link_id)));
        }
        match onward {
            Onward::Frontend { balancer, position, .. } => self.balance(balancer, position, way),
            Onward::Direct(_) => self.connect_directly(index, way),
        }
    }

    /// Where a service leads: to the address Direct Connect names, or to its frontend.
    fn onward(&self, service: &LinkService) -> Option<Onward> {
        if let Some(destination) = service.destination {
            return Some(Onward::Direct(destination));
        }
        let (balancer, position) = service.frontend?;
        let address = self.network.balancers[balancer].frontends[position].address?;
        Some(Onward::Frontend { balancer, position, address })
    }

    /// A port of a NAT IP, and with it the backend: a port serves one flow for each of them [PL-FAQ-NEW]. The first NAT IP
    /// tried follows from who asks (assumption A10).
    fn bind(&mut self, index: ServiceIx, endpoint: EndpointIx, onward: &Onward, packet: Packet) -> Option<NatBinding> {
        let network = self.network;
        let service = &network.services[index];
        let endpoint = network.endpoints.id(endpoint);
        let consumer = Consumer { endpoint, socket: packet.source };
        let rule = match onward {
            Onward::Frontend { balancer, position, .. } => {
                network.rule_for(*balancer, *position, packet).map(|rule| (*balancer, rule))
            }
            Onward::Direct(_) => None,
        };
        let members = rule.map_or_else(Cow::default, |(balancer, rule)| self.candidates(balancer, rule));
        let distribution = rule.map_or_else(Default::default, |(_, rule)| rule.distribution);
        let behind = Behind { network, packet, distribution, members };
        let first = choose(format!("{endpoint} {}", packet.source).as_bytes(), service.nat_ips.len());
        let rotated = service.nat_ips.iter().cycle().skip(first).take(service.nat_ips.len());
        let (id, now_s) = (network.services.id(index), self.session.now_s());
        let binding = self.session.nat.bind(id, rotated.map(|(_, address)| *address), consumer, &behind, now_s)?;
        if let (Some((balancer, rule)), Some(backend)) = (rule, &binding.backend) {
            let key = FlowKey {
                balancer: network.balancers.id(balancer).clone(),
                transport: packet.transport,
                source: binding.nat,
                frontend: packet.destination,
                binding: Some(binding.number),
            };
            let backend = backend.clone();
            let flow = Flow { backend, last_used_s: now_s, idle_s: rule.flows.idle_s, reset: rule.flows.reset };
            self.session.flows.pin(key, flow);
        }
        Some(binding)
    }

    /// Direct Connect: by the routes of the NAT subnet, to any address but a private endpoint's [PLS-DC].
    fn connect_directly(&mut self, index: ServiceIx, way: &mut Way) -> Verdict<Server> {
        let network = self.network;
        let service = &network.services[index];
        let place = Place::Resource(network.services.id(index).clone());
        let address = way.packet.destination.address;
        let Some(home) = service.network else {
            return self.drop_at(place, DropCause::AddressUnused { address }, Some(way.packet));
        };
        let from = Departure { place, network: home, subnet: service.subnet, interface: None, is_gateway: false };
        if let Some(NextHop::Endpoint(_)) = network.next_hop(from.vantage(), address) {
            return self.drop_at(from.place, DropCause::AddressUnused { address }, Some(way.packet));
        }
        self.carry(from, way)
    }
}

/// Where a private link service leads.
enum Onward {
    Frontend {
        balancer: BalancerIx,
        position: usize,
        address: Ipv4Addr,
    },
    /// To the address Direct Connect names.
    Direct(Ipv4Addr),
}

impl Onward {
    const fn address(&self) -> Ipv4Addr {
        match self {
            Self::Frontend { address, .. } | Self::Direct(address) => *address,
        }
    }

    /// The document field the address stands in.
    fn origin(&self, network: &Network, service: &Id) -> SmolStr {
        match self {
            Self::Frontend { balancer, position, .. } => {
                let name = &network.balancers[*balancer].frontends[*position].name;
                format_smolstr!("loadBalancers/{}/frontendIPConfigurations/{name}", network.balancers.id(*balancer))
            }
            Self::Direct(_) => format_smolstr!("privateLinkServices/{service}/destinationIPAddress"),
        }
    }
}
