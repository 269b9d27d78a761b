//! The packet at the step shown: what came in, what went out, where each changed value is from.

use leptos::prelude::*;
use sim::trace::{Field, Step};
use wire::packet::{Packet, Socket};

use super::bytes::{ByteView, bytes};
use super::evidence::evidence;
use crate::components::{Content, El, Node, breakable, columns_head, content, el, source_chip, styled};
use crate::state::{Lab, narrator};

/// The packet, the rows and answers it was decided on, and the rules applied.
pub(crate) fn packet(lab: Lab, view: ByteView) -> Content {
    content(move || {
        let step = lab.step.get();
        match lab.run.get() {
            Some(run) => run.trace.steps.get(step).map_or_else(Vec::new, |step| at_step(lab, view, step)),
            None => vec![
                styled("header", "panel-head").child(el("h2").child("Packet")),
                styled("p", "hint").child("At each step: the header as it comes in, as it goes out, and why."),
            ],
        }
    })
}

fn at_step(lab: Lab, view: ByteView, step: &Step) -> Vec<El> {
    let document = lab.document.get_untracked();
    let has_packet = step.before.is_some() || step.after.is_some();
    let place = narrator().place(&step.at, &document);
    let title = format!("{}{place}", if has_packet { "Packet at " } else { "At " });
    let head = styled("header", "panel-head")
        .child(el("h2").child(title))
        .child(styled("p", "phase").child(narrator().phase(step.phase)));
    let details = styled("div", "scroll")
        .attr("tabindex", "0")
        .attr("role", "group")
        .label("Packet details")
        .child(has_packet.then(|| header_table(step)))
        .child(has_packet.then(|| bytes(lab, view)))
        .child(evidence(step, &document))
        .child(grounds(step));
    vec![head, details]
}

fn header_table(step: &Step) -> El {
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
    let mut columns = vec!["Header", "in", "out"];
    if any_origin {
        columns.push("from");
    }
    let mut body = el("tbody");
    for (name, (came_in, goes_out), origin) in rows {
        let lit = origin.is_some() || (came_in.is_some() && goes_out.is_some() && came_in != goes_out);
        let shown = |value: Option<String>| value.unwrap_or_else(|| String::from("–"));
        let came_in = styled("td", if lit { "mono old" } else { "mono" }).child(shown(came_in));
        let goes_out = styled("span", if lit { "lit" } else { "" }).child(shown(goes_out));
        let origin = any_origin.then(|| styled("td", "origin mono").child(origin.map(|path| breakable(&path))));
        body = body.child(
            el("tr")
                .child(el("th").attr("scope", "row").child(name))
                .child(came_in)
                .child(styled("td", "mono").child(goes_out))
                .child(origin),
        );
    }
    styled("table", "headers").child(columns_head(&columns)).child(body)
}

fn port(socket: Socket) -> String {
    socket.port.to_string()
}

/// The documents and assumptions the step rests on.
fn grounds(step: &Step) -> Option<Node> {
    let any = !step.sources.is_empty() || !step.assumptions.is_empty();
    let assumption = |id: &&'static str| {
        styled("li", "ground")
            .child(styled("span", "chip assumption").child("model assumption ").child(*id))
            .child(el("span").child(narrator().assumption(id).unwrap_or_default()))
    };
    any.then(|| {
        let list = styled("ul", "grounds")
            .children(step.assumptions.iter().map(assumption))
            .children(step.sources.iter().map(|key| source_chip(key)));
        Node::from(vec![el("h3").child("Why"), list])
    })
}
