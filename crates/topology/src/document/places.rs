//! Where a resource stands: its name, subnet, virtual network, subscription and tenant.

use smol_str::SmolStr;

use super::Document;
use crate::Id;
use crate::resource::{ConnectionStatus, LoadBalancer, NetworkInterface, OsType, PrivateEndpoint};

impl Document {
    /// The name shown for a resource: its own where it has one, its id otherwise.
    #[must_use]
    pub fn display_name<'a>(&'a self, id: &'a Id) -> &'a str {
        let named = self
            .tenants
            .get(id)
            .and_then(|tenant| tenant.name.as_deref())
            .or_else(|| self.subnets.get(id).and_then(|subnet| subnet.name.as_deref()))
            .or_else(|| self.private_dns_zones.get(id).map(|zone| zone.name.as_str()))
            .or_else(|| self.on_premises_sites.get(id).and_then(|site| site.name.as_deref()));
        named.unwrap_or(id.as_str())
    }

    /// The network interfaces attached to a machine, in document order.
    pub fn interfaces_of<'a>(&'a self, machine: &'a Id) -> impl Iterator<Item = (&'a Id, &'a NetworkInterface)> {
        self.network_interfaces.iter().filter(move |(_, interface)| interface.virtual_machine == *machine)
    }

    /// Everything a request may come from: virtual machines, those at sites, those on the Internet, and web apps.
    pub fn senders(&self) -> impl Iterator<Item = &Id> {
        let apps = self.platform_services.iter().filter(|(_, service)| service.resource_type == "Microsoft.Web/sites");
        let machines =
            self.virtual_machines.ids().chain(self.on_premises_hosts.ids()).chain(self.internet_clients.ids());
        machines.chain(apps.map(|(id, _)| id))
    }

    /// Whether a private endpoint's connection is stated to be Disconnected.
    #[must_use]
    pub fn is_disconnected(&self, endpoint: &Id) -> bool {
        let connection = self.private_endpoints.get(endpoint).and_then(PrivateEndpoint::connection);
        connection.is_some_and(|connection| {
            connection.private_link_service_connection_state.status == ConnectionStatus::Disconnected
        })
    }

    /// What runs on a machine, wherever it stands.
    #[must_use]
    pub fn os_type_of(&self, machine: &Id) -> Option<OsType> {
        let virtual_machine = self.virtual_machines.get(machine).map(|row| row.os_type);
        let host = || self.on_premises_hosts.get(machine).map(|row| row.os_type);
        virtual_machine.or_else(host).or_else(|| self.internet_clients.get(machine).map(|row| row.os_type))
    }

    /// The subnet a resource stands in, where it stands in one: a machine by its first interface,
    /// a load balancer by its first internal frontend, a private link service by its first NAT IP, a DNS resolver by its first
    /// endpoint.
    #[must_use]
    pub fn subnet_of(&self, id: &Id) -> Option<&Id> {
        if let Some(interface) = self.network_interfaces.get(id) {
            return Some(&interface.subnet);
        }
        if self.virtual_machines.contains(id) {
            let first = self.network_interfaces.iter().find(|(_, interface)| interface.virtual_machine == *id);
            return first.map(|(_, interface)| &interface.subnet);
        }
        if let Some(balancer) = self.load_balancers.get(id) {
            return balancer.frontend_ip_configurations.values().find_map(|frontend| frontend.subnet.as_ref());
        }
        if let Some(service) = self.private_link_services.get(id) {
            return service.ip_configurations.first().map(|configuration| &configuration.subnet);
        }
        if let Some(resolver) = self.dns_resolvers.get(id) {
            let inbound = resolver.inbound_endpoints.values().next().map(|endpoint| &endpoint.subnet);
            return inbound.or_else(|| resolver.outbound_endpoints.values().next().map(|endpoint| &endpoint.subnet));
        }
        if let Some(gateway) = self.virtual_network_gateways.get(id) {
            return Some(&gateway.subnet);
        }
        self.private_endpoints.get(id).map(|endpoint| &endpoint.subnet)
    }

    /// The on-premises site a resource stands at, or is.
    #[must_use]
    pub fn site_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.on_premises_sites.contains(id) {
            return Some(id);
        }
        if let Some(host) = self.on_premises_hosts.get(id) {
            return Some(&host.on_premises_site);
        }
        if let Some(gateway) = self.local_network_gateways.get(id) {
            return Some(&gateway.on_premises_site);
        }
        self.express_route_circuits.get(id).map(|circuit| &circuit.on_premises_site)
    }

    /// The virtual network a resource stands in, or is.
    #[must_use]
    pub fn virtual_network_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.virtual_networks.contains(id) {
            return Some(id);
        }
        if let Some(resolver) = self.dns_resolvers.get(id) {
            return Some(&resolver.virtual_network);
        }
        if let Some(balancer) = self.load_balancers.get(id)
            && self.subnet_of(id).is_none()
        {
            return self.network_of_pools(balancer);
        }
        let subnet = if self.subnets.contains(id) { id } else { self.subnet_of(id)? };
        self.subnets.get(subnet).map(|subnet| &subnet.virtual_network)
    }

    /// The network of a load balancer's first member: where a public one stands.
    fn network_of_pools<'a>(&'a self, balancer: &'a LoadBalancer) -> Option<&'a Id> {
        balancer.backend_address_pools.values().find_map(|pool| {
            let first = pool.network_interfaces.iter().find_map(|member| self.network_interfaces.get(member));
            let subnet = first.and_then(|interface| self.subnets.get(&interface.subnet));
            subnet.map(|subnet| &subnet.virtual_network).or(pool.virtual_network.as_ref())
        })
    }

    /// The subscription a resource is charged to, or is.
    #[must_use]
    pub fn subscription_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.subscriptions.contains(id) {
            return Some(id);
        }
        if let Some(zone) = self.private_dns_zones.get(id) {
            return Some(&zone.subscription);
        }
        if let Some(ruleset) = self.dns_forwarding_rulesets.get(id) {
            return Some(&ruleset.subscription);
        }
        if let Some(service) = self.platform_services.get(id) {
            return Some(&service.subscription);
        }
        if let Some(group) = self.network_security_groups.get(id) {
            return Some(&group.subscription);
        }
        if let Some(group) = self.application_security_groups.get(id) {
            return Some(&group.subscription);
        }
        if let Some(gateway) = self.local_network_gateways.get(id) {
            return Some(&gateway.subscription);
        }
        if let Some(circuit) = self.express_route_circuits.get(id) {
            return Some(&circuit.subscription);
        }
        if let Some(table) = self.route_tables.get(id) {
            return Some(&table.subscription);
        }
        if let Some(address) = self.public_ip_addresses.get(id) {
            return Some(&address.subscription);
        }
        if let Some(gateway) = self.nat_gateways.get(id) {
            return Some(&gateway.subscription);
        }
        if let Some(subscription) = self.load_balancers.get(id).and_then(|balancer| balancer.subscription.as_ref()) {
            return Some(subscription);
        }
        if let Some(policy) = self.service_endpoint_policies.get(id) {
            return Some(&policy.subscription);
        }
        let network = self.virtual_network_of(id)?;
        self.virtual_networks.get(network).map(|network| &network.subscription)
    }

    /// The resource group a resource stands in: its subscription's, unless it names one of its own.
    #[must_use]
    pub fn resource_group_of<'a>(&'a self, id: &'a Id) -> Option<&'a str> {
        let zone = self.private_dns_zones.get(id).and_then(|zone| zone.resource_group.as_deref());
        let own = || self.platform_services.get(id).and_then(|service| service.resource_group.as_deref());
        let subscription = || self.subscriptions.get(self.subscription_of(id)?);
        zone.or_else(own).or_else(|| subscription().map(|subscription| subscription.resource_group.as_str()))
    }

    /// The tenant a resource belongs to, or is.
    #[must_use]
    pub fn tenant_of<'a>(&'a self, id: &'a Id) -> Option<&'a Id> {
        if self.tenants.contains(id) {
            return Some(id);
        }
        let subscription = self.subscription_of(id)?;
        self.subscriptions.get(subscription).map(|subscription| &subscription.tenant)
    }

    /// A subnet's virtual network name followed by its own, for tables that list subnets of several networks.
    #[must_use]
    pub fn qualified_subnet_name(&self, id: &Id) -> Option<SmolStr> {
        let subnet = self.subnets.get(id)?;
        Some(smol_str::format_smolstr!("{}/{}", subnet.virtual_network, self.display_name(id)))
    }
}
