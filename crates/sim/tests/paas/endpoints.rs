//! Service endpoints (8.1, 8.5), their policies (8.2), and where both meet private endpoints.

use sim::firewall::{FirewallRule, LineVerdict};
use sim::trace::{FirewallVerdict, NextHopType, PathKind, Route, RouteState};

use super::*;
use crate::support::{cause, network, status};

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const BLOB: &str = "acct.blob.core.windows.net";

/// A storage account that denies everybody but the subnet `default`, which has a service endpoint.
fn with_endpoint() -> Value {
    let mut document = with_service(STORAGE);
    document["subnets"]["default"]["serviceEndpoints"] = json!([{ "service": "Microsoft.Storage" }]);
    document["platformServices"]["acct"]["networkAcls"] = json!({
        "defaultAction": "Deny",
        "virtualNetworkRules": [{ "virtualNetworkResourceId": "default" }],
    });
    document
}

fn endpoint_routes(document: &Value, interface: &str) -> Vec<Route> {
    let routes = network(document).effective_routes(&id(interface)).unwrap();
    routes.into_iter().filter(|route| route.next_hop_type == NextHopType::VirtualNetworkServiceEndpoint).collect()
}

fn path(trace: &Trace) -> PathKind {
    trace.path().unwrap()
}

fn verdict(trace: &Trace) -> FirewallVerdict {
    let evaluated = trace.steps.iter().find_map(|step| match step.event {
        Event::FirewallEvaluated { verdict, .. } => Some(verdict),
        _ => None,
    });
    evaluated.unwrap()
}

/// A second network `spoke`, peered with the first, with a machine `other`.
fn add_spoke(document: &mut Value) {
    document["virtualNetworks"]["spoke"] = json!({ "subscription": "sub", "addressPrefixes": ["10.1.0.0/16"] });
    document["subnets"]["spoke-default"] = json!({ "virtualNetwork": "spoke", "addressPrefix": "10.1.0.0/24" });
    document["virtualMachines"]["other"] = json!({});
    document["networkInterfaces"]["other-nic"] = json!({ "virtualMachine": "other", "subnet": "spoke-default" });
    document["virtualNetworkPeerings"] = json!({
        "there": { "virtualNetwork": "vnet", "remoteVirtualNetwork": "spoke" },
        "back": { "virtualNetwork": "spoke", "remoteVirtualNetwork": "vnet" },
    });
}

#[test]
fn rule_8_1_1_several_services_may_have_an_endpoint_each_with_one_route_of_many_prefixes() {
    let mut document = with_endpoint();
    document["platformServices"]["vault"] = json!({ "type": "Microsoft.KeyVault/vaults", "subscription": "sub" });
    document["subnets"]["default"]["serviceEndpoints"] =
        json!([{ "service": "Microsoft.Storage" }, { "service": "Microsoft.KeyVault" }]);
    let routes = endpoint_routes(&document, "client-nic");
    assert_eq!(routes.len(), 2);
    assert!(routes.iter().all(|route| !route.further_prefixes.is_empty() && route.state == RouteState::Active));
    assert_eq!(routes[1].address_prefix.to_string(), "191.238.72.152/29", "the highest captured prefix comes first");
}

#[test]
fn rule_8_1_2_the_service_sees_the_private_address_and_the_subnet_and_the_name_stays_public() {
    let trace = ask(&with_endpoint(), https(BLOB));
    let Outcome::Answered { caller, path, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((caller.address.to_string().as_str(), *path), ("10.0.0.4", PathKind::ServiceEndpoint));
    assert!(!address(&trace).starts_with("10."), "8.1.2c: DNS is unchanged");
    assert_eq!((verdict(&trace), status(&trace)), (FirewallVerdict::AllowedByVirtualNetworkRule, Some(200)));
    assert!(!trace.steps.iter().any(|step| matches!(step.event, Event::OutboundTranslated { .. })));
}

#[test]
fn rule_8_1_2_a_service_endpoint_needs_no_way_out_to_the_internet() {
    let mut document = with_endpoint();
    document["subnets"]["default"]["defaultOutboundAccess"] = json!(false);
    assert_eq!(status(&ask(&document, https(BLOB))), Some(200));
    document["subnets"]["default"]["serviceEndpoints"] = json!([]);
    assert_eq!(cause(&ask(&document, https(BLOB))), "NoOutboundAccess");
}

#[test]
fn rule_8_1_2_and_m34_the_public_addresses_of_a_firewall_stop_matching() {
    let mut document = with_service("Microsoft.Sql/servers");
    document["platformServices"]["acct"]["firewallRules"] =
        json!({ "all": { "startIpAddress": "203.0.113.0", "endIpAddress": "203.0.113.255" } });
    let login = json!({ "from": "client", "protocol": "SQL", "to": "acct.database.windows.net" });
    assert_eq!(response(&ask(&document, login.clone())).status, 0);
    document["subnets"]["default"]["serviceEndpoints"] = json!([{ "service": "Microsoft.Sql" }]);
    let refused = response(&ask(&document, login.clone()));
    assert_eq!(refused.error_code.as_deref(), Some("40914"));
    assert_eq!(
        refused.body,
        "Cannot open server 'acct' requested by the login. Client is not allowed to access the server."
    );
    document["platformServices"]["acct"]["networkAcls"] =
        json!({ "virtualNetworkRules": [{ "virtualNetworkResourceId": "default" }] });
    assert_eq!(response(&ask(&document, login)).status, 0);
}

#[test]
fn rule_8_1_3_and_m35_peers_inherit_neither_the_route_nor_the_identity() {
    let mut document = with_endpoint();
    add_spoke(&mut document);
    assert_eq!(endpoint_routes(&document, "client-nic").len(), 1);
    assert_eq!(endpoint_routes(&document, "other-nic"), []);
    let from_spoke = json!({ "from": "other", "protocol": "HTTPS", "to": BLOB });
    let trace = ask(&document, from_spoke.clone());
    assert_eq!((path(&trace), verdict(&trace)), (PathKind::Public, FirewallVerdict::DeniedByDefault));
    document["subnets"]["spoke-default"]["serviceEndpoints"] = json!([{ "service": "Microsoft.Storage" }]);
    let trace = ask(&document, from_spoke.clone());
    assert_eq!((path(&trace), verdict(&trace)), (PathKind::ServiceEndpoint, FirewallVerdict::DeniedByDefault));
    document["platformServices"]["acct"]["networkAcls"]["virtualNetworkRules"] =
        json!([{ "virtualNetworkResourceId": "spoke-default" }]);
    assert_eq!(status(&ask(&document, from_spoke)), Some(200), "one endpoint and one rule for each subnet");
}

#[test]
fn rule_8_1_4_storage_reaches_its_own_and_the_paired_region_and_sql_its_own() {
    for (resource_type, service, location, reached) in [
        (STORAGE, "Microsoft.Storage", "westeurope", true),
        (STORAGE, "Microsoft.Storage", "northeurope", true),
        (STORAGE, "Microsoft.Storage", "eastus", false),
        (STORAGE, "Microsoft.Storage.Global", "eastus", true),
        ("Microsoft.Sql/servers", "Microsoft.Sql", "westeurope", true),
        ("Microsoft.Sql/servers", "Microsoft.Sql", "northeurope", false),
        ("Microsoft.KeyVault/vaults", "Microsoft.KeyVault", "eastus", true),
    ] {
        let mut document = with_service(resource_type);
        document["platformServices"]["acct"]["location"] = json!(location);
        document["subnets"]["default"]["serviceEndpoints"] = json!([{ "service": service }]);
        let address = network(&document).public_address(&id("acct")).unwrap();
        let port = if service == "Microsoft.Sql" { 1433 } else { 443 };
        let question = json!({ "from": "client", "protocol": "TCP", "to": address.to_string(), "port": port });
        let expected = if reached { PathKind::ServiceEndpoint } else { PathKind::Public };
        assert_eq!(path(&ask(&document, question)), expected, "{service} from westeurope to {location}");
    }
}

#[test]
fn rule_8_1_5_a_service_endpoint_overrides_forced_tunnelling() {
    let mut document = with_endpoint();
    document["routeTables"]["forced"] = json!({ "subscription": "sub", "routes": {
        "all": { "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.99" },
    } });
    document["subnets"]["default"]["routeTable"] = json!("forced");
    assert_eq!(status(&ask(&document, https(BLOB))), Some(200));
    let address = network(&document).public_address(&id("acct")).unwrap();
    document["routeTables"]["forced"]["routes"]["same"] = json!({
        "addressPrefix": format!("{address}/32"), "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.99",
    });
    assert_eq!(status(&ask(&document, https(BLOB))), Some(200), "4.3.3b: even of exactly the same prefix");
    let routes = network(&document).effective_routes(&id("client-nic")).unwrap();
    let same = routes.iter().find(|route| route.name.as_deref() == Some("same")).unwrap();
    assert_eq!(same.state, RouteState::Invalid);
    document["subnets"]["default"]["serviceEndpoints"] = json!([]);
    assert_eq!(cause(&ask(&document, https(BLOB))), "ApplianceUnreachable");
}

#[test]
fn rule_8_1_6_a_security_group_still_has_to_allow_the_public_service() {
    let mut document = with_endpoint();
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "sub", "securityRules": {
        "storage": { "priority": 100, "direction": "Outbound", "access": "Allow", "destinationAddressPrefix": "Storage.westeurope" },
        "rest": { "priority": 200, "direction": "Outbound", "access": "Deny", "destinationAddressPrefix": "Internet" },
    } });
    document["subnets"]["default"]["networkSecurityGroup"] = json!("nsg");
    assert_eq!(status(&ask(&document, https(BLOB))), Some(200));
    document["networkSecurityGroups"]["nsg"]["securityRules"].as_object_mut().unwrap().shift_remove("storage");
    assert_eq!(cause(&ask(&document, https(BLOB))), "DeniedBySecurityGroup");
}

#[test]
fn rule_8_1_7_a_service_endpoint_alone_restricts_nothing() {
    let mut document = with_endpoint();
    document["platformServices"]["acct"]["networkAcls"] = json!({});
    document["platformServices"]["theirs"] = json!({ "type": STORAGE, "subscription": "sub" });
    add_spoke(&mut document);
    let from_spoke = json!({ "from": "other", "protocol": "HTTPS", "to": BLOB });
    assert_eq!(verdict(&ask(&document, from_spoke)), FirewallVerdict::AllowedByDefault);
    let other_account = ask(&document, https("theirs.blob.core.windows.net"));
    assert_eq!(
        (path(&other_account), verdict(&other_account)),
        (PathKind::ServiceEndpoint, FirewallVerdict::AllowedByDefault)
    );
}

#[test]
fn rule_8_5_the_address_decides_between_private_and_service_endpoint() {
    let mut document = with_endpoint();
    add_endpoint(&mut document, "blob");
    let trace = ask(&document, https(BLOB));
    assert_eq!((path(&trace), verdict(&trace)), (PathKind::PrivateEndpoint, FirewallVerdict::AllowedByPrivateEndpoint));
    let zones = std::mem::take(&mut document["privateDnsZones"]);
    document["privateDnsZones"] = json!({});
    let trace = ask(&document, https(BLOB));
    assert_eq!(
        (path(&trace), verdict(&trace)),
        (PathKind::ServiceEndpoint, FirewallVerdict::AllowedByVirtualNetworkRule)
    );
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    assert_eq!(verdict(&ask(&document, https(BLOB))), FirewallVerdict::DeniedPublicNetworkAccess);
    document["privateDnsZones"] = zones;
    assert_eq!(verdict(&ask(&document, https(BLOB))), FirewallVerdict::AllowedByPrivateEndpoint);
}

#[test]
fn rule_8_4_ai_services_point_a_subnet_to_private_endpoints() {
    let mut document = with_service("Microsoft.CognitiveServices/accounts");
    document["subnets"]["default"]["serviceEndpoints"] = json!([{ "service": "Microsoft.CognitiveServices" }]);
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    let body = response(&ask(&document, https("acct.openai.azure.com"))).body;
    assert!(body.contains("Traffic is not from an approved private endpoint"), "{body}");
}

#[test]
fn what_a_subnet_may_not_say_about_service_endpoints_is_reported() {
    let mut document = with_endpoint();
    let endpoints = json!([{ "service": "Microsoft.Storage" }, { "service": "Contoso.Things" }, { "service": "microsoft.storage" }]);
    document["subnets"]["default"]["serviceEndpoints"] = endpoints;
    assert_eq!(
        problems(&document),
        [
            (
                "default/serviceEndpoints/1".to_owned(),
                ProblemCode::ServiceEndpointUnknown { service: "Contoso.Things".into() }
            ),
            (
                "default/serviceEndpoints/2".to_owned(),
                ProblemCode::ServiceEndpointTwice { service: "microsoft.storage".into() }
            ),
        ]
    );
}

// 8.2: service endpoint policies.

/// Restricts the subnet `default` to these resources, by one policy a list.
fn restrict(document: &mut Value, lists: &[&[&str]]) {
    let mut names = Vec::new();
    for (position, list) in lists.iter().enumerate() {
        let name = format!("policy-{position}");
        document["serviceEndpointPolicies"][&name] = json!({
            "subscription": "sub",
            "serviceEndpointPolicyDefinitions": { "storage": { "service": "Microsoft.Storage", "serviceResources": list } },
        });
        names.push(name);
    }
    document["subnets"]["default"]["serviceEndpointPolicies"] = json!(names);
}

fn with_two_accounts() -> Value {
    let mut document = with_endpoint();
    document["platformServices"]["acct"]["networkAcls"] = json!({});
    document["subscriptions"]["other-sub"] = json!({ "tenant": "contoso", "resourceGroup": "rg2" });
    document["platformServices"]["theirs"] = json!({ "type": STORAGE, "subscription": "other-sub" });
    document
}

/// Which of the two accounts the client reaches.
fn reached(document: &Value) -> (bool, bool) {
    let allows = |name: &str| verdict(&ask(document, https(&format!("{name}.blob.core.windows.net")))).allows();
    (allows("acct"), allows("theirs"))
}

#[test]
fn rule_8_2_with_a_policy_only_listed_accounts_are_reached_over_the_endpoint() {
    let mut document = with_two_accounts();
    assert_eq!(reached(&document), (true, true), "without a policy the whole service is open");
    restrict(&mut document, &[&["acct"]]);
    assert_eq!(reached(&document), (true, false));
    let trace = ask(&document, https("theirs.blob.core.windows.net"));
    assert_eq!(verdict(&trace), FirewallVerdict::DeniedByEndpointPolicy);
    assert_eq!(response(&trace).error_code.as_deref(), Some("AuthorizationFailure"));
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A80") && step.sources.contains(&"SE-POL")));
    let lines = network(&document).explain_firewall_of(&trace);
    assert_eq!(lines[0].rule, FirewallRule::EndpointPolicies { policies: vec![id("policy-0")] });
    assert_eq!(lines[0].verdict, LineVerdict::Decides(FirewallVerdict::DeniedByEndpointPolicy));
}

#[test]
fn rule_8_2_a_scope_is_an_account_a_group_or_a_subscription_by_id_or_arm_id() {
    let arm = "/subscriptions/sub/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/acct";
    for (scope, expected) in [
        ("acct", (true, false)),
        (arm, (true, false)),
        ("other-sub", (false, true)),
        ("/subscriptions/sub", (true, false)),
        ("/subscriptions/other-sub/resourceGroups/rg2", (false, true)),
        ("/subscriptions/other-sub/resourceGroups/rg1", (false, false)),
        ("/services/Azure/Databricks", (false, false)),
    ] {
        let mut document = with_two_accounts();
        restrict(&mut document, &[&[scope]]);
        assert_eq!(reached(&document), expected, "{scope}");
        assert_eq!(problems(&document), [], "{scope}");
    }
    let mut document = with_two_accounts();
    restrict(&mut document, &[&["nobody"]]);
    let missing = ProblemCode::MissingReference { reference: "nobody".into() };
    let field = "policy-0/serviceEndpointPolicyDefinitions/storage/serviceResources/0".to_owned();
    assert_eq!(problems(&document), [(field, missing)]);
}

#[test]
fn rule_8_2_several_policies_are_a_union() {
    let mut document = with_two_accounts();
    restrict(&mut document, &[&["acct"], &["theirs"]]);
    assert_eq!(reached(&document), (true, true));
}

#[test]
fn rule_8_2_policies_leave_other_ways_alone() {
    let mut document = with_two_accounts();
    restrict(&mut document, &[&["theirs"]]);
    add_endpoint(&mut document, "blob");
    assert_eq!(verdict(&ask(&document, https(BLOB))), FirewallVerdict::AllowedByPrivateEndpoint, "A19");
    document["privateDnsZones"] = json!({});
    assert_eq!(verdict(&ask(&document, https(BLOB))), FirewallVerdict::DeniedByEndpointPolicy);
    document["platformServices"]["acct"]["location"] = json!("eastus");
    assert_eq!(
        verdict(&ask(&document, https(BLOB))),
        FirewallVerdict::AllowedByDefault,
        "outside the endpoint's regions"
    );
}

#[test]
fn rule_8_2_what_azure_refuses_of_a_policy_is_reported() {
    let mut document = with_two_accounts();
    restrict(&mut document, &[&["acct"]]);
    document["serviceEndpointPolicies"]["policy-0"]["location"] = json!("eastus");
    document["serviceEndpointPolicies"]["policy-0"]["serviceEndpointPolicyDefinitions"]["sql"] =
        json!({ "service": "Microsoft.Sql", "serviceResources": vec!["acct"; 201] });
    let found = problems(&document);
    let field = "default/serviceEndpointPolicies/0";
    for (place, code) in [
        (field, ProblemCode::EndpointPolicyOtherRegion { policy: id("policy-0") }),
        (field, ProblemCode::EndpointPolicyWithoutEndpoint { service: "Microsoft.Sql".into() }),
        ("policy-0/serviceEndpointPolicyDefinitions/sql", ProblemCode::EndpointPolicyLimit { count: 201, limit: 200 }),
    ] {
        assert!(found.contains(&(place.to_owned(), code.clone())), "{code:?} not in {found:?}");
    }
    restrict(&mut document, &[&[][..]; 101]);
    let limit = ProblemCode::EndpointPolicyLimit { count: 101, limit: 100 };
    assert!(problems(&document).contains(&("default/serviceEndpointPolicies".to_owned(), limit)));
}

#[test]
fn rule_8_1_3_on_premises_machines_pass_by_the_public_address_of_their_site() {
    let mut document = with_endpoint();
    document["onPremisesSites"]["site"] =
        json!({ "addressPrefixes": ["192.168.0.0/24"], "publicIPAddress": "192.0.2.9" });
    document["onPremisesHosts"]["host"] = json!({ "onPremisesSite": "site", "ipAddress": "192.168.0.4" });
    let question = json!({ "from": "host", "protocol": "HTTPS", "to": BLOB });
    assert_eq!(verdict(&ask(&document, question.clone())), FirewallVerdict::DeniedByDefault);
    document["platformServices"]["acct"]["networkAcls"]["ipRules"] = json!(["192.0.2.9"]);
    assert_eq!(verdict(&ask(&document, question)), FirewallVerdict::AllowedByIpRule);
}
