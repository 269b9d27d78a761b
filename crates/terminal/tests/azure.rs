//! `az`: what is shown, what is changed, and what is said of what does not work.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use expect_test::expect;
use serde_json::{Value, json};
use topology::command::Command;
use topology::resource::ConnectionStatus;

use support::{Desk, as_captured, id, peered, two_tenants};

fn azure() -> Desk {
    Desk::cloud(&peered(), "SUB01")
}

fn json_of(desk: &mut Desk, line: &str) -> Value {
    let text = desk.text(line);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
}

/// The provider's side of the other topology, with a request that waits for its decision.
fn provider() -> Desk {
    let mut document = two_tenants();
    let connections = &mut document["privateEndpoints"]["pe-iis"]["manualPrivateLinkServiceConnections"];
    connections[0]["privateLinkServiceConnectionState"] = json!({ "status": "Pending" });
    Desk::cloud(&document, "provider-01")
}

/// The id of the one connection of the private link service.
fn connection(desk: &mut Desk) -> String {
    let line = "az network private-endpoint-connection list --name pls-iis -g rg1 --type Microsoft.Network/privateLinkServices --query [0].id -o tsv";
    desk.text(line)
}

#[test]
fn a_private_endpoint_is_shown_with_its_connection_and_interface() {
    let endpoint = json_of(&mut azure(), "az network private-endpoint show -g rg1 -n rg1pe1sto1");
    assert_eq!(endpoint["privateLinkServiceConnections"][0]["groupIds"], json!(["blob"]));
    let state = &endpoint["privateLinkServiceConnections"][0]["privateLinkServiceConnectionState"];
    assert_eq!(state["status"], "Approved");
    assert_eq!(endpoint["customDnsConfigs"], json!([]), "its zone group registers the name");
    let interface = endpoint["networkInterfaces"][0]["id"].as_str().unwrap().to_owned();
    let by_id = json_of(&mut azure(), &format!("az network nic show --ids {interface}"));
    assert_eq!(by_id["ipConfigurations"][0]["privateIpAddress"], "10.0.0.5");
}

#[test]
fn an_endpoint_without_a_zone_group_says_which_names_to_register() {
    let mut document = peered();
    document["privateEndpoints"]["rg1pe1sto1"].as_object_mut().unwrap().remove("privateDnsZoneGroup");
    let line = "az network private-endpoint show -g rg1 -n rg1pe1sto1 --query customDnsConfigs";
    let hints = json_of(&mut Desk::cloud(&document, "SUB01"), line);
    assert_eq!(hints, json!([{ "fqdn": "rg1sto1brng1.blob.core.windows.net", "ipAddresses": ["10.0.0.5"] }]));
}

#[test]
fn rule_1_2_9_effective_routes_and_rules_of_an_endpoint_interface_are_not_shown() {
    let mut desk = azure();
    let name =
        desk.text("az network private-endpoint show -g rg1 -n rg1pe1sto1 --query networkInterfaces[0].id -o tsv");
    let name = name.rsplit('/').next().unwrap().to_owned();
    for command in ["show-effective-route-table", "list-effective-nsg"] {
        let output = desk.run(&format!("az network nic {command} -g rg1 -n {name}"));
        assert!(output.text().starts_with("ERROR: Azure does not show the effective"), "{}", output.text());
        assert_eq!(output.exit_code, 1);
    }
}

#[test]
fn effective_security_rules_as_a_table_name_their_group_once() {
    let mut document = peered();
    let deny = json!({"priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "Tcp", "destinationPortRange": "443"});
    document["networkSecurityGroups"] = json!({"nsg1": {"subscription": "SUB01", "securityRules": {"no-https": deny}}});
    document["subnets"]["rg1vnet1-default"]["networkSecurityGroup"] = "nsg1".into();
    let mut desk = Desk::cloud(&document, "SUB01");
    expect![[r#"
        NIC    Subnet    NSG    Rule Name                                           Protocol    Direction    Access
        -----  --------  -----  --------------------------------------------------  ----------  -----------  --------
        -      default   nsg1   defaultSecurityRules/AllowVnetInBound               All         Inbound      Allow
                                defaultSecurityRules/AllowAzureLoadBalancerInBound  All         Inbound      Allow
                                defaultSecurityRules/DenyAllInBound                 All         Inbound      Deny
                                securityRules/no-https                              Tcp         Outbound     Deny
                                defaultSecurityRules/AllowVnetOutBound              All         Outbound     Allow
                                defaultSecurityRules/AllowInternetOutBound          All         Outbound     Allow
                                defaultSecurityRules/DenyAllOutBound                All         Outbound     Deny
    "#]]
    .assert_eq(&as_captured(&desk.text("az network nic list-effective-nsg -g rg1 -n rg1vm1243 -o table")));
    let line = "az network nic list-effective-nsg -g rg1 -n rg1vm1243 --query \"value[0].effectiveSecurityRules[?name=='securityRules/no-https'].destinationPortRange | [0]\" -o tsv";
    assert_eq!(desk.text(line), "443-443");
}

#[test]
fn networks_as_a_table_count_their_subnets() {
    expect![[r#"
        Name      ResourceGroup    Location    NumSubnets    Prefixes     DnsServers    DDOSProtection    VMProtection
        --------  ---------------  ----------  ------------  -----------  ------------  ----------------  --------------
        rg1vnet1  rg1              eastus      1             10.0.0.0/24                False             False
        rg1vnet2  rg1              eastus      1             10.1.0.0/24                False             False
    "#]]
    .assert_eq(&as_captured(&azure().text("az network vnet list -o table")));
}

#[test]
fn a_private_link_service_has_an_alias_and_shows_its_connections() {
    let mut desk = provider();
    let service = json_of(&mut desk, "az network private-link-service show -g rg1 -n pls-iis");
    let alias = service["alias"].as_str().unwrap();
    assert!(alias.starts_with("pls-iis.") && alias.ends_with(".westeurope.azure.privatelinkservice"), "{alias}");
    assert_eq!(service["visibility"], json!({ "subscriptions": ["consumer-01"] }));
    assert_eq!(service["ipConfigurations"][0]["privateIpAddress"], "10.0.2.4");
    let connection = &service["privateEndpointConnections"][0]["properties"];
    let link_identifier = desk.network.link_identifier(&id("pe-iis")).unwrap().to_string();
    assert_eq!(connection["linkIdentifier"], link_identifier.as_str(), "[PLS-OV]");
    assert_eq!(
        connection["privateEndpoint"]["id"],
        "/subscriptions/consumer-01/resourceGroups/rg1/providers/Microsoft.Network/privateEndpoints/pe-iis"
    );
}

#[test]
fn an_owner_approves_and_the_change_is_a_command() {
    let mut desk = provider();
    let connection = connection(&mut desk);
    let list = "az network private-endpoint-connection list --name pls-iis -g rg1 --type Microsoft.Network/privateLinkServices --query \"[].{name:name,status:properties.privateLinkServiceConnectionState.status}\" -o table";
    let waiting = desk.text(list);
    assert!(waiting.starts_with("Name") && waiting.ends_with("  Pending"), "{waiting}");
    let output =
        desk.apply(&format!("az network private-endpoint-connection approve --id {connection} --description ok"));
    assert_eq!(output.commands[0], Command::ApproveConnection { endpoint: id("pe-iis") });
    let printed: Value = serde_json::from_str(&output.text()).unwrap();
    assert_eq!(printed["properties"]["privateLinkServiceConnectionState"]["status"], "Approved");
    assert!(desk.text(list).ends_with("  Approved"));
    let row = desk.document.private_endpoints.get(&id("pe-iis")).unwrap();
    let state = &row.connection().unwrap().private_link_service_connection_state;
    assert_eq!(state.status, ConnectionStatus::Approved);
}

#[test]
fn rule_1_4_4_a_rejected_connection_is_not_approved_any_more() {
    let mut desk = provider();
    let connection = connection(&mut desk);
    desk.apply(&format!("az network private-endpoint-connection reject --id {connection}"));
    let output = desk.run(&format!("az network private-endpoint-connection approve --id {connection}"));
    let text = output.text();
    assert!(
        text.starts_with("ERROR: (")
            && text.contains("Approving rejected private endpoint connections is not supported."),
        "{text}"
    );
    assert!(output.commands.is_empty() && output.exit_code == 1);
}

#[test]
fn a_link_is_deleted_and_the_name_is_public_again() {
    let mut desk = azure();
    let line =
        "az network private-dns link vnet delete -g rg1 -z privatelink.blob.core.windows.net -n link-rg1vnet1 -y";
    let output = desk.apply(line);
    assert_eq!((output.text().as_str(), output.commands.len()), ("", 1));
    desk.shell = terminal::Shell::of_machine(&desk.document, &id("rg1vm1"));
    assert!(desk.text("dig +short rg1sto1brng1.blob.core.windows.net").ends_with("52.239.170.68"));
    let again = desk.run(line);
    assert!(again.text().starts_with("ERROR: (ResourceNotFound)"), "{}", again.text());
    assert_eq!(again.exit_code, 3);
}

#[test]
fn a_query_chooses_columns_in_its_own_order() {
    let line = "az network private-endpoint list --query \"[].{Where: location, Name: name}\" -o";
    let table = azure().text(&format!("{line} table"));
    assert_eq!(table.lines().next().unwrap(), "Where    Name");
    assert_eq!(azure().text(&format!("{line} tsv")), "eastus\trg1pe1kv1\neastus\trg1pe1sto1".replace('\t', "  "));
    assert_eq!(azure().text("az network private-endpoint list --query nothing"), "null");
}

#[test]
fn a_machine_sees_the_resources_of_its_own_subscription_only() {
    let mut desk = Desk::at(&two_tenants(), "client1");
    assert_eq!(desk.text("az network private-endpoint list --query [].name -o tsv"), "pe-iis");
    assert_eq!(desk.text("az network private-link-service list"), "[]");
    let output = desk.run("az network private-link-service list --subscription provider-01");
    expect!["ERROR: The subscription of 'provider-01' doesn't exist in cloud 'AzureCloud'."].assert_eq(&output.text());
}

#[test]
fn what_does_not_exist_is_named_as_azure_names_it() {
    for (line, message, code) in [
        (
            "az network private-endpoint show -g rg1 -n nothing",
            "ERROR: (ResourceNotFound) The Resource 'Microsoft.Network/privateEndpoints/nothing' under resource group 'rg1' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix\nCode: ResourceNotFound\nMessage: The Resource ",
            3,
        ),
        (
            "az network nic list -g rg9",
            "ERROR: (ResourceGroupNotFound) Resource group 'rg9' could not be found.\nCode:",
            3,
        ),
        (
            "az network private-endpoint show -n x",
            "ERROR: the following arguments are required: --resource-group/-g\n\nhttps://aka.ms/cli_ref",
            2,
        ),
        ("az network nic list --color red", "ERROR: unrecognized arguments: --color red", 2),
        ("az network nic list -o", "ERROR: argument --output/-o: expected one argument", 2),
        ("az network nic list -o xml", "ERROR: argument --output/-o: 'xml' is not a valid value for '--output'.", 2),
        ("az network nic list --query [", "ERROR: argument --query: invalid jmespath_type value: '['", 2),
        ("az network bastion list", "ERROR: 'bastion' is misspelled or not recognized by the system.", 1),
        (
            "az storage account show -n nobody -g rg1",
            "ERROR: (ResourceNotFound) The Resource 'Microsoft.Storage/storageAccounts/nobody'",
            3,
        ),
        ("az storage account show -n kv1brntest1 -g rg1", "ERROR: (ResourceNotFound)", 3),
    ] {
        let output = azure().run(line);
        assert!(output.text().starts_with(message), "{line}: {}", output.text());
        assert_eq!(output.exit_code, code, "{line}");
    }
}

#[test]
fn help_lists_groups_commands_and_options() {
    let group = azure().text("az network private-endpoint");
    assert!(group.contains("Subgroups:\n    dns-zone-group") && group.contains("Commands:\n"), "{group}");
    let command = azure().text("az network private-endpoint show --help");
    assert!(command.contains("--name -n") && command.contains("--query"), "{command}");
    assert!(azure().text("az").contains("network"));
}
