//! What Azure refuses to create: §2.1, §2.2, §7.1 to §7.5. The codes and texts are in the sentences.

use serde_json::{Value, json};
use sim::compile;
use topology::check::{BalancerProblem, LinkServiceProblem, endpoints_of, services_behind};
use topology::problem::ProblemCode;

use super::support::{TWO_TENANTS, json as parse, read};
use super::{farm, id, public_farm};

/// The problems of a document, each with its place.
fn problems(document: &Value) -> Vec<(String, ProblemCode)> {
    let problems = compile(&read(document)).1.into_iter();
    problems.map(|problem| (format!("{}/{}", problem.subject, problem.field), problem.code)).collect()
}

#[track_caller]
fn check(document: &Value, place: &str, code: impl Into<ProblemCode>) {
    assert_eq!(problems(document), [(place.to_owned(), code.into())]);
}

fn service(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = parse(TWO_TENANTS);
    change(&mut document["privateLinkServices"]["pls-iis"]);
    document
}

fn balancer(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = farm();
    change(&mut document["loadBalancers"]["lb"]);
    document
}

#[test]
fn the_farms_of_these_tests_have_no_problems() {
    assert_eq!((problems(&farm()), problems(&public_farm())), (vec![], vec![]));
}

// Private link service

#[test]
fn m25_a_nat_subnet_needs_private_link_service_network_policies_disabled() {
    let mut document = parse(TWO_TENANTS);
    document["subnets"]["nat"].as_object_mut().unwrap().shift_remove("privateLinkServiceNetworkPolicies");
    let code = ProblemCode::PrivateLinkServicePolicyEnabled { subnet: id("nat") };
    check(&document, "pls-iis/ipConfigurations/0", code);
}

#[test]
fn m26_neither_a_basic_load_balancer_nor_a_pool_by_address_carries_a_service() {
    let place = "pls-iis/loadBalancerFrontendIpConfigurations/0";
    let mut basic = parse(TWO_TENANTS);
    basic["loadBalancers"]["lb-iis"]["sku"] = json!("Basic");
    check(&basic, place, ProblemCode::LoadBalancerNotStandard { load_balancer: id("lb-iis") });
    let mut by_address = parse(TWO_TENANTS);
    by_address["loadBalancers"]["lb-iis"]["backendAddressPools"]["iis"] = json!({
        "virtualNetwork": "msdn-vnet", "loadBalancerBackendAddresses": { "a": { "ipAddress": "10.0.0.4" } }
    });
    let code = LinkServiceProblem::IpBasedPool { load_balancer: id("lb-iis"), pool: "iis".into() };
    check(&by_address, place, code);
}

#[test]
fn rule_2_1_a_service_has_one_to_eight_nat_ips_of_one_network_and_version_one_of_them_primary() {
    let nat_ips = |n: usize| service(|row| row["ipConfigurations"] = Value::Array(vec![json!({ "subnet": "nat" }); n]));
    for n in [1, 8] {
        assert_eq!(problems(&nat_ips(n)), []);
    }
    for count in [0, 9] {
        check(&nat_ips(count), "pls-iis/ipConfigurations", LinkServiceProblem::NatIpCount { count, limit: 8 });
    }
    let primary = json!({ "subnet": "nat", "primary": true });
    let two = service(|row| row["ipConfigurations"] = json!([primary, primary]));
    check(&two, "pls-iis/ipConfigurations", LinkServiceProblem::SeveralPrimaries { count: 2 });
    let v6 = service(|row| row["ipConfigurations"][0]["privateIPAddressVersion"] = json!("IPv6"));
    check(&v6, "pls-iis/ipConfigurations/0", LinkServiceProblem::NatIpVersion);
    let mut apart = service(|row| row["ipConfigurations"] = json!([{ "subnet": "nat" }, { "subnet": "endpoints" }]));
    apart["subnets"]["endpoints"]["privateLinkServiceNetworkPolicies"] = json!("Disabled");
    let code = LinkServiceProblem::NatIpsSpanNetworks { network: id("msdn-vnet"), other: id("ntt-vnet") };
    check(&apart, "pls-iis/ipConfigurations/1", code);
}

#[test]
fn rule_2_1_services_on_one_load_balancer_have_frontends_of_their_own() {
    let mut document = parse(TWO_TENANTS);
    document["privateLinkServices"]["second"] = document["privateLinkServices"]["pls-iis"].clone();
    let code = LinkServiceProblem::FrontendInUse { by: id("pls-iis") };
    check(&document, "second/loadBalancerFrontendIpConfigurations/0", code);
}

#[test]
fn rule_2_2_a_load_balancer_carries_eight_services_and_a_service_a_thousand_endpoints() {
    let mut document = parse(TWO_TENANTS);
    for n in 0..8 {
        document["loadBalancers"]["lb-iis"]["frontendIPConfigurations"][format!("f{n}")] = json!({ "subnet": "web" });
        document["privateLinkServices"][format!("pls-{n}")] = json!({
            "loadBalancerFrontendIpConfigurations": [format!("lb-iis/f{n}")], "ipConfigurations": [{ "subnet": "nat" }]
        });
    }
    let code = LinkServiceProblem::TooManyOnBalancer { load_balancer: id("lb-iis"), count: 9, limit: 8 };
    check(&document, "pls-7/loadBalancerFrontendIpConfigurations/0", code);
    let mut document = parse(TWO_TENANTS);
    document["subnets"]["endpoints"]["addressPrefix"] = json!("10.0.16.0/20");
    document["virtualNetworks"]["ntt-vnet"]["privateEndpointVNetPolicies"] = json!("Basic");
    for n in 0..1000 {
        document["privateEndpoints"][format!("pe-{n}")] = document["privateEndpoints"]["pe-iis"].clone();
    }
    check(&document, "pls-iis/", LinkServiceProblem::TooManyEndpoints { count: 1001, limit: 1000 });
}

#[test]
fn rule_2_1_auto_approval_is_a_part_of_visibility() {
    let lists = |visible: Value, approved: Value| {
        service(|row| {
            row["visibility"] = json!({ "subscriptions": visible });
            row["autoApproval"] = json!({ "subscriptions": approved });
        })
    };
    assert_eq!(problems(&lists(json!(["*"]), json!(["consumer-01"]))), []);
    assert_eq!(problems(&lists(json!(["consumer-01"]), json!(["consumer-01"]))), []);
    let code = LinkServiceProblem::AutoApprovalBeyondVisibility { subscription: "other".into() };
    check(&lists(json!(["consumer-01"]), json!(["other"])), "pls-iis/autoApproval", code);
    let many: Vec<String> = (0..101).map(|n| format!("sub-{n}")).collect();
    let code = LinkServiceProblem::TooManySubscriptions { count: 101, limit: 100 };
    check(&lists(json!(many), json!([])), "pls-iis/visibility", code);
}

#[test]
fn rule_2_2_service_network_and_load_balancer_stand_in_one_region() {
    let mut document = parse(TWO_TENANTS);
    document["loadBalancers"]["lb-iis"]["location"] = json!("eastus");
    let code = LinkServiceProblem::SeveralRegions { location: "westeurope".into(), other: "eastus".into() };
    check(&document, "pls-iis/loadBalancerFrontendIpConfigurations/0", code);
}

#[test]
fn rule_2_2_a_nat_rule_for_a_pool_needs_a_load_balancing_rule_beside_it() {
    let mut document = parse(TWO_TENANTS);
    let row = &mut document["loadBalancers"]["lb-iis"];
    row["loadBalancingRules"] = json!({});
    row["inboundNatRules"]["ssh"] = json!({
        "frontendIPConfiguration": "frontend", "backendAddressPool": "iis", "backendPort": 22,
        "frontendPortRangeStart": 2200, "frontendPortRangeEnd": 2210
    });
    let code = LinkServiceProblem::NatRuleAlone { load_balancer: id("lb-iis"), rule: "ssh".into() };
    check(&document, "pls-iis/loadBalancerFrontendIpConfigurations/0", code);
}

#[test]
fn rule_2_10_direct_connect_has_nat_ips_in_pairs_and_no_load_balancer_and_leads_to_no_endpoint() {
    let direct = |nat_ips: usize, destination: &str| {
        service(|row| {
            row["destinationIPAddress"] = json!(destination);
            row["loadBalancerFrontendIpConfigurations"] = json!([]);
            row["ipConfigurations"] = Value::Array(vec![json!({ "subnet": "nat" }); nat_ips]);
        })
    };
    assert_eq!(problems(&direct(2, "10.0.0.4")), []);
    for count in [1, 3] {
        let code = LinkServiceProblem::DirectConnectNatIps { count };
        check(&direct(count, "10.0.0.4"), "pls-iis/ipConfigurations", code);
    }
    let mut beside = direct(2, "10.0.0.4");
    beside["privateLinkServices"]["pls-iis"]["loadBalancerFrontendIpConfigurations"] = json!(["lb-iis/frontend"]);
    check(&beside, "pls-iis/destinationIPAddress", LinkServiceProblem::DirectConnectWithFrontend);
    let mut to_endpoint = direct(2, "10.0.0.50");
    to_endpoint["privateEndpoints"]["near"] = json!({ "subnet": "web", "privateIPAddress": "10.0.0.50" });
    let code = LinkServiceProblem::DirectConnectToEndpoint { endpoint: id("near") };
    check(&to_endpoint, "pls-iis/destinationIPAddress", code);
    let mut many = direct(2, "10.0.0.4");
    for n in 0..10 {
        many["privateLinkServices"][format!("pls-{n}")] = many["privateLinkServices"]["pls-iis"].clone();
    }
    let code = LinkServiceProblem::TooManyDirectConnects { count: 11, limit: 10 };
    check(&many, "pls-9/destinationIPAddress", code);
}

#[test]
fn rule_2_2_what_stands_in_the_way_of_a_deletion_is_told() {
    let document = read(&parse(TWO_TENANTS));
    assert_eq!(services_behind(&document, &id("lb-iis")).collect::<Vec<_>>(), [&id("pls-iis")]);
    assert_eq!(endpoints_of(&document, &id("pls-iis")).collect::<Vec<_>>(), [&id("pe-iis")]);
    assert_eq!(services_behind(&document, &id("pls-iis")).count(), 0);
}

// Load balancer

#[test]
fn rule_7_1_1_a_frontend_is_public_or_internal_and_so_is_its_load_balancer() {
    let both = balancer(|row| {
        row["frontendIPConfigurations"]["bare"] = json!({});
    });
    check(&both, "lb/frontendIPConfigurations/bare", BalancerProblem::FrontendKind);
    let mut mixed = public_farm();
    mixed["loadBalancers"]["lb"]["frontendIPConfigurations"]["inside"] = json!({ "subnet": "web" });
    check(&mixed, "lb/frontendIPConfigurations/inside", BalancerProblem::MixedFrontends { other: "front".into() });
    let mut shared = public_farm();
    shared["networkInterfaces"]["client-nic"]["publicIPAddress"] = json!("front-ip");
    let code = BalancerProblem::PublicAddressInUse { address: id("front-ip"), by: id("client-nic") };
    check(&shared, "lb/frontendIPConfigurations/front", code);
}

#[test]
fn rule_7_1_2_the_members_of_a_pool_stand_in_one_network_and_are_of_one_kind() {
    let mut document = farm();
    document["virtualNetworks"]["far"] = json!({ "subscription": "sub", "addressPrefixes": ["10.1.0.0/16"] });
    document["subnets"]["far-web"] = json!({ "virtualNetwork": "far", "addressPrefix": "10.1.0.0/24" });
    document["networkInterfaces"]["web-1-nic"]["subnet"] = json!("far-web");
    let code = BalancerProblem::PoolSpansNetworks { network: id("vnet"), other: id("far") };
    check(&document, "lb/backendAddressPools/pool", code);
    let mixed = balancer(|row| {
        row["backendAddressPools"]["pool"]["virtualNetwork"] = json!("vnet");
        row["backendAddressPools"]["pool"]["loadBalancerBackendAddresses"]["a"] = json!({ "ipAddress": "10.0.1.4" });
    });
    check(&mixed, "lb/backendAddressPools/pool", BalancerProblem::MixedPool);
}

#[test]
fn rule_7_1_3_two_rules_share_a_backend_port_only_with_floating_ips() {
    let mut document = balancer(|row| {
        row["frontendIPConfigurations"]["second"] = json!({ "subnet": "web" });
        let mut rule = row["loadBalancingRules"]["http"].clone();
        rule["frontendIPConfiguration"] = json!("second");
        row["loadBalancingRules"]["again"] = rule;
    });
    let code = BalancerProblem::BackendPortReused { other: "http".into(), protocol: "Tcp".into(), port: 80 };
    check(&document, "lb/loadBalancingRules/again", code);
    document["loadBalancers"]["lb"]["loadBalancingRules"]["again"]["enableFloatingIP"] = json!(true);
    assert_eq!(problems(&document), []);
}

#[test]
fn rule_7_3_1_probes_have_bounds() {
    let probe = |fields: Value| {
        balancer(|row| {
            for (field, value) in fields.as_object().unwrap() {
                row["probes"]["http"][field] = value.clone();
            }
        })
    };
    let code = BalancerProblem::ProbeInterval { seconds: 4 };
    check(&probe(json!({ "intervalInSeconds": 4 })), "lb/probes/http/intervalInSeconds", code);
    for count in [0, 101] {
        let found = problems(&probe(json!({ "probeThreshold": count })));
        assert_eq!(found[0].1, BalancerProblem::ProbeThreshold { count }.into());
    }
    let code = BalancerProblem::ProbeTooSlow { seconds: 121 };
    check(&probe(json!({ "intervalInSeconds": 11, "probeThreshold": 11 })), "lb/probes/http", code);
    let mut basic = probe(json!({ "protocol": "Https" }));
    assert_eq!(problems(&basic), []);
    basic["loadBalancers"]["lb"]["sku"] = json!("Basic");
    check(&basic, "lb/probes/http", BalancerProblem::ProbeNeedsStandard);
}

#[test]
fn rule_7_4_1_idle_timeouts_have_bounds() {
    let rule =
        |minutes: u32| balancer(|row| row["loadBalancingRules"]["http"]["idleTimeoutInMinutes"] = json!(minutes));
    for minutes in [4, 100] {
        assert_eq!(problems(&rule(minutes)), []);
    }
    for minutes in [3, 101] {
        let code = BalancerProblem::IdleTimeout { minutes, least: 4, most: 100 };
        check(&rule(minutes), "lb/loadBalancingRules/http/idleTimeoutInMinutes", code);
    }
    let mut document = public_farm();
    document["loadBalancers"]["lb"]["outboundRules"]["out"] = json!({
        "frontendIPConfigurations": ["front"], "backendAddressPool": "pool", "idleTimeoutInMinutes": 121
    });
    let code = BalancerProblem::IdleTimeout { minutes: 121, least: 4, most: 120 };
    check(&document, "lb/outboundRules/out/idleTimeoutInMinutes", code);
}

#[test]
fn rule_7_5_2_ha_ports_are_internal_take_every_port_and_stand_alone() {
    let ha = json!({
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "protocol": "All",
        "frontendPort": 0, "backendPort": 0
    });
    let alone = balancer(|row| row["loadBalancingRules"] = json!({ "ha": ha }));
    assert_eq!(problems(&alone), []);
    let half = balancer(|row| {
        row["loadBalancingRules"] = json!({ "ha": ha });
        row["loadBalancingRules"]["ha"]["backendPort"] = json!(80);
    });
    check(&half, "lb/loadBalancingRules/ha", BalancerProblem::HaPortsPort);
    let beside = balancer(|row| row["loadBalancingRules"]["ha"] = ha.clone());
    check(&beside, "lb/loadBalancingRules/ha", BalancerProblem::HaPortsMixed { other: "http".into() });
    let mut public = public_farm();
    public["loadBalancers"]["lb"]["loadBalancingRules"] = json!({ "ha": ha });
    check(&public, "lb/loadBalancingRules/ha", BalancerProblem::HaPortsPublic);
}

#[test]
fn rule_7_6_outbound_rules_need_public_frontends_with_enough_ports() {
    let rule = |ports: u32| json!({ "frontendIPConfigurations": ["front"], "backendAddressPool": "pool", "allocatedOutboundPorts": ports });
    let inside = balancer(|row| row["outboundRules"]["out"] = rule(0));
    check(&inside, "lb/outboundRules/out", BalancerProblem::OutboundFrontendInternal { frontend: "front".into() });
    let mut public = public_farm();
    public["loadBalancers"]["lb"]["outboundRules"]["out"] = rule(32_008);
    let code = BalancerProblem::OutboundPorts { needed: 64_016, available: 64_000 };
    check(&public, "lb/outboundRules/out", code);
}
