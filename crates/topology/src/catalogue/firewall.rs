//! How the firewalls of platform services differ, and which names their service endpoints have, as data.

use serde::Deserialize;
use smol_str::SmolStr;

use super::region;
use crate::resource::DefaultAction;

/// What is particular to the firewall of a kind of service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Firewall {
    /// Where it is documented.
    pub source: SmolStr,
    /// The `defaultAction` of a service that has no such field.
    pub default_action: Option<DefaultAction>,
    /// Whether any rule makes the default `Deny` [COSMOS-403].
    pub denies_with_rules: bool,
    /// Whether a private endpoint closes the public one unless `publicNetworkAccess` says otherwise [GARY].
    pub closed_by_endpoint: bool,
    /// Whether IP rules have no effect on requests from the service's own region [STG-IP].
    pub ignores_same_region: bool,
    /// The longest prefix an IP rule may have; 32 means any.
    pub longest_prefix: u8,
    /// Whether trusted services and resource access rules pass while `publicNetworkAccess` is `Disabled`.
    pub bypasses_when_disabled: bool,
    /// ARM types it trusts when `bypass` is `AzureServices`.
    pub trusted: Vec<SmolStr>,
}

impl Default for Firewall {
    fn default() -> Self {
        Self {
            source: SmolStr::default(),
            default_action: None,
            denies_with_rules: false,
            closed_by_endpoint: false,
            ignores_same_region: false,
            longest_prefix: 32,
            bypasses_when_disabled: false,
            trusted: Vec::new(),
        }
    }
}

/// Which of a service's regions a service endpoint leads to [SE-OV].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum EndpointRegions {
    /// The region of the virtual network.
    Same,
    /// That and the region it is paired with.
    Paired,
    /// Every region.
    Any,
}

/// A name `subnet.serviceEndpoints[].service` may have [SE-OV].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EndpointService {
    /// The name, such as `Microsoft.Storage`.
    pub service: SmolStr,
    /// Where it leads.
    pub regions: EndpointRegions,
    /// The ARM types it leads to.
    pub types: Vec<SmolStr>,
}

impl EndpointService {
    /// Whether the endpoint of a network in one region leads to a service in another.
    #[must_use]
    pub fn reaches(&self, from: &str, to: &str) -> bool {
        let same = from.eq_ignore_ascii_case(to);
        let paired = || region(from).and_then(|region| region.paired.as_deref());
        match self.regions {
            EndpointRegions::Same => same,
            EndpointRegions::Paired => same || paired().is_some_and(|paired| paired.eq_ignore_ascii_case(to)),
            EndpointRegions::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::catalogue;

    #[test]
    fn every_type_a_firewall_or_an_endpoint_names_is_in_the_catalogue() {
        let endpoints = catalogue().service_endpoints.iter().flat_map(|endpoint| &endpoint.types);
        for known in catalogue().firewalls.values().flat_map(|firewall| &firewall.trusted).chain(endpoints) {
            assert!(!catalogue().of_type(known).is_empty(), "{known}");
        }
        assert!(catalogue().firewalls.keys().eq(catalogue().answers.keys()), "one set of answers for each firewall");
    }

    #[test]
    fn rule_8_1_4_storage_reaches_the_paired_region_sql_its_own_and_the_others_every_one() {
        let reaches = |service: &str, to: &str| catalogue().endpoint_service(service).unwrap().reaches("eastus", to);
        assert!(reaches("Microsoft.Storage", "eastus") && reaches("Microsoft.Storage", "westus"));
        assert!(!reaches("Microsoft.Storage", "westeurope"));
        assert!(reaches("Microsoft.Sql", "EastUS") && !reaches("Microsoft.Sql", "westus"));
        assert!(reaches("microsoft.keyvault", "westeurope"), "names are compared in any case");
    }
}
