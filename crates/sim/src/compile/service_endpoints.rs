//! The routes of service endpoints: one for each service, with all of the service's public prefixes [SE-OV][SEED4].

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use topology::catalogue::{EndpointRegions, catalogue, published_prefixes};
use topology::resource;

use crate::network::{Network, ServiceEndpoint, Subnet};
use crate::routes::{NextHop, RouteRow, RouteRows};
use crate::table::SubnetIx;
use crate::trace::RouteSource;

/// The endpoints of a subnet whose service is known.
pub(super) fn of_subnet(subnet: &resource::Subnet) -> Vec<ServiceEndpoint> {
    let known = subnet.service_endpoints.iter().filter_map(|own| {
        let service = catalogue().endpoint_service(&own.service)?;
        Some(ServiceEndpoint { service, locations: own.locations.clone() })
    });
    known.collect()
}

/// Gives every subnet the routes of its endpoints. Neither peers nor on-premises networks get them [SE-OV].
pub(super) fn assemble(network: &mut Network) {
    let subnets: Vec<SubnetIx> = network.subnets.iter().map(|(index, _, _)| index).collect();
    for index in subnets {
        let subnet = &network.subnets[index];
        if !subnet.service_endpoints.is_empty() {
            let rows = subnet.service_endpoints.iter().filter_map(|endpoint| row(network, subnet, endpoint)).collect();
            network.subnets[index].service_endpoint_routes = RouteRows::new(RouteSource::Default, rows);
        }
    }
}

/// The published prefixes, then the addresses of the document's own resources, the highest first as in captures.
fn row(network: &Network, subnet: &Subnet, endpoint: &ServiceEndpoint) -> Option<RouteRow> {
    let here = &network.networks[subnet.network?].location;
    let (mut prefixes, mut own) = (BTreeSet::new(), BTreeSet::new());
    for (region, published) in published_prefixes(&endpoint.service.service) {
        let everywhere = endpoint.service.regions == EndpointRegions::Any || region == "*";
        if everywhere || endpoint.service.reaches(here, region) {
            prefixes.extend(published.iter().copied());
        }
    }
    for (_, _, platform) in network.platforms.iter() {
        if endpoint.reaches(here, &platform.resource) {
            own.extend(platform.sub_resources.values().map(|public| Ipv4Net::from(public.address)));
        }
    }
    let mut prefixes = prefixes.into_iter().rev().chain(own.into_iter().rev());
    let first = prefixes.next()?;
    Some(RouteRow { further_prefixes: prefixes.collect(), ..RouteRow::new(first, NextHop::ServiceEndpoint) })
}
