//! The names of a platform service: patterns of the catalogue, filled in for one resource of the document [PE-DNS].

use serde::Deserialize;
use smol_str::{SmolStr, format_smolstr};
use wire::DomainName;
use wire::hash::fnv1a;

use super::{Service, region};
use crate::Id;
use crate::resource::PlatformService;

/// A public name and the private zone that can answer for it. `{account}` is the resource's id, `{region}` its region
/// (one name each where the resource has several), `{geo}` the region's code; other placeholders are parts of the name
/// Azure chooses, which a document may state in `nameParts`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamePattern {
    /// What stands before both suffixes, and the name of the record set in the zone; `@` for the suffix itself.
    #[serde(default = "account")]
    pub record: SmolStr,
    /// Where the public name ends, such as `blob.core.windows.net`.
    pub public_suffix: SmolStr,
    /// The recommended private zone, such as `privatelink.blob.core.windows.net`.
    pub private_zone: SmolStr,
    /// Which address of a private endpoint it leads to (`requiredMembers`); the group id when absent.
    #[serde(default)]
    pub member: Option<SmolStr>,
    /// Whether every customer's requests go to this one name, which then always is an alias of its private one.
    #[serde(default)]
    pub shared: bool,
}

fn account() -> SmolStr {
    SmolStr::new_static("{account}")
}

/// One name of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceName {
    /// The name everybody uses.
    pub public: DomainName,
    /// What it is an alias of once a private endpoint is approved.
    pub private: DomainName,
    /// The recommended private zone.
    pub zone: DomainName,
    /// The name of the record set in that zone.
    pub record: SmolStr,
    /// The member of a private endpoint it leads to.
    pub member: SmolStr,
    /// Whether it is everybody's.
    pub shared: bool,
}

impl Service {
    /// The names of a resource of this type, in the catalogue's order. A name with a part nobody knows is left out.
    #[must_use]
    pub fn names_of(&self, id: &Id, resource: &PlatformService) -> Vec<ServiceName> {
        let mut names = Vec::with_capacity(self.names.len());
        for pattern in &self.names {
            let texts = [&pattern.record, &pattern.public_suffix, &pattern.private_zone];
            let regional = texts.iter().any(|text| text.contains("{region}") || text.contains("{geo}"));
            let home = std::iter::once(&resource.location);
            let regions = home.chain(resource.replica_locations.iter().filter(|_| regional));
            names.extend(regions.filter_map(|region| self.name_in(pattern, id, resource, region)));
        }
        names
    }

    fn name_in(&self, pattern: &NamePattern, id: &Id, resource: &PlatformService, region: &str) -> Option<ServiceName> {
        let fill = |text: &str| fill(text, |part| value_of(part, id, resource, region));
        let record = fill(&pattern.record)?;
        let zone: DomainName = fill(&pattern.private_zone)?.parse().ok()?;
        let suffix = fill(&pattern.public_suffix)?;
        let below = |suffix: &str| {
            if record == "@" { suffix.parse().ok() } else { format!("{record}.{suffix}").parse().ok() }
        };
        Some(ServiceName {
            public: below(&suffix)?,
            private: below(zone.as_str())?,
            member: fill(pattern.member.as_deref().unwrap_or(&self.group_id))?,
            zone,
            record,
            shared: pattern.shared,
        })
    }

    /// The members of a private endpoint for this sub-resource: one address each [PE-OV]. Never empty.
    #[must_use]
    pub fn members_of(&self, id: &Id, resource: &PlatformService) -> Vec<SmolStr> {
        let mut members: Vec<SmolStr> = Vec::new();
        for name in self.names_of(id, resource) {
            if !members.contains(&name.member) {
                members.push(name.member);
            }
        }
        if members.is_empty() {
            members.push(self.group_id.clone());
        }
        members
    }
}

/// A pattern with its placeholders filled in, in lower case; `None` when one has no value.
fn fill(pattern: &str, value: impl Fn(&str) -> Option<SmolStr>) -> Option<SmolStr> {
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (part, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&value(part)?.to_ascii_lowercase());
        rest = after;
    }
    filled.push_str(rest);
    Some(filled.into())
}

fn value_of(part: &str, id: &Id, resource: &PlatformService, at: &str) -> Option<SmolStr> {
    match part {
        "account" => Some(id.as_str().into()),
        "region" => Some(at.into()),
        "geo" => region(at).map(|region| region.geo.clone()),
        "dnsPrefix" => Some(resource.name_parts.get(part).cloned().unwrap_or_else(|| generated(id))),
        _ => resource.name_parts.get(part).cloned(),
    }
}

/// A part of a name that Azure chooses: always the same for the same resource.
fn generated(id: &Id) -> SmolStr {
    format_smolstr!("{:012x}", fnv1a(id.as_str().as_bytes()) & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    fn resource(resource_type: &str, more: &str) -> PlatformService {
        let text = format!(r#"{{"type": "{resource_type}", "subscription": "s", "location": "eastus"{more}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    #[track_caller]
    fn check(resource_type: &str, group_id: &str, more: &str, expected: &[(&str, &str, &str)]) {
        let service = catalogue().sub_resource(resource_type, group_id).unwrap();
        let names = service.names_of(&"Acct".parse().unwrap(), &resource(resource_type, more));
        let found: Vec<_> =
            names.iter().map(|name| (name.public.as_str(), name.private.as_str(), name.member.as_str())).collect();
        assert_eq!(found, expected);
        for name in &names {
            let in_zone = name.private.relative_to(&name.zone);
            assert_eq!(in_zone, Some(name.record.as_str()), "the record set holds the private name");
        }
    }

    #[test]
    fn an_account_has_one_name_for_each_sub_resource() {
        let private = "acct.privatelink.blob.core.windows.net";
        check("Microsoft.Storage/storageAccounts", "blob", "", &[("acct.blob.core.windows.net", private, "blob")]);
        let private = "acct-secondary.privatelink.blob.core.windows.net";
        check(
            "Microsoft.Storage/storageAccounts",
            "blob_secondary",
            "",
            &[("acct-secondary.blob.core.windows.net", private, "blob_secondary")],
        );
    }

    #[test]
    fn rule_3_6_4_a_web_app_has_two_names_on_one_member() {
        let site = ("acct.azurewebsites.net", "acct.privatelink.azurewebsites.net", "sites");
        let scm = ("acct.scm.azurewebsites.net", "acct.scm.privatelink.azurewebsites.net", "sites");
        check("Microsoft.Web/sites", "sites", "", &[site, scm]);
    }

    #[test]
    fn rule_1_2_6_a_registry_has_one_more_member_for_each_region() {
        let registry = ("acct.azurecr.io", "acct.privatelink.azurecr.io", "registry");
        let east = ("acct.eastus.data.azurecr.io", "acct.eastus.data.privatelink.azurecr.io", "registry_data_eastus");
        let west = ("acct.westus.data.azurecr.io", "acct.westus.data.privatelink.azurecr.io", "registry_data_westus");
        check("Microsoft.ContainerRegistry/registries", "registry", "", &[registry, east]);
        let replicated = r#", "replicaLocations": ["westus"]"#;
        check("Microsoft.ContainerRegistry/registries", "registry", replicated, &[registry, east, west]);
    }

    #[test]
    fn a_cosmos_account_has_a_global_name_and_one_for_each_region() {
        let global = ("acct.documents.azure.com", "acct.privatelink.documents.azure.com", "acct");
        let regional =
            ("acct-eastus.documents.azure.com", "acct-eastus.privatelink.documents.azure.com", "acct-eastus");
        check("Microsoft.DocumentDB/databaseAccounts", "Sql", "", &[global, regional]);
    }

    #[test]
    fn region_codes_and_chosen_parts_fill_the_zone_too() {
        let vault = "acct.privatelink.eus.backup.windowsazure.com";
        check(
            "Microsoft.RecoveryServices/vaults",
            "AzureBackup",
            "",
            &[("acct.eus.backup.windowsazure.com", vault, "AzureBackup")],
        );
        let stated = r#", "nameParts": {"dnsPrefix": "a1b2c3"}"#;
        let instance = "acct.privatelink.a1b2c3.database.windows.net";
        check(
            "Microsoft.Sql/managedInstances",
            "managedInstance",
            stated,
            &[("acct.a1b2c3.database.windows.net", instance, "managedInstance")],
        );
    }

    #[test]
    fn a_part_nobody_knows_leaves_the_name_out() {
        let cluster = ("acct.eastus.azmk8s.io", "acct.privatelink.eastus.azmk8s.io", "management");
        check("Microsoft.ContainerService/managedClusters", "management", "", &[cluster]);
        let own = ("acct.my.eastus.azmk8s.io", "acct.my.privatelink.eastus.azmk8s.io", "management");
        let stated = r#", "nameParts": {"subzone": "my"}"#;
        check("Microsoft.ContainerService/managedClusters", "management", stated, &[cluster, own]);
    }

    #[test]
    fn a_name_may_be_the_zone_itself_and_everybodys() {
        let service = catalogue().sub_resource("Microsoft.DataFactory/factories", "portal").unwrap();
        let names = service.names_of(&"f".parse().unwrap(), &resource("Microsoft.DataFactory/factories", ""));
        assert_eq!((names[0].public.as_str(), names[0].record.as_str()), ("adf.azure.com", "@"));
        assert!(names[0].shared);
    }

    #[test]
    fn every_service_has_names_and_members_without_anything_stated() {
        for service in &catalogue().services {
            let resource = resource(&service.resource_type, "");
            let id = "acct".parse().unwrap();
            assert!(!service.names_of(&id, &resource).is_empty(), "{}", service.service);
            assert!(!service.members_of(&id, &resource).is_empty(), "{}", service.service);
        }
    }
}
