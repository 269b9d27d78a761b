//! The alias of a private link service: a name for consumers that says nothing of where it is [PLS-OV].

use smol_str::{SmolStr, format_smolstr};
use wire::hash::stable_guid;

use super::Document;
use crate::Id;

impl Document {
    /// `<name>.<guid>.<region>.azure.privatelinkservice`. The guid follows from the name.
    #[must_use]
    pub fn private_link_service_alias(&self, service: &Id) -> Option<SmolStr> {
        self.private_link_services.get(service)?;
        let guid = stable_guid(service.as_str());
        let region = &self.virtual_networks.get(self.virtual_network_of(service)?)?.location;
        Some(format_smolstr!("{service}.{guid}.{region}.azure.privatelinkservice"))
    }

    /// The private link service with this alias.
    #[must_use]
    pub fn private_link_service_of_alias(&self, alias: &str) -> Option<&Id> {
        if !alias.ends_with(".azure.privatelinkservice") {
            return None;
        }
        self.private_link_services.ids().find(|id| self.private_link_service_alias(id).as_deref() == Some(alias))
    }
}
