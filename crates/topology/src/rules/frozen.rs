//! What is fixed once a resource exists.

use serde_json::Value;
use smol_str::SmolStr;

use super::address;
use crate::command::Refusal;
use crate::resource::{PlatformService, PrivateEndpoint, PrivateLinkServiceConnection, PublicNetworkAccess, Subnet};
use crate::schema::{Path, Stored};
use crate::{Document, Id, Kind};

/// Refuses a change of what Azure fixes when it creates a resource.
pub(crate) fn frozen(document: &Document, kind: Kind, id: &Id, before: &Value, after: &Value) -> Result<(), Refusal> {
    if kind == Kind::PrivateEndpoint {
        return endpoint(id, before, after);
    }
    if kind == Kind::Subnet {
        return subnet(document, id, before, after);
    }
    if kind == Kind::PlatformService {
        return firewall(id, before, after);
    }
    Ok(())
}

/// The subnet, the addresses, the name of the interface, and what the endpoint is connected to [PE-MANAGE].
fn endpoint(id: &Id, before: &Value, after: &Value) -> Result<(), Refusal> {
    let (Some(before), Some(after)) = (read::<PrivateEndpoint>(before), read::<PrivateEndpoint>(after)) else {
        return Ok(());
    };
    let target = |connection: &PrivateLinkServiceConnection| {
        (connection.private_link_service_id.clone(), connection.group_ids.clone())
    };
    let changed = [
        ("subnet", before.subnet != after.subnet),
        ("privateIPAddress", before.private_ip_address != after.private_ip_address),
        ("ipConfigurations", before.ip_configurations != after.ip_configurations),
        ("customNetworkInterfaceName", before.custom_network_interface_name != after.custom_network_interface_name),
        ("privateLinkServiceConnections", before.connection().map(target) != after.connection().map(target)),
    ];
    match changed.into_iter().find(|(_, changed)| *changed) {
        Some((field, _)) => {
            let field = SmolStr::new_static(field);
            Err(Refusal::PropertyChangeNotAllowed { resource: id.clone(), field })
        }
        None => Ok(()),
    }
}

/// The rules of a SQL server whose public address is closed [SQL-CONN].
fn firewall(id: &Id, before: &Value, after: &Value) -> Result<(), Refusal> {
    let (Some(before), Some(after)) = (read::<PlatformService>(before), read::<PlatformService>(after)) else {
        return Ok(());
    };
    let closed = before.public_network_access == Some(PublicNetworkAccess::Disabled);
    let sql = before.resource_type == "Microsoft.Sql/servers";
    match sql && closed && before.firewall_rules != after.firewall_rules {
        true => Err(Refusal::FirewallRulesFrozen { service: id.clone() }),
        false => Ok(()),
    }
}

/// The range of a subnet something stands in.
fn subnet(document: &Document, id: &Id, before: &Value, after: &Value) -> Result<(), Refusal> {
    let (Some(before), Some(after)) = (read::<Subnet>(before), read::<Subnet>(after)) else { return Ok(()) };
    let same = before.address_prefix == after.address_prefix && before.virtual_network == after.virtual_network;
    let dependents = if same { Vec::new() } else { address::users(document, id) };
    match dependents.is_empty() {
        true => Ok(()),
        false => Err(Refusal::InUseSubnetCannotBeUpdated { resource: id.clone(), dependents }),
    }
}

fn read<T: Stored>(value: &Value) -> Option<T> {
    T::from_json(value.clone(), &Path::Root).ok()
}
