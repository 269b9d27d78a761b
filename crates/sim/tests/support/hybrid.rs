//! A headquarters beside the hub and the spoke: a DNS server at 192.168.0.10, a clerk's machine at 192.168.0.20 and a
//! file server at 192.168.0.30; a traveller on the Internet.

use serde_json::{Value, json};
use sim::Trace;
use sim::trace::{Event, Place};

use super::ask;
use super::names::{BLOB, hub_and_spoke, id};

pub fn site(document: &mut Value) {
    document["onPremisesSites"]["hq"] = json!({
        "addressPrefixes": ["192.168.0.0/16"],
        "dnsServers": ["192.168.0.10"],
        "publicIPAddress": "203.0.113.10",
    });
    document["onPremisesHosts"]["hq-dns"] = json!({
        "onPremisesSite": "hq",
        "ipAddress": "192.168.0.10",
        "dnsServer": {},
    });
    document["onPremisesHosts"]["clerk"] = json!({ "onPremisesSite": "hq", "ipAddress": "192.168.0.20" });
    document["onPremisesHosts"]["files"] = json!({
        "onPremisesSite": "hq",
        "ipAddress": "192.168.0.30",
        "services": [{ "name": "files", "port": 80 }],
    });
    document["internetClients"]["traveller"] = json!({ "publicIPAddress": "198.51.100.200" });
}

/// The hub and the spoke with a site that no tunnel leads to yet.
pub fn with_site() -> Value {
    let mut document = hub_and_spoke();
    site(&mut document);
    document
}

/// Sends a question for the blob, or for any name or address.
pub fn from(document: &Value, sender: &str, to: &str) -> Trace {
    ask(document, json!({ "from": sender, "protocol": "HTTPS", "to": to }))
}

pub fn blob_from(document: &Value, sender: &str) -> Trace {
    from(document, sender, BLOB)
}

/// What the sender was told: a private address, “public”, a response code, or the cause.
pub fn told(trace: &Trace) -> String {
    let sender = Place::Resource(trace.request.from.clone());
    for step in trace.steps.iter().filter(|step| step.at == sender) {
        if let Event::AnswerReceived { address, code, .. } = &step.event {
            return match address {
                Some(address) if address.is_private() => address.to_string(),
                Some(_) => "public".into(),
                None => code.to_string(),
            };
        }
    }
    super::cause(trace).into()
}

/// The places of the steps whose event satisfies a condition.
pub fn places_where(trace: &Trace, wanted: impl Fn(&Event) -> bool) -> Vec<Place> {
    trace.steps.iter().filter(|step| wanted(&step.event)).map(|step| step.at.clone()).collect()
}

pub fn place(text: &str) -> Place {
    Place::Resource(id(text))
}
