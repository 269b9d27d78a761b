//! What a step was decided on, in full: the routes that contain a destination, the records of an answer, the
//! bytes of a response.

use leptos::prelude::*;
use sim::trace::{Event, Response, Route, Step};
use topology::Document;
use wire::dns::{Record, RecordData};

use super::inspector::{hop_name, route_source, route_state};

/// The evidence of a step, where it has more than its sentence says.
pub(crate) fn evidence(step: &Step, document: &Document) -> Option<AnyView> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most events say everything in their sentence")]
    match &step.event {
        Event::RouteSelected { route, losers, .. } => Some(routes(route, losers, document).into_any()),
        Event::AnswerReceived { records, .. } if !records.is_empty() => Some(answer(records).into_any()),
        Event::ResponseSent { response } | Event::ResponseReceived { response } => {
            (!response.body.is_empty()).then(|| body(response).into_any())
        }
        _ => None,
    }
}

fn routes(winner: &Route, losers: &[Route], document: &Document) -> impl IntoView + use<> {
    let mut rows: Vec<(&Route, bool)> = losers.iter().map(|route| (route, false)).collect();
    rows.push((winner, true));
    rows.sort_by_key(|(route, _)| std::cmp::Reverse(route.address_prefix.prefix_len()));
    view! {
        <h3>"Routes that contain the destination"</h3>
        <table class="rows">
            <thead>
                <tr>
                    <th scope="col">"Source"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Address Prefix"</th>
                    <th scope="col">"Next Hop Type"</th>
                    <th scope="col">"Leads to"</th>
                </tr>
            </thead>
            <tbody>
                {rows
                    .into_iter()
                    .map(|(route, chosen)| {
                        let target = route.target.as_ref().map(|id| document.display_name(id).to_owned());
                        view! {
                            <tr class:chosen=chosen>
                                <td>{route_source(route.source)}</td>
                                <td>{route_state(route.state)}</td>
                                <td class="mono">{route.address_prefix.to_string()}</td>
                                <td class="mono">{hop_name(route.next_hop_type)}</td>
                                <td>{target}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

fn answer(records: &[Record]) -> impl IntoView + use<> {
    view! {
        <h3>"Answer"</h3>
        <table class="rows">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"TTL"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"Value"</th>
                </tr>
            </thead>
            <tbody>
                {records
                    .iter()
                    .map(|record| {
                        let value = match &record.data {
                            RecordData::A(address) => address.to_string(),
                            RecordData::Cname(name) => name.to_string(),
                        };
                        view! {
                            <tr>
                                <td class="mono name">{record.name.to_string()}</td>
                                <td class="mono">{record.ttl}</td>
                                <td class="mono">{record.data.record_type().to_string()}</td>
                                <td class="mono name">{value}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

fn body(response: &Response) -> impl IntoView + use<> {
    view! {
        <h3>"Body"</h3>
        <pre class="body mono">{response.body.clone()}</pre>
    }
}
