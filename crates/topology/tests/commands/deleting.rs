//! What a deletion takes along, and what refuses it.

use serde_json::json;
use topology::Kind;
use topology::command::{Command, Refusal};

use crate::support::{cascade, create, delete, document, endpoint, id, refused, row, run, set, status};

#[test]
fn a_subnet_something_stands_in_is_not_deleted() {
    let refusal = refused(&document(), delete("clients"));
    let dependents = vec![id("client-nic")];
    assert_eq!(refusal, Refusal::InUseSubnetCannotBeDeleted { resource: id("clients"), dependents });
    assert_eq!(refusal.code(), "InUseSubnetCannotBeDeleted");
}

#[test]
fn an_empty_network_goes_with_its_subnets_links_and_peerings() {
    let mut document = document();
    run(&mut document, Command::Peer { network: id("hub"), remote: id("spoke") });
    run(&mut document, Command::LinkZone { zone: id("blob-zone"), network: id("spoke") });
    run(&mut document, delete("spoke"));
    assert!(!document.subnets.contains(&id("small")) && document.virtual_network_peerings.is_empty());
    let links = &document.private_dns_zones.get(&id("blob-zone")).unwrap().virtual_network_links;
    assert_eq!(links.keys().collect::<Vec<_>>(), ["to-hub"]);
}

#[test]
fn a_network_is_not_deleted_while_something_stands_in_a_subnet() {
    let refusal = refused(&document(), delete("hub"));
    assert!(matches!(refusal, Refusal::InUseSubnetCannotBeDeleted { .. }), "{refusal:?}");
}

#[test]
fn cascading_takes_along_all_that_depends_on_it() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    run(&mut document, cascade("hub"));
    for gone in ["hub", "clients", "endpoints", "client-nic", "pe"] {
        assert_eq!(document.kind_of(&id(gone)), None, "{gone}");
    }
    assert!(document.kind_of(&id("client")).is_some(), "the machine stays, without an interface");
    for (kind, id) in document.ids() {
        assert_eq!(document.dangling_in(kind, id), [], "{id}");
    }
}

#[test]
fn a_machine_goes_with_its_interfaces_and_its_saved_questions() {
    let mut document = document();
    run(&mut document, delete("client"));
    assert!(!document.network_interfaces.contains(&id("client-nic")) && document.requests.is_empty());
    run(&mut document, delete("web-0"));
    let pool = &row(&document, "lb")["backendAddressPools"]["pool"];
    assert_eq!(*pool, json!({}), "membership belongs to the member");
}

#[test]
fn a_security_group_in_use_is_not_deleted_but_detached_by_cascading() {
    let mut document = document();
    let dependents = vec![id("clients")];
    let reason = Refusal::InUseNetworkSecurityGroupCannotBeDeleted { resource: id("nsg"), dependents };
    assert_eq!(refused(&document, delete("nsg")), reason);
    run(&mut document, cascade("nsg"));
    assert_eq!(row(&document, "clients").get("networkSecurityGroup"), None);
}

#[test]
fn a_rule_goes_with_its_application_security_group_rather_than_match_everyone() {
    let mut document = document();
    let reason = Refusal::InUse { resource: id("asg"), dependents: vec![id("nsg")] };
    assert_eq!(refused(&document, delete("asg")), reason);
    run(&mut document, cascade("asg"));
    assert_eq!(row(&document, "nsg").get("securityRules"), None);
}

#[test]
fn rule_2_2_a_load_balancer_under_a_private_link_service_is_not_deleted() {
    let refusal = refused(&document(), delete("lb"));
    let dependents = vec![id("pls")];
    assert_eq!(refusal, Refusal::CannotDeleteLoadBalancerWithPrivateLinkService { resource: id("lb"), dependents });
}

#[test]
fn rule_2_2_m29_a_private_link_service_is_deleted_only_without_connections() {
    let mut document = document();
    run(&mut document, crate::support::manual_endpoint("pe", "pls", &[]));
    let refusal = refused(&document, delete("pls"));
    let (service, endpoints) = (id("pls"), vec![id("pe")]);
    assert_eq!(
        refusal,
        Refusal::PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted { service, count: 1, endpoints }
    );
    run(&mut document, Command::RejectConnection { endpoint: id("pe") });
    assert_eq!(refused(&document, delete("pls")).code(), refusal.code(), "rejected ones have to be removed as well");
    run(&mut document, Command::RemoveConnection { endpoint: id("pe") });
    run(&mut document, delete("pls"));
    assert_eq!(status(&document, "pe"), "Disconnected");
}

#[test]
fn rule_1_1_8_deleting_the_target_leaves_the_endpoint_disconnected() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    assert_eq!(status(&document, "pe"), "Approved");
    run(&mut document, delete("acct"));
    assert_eq!(status(&document, "pe"), "Disconnected");
    let approve = Command::ApproveConnection { endpoint: id("pe") };
    assert_eq!(refused(&document, approve), Refusal::DisconnectedIsFinal { endpoint: id("pe") });
    run(&mut document, delete("pe"));
}

#[test]
fn rule_3_3_8_a_zone_with_links_is_not_deleted() {
    let mut document = document();
    let reason = Refusal::NestedResourcesExist { zone: id("blob-zone"), links: "to-hub".into() };
    assert_eq!(refused(&document, delete("blob-zone")), reason);
    run(&mut document, Command::UnlinkZone { zone: id("blob-zone"), link: "to-hub".into() });
    run(&mut document, delete("blob-zone"));
    run(&mut document, delete("corp-zone"));
}

#[test]
fn a_zone_leaves_the_zone_groups_it_was_in() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    for (position, zone) in ["other-blob-zone", "corp-zone"].iter().enumerate() {
        let path = format!("privateDnsZoneGroup/privateDnsZoneConfigs/{position}/privateDnsZoneId");
        run(&mut document, set("pe", &path, json!(zone)));
    }
    run(&mut document, delete("other-blob-zone"));
    let configs = &row(&document, "pe")["privateDnsZoneGroup"]["privateDnsZoneConfigs"];
    assert_eq!(*configs, json!([{"privateDnsZoneId": "corp-zone"}]));
}

#[test]
fn the_rule_of_an_account_for_a_subnet_goes_with_the_subnet() {
    let mut document = document();
    for (position, subnet) in ["endpoints", "small"].iter().enumerate() {
        let path = format!("networkAcls/virtualNetworkRules/{position}/virtualNetworkResourceId");
        run(&mut document, set("acct", &path, json!(subnet)));
    }
    let both = Command::All { commands: vec![delete("small"), delete("endpoints")] };
    run(&mut document, both);
    assert_eq!(row(&document, "acct").get("networkAcls"), None);
}

#[test]
fn a_tenant_with_subscriptions_is_not_deleted_but_cascades_to_everything_in_it() {
    let mut document = document();
    assert!(matches!(refused(&document, delete("fabrikam")), Refusal::InUse { .. }));
    run(&mut document, create(Kind::Tenant, "empty", json!({})));
    run(&mut document, delete("empty"));
    run(&mut document, cascade("fabrikam"));
    for gone in ["maker", "plant", "web", "nat", "lb", "pls", "theirs", "web-0-nic"] {
        assert_eq!(document.kind_of(&id(gone)), None, "{gone}");
    }
}
