//! Service tags [SVC-TAGS]. Those of services cover the public addresses the document's platform services have,
//! and so never the address of a private endpoint.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use smol_str::SmolStr;
use topology::Document;

use crate::network::Platform;
use crate::security::{AddressSet, Tag};
use crate::table::{Index, PlatformIx, Rows};

/// Tags of services and the ARM types whose public addresses they cover here. A tag without a type is one Azure
/// knows for addresses that no document holds.
const SERVICES: &[(&str, &[&str])] = &[
    ("ActionGroup", &[]),
    ("ApiManagement", &[]),
    ("ApplicationInsightsAvailability", &[]),
    ("AppConfiguration", &["Microsoft.AppConfiguration/configurationStores"]),
    ("AppService", &["Microsoft.Web/sites", "Microsoft.Web/staticSites"]),
    ("AppServiceManagement", &[]),
    ("AzureActiveDirectory", &[]),
    ("AzureActiveDirectoryDomainServices", &[]),
    ("AzureAdvancedThreatProtection", &[]),
    ("AzureArcInfrastructure", &[]),
    ("AzureAttestation", &[]),
    ("AzureBackup", &["Microsoft.RecoveryServices/vaults"]),
    ("AzureBotService", &[]),
    ("AzureCognitiveSearch", &["Microsoft.Search/searchServices"]),
    ("AzureConnectors", &[]),
    ("AzureContainerRegistry", &["Microsoft.ContainerRegistry/registries"]),
    ("AzureCosmosDB", &["Microsoft.DocumentDB/databaseAccounts"]),
    ("AzureDatabricks", &["Microsoft.Databricks/workspaces"]),
    ("AzureDevOps", &[]),
    ("AzureDigitalTwins", &[]),
    ("AzureEventGrid", &["Microsoft.EventGrid/domains", "Microsoft.EventGrid/topics"]),
    ("AzureFrontDoor.Backend", &[]),
    ("AzureFrontDoor.FirstParty", &[]),
    ("AzureFrontDoor.Frontend", &[]),
    ("AzureIoTHub", &["Microsoft.Devices/IotHubs"]),
    ("AzureKeyVault", &["Microsoft.KeyVault/vaults"]),
    ("AzureMachineLearning", &["Microsoft.MachineLearningServices/workspaces"]),
    ("AzureMonitor", &["Microsoft.Insights/privateLinkScopes"]),
    ("AzurePlatformLKM", &[]),
    ("AzureResourceManager", &[]),
    ("AzureSignalR", &["Microsoft.SignalRService/SignalR"]),
    ("AzureSiteRecovery", &[]),
    ("AzureTrafficManager", &[]),
    ("AzureUpdateDelivery", &[]),
    ("BatchNodeManagement", &["Microsoft.Batch/batchAccounts"]),
    ("CognitiveServicesFrontend", &["Microsoft.CognitiveServices/accounts"]),
    ("CognitiveServicesManagement", &[]),
    ("DataFactory", &["Microsoft.DataFactory/factories"]),
    ("DataFactoryManagement", &[]),
    ("EventHub", &["Microsoft.EventHub/namespaces"]),
    ("GatewayManager", &[]),
    ("GuestAndHybridManagement", &[]),
    ("HDInsight", &[]),
    ("LogicApps", &[]),
    ("LogicAppsManagement", &[]),
    ("MicrosoftCloudAppSecurity", &[]),
    ("MicrosoftContainerRegistry", &[]),
    ("PowerBI", &[]),
    ("PowerQueryOnline", &[]),
    ("ServiceBus", &["Microsoft.ServiceBus/namespaces"]),
    ("ServiceFabric", &[]),
    (
        "Sql",
        &[
            "Microsoft.Sql/servers",
            "Microsoft.DBforMariaDB/servers",
            "Microsoft.DBforMySQL/servers",
            "Microsoft.DBforPostgreSQL/servers",
            "Microsoft.Synapse/workspaces",
        ],
    ),
    ("SqlManagement", &[]),
    ("Storage", &["Microsoft.Storage/storageAccounts"]),
    ("StorageSyncService", &[]),
    ("WindowsAdminCenter", &[]),
    ("WindowsVirtualDesktop", &[]),
];

/// Reads tags, and remembers what each covers.
pub(super) struct ServiceTags<'d> {
    document: &'d Document,
    platforms: &'d Rows<PlatformIx, Platform>,
    known: BTreeMap<SmolStr, AddressSet>,
}

impl<'d> ServiceTags<'d> {
    pub(super) const fn new(document: &'d Document, platforms: &'d Rows<PlatformIx, Platform>) -> Self {
        Self { document, platforms, known: BTreeMap::new() }
    }

    /// The tag a text names, in any case; `None` when Azure has none of that name.
    pub(super) fn read(&mut self, text: &str) -> Option<Tag> {
        let lower = SmolStr::new(text.to_ascii_lowercase());
        match lower.as_str() {
            "virtualnetwork" => return Some(Tag::VirtualNetwork),
            "internet" => return Some(Tag::Internet),
            "azureloadbalancer" => return Some(Tag::AzureLoadBalancer),
            "azureplatformdns" => return Some(Tag::AzurePlatformDns),
            "azureplatformimds" => return Some(Tag::AzurePlatformImds),
            _ => {}
        }
        if let Some(addresses) = self.known.get(&lower) {
            return Some(Tag::Service(addresses.clone()));
        }
        let addresses = self.addresses(&lower)?;
        self.known.insert(lower, addresses.clone());
        Some(Tag::Service(addresses))
    }

    fn addresses(&self, lower: &str) -> Option<AddressSet> {
        let named = |name: &str| SERVICES.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name));
        let (service, region) = match named(lower) {
            Some(_) => (lower, None),
            None => lower.rsplit_once('.').map_or((lower, None), |(service, region)| (service, Some(region))),
        };
        // Every type of service, for the tag that means all of Azure.
        let types = if service == "azurecloud" { None } else { Some(named(service)?.1) };
        let mut prefixes = Vec::new();
        for (position, (_, row)) in self.document.platform_services.iter().enumerate() {
            let covered = types.is_none_or(|types| types.iter().any(|known| *known == row.resource_type));
            let here = region.is_none_or(|region| row.location.eq_ignore_ascii_case(region));
            if covered && here {
                let platform = &self.platforms[PlatformIx::new(position)];
                prefixes.extend(platform.sub_resources.values().map(|public| Ipv4Net::from(public.address)));
            }
        }
        Some(AddressSet::of(prefixes))
    }
}

#[cfg(test)]
mod tests {
    use super::SERVICES;
    use crate::catalogue::catalogue;

    #[test]
    fn every_type_a_tag_covers_is_in_the_service_catalogue() {
        for (tag, types) in SERVICES {
            for resource_type in *types {
                assert!(!catalogue().of_type(resource_type).is_empty(), "{tag}: {resource_type}");
            }
        }
    }
}
