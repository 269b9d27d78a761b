//! What Azure refuses of a platform service's firewall, and of service endpoints and their policies.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};
use topology::catalogue::catalogue;
use topology::problem::ProblemCode;
use topology::resource::PublicNetworkAccess;
use topology::{Document, Id};

use super::Problems;
use crate::firewall::ip_rule;
use crate::network::EndpointPolicy;
use crate::table::{Index, PlatformIx, PolicyIx, Rows};

/// Policies on one subnet, and resources in one definition [SE-POL].
const MOST_POLICIES: usize = 100;
const MOST_RESOURCES: usize = 200;
/// Words of `bypass` [STG-NET].
const BYPASS: [&str; 4] = ["AzureServices", "Logging", "Metrics", "None"];

/// Checks the firewall of every platform service.
pub(super) fn check_firewalls(document: &Document, problems: &mut Problems) {
    for (id, row) in &document.platform_services {
        let Some(position) = catalogue().of_type(&row.resource_type).first() else {
            let resource_type = row.resource_type.clone();
            problems.add(id, "type", ProblemCode::ResourceTypeUnknown { resource_type });
            continue;
        };
        let kind = catalogue().firewall_of(&catalogue().services[*position]);
        for word in row.network_acls.bypass_words() {
            if !BYPASS.contains(&word) {
                problems.add(id, "networkAcls/bypass", ProblemCode::BypassUnknown { word: word.into() });
            }
        }
        for (position, rule) in row.network_acls.ip_rules.iter().enumerate() {
            if ip_rule(rule, kind).is_none() {
                let field = format_smolstr!("networkAcls/ipRules/{position}");
                problems.add(id, field, ProblemCode::IpRuleInvalid { rule: rule.clone() });
            }
        }
        for (name, rule) in &row.firewall_rules {
            let field = format_smolstr!("firewallRules/{name}");
            if rule.start_ip_address > rule.end_ip_address {
                problems.add(id, field.clone(), ProblemCode::FirewallRuleBackwards);
            }
            if row.public_network_access == Some(PublicNetworkAccess::Disabled) {
                problems.add(id, field, ProblemCode::FirewallRuleWhilePrivate);
            }
        }
        let service = catalogue().endpoint_service_of(&row.resource_type);
        for (position, rule) in row.network_acls.virtual_network_rules.iter().enumerate() {
            let field = format_smolstr!("networkAcls/virtualNetworkRules/{position}");
            let Some(subnet) = document.subnets.get(&rule.subnet) else {
                problems.missing(id, field, rule.subnet.as_str());
                continue;
            };
            let own = subnet.service_endpoints.iter().filter_map(|own| catalogue().endpoint_service(&own.service));
            let has = own.into_iter().any(|known| known.types.contains(&row.resource_type));
            if let Some(service) = service.filter(|_| !has) {
                let (subnet, service) = (rule.subnet.clone(), service.service.clone());
                problems.add(id, field, ProblemCode::SubnetWithoutServiceEndpoint { subnet, service });
            }
        }
    }
}

/// Data Lake operations are redirected to `blob`, so that a network needs an endpoint for both [STG-PE].
pub(super) fn check_data_lakes(document: &Document, problems: &mut Problems) {
    let targets = |group: &str| {
        let mut found: BTreeSet<(&Id, &Id)> = BTreeSet::new();
        for row in document.private_endpoints.iter().map(|(_, row)| row) {
            let Some(connection) = row.connection() else { continue };
            let network = document.subnets.get(&row.subnet).map(|subnet| &subnet.virtual_network);
            if connection.group_ids.iter().any(|own| own == group) {
                found.extend(network.map(|network| (network, &connection.private_link_service_id)));
            }
        }
        found
    };
    let blobs = targets("blob");
    for (id, row) in &document.private_endpoints {
        let Some(connection) = row.connection() else { continue };
        let account = &connection.private_link_service_id;
        let network = document.subnets.get(&row.subnet).map(|subnet| &subnet.virtual_network);
        let is_data_lake = connection.group_ids.iter().any(|own| own == "dfs");
        if is_data_lake && network.is_some_and(|network| !blobs.contains(&(network, account))) {
            let account = account.clone();
            problems.add(id, "groupIds", ProblemCode::DataLakeWithoutBlob { account });
        }
    }
}

/// Checks the service endpoints of every subnet, and finds its policies.
pub(super) fn subnet_policies(document: &Document, id: &Id, problems: &mut Problems) -> Vec<PolicyIx> {
    let Some(subnet) = document.subnets.get(id) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    for (position, endpoint) in subnet.service_endpoints.iter().enumerate() {
        let field = format_smolstr!("serviceEndpoints/{position}");
        let service = endpoint.service.clone();
        if catalogue().endpoint_service(&service).is_none() {
            problems.add(id, field, ProblemCode::ServiceEndpointUnknown { service });
        } else if !seen.insert(service.to_ascii_lowercase()) {
            problems.add(id, field, ProblemCode::ServiceEndpointTwice { service });
        }
    }
    let count = subnet.service_endpoint_policies.len();
    if count > MOST_POLICIES {
        let code = ProblemCode::EndpointPolicyLimit { count, limit: MOST_POLICIES };
        problems.add(id, "serviceEndpointPolicies", code);
    }
    let network = document.virtual_networks.get(&subnet.virtual_network);
    let mut found = Vec::new();
    for (position, policy) in subnet.service_endpoint_policies.iter().enumerate() {
        let field = format_smolstr!("serviceEndpointPolicies/{position}");
        let index: Option<PolicyIx> =
            problems.reference(&document.service_endpoint_policies, policy, id, field.clone());
        let (Some(index), Some(row)) = (index, document.service_endpoint_policies.get(policy)) else { continue };
        found.push(index);
        if network.is_some_and(|network| !network.location.eq_ignore_ascii_case(&row.location)) {
            problems.add(id, field.clone(), ProblemCode::EndpointPolicyOtherRegion { policy: policy.clone() });
        }
        for definition in row.service_endpoint_policy_definitions.values() {
            if !seen.contains(definition.service.to_ascii_lowercase().as_str()) {
                let service = definition.service.clone();
                problems.add(id, field.clone(), ProblemCode::EndpointPolicyWithoutEndpoint { service });
            }
        }
    }
    found
}

/// What each policy lets through.
pub(super) fn policies(document: &Document, problems: &mut Problems) -> Rows<PolicyIx, EndpointPolicy> {
    Rows::compile(&document.service_endpoint_policies, |id, row| {
        let mut policy = EndpointPolicy::default();
        for (name, definition) in &row.service_endpoint_policy_definitions {
            policy.services.insert(SmolStr::new(definition.service.to_ascii_lowercase()));
            let count = definition.service_resources.len();
            let field = format_smolstr!("serviceEndpointPolicyDefinitions/{name}");
            if count > MOST_RESOURCES {
                let code = ProblemCode::EndpointPolicyLimit { count, limit: MOST_RESOURCES };
                problems.add(id, field.clone(), code);
            }
            for (position, resource) in definition.service_resources.iter().enumerate() {
                if !enlist(document, resource, &mut policy.platforms) {
                    problems.missing(id, format_smolstr!("{field}/serviceResources/{position}"), resource);
                }
            }
        }
        policy
    })
}

/// Adds the services a scope names. An alias of Azure's own services names none of the document's. `false` when the
/// scope leads nowhere.
fn enlist(document: &Document, scope: &str, platforms: &mut BTreeSet<PlatformIx>) -> bool {
    if scope.to_ascii_lowercase().starts_with("/services/") {
        return true;
    }
    let parts: Vec<&str> = scope.split('/').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
    let group = parts.len() == 4 && is(parts[2], "resourceGroups");
    let known_subscription = |name: &str| document.subscriptions.ids().any(|id| is(id.as_str(), name));
    let mut found = false;
    for (position, (id, row)) in document.platform_services.iter().enumerate() {
        let in_group = || document.resource_group_of(id).is_some_and(|own| is(own, last));
        let covered = match parts.len() {
            1 | 2 => is(id.as_str(), last) || is(row.subscription.as_str(), last),
            4 if group => in_group() && is(row.subscription.as_str(), parts[1]),
            _ => is(id.as_str(), last),
        };
        if covered {
            found = true;
            platforms.insert(PlatformIx::new(position));
        }
    }
    found || known_subscription(last) || group
}

impl EndpointPolicy {
    /// Whether it restricts a service.
    pub(crate) fn speaks_of(&self, service: &str) -> bool {
        self.services.contains(service.to_ascii_lowercase().as_str())
    }

    /// Whether it lets a resource through.
    pub(crate) fn lists(&self, platform: PlatformIx) -> bool {
        self.platforms.contains(&platform)
    }
}
