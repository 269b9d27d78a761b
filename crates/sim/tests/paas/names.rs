//! The names of platform services, in public and behind private endpoints (1.2.6, 1.5, 3.6.4, 3.9).

use super::*;
use crate::support::{cause, network, status};

const STORAGE: &str = "Microsoft.Storage/storageAccounts";

/// Every name of the type's sub-resource: from the client it is public, then behind an endpoint private.
#[track_caller]
fn check(resource_type: &str, group_id: &str, expected: &[(&str, &str)]) {
    let mut document = with_service(resource_type);
    for (name, _) in expected {
        assert!(!address(&ask(&document, https(name))).starts_with("10."), "{name} is public before");
    }
    add_endpoint(&mut document, group_id);
    let found: Vec<(&str, String)> =
        expected.iter().map(|(name, _)| (*name, address(&ask(&document, https(name))))).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(name, address)| (*name, address.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn rule_3_6_4_app_and_scm_share_one_address() {
    check(
        "Microsoft.Web/sites",
        "sites",
        &[("acct.azurewebsites.net", "10.0.1.4"), ("acct.scm.azurewebsites.net", "10.0.1.4")],
    );
}

#[test]
fn rule_1_2_6_a_registry_takes_one_address_more_for_each_region() {
    check(
        "Microsoft.ContainerRegistry/registries",
        "registry",
        &[("acct.azurecr.io", "10.0.1.4"), ("acct.westeurope.data.azurecr.io", "10.0.1.5")],
    );
    let mut document = with_service("Microsoft.ContainerRegistry/registries");
    document["platformServices"]["acct"]["replicaLocations"] = json!(["northeurope"]);
    add_endpoint(&mut document, "registry");
    let names = network(&document).endpoint_names(&id("pe"));
    let addresses: Vec<String> = names.iter().map(|name| name.address.unwrap().to_string()).collect();
    assert_eq!(addresses, ["10.0.1.4", "10.0.1.5", "10.0.1.6"]);
    let routes = network(&document).effective_routes(&id("client-nic")).unwrap();
    let to_endpoint = routes.iter().filter(|route| route.target == Some(id("pe"))).count();
    assert_eq!(to_endpoint, 3, "a /32 for each");
}

#[test]
fn rule_1_2_6_cosmos_takes_a_global_address_and_one_for_each_region() {
    check(
        "Microsoft.DocumentDB/databaseAccounts",
        "Sql",
        &[("acct.documents.azure.com", "10.0.1.4"), ("acct-westeurope.documents.azure.com", "10.0.1.5")],
    );
}

#[test]
fn rule_1_2_5_a_member_may_have_a_static_address() {
    let mut document = with_service("Microsoft.DocumentDB/databaseAccounts");
    add_endpoint(&mut document, "Sql");
    document["privateEndpoints"]["pe"]["ipConfigurations"] =
        json!([{ "memberName": "acct-westeurope", "privateIPAddress": "10.0.1.99" }]);
    let names = network(&document).endpoint_names(&id("pe"));
    let addresses: Vec<String> = names.iter().map(|name| name.address.unwrap().to_string()).collect();
    assert_eq!(addresses, ["10.0.1.4", "10.0.1.99"]);
    document["privateEndpoints"]["pe"]["ipConfigurations"][0]["privateIPAddress"] = json!("10.0.1.3");
    let reserved = ProblemCode::AddressReserved { address: [10, 0, 1, 3].into() };
    assert_eq!(problems(&document), [("pe/ipConfigurations/0".to_owned(), reserved)]);
}

#[test]
fn rule_3_9_regional_zones_hold_regional_names() {
    check("Microsoft.Kusto/clusters", "cluster", &[("acct.westeurope.kusto.windows.net", "10.0.1.4")]);
    check("Microsoft.ContainerService/managedClusters", "management", &[("acct.westeurope.azmk8s.io", "10.0.1.4")]);
    check("Microsoft.Batch/batchAccounts", "batchAccount", &[("acct.westeurope.batch.azure.com", "10.0.1.4")]);
    check("Microsoft.RecoveryServices/vaults", "AzureBackup", &[("acct.we.backup.windowsazure.com", "10.0.1.4")]);
}

#[test]
fn rule_3_9_the_secondary_of_an_account_is_a_group_of_its_own() {
    check(STORAGE, "blob_secondary", &[("acct-secondary.blob.core.windows.net", "10.0.1.4")]);
}

#[test]
fn rule_3_9_every_group_id_of_the_catalogue_resolves_behind_its_endpoint() {
    for service in &topology::catalogue::catalogue().services {
        if service.group_id.is_empty() {
            continue;
        }
        let mut document = with_service(&service.resource_type);
        add_endpoint(&mut document, &service.group_id);
        let names = network(&document).endpoint_names(&id("pe"));
        assert!(!names.is_empty(), "{}", service.service);
        for name in names {
            let trace = ask(&document, https(name.fqdn.as_str()));
            assert_eq!(address(&trace), name.address.unwrap().to_string(), "{}", name.fqdn);
        }
    }
}

#[test]
fn rule_1_5_2_the_alias_belongs_to_the_sub_resource_whose_endpoint_is_approved() {
    let mut document = with_service(STORAGE);
    add_endpoint(&mut document, "blob");
    let blob = ask(&document, https("acct.blob.core.windows.net"));
    assert_eq!(aliases(&blob)[0].1, "acct.privatelink.blob.core.windows.net");
    let file = ask(&document, https("acct.file.core.windows.net"));
    assert!(!aliases(&file)[0].1.contains("privatelink"), "{:?}", aliases(&file));
    document["privateEndpoints"]["pe"]["privateLinkServiceConnections"][0]["privateLinkServiceConnectionState"]["status"] =
        json!("Pending");
    let blob = ask(&document, https("acct.blob.core.windows.net"));
    assert!(!aliases(&blob)[0].1.contains("privatelink"));
    assert_eq!(network(&document).endpoint_names(&id("pe")), [], "1.5.3: no names before approval");
}

#[test]
fn rule_3_9_1_shared_monitor_names_are_aliases_for_everybody_and_an_empty_zone_hides_them() {
    let name = "westeurope.in.ai.monitor.azure.com";
    let mut document = with_service("Microsoft.Insights/components");
    let trace = ask(&document, https(name));
    assert_eq!(aliases(&trace)[0].1, "westeurope.in.ai.privatelink.monitor.azure.com");
    assert_eq!(status(&trace), Some(200));
    document["privateDnsZones"]["monitor"] = json!({
        "subscription": "sub",
        "name": "privatelink.monitor.azure.com",
        "virtualNetworkLinks": { "link": { "virtualNetwork": "vnet" } },
    });
    assert_eq!(cause(&ask(&document, https(name))), "NameNotResolved", "M40");
    document["privateDnsZones"]["monitor"]["virtualNetworkLinks"]["link"]["resolutionPolicy"] =
        json!("NxDomainRedirect");
    assert_eq!(status(&ask(&document, https(name))), Some(200));
}

#[test]
fn misconfiguration_m7_another_tenants_private_endpoint_makes_its_name_nxdomain_here() {
    let mut document = with_service(STORAGE);
    document["privateDnsZones"]["own"] = json!({
        "subscription": "sub",
        "name": "privatelink.blob.core.windows.net",
        "virtualNetworkLinks": { "link": { "virtualNetwork": "vnet" } },
    });
    assert_eq!(status(&ask(&document, https("acct.blob.core.windows.net"))), Some(200), "it worked for years");
    document["tenants"]["fabrikam"] = json!({});
    document["subscriptions"]["their-sub"] = json!({ "tenant": "fabrikam" });
    document["virtualNetworks"]["theirs"] = json!({ "subscription": "their-sub", "addressPrefixes": ["10.9.0.0/16"] });
    document["subnets"]["theirs-default"] = json!({ "virtualNetwork": "theirs", "addressPrefix": "10.9.0.0/24" });
    document["platformServices"]["acct"]["subscription"] = json!("their-sub");
    document["privateEndpoints"]["theirs-pe"] = json!({
        "subnet": "theirs-default",
        "privateLinkServiceConnections": [{
            "privateLinkServiceId": "acct",
            "groupIds": ["blob"],
            "privateLinkServiceConnectionState": { "status": "Approved" },
        }],
    });
    assert_eq!(cause(&ask(&document, https("acct.blob.core.windows.net"))), "NameNotResolved");
}

#[test]
fn rule_3_8_a_certificate_covers_the_public_name_of_each_kind_and_no_private_one() {
    let mut document = with_service("Microsoft.ContainerRegistry/registries");
    add_endpoint(&mut document, "registry");
    for (name, covered) in [
        ("acct.azurecr.io", true),
        ("acct.westeurope.data.azurecr.io", true),
        ("acct.privatelink.azurecr.io", false),
        ("acct.westeurope.data.privatelink.azurecr.io", false),
    ] {
        let outcome = cause(&ask(&document, https(name)));
        assert_eq!(outcome, if covered { "Answered" } else { "CertificateMismatch" }, "{name}: M13");
    }
}
