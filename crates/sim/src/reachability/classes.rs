//! Which sources nothing in the document tells apart.
//!
//! Two machines are alike when their rows and those of their network interfaces say the same but for names and
//! addresses, when nothing else in the document mentions either, and when no range or address written anywhere in it
//! holds the one and not the other. What a document does not tell apart, no rule can.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::Value;
use topology::{Document, Id, Kind};

use crate::identity::outbound_address;
use crate::network::Network;

/// Fields that say who a machine or its interface is, and what it serves, not how what it sends is treated.
const OWN: [&str; 4] = ["virtualMachine", "privateIPAddress", "services", "osType"];

/// The positions of sources, class by class; none is empty.
pub(super) fn of(document: &Document, network: &Network, sources: &[Id]) -> Vec<Vec<usize>> {
    let mentions = Mentions::of(document);
    let mut interfaces: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
    for (id, interface) in &document.network_interfaces {
        interfaces.entry(&interface.virtual_machine).or_default().push(id);
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for (row, source) in sources.iter().enumerate() {
        let own = interfaces.get(source).map_or(&[][..], Vec::as_slice);
        let class = match key(document, network, &mentions, source, own) {
            Some(key) => *known.entry(key).or_insert(classes.len()),
            None => classes.len(),
        };
        if class == classes.len() {
            classes.push(Vec::new());
        }
        classes[class].push(row);
    }
    classes
}

/// What tells a virtual machine apart from others, as text. `None` for one that is mentioned somewhere, and for machines
/// outside Azure: they stand alone.
fn key(document: &Document, network: &Network, mentions: &Mentions, machine: &Id, own: &[&Id]) -> Option<String> {
    if mentions.names.contains(machine.as_str()) || !document.virtual_machines.contains(machine) {
        return None;
    }
    let mut key = described(document, Kind::VirtualMachine, machine);
    for interface in own {
        let address = network.address_of(interface)?;
        if mentions.names.contains(interface.as_str()) || mentions.addresses.contains(&address) {
            return None;
        }
        let public = outbound_address(interface.as_str());
        key += &described(document, Kind::NetworkInterface, interface);
        key += &format!(" {} {} ", mentions.position(address), mentions.position(public));
    }
    Some(key)
}

fn described(document: &Document, kind: Kind, id: &Id) -> String {
    without(document.resource(kind, id), &OWN).to_string()
}

fn without(row: Option<Value>, left_out: &[&str]) -> Value {
    let mut row = row.unwrap_or_default();
    if let Value::Object(fields) = &mut row {
        fields.retain(|field, _| !left_out.contains(&field.as_str()));
    }
    row
}

/// What a document writes down. Left out is what is only ever an answer to a question for a name, and what a machine's
/// own interfaces say of it.
#[derive(Default)]
struct Mentions {
    /// Every word, and both parts of `parent/child`.
    names: BTreeSet<String>,
    addresses: BTreeSet<Ipv4Addr>,
    /// Where a range begins, and the first address after one, in order.
    borders: Vec<u32>,
}

impl Mentions {
    fn of(document: &Document) -> Self {
        let mut mentions = Self::default();
        for (kind, id) in document.ids() {
            let left_out: &[&str] = if kind == Kind::PrivateDnsZone {
                &["recordSets"]
            } else if kind == Kind::NetworkInterface {
                &OWN
            } else {
                &[]
            };
            mentions.read(&without(document.resource(kind, id), left_out));
        }
        mentions.borders.sort_unstable();
        mentions.borders.dedup();
        mentions
    }

    /// How many borders lie at or below an address: the same for two addresses that no range tells apart.
    fn position(&self, address: Ipv4Addr) -> usize {
        self.borders.partition_point(|border| *border <= u32::from(address))
    }

    fn read(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => self.word(text),
            Value::Array(items) => items.iter().for_each(|item| self.read(item)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.word(key);
                    self.read(value);
                }
            }
        }
    }

    fn word(&mut self, text: &str) {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            self.addresses.insert(address);
            self.border(address.into());
        } else if let Ok(range) = text.parse::<Ipv4Net>() {
            self.border(range);
        } else {
            self.names.extend(text.split('/').map(str::to_owned));
        }
    }

    fn border(&mut self, range: Ipv4Net) {
        self.borders.push(range.network().into());
        self.borders.extend(u32::from(range.broadcast()).checked_add(1));
    }
}
