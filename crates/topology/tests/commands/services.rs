//! Private link services (2.2).

use serde_json::{Value, json};
use topology::Kind;
use topology::check::LinkServiceProblem;
use topology::command::{Command, Refusal};
use topology::problem::ProblemCode;

use crate::support::{create, document, id, refused, run, set};

/// What a refusal says is wrong with a private link service.
#[track_caller]
fn wrong(refusal: Refusal) -> LinkServiceProblem {
    let Refusal::NotTaken { problem, .. } = &refusal else { panic!("{refusal:?}") };
    let ProblemCode::LinkService(problem) = &problem.code else { panic!("{problem:?}") };
    problem.clone()
}

fn service(name: &str, more: Value) -> Command {
    let mut body = json!({
        "loadBalancerFrontendIpConfigurations": ["lb/two"],
        "ipConfigurations": [{"subnet": "nat"}]
    });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    create(Kind::PrivateLinkService, name, body)
}

#[test]
fn rule_2_2_m25_the_nat_subnet_has_its_policies_disabled() {
    let refusal = refused(&document(), service("new", json!({"ipConfigurations": [{"subnet": "web"}]})));
    let (new, subnet) = (id("new"), id("web"));
    assert_eq!(
        refusal,
        Refusal::PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled { service: new, subnet }
    );
    run(&mut document(), service("new", json!({})));
}

#[test]
fn rule_2_2_the_policies_stay_disabled_while_a_service_stands_there() {
    let enabled = set("nat", "privateLinkServiceNetworkPolicies", json!("Enabled"));
    let (subnet, service) = (id("nat"), id("pls"));
    assert_eq!(
        refused(&document(), enabled),
        Refusal::PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet { subnet, service }
    );
}

#[test]
fn rule_2_2_m26_the_load_balancer_is_standard() {
    let mut document = document();
    let basic = refused(&document, set("lb", "sku", json!("Basic")));
    assert_eq!(basic.code(), "PrivateLinkServiceIsNotSupportedForBasicLoadBalancer");
    let balancer = json!({"sku": "Basic", "frontendIPConfigurations": {"f": {"subnet": "web"}}});
    run(&mut document, create(Kind::LoadBalancer, "basic", balancer));
    let on_basic = service("new", json!({"loadBalancerFrontendIpConfigurations": ["basic/f"]}));
    assert_eq!(refused(&document, on_basic).code(), "PrivateLinkServiceIsNotSupportedForBasicLoadBalancer");
}

#[test]
fn rule_2_2_a_service_has_one_to_eight_nat_ips() {
    let nat_ips = |count| json!({"ipConfigurations": vec![json!({"subnet": "nat"}); count]});
    assert_eq!(refused(&document(), service("new", nat_ips(0))), Refusal::LastNatIp { service: id("new") });
    let nine = wrong(refused(&document(), service("new", nat_ips(9))));
    assert_eq!(nine, LinkServiceProblem::NatIpCount { count: 9, limit: 8 });
    let mut document = document();
    run(&mut document, service("new", nat_ips(8)));
    run(&mut document, set("new", "ipConfigurations", json!([{"subnet": "nat"}])));
    let none = set("new", "ipConfigurations/0", Value::Null);
    assert_eq!(refused(&document, none), Refusal::LastNatIp { service: id("new") });
}

#[test]
fn rule_2_1_services_on_one_load_balancer_have_different_frontends() {
    let taken = service("new", json!({"loadBalancerFrontendIpConfigurations": ["lb/one"]}));
    assert_eq!(wrong(refused(&document(), taken)), LinkServiceProblem::FrontendInUse { by: id("pls") });
}

#[test]
fn rule_2_2_a_load_balancer_takes_eight_services() {
    let mut document = document();
    for number in 2..=9 {
        run(&mut document, set("lb", &format!("frontendIPConfigurations/f{number}"), json!({"subnet": "web"})));
        let on = json!({"loadBalancerFrontendIpConfigurations": [format!("lb/f{number}")]});
        let command = service(&format!("pls-{number}"), on);
        if number < 9 {
            run(&mut document, command);
        } else {
            let (load_balancer, count, limit) = (id("lb"), 9, 8);
            let ninth = wrong(refused(&document, command));
            assert_eq!(ninth, LinkServiceProblem::TooManyOnBalancer { load_balancer, count, limit });
        }
    }
}

#[test]
fn rule_2_2_the_service_its_network_and_its_load_balancer_share_a_region() {
    let mut document = document();
    let network = json!({"subscription": "maker", "location": "eastus", "addressPrefixes": ["10.7.0.0/16"]});
    run(&mut document, create(Kind::VirtualNetwork, "far", network));
    let subnet = json!({
        "virtualNetwork": "far", "addressPrefix": "10.7.0.0/24", "privateLinkServiceNetworkPolicies": "Disabled"
    });
    run(&mut document, create(Kind::Subnet, "far-nat", subnet));
    let far = service("new", json!({"ipConfigurations": [{"subnet": "far-nat"}]}));
    let (location, other) = ("eastus".into(), "westeurope".into());
    assert_eq!(wrong(refused(&document, far)), LinkServiceProblem::SeveralRegions { location, other });
}

#[test]
fn rule_2_1_automatic_approval_is_for_those_who_see_the_service() {
    let lists = |visible: Value, approved: Value| {
        service(
            "new",
            json!({
                "visibility": {"subscriptions": visible}, "autoApproval": {"subscriptions": approved}
            }),
        )
    };
    let unseen = wrong(refused(&document(), lists(json!(["shop"]), json!(["lab"]))));
    assert_eq!(unseen, LinkServiceProblem::AutoApprovalBeyondVisibility { subscription: "lab".into() });
    run(&mut document(), lists(json!(["*"]), json!(["lab"])));
    run(&mut document(), lists(json!(["shop", "lab"]), json!(["lab"])));
}

#[test]
fn rule_1_3_a_list_takes_100_subscriptions() {
    let many: Vec<String> = (0..101).map(|number| format!("sub-{number}")).collect();
    let refusal = refused(&document(), set("pls", "visibility/subscriptions", json!(many)));
    assert_eq!(wrong(refusal), LinkServiceProblem::TooManySubscriptions { count: 101, limit: 100 });
}

#[test]
fn rule_2_2_m26_the_pools_hold_network_interfaces() {
    let mut document = document();
    let pool = json!({"virtualNetwork": "plant", "loadBalancerBackendAddresses": {"a": {"ipAddress": "10.0.0.9"}}});
    let refusal = refused(&document, set("lb", "backendAddressPools/by-address", pool.clone()));
    assert_eq!(refusal, Refusal::PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer { balancer: id("lb") });
    let balancer = json!({
        "frontendIPConfigurations": {"f": {"subnet": "web"}}, "backendAddressPools": {"by-address": pool}
    });
    run(&mut document, create(Kind::LoadBalancer, "by-address", balancer));
    let on_it = service("new", json!({"loadBalancerFrontendIpConfigurations": ["by-address/f"]}));
    assert_eq!(refused(&document, on_it).code(), "PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer");
}
