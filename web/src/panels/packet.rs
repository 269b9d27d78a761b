//! The packet at the step shown: what came in, what went out, where each changed value is from.

use leptos::prelude::*;
use sim::trace::{Field, Step};
use wire::packet::{Packet, Socket};

use super::evidence::evidence;
use crate::components::{breakable, source_chip};
use crate::state::{Lab, narrator};

/// The packet, the rows and answers it was decided on, and the rules applied.
#[component]
pub(crate) fn PacketPanel() -> impl IntoView {
    let lab = expect_context::<Lab>();
    view! {
        <section class="panel packet" aria-label="Packet">
            {move || {
                let step = lab.step.get();
                match lab.run.get() {
                    Some(run) => run.trace.steps.get(step).map(|step| content(lab, step)).into_any(),
                    None => {
                        view! {
                            <header class="panel-head">
                                <h2>"Packet"</h2>
                            </header>
                            <p class="hint">"At each step: the header as it comes in, as it goes out, and why."</p>
                        }
                            .into_any()
                    }
                }
            }}
        </section>
    }
    .into_any()
}

fn content(lab: Lab, step: &Step) -> impl IntoView + use<> {
    let document = lab.document.get_untracked();
    let place = narrator().place(&step.at, &document);
    let phase = narrator().phase(step.phase);
    let has_packet = step.before.is_some() || step.after.is_some();
    view! {
        <header class="panel-head">
            <h2>{if has_packet { "Packet at " } else { "At " }} {place}</h2>
            <p class="phase">{phase}</p>
        </header>
        <div class="scroll" tabindex="0" role="group" aria-label="Packet details">
            {has_packet.then(|| header_table(step))}
            {evidence(step, &document)}
            {grounds(step)}
        </div>
    }
}

fn header_table(step: &Step) -> impl IntoView + use<> {
    let (before, after) = (step.before, step.after);
    let origin = |field: Field| {
        step.rewrites.iter().find(|rewrite| rewrite.field == field).map(|rewrite| rewrite.origin.to_string())
    };
    let both = |read: fn(&Packet) -> String| (before.as_ref().map(read), after.as_ref().map(read));
    let transport = after.or(before).map_or_else(String::new, |packet| packet.transport.to_string());
    let any_origin = !step.rewrites.is_empty();
    let rows = [
        ("IPv4 source".to_owned(), both(|packet| packet.source.address.to_string()), origin(Field::SourceAddress)),
        (format!("{transport} source port"), both(|packet| port(packet.source)), origin(Field::SourcePort)),
        (
            "IPv4 destination".to_owned(),
            both(|packet| packet.destination.address.to_string()),
            origin(Field::DestinationAddress),
        ),
        (
            format!("{transport} destination port"),
            both(|packet| port(packet.destination)),
            origin(Field::DestinationPort),
        ),
        ("Carries".to_owned(), both(|packet| packet.payload.to_string()), None),
    ];
    view! {
        <table class="headers">
            <thead>
                <tr>
                    <th scope="col">"Header"</th>
                    <th scope="col">"in"</th>
                    <th scope="col">"out"</th>
                    {any_origin.then(|| view! { <th scope="col">"from"</th> })}
                </tr>
            </thead>
            <tbody>
                {rows
                    .into_iter()
                    .map(|(name, (came_in, goes_out), origin)| {
                        let lit = origin.is_some() || (came_in.is_some() && goes_out.is_some() && came_in != goes_out);
                        let shown = |value: Option<String>| value.unwrap_or_else(|| String::from("–"));
                        view! {
                            <tr>
                                <th scope="row">{name}</th>
                                <td class="mono" class:old=lit>{shown(came_in)}</td>
                                <td class="mono"><span class:lit=lit>{shown(goes_out)}</span></td>
                                {any_origin.then(|| view! { <td class="origin mono">{origin.map(|path| breakable(&path))}</td> })}
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

fn port(socket: Socket) -> String {
    socket.port.to_string()
}

/// The documents and assumptions the step rests on.
fn grounds(step: &Step) -> impl IntoView + use<> {
    let (sources, assumptions) = (step.sources.clone(), step.assumptions.clone());
    let any = !sources.is_empty() || !assumptions.is_empty();
    any.then(|| {
        view! {
            <h3>"Why"</h3>
            <ul class="grounds">
                {assumptions
                    .into_iter()
                    .map(|id| {
                        view! {
                            <li class="ground">
                                <span class="chip assumption">"model assumption " {id}</span>
                                <span>{narrator().assumption(id).unwrap_or_default().to_owned()}</span>
                            </li>
                        }
                    })
                    .collect_view()}
                {sources.into_iter().map(source_chip).collect_view()}
            </ul>
        }
    })
}
