//! Document to network. Total: whatever is half drawn, dangling or contradictory compiles, and is reported.

mod addresses;
mod apps;
mod dns;
mod endpoint_limits;
mod gateways;
mod load_balancers;
mod outbound;
mod outside;
mod peerings;
mod platform;
mod platform_rules;
mod private_link;
mod public_addresses;
mod resolvers;
mod route_tables;
mod routes;
mod security;
mod service_endpoints;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;
use topology::problem::{Problem, ProblemCode};
use topology::resource::PrivateEndpointVNetPolicies;
use topology::{Document, Id, Kind, Table};

use crate::names::LinkedRules;
use crate::network::{Interface, Network, Subnet, VirtualNetwork, ZoneNames};
use crate::routes::RouteRows;
use crate::security::{ApplicationGroup, NetworkTags};
use crate::table::{Index, InterfaceIx, Rows};

/// Compiles a document, and says what is missing or contradictory in it.
#[must_use]
pub fn compile(document: &Document) -> (Network, Vec<Problem>) {
    let mut problems = Problems::default();
    duplicate_ids(document, &mut problems);
    references(document, &mut problems);
    problems.0.extend(topology::check::load_balancers(document));
    problems.0.extend(topology::check::private_link_services(document));
    problems.0.extend(topology::check::route_tables(document));
    platform_rules::check_firewalls(document, &mut problems);
    platform_rules::check_data_lakes(document, &mut problems);
    let endpoints = private_link::endpoints(document, &mut problems);
    let platforms = platform::platforms(document, &endpoints);
    let security_groups = security::groups(document, &platforms, &mut problems);
    let groups = &document.network_security_groups;
    let mut network = Network {
        system_routes: document.system_routes,
        return_path: document.return_path,
        networks: Rows::compile(&document.virtual_networks, |_, row| VirtualNetwork {
            location: row.location.clone(),
            prefixes: row.address_prefixes.iter().map(ipnet::Ipv4Net::trunc).collect(),
            dns_servers: row.dns_servers.clone(),
            has_high_scale: row.private_endpoint_vnet_policies == PrivateEndpointVNetPolicies::Basic,
            peers: Vec::new(),
            refuses_forwarded: Vec::new(),
            system_routes: RouteRows::default(),
            learned_routes: RouteRows::default(),
            addresses: BTreeMap::new(),
            endpoints: Vec::new(),
            links: BTreeMap::new(),
            tags: NetworkTags::default(),
            rules: LinkedRules::default(),
        }),
        subnets: Rows::compile(&document.subnets, |id, row| Subnet {
            prefix: row.address_prefix.trunc(),
            network: problems.reference(&document.virtual_networks, &row.virtual_network, id, "virtualNetwork"),
            default_outbound_access: row.default_outbound_access,
            security_group: problems.optional(groups, row.network_security_group.as_ref(), id, "networkSecurityGroup"),
            route_table: problems.optional(&document.route_tables, row.route_table.as_ref(), id, "routeTable"),
            endpoint_policies: row.private_endpoint_network_policies,
            service_endpoints: service_endpoints::of_subnet(row),
            service_endpoint_routes: RouteRows::default(),
            service_endpoint_policies: platform_rules::subnet_policies(document, id, &mut problems),
        }),
        machines: outside::machines(document, &mut problems),
        interfaces: interfaces(document, &mut problems),
        balancers: load_balancers::balancers(document, &mut problems),
        public_addresses: public_addresses::public_addresses(document),
        nat_gateways: public_addresses::nat_gateways(document, &mut problems),
        services: private_link::services(document, &mut problems),
        platforms,
        policies: platform_rules::policies(document, &mut problems),
        tenants: document.subscriptions.iter().map(|(id, row)| (id.clone(), row.tenant.clone())).collect(),
        endpoints,
        security_groups,
        application_groups: Rows::compile(&document.application_security_groups, |_, _| ApplicationGroup::default()),
        route_tables: route_tables::route_tables(document),
        zones: dns::zones(document),
        resolvers: resolvers::resolvers(document, &mut problems),
        rulesets: resolvers::rulesets(document, &mut problems),
        sites: outside::sites(document),
        gateways: gateways::gateways(document, &mut problems),
        tunnels: Rows::of([]),
        zone_names: ZoneNames::default(),
        public_names: crate::network::PublicNames::default(),
        probes: Arc::default(),
        public_holders: BTreeMap::new(),
    };
    apps::attach(document, &mut network);
    attach_interfaces(&mut network);
    outside::place(&mut network, &mut problems);
    addresses::allocate(document, &mut network, &mut problems);
    peerings::connect(document, &mut network, &mut problems);
    gateways::assemble(document, &mut network, &mut problems);
    endpoint_limits::check(&network, &mut problems);
    routes::assemble(&mut network);
    service_endpoints::assemble(&mut network);
    security::assemble(document, &mut network, &mut problems);
    load_balancers::resolve_members(document, &mut network);
    outbound::assemble(document, &mut network, &mut problems);
    public_addresses::hold(&mut network);
    load_balancers::probe(document, &mut network);
    dns::link(document, &mut network, &mut problems);
    resolvers::link(&mut network, &mut problems);
    platform::publish(&mut network);
    (network, problems.0)
}

pub(crate) use apps::address_outside;

/// What has been found wrong so far, in the order found.
#[derive(Debug, Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, subject: &Id, field: impl Into<SmolStr>, code: ProblemCode) {
        self.0.push(Problem { code, subject: subject.clone(), field: field.into() });
    }

    /// The index a reference leads to; reported when it leads nowhere.
    fn reference<I: Index, T>(
        &mut self,
        table: &Table<T>,
        target: &Id,
        subject: &Id,
        field: impl Into<SmolStr>,
    ) -> Option<I> {
        let found = table.index_of(target).map(I::new);
        if found.is_none() {
            self.missing(subject, field, target.as_str());
        }
        found
    }

    /// The same for a reference that may be absent.
    fn optional<I: Index, T>(
        &mut self,
        table: &Table<T>,
        target: Option<&Id>,
        subject: &Id,
        field: &'static str,
    ) -> Option<I> {
        target.and_then(|target| self.reference(table, target, subject, field))
    }

    fn missing(&mut self, subject: &Id, field: impl Into<SmolStr>, reference: &str) {
        self.add(subject, field, ProblemCode::MissingReference { reference: reference.into() });
    }
}

fn duplicate_ids(document: &Document, problems: &mut Problems) {
    let mut seen: IndexMap<&Id, Kind> = IndexMap::new();
    for (kind, id) in document.ids() {
        if seen.insert(id, kind).is_some() {
            problems.add(id, "", ProblemCode::DuplicateId);
        }
    }
}

/// References that the simulation itself does not follow.
fn references(document: &Document, problems: &mut Problems) {
    for (id, subscription) in &document.subscriptions {
        if !document.tenants.contains(&subscription.tenant) {
            problems.missing(id, "tenant", subscription.tenant.as_str());
        }
    }
    let charged = (document.virtual_networks.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.private_dns_zones.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.network_security_groups.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.application_security_groups.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.local_network_gateways.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.express_route_circuits.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.route_tables.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.dns_forwarding_rulesets.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.public_ip_addresses.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.nat_gateways.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.service_endpoint_policies.iter().map(|(id, row)| (id, &row.subscription)))
        .chain(document.platform_services.iter().map(|(id, row)| (id, &row.subscription)));
    for (id, subscription) in charged {
        if !document.subscriptions.contains(subscription) {
            problems.missing(id, "subscription", subscription.as_str());
        }
    }
}

/// Those of virtual machines come first, so that their index is their position in the document.
fn interfaces(document: &Document, problems: &mut Problems) -> Rows<InterfaceIx, Interface> {
    let groups = &document.network_security_groups;
    let mut rows = Vec::with_capacity(document.network_interfaces.len());
    for (id, row) in &document.network_interfaces {
        let interface = Interface {
            machine: problems.reference(&document.virtual_machines, &row.virtual_machine, id, "virtualMachine"),
            subnet: problems.reference(&document.subnets, &row.subnet, id, "subnet"),
            security_group: problems.optional(groups, row.network_security_group.as_ref(), id, "networkSecurityGroup"),
            dns_servers: row.dns_settings.dns_servers.clone(),
            forwards: row.enable_ip_forwarding,
            keeps_source: row.tags.get("disableSnatOnPL").is_some_and(|value| value == "true"),
            ..Interface::default()
        };
        rows.push((id.clone(), interface));
    }
    rows.extend(apps::interfaces(document, problems));
    Rows::of(rows)
}

fn attach_interfaces(network: &mut Network) {
    let attached: Vec<_> = network.interfaces.iter().map(|(index, _, row)| (index, row.machine)).collect();
    for (interface, machine) in attached {
        if let Some(machine) = machine {
            network.machines[machine].interfaces.push(interface);
        }
    }
}
