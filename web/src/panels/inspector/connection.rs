//! Private endpoints and private link services: the connection between them and who approves it.

use leptos::prelude::*;
use topology::command::Command;
use topology::resource::ConnectionStatus;
use topology::{Document, Id};

use super::{Fact, select_button};
use crate::state::Lab;

/// A private endpoint: its address, and where its connection stands.
pub(super) fn of_endpoint(lab: Lab, id: Id) -> impl IntoView {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let address = network.address_of(&id).map_or_else(|| String::from("none"), |address| address.to_string());
    let link = network.link_identifier(&id).map(|link| link.to_string());
    let connection = document.private_endpoints.get(&id).and_then(|endpoint| endpoint.connection()).cloned();
    view! {
        <dl class="facts">
            <Fact name="privateIPAddress" value=address/>
            {link.map(|link| view! { <Fact name="linkIdentifier" value=link/> })}
        </dl>
        <h3>"Connection"</h3>
        {match connection {
            Some(connection) => {
                let target = connection.private_link_service_id.clone();
                let name = document.display_name(&target).to_owned();
                let groups = connection.group_ids.join(", ");
                let status = connection.private_link_service_connection_state.status;
                view! {
                    <div class="connection">
                        <p class="connection-head">
                            {select_button(lab, target, name)} {state_mark(status)}
                        </p>
                        {(!groups.is_empty()).then(|| view! { <p class="mono small">"groupIds " {groups}</p> })}
                        {decision(lab, id, status)}
                    </div>
                }
                    .into_any()
            }
            None => view! { <p class="hint">"This endpoint has no connection."</p> }.into_any(),
        }}
    }
}

/// A private link service: its alias, NAT IPs and connections.
pub(super) fn of_service(lab: Lab, id: &Id) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let network = lab.network.get_untracked();
    let alias = network.alias(id).unwrap_or_default();
    let nat_ips = network.nat_ips(id);
    let capacity = thousands(network.nat_capacity(id));
    let count = format!("{} of 8", nat_ips.len());
    let connections: Vec<_> = document
        .private_endpoints
        .iter()
        .filter_map(|(endpoint, resource)| {
            let connection = resource.connection().filter(|connection| connection.private_link_service_id == *id)?;
            Some((endpoint.clone(), connection.private_link_service_connection_state.status))
        })
        .collect();
    view! {
        <dl class="facts">
            <Fact name="alias" value=alias/>
        </dl>
        <h3>"NAT IPs" <span class="aside">{count}</span></h3>
        <ul class="cards">
            {nat_ips
                .into_iter()
                .map(|address| view! { <li><code>{address.to_string()}</code></li> })
                .collect_view()}
        </ul>
        <p class="hint">"Room for " <b>{capacity}</b> " connections at a time."</p>
        <h3>"Connections" <span class="aside">{connections.len()}</span></h3>
        {connections
            .into_iter()
            .map(|(endpoint, status)| connected(lab, &document, endpoint, status))
            .collect_view()}
    }
}

fn connected(lab: Lab, document: &Document, endpoint: Id, status: ConnectionStatus) -> impl IntoView + use<> {
    let link = lab.network.get_untracked().link_identifier(&endpoint);
    let tenant =
        document.tenant_of(&endpoint).map(|tenant| document.display_name(tenant).to_owned()).unwrap_or_default();
    let words = match link {
        Some(link) => format!("{tenant} · LINKID {link}"),
        None => tenant,
    };
    let name = document.display_name(&endpoint).to_owned();
    view! {
        <div class="connection">
            <p class="connection-head">{select_button(lab, endpoint.clone(), name)} {state_mark(status)}</p>
            <p class="small">{words}</p>
            {decision(lab, endpoint, status)}
        </div>
    }
}

/// Approve and reject, where the owner can still decide.
fn decision(lab: Lab, endpoint: Id, status: ConnectionStatus) -> impl IntoView {
    let (approves, rejects) = match status {
        ConnectionStatus::Pending => (true, true),
        ConnectionStatus::Approved => (false, true),
        ConnectionStatus::Rejected | ConnectionStatus::Disconnected => (false, false),
    };
    let (approve, reject) = (endpoint.clone(), endpoint);
    view! {
        <p class="decision" hidden=!(approves || rejects)>
            {approves
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="primary small"
                            on:click=move |_| {
                                lab.apply(Command::ApproveConnection { endpoint: approve.clone() });
                            }
                        >
                            "Approve"
                        </button>
                    }
                })}
            {rejects
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="quiet small"
                            on:click=move |_| {
                                lab.apply(Command::RejectConnection { endpoint: reject.clone() });
                            }
                        >
                            "Reject"
                        </button>
                    }
                })}
        </p>
    }
}

/// A connection's state: shape and word, then colour.
fn state_mark(status: ConnectionStatus) -> impl IntoView {
    let (class, path) = match status {
        ConnectionStatus::Approved => ("good", "m3.5 8.5 3 3 6-7"),
        ConnectionStatus::Pending => ("waiting", "M8 4.5V8l2.5 2M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z"),
        ConnectionStatus::Rejected => ("bad", "m4 4 8 8M12 4l-8 8"),
        ConnectionStatus::Disconnected => ("bad", "M2 8h3.5M10.5 8H14M6 4l4 8"),
    };
    view! {
        <span class=format!("state {class}")>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d=path></path></svg>
            {status.to_string()}
        </span>
    }
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
