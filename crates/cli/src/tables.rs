//! `routes` and `rules`: the tables of a network interface.

use serde_json::json;
use sim::compile;
use topology::{Document, Id, Kind};

use crate::output::{Answer, Failure};
use crate::request::listed;
use crate::table::Table;

/// The effective routes, as `az network nic show-effective-route-table` shows them.
pub(crate) fn routes(document: &Document, interface: &str) -> Result<Answer, Failure> {
    let (network, _) = compile(document);
    let routes = network.effective_routes(&interface_of(document, interface)?).map_err(|refusal| {
        Failure::Usage(format!("the effective routes of '{interface}' are not shown: {refusal:?}"))
    })?;
    let mut table = Table::new(&["Source", "State", "Address Prefix", "Next Hop Type", "Next Hop IP"]);
    for route in &routes {
        let next_hop = route.next_hop_ip_address.map(|address| address.to_string()).unwrap_or_default();
        let (source, state) = (route.source.as_str().to_owned(), route.state.as_str().to_owned());
        table.add([source, state, route.address_prefix.to_string(), route.next_hop_type.as_str().to_owned(), next_hop]);
    }
    Ok(Answer { text: table.print(), json: json!({ "value": routes }), is_yes: true })
}

/// The effective security rules, group by group, each in the order tried.
pub(crate) fn rules(document: &Document, interface: &str) -> Result<Answer, Failure> {
    let (network, _) = compile(document);
    let groups = network.effective_rules(&interface_of(document, interface)?).map_err(|refusal| {
        Failure::Usage(format!("the effective rules of '{interface}' are not shown: {refusal:?}"))
    })?;
    let mut text = String::new();
    for group in &groups {
        let heading = ["Direction", "Priority", "Name", "Access", "Protocol", "Source", "Destination", "Port"];
        let mut table = Table::new(&heading);
        for rule in &group.rules {
            table.add([
                rule.direction.to_string(),
                rule.priority.to_string(),
                rule.name.to_string(),
                rule.access.to_string(),
                rule.protocol.to_string(),
                rule.source.join(", "),
                rule.destination.join(", "),
                rule.destination_ports.join(", "),
            ]);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text += &format!("{} on {}\n{}", group.group, group.subject, table.print());
    }
    if groups.is_empty() {
        text = format!("No security group applies to {interface}: everything passes.\n");
    }
    Ok(Answer { text, json: json!({ "networkSecurityGroups": groups }), is_yes: true })
}

/// A network interface, or a machine that stands for its first.
fn interface_of(document: &Document, name: &str) -> Result<Id, Failure> {
    let kinds = [Kind::NetworkInterface, Kind::VirtualMachine, Kind::PrivateEndpoint];
    let found = document.ids().find(|(kind, id)| kinds.contains(kind) && id.as_str() == name);
    found.map(|(_, id)| id.clone()).ok_or_else(|| {
        let known = listed(document.network_interfaces.ids());
        Failure::Usage(format!("no network interface is called '{name}'; there are {known}"))
    })
}
