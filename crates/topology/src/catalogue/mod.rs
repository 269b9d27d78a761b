//! What Azure's platform services have in common, as data: `public/catalogue/services.json` [PE-DNS].

mod firewall;
mod names;
mod prefixes;
mod regions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use smol_str::SmolStr;

pub use firewall::{EndpointRegions, EndpointService, Firewall};
pub use names::{NamePattern, ServiceName};
pub use prefixes::published_prefixes;
pub use regions::{Region, region, regions};

/// A sub-resource of a type of platform service.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// What people call it.
    pub service: SmolStr,
    /// ARM type.
    #[serde(rename = "type")]
    pub resource_type: SmolStr,
    /// The group id a private endpoint names it by; empty where none can.
    #[serde(default)]
    pub group_id: SmolStr,
    /// Its names.
    pub names: Vec<NamePattern>,
    /// The TCP port it is usually asked on.
    pub port: u16,
    /// Other TCP ports it listens on.
    #[serde(default)]
    pub other_ports: Vec<u16>,
    /// Ports a client is redirected to after a login [SQL-REDIR].
    #[serde(default)]
    pub redirect_ports: Option<RedirectPorts>,
    /// The last name of the public alias chain, with `{stamp}`; the account's own name when absent.
    #[serde(default)]
    pub public_alias: Option<SmolStr>,
    /// Which set of answers it gives, a key of [`Catalogue::answers`]; `default` when absent.
    #[serde(default)]
    pub answers: Option<SmolStr>,
}

/// The ports a SQL server's gateway redirects clients to, first and last [SQL-REDIR].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct RedirectPorts {
    /// On the public address.
    pub public: (u16, u16),
    /// Behind a private endpoint.
    pub private: (u16, u16),
}

/// An answer with placeholders to be filled in, such as `{account}` and `{client}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// HTTP status, or the number of the error a login is answered with.
    pub status: u16,
    /// The service's own code.
    #[serde(default)]
    pub code: Option<SmolStr>,
    /// The body.
    pub body: String,
}

/// How a service says no.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answers {
    /// `publicNetworkAccess` is `Disabled` and the request came over the public endpoint.
    pub public_network_access: Answer,
    /// The same for a request with the identity of a subnet; as above when absent.
    #[serde(default)]
    pub public_network_access_subnet: Option<Answer>,
    /// The same while trusted services do not pass either; as above when absent.
    #[serde(default)]
    pub public_network_access_no_bypass: Option<Answer>,
    /// `defaultAction` is `Deny` and no rule matches.
    pub firewall: Answer,
    /// The same for a request with the identity of a subnet; as above when absent.
    #[serde(default)]
    pub subnet: Option<Answer>,
    /// No rule of the network security perimeter matches; as above when absent.
    #[serde(default)]
    pub perimeter: Option<Answer>,
    /// What a login is answered that succeeds.
    #[serde(default)]
    pub accepted: Option<Answer>,
    /// The path does not exist.
    pub not_found: Answer,
    /// The host name is another account's (assumption A14).
    pub other_host: Answer,
    /// HTTP where HTTPS is required; such a service also listens on port 80.
    #[serde(default)]
    pub plain_http: Option<Answer>,
}

/// The two-label domains the documentation of forwarding rules names itself [PR-RULES].
const RESERVED_DOMAINS: [&str; 4] = ["windows.net", "azure.com", "azure.net", "windowsazure.us"];

/// The last two labels of a suffix.
fn two_labels(suffix: &str) -> Option<SmolStr> {
    let mut dots = suffix.rmatch_indices('.').map(|(at, _)| at);
    dots.next()?;
    let start = dots.next().map_or(0, |at| at + 1);
    Some(SmolStr::new(&suffix[start..]))
}

/// The whole catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    /// Every sub-resource.
    pub services: Vec<Service>,
    /// Sets of answers by name.
    pub answers: BTreeMap<SmolStr, Answers>,
    /// Firewalls by the same names.
    pub firewalls: BTreeMap<SmolStr, Firewall>,
    /// What a service endpoint may name.
    pub service_endpoints: Vec<EndpointService>,
    /// Two-label domains of Azure services.
    #[serde(skip)]
    reserved: BTreeSet<SmolStr>,
    #[serde(skip)]
    types: BTreeMap<SmolStr, Vec<usize>>,
}

/// The catalogue that is part of the program.
#[must_use]
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut catalogue: Catalogue = serde_json::from_str(include_str!("../../../../public/catalogue/services.json"))
            .expect("a test reads the embedded catalogue");
        catalogue.reserved.extend(RESERVED_DOMAINS.map(SmolStr::new_static));
        for (service, row) in catalogue.services.iter().enumerate() {
            catalogue.types.entry(row.resource_type.clone()).or_default().push(service);
            catalogue.reserved.extend(row.names.iter().filter_map(|name| two_labels(&name.public_suffix)));
        }
        catalogue
    })
}

impl Catalogue {
    /// The sub-resources of an ARM type, by position.
    #[must_use]
    pub fn of_type(&self, resource_type: &str) -> &[usize] {
        self.types.get(resource_type).map_or(&[], Vec::as_slice)
    }

    /// Whether a two-label domain belongs to Azure services [PR-RULES].
    #[must_use]
    pub fn is_reserved(&self, second: &str, top: &str) -> bool {
        self.reserved.contains(format!("{second}.{top}").as_str())
    }

    /// The sub-resource a group id of an ARM type names.
    #[must_use]
    pub fn sub_resource(&self, resource_type: &str, group_id: &str) -> Option<&Service> {
        self.position(resource_type, group_id).map(|position| &self.services[position])
    }

    /// The position of the sub-resource a group id of an ARM type names.
    #[must_use]
    pub fn position(&self, resource_type: &str, group_id: &str) -> Option<usize> {
        let mut of_type = self.of_type(resource_type).iter().copied();
        of_type.find(|position| !group_id.is_empty() && self.services[*position].group_id == group_id)
    }

    /// What is particular to the firewall of a sub-resource.
    #[must_use]
    pub fn firewall_of(&self, service: &Service) -> &Firewall {
        let named = service.answers.as_ref().and_then(|name| self.firewalls.get(name));
        named.or_else(|| self.firewalls.get("default")).expect("a test reads the embedded catalogue")
    }

    /// What a service endpoint of this name leads to, in any case.
    #[must_use]
    pub fn endpoint_service(&self, name: &str) -> Option<&EndpointService> {
        self.service_endpoints.iter().find(|known| known.service.eq_ignore_ascii_case(name))
    }

    /// The service endpoint that leads to resources of an ARM type.
    #[must_use]
    pub fn endpoint_service_of(&self, resource_type: &str) -> Option<&EndpointService> {
        self.service_endpoints.iter().find(|known| known.types.iter().any(|own| own == resource_type))
    }

    /// How a sub-resource says no.
    #[must_use]
    pub fn answers_of(&self, service: &Service) -> &Answers {
        let named = service.answers.as_ref().and_then(|name| self.answers.get(name));
        named.or_else(|| self.answers.get("default")).expect("a test reads the embedded catalogue")
    }
}

impl Service {
    /// Whether it listens on a TCP port, on its public address or behind a private endpoint.
    #[must_use]
    pub fn listens_on(&self, port: u16, private: bool) -> bool {
        let redirect = self.redirect_ports.map(|ports| if private { ports.private } else { ports.public });
        let redirected = redirect.is_some_and(|(first, last)| (first..=last).contains(&port));
        self.port == port || self.other_ports.contains(&port) || redirected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_reads_and_every_set_of_answers_exists() {
        let catalogue = catalogue();
        assert!(catalogue.answers.contains_key("default"));
        for service in &catalogue.services {
            assert!(!service.names.is_empty(), "{}", service.service);
            if let Some(answers) = &service.answers {
                assert!(catalogue.answers.contains_key(answers), "{answers}");
            }
        }
    }

    #[test]
    fn a_group_id_belongs_to_one_row_of_its_type() {
        let mut seen = BTreeSet::new();
        for service in &catalogue().services {
            let (of, group_id) = (&service.resource_type, &service.group_id);
            assert!(seen.insert((of, group_id)), "{of} {group_id}");
        }
    }

    #[test]
    fn key_vault_has_a_zone_with_another_base_than_its_public_name() {
        let vault = catalogue().sub_resource("Microsoft.KeyVault/vaults", "vault").unwrap();
        assert_eq!(vault.names[0].public_suffix, "vault.azure.net");
        assert_eq!(vault.names[0].private_zone, "privatelink.vaultcore.azure.net");
    }
}
