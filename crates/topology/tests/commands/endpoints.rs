//! Creating private endpoints (1.1 to 1.3).

use serde_json::{Value, json};
use topology::Kind;
use topology::command::{Command, Refusal};
use topology::resource::PrivateEndpoint;

use crate::support::{create, delete, document, endpoint, id, manual_endpoint, refused, row, run, set};

fn with(target: &str, group_ids: &[&str], more: Value) -> Command {
    let mut body = json!({
        "subnet": "endpoints",
        "privateLinkServiceConnections": [{"privateLinkServiceId": target, "groupIds": group_ids}]
    });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    create(Kind::PrivateEndpoint, "pe", body)
}

#[test]
fn rule_1_1_2_an_endpoint_has_one_connection_and_one_group_id() {
    let none = create(Kind::PrivateEndpoint, "pe", json!({"subnet": "endpoints"}));
    let reason = Refusal::OneConnectionPerPrivateEndpoint { endpoint: id("pe"), count: 0 };
    assert_eq!(refused(&document(), none), reason);
    let two = endpoint("pe", "acct", &["blob", "file"]);
    assert_eq!(refused(&document(), two), Refusal::OneGroupIdPerPrivateEndpoint { endpoint: id("pe"), count: 2 });
}

#[test]
fn rule_1_1_3_a_private_link_service_takes_no_group_id_and_a_platform_service_needs_one() {
    let refusal = refused(&document(), manual_endpoint("pe", "pls", &["blob"]));
    let (endpoint_id, target, group) = (id("pe"), id("pls"), "blob".into());
    assert_eq!(refusal, Refusal::GroupIdNotEmpty { endpoint: endpoint_id, target, group });
    let refusal = refused(&document(), endpoint("pe", "acct", &[]));
    assert_eq!(refusal, Refusal::MissingGroupId { endpoint: id("pe"), target: id("acct") });
    let refusal = refused(&document(), endpoint("pe", "acct", &["vault"]));
    let Refusal::GroupIdInvalid { known, .. } = &refusal else { panic!("{refusal:?}") };
    assert!(known.starts_with("blob, "), "{known}");
}

#[test]
fn rule_1_1_4_an_endpoint_lives_in_the_subscription_and_region_of_its_network() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    assert_eq!(document.subscription_of(&id("pe")), Some(&id("shop")));
    run(&mut document, set("theirs", "location", json!("eastus")));
    run(&mut document, manual_endpoint("pe-2", "theirs", &["blob"]));
}

#[test]
fn rule_1_1_6_several_endpoints_may_target_one_resource() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    run(&mut document, endpoint("pe-2", "acct", &["blob"]));
}

#[test]
fn rule_1_2_1_the_interface_is_named_when_the_endpoint_is_created_and_never_later() {
    let mut document = document();
    run(&mut document, with("acct", &["blob"], json!({"customNetworkInterfaceName": "my-nic"})));
    let named = |document: &topology::Document| {
        let row: &PrivateEndpoint = document.private_endpoints.get(&id("pe")).unwrap();
        row.network_interface_name(&id("pe"))
    };
    assert_eq!(named(&document), "my-nic");
    let renamed = set("pe", "customNetworkInterfaceName", json!("other"));
    let field = "customNetworkInterfaceName".into();
    assert_eq!(refused(&document, renamed), Refusal::PropertyChangeNotAllowed { resource: id("pe"), field });
    run(&mut document, delete("pe"));
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    let name = named(&document);
    assert!(name.starts_with("pe.nic.") && name.len() == "pe.nic.".len() + 36, "{name}");
}

#[test]
fn rule_1_2_3_an_address_lies_in_the_subnet_outside_the_five_kept_ones_and_is_free() {
    let mut document = document();
    let at = |address: &str| with("acct", &["blob"], json!({"privateIPAddress": address}));
    assert_eq!(refused(&document, at("10.0.1.3")).code(), "PrivateIPAddressInReservedRange");
    assert_eq!(refused(&document, at("10.0.1.255")).code(), "PrivateIPAddressInReservedRange");
    assert_eq!(refused(&document, at("10.0.2.9")).code(), "PrivateIPAddressNotInSubnet");
    run(&mut document, endpoint("first", "acct", &["blob"]));
    let refusal = refused(&document, at("10.0.1.4"));
    let (resource, address, by) = (id("pe"), "10.0.1.4".parse().unwrap(), id("first"));
    assert_eq!(refusal, Refusal::PrivateIPAddressIsAllocated { resource, address, by });
    run(&mut document, at("10.0.1.9"));
}

#[test]
fn rule_1_2_3_a_static_address_does_not_push_a_dynamic_one_away() {
    let nic = json!({"virtualMachine": "client", "subnet": "clients", "privateIPAddress": "10.0.0.4"});
    let refusal = refused(&document(), create(Kind::NetworkInterface, "nic-2", nic));
    let (resource, address, by) = (id("nic-2"), "10.0.0.4".parse().unwrap(), id("client-nic"));
    assert_eq!(refusal, Refusal::PrivateIPAddressIsAllocated { resource, address, by });
}

#[test]
fn rule_1_2_3_a_full_subnet_gives_no_address() {
    let mut document = document();
    let nic = json!({"virtualMachine": "client", "subnet": "small"});
    for name in ["a", "b", "c"] {
        run(&mut document, create(Kind::NetworkInterface, name, nic.clone()));
    }
    let full = |refusal| matches!(refusal, Refusal::SubnetIsFull { count: 1, .. });
    assert!(full(refused(&document, create(Kind::NetworkInterface, "d", nic))));
    let connection = json!({"privateLinkServiceId": "acct", "groupIds": ["blob"]});
    let body = json!({"subnet": "small", "privateLinkServiceConnections": [connection]});
    assert!(full(refused(&document, create(Kind::PrivateEndpoint, "pe", body))));
}

#[test]
fn rule_1_2_4_the_address_is_the_lowest_free_one_and_stays_for_life() {
    let mut document = document();
    run(&mut document, endpoint("first", "acct", &["blob"]));
    run(&mut document, endpoint("second", "acct", &["file"]));
    assert_eq!(row(&document, "second")["privateIPAddress"], "10.0.1.5");
    run(&mut document, delete("first"));
    assert_eq!(row(&document, "second")["privateIPAddress"], "10.0.1.5");
    let moved = set("second", "privateIPAddress", json!("10.0.1.4"));
    assert_eq!(refused(&document, moved).code(), "PropertyChangeNotAllowed");
    assert_eq!(refused(&document, set("second", "subnet", json!("clients"))).code(), "PropertyChangeNotAllowed");
}

#[test]
fn rule_1_2_5_static_addresses_are_given_at_creation_by_member_name() {
    let configurations = |member: &str| json!({"ipConfigurations": [{"groupId": "vault", "memberName": member, "privateIPAddress": "10.0.1.10"}]});
    let mut document = document();
    let refusal = refused(&document, with("kv", &["vault"], configurations("vault")));
    let Refusal::RequiredMembers { required, .. } = &refusal else { panic!("{refusal:?}") };
    assert_eq!(required, "default");
    run(&mut document, with("kv", &["vault"], configurations("default")));
    assert_eq!(document.addresses(&id("endpoints"))[0].1, Some("10.0.1.10".parse().unwrap()));
    let later = set("pe", "ipConfigurations", Value::Null);
    assert_eq!(refused(&document, later).code(), "PropertyChangeNotAllowed");
}

#[test]
fn rule_1_2_5_some_targets_do_not_let_the_consumer_choose_addresses() {
    let address = json!({"privateIPAddress": "10.0.1.10"});
    for (target, group_ids) in [("aks", &["management"][..]), ("pls", &[])] {
        let refusal = refused(&document(), with_manual(target, group_ids, address.clone()));
        let reason = Refusal::StaticAddressesNotSupported { endpoint: id("pe"), target: id(target) };
        assert_eq!(refusal, reason);
    }
    run(&mut document(), endpoint("pe", "aks", &["management"]));
}

fn with_manual(target: &str, group_ids: &[&str], more: Value) -> Command {
    let mut body = json!({
        "subnet": "endpoints",
        "manualPrivateLinkServiceConnections": [{"privateLinkServiceId": target, "groupIds": group_ids}]
    });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    create(Kind::PrivateEndpoint, "pe", body)
}

#[test]
fn rule_1_2_6_a_registry_takes_an_address_for_each_member() {
    let mut document = document();
    run(&mut document, endpoint("pe", "reg", &["registry"]));
    let configurations = row(&document, "pe")["ipConfigurations"].clone();
    assert_eq!(
        configurations,
        json!([
            {"memberName": "registry", "privateIPAddress": "10.0.1.4"},
            {"memberName": "registry_data_westeurope", "privateIPAddress": "10.0.1.5"}
        ])
    );
    run(&mut document, endpoint("next", "acct", &["blob"]));
    assert_eq!(row(&document, "next")["privateIPAddress"], "10.0.1.6");
}

#[test]
fn rule_1_2_8_other_interfaces_may_share_the_subnet() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    let nic = json!({"virtualMachine": "client", "subnet": "endpoints"});
    run(&mut document, create(Kind::NetworkInterface, "nic-2", nic));
}

#[test]
fn dispute_d3_an_endpoint_is_created_in_a_subnet_with_network_policies_enabled() {
    let mut document = document();
    run(&mut document, set("endpoints", "privateEndpointNetworkPolicies", json!("Enabled")));
    run(&mut document, endpoint("pe", "acct", &["blob"]));
}

#[test]
fn rule_1_3_a_key_vault_takes_64_endpoints() {
    let mut document = document();
    let commands = (0..64).map(|number| endpoint(&format!("pe-{number}"), "kv", &["vault"])).collect();
    run(&mut document, Command::All { commands });
    let (resource, what) = (id("kv"), "privateEndpointConnections".into());
    let reason = Refusal::LimitExceeded { resource, what, count: 65, limit: 64 };
    assert_eq!(refused(&document, endpoint("pe", "kv", &["vault"])), reason);
    run(&mut document, Command::RemoveConnection { endpoint: id("pe-7") });
    run(&mut document, endpoint("pe", "kv", &["vault"]));
}

#[test]
fn rule_1_3_a_network_takes_1000_endpoints_and_more_with_high_scale() {
    let mut text = String::new();
    for number in 0..1000 {
        let address = format!("10.0.{}.{}", 8 + number / 200, 10 + number % 200);
        text.push_str(&format!(
            r#""pe-{number}": {{"subnet": "wide", "privateIPAddress": "{address}", "privateLinkServiceConnections": [{{"privateLinkServiceId": "acct", "groupIds": ["blob"]}}]}},"#
        ));
    }
    let mut document = document();
    let wide = json!({"virtualNetwork": "hub", "addressPrefix": "10.0.8.0/21"});
    run(&mut document, create(Kind::Subnet, "wide", wide));
    let mut file: Value = serde_json::from_str(&topology::file::print_compact(&document)).unwrap();
    file["privateEndpoints"] = serde_json::from_str(&format!("{{{}}}", text.trim_end_matches(','))).unwrap();
    document = topology::file::parse(&file.to_string()).unwrap();
    let refusal = refused(&document, endpoint("pe", "acct", &["blob"]));
    assert!(matches!(refusal, Refusal::LimitExceeded { count: 1001, limit: 1000, .. }), "{refusal:?}");
    run(&mut document, set("hub", "privateEndpointVNetPolicies", json!("Basic")));
    run(&mut document, endpoint("pe", "acct", &["blob"]));
}
