//! Private endpoints and health probes.

use serde_json::json;
use sim::trace::{Event, Place, Step};
use sim::{Session, send};
use topology::resource::PrivateEndpointNetworkPolicies;

use crate::support::{PEERED, TWO_TENANTS, ask, cause, json, network, request};
use crate::*;

// 1.6.4 and 6.11 Private endpoint network policies, M23 [PE-POLICY]

#[test]
fn rule_1_6_4_a_group_applies_to_private_endpoints_only_with_two_of_the_four_policies() {
    for (policies, applies) in
        [("Disabled", false), ("RouteTableEnabled", false), ("NetworkSecurityGroupEnabled", true), ("Enabled", true)]
    {
        let mut document = json(TWO_TENANTS);
        document["subnets"]["endpoints"]["privateEndpointNetworkPolicies"] = json!(policies);
        guard(&mut document, "subnets", "endpoints", "nsg", &deny_all("Inbound"));
        let trace = ask(&document, to_iis());
        assert_eq!(cause(&trace) == "DeniedBySecurityGroup", applies, "{policies}");
        if applies {
            assert_eq!(trace.steps.last().unwrap().at, Place::Resource(id("pe-iis")));
            assert!(evaluated(&trace).sources.contains(&"PE-POLICY"));
        }
    }
}

#[test]
fn m23_a_deny_that_does_not_apply_to_a_private_endpoint_is_pointed_out() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "subnets", "endpoints", "nsg", &deny_all("Inbound"));
    let trace = ask(&document, to_iis());
    assert_eq!(cause(&trace), "Answered");
    let ignored: Vec<&Step> =
        trace.steps.iter().filter(|step| matches!(step.event, Event::SecurityNotApplied { .. })).collect();
    let expected = Event::SecurityNotApplied {
        subnet: id("endpoints"),
        group: id("nsg"),
        rule: "deny-all".into(),
        policies: PrivateEndpointNetworkPolicies::Disabled,
    };
    assert_eq!(ignored.len(), 1);
    assert_eq!((&ignored[0].event, &ignored[0].at), (&expected, &Place::Resource(id("pe-iis"))));
    guard(&mut document, "subnets", "endpoints", "nsg", &json!({}));
    let open = ask(&document, to_iis());
    assert!(!open.steps.iter().any(|step| matches!(step.event, Event::SecurityNotApplied { .. })), "it would allow");
}

#[test]
fn rule_6_11_at_a_private_endpoint_the_source_port_is_not_looked_at_and_outbound_rules_mean_nothing() {
    let mut document = json(TWO_TENANTS);
    document["subnets"]["endpoints"]["privateEndpointNetworkPolicies"] = json!("Enabled");
    let mut rules = deny_all("Outbound");
    rules["port"] = rule(100, "Inbound", "Deny", json!({ "sourcePortRange": "1" }));
    guard(&mut document, "subnets", "endpoints", "nsg", &rules);
    let trace = ask(&document, to_iis());
    assert_eq!(decisions(&trace).len(), 1);
    assert_eq!(deciding_rule(&trace), "port");
}

#[test]
fn the_clients_own_outbound_group_always_applies_towards_a_private_endpoint() {
    let mut document = json(PEERED);
    guard(&mut document, "networkInterfaces", "rg1vm2165", "nsg", &deny_all("Outbound"));
    let trace = ask(&document, by_address());
    assert_eq!((cause(&trace), &trace.steps[0].at), ("DeniedBySecurityGroup", &Place::Resource(id("rg1vm2"))));
}

// 6.12 Probes, M31 [PROBE]

#[test]
fn m31_a_group_that_denies_the_probe_takes_the_backends_down_and_is_named() {
    for rules in [
        json!({ "probes": rule(4096, "Inbound", "Deny", json!({ "sourceAddressPrefix": "AzureLoadBalancer" })) }),
        json!({ "probes": rule(4096, "Inbound", "Deny", json!({ "sourceAddressPrefix": "168.63.129.16/32" })) }),
        json!({
            "nat": rule(100, "Inbound", "Allow", json!({ "sourceAddressPrefix": "10.0.2.0/24" })),
            "probes": rule(4096, "Inbound", "Deny", json!({}))
        }),
    ] {
        let mut document = json(TWO_TENANTS);
        guard(&mut document, "subnets", "web", "nsg-web", &rules);
        let trace = ask(&document, to_iis());
        assert_eq!(
            (cause(&trace), &trace.steps.last().unwrap().at),
            ("NoHealthyBackend", &Place::Resource(id("lb-iis")))
        );
        let (interface, group) = (id("iis-0-nic"), id("nsg-web"));
        let named = Event::ProbeDenied { interface, group, rule: "probes".into(), denied: 2 };
        assert!(trace.steps.iter().any(|step| step.event == named));
        let network = network(&document);
        assert_eq!(network.probe_denials(&id("lb-iis")).len(), 2);
        assert!(network.backend_health(&id("lb-iis"), "iis").iter().all(|(_, _, _, healthy)| !healthy));
    }
}

#[test]
fn rule_6_12_an_allow_before_the_deny_or_no_probe_keeps_backends_up() {
    let mut document = json(TWO_TENANTS);
    let rules = json!({
        "nat": rule(100, "Inbound", "Allow", json!({ "sourceAddressPrefix": "10.0.2.0/24" })),
        "probes": rule(200, "Inbound", "Allow", json!({ "sourceAddressPrefix": "AzureLoadBalancer" })),
        "rest": rule(4096, "Inbound", "Deny", json!({}))
    });
    guard(&mut document, "subnets", "web", "nsg-web", &rules);
    assert_eq!(cause(&ask(&document, to_iis())), "Answered");
    let mut without = json(TWO_TENANTS);
    without["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"].as_object_mut().unwrap().shift_remove("probe");
    guard(&mut without, "subnets", "web", "nsg-web", &deny_all("Inbound"));
    assert_eq!(
        cause(&ask(&without, to_iis())),
        "DeniedBySecurityGroup",
        "nothing takes it down, so the flow is denied"
    );
}

#[test]
fn a_group_on_one_backend_leaves_the_other_to_serve() {
    let mut document = json(TWO_TENANTS);
    guard(&mut document, "networkInterfaces", "iis-0-nic", "nsg", &deny_all("Inbound"));
    let network = network(&document);
    let mut session = Session::new();
    for _ in 0..8 {
        let trace = send(&network, &mut session, &request(to_iis()));
        assert_eq!(cause(&trace), "Answered");
        assert!(trace.steps.iter().any(|step| step.at == Place::Resource(id("iis-1"))));
    }
}
