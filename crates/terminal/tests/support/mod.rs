//! What the tests share: the published topologies with small changes, and lines typed on them.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test helper")]

use serde_json::Value;
use sim::{Network, Session, compile};
use terminal::{Output, Shell, run};
use topology::command::plan;
use topology::{Document, Id, file};

pub const TWO_TENANTS: &str = include_str!("../../../../public/topologies/private-link-service-two-tenants.json");
pub const PEERED: &str = include_str!("../../../../public/topologies/storage-and-key-vault-peered.json");

/// A document, its session, and a shell.
pub struct Desk {
    pub document: Document,
    pub network: Network,
    pub session: Session,
    pub shell: Shell,
}

pub fn id(text: &str) -> Id {
    text.parse().unwrap()
}

impl Desk {
    pub fn new(document: &Value, shell: impl Fn(&Document) -> Shell) -> Self {
        let document = file::parse(&document.to_string()).unwrap();
        let (network, _) = compile(&document);
        let shell = shell(&document);
        Self { document, network, session: Session::new(), shell }
    }

    /// On a machine.
    pub fn at(document: &Value, machine: &str) -> Self {
        Self::new(document, |document| Shell::of_machine(document, &id(machine)))
    }

    /// In the Cloud Shell.
    pub fn cloud(document: &Value, subscription: &str) -> Self {
        Self::new(document, |_| Shell::cloud(id(subscription)))
    }

    pub fn run(&mut self, line: &str) -> Output {
        run(line, &self.shell, &self.document, &self.network, &mut self.session)
    }

    /// What a line prints.
    pub fn text(&mut self, line: &str) -> String {
        self.run(line).text()
    }

    /// Runs a line and carries out what it changes.
    pub fn apply(&mut self, line: &str) -> Output {
        let output = self.run(line);
        for command in output.commands.clone() {
            plan(&self.document, command).unwrap().apply(&mut self.document);
        }
        self.network = compile(&self.document).0;
        output
    }
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The topology of the note on service endpoints and private endpoints, with a subscription whose id is as long as
/// the placeholder in its captures.
pub fn peered() -> Value {
    json(&PEERED.replace("subscription-01", "SUB01"))
}

/// The other topology, whose guests run Windows.
pub fn two_tenants() -> Value {
    json(TWO_TENANTS)
}

/// A guest that runs Windows instead.
pub fn with_windows(mut document: Value, machine: &str) -> Value {
    document["virtualMachines"][machine]["osType"] = "Windows".into();
    document
}

/// What Azure chooses at random, as the captures show it: subscription and etags.
pub fn as_captured(text: &str) -> String {
    let mut shown = String::new();
    for line in text.replace("SUB01", "<SUB>").lines() {
        let line = match line.split_once("\"etag\": ") {
            Some((indent, value)) if value != "null," => format!("{indent}\"etag\": \"<etag>\","),
            Some(_) | None => line.to_owned(),
        };
        shown.push_str(&line);
        shown.push('\n');
    }
    shown
}
