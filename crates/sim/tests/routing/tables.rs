//! Effective routes: the sources, their precedence, and the exceptions to the longest prefix.

use serde_json::json;
use sim::routes::{EffectiveRoutesRefusal, RouteVerdict};
use sim::trace::{NextHopType, RouteSource};
use topology::problem::ProblemCode;

use super::support::{ask, cause, network};
use super::{by_address, chosen, hub_and_spokes, id, policy, problems, route, row, table};

/// What became of every row for one address, as one line each.
fn explained(document: &serde_json::Value, interface: &str, destination: &str) -> Vec<(String, RouteVerdict)> {
    let candidates = network(document).explain_route(&id(interface), destination.parse().unwrap()).unwrap();
    candidates.into_iter().map(|candidate| (row(&candidate.route), candidate.verdict)).collect()
}

#[test]
fn rule_4_2_user_routes_stand_after_the_system_s_and_before_private_endpoints() {
    let mut document = hub_and_spokes();
    route(
        &mut document,
        "spoke1-vms",
        &[("10.0.0.0/8", "10.0.2.4"), ("0.0.0.0/0", "None"), ("203.0.113.0/24", "Internet")],
    );
    let expected = [
        "Default Active 10.1.0.0/16 VnetLocal",
        "Default Active 10.0.0.0/16 VNetPeering",
        "Default Invalid 0.0.0.0/0 Internet",
        "Default Invalid 10.0.0.0/8 None",
        "Default Active 172.16.0.0/12 None",
        "Default Active 100.64.0.0/10 None",
        "Default Active 192.168.0.0/16 None",
        "Default Active 25.33.80.0/20 None",
        "Default Active 25.41.3.0/25 None",
        "User Active 10.0.0.0/8 VirtualAppliance 10.0.2.4",
        "User Active 0.0.0.0/0 None",
        "User Active 203.0.113.0/24 Internet",
        "Default Active 10.0.1.4/32 InterfaceEndpoint",
        "Default Active 10.1.1.4/32 InterfaceEndpoint",
    ];
    assert_eq!(table(&document, "spoke1-vm-nic"), expected);
}

#[test]
fn rule_4_3_1_only_the_interfaces_of_the_subnet_have_the_routes_of_its_table() {
    let mut document = hub_and_spokes();
    route(&mut document, "hub-vms", &[("0.0.0.0/0", "None")]);
    assert!(table(&document, "hub-vm-nic").contains(&"User Active 0.0.0.0/0 None".into()));
    assert!(table(&document, "nva-nic").contains(&"Default Active 0.0.0.0/0 Internet".into()));
}

#[test]
fn rule_4_3_the_longest_prefix_is_taken_whatever_its_source() {
    let mut document = hub_and_spokes();
    route(&mut document, "spoke1-vms", &[("10.0.0.0/8", "None"), ("10.0.0.0/24", "None")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.2.4"));
    assert_eq!(chosen(&trace)[0], "spoke1-vm: Default Active 10.0.0.0/16 VNetPeering");
    let trace = ask(&document, by_address("spoke1-vm", "10.0.0.4"));
    assert_eq!((cause(&trace), chosen(&trace)), ("RouteNone", vec!["spoke1-vm: User Active 10.0.0.0/24 None".into()]));
}

#[test]
fn rule_4_3_of_equal_prefixes_the_user_s_is_taken_and_the_other_is_invalid() {
    let mut document = hub_and_spokes();
    route(&mut document, "spoke1-vms", &[("10.0.0.0/16", "None")]);
    let rows = explained(&document, "spoke1-vm-nic", "10.0.0.4");
    let user = RouteSource::User;
    let prefix = "10.0.0.0/16".parse().unwrap();
    let expected = [
        ("User Active 10.0.0.0/16 None".to_owned(), RouteVerdict::Chosen),
        ("Default Invalid 10.0.0.0/16 VNetPeering".to_owned(), RouteVerdict::SamePrefix { source: user }),
        ("Default Active 10.0.0.0/8 None".to_owned(), RouteVerdict::LongerPrefix { prefix }),
        ("Default Active 0.0.0.0/0 Internet".to_owned(), RouteVerdict::LongerPrefix { prefix }),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn rule_1_7_5_a_user_route_of_the_very_address_replaces_the_endpoint_route_under_every_policy() {
    for policies in ["Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled", "Enabled"] {
        let mut document = hub_and_spokes();
        policy(&mut document, "hub-endpoints", policies);
        route(&mut document, "spoke1-vms", &[("10.0.1.4/32", "None")]);
        assert!(table(&document, "spoke1-vm-nic").contains(&"Default Invalid 10.0.1.4/32 InterfaceEndpoint".into()));
        assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.1.4"))), "RouteNone", "{policies}");
    }
}

#[test]
fn rule_1_7_6_a_user_route_as_long_as_the_network_s_range_replaces_the_endpoint_route_where_the_policy_lets_it() {
    for (policies, prefix, is_replaced) in [
        ("Disabled", "10.0.0.0/16", false),
        ("NetworkSecurityGroupEnabled", "10.0.0.0/16", false),
        ("RouteTableEnabled", "10.0.0.0/16", true),
        ("Enabled", "10.0.0.0/16", true),
        ("Disabled", "10.0.1.0/24", false),
        ("RouteTableEnabled", "10.0.1.0/24", true),
        ("RouteTableEnabled", "10.0.0.0/15", false),
        ("RouteTableEnabled", "0.0.0.0/0", false),
        ("RouteTableEnabled", "10.0.2.0/24", false),
    ] {
        let mut document = hub_and_spokes();
        policy(&mut document, "hub-endpoints", policies);
        route(&mut document, "spoke1-vms", &[(prefix, "None")]);
        let invalid =
            table(&document, "spoke1-vm-nic").contains(&"Default Invalid 10.0.1.4/32 InterfaceEndpoint".into());
        let trace = ask(&document, by_address("spoke1-vm", "10.0.1.4"));
        assert_eq!((invalid, cause(&trace) == "RouteNone"), (is_replaced, is_replaced), "{policies} {prefix}");
    }
}

#[test]
fn rule_1_7_6_the_policy_is_the_endpoint_s_subnet_s_and_the_route_the_client_s() {
    let mut document = hub_and_spokes();
    policy(&mut document, "spoke1-vms", "RouteTableEnabled");
    route(&mut document, "spoke1-vms", &[("10.0.0.0/16", "None")]);
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.1.4"))), "Answered");
    policy(&mut document, "hub-endpoints", "RouteTableEnabled");
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.1.4"))), "RouteNone");
    document["subnets"]["spoke1-vms"].as_object_mut().unwrap().remove("routeTable");
    document["subnets"]["hub-endpoints"]["routeTable"] = json!("spoke1-vms-routes");
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "10.0.1.4"))), "Answered");
}

#[test]
fn rule_1_7_7_in_a_network_with_several_ranges_the_one_that_holds_the_endpoint_counts() {
    let mut document = hub_and_spokes();
    policy(&mut document, "hub-endpoints", "RouteTableEnabled");
    document["virtualNetworks"]["hub"]["addressPrefixes"] = json!(["192.168.0.0/24", "10.0.0.0/16"]);
    route(&mut document, "spoke1-vms", &[("10.0.0.0/16", "None")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.1.4"));
    assert_eq!(cause(&trace), "RouteNone");
    assert_eq!(trace.steps[0].sources, ["UDR-OV", "PE-POLICY"]);
    assert_eq!(trace.steps[0].assumptions, ["A5"]);
}

#[test]
fn m20_a_default_route_to_an_appliance_never_catches_a_private_endpoint() {
    let mut document = hub_and_spokes();
    policy(&mut document, "hub-endpoints", "Enabled");
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "10.0.2.4")]);
    let trace = ask(&document, by_address("spoke1-vm", "10.0.1.4"));
    assert_eq!(chosen(&trace), ["spoke1-vm: Default Active 10.0.1.4/32 InterfaceEndpoint"]);
    assert_eq!(cause(&trace), "Answered");
}

#[test]
fn m21_a_route_for_the_endpoint_s_subnet_has_no_effect_while_its_policy_is_disabled() {
    let mut document = hub_and_spokes();
    route(&mut document, "spoke1-vms", &[("10.0.1.0/24", "10.0.2.4")]);
    let rows = explained(&document, "spoke1-vm-nic", "10.0.1.4");
    assert_eq!(rows[0], ("Default Active 10.0.1.4/32 InterfaceEndpoint".into(), RouteVerdict::Chosen));
    policy(&mut document, "hub-endpoints", "RouteTableEnabled");
    let rows = explained(&document, "spoke1-vm-nic", "10.0.1.4");
    let prefix = "10.0.1.0/24".parse().unwrap();
    assert_eq!(
        rows[..2],
        [
            ("Default Invalid 10.0.1.4/32 InterfaceEndpoint".into(), RouteVerdict::Overridden { prefix }),
            ("User Active 10.0.1.0/24 VirtualAppliance 10.0.2.4".into(), RouteVerdict::Chosen),
        ]
    );
}

#[test]
fn rule_4_2_1_a_route_table_takes_five_next_hops_only() {
    for (hop, taken) in [
        ("VirtualNetworkGateway", true),
        ("VnetLocal", true),
        ("Internet", true),
        ("None", true),
        ("VNetPeering", false),
        ("VNetGlobalPeering", false),
        ("VirtualNetworkServiceEndpoint", false),
        ("InterfaceEndpoint", false),
    ] {
        let mut document = hub_and_spokes();
        route(&mut document, "spoke1-vms", &[("203.0.113.0/24", hop)]);
        let next_hop_type: NextHopType = serde_json::from_value(json!(hop)).unwrap();
        let refused = vec![(
            "routes/to-203-0-113-0-24/nextHopType".to_owned(),
            ProblemCode::RouteNextHopNotAllowed { next_hop_type },
        )];
        assert_eq!(problems(&document), if taken { vec![] } else { refused });
        let is_listed = table(&document, "spoke1-vm-nic").contains(&format!("User Active 203.0.113.0/24 {hop}"));
        assert_eq!(is_listed, taken, "{hop}");
    }
}

#[test]
fn rule_4_2_1_a_route_to_an_appliance_needs_an_address_and_no_other_has_one() {
    let mut document = hub_and_spokes();
    document["routeTables"]["table"] = json!({ "subscription": "subscription", "routes": {
        "nowhere": { "addressPrefix": "10.9.0.0/16", "nextHopType": "VirtualAppliance" },
        "twice": { "addressPrefix": "10.8.0.0/16", "nextHopType": "Internet", "nextHopIpAddress": "10.0.2.4" },
    } });
    let expected = [
        ("routes/nowhere/nextHopIpAddress".to_owned(), ProblemCode::RouteWithoutNextHop),
        (
            "routes/twice/nextHopIpAddress".to_owned(),
            ProblemCode::RouteNextHopAddressNotAllowed { next_hop_type: NextHopType::Internet },
        ),
    ];
    assert_eq!(problems(&document), expected);
}

#[test]
fn rule_4_3_3_a_table_has_400_routes_and_a_prefix_stands_in_it_once() {
    let mut document = hub_and_spokes();
    let routes: Vec<String> = (0..401).map(|n| format!("100.{}.{}.0/24", n / 256, n % 256)).collect();
    let routes: Vec<(&str, &str)> = routes.iter().map(|prefix| (prefix.as_str(), "None")).collect();
    route(&mut document, "spoke1-vms", &routes[..400]);
    assert_eq!(problems(&document), []);
    route(&mut document, "spoke1-vms", &routes);
    assert_eq!(problems(&document), [("routes".into(), ProblemCode::RouteLimit { count: 401, limit: 400 })]);
    document["routeTables"]["spoke1-vms-routes"]["routes"]["again"] =
        json!({ "addressPrefix": "100.0.0.0/24", "nextHopType": "Internet" });
    let conflict =
        ProblemCode::RouteConflict { other: "to-100-0-0-0-24".into(), prefix: "100.0.0.0/24".parse().unwrap() };
    assert!(problems(&document).contains(&("routes/again/addressPrefix".into(), conflict)));
    assert!(table(&document, "spoke1-vm-nic").contains(&"User Active 100.0.0.0/24 None".into()));
}

#[test]
fn rule_4_3_3_a_subscription_has_200_route_tables() {
    let mut document = hub_and_spokes();
    for n in 0..201 {
        document["routeTables"][format!("table-{n}")] = json!({ "subscription": "subscription" });
    }
    assert_eq!(problems(&document), [("routeTables".into(), ProblemCode::RouteLimit { count: 201, limit: 200 })]);
}

#[test]
fn rule_1_2_9_effective_routes_of_a_private_endpoint_are_not_shown() {
    let compiled = network(&hub_and_spokes());
    assert_eq!(compiled.effective_routes(&id("hub-pe")), Err(EffectiveRoutesRefusal::PrivateEndpoint));
    assert_eq!(compiled.effective_routes(&id("hub")), Err(EffectiveRoutesRefusal::NoSuchInterface));
    assert_eq!(compiled.effective_routes(&id("hub-vm")), compiled.effective_routes(&id("hub-vm-nic")));
}

#[test]
fn a_route_to_a_gateway_that_is_not_there_ends_the_request() {
    let mut document = hub_and_spokes();
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "VirtualNetworkGateway")]);
    assert_eq!(cause(&ask(&document, by_address("spoke1-vm", "8.8.8.8"))), "GatewayMissing");
}

#[test]
fn rule_6_4_the_prefixes_of_a_route_table_count_as_virtual_network() {
    let mut document = hub_and_spokes();
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "subscription", "securityRules": {
        "no-internet": { "priority": 4000, "direction": "Outbound", "access": "Deny", "destinationAddressPrefix": "*" },
        "network": { "priority": 100, "direction": "Outbound", "access": "Allow", "destinationAddressPrefix": "VirtualNetwork" }
    } });
    document["networkInterfaces"]["spoke1-vm-nic"]["networkSecurityGroup"] = json!("nsg");
    let there = by_address("spoke1-vm", "store.blob.core.windows.net");
    assert_eq!(cause(&ask(&document, there.clone())), "DeniedBySecurityGroup");
    route(&mut document, "spoke1-vms", &[("0.0.0.0/0", "Internet")]);
    assert_eq!(cause(&ask(&document, there.clone())), "Answered");
    route(&mut document, "hub-vms", &[("0.0.0.0/0", "Internet")]);
    document["subnets"]["spoke1-vms"].as_object_mut().unwrap().remove("routeTable");
    assert_eq!(cause(&ask(&document, there)), "DeniedBySecurityGroup", "only those of its own subnet");
}
