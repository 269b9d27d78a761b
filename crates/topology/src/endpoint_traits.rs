//! How private endpoints of each type of target differ, as data: `public/catalogue/endpoints.json` [PE-MANAGE][GARY].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use smol_str::SmolStr;

/// What is particular to private endpoints of one ARM type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EndpointTraits {
    /// Whether a rejected connection can be approved after all (assumption A17) [PR-86823].
    pub approves_rejected: bool,
    /// Whether an approved connection can be rejected [ISS-71740].
    pub rejects_approved: bool,
    /// Whether the consumer may choose the addresses [PE-MANAGE].
    pub static_addresses: bool,
    /// How many private endpoints one resource takes [PL-LIMITS].
    pub max_endpoints: Option<usize>,
}

impl Default for EndpointTraits {
    fn default() -> Self {
        Self { approves_rejected: false, rejects_approved: true, static_addresses: true, max_endpoints: None }
    }
}

impl EndpointTraits {
    /// What is particular to an ARM type.
    #[must_use]
    pub fn of(resource_type: &str) -> &'static Self {
        static TRAITS: OnceLock<(BTreeMap<SmolStr, EndpointTraits>, EndpointTraits)> = OnceLock::new();
        let (traits, usual) = TRAITS.get_or_init(|| {
            let traits = serde_json::from_str(include_str!("../../../public/catalogue/endpoints.json"));
            (traits.expect("a test reads the embedded file"), Self::default())
        });
        traits.get(resource_type).unwrap_or(usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    #[test]
    fn every_type_that_differs_is_in_the_service_catalogue() {
        let text = include_str!("../../../public/catalogue/endpoints.json");
        let traits: BTreeMap<SmolStr, EndpointTraits> = serde_json::from_str(text).unwrap();
        for (resource_type, traits) in traits {
            assert!(!catalogue().of_type(&resource_type).is_empty(), "{resource_type}");
            assert_ne!(traits, EndpointTraits::default(), "{resource_type} differs in nothing");
        }
    }
}
