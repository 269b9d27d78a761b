//! Random commands on the document of these tests, and on what they make of it.

use proptest::prelude::*;
use serde_json::{Value, json};
use topology::command::Command;
use topology::{Id, Kind};

use crate::support::{document, id};

/// The ids of the document and some that come and go.
fn any_id() -> impl Strategy<Value = Id> {
    let own: Vec<Id> = document().ids().map(|(_, id)| id.clone()).collect();
    let more = ["pe", "pe-2", "new", "hub-to-spoke", "nothing"].map(id);
    prop::sample::select([own, more.to_vec()].concat())
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

/// Values that fit somewhere, and some that fit nowhere.
fn any_value() -> impl Strategy<Value = Value> {
    let text = any_id().prop_map(|id| json!(id.as_str()));
    let connection = || {
        (any_id(), prop::sample::select(vec!["blob", "vault", "registry", ""])).prop_map(|(target, group)| {
            let groups: Vec<&str> = if group.is_empty() { vec![] } else { vec![group] };
            json!([{"privateLinkServiceId": target.as_str(), "groupIds": groups}])
        })
    };
    let endpoint = (any_id(), connection(), any::<bool>()).prop_map(|(zone, connection, manual)| {
        let list = if manual { "manualPrivateLinkServiceConnections" } else { "privateLinkServiceConnections" };
        json!({
            "subnet": "endpoints", list: connection,
            "privateDnsZoneGroup": {"privateDnsZoneConfigs": [{"privateDnsZoneId": zone.as_str()}]}
        })
    });
    prop_oneof![
        text,
        connection(),
        endpoint,
        Just(Value::Null),
        Just(json!(true)),
        Just(json!("Disabled")),
        Just(json!("Enabled")),
        Just(json!(["10.0.0.0/16", "10.2.0.0/16"])),
        Just(json!("10.0.2.0/24")),
        Just(json!({"subscription": "shop"})),
        Just(json!({"virtualNetwork": "hub", "addressPrefix": "10.0.3.0/24"})),
        Just(json!({"virtualMachine": "client", "subnet": "clients"})),
        Just(json!({})),
        Just(json!([])),
    ]
}

/// A path into what the document holds.
fn any_path() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "subnet",
        "virtualNetwork",
        "addressPrefix",
        "addressPrefixes",
        "networkSecurityGroup",
        "privateLinkServiceNetworkPolicies",
        "privateDnsZoneGroup",
        "privateDnsZoneGroup/privateDnsZoneConfigs/0/privateDnsZoneId",
        "virtualNetworkLinks/to-hub/virtualNetwork",
        "virtualNetworkLinks/to-hub/registrationEnabled",
        "frontendIPConfigurations/one",
        "backendAddressPools/pool/networkInterfaces/0",
        "ipConfigurations/0/subnet",
        "loadBalancerFrontendIpConfigurations/0",
        "visibility/subscriptions",
        "location",
        "extra/deep/0",
    ])
    .prop_map(str::to_owned)
}

pub(crate) fn any_command() -> impl Strategy<Value = Command> {
    let one = prop_oneof![
        4 => (any_kind(), any_id(), any_value()).prop_map(|(kind, id, value)| Command::Create { kind, id, value }),
        4 => (any_id(), any_value()).prop_map(|(id, value)| Command::Create { kind: Kind::PrivateEndpoint, id, value }),
        6 => (any_id(), any_path(), any_value()).prop_map(|(id, path, value)| {
            Command::Set { id, path: path.split('/').map(Into::into).collect(), value }
        }),
        3 => (any_id(), any_id()).prop_map(|(id, to)| Command::Rename { id, to }),
        3 => (any_id(), any::<bool>()).prop_map(|(id, cascade)| Command::Delete { id, cascade }),
        2 => (any_id(), any_id()).prop_map(|(network, remote)| Command::Peer { network, remote }),
        2 => (any_id(), any_id()).prop_map(|(zone, network)| Command::LinkZone { zone, network }),
        1 => any_id().prop_map(|zone| Command::UnlinkZone { zone, link: "to-hub".into() }),
        2 => any_id().prop_map(|endpoint| Command::ApproveConnection { endpoint }),
        2 => any_id().prop_map(|endpoint| Command::RejectConnection { endpoint }),
        2 => any_id().prop_map(|endpoint| Command::RemoveConnection { endpoint }),
        1 => ".{0,12}".prop_map(|title| Command::SetTitle { title }),
        1 => Just(Command::Replace { document: Box::default() }),
    ];
    let several = prop::collection::vec(one, 1..4);
    several.prop_map(|mut commands| match commands.len() {
        1 => commands.remove(0),
        _ => Command::All { commands },
    })
}
