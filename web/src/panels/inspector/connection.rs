//! Private endpoints and private link services: the connection between them and who approves it.

use leptos::prelude::*;
use topology::command::Command;
use topology::resource::ConnectionStatus;
use topology::{Document, Id};

use super::select_button;
use crate::components::{El, Node, button, el, fact, facts, mark, styled};
use crate::state::Lab;

/// A private endpoint: its address, and where its connection stands.
pub(super) fn of_endpoint(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let address = network.address_of(id).map_or_else(|| String::from("none"), |address| address.to_string());
    let link = network.link_identifier(id).map(|link| fact("linkIdentifier", &link.to_string()));
    let connection = document.private_endpoints.get(id).and_then(|endpoint| endpoint.connection());
    let connection = match connection {
        Some(connection) => {
            let target = &connection.private_link_service_id;
            let groups = connection.group_ids.join(", ");
            let groups = (!groups.is_empty()).then(|| styled("p", "mono small").child(format!("groupIds {groups}")));
            let status = connection.private_link_service_connection_state.status;
            let target = select_button(lab, target, document.display_name(target));
            styled("div", "connection").child(head(target, status)).child(groups).child(decision(lab, id, status))
        }
        None => styled("p", "hint").child("This endpoint has no connection."),
    };
    vec![facts([fact("privateIPAddress", &address)].into_iter().chain(link)), el("h3").child("Connection"), connection]
        .into()
}

/// A private link service: its alias, NAT IPs and connections.
pub(super) fn of_service(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let nat_ips = network.nat_addresses(id);
    let count = format!("{} of 8", nat_ips.len());
    let capacity = el("b").child(thousands(network.nat_capacity(id)));
    let mut connections = Vec::new();
    for (endpoint, resource) in document.private_endpoints.iter() {
        if let Some(connection) = resource.connection().filter(|connection| connection.private_link_service_id == *id) {
            let status = connection.private_link_service_connection_state.status;
            connections.push(connected(lab, &document, endpoint, status));
        }
    }
    let n_connections = connections.len().to_string();
    let mut shown = vec![
        facts([fact("alias", &network.alias(id).unwrap_or_default())]),
        el("h3").child("NAT IPs ").child(styled("span", "aside").child(count)),
        styled("ul", "cards").children(nat_ips.into_iter().map(|(address, primary)| {
            let mark = primary.then(|| styled("span", "small").child(" primary"));
            el("li").child(el("code").child(address.to_string())).child(mark)
        })),
        styled("p", "hint").child("Room for ").child(capacity).child(" connections at a time."),
        el("h3").child("Connections ").child(styled("span", "aside").child(n_connections)),
    ];
    shown.extend(connections);
    shown.into()
}

fn connected(lab: Lab, document: &Document, endpoint: &Id, status: ConnectionStatus) -> El {
    let tenant = document.tenant_of(endpoint).map_or("", |tenant| document.display_name(tenant));
    let words = match lab.network.get_untracked().link_identifier(endpoint) {
        Some(link) => format!("{tenant} · LINKID {link}"),
        None => tenant.to_owned(),
    };
    styled("div", "connection")
        .child(head(select_button(lab, endpoint, document.display_name(endpoint)), status))
        .child(styled("p", "small").child(words))
        .child(decision(lab, endpoint, status))
}

fn head(name: El, status: ConnectionStatus) -> El {
    styled("p", "connection-head").child(name).child(" ").child(state_mark(status))
}

/// Approve and reject, where the owner can still decide.
fn decision(lab: Lab, endpoint: &Id, status: ConnectionStatus) -> Option<El> {
    let (approves, rejects) = match status {
        ConnectionStatus::Pending => (true, true),
        ConnectionStatus::Approved => (false, true),
        ConnectionStatus::Rejected | ConnectionStatus::Disconnected => return None,
    };
    let approve = approves.then(|| {
        let endpoint = endpoint.clone();
        let approve = move || lab.apply(&Command::ApproveConnection { endpoint: endpoint.clone() });
        button("primary small", approve).child("Approve")
    });
    let reject = rejects.then(|| {
        let endpoint = endpoint.clone();
        let reject = move || lab.apply(&Command::RejectConnection { endpoint: endpoint.clone() });
        button("quiet small", reject).child("Reject")
    });
    Some(styled("p", "decision").child(approve).child(reject))
}

/// A connection's state: shape and word, then colour.
fn state_mark(status: ConnectionStatus) -> El {
    let (class, path) = match status {
        ConnectionStatus::Approved => ("state good", "m3.5 8.5 3 3 6-7"),
        ConnectionStatus::Pending => ("state waiting", "M8 4.5V8l2.5 2M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z"),
        ConnectionStatus::Rejected => ("state bad", "m4 4 8 8M12 4l-8 8"),
        ConnectionStatus::Disconnected => ("state bad", "M2 8h3.5M10.5 8H14M6 4l4 8"),
    };
    styled("span", class).child(mark("", path)).child(status.to_string())
}

/// A number with its thousands set apart.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
