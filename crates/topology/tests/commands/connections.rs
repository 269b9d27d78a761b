//! The approval state machine (1.4), and who is approved at once (2.5, 2.8).

use serde_json::{Value, json};
use topology::Document;
use topology::command::{Command, Refusal, plan};
use topology::resource::ConnectionStatus;

use crate::support::{document, endpoint, id, manual_endpoint, refused, row, run, set, status};

fn approve() -> Command {
    Command::ApproveConnection { endpoint: id("pe") }
}

fn reject() -> Command {
    Command::RejectConnection { endpoint: id("pe") }
}

fn remove() -> Command {
    Command::RemoveConnection { endpoint: id("pe") }
}

fn pending() -> Document {
    let mut document = document();
    run(&mut document, manual_endpoint("pe", "acct", &["blob"]));
    assert_eq!(status(&document, "pe"), "Pending");
    document
}

#[test]
fn rule_1_4_1_the_owner_approves_rejects_or_removes_a_pending_connection() {
    for (command, expected) in [(approve(), "Approved"), (reject(), "Rejected"), (remove(), "Disconnected")] {
        let mut document = pending();
        run(&mut document, command);
        assert_eq!(status(&document, "pe"), expected);
    }
}

#[test]
fn rule_1_4_1_an_approved_connection_can_be_rejected_and_any_removed() {
    let mut document = pending();
    run(&mut document, approve());
    run(&mut document, reject());
    assert_eq!(status(&document, "pe"), "Rejected");
    run(&mut document, remove());
    assert_eq!(status(&document, "pe"), "Disconnected");
}

#[test]
fn rule_1_4_1_disconnected_is_terminal() {
    let mut document = pending();
    run(&mut document, remove());
    for command in [approve(), reject()] {
        assert_eq!(refused(&document, command), Refusal::DisconnectedIsFinal { endpoint: id("pe") });
    }
    assert_eq!(refused(&document, remove()), Refusal::NothingToChange);
}

#[test]
fn rule_1_4_4_m16_a_rejected_connection_cannot_be_approved() {
    let mut document = pending();
    run(&mut document, reject());
    let refusal = refused(&document, approve());
    assert_eq!(refusal, Refusal::RejectedIsFinal { endpoint: id("pe") });
    assert_eq!(refusal.declaration().assumption, Some("A17"));
}

#[test]
fn rule_1_4_4_a_key_vault_approves_what_it_rejected() {
    let mut document = document();
    run(&mut document, manual_endpoint("pe", "kv", &["vault"]));
    run(&mut document, reject());
    run(&mut document, approve());
    assert_eq!(status(&document, "pe"), "Approved");
}

#[test]
fn rule_1_4_5_sql_rejects_only_what_is_pending() {
    let mut document = document();
    run(&mut document, endpoint("pe", "srv", &["sqlServer"]));
    let reason = Refusal::ConnectionNotPending { endpoint: id("pe"), status: ConnectionStatus::Approved };
    assert_eq!(refused(&document, reject()), reason);
    run(&mut document, remove());
}

#[test]
fn the_state_is_set_by_its_field_only_as_the_owner_could() {
    let mut document = pending();
    let state = "manualPrivateLinkServiceConnections/0/privateLinkServiceConnectionState/status";
    run(&mut document, set("pe", state, json!("Rejected")));
    let approved = set("pe", state, json!("Approved"));
    assert_eq!(refused(&document, approved), Refusal::RejectedIsFinal { endpoint: id("pe") });
    let refusal = refused(&document, set("pe", state, json!("Pending")));
    assert!(matches!(refusal, Refusal::CannotBecomePending { .. }), "{refusal:?}");
}

#[test]
fn rule_1_4_1_a_creator_who_may_approve_is_approved_at_once() {
    let mut document = document();
    run(&mut document, endpoint("pe", "acct", &["blob"]));
    let connection = &row(&document, "pe")["privateLinkServiceConnections"][0];
    let state = json!({"status": "Approved", "description": "Auto-Approved"});
    assert_eq!(connection["privateLinkServiceConnectionState"], state);
}

#[test]
fn rule_1_4_3_m15_across_tenants_the_owner_has_to_approve() {
    let mut document = document();
    let refusal = refused(&document, endpoint("pe", "theirs", &["blob"]));
    assert_eq!(refusal, Refusal::LinkedAuthorizationFailed { endpoint: id("pe"), target: id("theirs") });
    run(&mut document, manual_endpoint("pe", "theirs", &["blob"]));
    assert_eq!(status(&document, "pe"), "Pending");
    run(&mut document, approve());
    assert_eq!(status(&document, "pe"), "Approved");
}

#[test]
fn a_state_a_creator_writes_is_not_believed() {
    let connection = json!({
        "privateLinkServiceId": "theirs", "groupIds": ["blob"],
        "privateLinkServiceConnectionState": {"status": "Approved"}
    });
    let body = json!({"subnet": "endpoints", "manualPrivateLinkServiceConnections": [connection]});
    let mut document = document();
    run(&mut document, crate::support::create(topology::Kind::PrivateEndpoint, "pe", body));
    assert_eq!(status(&document, "pe"), "Pending");
}

/// How a request to `pls` of Fabrikam by subscription `shop` of Contoso ends.
#[track_caller]
fn check(visibility: Value, auto_approval: Value, roles: Value, by_alias: bool, manual: bool, expected: &str) {
    let mut document = document();
    for (field, value) in [
        ("visibility", json!({"subscriptions": visibility})),
        ("autoApproval", json!({"subscriptions": auto_approval})),
        ("roleAssignments", roles),
    ] {
        // What already is so is no change.
        if let Ok(diff) = plan(&document, set("pls", field, value)) {
            diff.apply(&mut document);
        }
    }
    let alias = document.private_link_service_alias(&id("pls")).unwrap();
    let target = if by_alias { alias.as_str() } else { "pls" };
    let command = if manual { manual_endpoint("pe", target, &[]) } else { endpoint("pe", target, &[]) };
    let found = match plan(&document, command) {
        Ok(diff) => {
            diff.apply(&mut document);
            status(&document, "pe")
        }
        Err(refusal) => refusal.declaration().name.to_owned(),
    };
    assert_eq!(found, expected);
}

const ID: bool = false;
const ALIAS: bool = true;
const AUTOMATIC: bool = false;
const MANUAL: bool = true;

fn nobody() -> Value {
    json!([])
}

fn everybody() -> Value {
    json!(["*"])
}

fn shop() -> Value {
    json!(["shop"])
}

fn role(role: &str) -> Value {
    json!([{"principal": "contoso", "role": role}])
}

#[test]
fn rule_2_5_without_visibility_or_a_role_the_service_is_not_seen() {
    check(nobody(), nobody(), Value::Null, ALIAS, MANUAL, "NotVisible");
    check(nobody(), nobody(), Value::Null, ID, MANUAL, "NotVisible");
}

#[test]
fn rule_2_5_a_role_makes_it_visible_and_the_approval_action_approves() {
    check(nobody(), nobody(), role("Contributor"), ID, AUTOMATIC, "Approved");
    check(nobody(), nobody(), role("Reader"), ID, AUTOMATIC, "Pending");
}

#[test]
fn rule_2_5_m30_a_subscription_off_the_list_is_refused() {
    check(json!(["lab"]), nobody(), Value::Null, ALIAS, MANUAL, "NotVisible");
    check(json!(["lab"]), nobody(), Value::Null, ID, MANUAL, "NotVisible");
}

#[test]
fn rule_2_5_a_subscription_on_the_list_is_pending_or_approved_automatically() {
    check(shop(), nobody(), Value::Null, ALIAS, MANUAL, "Pending");
    check(shop(), nobody(), Value::Null, ID, MANUAL, "Pending");
    check(shop(), shop(), Value::Null, ALIAS, MANUAL, "Approved");
    check(shop(), shop(), Value::Null, ID, MANUAL, "Approved");
}

#[test]
fn rule_2_5_with_a_star_anyone_with_the_alias_asks() {
    check(everybody(), nobody(), Value::Null, ALIAS, MANUAL, "Pending");
    check(everybody(), everybody(), Value::Null, ALIAS, MANUAL, "Approved");
    check(everybody(), shop(), Value::Null, ALIAS, MANUAL, "Approved");
}

#[test]
fn rule_1_4_6_an_alias_forces_the_manual_path() {
    check(everybody(), nobody(), Value::Null, ALIAS, AUTOMATIC, "AliasNeedsManualRequest");
}

#[test]
fn rule_2_8_without_the_approval_action_the_request_is_manual() {
    check(everybody(), nobody(), Value::Null, ID, AUTOMATIC, "LinkedAuthorizationFailed");
    check(everybody(), nobody(), Value::Null, ID, MANUAL, "Pending");
    check(everybody(), nobody(), role("Contributor"), ID, MANUAL, "Pending");
}

#[test]
fn rule_2_5_1_an_alias_of_nothing_is_no_private_link_service() {
    let nothing = "pls.00000000-0000-0000-0000-000000000000.westeurope.azure.privatelinkservice";
    let refusal = refused(&document(), manual_endpoint("pe", nothing, &[]));
    assert_eq!(refusal, Refusal::InvalidPrivateLinkServiceId { endpoint: id("pe"), target: nothing.into() });
}

#[test]
fn rule_2_5_2_a_connection_outlives_the_lists_that_let_it_in() {
    let mut document = document();
    run(&mut document, manual_endpoint("pe", "pls", &[]));
    run(&mut document, approve());
    run(&mut document, set("pls", "visibility", Value::Null));
    assert_eq!(status(&document, "pe"), "Approved");
}

#[test]
fn rule_2_4_the_alias_is_name_guid_region_and_stays_the_same() {
    let alias = document().private_link_service_alias(&id("pls")).unwrap();
    let parts: Vec<&str> = alias.split('.').collect();
    assert_eq!((parts[0], &parts[2..]), ("pls", &["westeurope", "azure", "privatelinkservice"][..]));
    assert_eq!(parts[1].len(), 36);
    assert_eq!(document().private_link_service_of_alias(&alias), Some(&id("pls")));
}
