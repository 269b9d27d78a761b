//! Arbitrary documents: whatever the declarations of the resources allow, from a string of bytes.
//!
//! Every resource a document can hold turns up, with references that mostly lead somewhere, addresses and names from
//! small sets so that they collide, and numbers at the edges of what they count.

use serde_json::{Map, Value, json};
use sim::Network;
use topology::shape::{Field, Shape};
use topology::{Document, Id, Kind};

/// Decides with the bytes of a string, one after the other; nothing but zeros follow its end.
#[derive(Debug)]
pub struct Dice<'b>(&'b [u8]);

impl<'b> Dice<'b> {
    /// Decides with these bytes.
    #[must_use]
    pub const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// A number below `n`; zero when `n` is.
    pub fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % n.max(1)
    }

    fn one_of<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.below(choices.len())]
    }

    /// True about `percent` times in a hundred.
    fn likely(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A string of bytes that is always the same for a seed (`SplitMix64`).
#[must_use]
pub fn seeded(seed: u64, length: usize) -> Vec<u8> {
    let word = |n: u64| {
        let state = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (state ^ (state >> 31)).to_le_bytes()
    };
    (0..).flat_map(word).take(length).collect()
}

const NAMES: [&str; 8] = ["a", "b", "www", "default", "frontend", "pool", "corp.example", "files.corp.example"];
const TEXTS: [&str; 22] = [
    "*",
    "a",
    "b",
    "www",
    "@",
    ".",
    "corp.example.",
    "",
    "default",
    "frontend",
    "pool",
    "80",
    "80-90",
    "0.0.0.0/0",
    "10.0.0.0/24",
    "Internet",
    "VirtualNetwork",
    "Microsoft.Storage",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "blob",
    "westeurope",
];
const DOMAINS: [&str; 7] = [
    "privatelink.blob.core.windows.net",
    "platformservices-0.blob.core.windows.net",
    "platformservices-0.privatelink.blob.core.windows.net",
    "corp.example",
    "files.corp.example",
    "core.windows.net",
    "a",
];
const ADDRESSES: [&str; 4] = ["168.63.129.16", "8.8.8.8", "255.255.255.255", "0.0.0.0"];
const LENGTHS: [u8; 8] = [0, 8, 16, 24, 24, 29, 30, 32];

/// A document as JSON.
#[must_use]
pub fn document(dice: &mut Dice<'_>) -> Value {
    let counts: Vec<usize> = Kind::ALL.iter().map(|_| if dice.likely(97) { 1 + dice.below(4) } else { 0 }).collect();
    let maker = Maker { ids: Kind::ALL.iter().zip(&counts).flat_map(|(kind, count)| ids(*kind, *count)).collect() };
    let mut document = Map::new();
    document.insert("schema".into(), json!(1));
    for (kind, count) in Kind::ALL.iter().zip(counts) {
        let table = ids(*kind, count).map(|(_, id)| (id, maker.object(dice, kind.fields())));
        document.insert(kind.as_str().into(), Value::Object(table.collect()));
    }
    Value::Object(document)
}

/// A request as JSON, from a machine with a network interface to a name, or to an address somebody has.
#[must_use]
pub fn request(dice: &mut Dice<'_>, document: &Document, network: &Network) -> Value {
    let senders: Vec<&Id> =
        document.network_interfaces.iter().map(|(_, interface)| &interface.virtual_machine).collect();
    let from = if senders.is_empty() { "nobody" } else { dice.one_of(&senders).as_str() };
    let held: Vec<_> = document.ids().filter_map(|(_, id)| network.address_of(id)).collect();
    let to = match dice.below(4) {
        0 => address(dice),
        1 => (*dice.one_of(&DOMAINS)).to_owned(),
        _ if held.is_empty() => address(dice),
        _ => dice.one_of(&held).to_string(),
    };
    json!({ "from": from, "to": to, "protocol": dice.one_of(&["HTTP", "HTTPS", "TCP", "DNS"]) })
}

/// A command as JSON: mostly on what the document holds, with values its declarations allow.
#[must_use]
pub fn command(dice: &mut Dice<'_>, document: &Document) -> Value {
    let ids: Vec<(Kind, String)> = document.ids().map(|(kind, id)| (kind, id.to_string())).collect();
    let maker = Maker { ids };
    let any = |dice: &mut Dice<'_>| match maker.ids.is_empty() || dice.likely(5) {
        true => (*dice.one_of(Kind::ALL), "new".to_owned()),
        false => dice.one_of(&maker.ids).clone(),
    };
    let (kind, id) = any(dice);
    let of = |dice: &mut Dice<'_>, wanted: Kind| {
        let fitting: Vec<&String> = maker.ids.iter().filter(|(kind, _)| *kind == wanted).map(|(_, id)| id).collect();
        if fitting.is_empty() { "nobody".to_owned() } else { (*dice.one_of(&fitting)).clone() }
    };
    match dice.below(10) {
        0 => json!({ "command": "create", "kind": kind, "id": "new", "value": maker.object(dice, kind.fields()) }),
        1 | 2 => {
            let field = dice.one_of(kind.fields());
            let value = if dice.likely(20) { Value::Null } else { maker.value(dice, field.key, field.shape) };
            json!({ "command": "set", "id": id, "path": [field.key], "value": value })
        }
        3 => json!({ "command": "rename", "id": id, "to": "renamed" }),
        4 => json!({ "command": "delete", "id": id, "cascade": dice.likely(50) }),
        5 => {
            let (network, remote) = (of(dice, Kind::VirtualNetwork), of(dice, Kind::VirtualNetwork));
            json!({ "command": "peer", "network": network, "remote": remote })
        }
        6 => {
            let (zone, network) = (of(dice, Kind::PrivateDnsZone), of(dice, Kind::VirtualNetwork));
            json!({ "command": "linkZone", "zone": zone, "network": network })
        }
        7 => {
            let decision = dice.one_of(&["approveConnection", "rejectConnection", "removeConnection"]);
            json!({ "command": decision, "endpoint": of(dice, Kind::PrivateEndpoint) })
        }
        _ => {
            let commands: Vec<Value> = (0..1 + dice.below(3)).map(|_| command(dice, document)).collect();
            json!({ "command": "all", "commands": commands })
        }
    }
}

/// The ids of a table: its name and a number. Now and then one that another table has, too.
fn ids(kind: Kind, count: usize) -> impl Iterator<Item = (Kind, String)> {
    let name = kind.as_str().to_lowercase();
    (0..count).map(move |n| (kind, if n == 4 { "twice".to_owned() } else { format!("{name}-{n}") }))
}

fn address(dice: &mut Dice<'_>) -> String {
    if dice.likely(5) {
        return (*dice.one_of(&ADDRESSES)).to_owned();
    }
    format!("10.{}.{}.{}", dice.below(2), dice.below(3), dice.one_of(&[0, 1, 4, 5, 6, 10, 254, 255]))
}

struct Maker {
    ids: Vec<(Kind, String)>,
}

impl Maker {
    fn object(&self, dice: &mut Dice<'_>, fields: &[Field]) -> Value {
        let mut object = Map::new();
        for field in fields {
            // Addresses are mostly left to be chosen.
            let chosen = if matches!(field.shape, Shape::Optional(Shape::Address)) { 20 } else { 50 };
            if field.required || dice.likely(chosen) {
                object.insert(field.key.into(), self.value(dice, field.key, field.shape));
            }
        }
        Value::Object(object)
    }

    fn value(&self, dice: &mut Dice<'_>, key: &str, shape: Shape) -> Value {
        match shape {
            Shape::Text => json!(dice.one_of(&TEXTS)),
            Shape::Address => json!(address(dice)),
            Shape::Prefix => {
                // Networks are mostly large and subnets small, so that one lies within the other.
                let usual = if key.ends_with("es") { 8 } else { 24 };
                let length = if dice.likely(80) { usual } else { *dice.one_of(&LENGTHS) };
                json!(format!("10.{}.{}.0/{length}", dice.below(2), dice.below(3)))
            }
            Shape::DomainName => json!(dice.one_of(&DOMAINS)),
            Shape::Number(_) if key.to_lowercase().ends_with("port") && dice.likely(60) => json!(80),
            Shape::Number(most) => json!(dice.one_of(&[0, 1, 53, 80, 100, 443, most / 2, most])),
            Shape::Switch => json!(dice.likely(50)),
            Shape::Word(words) => json!(dice.one_of(words)),
            Shape::Reference => json!(self.reference(dice, key)),
            Shape::ChildReference => json!(format!("{}/{}", self.reference(dice, key), dice.one_of(&NAMES))),
            Shape::Optional(inner) => self.value(dice, key, *inner),
            // A server that is named is seldom one.
            Shape::List(Shape::Address) if dice.likely(60) => json!([]),
            Shape::List(inner) => (0..dice.below(4)).map(|_| self.value(dice, key, *inner)).collect(),
            Shape::Map(inner) => {
                let names =
                    (0..dice.below(4)).map(|n| if n == 3 { "c" } else { NAMES[(n * 3 + dice.below(3)) % NAMES.len()] });
                let names: Vec<&str> = names.collect();
                names.into_iter().map(|name| (name.to_owned(), self.value(dice, name, *inner))).collect()
            }
            Shape::Object(fields) => self.object(dice, fields),
            Shape::Any => json!({ "kept": dice.below(3) }),
        }
    }

    /// The id of a resource of the type the key names, where it names one: `remoteVirtualNetwork` that of a virtual
    /// network. Now and then any other, or none.
    fn reference(&self, dice: &mut Dice<'_>, key: &str) -> String {
        let key = key.to_lowercase();
        let key = key.trim_end_matches("id").trim_end_matches("ids").trim_end_matches('s');
        let names = |kind: &Kind| key.ends_with(kind.as_str().to_lowercase().trim_end_matches('s'));
        let fitting: Vec<&String> = self.ids.iter().filter(|(kind, _)| names(kind)).map(|(_, id)| id).collect();
        match dice.below(50) {
            0 => "nobody".to_owned(),
            1 if !self.ids.is_empty() => dice.one_of(&self.ids).1.clone(),
            _ if !fitting.is_empty() => (*dice.one_of(&fitting)).clone(),
            _ if !self.ids.is_empty() => dice.one_of(&self.ids).1.clone(),
            _ => "nobody".to_owned(),
        }
    }
}
