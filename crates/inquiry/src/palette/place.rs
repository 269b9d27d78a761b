//! A place of the diagram, and what stands around it.

use serde_json::json;
use topology::command::Command;
use topology::{Document, Id, Kind};

/// A place of the diagram, and what stands around it.
pub(super) struct Place<'a> {
    pub(super) document: &'a Document,
    pub(super) at: Option<&'a Id>,
}

impl<'a> Place<'a> {
    pub(super) fn tenant(&self) -> Option<&'a Id> {
        let here = self.at.and_then(|id| self.document.tenant_of(id));
        here.or_else(|| self.document.tenants.ids().next())
    }

    pub(super) fn subscription(&self) -> Option<&'a Id> {
        let here = self.at.and_then(|id| self.document.subscription_of(id));
        let own = || {
            let tenant = self.tenant()?;
            let mut rows = self.document.subscriptions.iter();
            rows.find(|(_, subscription)| subscription.tenant == *tenant).map(|(id, _)| id)
        };
        here.or_else(own)
    }

    pub(super) fn network(&self) -> Option<&'a Id> {
        let here = self.at.and_then(|id| self.document.virtual_network_of(id));
        let tenant = || {
            let tenant = self.at.and_then(|id| self.document.tenant_of(id))?;
            self.document.virtual_networks.ids().find(|id| self.document.tenant_of(id) == Some(tenant))
        };
        here.or_else(tenant).or_else(|| self.document.virtual_networks.ids().next())
    }

    pub(super) fn subnet(&self) -> Option<&'a Id> {
        let document = self.document;
        let here = self.at.filter(|id| document.subnets.contains(id));
        let here = here.or_else(|| self.at.and_then(|id| document.subnet_of(id)));
        let first = || {
            let network = self.network()?;
            document.subnets.iter().find(|(_, subnet)| subnet.virtual_network == *network).map(|(id, _)| id)
        };
        here.or_else(first)
    }

    pub(super) fn machine(&self) -> Option<&'a Id> {
        self.at.filter(|id| self.document.virtual_machines.contains(id))
    }

    pub(super) fn unpeered(&self, network: &Id) -> Option<&'a Id> {
        let joined = |other: &Id| {
            let mut peerings = self.document.virtual_network_peerings.iter();
            peerings.any(|(_, row)| row.virtual_network == *network && row.remote_virtual_network == *other)
        };
        self.document.virtual_networks.ids().find(|other| *other != network && !joined(other))
    }

    /// A frontend in the subnet's network that no private link service uses yet.
    pub(super) fn free_frontend(&self, subnet: &Id) -> Option<String> {
        let network = self.document.virtual_network_of(subnet);
        let used: Vec<String> = self
            .document
            .private_link_services
            .iter()
            .flat_map(|(_, service)| &service.load_balancer_frontend_ip_configurations)
            .map(ToString::to_string)
            .collect();
        let balancers = self.document.load_balancers.iter();
        let near = balancers.filter(|(id, _)| self.document.virtual_network_of(id) == network);
        near.flat_map(|(id, row)| row.frontend_ip_configurations.keys().map(move |name| format!("{id}/{name}")))
            .find(|frontend| !used.contains(frontend))
    }

    /// A command about a subscription, after those that make one where there is none.
    pub(super) fn with_owner(&self, command: impl FnOnce(&str) -> Command) -> Command {
        if let Some(subscription) = self.subscription() {
            return command(subscription.as_str());
        }
        let tenant = self.tenant().cloned();
        let owner = tenant.clone().unwrap_or_else(|| self.document.free_id("tenant"));
        let subscription = self.document.free_id(&format!("{owner}-subscription"));
        let mut commands = Vec::new();
        if tenant.is_none() {
            let value = json!({ "name": title(&owner) });
            commands.push(Command::Create { kind: Kind::Tenant, id: owner.clone(), value });
        }
        let value = json!({ "tenant": owner });
        commands.push(Command::Create { kind: Kind::Subscription, id: subscription.clone(), value });
        commands.push(command(subscription.as_str()));
        Command::All { commands }
    }
}

/// `tenant-2` as a person writes it: `Tenant 2`.
pub(super) fn title(id: &Id) -> String {
    let mut words = id.as_str().replace('-', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}
