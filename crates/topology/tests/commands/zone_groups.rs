//! Zone groups own their records (3.6).

use serde_json::{Value, json};
use topology::Kind;
use topology::command::{Command, Refusal};

use crate::support::{create, delete, document, endpoint, id, record, refused, run, set, status};

/// An endpoint with a zone group.
fn grouped(name: &str, target: &str, group_ids: &[&str], zones: &[&str], manual: bool) -> Command {
    let list = if manual { "manualPrivateLinkServiceConnections" } else { "privateLinkServiceConnections" };
    let configs: Vec<Value> = zones.iter().map(|zone| json!({"privateDnsZoneId": zone})).collect();
    let body = json!({
        "subnet": "endpoints",
        list: [{"privateLinkServiceId": target, "groupIds": group_ids}],
        "privateDnsZoneGroup": {"privateDnsZoneConfigs": configs}
    });
    create(Kind::PrivateEndpoint, name, body)
}

#[test]
fn rule_3_6_1_an_approved_endpoint_writes_its_record_with_ttl_10() {
    let mut document = document();
    run(&mut document, grouped("pe", "acct", &["blob"], &["blob-zone"], false));
    let sets = &document.private_dns_zones.get(&id("blob-zone")).unwrap().record_sets;
    assert_eq!((record(&document, "blob-zone", "acct").as_str(), sets["acct"].ttl), ("10.0.1.4", 10));
}

#[test]
fn rule_3_6_1_the_record_is_written_on_approval_and_stays_after_a_rejection() {
    let mut document = document();
    run(&mut document, grouped("pe", "acct", &["blob"], &["blob-zone"], true));
    assert_eq!(record(&document, "blob-zone", "acct"), "");
    run(&mut document, Command::ApproveConnection { endpoint: id("pe") });
    assert_eq!(record(&document, "blob-zone", "acct"), "10.0.1.4");
    run(&mut document, Command::RejectConnection { endpoint: id("pe") });
    assert_eq!(
        (status(&document, "pe").as_str(), record(&document, "blob-zone", "acct").as_str()),
        ("Rejected", "10.0.1.4")
    );
}

#[test]
fn rule_3_6_1_the_record_goes_with_the_endpoint_or_with_the_group() {
    for command in [delete("pe"), set("pe", "privateDnsZoneGroup", Value::Null)] {
        let mut document = document();
        run(&mut document, grouped("pe", "acct", &["blob"], &["blob-zone"], false));
        run(&mut document, command);
        assert_eq!(record(&document, "blob-zone", "acct"), "");
    }
}

#[test]
fn rule_3_6_1_a_group_made_later_writes_at_once_and_a_changed_one_moves_the_record() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    let zone = "privateDnsZoneGroup/privateDnsZoneConfigs/0/privateDnsZoneId";
    run(&mut document, set("pe", zone, json!("blob-zone")));
    assert_eq!(record(&document, "blob-zone", "acct"), "10.0.1.4");
    run(&mut document, set("pe", zone, json!("other-blob-zone")));
    assert_eq!(record(&document, "blob-zone", "acct"), "");
    assert_eq!(record(&document, "other-blob-zone", "acct"), "10.0.1.4");
}

#[test]
fn rule_3_6_2_only_zones_with_the_recommended_name_get_records() {
    let mut document = document();
    run(&mut document, grouped("pe", "acct", &["blob"], &["corp-zone"], false));
    assert_eq!(record(&document, "corp-zone", "acct"), "");
}

#[test]
fn rule_3_6_3_m12_a_second_endpoint_rewrites_the_record_of_the_first() {
    let mut document = document();
    run(&mut document, grouped("first", "acct", &["blob"], &["blob-zone"], false));
    run(&mut document, grouped("second", "acct", &["blob"], &["blob-zone"], false));
    assert_eq!(record(&document, "blob-zone", "acct"), "10.0.1.5");
}

#[test]
fn rule_3_6_3_m11_deleting_the_second_endpoint_deletes_the_record_of_the_first() {
    let mut document = document();
    run(&mut document, grouped("first", "acct", &["blob"], &["blob-zone"], false));
    run(&mut document, grouped("second", "acct", &["blob"], &["blob-zone"], false));
    run(&mut document, delete("second"));
    assert_eq!(
        (status(&document, "first").as_str(), record(&document, "blob-zone", "acct").as_str()),
        ("Approved", "")
    );
}

#[test]
fn rule_3_6_4_a_web_app_gets_a_record_for_its_site_and_its_deployment_site() {
    let mut document = document();
    let zone = json!({"subscription": "shop", "name": "privatelink.azurewebsites.net"});
    run(&mut document, create(Kind::PrivateDnsZone, "web-zone", zone));
    run(&mut document, grouped("pe", "site", &["sites"], &["web-zone"], false));
    assert_eq!(record(&document, "web-zone", "site"), "10.0.1.4");
    assert_eq!(record(&document, "web-zone", "site.scm"), "10.0.1.4");
}

#[test]
fn rule_3_6_4_a_registry_gets_a_record_for_each_of_its_addresses() {
    let mut document = document();
    let zone = json!({"subscription": "shop", "name": "privatelink.azurecr.io"});
    run(&mut document, create(Kind::PrivateDnsZone, "reg-zone", zone));
    run(&mut document, grouped("pe", "reg", &["registry"], &["reg-zone"], false));
    assert_eq!(record(&document, "reg-zone", "reg"), "10.0.1.4");
    assert_eq!(record(&document, "reg-zone", "reg.westeurope.data"), "10.0.1.5");
}

#[test]
fn rule_3_6_5_a_private_link_service_gets_no_record() {
    let mut document = document();
    run(&mut document, grouped("pe", "pls", &[], &["corp-zone"], true));
    run(&mut document, Command::ApproveConnection { endpoint: id("pe") });
    assert!(document.private_dns_zones.get(&id("corp-zone")).unwrap().record_sets.is_empty());
}

#[test]
fn rule_1_3_a_zone_group_has_five_zones_at_most() {
    let refusal = refused(&document(), grouped("pe", "acct", &["blob"], &["blob-zone"; 6], false));
    let (resource, what) = (id("pe"), "privateDnsZoneConfigs".into());
    assert_eq!(refusal, Refusal::LimitExceeded { resource, what, count: 6, limit: 5 });
}

#[test]
fn an_endpoint_that_came_without_an_address_keeps_the_one_its_record_says() {
    let mut document = document();
    run(&mut document, grouped("pe", "acct", &["blob"], &["blob-zone"], true));
    let file = topology::file::print_compact(&document).replace(r#""privateIPAddress":"10.0.1.4","#, "");
    let mut document = topology::file::parse(&file).unwrap();
    run(&mut document, Command::ApproveConnection { endpoint: id("pe") });
    assert_eq!(record(&document, "blob-zone", "acct"), "10.0.1.4");
    assert_eq!(crate::support::row(&document, "pe")["privateIPAddress"], "10.0.1.4");
}

#[test]
fn rule_3_6_6_integrating_with_private_dns_makes_zone_link_and_record() {
    let mut document = document();
    run(&mut document, endpoint("pe", "kv", &["vault"]));
    run(&mut document, Command::IntegrateDns { endpoint: id("pe") });
    let zone = "privatelink.vaultcore.azure.net";
    assert_eq!(record(&document, zone, "kv"), "10.0.1.4");
    let links = &document.private_dns_zones.get(&id(zone)).unwrap().virtual_network_links;
    assert_eq!(links.values().map(|link| &link.virtual_network).collect::<Vec<_>>(), [&id("hub")]);
}

#[test]
fn rule_3_6_6_integrating_takes_the_zone_the_network_is_linked_to() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    run(&mut document, Command::IntegrateDns { endpoint: id("pe") });
    assert_eq!(record(&document, "blob-zone", "acct"), "10.0.1.4");
    assert_eq!(refused(&document, Command::IntegrateDns { endpoint: id("pe") }), Refusal::NothingToChange);
    run(&mut document, crate::support::manual_endpoint("pe-2", "pls", &[]));
    let nowhere = Command::IntegrateDns { endpoint: id("pe-2") };
    assert_eq!(refused(&document, nowhere), Refusal::NoRecommendedZone { endpoint: id("pe-2") });
}
