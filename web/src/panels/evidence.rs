//! What a step was decided on, in full: the routes that contain a destination, the records of an answer, the
//! bytes of a response.

use sim::trace::{Event, Response, Route, Step};
use topology::Document;
use wire::dns::Record;

use crate::components::{El, cell, el, styled, table};

/// The evidence of a step, where it has more than its sentence says.
pub(crate) fn evidence(step: &Step, document: &Document) -> Option<Vec<El>> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most events say everything in their sentence")]
    match &step.event {
        Event::RouteSelected { route, losers, .. } => Some(routes(route, losers, document)),
        Event::AnswerReceived { records, .. } if !records.is_empty() => Some(answer(records)),
        Event::ResponseSent { response } | Event::ResponseReceived { response } => {
            (!response.body.is_empty()).then(|| body(response))
        }
        _ => None,
    }
}

fn routes(winner: &Route, losers: &[Route], document: &Document) -> Vec<El> {
    // Longest prefix first; equals stay in the order they come in.
    let mut rows: Vec<(&Route, bool)> = Vec::new();
    for row in losers.iter().map(|route| (route, false)).chain([(winner, true)]) {
        let length = row.0.address_prefix.prefix_len();
        let after = rows.partition_point(|(other, _)| other.address_prefix.prefix_len() >= length);
        rows.insert(after, row);
    }
    let rows = rows.into_iter().map(|(route, chosen)| {
        let target = route.target.as_ref().map_or("", |id| document.display_name(id));
        let address = route.next_hop_ip_address.map(|address| address.to_string());
        styled("tr", if chosen { "chosen" } else { "" })
            .child(cell("", route.source.as_str()))
            .child(cell("", route.state.as_str()))
            .child(cell("mono", &route.address_prefix.to_string()))
            .child(cell("mono", route.next_hop_type.as_str()))
            .child(cell("", address.as_deref().unwrap_or(target)))
    });
    vec![
        el("h3").child("Routes that contain the destination"),
        table(&["Source", "State", "Address Prefix", "Next Hop Type", "Leads to"], rows),
    ]
}

fn answer(records: &[Record]) -> Vec<El> {
    let rows = records.iter().map(|record| {
        el("tr")
            .child(cell("mono name", &record.name.to_string()))
            .child(cell("mono", &record.ttl.to_string()))
            .child(cell("mono", &record.data.record_type().to_string()))
            .child(cell("mono name", &record.data.to_string()))
    });
    vec![el("h3").child("Answer"), table(&["Name", "TTL", "Type", "Value"], rows)]
}

fn body(response: &Response) -> Vec<El> {
    vec![el("h3").child("Body"), styled("pre", "body mono").child(response.body.as_str())]
}
