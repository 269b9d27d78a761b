//! Service endpoints of subnets, and the policies that restrict them [SE-OV][SE-POL].

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::Id;
use crate::schema::resource;

resource! {
    /// `serviceEndpoints[]` of a subnet: its traffic to a service carries the subnet's identity [SE-OV].
    pub struct ServiceEndpoint {
        /// The service, such as `Microsoft.Storage`.
        pub service: SmolStr = "service",
        /// The regions it leads to; Azure fills them in when they are absent.
        pub locations: Vec<SmolStr> = "locations" or Vec::new(),
    }
}

resource! {
    /// What a policy lets through.
    pub struct ServiceEndpointPolicyDefinition {
        /// What it is for.
        pub description: Option<String> = "description" or None,
        /// The service, such as `Microsoft.Storage`.
        pub service: SmolStr = "service",
        /// Accounts, resource groups or subscriptions, by id or by ARM id; or an alias such as `/services/Azure`.
        pub service_resources: Vec<SmolStr> = "serviceResources" or Vec::new(),
    }
}

resource! {
    /// `Microsoft.Network/serviceEndpointPolicies`, attached to subnets [SE-POL].
    pub struct ServiceEndpointPolicy {
        /// The subscription it lives in.
        pub subscription: Id = "subscription",
        /// Azure region: that of the virtual networks it is used in.
        pub location: SmolStr = "location" or SmolStr::new_static("westeurope"),
        /// What it lets through, by name; everything else of these services is refused.
        pub service_endpoint_policy_definitions: IndexMap<SmolStr, ServiceEndpointPolicyDefinition> = "serviceEndpointPolicyDefinitions" or IndexMap::new(),
    }
}
