//! One call of a command: what was given, the document as the call leaves it, and how resources are found.

use std::borrow::Cow;

use sim::{Network, compile};
use topology::command::{Command, plan};
use topology::{Document, Id, Kind};

use super::arguments::Given;
use super::arm;
use super::error::AzError;
use crate::run::Run;

/// One call of a command.
pub(super) struct Call<'a> {
    pub(super) given: Given,
    document: Cow<'a, Document>,
    network: Cow<'a, Network>,
    subscription: Option<Id>,
    commands: Vec<Command>,
}

impl<'a> Call<'a> {
    pub(super) fn new(run: &Run<'a>, given: Given) -> Result<Self, AzError> {
        let subscription = match given.value("--subscription") {
            Some(name) => Some(visible_subscription(run, name)?),
            None => run.shell.subscription(run.document).cloned(),
        };
        let (document, network) = (Cow::Borrowed(run.document), Cow::Borrowed(run.network));
        Ok(Self { given, document, network, subscription, commands: Vec::new() })
    }

    /// The document, with everything this call has changed so far.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The document compiled.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// The changes of this call, for the caller to carry out.
    pub(super) fn into_commands(self) -> Vec<Command> {
        self.commands
    }

    /// Changes the document, unless Azure refuses.
    pub(super) fn change(&mut self, command: Command) -> Result<(), AzError> {
        let planned = plan(&self.document, command.clone());
        let diff = planned.map_err(|refusal| AzError::refused(&self.document, &refusal))?;
        diff.apply(self.document.to_mut());
        self.network = Cow::Owned(compile(&self.document).0);
        self.commands.push(command);
        Ok(())
    }

    /// The resources of a table in this subscription and, where one was named, in the resource group; by name.
    pub(super) fn list(&self, kind: Kind) -> Result<Vec<Id>, AzError> {
        let group = self.given.value("--resource-group");
        if let Some(group) = group {
            self.check_group(group)?;
        }
        let document = self.document();
        let in_group = |id: &Id| group.is_none_or(|group| arm::group(document, id).eq_ignore_ascii_case(group));
        let of_kind = document.ids().filter(|(other, _)| *other == kind).map(|(_, id)| id);
        let mut ids: Vec<Id> = of_kind.filter(|id| self.is_here(id) && in_group(id)).cloned().collect();
        ids.sort_by(|one, other| document.display_name(one).cmp(document.display_name(other)));
        Ok(ids)
    }

    /// The resource of a table that `--ids` names, or an option and `--resource-group` do.
    pub(super) fn one(&self, kind: Kind, option: &'static str) -> Result<Id, AzError> {
        if let Some(wanted) = self.given.value("--ids") {
            return self.by_arm_id(kind, wanted);
        }
        match (self.given.value(option), self.given.value("--resource-group")) {
            (Some(name), Some(group)) => self.named(kind, name, group),
            (name, _) => {
                let missing = if name.is_some() { "--resource-group/-g" } else { option };
                Err(AzError::usage(format!("the following arguments are required: {missing}")))
            }
        }
    }

    /// The resource of a table with this name in this group.
    pub(super) fn named(&self, kind: Kind, name: &str, group: &str) -> Result<Id, AzError> {
        self.check_group(group)?;
        let document = self.document();
        let is_it = |id: &Id| {
            self.is_here(id)
                && document.display_name(id).eq_ignore_ascii_case(name)
                && arm::group(document, id).eq_ignore_ascii_case(group)
        };
        let mut of_kind = document.ids().filter(|(other, _)| *other == kind).map(|(_, id)| id);
        let found = of_kind.find(|id| is_it(id)).cloned();
        found.ok_or_else(|| AzError::resource(&arm::type_of(kind).unwrap_or_else(|| kind.to_string()), name, group))
    }

    /// The resource of a table with this ARM id, wherever it lives.
    pub(super) fn by_arm_id(&self, kind: Kind, text: &str) -> Result<Id, AzError> {
        let document = self.document();
        let mut of_kind = document.ids().filter(|(other, _)| *other == kind).map(|(_, id)| id);
        let found = of_kind.find(|id| arm::id(document, id).eq_ignore_ascii_case(text)).cloned();
        found.ok_or_else(|| AzError::resource_id(text))
    }

    /// A resource that one option names by its id, or by its name within the group.
    pub(super) fn by_id_or_name(&self, kind: Kind, text: &str) -> Result<Id, AzError> {
        if text.starts_with('/') {
            return self.by_arm_id(kind, text);
        }
        self.named(kind, text, self.given.text("--resource-group"))
    }

    /// A subnet by its id, or by its name in the network `--vnet-name` names.
    pub(super) fn subnet(&self) -> Result<Id, AzError> {
        let wanted = self.given.text("--subnet");
        if wanted.starts_with('/') {
            return self.by_arm_id(Kind::Subnet, wanted);
        }
        let Some(network) = self.given.value("--vnet-name") else {
            return Err(AzError::usage("--vnet-name is needed when --subnet is a name"));
        };
        let network = self.by_id_or_name(Kind::VirtualNetwork, network)?;
        let document = self.document();
        let mut subnets = document.subnets.iter().filter(|(_, row)| row.virtual_network == network).map(|(id, _)| id);
        let found = subnets.find(|id| document.display_name(id).eq_ignore_ascii_case(wanted)).cloned();
        found.ok_or_else(|| AzError::resource_id(&format!("{}/subnets/{wanted}", arm::id(document, &network))))
    }

    /// The id of a resource to be created: its name.
    pub(super) fn new_id(&self) -> Result<Id, AzError> {
        self.check_group(self.given.text("--resource-group"))?;
        let name = self.given.text("--name");
        name.parse().map_err(|error| AzError::Refused {
            code: String::from("InvalidResourceName"),
            message: format!("Resource name {name} is invalid: {error}."),
        })
    }

    /// Checks that a resource group exists.
    pub(super) fn check_group(&self, group: &str) -> Result<(), AzError> {
        let document = self.document();
        let own = self.subscription.as_ref().and_then(|subscription| document.subscriptions.get(subscription));
        let zones = document.private_dns_zones.iter().filter_map(|(_, zone)| zone.resource_group.as_deref());
        let mut known = own.map(|row| row.resource_group.as_str()).into_iter().chain(zones);
        if known.any(|known| known.eq_ignore_ascii_case(group)) { Ok(()) } else { Err(AzError::group(group)) }
    }

    /// Whether a resource lives in the subscription of the call.
    fn is_here(&self, id: &Id) -> bool {
        self.document().subscription_of(id) == self.subscription.as_ref()
    }
}

/// A subscription of the tenant the shell belongs to: others are not seen.
fn visible_subscription(run: &Run<'_>, name: &str) -> Result<Id, AzError> {
    let document = run.document;
    let own = run.shell.subscription(document).and_then(|own| document.tenant_of(own));
    let wanted = document.subscriptions.ids().find(|id| id.as_str().eq_ignore_ascii_case(name));
    let missing = || AzError::Plain(format!("The subscription of '{name}' doesn't exist in cloud 'AzureCloud'."));
    wanted.filter(|id| document.tenant_of(id) == own).cloned().ok_or_else(missing)
}
