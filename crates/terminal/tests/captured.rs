//! What real tools printed, as the articles show it, printed again byte for byte.
//!
//! What differs of necessity: the subscription's id and etags, which the captures hide behind `<SUB>` and `<etag>`;
//! the line `{- Finished ..` before some JSON, which is the progress wheel of the command line caught in a copy; one
//! table of links whose dashes were measured before the subscription was hidden; and the one row of network interfaces,
//! which lost a blank when its tail was cut off.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use expect_test::expect;
use serde_json::{Value, json};

use support::{Desk, as_captured, peered};

/// The topology before any private endpoint was made.
fn without_endpoints() -> Value {
    let mut document = peered();
    document.as_object_mut().unwrap().remove("privateEndpoints");
    document
}

/// With the first private endpoint only.
fn with_one_endpoint() -> Value {
    let mut document = peered();
    document["privateEndpoints"].as_object_mut().unwrap().remove("rg1pe1kv1");
    document
}

fn azure(document: &Value, line: &str) -> String {
    as_captured(&Desk::cloud(document, "SUB01").text(line))
}

#[test]
fn the_routes_of_both_machines_before_any_endpoint() {
    let routes = azure(
        &without_endpoints(),
        "az network nic show-effective-route-table --name rg1vm1243 --resource-group RG1 -o table",
    );
    expect![[r#"
        Source    State    Address Prefix    Next Hop Type    Next Hop IP
        --------  -------  ----------------  ---------------  -------------
        Default   Active   10.0.0.0/24       VnetLocal
        Default   Active   10.1.0.0/24       VNetPeering
        Default   Active   0.0.0.0/0         Internet
        Default   Active   10.0.0.0/8        None
        Default   Active   100.64.0.0/10     None
        Default   Active   192.168.0.0/16    None
        Default   Active   25.33.80.0/20     None
        Default   Active   25.41.3.0/25      None
    "#]]
    .assert_eq(&routes);
    let routes = azure(
        &without_endpoints(),
        "az network nic show-effective-route-table --name rg1vm2165 --resource-group RG1 -o table",
    );
    expect![[r#"
        Source    State    Address Prefix    Next Hop Type    Next Hop IP
        --------  -------  ----------------  ---------------  -------------
        Default   Active   10.1.0.0/24       VnetLocal
        Default   Active   10.0.0.0/24       VNetPeering
        Default   Active   0.0.0.0/0         Internet
        Default   Active   10.0.0.0/8        None
        Default   Active   100.64.0.0/10     None
        Default   Active   192.168.0.0/16    None
        Default   Active   25.33.80.0/20     None
        Default   Active   25.41.3.0/25      None
    "#]]
    .assert_eq(&routes);
}

#[test]
fn the_routes_as_json() {
    let routes = azure(
        &without_endpoints(),
        "az network nic show-effective-route-table --name rg1vm1243 --resource-group RG1 -o json",
    );
    let beginning: String = routes.lines().take(31).map(|line| format!("{line}\n")).collect();
    expect![[r#"
        {
          "nextLink": null,
          "value": [
            {
              "addressPrefix": [
                "10.0.0.0/24"
              ],
              "destinationServiceTags": [],
              "disableBgpRoutePropagation": false,
              "hasBgpOverride": false,
              "name": null,
              "nextHopIpAddress": [],
              "nextHopType": "VnetLocal",
              "source": "Default",
              "state": "Active",
              "tagMap": {}
            },
            {
              "addressPrefix": [
                "10.1.0.0/24"
              ],
              "destinationServiceTags": [],
              "disableBgpRoutePropagation": false,
              "hasBgpOverride": false,
              "name": null,
              "nextHopIpAddress": [],
              "nextHopType": "VNetPeering",
              "source": "Default",
              "state": "Active",
              "tagMap": {}
            },
    "#]]
    .assert_eq(&beginning);
    assert!(routes.ends_with("      \"tagMap\": {}\n    }\n  ]\n}\n"));
}

#[test]
fn the_list_of_endpoints() {
    expect![[r#"
        Location    Name        ProvisioningState    ResourceGroup
        ----------  ----------  -------------------  ---------------
        eastus      rg1pe1sto1  Succeeded            rg1
    "#]]
    .assert_eq(&azure(&with_one_endpoint(), "az network private-endpoint list -o table"));
    expect![[r#"
        Location    Name        ProvisioningState    ResourceGroup
        ----------  ----------  -------------------  ---------------
        eastus      rg1pe1kv1   Succeeded            rg1
        eastus      rg1pe1sto1  Succeeded            rg1
    "#]]
    .assert_eq(&azure(&peered(), "az network private-endpoint list -o table"));
}

#[test]
fn the_zone_groups_of_both_endpoints() {
    expect![[r#"
        [
          {
            "etag": "<etag>",
            "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateEndpoints/rg1pe1sto1/privateDnsZoneGroups/default",
            "name": "default",
            "privateDnsZoneConfigs": [
              {
                "etag": "<etag>",
                "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateEndpoints/rg1pe1sto1/privateDnsZoneGroups/default/privateDnsZoneConfigs/privatelink-blob-core-windows-net",
                "name": "privatelink-blob-core-windows-net",
                "privateDnsZoneId": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net",
                "recordSets": [
                  {
                    "fqdn": "rg1sto1brng1.privatelink.blob.core.windows.net",
                    "ipAddresses": [
                      "10.0.0.5"
                    ],
                    "provisioningState": "Succeeded",
                    "recordSetName": "rg1sto1brng1",
                    "recordType": "A",
                    "ttl": 10
                  }
                ],
                "resourceGroup": "rg1",
                "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs"
              }
            ],
            "provisioningState": "Succeeded",
            "resourceGroup": "rg1",
            "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
          }
        ]
    "#]]
    .assert_eq(&azure(&peered(), "az network private-endpoint dns-zone-group list -g rg1 --endpoint-name rg1pe1sto1"));
    expect![[r#"
        [
          {
            "etag": "<etag>",
            "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateEndpoints/rg1pe1kv1/privateDnsZoneGroups/default",
            "name": "default",
            "privateDnsZoneConfigs": [
              {
                "etag": "<etag>",
                "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateEndpoints/rg1pe1kv1/privateDnsZoneGroups/default/privateDnsZoneConfigs/privatelink-vaultcore-azure-net",
                "name": "privatelink-vaultcore-azure-net",
                "privateDnsZoneId": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net",
                "recordSets": [
                  {
                    "fqdn": "kv1brntest1.privatelink.vaultcore.azure.net",
                    "ipAddresses": [
                      "10.0.0.6"
                    ],
                    "provisioningState": "Succeeded",
                    "recordSetName": "kv1brntest1",
                    "recordType": "A",
                    "ttl": 10
                  }
                ],
                "resourceGroup": "rg1",
                "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs"
              }
            ],
            "provisioningState": "Succeeded",
            "resourceGroup": "rg1",
            "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
          }
        ]
    "#]]
    .assert_eq(&azure(&peered(), "az network private-endpoint dns-zone-group list -g rg1 --endpoint-name rg1pe1kv1"));
}

#[test]
fn the_routes_with_one_endpoint_and_with_two_also_in_the_peered_network() {
    expect![[r#"
        Source    State    Address Prefix    Next Hop Type      Next Hop IP
        --------  -------  ----------------  -----------------  -------------
        Default   Active   10.0.0.0/24       VnetLocal
        Default   Active   10.1.0.0/24       VNetPeering
        Default   Active   0.0.0.0/0         Internet
        Default   Active   10.0.0.0/8        None
        Default   Active   100.64.0.0/10     None
        Default   Active   192.168.0.0/16    None
        Default   Active   25.33.80.0/20     None
        Default   Active   25.41.3.0/25      None
        Default   Active   10.0.0.5/32       InterfaceEndpoint
    "#]]
    .assert_eq(&azure(
        &with_one_endpoint(),
        "az network nic show-effective-route-table --name rg1vm1243 --resource-group RG1 -o table",
    ));
    expect![[r#"
        Source    State    Address Prefix    Next Hop Type      Next Hop IP
        --------  -------  ----------------  -----------------  -------------
        Default   Active   10.1.0.0/24       VnetLocal
        Default   Active   10.0.0.0/24       VNetPeering
        Default   Active   0.0.0.0/0         Internet
        Default   Active   10.0.0.0/8        None
        Default   Active   100.64.0.0/10     None
        Default   Active   192.168.0.0/16    None
        Default   Active   25.33.80.0/20     None
        Default   Active   25.41.3.0/25      None
        Default   Active   10.0.0.5/32       InterfaceEndpoint
        Default   Active   10.0.0.6/32       InterfaceEndpoint
    "#]]
    .assert_eq(&azure(
        &peered(),
        "az network nic show-effective-route-table --name rg1vm2165 --resource-group RG1 -o table",
    ));
}

#[test]
fn a_blob_by_either_of_its_names() {
    let mut desk = Desk::at(&peered(), "rg1vm1");
    assert_eq!(desk.text("curl -k https://rg1sto1brng1.privatelink.blob.core.windows.net/test1/test.txt"), "test");
    assert_eq!(desk.text("curl -k https://rg1sto1brng1.blob.core.windows.net/test1/test.txt"), "test");
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        Non-authoritative answer:
        rg1sto1brng1.blob.core.windows.net      canonical name = rg1sto1brng1.privatelink.blob.core.windows.net.
        Name:   rg1sto1brng1.privatelink.blob.core.windows.net
        Address: 10.0.0.5
    "#]]
    .assert_eq(&desk.text("nslookup rg1sto1brng1.blob.core.windows.net"));
}

#[test]
fn the_names_seen_from_the_peered_network_whose_zone_is_not_linked() {
    let mut desk = Desk::at(&peered(), "rg1vm2");
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        Non-authoritative answer:
        rg1sto1brng1.privatelink.blob.core.windows.net  canonical name = blob.blz21prdstr03a.store.core.windows.net.
        Name:   blob.blz21prdstr03a.store.core.windows.net
        Address: 52.239.170.68
    "#]]
    .assert_eq(&desk.text("nslookup rg1sto1brng1.privatelink.blob.core.windows.net"));
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        Non-authoritative answer:
        rg1sto1brng1.blob.core.windows.net      canonical name = rg1sto1brng1.privatelink.blob.core.windows.net.
        rg1sto1brng1.privatelink.blob.core.windows.net  canonical name = blob.blz21prdstr03a.store.core.windows.net.
        Name:   blob.blz21prdstr03a.store.core.windows.net
        Address: 52.239.170.68
    "#]]
    .assert_eq(&desk.text("nslookup rg1sto1brng1.blob.core.windows.net"));
}

/// The other lab of the same note: the account has another name, and the links have those Azure gave them.
fn other_lab() -> Value {
    let mut document = support::json(&peered().to_string().replace("rg1sto1brng1", "rg1brn1sto1"));
    let zone = &mut document["privateDnsZones"]["zone-blob"];
    zone["virtualNetworkLinks"] = json!({
        "mdq7nwhblbvy6": { "virtualNetwork": "rg1vnet1" },
        "linkvnet2": { "virtualNetwork": "rg1vnet2" },
    });
    document["platformServices"]["rg1brn1sto1"]["content"] = json!({ "/testblo1/test.txt": "test" });
    document
}

#[test]
fn a_zone_without_records_and_links_as_a_table() {
    let mut document = other_lab();
    document["privateDnsZones"].as_object_mut().unwrap().remove("zone-vault");
    document["privateDnsZones"]["zone-blob"]["recordSets"] = json!({});
    document["privateDnsZones"]["zone-blob"]["virtualNetworkLinks"] = json!({});
    expect![[r#"
        ZoneName                           ResourceGroup    RecordSets    MaxRecordSets    VirtualNetworkLinks    MaxVirtualNetworkLinks    VirtualNetworkLinksWithRegistration    MaxVirtualNetworkLinksWithRegistration    ProvisioningState
        ---------------------------------  ---------------  ------------  ---------------  ---------------------  ------------------------  -------------------------------------  ----------------------------------------  -------------------
        privatelink.blob.core.windows.net  rg1              1             25000            0                      1000                      0                                      100                                       Succeeded
    "#]]
    .assert_eq(&azure(&document, "az network private-dns zone list -o table"));
}

#[test]
fn the_links_of_a_zone_and_the_names_seen_through_the_new_one() {
    expect![[r#"
        LinkName       ResourceGroup    RegistrationEnabled    VirtualNetwork                                                                                LinkState    ProvisioningState
        -------------  ---------------  ---------------------  --------------------------------------------------------------------------------------------  -----------  -------------------
        linkvnet2      rg1              False                  /subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/rg1vnet2  Completed    Succeeded
        mdq7nwhblbvy6  rg1              False                  /subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/rg1vnet1  Completed    Succeeded
    "#]]
    .assert_eq(&azure(
        &other_lab(),
        "az network private-dns link vnet list -g rg1 --zone-name privatelink.blob.core.windows.net -o table",
    ));
    let mut desk = Desk::at(&other_lab(), "rg1vm2");
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        Non-authoritative answer:
        rg1brn1sto1.blob.core.windows.net       canonical name = rg1brn1sto1.privatelink.blob.core.windows.net.
        Name:   rg1brn1sto1.privatelink.blob.core.windows.net
        Address: 10.0.0.5
    "#]]
    .assert_eq(&desk.text("nslookup rg1brn1sto1.blob.core.windows.net"));
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        Non-authoritative answer:
        Name:   rg1brn1sto1.privatelink.blob.core.windows.net
        Address: 10.0.0.5
    "#]]
    .assert_eq(&desk.text("nslookup rg1brn1sto1.privatelink.blob.core.windows.net."));
    assert_eq!(desk.text("curl -k https://rg1brn1sto1.blob.core.windows.net/testblo1/test.txt"), "test");
}

#[test]
fn the_firewall_of_a_storage_account() {
    let mut document = peered();
    // The name is typed with a blank at its end, as it was.
    let line = "az storage account show --resource-group \"rg1\" --name \"rg1sto1brng1 \" --query networkRuleSet";
    expect![[r#"
        {
          "bypass": "AzureServices",
          "defaultAction": "Deny",
          "ipRules": [],
          "resourceAccessRules": [],
          "virtualNetworkRules": []
        }
    "#]]
    .assert_eq(&azure(&document, line));
    document["platformServices"]["rg1sto1brng1"]["networkAcls"]["virtualNetworkRules"] =
        json!([{ "virtualNetworkResourceId": "rg1vnet1-default" }]);
    expect![[r#"
        {
          "bypass": "AzureServices",
          "defaultAction": "Deny",
          "ipRules": [],
          "resourceAccessRules": [],
          "virtualNetworkRules": [
            {
              "state": "Succeeded",
              "virtualNetworkResourceId": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/rg1vnet1/subnets/default"
            }
          ]
        }
    "#]]
    .assert_eq(&azure(&document, line));
}

#[test]
fn the_columns_of_network_interfaces() {
    let table = azure(&peered(), "az network nic list -o table");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    // The interface of an endpoint comes first and has no `Primary`, so that this column comes last.
    let columns = [
        "EnableAcceleratedNetworking",
        "EnableIpForwarding",
        "Location",
        "MacAddress",
        "Name",
        "ProvisioningState",
        "ResourceGroup",
        "ResourceGuid",
        "Primary",
    ];
    assert_eq!(header, columns);
    let names = lines.nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(names[..3], ["False", "False", "eastus"], "the address of its network card stays empty");
    assert!(names[3].starts_with("rg1pe1kv1.nic.") && names[4..6] == ["Succeeded", "rg1"], "{names:?}");
}

/// The topology with the service endpoint and its policy.
fn with_policy() -> Value {
    let mut document = without_endpoints();
    document["serviceEndpointPolicies"] = json!({ "rg1sep1": {
        "subscription": "SUB01",
        "location": "eastus",
        "serviceEndpointPolicyDefinitions": { "rg1sep1_Microsoft.Storage": {
            "service": "Microsoft.Storage",
            "serviceResources": ["rg1sto1brng1"],
        } },
    } });
    document["subnets"]["rg1vnet1-default"]["serviceEndpointPolicies"] = json!(["rg1sep1"]);
    document
}

#[test]
fn a_service_endpoint_policy() {
    let list = azure(&with_policy(), "az network service-endpoint policy list -o table");
    // The guid of the resource is Azure's.
    let (shown, _) = list.trim_end().rsplit_once("  ").unwrap();
    expect![[r#"
        Location    Name     ProvisioningState    ResourceGroup    ResourceGuid
        ----------  -------  -------------------  ---------------  ------------------------------------
        eastus      rg1sep1  Succeeded            rg1            "#]]
    .assert_eq(shown);
    let show = azure(&with_policy(), "az network service-endpoint policy show -g rg1 --name rg1sep1");
    let guid = serde_json::from_str::<Value>(&show).unwrap()["resourceGuid"].as_str().unwrap().to_owned();
    expect![[r#"
        {
          "etag": "<etag>",
          "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/serviceEndpointPolicies/rg1sep1",
          "location": "eastus",
          "name": "rg1sep1",
          "provisioningState": "Succeeded",
          "resourceGroup": "rg1",
          "resourceGuid": "bb60de68-a06b-4e5c-9788-1c60c90fc91e",
          "serviceEndpointPolicyDefinitions": [
            {
              "description": null,
              "etag": "<etag>",
              "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/serviceEndpointPolicies/rg1sep1/serviceEndpointPolicyDefinitions/rg1sep1_Microsoft.Storage",
              "name": "rg1sep1_Microsoft.Storage",
              "provisioningState": "Succeeded",
              "resourceGroup": "rg1",
              "service": "Microsoft.Storage",
              "serviceResources": [
                "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/rg1sto1brng1"
              ],
              "type": "Microsoft.Network/serviceEndpointPolicies/serviceEndpointPolicyDefinitions"
            }
          ],
          "subnets": [
            {
              "addressPrefix": null,
              "addressPrefixes": null,
              "delegations": null,
              "etag": null,
              "id": "/subscriptions/<SUB>/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/rg1vnet1/subnets/default",
              "ipAllocations": null,
              "ipConfigurationProfiles": null,
              "ipConfigurations": null,
              "name": null,
              "natGateway": null,
              "networkSecurityGroup": null,
              "privateEndpointNetworkPolicies": null,
              "privateEndpoints": null,
              "privateLinkServiceNetworkPolicies": null,
              "provisioningState": null,
              "purpose": null,
              "resourceGroup": "rg1",
              "resourceNavigationLinks": null,
              "routeTable": null,
              "serviceAssociationLinks": null,
              "serviceEndpointPolicies": null,
              "serviceEndpoints": null
            }
          ],
          "tags": {},
          "type": "Microsoft.Network/serviceEndpointPolicies"
        }
    "#]]
    .assert_eq(&show.replace(&guid, "bb60de68-a06b-4e5c-9788-1c60c90fc91e"));
}
