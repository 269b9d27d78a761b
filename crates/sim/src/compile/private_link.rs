//! Private link services and private endpoints [PLS-OV][PE-OV].

use smol_str::{SmolStr, format_smolstr};
use topology::resource::{ConnectionStatus, PrivateEndpoint};
use topology::{Document, Id};

use super::Problems;
use crate::balancing::LinkService;
use crate::catalogue::catalogue;
use crate::network::{Endpoint, EndpointMember, Target};
use crate::table::{BalancerIx, EndpointIx, Index, NetworkIx, PlatformIx, Rows, ServiceIx, SubnetIx};

pub(super) fn services(document: &Document, problems: &mut Problems) -> Rows<ServiceIx, LinkService> {
    Rows::compile(&document.private_link_services, |id, row| {
        for (position, nat) in row.ip_configurations.iter().enumerate() {
            let field = format_smolstr!("ipConfigurations/{position}");
            if !document.subnets.contains(&nat.subnet) {
                problems.missing(id, field, nat.subnet.as_str());
            }
        }
        let mut frontend = None;
        for (position, reference) in row.load_balancer_frontend_ip_configurations.iter().enumerate() {
            let field = format_smolstr!("loadBalancerFrontendIpConfigurations/{position}");
            let balancer = document.load_balancers.get(&reference.parent);
            let found = balancer.and_then(|row| row.frontend_ip_configurations.get_index_of(&reference.child));
            let Some(child) = found else {
                problems.missing(id, field, &format_smolstr!("{reference}"));
                continue;
            };
            let index = document.load_balancers.index_of(&reference.parent).map(BalancerIx::new);
            frontend = frontend.or(index.map(|index| (index, child)));
        }
        let subnet = row.ip_configurations.first().map(|nat| &nat.subnet);
        let network = subnet.and_then(|subnet| network_of(document, subnet));
        LinkService {
            network,
            nat_ips: Vec::new(),
            primary: row.primary_ip_configuration(),
            subnet: subnet.and_then(|subnet| document.subnets.index_of(subnet)).map(SubnetIx::new),
            proxy_protocol: row.enable_proxy_protocol,
            destination: row.destination_ip_address,
            frontend,
        }
    })
}

pub(super) fn endpoints(document: &Document, problems: &mut Problems) -> Rows<EndpointIx, Endpoint> {
    Rows::compile(&document.private_endpoints, |id, row| {
        if !document.subnets.contains(&row.subnet) {
            problems.missing(id, "subnet", row.subnet.as_str());
        }
        let connection = row.connection();
        let group_id = connection.and_then(|connection| connection.group_ids.first().cloned());
        let target_id = connection.map(|connection| &connection.private_link_service_id);
        let target = target_id.and_then(|target| find_target(document, target, group_id.as_ref()));
        let known = target_id.is_none_or(|target| {
            document.private_link_services.contains(target) || document.platform_services.contains(target)
        });
        // A Disconnected connection goes on naming a target that is gone [PE-MANAGE].
        if let Some(target_id) = target_id.filter(|_| !known && !document.is_disconnected(id)) {
            problems.missing(id, "privateLinkServiceConnections/0/privateLinkServiceId", target_id.as_str());
        }
        // A connection whose target has been deleted is Disconnected, whatever it was before.
        let stated = connection.map(|connection| connection.private_link_service_connection_state.status);
        let status = if known { stated } else { stated.map(|_| ConnectionStatus::Disconnected) };
        Endpoint {
            subnet: document.subnets.index_of(&row.subnet).map(SubnetIx::new),
            network: network_of(document, &row.subnet),
            members: members(document, row, target),
            status,
            target,
            group_id,
        }
    })
}

/// A private link service takes no group id; a platform service needs one of its own [PE-OV].
fn find_target(document: &Document, target: &Id, group_id: Option<&SmolStr>) -> Option<Target> {
    if let Some(position) = document.private_link_services.index_of(target) {
        return group_id.is_none().then(|| Target::Service(ServiceIx::new(position)));
    }
    let platform = document.platform_services.get(target)?;
    let index = PlatformIx::new(document.platform_services.index_of(target)?);
    let sub_resource = catalogue().position(&platform.resource_type, group_id?)?;
    Some(Target::Platform(index, sub_resource))
}

/// One address for each member of the sub-resource, and one where there is none.
fn members(document: &Document, row: &PrivateEndpoint, target: Option<Target>) -> Vec<EndpointMember> {
    let id = row.connection().map(|connection| &connection.private_link_service_id);
    let platform = id.and_then(|id| Some((id, document.platform_services.get(id)?)));
    let names = match (target, platform) {
        (Some(Target::Platform(_, sub_resource)), Some((id, platform))) => {
            catalogue().services[sub_resource].members_of(id, platform)
        }
        (Some(Target::Platform(..) | Target::Service(_)) | None, _) => vec![SmolStr::default()],
    };
    let member = |(position, name): (usize, SmolStr)| {
        let stated = row.stated_address(&name, position == 0);
        EndpointMember { name, stated, address: None }
    };
    names.into_iter().enumerate().map(member).collect()
}

fn network_of(document: &Document, subnet: &Id) -> Option<NetworkIx> {
    let network = &document.subnets.get(subnet)?.virtual_network;
    document.virtual_networks.index_of(network).map(NetworkIx::new)
}
