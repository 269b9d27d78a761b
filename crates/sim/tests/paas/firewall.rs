//! Firewalls of platform services (8.3) and the exact words of their refusals (8.4).

use sim::firewall::{Caller, FirewallRule, LineVerdict, Mismatch};
use sim::trace::FirewallVerdict;

use super::*;
use crate::support::network;

const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const SQL: &str = "Microsoft.Sql/servers";

fn acct(document: &mut Value) -> &mut Value {
    &mut document["platformServices"]["acct"]
}

fn service(resource_type: &str, settings: Value) -> Value {
    let mut document = with_service(resource_type);
    for (key, value) in settings.as_object().unwrap() {
        acct(&mut document)[key] = value.clone();
    }
    document
}

/// A caller with a public address outside Azure.
fn outsider() -> Caller {
    Caller {
        private_endpoint: false,
        address: [203, 0, 113, 7].into(),
        identity: None,
        subnet: None,
        region: None,
        resource: None,
    }
}

/// A caller that comes by the service endpoint of `default`.
fn by_service_endpoint() -> Caller {
    let subnet = Some(id("default"));
    Caller { address: [10, 0, 0, 4].into(), identity: subnet.clone(), subnet, ..outsider() }
}

#[track_caller]
fn decides(document: &Value, caller: &Caller, expected: FirewallVerdict) {
    let lines = network(document).explain_firewall(&id("acct"), caller);
    let found = lines.iter().find_map(|line| match line.verdict {
        LineVerdict::Decides(verdict) => Some(verdict),
        _ => None,
    });
    assert_eq!(found, Some(expected), "{lines:#?}");
}

#[test]
fn rule_8_3_a_private_endpoint_passes_whatever_the_firewall_says() {
    let closed = json!({ "publicNetworkAccess": "Disabled", "networkAcls": { "defaultAction": "Deny" } });
    let caller = Caller { private_endpoint: true, ..outsider() };
    decides(&service(STORAGE, closed), &caller, FirewallVerdict::AllowedByPrivateEndpoint);
}

#[test]
fn rule_8_3_public_network_access_disabled_makes_every_rule_dead() {
    let rules = json!({
        "publicNetworkAccess": "Disabled",
        "networkAcls": {
            "defaultAction": "Allow",
            "ipRules": ["203.0.113.0/24"],
            "virtualNetworkRules": [{ "virtualNetworkResourceId": "default" }],
        },
    });
    let document = service(STORAGE, rules);
    decides(&document, &outsider(), FirewallVerdict::DeniedPublicNetworkAccess);
    decides(&document, &by_service_endpoint(), FirewallVerdict::DeniedPublicNetworkAccess);
}

#[test]
fn rule_8_3_without_a_rule_default_action_decides() {
    decides(&service(STORAGE, json!({})), &outsider(), FirewallVerdict::AllowedByDefault);
    let deny = json!({ "networkAcls": { "defaultAction": "Deny" } });
    decides(&service(STORAGE, deny), &outsider(), FirewallVerdict::DeniedByDefault);
}

#[test]
fn rule_8_3_a_perimeter_decides_by_its_access_rules() {
    let secured = json!({
        "publicNetworkAccess": "SecuredByPerimeter",
        "networkAcls": { "defaultAction": "Allow" },
        "networkSecurityPerimeter": { "accessRules": {
            "office": { "addressPrefixes": ["203.0.113.0/24"] },
            "own": { "subscriptions": ["sub"] },
        } },
    });
    let mut document = service(STORAGE, secured);
    decides(&document, &outsider(), FirewallVerdict::AllowedByPerimeterRule);
    let elsewhere = Caller { address: [192, 0, 2, 1].into(), ..outsider() };
    decides(&document, &elsewhere, FirewallVerdict::DeniedByPerimeter);
    document["platformServices"]["factory"] =
        json!({ "type": "Microsoft.DataFactory/factories", "subscription": "sub" });
    let factory = Caller { resource: Some(id("factory")), ..elsewhere };
    decides(&document, &factory, FirewallVerdict::AllowedByPerimeterRule);
}

#[test]
fn rule_8_3_2_ip_rules_have_no_effect_from_the_same_region() {
    let rule = json!({ "networkAcls": { "defaultAction": "Deny", "ipRules": ["203.0.113.0/24"] } });
    let document = service(STORAGE, rule.clone());
    decides(&document, &outsider(), FirewallVerdict::AllowedByIpRule);
    let here = Caller { region: Some("westeurope".into()), ..outsider() };
    decides(&document, &here, FirewallVerdict::DeniedByDefault);
    let lines = network(&document).explain_firewall(&id("acct"), &here);
    let line = lines.iter().find(|line| matches!(line.rule, FirewallRule::IpRule { .. })).unwrap();
    assert_eq!(line.verdict, LineVerdict::Misses(Mismatch::SameRegion), "M36");
    let there = Caller { region: Some("eastus".into()), ..outsider() };
    decides(&document, &there, FirewallVerdict::AllowedByIpRule);
    decides(&service(VAULT, rule), &here, FirewallVerdict::AllowedByIpRule);
}

#[test]
fn rule_8_3_2_storage_takes_no_31_no_32_and_no_private_range() {
    for (range, valid) in [
        ("203.0.113.7", true),
        ("203.0.113.4/30", true),
        ("203.0.113.6/31", false),
        ("203.0.113.7/32", false),
        ("10.0.0.0/16", false),
        ("192.168.1.1", false),
        ("office", false),
    ] {
        let document = service(STORAGE, json!({ "networkAcls": { "defaultAction": "Deny", "ipRules": [range] } }));
        let expected = if valid { FirewallVerdict::AllowedByIpRule } else { FirewallVerdict::DeniedByDefault };
        decides(&document, &outsider(), expected);
        let found = problems(&document);
        let reported = found.iter().any(|(field, code)| {
            field == "acct/networkAcls/ipRules/0" && *code == ProblemCode::IpRuleInvalid { rule: range.into() }
        });
        assert_eq!(reported, !valid, "{range}: {found:?}");
    }
}

#[test]
fn rule_8_1_2_an_ip_rule_for_the_public_address_stops_matching_behind_a_service_endpoint() {
    let rule = json!({ "networkAcls": { "defaultAction": "Deny", "ipRules": ["203.0.113.0/24"] } });
    let document = service(STORAGE, rule);
    decides(&document, &by_service_endpoint(), FirewallVerdict::DeniedByDefault);
    let lines = network(&document).explain_firewall(&id("acct"), &by_service_endpoint());
    let line = lines.iter().find(|line| matches!(line.rule, FirewallRule::IpRule { .. })).unwrap();
    assert_eq!(line.verdict, LineVerdict::Misses(Mismatch::PrivateAddress), "M34");
}

#[test]
fn rule_8_3_a_virtual_network_rule_looks_at_the_identity_and_not_at_the_address() {
    let rule = json!({ "networkAcls": {
        "defaultAction": "Deny",
        "virtualNetworkRules": [{ "virtualNetworkResourceId": "default" }],
    } });
    let document = service(STORAGE, rule);
    decides(&document, &by_service_endpoint(), FirewallVerdict::AllowedByVirtualNetworkRule);
    for (caller, mismatch) in [
        (outsider(), Mismatch::NoIdentity),
        (Caller { subnet: Some(id("default")), ..outsider() }, Mismatch::NoServiceEndpoint),
        (Caller { identity: Some(id("endpoints")), ..by_service_endpoint() }, Mismatch::OtherSubnet),
    ] {
        let lines = network(&document).explain_firewall(&id("acct"), &caller);
        let line = lines.iter().find(|line| matches!(line.rule, FirewallRule::VirtualNetworkRule { .. })).unwrap();
        assert_eq!(line.verdict, LineVerdict::Misses(mismatch));
        decides(&document, &caller, FirewallVerdict::DeniedByDefault);
    }
    let without =
        ProblemCode::SubnetWithoutServiceEndpoint { subnet: id("default"), service: "Microsoft.Storage".into() };
    assert_eq!(problems(&document), [("acct/networkAcls/virtualNetworkRules/0".to_owned(), without)]);
}

#[test]
fn rule_8_3_bypass_lets_trusted_services_pass_and_resource_access_rules_single_ones() {
    let mut document = service(STORAGE, json!({ "networkAcls": { "defaultAction": "Deny" } }));
    for (name, resource_type) in
        [("factory", "Microsoft.DataFactory/factories"), ("app", "Microsoft.Web/sites"), ("vault", VAULT)]
    {
        document["platformServices"][name] = json!({ "type": resource_type, "subscription": "sub" });
    }
    let from = |name: &str| Caller { resource: Some(id(name)), ..outsider() };
    decides(&document, &from("factory"), FirewallVerdict::AllowedByTrustedService);
    decides(&document, &from("app"), FirewallVerdict::DeniedByDefault);
    acct(&mut document)["networkAcls"]["bypass"] = json!("Logging, Metrics");
    decides(&document, &from("factory"), FirewallVerdict::DeniedByDefault);
    acct(&mut document)["networkAcls"]["resourceAccessRules"] =
        json!([{ "tenantId": "contoso", "resourceId": "app" }, { "tenantId": "fabrikam", "resourceId": "vault" }]);
    decides(&document, &from("app"), FirewallVerdict::AllowedByResourceAccessRule);
    decides(&document, &from("vault"), FirewallVerdict::DeniedByDefault);
    acct(&mut document)["publicNetworkAccess"] = json!("Disabled");
    decides(&document, &from("app"), FirewallVerdict::AllowedByResourceAccessRule);
    acct(&mut document)["networkAcls"]["bypass"] = json!("Everything");
    let unknown = ProblemCode::BypassUnknown { word: "Everything".into() };
    assert_eq!(problems(&document), [("acct/networkAcls/bypass".to_owned(), unknown)]);
}

#[test]
fn rule_8_3_4_a_sql_server_is_closed_until_a_firewall_rule_opens_it() {
    let mut document = service(SQL, json!({}));
    decides(&document, &outsider(), FirewallVerdict::DeniedByDefault);
    let azure = Caller { region: Some("westeurope".into()), ..outsider() };
    acct(&mut document)["firewallRules"] =
        json!({ "AllowAllWindowsAzureIps": { "startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0" } });
    decides(&document, &outsider(), FirewallVerdict::DeniedByDefault);
    decides(&document, &azure, FirewallVerdict::AllowedByIpRule);
    acct(&mut document)["firewallRules"] =
        json!({ "office": { "startIpAddress": "203.0.113.1", "endIpAddress": "203.0.113.9" } });
    decides(&document, &outsider(), FirewallVerdict::AllowedByIpRule);
    acct(&mut document)["publicNetworkAccess"] = json!("Disabled");
    decides(&document, &outsider(), FirewallVerdict::DeniedPublicNetworkAccess);
    assert_eq!(problems(&document), [("acct/firewallRules/office".to_owned(), ProblemCode::FirewallRuleWhilePrivate)]);
}

#[test]
fn rule_8_3_cosmos_denies_the_rest_as_soon_as_it_has_a_rule() {
    const COSMOS: &str = "Microsoft.DocumentDB/databaseAccounts";
    decides(&service(COSMOS, json!({})), &outsider(), FirewallVerdict::AllowedByDefault);
    let other = json!({ "networkAcls": { "ipRules": ["192.0.2.0/24"] } });
    decides(&service(COSMOS, other), &outsider(), FirewallVerdict::DeniedByDefault);
}

#[test]
fn rule_8_6_a_private_endpoint_closes_a_web_app_unless_public_access_is_stated() {
    let mut document = service("Microsoft.Web/sites", json!({}));
    decides(&document, &outsider(), FirewallVerdict::AllowedByDefault);
    add_endpoint(&mut document, "sites");
    decides(&document, &outsider(), FirewallVerdict::DeniedPublicNetworkAccess);
    document["privateDnsZones"] = json!({});
    let trace = ask(&document, https("acct.azurewebsites.net"));
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A81")));
    acct(&mut document)["publicNetworkAccess"] = json!("Enabled");
    decides(&document, &outsider(), FirewallVerdict::AllowedByDefault);
}

#[test]
fn a_line_after_the_one_that_decides_is_not_read() {
    let document = service(STORAGE, json!({ "networkAcls": { "ipRules": ["203.0.113.0/24"] } }));
    let lines = network(&document).explain_firewall(&id("acct"), &outsider());
    let verdicts: Vec<LineVerdict> = lines.into_iter().map(|line| line.verdict).collect();
    assert_eq!(
        verdicts[..3],
        [
            LineVerdict::Misses(Mismatch::NotPrivate),
            LineVerdict::Passes,
            LineVerdict::Decides(FirewallVerdict::AllowedByDefault),
        ]
    );
    assert!(verdicts[3..].iter().all(|verdict| *verdict == LineVerdict::NotReached) && verdicts.len() > 4);
}

#[test]
fn the_lines_behind_a_trace_are_those_of_its_caller() {
    let document =
        service(STORAGE, json!({ "networkAcls": { "defaultAction": "Deny", "ipRules": ["203.0.113.0/24"] } }));
    let trace = ask(&document, https("acct.blob.core.windows.net"));
    let lines = network(&document).explain_firewall_of(&trace);
    let verdicts: Vec<LineVerdict> = lines.into_iter().map(|line| line.verdict).collect();
    assert!(verdicts.contains(&LineVerdict::Misses(Mismatch::SameRegion)), "M36: {verdicts:?}");
    assert!(verdicts.contains(&LineVerdict::Decides(FirewallVerdict::DeniedByDefault)));
}
