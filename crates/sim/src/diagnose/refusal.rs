//! Why a command is refused, and what helps.

use topology::command::{Command, Refusal, plan};
use topology::{Document, Id};

use super::edit::set;
use super::endpoints::recreate;
use super::{Diagnosis, Proposal, Remedy, RootCause};
use crate::compile::compile;

/// Diagnoses a refused command. A proposal is tried: after it the command is carried out.
#[must_use]
pub fn diagnose_refusal(document: &Document, command: &Command, refusal: &Refusal) -> Diagnosis {
    let (cause, remedies) = read(document, refusal);
    let helps = |remedies: &Vec<Remedy>| {
        let mut document = document.clone();
        let done = remedies.iter().all(|remedy| match remedy {
            Remedy::Command(command) => plan(&document, command.clone()).is_ok_and(|diff| {
                diff.apply(&mut document);
                true
            }),
            Remedy::RenewLease { .. } | Remedy::FlushDns { .. } | Remedy::KeepAlive { .. } | Remedy::Ask { .. } => {
                false
            }
        });
        done && plan(&document, command.clone()).is_ok()
    };
    let proposals = remedies.into_iter().filter(helps).map(|remedies| Proposal { remedies }).collect();
    Diagnosis { cause, evidence: Vec::new(), proposals }
}

/// The cause, and what could help.
fn read(document: &Document, refusal: &Refusal) -> (RootCause, Vec<Vec<Remedy>>) {
    if let Refusal::OverlappingNamespaces { network, linked, zone } = refusal {
        let unlink = unlink(document, linked, network);
        let (network, linked, zone) = (network.clone(), linked.clone(), zone.clone());
        return (RootCause::OverlappingNamespaces { network, linked, zone }, unlink.into_iter().collect());
    }
    if let Refusal::RejectedIsFinal { endpoint } = refusal {
        let status = topology::resource::ConnectionStatus::Rejected;
        let recreate = recreate(document, endpoint).map(|remedy| vec![remedy]);
        return (RootCause::ConnectionRejected { endpoint: endpoint.clone(), status }, recreate.into_iter().collect());
    }
    if let Refusal::PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled { service, subnet } = refusal
    {
        let open = set(subnet, &["privateLinkServiceNetworkPolicies"], "Disabled");
        let cause = RootCause::NatSubnetPolicies { service: service.clone(), subnet: subnet.clone() };
        return (cause, vec![vec![open]]);
    }
    if let Refusal::PrivateLinkServiceIsNotSupportedForBasicLoadBalancer { service, balancer } = refusal {
        let standard = set(balancer, &["sku"], "Standard");
        let cause = RootCause::BalancerNotStandard { service: service.clone(), balancer: balancer.clone() };
        return (cause, vec![vec![standard]]);
    }
    if let Refusal::PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer { balancer } = refusal {
        let cause = RootCause::PoolByAddress { balancer: balancer.clone() };
        return (cause, vec![pools_by_interface(document, balancer)]);
    }
    if let Refusal::LimitExceeded { resource, what, limit, .. } = refusal
        && what == "privateEndpoints"
        && document.virtual_networks.contains(resource)
    {
        let high_scale = set(resource, &["privateEndpointVNetPolicies"], "Basic");
        let cause = RootCause::TooManyEndpoints { network: resource.clone(), limit: *limit };
        return (cause, vec![vec![high_scale]]);
    }
    if let Refusal::PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted { service, endpoints, .. } = refusal
    {
        let delete = |id: &Id| Remedy::from(Command::Delete { id: id.clone(), cascade: false });
        let cause = RootCause::ServiceInUse { service: service.clone() };
        return (cause, vec![endpoints.iter().map(delete).collect()]);
    }
    if let Refusal::NotVisible { endpoint, target, subscription } = refusal {
        let service = document.private_link_service_of_alias(target).cloned().or_else(|| target.parse().ok());
        let seen = service.as_ref().and_then(|id| document.private_link_services.get(id));
        let remedies = service.as_ref().zip(seen).map(|(id, row)| {
            let mut subscriptions = row.visibility.subscriptions.clone();
            subscriptions.push(subscription.as_str().into());
            vec![set(id, &["visibility", "subscriptions"], serde_json::json!(subscriptions))]
        });
        let (endpoint, subscription) = (endpoint.clone(), subscription.clone());
        let cause = RootCause::ServiceNotVisible { endpoint, target: target.clone(), subscription };
        return (cause, remedies.into_iter().collect());
    }
    if let Refusal::VnetAddressSpaceOverlapsWithAlreadyPeeredVnet { first, second, third, .. } = refusal {
        let between = |one: &Id, other: &Id| {
            let mut peerings = document.virtual_network_peerings.iter();
            let found = peerings.find(|(_, row)| row.virtual_network == *one && row.remote_virtual_network == *other);
            found.map(|(id, _)| Remedy::from(Command::Delete { id: id.clone(), cascade: false }))
        };
        let remedies: Vec<Remedy> = between(second, third).into_iter().chain(between(third, second)).collect();
        let (first, second, third) = (first.clone(), second.clone(), third.clone());
        return (RootCause::PeeringOverlap { first, second, third }, vec![remedies]);
    }
    (RootCause::Refused { refusal: refusal.clone() }, Vec::new())
}

/// Takes the link between a zone and a network away.
fn unlink(document: &Document, zone: &Id, network: &Id) -> Option<Vec<Remedy>> {
    let links = &document.private_dns_zones.get(zone)?.virtual_network_links;
    let (link, _) = links.iter().find(|(_, link)| link.virtual_network == *network)?;
    Some(vec![Command::UnlinkZone { zone: zone.clone(), link: link.clone() }.into()])
}

/// Names the members of a load balancer's pools by network interface instead of by address.
fn pools_by_interface(document: &Document, balancer: &Id) -> Vec<Remedy> {
    let network = compile(document).0;
    let pools = document.load_balancers.get(balancer).into_iter().flat_map(|row| &row.backend_address_pools);
    let by_address = pools.filter(|(_, pool)| !pool.load_balancer_backend_addresses.is_empty());
    let remedies = by_address.map(|(name, pool)| {
        let addresses: Vec<_> = pool.load_balancer_backend_addresses.values().map(|member| member.ip_address).collect();
        let interfaces = document.network_interfaces.iter().filter(|(id, _)| {
            let stands = document.virtual_network_of(id) == pool.virtual_network.as_ref();
            stands && network.address_of(id).is_some_and(|address| addresses.contains(&address))
        });
        let members: Vec<&Id> = interfaces.map(|(id, _)| id).collect();
        set(balancer, &["backendAddressPools", name], serde_json::json!({ "networkInterfaces": members }))
    });
    remedies.collect()
}
