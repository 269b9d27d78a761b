//! Creating, setting, renaming; several commands as one; what is free.

use serde_json::{Value, json};
use topology::Kind;
use topology::command::{Command, Refusal, plan};
use topology::document::Request;

use crate::support::{create, delete, document, endpoint, id, record, refused, row, run, set};

#[test]
fn a_resource_is_created_from_its_arm_fields() {
    let mut document = document();
    let fields = json!({"virtualNetwork": "hub", "addressPrefix": "10.0.2.0/24"});
    run(&mut document, create(Kind::Subnet, "more", fields.clone()));
    assert_eq!(row(&document, "more"), fields);
}

#[test]
fn an_id_is_unique_in_the_whole_document() {
    let refusal = refused(&document(), create(Kind::Tenant, "hub", json!({})));
    assert_eq!(refusal, Refusal::AlreadyExists { id: id("hub") });
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_its_place() {
    let refusal = refused(&document(), set("hub", "addressPrefixes/0", json!("10.0.0.0/40")));
    let Refusal::InvalidValue { field, .. } = &refusal else { panic!("{refusal:?}") };
    assert_eq!(field, "addressPrefixes/0");
    assert!(matches!(refused(&document(), create(Kind::Subnet, "x", json!({}))), Refusal::InvalidValue { .. }));
}

#[test]
fn a_field_is_set_and_taken_away_again_by_its_path() {
    let mut document = document();
    run(&mut document, set("acct", "networkAcls/defaultAction", json!("Deny")));
    run(&mut document, set("acct", "networkAcls/ipRules/0", json!("20.0.0.1")));
    assert_eq!(row(&document, "acct")["networkAcls"], json!({"defaultAction": "Deny", "ipRules": ["20.0.0.1"]}));
    run(&mut document, set("acct", "networkAcls/ipRules/0", Value::Null));
    run(&mut document, set("acct", "networkAcls/defaultAction", Value::Null));
    assert_eq!(row(&document, "acct").get("networkAcls"), None);
}

#[test]
fn what_is_already_so_is_nothing_to_change() {
    let again = set("acct", "location", json!("westeurope"));
    assert_eq!(refused(&document(), again), Refusal::NothingToChange);
    assert_eq!(refused(&document(), set("acct", "noSuchField", Value::Null)), Refusal::NothingToChange);
}

#[test]
fn a_reference_to_nothing_or_to_another_type_is_refused() {
    for wrong in ["nowhere", "hub"] {
        let nic = json!({"virtualMachine": "client", "subnet": wrong});
        let refusal = refused(&document(), create(Kind::NetworkInterface, "nic-2", nic));
        let (reference, resource, field) = (wrong.into(), id("nic-2"), "subnet".into());
        assert_eq!(refusal, Refusal::InvalidResourceReference { reference, resource, field });
    }
    let frontends = set("pls", "loadBalancerFrontendIpConfigurations/0", json!("lb/three"));
    assert!(matches!(refused(&document(), frontends), Refusal::InvalidResourceReference { .. }));
}

#[test]
fn a_frontend_that_a_rule_or_a_private_link_service_names_stays() {
    for frontend in ["one", "two"] {
        let taken = plan(&document(), set("lb", &format!("frontendIPConfigurations/{frontend}"), Value::Null));
        assert_eq!(taken.is_ok(), frontend == "two", "{frontend}");
    }
}

#[test]
fn a_document_that_came_with_a_fault_can_still_be_edited() {
    let mut document = document();
    let file = topology::file::print_compact(&document).replace("\"10.0.1.0/24\"", "\"10.9.1.0/24\"");
    document = topology::file::parse(&file).unwrap();
    run(&mut document, set("endpoints", "defaultOutboundAccess", json!(false)));
}

#[test]
fn renaming_keeps_every_reference() {
    let mut document = document();
    for (from, to) in [("hub", "core"), ("lb", "balancer"), ("client", "pc"), ("shop", "store"), ("acct", "data")] {
        let kind = document.kind_of(&id(from)).unwrap();
        run(&mut document, Command::Rename { id: id(from), to: id(to) });
        assert!(document.mentions_of(kind, &id(from)).is_empty(), "{from}");
    }
    assert_eq!(row(&document, "clients")["virtualNetwork"], "core");
    assert_eq!(row(&document, "pls")["loadBalancerFrontendIpConfigurations"], json!(["balancer/one"]));
    assert_eq!(row(&document, "blob-zone")["virtualNetworkLinks"]["to-hub"]["virtualNetwork"], "core");
    assert_eq!(document.field("requests").unwrap(), json!([{"from": "pc", "to": "data.blob.core.windows.net"}]));
    for (kind, id) in document.ids() {
        assert_eq!(document.dangling_in(kind, id), [], "{id}");
    }
}

#[test]
fn renaming_a_subscription_keeps_it_in_the_lists_of_private_link_services() {
    let mut document = document();
    run(&mut document, set("pls", "visibility/subscriptions", json!(["shop"])));
    run(&mut document, Command::Rename { id: id("shop"), to: id("store") });
    assert_eq!(row(&document, "pls")["visibility"]["subscriptions"], json!(["store"]));
}

#[test]
fn renaming_an_account_renames_the_records_its_endpoints_own() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    run(&mut document, set("pe", "privateDnsZoneGroup/privateDnsZoneConfigs/0/privateDnsZoneId", json!("blob-zone")));
    run(&mut document, Command::Rename { id: id("acct"), to: id("data") });
    assert_eq!(
        (record(&document, "blob-zone", "acct"), record(&document, "blob-zone", "data")),
        (String::new(), String::from("10.0.1.4"))
    );
}

#[test]
fn renaming_keeps_the_place_in_the_table_and_takes_no_id_twice() {
    let mut document = document();
    run(&mut document, Command::Rename { id: id("hub"), to: id("core") });
    assert_eq!(document.virtual_networks.ids().next(), Some(&id("core")));
    let taken = Command::Rename { id: id("core"), to: id("lb") };
    assert_eq!(refused(&document, taken), Refusal::AlreadyExists { id: id("lb") });
}

#[test]
fn several_commands_are_one_or_none() {
    let subnet = |prefix: &str| json!({"virtualNetwork": "hub", "addressPrefix": prefix});
    let mut document = document();
    let before = document.clone();
    let commands = vec![
        create(Kind::Subnet, "a", subnet("10.0.2.0/24")),
        create(Kind::Subnet, "b", subnet("10.0.3.0/24")),
        delete("nowhere"),
    ];
    assert_eq!(
        refused(&document, Command::All { commands: commands.clone() }),
        Refusal::NotFound { reference: "nowhere".into() }
    );
    let diff = plan(&document, Command::All { commands: commands[..2].to_vec() }).unwrap();
    diff.apply(&mut document);
    assert_eq!(document.subnets.len(), before.subnets.len() + 2);
    diff.reversed().apply(&mut document);
    assert_eq!(document, before);
}

#[test]
fn a_command_is_written_by_its_name_and_read_back() {
    let command = Command::LinkZone { zone: id("blob-zone"), network: id("spoke") };
    let text = serde_json::to_string(&command).unwrap();
    assert_eq!(text, r#"{"command":"linkZone","zone":"blob-zone","network":"spoke"}"#);
    assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
    let command = create(Kind::Tenant, "t", json!({"name": "T"}));
    let text = serde_json::to_string(&command).unwrap();
    assert_eq!(text, r#"{"command":"create","kind":"tenants","id":"t","value":{"name":"T"}}"#);
    assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
}

#[test]
fn saving_a_request_puts_it_first_without_repeating_it() {
    let mut document = document();
    let question = |to: &str| serde_json::from_value::<Request>(json!({"from": "client", "to": to})).unwrap();
    for to in ["a", "b", "a"] {
        run(&mut document, Command::SaveRequest { request: question(to) });
    }
    assert_eq!(document.requests[..2], [question("a"), question("b")]);
    let again = Command::SaveRequest { request: question("a") };
    assert_eq!(refused(&document, again), Refusal::NothingToChange);
}

#[test]
fn a_new_thing_gets_a_free_id_a_free_range_and_a_free_address() {
    let mut document = document();
    assert_eq!(document.free_id("vnet"), id("vnet"));
    assert_eq!(document.free_id("hub"), id("hub-2"));
    assert_eq!(document.free_id("my vnet!"), id("my-vnet-"));
    assert_eq!(document.free_address_space().unwrap().to_string(), "10.2.0.0/16");
    assert_eq!(document.free_subnet_prefix(&id("hub"), 24).unwrap().to_string(), "10.0.2.0/24");
    assert_eq!(document.free_subnet_prefix(&id("spoke"), 24).unwrap().to_string(), "10.1.1.0/24");
    assert_eq!(document.free_subnet_prefix(&id("spoke"), 29).unwrap().to_string(), "10.1.0.8/29");
    assert_eq!(document.free_addresses(&id("clients"), 2).map_strings(), ["10.0.0.5", "10.0.0.6"]);
    let whole = json!({"virtualNetwork": "spoke", "addressPrefix": "10.1.128.0/17"});
    run(&mut document, create(Kind::Subnet, "half", whole));
    assert_eq!(document.free_subnet_prefix(&id("spoke"), 17), None);
}

trait MapStrings {
    fn map_strings(&self) -> Vec<String>;
}

impl<T: ToString> MapStrings for Vec<T> {
    fn map_strings(&self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }
}
