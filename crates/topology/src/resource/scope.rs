//! Who owns what: tenants and subscriptions.

use smol_str::SmolStr;

use crate::Id;
use crate::schema::resource;

resource! {
    /// A Microsoft Entra tenant: the strongest boundary on the diagram.
    #[derive(Default)]
    pub struct Tenant {
        /// Display name; the id when absent.
        pub name: Option<String> = "name" or None,
    }
}

resource! {
    /// A subscription of a tenant. Visibility and auto-approval of a private link service name subscriptions [PLS-OV].
    pub struct Subscription {
        /// The tenant that owns it.
        pub tenant: Id = "tenant",
        /// The resource group its resources stand in. Groups change nothing about traffic, but every ARM id names one.
        pub resource_group: SmolStr = "resourceGroup" or SmolStr::new_static("rg1"),
    }
}
