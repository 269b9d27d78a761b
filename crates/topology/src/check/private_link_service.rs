//! What a private link service may be [PLS-OV][PL-LIMITS].

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::Found;
use crate::problem::{Problem, ProblemCode};
use crate::resource::{AddressVersion, Enabled, LoadBalancer, PrivateLinkService, Sku, Subscriptions};
use crate::{Document, Id};

/// NAT IPs of one service.
const NAT_IP_LIMIT: usize = 8;
/// Services on one load balancer.
const PER_BALANCER_LIMIT: usize = 8;
/// Private endpoints on one service.
const ENDPOINT_LIMIT: usize = 1000;
/// Subscriptions in `visibility`, and in `autoApproval`.
const SUBSCRIPTION_LIMIT: usize = 100;
/// Services in one subscription.
const PER_SUBSCRIPTION_LIMIT: usize = 800;
/// Services with Direct Connect in one subscription and region [PLS-DC].
const DIRECT_CONNECT_LIMIT: usize = 10;
/// What everyone is called in `visibility` and `autoApproval`.
const EVERYONE: &str = "*";

/// What is wrong with a private link service. The names are stable codes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the values the variant's sentence speaks of")]
pub enum LinkServiceProblem {
    /// The load balancer has a pool by address (`PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer`).
    IpBasedPool { load_balancer: Id, pool: SmolStr },
    /// A service has one to eight NAT IPs.
    NatIpCount { count: usize, limit: usize },
    /// More than one NAT IP is the primary one.
    SeveralPrimaries { count: usize },
    /// A NAT IP is to be IPv6.
    NatIpVersion,
    /// The NAT IPs stand in several networks.
    NatIpsSpanNetworks { network: Id, other: Id },
    /// Another service uses the frontend.
    FrontendInUse { by: Id },
    /// More services on one load balancer than Azure takes.
    TooManyOnBalancer { load_balancer: Id, count: usize, limit: usize },
    /// More private endpoints on one service than Azure takes.
    TooManyEndpoints { count: usize, limit: usize },
    /// More services in one subscription than Azure takes.
    TooManyInSubscription { subscription: Id, count: usize, limit: usize },
    /// More subscriptions in a list than Azure takes.
    TooManySubscriptions { count: usize, limit: usize },
    /// A subscription is approved at once, but cannot see the service.
    AutoApprovalBeyondVisibility { subscription: SmolStr },
    /// The service, its network and its load balancer do not stand in one region.
    SeveralRegions { location: SmolStr, other: SmolStr },
    /// The load balancer has an inbound NAT rule for a pool, and no load-balancing rule.
    NatRuleAlone { load_balancer: Id, rule: SmolStr },
    /// Direct Connect needs NAT IPs in pairs.
    DirectConnectNatIps { count: usize },
    /// Direct Connect beside a load balancer's frontend.
    DirectConnectWithFrontend,
    /// Direct Connect to a private endpoint.
    DirectConnectToEndpoint { endpoint: Id },
    /// More services with Direct Connect in one subscription and region than Azure takes.
    TooManyDirectConnects { count: usize, limit: usize },
}

/// The private link services behind a load balancer, in document order. While there is one, Azure does not delete the
/// load balancer (`CannotDeleteLoadBalancerWithPrivateLinkService`) [AKS-TSG].
pub fn services_behind<'a>(document: &'a Document, load_balancer: &'a Id) -> impl Iterator<Item = &'a Id> {
    let services = document.private_link_services.iter();
    services.filter_map(move |(id, service)| {
        let mut frontends = service.load_balancer_frontend_ip_configurations.iter();
        frontends.any(|frontend| frontend.parent == *load_balancer).then_some(id)
    })
}

/// The private endpoints connected to a service, in document order, whatever their state. While there is one, Azure
/// does not delete the service (`PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted`) [AKS-TSG].
pub fn endpoints_of<'a>(document: &'a Document, service: &'a Id) -> impl Iterator<Item = &'a Id> {
    let endpoints = document.private_endpoints.iter();
    endpoints.filter_map(move |(id, endpoint)| {
        endpoint.connection().is_some_and(|connection| connection.private_link_service_id == *service).then_some(id)
    })
}

/// What is wrong with the private link services of a document.
#[must_use]
pub fn private_link_services(document: &Document) -> Vec<Problem> {
    let mut found = Found::default();
    let mut frontends: BTreeMap<SmolStr, &Id> = BTreeMap::new();
    let mut per_balancer: BTreeMap<&Id, usize> = BTreeMap::new();
    let mut per_subscription: BTreeMap<&Id, usize> = BTreeMap::new();
    let mut direct: BTreeMap<(&Id, SmolStr), usize> = BTreeMap::new();
    let mut endpoints: BTreeMap<&Id, usize> = BTreeMap::new();
    for (_, endpoint) in &document.private_endpoints {
        if let Some(connection) = endpoint.connection() {
            *endpoints.entry(&connection.private_link_service_id).or_default() += 1;
        }
    }
    for (id, service) in &document.private_link_services {
        nat_ips(document, id, service, &mut found);
        lists(id, service, &mut found);
        balancers(document, id, service, &mut frontends, &mut per_balancer, &mut found);
        direct_connect(document, id, service, &mut direct, &mut found);
        let count = endpoints.get(id).copied().unwrap_or_default();
        if count > ENDPOINT_LIMIT {
            found.add(id, "", LinkServiceProblem::TooManyEndpoints { count, limit: ENDPOINT_LIMIT });
        }
        if let Some(subscription) = document.subscription_of(id) {
            let count = per_subscription.entry(subscription).or_default();
            *count += 1;
            if *count > PER_SUBSCRIPTION_LIMIT {
                let (subscription, count, limit) = (subscription.clone(), *count, PER_SUBSCRIPTION_LIMIT);
                found.add(id, "", LinkServiceProblem::TooManyInSubscription { subscription, count, limit });
            }
        }
    }
    found.0
}

fn nat_ips(document: &Document, id: &Id, service: &PrivateLinkService, found: &mut Found) {
    let configurations = &service.ip_configurations;
    let count = configurations.len();
    if !(1..=NAT_IP_LIMIT).contains(&count) {
        found.add(id, "ipConfigurations", LinkServiceProblem::NatIpCount { count, limit: NAT_IP_LIMIT });
    }
    let primaries = configurations.iter().filter(|configuration| configuration.primary).count();
    if primaries > 1 {
        found.add(id, "ipConfigurations", LinkServiceProblem::SeveralPrimaries { count: primaries });
    }
    let mut network: Option<&Id> = None;
    for (position, configuration) in configurations.iter().enumerate() {
        let field = format_smolstr!("ipConfigurations/{position}");
        if configuration.private_ip_address_version == AddressVersion::Ipv6 {
            found.add(id, field.clone(), LinkServiceProblem::NatIpVersion);
        }
        let Some(subnet) = document.subnets.get(&configuration.subnet) else { continue };
        if subnet.private_link_service_network_policies == Enabled::Enabled {
            let subnet = configuration.subnet.clone();
            found.add(id, field.clone(), ProblemCode::PrivateLinkServicePolicyEnabled { subnet });
        }
        let own = &subnet.virtual_network;
        match network {
            Some(network) if network != own => {
                let (network, other) = (network.clone(), own.clone());
                found.add(id, field, LinkServiceProblem::NatIpsSpanNetworks { network, other });
            }
            Some(_) => {}
            None => network = Some(own),
        }
    }
}

fn lists(id: &Id, service: &PrivateLinkService, found: &mut Found) {
    let visible: &Subscriptions = &service.visibility;
    for (field, list) in [("visibility", visible), ("autoApproval", &service.auto_approval)] {
        let count = list.subscriptions.len();
        if count > SUBSCRIPTION_LIMIT {
            found.add(id, field, LinkServiceProblem::TooManySubscriptions { count, limit: SUBSCRIPTION_LIMIT });
        }
    }
    if visible.subscriptions.iter().any(|subscription| subscription == EVERYONE) {
        return;
    }
    for subscription in &service.auto_approval.subscriptions {
        if !visible.subscriptions.contains(subscription) {
            let subscription = subscription.clone();
            found.add(id, "autoApproval", LinkServiceProblem::AutoApprovalBeyondVisibility { subscription });
        }
    }
}

fn location_of(document: &Document, id: &Id, stated: Option<&SmolStr>) -> Option<SmolStr> {
    let network = || document.virtual_networks.get(document.virtual_network_of(id)?);
    stated.cloned().or_else(|| network().map(|network| network.location.clone()))
}

fn balancers<'a>(
    document: &'a Document,
    id: &'a Id,
    service: &'a PrivateLinkService,
    frontends: &mut BTreeMap<SmolStr, &'a Id>,
    per_balancer: &mut BTreeMap<&'a Id, usize>,
    found: &mut Found,
) {
    let location = location_of(document, id, service.location.as_ref());
    let mut counted: Option<&Id> = None;
    for (position, frontend) in service.load_balancer_frontend_ip_configurations.iter().enumerate() {
        let field = format_smolstr!("loadBalancerFrontendIpConfigurations/{position}");
        let Some(balancer) = document.load_balancers.get(&frontend.parent) else { continue };
        let load_balancer = &frontend.parent;
        if let Some(by) = frontends.insert(format_smolstr!("{frontend}"), id)
            && by != id
        {
            found.add(id, field.clone(), LinkServiceProblem::FrontendInUse { by: by.clone() });
        }
        if balancer.sku == Sku::Basic {
            let load_balancer = load_balancer.clone();
            found.add(id, field.clone(), ProblemCode::LoadBalancerNotStandard { load_balancer });
        }
        pool_kinds(id, &field, load_balancer, balancer, found);
        let other = location_of(document, load_balancer, balancer.location.as_ref());
        if let (Some(location), Some(other)) = (&location, other)
            && !location.eq_ignore_ascii_case(&other)
        {
            let location = location.clone();
            found.add(id, field.clone(), LinkServiceProblem::SeveralRegions { location, other });
        }
        if counted.replace(load_balancer) != Some(load_balancer) {
            let count = per_balancer.entry(load_balancer).or_default();
            *count += 1;
            if *count > PER_BALANCER_LIMIT {
                let (load_balancer, count, limit) = (load_balancer.clone(), *count, PER_BALANCER_LIMIT);
                found.add(id, field, LinkServiceProblem::TooManyOnBalancer { load_balancer, count, limit });
            }
        }
    }
}

/// A service needs pools by network interface, and a load-balancing rule beside a NAT rule for a pool.
fn pool_kinds(id: &Id, field: &SmolStr, load_balancer: &Id, balancer: &LoadBalancer, found: &mut Found) {
    let mut pools = balancer.backend_address_pools.iter();
    if let Some((pool, _)) = pools.find(|(_, pool)| !pool.load_balancer_backend_addresses.is_empty()) {
        let (load_balancer, pool) = (load_balancer.clone(), pool.clone());
        found.add(id, field.clone(), LinkServiceProblem::IpBasedPool { load_balancer, pool });
    }
    let mut nat_rules = balancer.inbound_nat_rules.iter();
    if let Some((rule, _)) = nat_rules.find(|(_, rule)| rule.backend_address_pool.is_some())
        && balancer.load_balancing_rules.is_empty()
    {
        let (load_balancer, rule) = (load_balancer.clone(), rule.clone());
        found.add(id, field.clone(), LinkServiceProblem::NatRuleAlone { load_balancer, rule });
    }
}

fn direct_connect<'a>(
    document: &'a Document,
    id: &'a Id,
    service: &PrivateLinkService,
    direct: &mut BTreeMap<(&'a Id, SmolStr), usize>,
    found: &mut Found,
) {
    const FIELD: &str = "destinationIPAddress";
    let Some(destination) = service.destination_ip_address else { return };
    let count = service.ip_configurations.len();
    if count < 2 || !count.is_multiple_of(2) {
        found.add(id, "ipConfigurations", LinkServiceProblem::DirectConnectNatIps { count });
    }
    if !service.load_balancer_frontend_ip_configurations.is_empty() {
        found.add(id, FIELD, LinkServiceProblem::DirectConnectWithFrontend);
    }
    let network = document.virtual_network_of(id);
    let endpoint = document.private_endpoints.iter().find(|(endpoint, row)| {
        row.private_ip_address == Some(destination) && document.virtual_network_of(endpoint) == network
    });
    if let Some((endpoint, _)) = endpoint {
        found.add(id, FIELD, LinkServiceProblem::DirectConnectToEndpoint { endpoint: endpoint.clone() });
    }
    let location = location_of(document, id, service.location.as_ref());
    if let (Some(subscription), Some(location)) = (document.subscription_of(id), location) {
        let count = direct.entry((subscription, location)).or_default();
        *count += 1;
        if *count > DIRECT_CONNECT_LIMIT {
            let (count, limit) = (*count, DIRECT_CONNECT_LIMIT);
            found.add(id, FIELD, LinkServiceProblem::TooManyDirectConnects { count, limit });
        }
    }
}
