//! Who owns what, and who may do what: tenants, subscriptions and roles.

use smol_str::SmolStr;

use crate::Id;
use crate::schema::{resource, words};

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

words! {
    /// A built-in role, as far as Private Link asks for it [PE-OV].
    #[derive(PartialOrd, Ord)]
    pub enum Role {
        /// Sees the resource.
        Reader = "Reader",
        /// Also holds `privateEndpointConnectionsApproval/action`.
        Contributor = "Contributor",
    }
}

resource! {
    /// A role on one resource.
    pub struct RoleAssignment {
        /// The subscription or tenant whose people have it.
        pub principal: Id = "principal",
        /// What they may do.
        pub role: Role = "role" or Role::Contributor,
    }
}
