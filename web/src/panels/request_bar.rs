//! Who asks whom for what.

use leptos::prelude::*;
use topology::document::{Request, RequestProtocol};

use crate::components::{Content, El, content, el, live, styled};
use crate::dom::{self, Event};
use crate::state::{Lab, suggestions};

const PROTOCOLS: [RequestProtocol; 7] = [
    RequestProtocol::Http,
    RequestProtocol::Https,
    RequestProtocol::Tcp,
    RequestProtocol::Udp,
    RequestProtocol::Sql,
    RequestProtocol::Icmp,
    RequestProtocol::Dns,
];

/// The fields of the request.
pub(crate) fn request_fields(lab: Lab) -> Content {
    content(move || {
        let is = move |protocol: RequestProtocol| lab.request.with(|request| request.protocol == protocol);
        let is_web = move || is(RequestProtocol::Http) || is(RequestProtocol::Https);
        let path = live(move || is_web().then(|| path_field(lab)));
        let place = styled("span", "where")
            .child(target_field(lab))
            .child(targets(lab))
            .child(styled("span", "colon").attr("aria-hidden", "true").child(":"))
            .child(port_field(lab))
            .child(path);
        let fields = styled("div", "request-fields")
            .child(from_field(lab))
            .child(styled("span", "arrow").attr("aria-hidden", "true").child("→"))
            .child(protocol_field(lab))
            .child(place);
        let insecure =
            live(move || lab.request.with(|request| request.protocol.is_encrypted()).then(|| insecure_box(lab)));
        let ready = move || {
            let anyone = lab.document.with(|document| document.senders().next().is_some());
            anyone && lab.request.with(|request| !request.to.trim().is_empty())
        };
        let send = styled("button", "primary send")
            .attr("type", "submit")
            .live_switch("disabled", move || !ready())
            .child("Send request");
        vec![fields.into(), insecure, send.into()]
    })
}

/// Changes the request by what a field says now.
fn edit(lab: Lab, change: fn(&mut Request, &str)) -> impl Fn(&Event) + 'static {
    move |event| lab.request.update(|request| change(request, dom::input_value(event).trim()))
}

fn from_field(lab: Lab) -> El {
    let machines = move || {
        let document = lab.document.get();
        document.senders().map(|id| option(id.as_str())).collect::<Vec<_>>()
    };
    styled("select", "from")
        .label("From")
        .on("change", edit(lab, |request, value| request.from = value.parse().unwrap_or_else(|_| request.from.clone())))
        .child(live(machines))
        .live_value(move || {
            lab.document.track();
            lab.request.with(|request| request.from.to_string())
        })
}

fn protocol_field(lab: Lab) -> El {
    let choose = |request: &mut Request, value: &str| {
        if let Some(protocol) = PROTOCOLS.into_iter().find(|protocol| protocol.to_string() == value) {
            request.protocol = protocol;
            request.port = None;
            request.insecure &= protocol.is_encrypted();
        }
    };
    styled("select", "protocol")
        .label("Protocol")
        .on("change", edit(lab, choose))
        .children(PROTOCOLS.map(|protocol| option(&protocol.to_string())))
        .live_value(move || lab.request.with(|request| request.protocol.to_string()))
}

fn option(value: &str) -> El {
    el("option").attr("value", value).child(value)
}

/// A field for text.
fn field(class: &str, name: &str) -> El {
    styled("input", class).attr("type", "text").label(name).attr("spellcheck", "false")
}

fn target_field(lab: Lab) -> El {
    field("target mono", "Target")
        .attr("placeholder", "name or address")
        .attr("list", "targets")
        .attr("autocomplete", "off")
        .on("input", edit(lab, |request, value| request.to = value.into()))
        .live_value(move || lab.request.with(|request| request.to.to_string()))
}

fn targets(lab: Lab) -> El {
    let options = move || {
        let targets = suggestions(&lab.document.get(), &lab.network.get());
        targets.iter().map(|target| el("option").attr("value", target)).collect::<Vec<_>>()
    };
    el("datalist").attr("id", "targets").child(live(options))
}

fn port_field(lab: Lab) -> El {
    let change = |request: &mut Request, value: &str| {
        request.port = value.parse().ok().filter(|port| *port != request.protocol.default_port());
    };
    field("port mono", "Port")
        .attr("inputmode", "numeric")
        .attr("maxlength", "5")
        .on("change", edit(lab, change))
        .live_value(move || lab.request.with(|request| request.port().to_string()))
}

fn path_field(lab: Lab) -> El {
    let change = |request: &mut Request, value: &str| {
        let path = value.trim_start_matches('/');
        request.path = (!path.is_empty()).then(|| format!("/{path}").into());
    };
    field("path mono", "Path")
        .attr("placeholder", "/")
        .on("change", edit(lab, change))
        .live_value(move || lab.request.with(|request| request.path().to_owned()))
}

fn insecure_box(lab: Lab) -> El {
    let checkbox = el("input")
        .attr("type", "checkbox")
        .on("change", edit(lab, |request, _| request.insecure = !request.insecure))
        .live_switch("checked", move || lab.request.with(|request| request.insecure));
    styled("label", "check")
        .attr("title", "Accept a certificate for another name, as curl -k does")
        .child(checkbox)
        .child(styled("span", "long").child("Ignore certificate "))
        .child(el("code").child("-k"))
}
