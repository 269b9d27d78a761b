//! Web apps and other platform services that send (M39, 8.3), and meshes with too many endpoints (M41).

use sim::trace::{FirewallVerdict, PathKind};

use super::*;
use crate::support::cause;

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const BLOB: &str = "acct.blob.core.windows.net";

/// A storage account behind a private endpoint, closed to the public, and a web app `app`.
fn with_app() -> Value {
    let mut document = with_service(STORAGE);
    add_endpoint(&mut document, "blob");
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    document["platformServices"]["app"] = json!({ "type": "Microsoft.Web/sites", "subscription": "sub" });
    document
}

fn from(sender: &str, to: &str) -> Value {
    json!({ "from": sender, "protocol": "HTTPS", "to": to })
}

#[test]
fn misconfiguration_m39_an_app_without_a_subnet_ignores_the_private_zone() {
    let mut document = with_app();
    let trace = ask(&document, from("app", BLOB));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::Public), 403));
    document["platformServices"]["app"]["virtualNetworkSubnetId"] = json!("default");
    let trace = ask(&document, from("app", BLOB));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::PrivateEndpoint), 200));
    assert_eq!(address(&trace), "10.0.1.4", "it asks the DNS of the network");
    let Outcome::Answered { caller, .. } = trace.outcome else { panic!() };
    assert_eq!(caller.address.to_string(), "10.0.0.5", "from an address of the subnet");
}

#[test]
fn misconfiguration_m39_without_route_all_public_addresses_are_reached_around_the_network() {
    let mut document = with_app();
    document["privateEndpoints"] = json!({});
    document["subnets"]["default"]["serviceEndpoints"] = json!([{ "service": "Microsoft.Storage" }]);
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Enabled");
    document["platformServices"]["acct"]["networkAcls"] =
        json!({ "defaultAction": "Deny", "virtualNetworkRules": [{ "virtualNetworkResourceId": "default" }] });
    document["platformServices"]["app"]["virtualNetworkSubnetId"] = json!("default");
    let trace = ask(&document, from("app", BLOB));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::ServiceEndpoint), 200));
    document["platformServices"]["app"]["vnetRouteAllEnabled"] = json!(false);
    let trace = ask(&document, from("app", BLOB));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::Public), 403));
}

#[test]
fn misconfiguration_m39_the_content_share_goes_around_the_network_unless_told_otherwise() {
    let share = "acct.file.core.windows.net";
    let mut document = with_service(STORAGE);
    add_endpoint(&mut document, "file");
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    document["platformServices"]["app"] =
        json!({ "type": "Microsoft.Web/sites", "subscription": "sub", "virtualNetworkSubnetId": "default" });
    let trace = ask(&document, from("app", share));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::Public), 403));
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A85")));
    document["platformServices"]["app"]["vnetContentShareEnabled"] = json!(true);
    let trace = ask(&document, from("app", share));
    assert_eq!((trace.path(), response(&trace).status), (Some(PathKind::PrivateEndpoint), 200));
}

#[test]
fn rule_8_3_a_trusted_service_passes_a_closed_firewall_by_bypass() {
    let mut document = with_app();
    document["platformServices"]["factory"] =
        json!({ "type": "Microsoft.DataFactory/factories", "subscription": "sub" });
    let trace = ask(&document, from("factory", BLOB));
    let verdict = trace.steps.iter().find_map(|step| match step.event {
        Event::FirewallEvaluated { verdict, .. } => Some((verdict, step.assumptions.clone())),
        _ => None,
    });
    assert_eq!(verdict, Some((FirewallVerdict::AllowedByTrustedService, vec!["A82"])));
    assert_eq!(response(&trace).status, 200);
}

#[test]
fn the_subnet_an_app_is_integrated_with_has_to_exist() {
    let mut document = with_app();
    document["platformServices"]["app"]["virtualNetworkSubnetId"] = json!("nowhere");
    let missing = ProblemCode::MissingReference { reference: "nowhere".into() };
    assert_eq!(problems(&document), [("app/virtualNetworkSubnetId".to_owned(), missing)]);
    assert_eq!(cause(&ask(&document, from("app", BLOB))), "SenderWithoutInterface");
}

#[test]
fn rule_1_1_7_data_lake_needs_an_endpoint_for_blob_too() {
    let mut document = with_service(STORAGE);
    add_endpoint(&mut document, "dfs");
    let code = ProblemCode::DataLakeWithoutBlob { account: id("acct") };
    assert_eq!(problems(&document), [("pe/groupIds".to_owned(), code)]);
    document["privateEndpoints"]["pe-blob"] = document["privateEndpoints"]["pe"].clone();
    document["privateEndpoints"]["pe-blob"]["privateLinkServiceConnections"][0]["groupIds"] = json!(["blob"]);
    assert_eq!(problems(&document), []);
}

/// `count` endpoints for the account in a network of their own, peered with the first.
fn add_mesh(document: &mut Value, network: &str, second: u8, count: usize) {
    document["virtualNetworks"][network] =
        json!({ "subscription": "sub", "addressPrefixes": [format!("10.{second}.0.0/16")] });
    document["subnets"][format!("{network}-subnet")] =
        json!({ "virtualNetwork": network, "addressPrefix": format!("10.{second}.0.0/16") });
    document["virtualNetworkPeerings"][format!("to-{network}")] =
        json!({ "virtualNetwork": "vnet", "remoteVirtualNetwork": network });
    document["virtualNetworkPeerings"][format!("from-{network}")] =
        json!({ "virtualNetwork": network, "remoteVirtualNetwork": "vnet" });
    let connection = json!([{
        "privateLinkServiceId": "acct", "groupIds": ["blob"],
        "privateLinkServiceConnectionState": { "status": "Approved" },
    }]);
    for n in 0..count {
        document["privateEndpoints"][format!("{network}-{n}")] =
            json!({ "subnet": format!("{network}-subnet"), "privateLinkServiceConnections": connection });
    }
}

fn to_endpoint(document: &Value, endpoint: &str) -> &'static str {
    let address = support::network(document).address_of(&id(endpoint)).unwrap();
    cause(&ask(document, json!({ "from": "client", "protocol": "TCP", "to": address.to_string(), "port": 443 })))
}

#[test]
fn misconfiguration_m41_endpoints_beyond_a_thousand_in_a_network_carry_nothing() {
    let mut document = with_service(STORAGE);
    add_mesh(&mut document, "mesh", 1, 1001);
    assert_eq!(to_endpoint(&document, "mesh-999"), "Answered");
    assert_eq!(to_endpoint(&document, "mesh-1000"), "EndpointBeyondLimit");
    let limit = ProblemCode::PrivateEndpointLimit { count: 1001, limit: 1000 };
    assert_eq!(problems(&document), [("mesh/privateEndpointVNetPolicies".to_owned(), limit)]);
    document["virtualNetworks"]["mesh"]["privateEndpointVNetPolicies"] = json!("Basic");
    assert_eq!(to_endpoint(&document, "mesh-1000"), "Answered");
    assert_eq!(problems(&document), []);
}

#[test]
fn misconfiguration_m41_a_network_sees_four_thousand_endpoints_across_its_peers() {
    let mut document = with_service(STORAGE);
    for second in 1..=5 {
        add_mesh(&mut document, &format!("mesh{second}"), second, 801);
    }
    assert_eq!(to_endpoint(&document, "mesh5-795"), "Answered");
    assert_eq!(to_endpoint(&document, "mesh5-796"), "EndpointBeyondLimit");
    let limit = ProblemCode::PrivateEndpointLimit { count: 4005, limit: 4000 };
    assert_eq!(problems(&document), [("vnet/privateEndpointVNetPolicies".to_owned(), limit)]);
    document["virtualNetworks"]["vnet"]["privateEndpointVNetPolicies"] = json!("Basic");
    assert_eq!(to_endpoint(&document, "mesh5-800"), "Answered");
}
