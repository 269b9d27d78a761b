//! `az` commands that change something: each is a command that can be undone, or Azure's refusal.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::{Value, json};
use topology::command::plan;
use topology::file;

use support::{Desk, id, peered, two_tenants};

const BLOB: &str = "/subscriptions/SUB01/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/rg1sto1brng1";
const SERVICE: &str =
    "/subscriptions/provider-01/resourceGroups/rg1/providers/Microsoft.Network/privateLinkServices/pls-iis";
const ZONE: &str = "privatelink.blob.core.windows.net";

fn azure() -> Desk {
    Desk::cloud(&peered(), "SUB01")
}

fn refused(desk: &mut Desk, line: &str) -> String {
    let output = desk.run(line);
    assert!(output.commands.is_empty() && output.exit_code != 0, "{line}: {}", output.text());
    output.text().lines().next().unwrap().to_owned()
}

fn status(desk: &Desk, endpoint: &str) -> String {
    let row = desk.document.private_endpoints.get(&id(endpoint)).unwrap();
    row.connection().unwrap().private_link_service_connection_state.status.to_string()
}

#[test]
fn an_endpoint_is_created_approved_named_and_deleted_again() {
    let mut desk = azure();
    desk.apply("az network private-endpoint delete -g rg1 -n rg1pe1sto1 -y");
    let name = "dig +short rg1sto1brng1.blob.core.windows.net";
    let ask = |desk: &mut Desk| {
        let (cloud, machine) = (desk.shell.clone(), terminal::Shell::of_machine(&desk.document, &id("rg1vm1")));
        desk.shell = machine;
        desk.session = sim::Session::new();
        let told = desk.text(name);
        desk.shell = cloud;
        told
    };
    assert!(ask(&mut desk).ends_with("52.239.170.68"));
    let line = format!(
        "az network private-endpoint create -g rg1 -n pe2 --vnet-name rg1vnet1 --subnet default --private-connection-resource-id {BLOB} --group-id blob --connection-name pe2 --nic-name pe2-nic"
    );
    let created: Value = serde_json::from_str(&desk.apply(&line).text()).unwrap();
    assert_eq!(created["privateLinkServiceConnections"][0]["privateLinkServiceConnectionState"]["status"], "Approved");
    assert!(created["networkInterfaces"][0]["id"].as_str().unwrap().ends_with("/networkInterfaces/pe2-nic"));
    let line = format!(
        "az network private-endpoint dns-zone-group create -g rg1 --endpoint-name pe2 -n default --private-dns-zone {ZONE} --zone-name blob"
    );
    let group: Value = serde_json::from_str(&desk.apply(&line).text()).unwrap();
    assert_eq!(group["privateDnsZoneConfigs"][0]["recordSets"][0]["ttl"], 10);
    assert!(ask(&mut desk).ends_with("10.0.0.5"));
    desk.apply("az network private-endpoint dns-zone-group delete -g rg1 --endpoint-name pe2 -n default");
    assert!(!ask(&mut desk).contains("10.0.0.5"));
}

#[test]
fn a_deleted_endpoint_comes_back_by_undoing_the_command() {
    let mut desk = azure();
    let before = file::print(&desk.document);
    let output = desk.run("az network private-endpoint delete -g rg1 -n rg1pe1sto1 -y");
    let diff = plan(&desk.document, output.commands[0].clone()).unwrap();
    diff.apply(&mut desk.document);
    assert!(!desk.document.private_endpoints.contains(&id("rg1pe1sto1")));
    diff.reversed().apply(&mut desk.document);
    assert_eq!(file::print(&desk.document), before);
}

#[test]
fn rule_1_4_6_a_request_by_alias_waits_for_the_owner() {
    let mut desk = Desk::cloud(&two_tenants(), "consumer-01");
    let alias = desk.network.alias(&id("pls-iis")).unwrap();
    let create = |manual: bool| {
        format!(
            "az network private-endpoint create -g rg1 -n pe9 --vnet-name ntt-vnet --subnet endpoints --private-connection-resource-id {alias} --connection-name pe9 --manual-request {manual} --request-message please"
        )
    };
    assert!(refused(&mut desk, &create(false)).contains("--manual-request true"));
    let output = desk.apply(&create(true));
    assert_eq!((output.exit_code, status(&desk, "pe9").as_str()), (0, "Pending"), "{}", output.text());
    desk.shell = terminal::Shell::cloud(id("provider-01"));
    let waiting = desk.text("az network private-link-service show -g rg1 -n pls-iis --query \"privateEndpointConnections[?properties.privateLinkServiceConnectionState.status=='Pending'].id | [0]\" -o tsv");
    desk.apply(&format!("az network private-endpoint-connection approve --id {waiting} --description welcome"));
    assert_eq!(status(&desk, "pe9"), "Approved");
    let shown = desk.text(&format!("az network private-endpoint-connection show --id {waiting} --query properties.privateLinkServiceConnectionState.description -o tsv"));
    assert_eq!(shown, "welcome");
    desk.apply(&format!("az network private-endpoint-connection delete --id {waiting} -y"));
    assert_eq!(status(&desk, "pe9"), "Disconnected");
}

#[test]
fn a_missing_group_id_and_a_target_that_is_not_there_are_refused() {
    let mut desk = azure();
    let create = |target: &str, rest: &str| {
        format!(
            "az network private-endpoint create -g rg1 -n pe9 --vnet-name rg1vnet1 --subnet default --private-connection-resource-id {target} --connection-name c {rest}"
        )
    };
    assert!(refused(&mut desk, &create(BLOB, "")).contains("is missing required parameter 'group Id'"));
    assert!(refused(&mut desk, &create(BLOB, "--group-id nothing")).starts_with("ERROR: (GroupIdInvalid)"));
    assert!(
        refused(&mut desk, &create(&format!("{BLOB}x"), "--group-id blob")).starts_with("ERROR: (ResourceNotFound)")
    );
    assert!(
        refused(&mut desk, "az network private-endpoint create -g rg1 -n pe9")
            .starts_with("ERROR: the following arguments are required: --subnet")
    );
    assert!(
        refused(&mut desk, &create(BLOB, "--group-id blob").replace("default", "other")).contains("/subnets/other")
    );
}

#[test]
fn rule_2_2_a_private_link_service_needs_a_subnet_without_its_policies() {
    let mut desk = Desk::cloud(&two_tenants(), "provider-01");
    let create = |subnet: &str| {
        format!(
            "az network private-link-service create -g rg1 -n pls-new --vnet-name msdn-vnet --subnet {subnet} --lb-name lb-iis --lb-frontend-ip-configs frontend --visibility consumer-01"
        )
    };
    let refusal = refused(&mut desk, &create("web"));
    assert!(
        refusal.starts_with(
            "ERROR: (PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled) Private link service "
        ),
        "{refusal}"
    );
    assert!(refusal.contains(
        "/virtualNetworks/msdn-vnet/subnets/web since it has private link service network policies enabled."
    ));
}

#[test]
fn rule_2_2_a_private_link_service_with_connections_is_not_deleted() {
    let mut desk = Desk::cloud(&two_tenants(), "provider-01");
    let delete = format!("az network private-link-service delete --ids {SERVICE}");
    let refusal = refused(&mut desk, &delete);
    assert!(refusal.starts_with("ERROR: (PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted) Private link service /subscriptions/provider-01/"), "{refusal}");
}

#[test]
fn a_link_is_created_under_its_name_and_only_once() {
    let mut desk = azure();
    let create = |name: &str, network: &str| {
        format!("az network private-dns link vnet create -g rg1 -z {ZONE} -n {name} -v {network} -e false")
    };
    let created: Value = serde_json::from_str(&desk.apply(&create("linkvnet2", "rg1vnet2")).text()).unwrap();
    assert_eq!((&created["name"], &created["virtualNetworkLinkState"]), (&json!("linkvnet2"), &json!("Completed")));
    let again = refused(&mut desk, &create("another", "rg1vnet2"));
    assert!(again.contains("already has a link"), "{again}");
}

#[test]
fn rule_3_3_3_a_network_is_not_linked_to_two_zones_of_one_name() {
    let mut document = peered();
    document["privateDnsZones"]["zone-blob-2"] =
        json!({ "subscription": "SUB01", "name": ZONE, "resourceGroup": "rg2" });
    let mut desk = Desk::cloud(&document, "SUB01");
    let line = format!(
        "az network private-dns link vnet create -g rg2 -z {ZONE} -n second -v /subscriptions/SUB01/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/rg1vnet1 -e false"
    );
    let refusal = refused(&mut desk, &line);
    assert!(
        refusal.starts_with(
            "ERROR: (BadRequest) A virtual network cannot be linked to multiple zones with overlapping namespaces."
        ),
        "{refusal}"
    );
}
