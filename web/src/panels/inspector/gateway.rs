//! What a site knows from its tunnels, and what a gateway connects.

use leptos::prelude::*;
use topology::Id;

use super::select_button;
use crate::components::{El, Node, cell, columns_head, el, styled};
use crate::state::Lab;

/// A site: the ranges its devices send into tunnels.
pub(super) fn of_site(lab: Lab, id: &Id) -> Node {
    let known = lab.network.get_untracked().ranges_known_at(id);
    if known.is_empty() {
        return styled("p", "hint").child("No tunnel leads from here: only its own addresses and the Internet.").into();
    }
    let rows = known.iter().map(|(range, connection)| {
        el("tr").child(cell("mono", &range.to_string())).child(el("td").child(select_button(
            lab,
            connection,
            connection.as_str(),
        )))
    });
    titled("Known by tunnel", &["Address Prefix", "Connection"], rows.collect())
}

/// A gateway: its connections, and the ranges its networks learn.
pub(super) fn of_gateway(lab: Lab, id: &Id) -> Node {
    let document = lab.document.get_untracked();
    let own = document.connections.iter().filter(|(_, row)| row.virtual_network_gateway1 == *id);
    let rows: Vec<El> = own
        .map(|(connection, row)| {
            el("tr")
                .child(el("td").child(select_button(lab, connection, connection.as_str())))
                .child(cell("", row.connection_type.as_str()))
                .child(cell("", row.connection_status.as_str()))
        })
        .collect();
    let mut shown = Vec::new();
    if !rows.is_empty() {
        shown.push(titled("Connections", &["Connection", "Type", "Status"], rows));
    }
    let network = document.virtual_network_of(id);
    let learned = network.map(|network| lab.network.get_untracked().learned_ranges(network)).unwrap_or_default();
    if !learned.is_empty() {
        let rows = learned.iter().map(|range| el("tr").child(cell("mono", &range.to_string())));
        shown.push(titled("Learned", &["Address Prefix"], rows.collect()));
    }
    Node::Many(shown)
}

fn titled(title: &str, columns: &[&str], rows: Vec<El>) -> Node {
    let table = styled("table", "rows")
        .child(styled("caption", "unseen").child(title))
        .child(columns_head(columns))
        .child(el("tbody").children(rows));
    let wide = styled("div", "wide").attr("tabindex", "0").attr("role", "group").label(title).child(table);
    vec![el("h3").child(title), wide].into()
}
