//! `az network nic`: network interfaces, and the routes and security rules that apply to them.

use ipnet::Ipv4Net;
use serde_json::{Value, json};
use sim::security::{EffectiveSecurityGroup, EffectiveSecurityRule, SecurityScope};
use sim::stable_guid;
use sim::trace::Route;
use topology::resource::SecurityRuleProtocol;
use topology::{Document, Id, Kind};

use super::arm;
use super::call::Call;
use super::error::AzError;

/// An interface a name leads to.
enum Interface {
    /// A machine's.
    OfMachine(Id),
    /// The one Azure made for a private endpoint.
    OfEndpoint(Id),
}

/// `network nic list`
pub(super) fn list(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let mut rows: Vec<Value> = call.list(Kind::NetworkInterface)?.iter().map(|id| of_machine(call, id)).collect();
    rows.extend(call.list(Kind::PrivateEndpoint)?.iter().map(|id| of_endpoint(call, id)));
    rows.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
    Ok(Some(Value::Array(rows)))
}

/// `network nic show`
pub(super) fn show(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    Ok(Some(match find(call)? {
        Interface::OfMachine(id) => of_machine(call, &id),
        Interface::OfEndpoint(id) => of_endpoint(call, &id),
    }))
}

/// `network nic show-effective-route-table`
pub(super) fn effective_routes(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let interface = of_a_machine(find(call)?, "routes")?;
    let routes = call.network().effective_routes(&interface).unwrap_or_default();
    let routes: Vec<Value> = routes.iter().map(route).collect();
    Ok(Some(json!({ "nextLink": null, "value": routes })))
}

/// `network nic list-effective-nsg`
pub(super) fn effective_rules(call: &mut Call<'_>) -> Result<Option<Value>, AzError> {
    let interface = of_a_machine(find(call)?, "security rules")?;
    let groups = call.network().effective_rules(&interface).unwrap_or_default();
    let groups: Vec<Value> = groups.iter().map(|group| security_group(call.document(), group)).collect();
    Ok(Some(json!({ "nextLink": null, "value": groups })))
}

/// The columns of effective routes.
pub(super) fn routes_table(answer: &Value) -> Value {
    let joined = |list: &Value| {
        let items = list.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str);
        items.collect::<Vec<_>>().join(" ")
    };
    let row = |route: &Value| {
        json!({
            "Source": route["source"],
            "State": route["state"],
            "Address Prefix": joined(&route["addressPrefix"]),
            "Next Hop Type": route["nextHopType"],
            "Next Hop IP": joined(&route["nextHopIpAddress"]),
        })
    };
    answer["value"].as_array().map_or(&[][..], Vec::as_slice).iter().map(row).collect()
}

/// The columns of effective security rules: names stand before the first rule of a group only.
pub(super) fn rules_table(answer: &Value) -> Value {
    let last = |reference: &Value| {
        let id = reference["id"].as_str().and_then(|id| id.rsplit('/').next());
        id.unwrap_or("-").to_owned()
    };
    let mut rows = Vec::new();
    for group in answer["value"].as_array().into_iter().flatten() {
        let association = &group["association"];
        let names = [
            last(&association["networkInterface"]),
            last(&association["subnet"]),
            last(&group["networkSecurityGroup"]),
        ];
        let rules = group["effectiveSecurityRules"].as_array().into_iter().flatten();
        for (position, rule) in rules.enumerate() {
            let shown = |name: &str| if position == 0 { name.to_owned() } else { String::from(" ") };
            let [interface, subnet, group] = &names;
            rows.push(json!({
                "NIC": shown(interface),
                "Subnet": shown(subnet),
                "NSG": shown(group),
                "Rule Name": rule["name"],
                "Protocol": rule["protocol"],
                "Direction": rule["direction"],
                "Access": rule["access"],
            }));
        }
    }
    Value::Array(rows)
}

fn find(call: &Call<'_>) -> Result<Interface, AzError> {
    let document = call.document();
    let wanted = call.given.value("--ids").and_then(|id| id.rsplit('/').next()).or(call.given.value("--name"));
    let of_wanted = |endpoint: &Id| {
        wanted.is_some_and(|wanted| endpoint_interface(document, endpoint).eq_ignore_ascii_case(wanted))
    };
    match call.list(Kind::PrivateEndpoint)?.into_iter().find(|endpoint| of_wanted(endpoint)) {
        Some(endpoint) => Ok(Interface::OfEndpoint(endpoint)),
        None => call.one(Kind::NetworkInterface, "--name").map(Interface::OfMachine),
    }
}

/// What Azure shows for the interfaces of machines only [PE-OV].
fn of_a_machine(interface: Interface, what: &str) -> Result<Id, AzError> {
    match interface {
        Interface::OfMachine(id) => Ok(id),
        Interface::OfEndpoint(endpoint) => Err(AzError::Plain(format!(
            "Azure does not show the effective {what} of a private endpoint's network interface ({endpoint}). Ask for those of a virtual machine's in the same or a peered network."
        ))),
    }
}

/// The name of the network interface Azure makes for a private endpoint.
pub(super) fn endpoint_interface(document: &Document, endpoint: &Id) -> String {
    let row = document.private_endpoints.get(endpoint);
    row.map_or_else(String::new, |row| row.network_interface_name(endpoint).to_string())
}

fn of_machine(call: &Call<'_>, id: &Id) -> Value {
    let document = call.document();
    let Some(row) = document.network_interfaces.get(id) else { return Value::Null };
    let mut value = interface(document, id.as_str(), id, &row.subnet, call.network().address_of(id));
    let guid = stable_guid(&format!("mac {id}"));
    let digits = |range: std::ops::Range<usize>| guid[range].to_uppercase();
    value["macAddress"] = json!(format!("00-0D-3A-{}-{}-{}", digits(0..2), digits(2..4), digits(4..6)));
    value["primary"] = json!(document.interfaces_of(&row.virtual_machine).next().is_some_and(|(first, _)| first == id));
    value["virtualMachine"] = arm::reference(document, &row.virtual_machine);
    value["dnsSettings"]["dnsServers"] = row.dns_settings.dns_servers.iter().map(ToString::to_string).collect();
    if let Some(group) = &row.network_security_group {
        value["networkSecurityGroup"] = arm::reference(document, group);
    }
    value
}

fn of_endpoint(call: &Call<'_>, id: &Id) -> Value {
    let document = call.document();
    let Some(row) = document.private_endpoints.get(id) else { return Value::Null };
    let name = endpoint_interface(document, id);
    let mut value = interface(document, &name, id, &row.subnet, call.network().address_of(id));
    value["privateEndpoint"] = arm::reference(document, id);
    value
}

/// What all interfaces have.
fn interface(document: &Document, name: &str, owner: &Id, subnet: &Id, address: Option<std::net::Ipv4Addr>) -> Value {
    let id = format!("{}/providers/Microsoft.Network/networkInterfaces/{name}", arm::scope(document, owner));
    let group = arm::group(document, owner);
    let configuration = json!({
        "etag": arm::etag(&id),
        "id": format!("{id}/ipConfigurations/ipconfig1"),
        "name": "ipconfig1",
        "primary": true,
        "privateIpAddress": address.map(|address| address.to_string()),
        "privateIpAddressVersion": "IPv4",
        "privateIpAllocationMethod": "Dynamic",
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "subnet": arm::reference(document, subnet),
        "type": "Microsoft.Network/networkInterfaces/ipConfigurations",
    });
    json!({
        "dnsSettings": { "appliedDnsServers": [], "dnsServers": [] },
        "enableAcceleratedNetworking": false,
        "enableIpForwarding": false,
        "etag": arm::etag(&id),
        "id": id,
        "ipConfigurations": [configuration],
        "location": arm::location(document, owner),
        "macAddress": "",
        "name": name,
        "networkSecurityGroup": null,
        "primary": null,
        "privateEndpoint": null,
        "provisioningState": "Succeeded",
        "resourceGroup": group,
        "resourceGuid": stable_guid(&format!("guid {name}")),
        "tags": null,
        "type": "Microsoft.Network/networkInterfaces",
        "virtualMachine": null,
    })
}

fn route(route: &Route) -> Value {
    let prefixes = std::iter::once(&route.address_prefix).chain(&route.further_prefixes);
    json!({
        "addressPrefix": prefixes.map(ToString::to_string).collect::<Vec<_>>(),
        "destinationServiceTags": [],
        "disableBgpRoutePropagation": false,
        "hasBgpOverride": false,
        "name": route.name.as_ref().map(smol_str::SmolStr::as_str),
        "nextHopIpAddress": route.next_hop_ip_address.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "nextHopType": route.next_hop_type.as_str(),
        "source": route.source.as_str(),
        "state": route.state.as_str(),
        "tagMap": {},
    })
}

fn security_group(document: &Document, group: &EffectiveSecurityGroup) -> Value {
    let subject = arm::reference(document, &group.subject);
    let (interface, subnet) = match group.scope {
        SecurityScope::NetworkInterface => (subject, Value::Null),
        SecurityScope::Subnet => (Value::Null, subject),
    };
    json!({
        "association": { "networkInterface": interface, "subnet": subnet },
        "effectiveSecurityRules": group.rules.iter().map(security_rule).collect::<Vec<_>>(),
        "networkSecurityGroup": arm::reference(document, &group.group),
        "tagMap": null,
    })
}

fn security_rule(rule: &EffectiveSecurityRule) -> Value {
    let list = if rule.is_default { "defaultSecurityRules" } else { "securityRules" };
    let protocol = if rule.protocol == SecurityRuleProtocol::Any { "All" } else { rule.protocol.as_str() };
    let prefixes = |stated: &[smol_str::SmolStr]| -> Vec<String> {
        stated.iter().map(|prefix| if prefix == "*" { "0.0.0.0/0".into() } else { prefix.to_string() }).collect()
    };
    let ports = |stated: &[smol_str::SmolStr]| -> Vec<String> {
        let range = |port: &smol_str::SmolStr| match port.as_str() {
            "*" => String::from("0-65535"),
            range if range.contains('-') => range.to_owned(),
            port => format!("{port}-{port}"),
        };
        stated.iter().map(range).collect()
    };
    let expanded = |ranges: &[Ipv4Net]| -> Vec<String> { ranges.iter().map(ToString::to_string).collect() };
    let first = |list: &[String]| list.first().cloned();
    let (sources, destinations) = (prefixes(&rule.source), prefixes(&rule.destination));
    let (source_ports, destination_ports) = (ports(&rule.source_ports), ports(&rule.destination_ports));
    json!({
        "access": rule.access.as_str(),
        "destinationAddressPrefix": first(&destinations),
        "destinationAddressPrefixes": destinations,
        "destinationPortRange": first(&destination_ports),
        "destinationPortRanges": destination_ports,
        "direction": rule.direction.as_str(),
        "expandedDestinationAddressPrefix": expanded(&rule.expanded_destination),
        "expandedSourceAddressPrefix": expanded(&rule.expanded_source),
        "name": format!("{list}/{}", rule.name),
        "priority": rule.priority,
        "protocol": protocol,
        "sourceAddressPrefix": first(&sources),
        "sourceAddressPrefixes": sources,
        "sourcePortRange": first(&source_ports),
        "sourcePortRanges": source_ports,
    })
}
