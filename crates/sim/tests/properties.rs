//! Whatever a document says, it compiles, and every request ends exactly once.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use sim::explain::{RuleVerdict, ZoneVerdict};
use sim::reachability::{Cell, Matrix};
use sim::routes::RouteVerdict;
use sim::security::RuleMatch;
use sim::trace::{Event, Outcome};
use sim::{Network, Place, Session, Step, Trace, compile, send};
use topology::Document;
use topology::document::Request;

use support::{PEERED, TWO_TENANTS, json};

/// Values that are likely to collide, dangle or overlap.
fn odd_values() -> Vec<Value> {
    vec![
        json!("rg1vnet1"),
        json!("client1"),
        json!("endpoints"),
        json!("nobody"),
        json!("lb-iis/frontend"),
        json!("lb-iis/nobody"),
        json!("10.0.0.0/8"),
        json!("0.0.0.0/0"),
        json!("10.0.0.4/32"),
        json!("10.0.0.0/30"),
        json!("10.0.0.5"),
        json!("255.255.255.255"),
        json!("168.63.129.16"),
        json!("10.0.0.4"),
        json!("10.0.1.4"),
        json!("."),
        json!("core.windows.net."),
        json!("resolver/out"),
        json!("spoke1-vms-routes"),
        json!("VirtualAppliance"),
        json!("10.0.2.100"),
        json!("VnetLocal"),
        json!("hub"),
        json!("hub-default"),
        json!("files.corp.example"),
        json!("privatelink.blob.core.windows.net"),
        json!("rg1sto1brng1.blob.core.windows.net"),
        json!("Pending"),
        json!("Disabled"),
        json!("All"),
        json!("SourceIP"),
        json!("2021"),
        json!("nsg"),
        json!("asg"),
        json!("Internet"),
        json!("Storage.WestEurope"),
        json!("VirtualNetwork"),
        json!("Inbound"),
        json!("Deny"),
        json!("*"),
        json!("80-90"),
        json!("Enabled"),
        json!(["nsg", "asg"]),
        json!(0),
        json!(65535),
        json!(true),
        json!([]),
        json!({}),
    ]
}

/// A topology with security groups on everything that can have one, and rules of every kind.
fn guarded(text: &str) -> Value {
    let mut document = json(text);
    let subscription = document["subscriptions"].as_object().unwrap().keys().next().unwrap().clone();
    let rule = |priority: u32, direction: &str, access: &str, source: &str, destination: &str| {
        json!({
            "priority": priority, "direction": direction, "access": access, "protocol": "Tcp",
            "sourceAddressPrefix": source, "sourcePortRange": "*",
            "destinationAddressPrefixes": [destination], "destinationPortRanges": ["80", "400-500"]
        })
    };
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": subscription, "securityRules": {
        "web": rule(100, "Inbound", "Allow", "VirtualNetwork", "10.0.0.0/8"),
        "probes": rule(110, "Inbound", "Allow", "AzureLoadBalancer", "*"),
        "out": rule(100, "Outbound", "Allow", "*", "VirtualNetwork"),
        "storage": rule(110, "Outbound", "Allow", "*", "Storage"),
        "members": {
            "priority": 120, "direction": "Outbound", "access": "Deny",
            "sourceApplicationSecurityGroups": ["asg"], "destinationApplicationSecurityGroups": ["asg"]
        },
        "dns": rule(130, "Outbound", "Deny", "*", "AzurePlatformDNS"),
    } });
    document["applicationSecurityGroups"]["asg"] = json!({ "subscription": subscription });
    for (table, fields) in [
        ("subnets", json!({ "networkSecurityGroup": "nsg", "privateEndpointNetworkPolicies": "Enabled" })),
        ("networkInterfaces", json!({ "networkSecurityGroup": "nsg", "applicationSecurityGroups": ["asg"] })),
        ("privateEndpoints", json!({ "applicationSecurityGroups": ["asg"] })),
    ] {
        for row in document[table].as_object_mut().unwrap().values_mut() {
            for (field, value) in fields.as_object().unwrap() {
                row[field] = value.clone();
            }
        }
    }
    document
}

/// Each decision of a security group is the one its matrix shows: one rule decides, and it is the first that matches.
fn decisions_are_explained(network: &Network, trace: &Trace) -> Result<(), TestCaseError> {
    for step in &trace.steps {
        let Event::SecurityEvaluated { subject, direction, access, rule, .. } = &step.event else { continue };
        let matrix = network.explain_security(subject, *direction, &step.before.unwrap());
        let matches =
            |row: &&RuleMatch| row.protocol && row.source && row.source_port && row.destination && row.destination_port;
        let decides: Vec<&RuleMatch> = matrix.iter().filter(|row| row.decides).collect();
        prop_assert_eq!(decides.len(), 1);
        prop_assert_eq!(Some(decides[0]), matrix.iter().find(matches));
        prop_assert_eq!((&decides[0].rule, decides[0].access), (rule, *access));
    }
    Ok(())
}

#[derive(Clone, Debug)]
enum Change {
    Remove(usize),
    Replace(usize, usize),
    /// Puts a copy of one table's entry into the same table under an odd id.
    Copy(usize, usize),
    /// Replaces one value by another of the same document.
    Transplant(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let any = 0_usize..4096;
    prop_oneof![
        any.clone().prop_map(Change::Remove),
        (any.clone(), any.clone()).prop_map(|(at, value)| Change::Replace(at, value)),
        (any.clone(), any.clone()).prop_map(|(at, name)| Change::Copy(at, name)),
        (any.clone(), any).prop_map(|(from, to)| Change::Transplant(from, to)),
    ]
}

fn pointers(value: &Value, prefix: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, child)| (key.replace('/', "~1"), child)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(n, child)| (n.to_string(), child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{prefix}/{key}");
        pointers(child, &pointer, out);
        out.push(pointer);
    }
}

fn apply(document: &mut Value, change: &Change) {
    let mut places = Vec::new();
    pointers(document, "", &mut places);
    let pick = |n: usize| places.get(n % places.len().max(1)).cloned().unwrap_or_default();
    let odd = odd_values();
    match change {
        Change::Remove(at) => {
            let place = pick(*at);
            let Some((parent, key)) = place.rsplit_once('/') else { return };
            match document.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.shift_remove(&key.replace("~1", "/"))),
                Some(Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
                _ => {}
            }
        }
        Change::Replace(at, value) => {
            if let Some(slot) = document.pointer_mut(&pick(*at)) {
                *slot = odd[value % odd.len()].clone();
            }
        }
        Change::Copy(at, name) => {
            let place = pick(*at);
            let Some((parent, _)) = place.rsplit_once('/') else { return };
            let copy = document.pointer(&place).cloned().unwrap();
            let names: Vec<&str> = odd.iter().filter_map(Value::as_str).collect();
            if let Some(Value::Object(map)) = document.pointer_mut(parent) {
                map.insert(names[name % names.len()].into(), copy);
            }
        }
        Change::Transplant(from, to) => {
            let value = document.pointer(&pick(*from)).cloned();
            if let (Some(value), Some(slot)) = (value, document.pointer_mut(&pick(*to))) {
                *slot = value;
            }
        }
    }
}

/// The same with three more machines beside each.
fn crowded(mut document: Value) -> Value {
    let interfaces = document["networkInterfaces"].as_object().unwrap().clone();
    for (id, row) in interfaces {
        let machine = document["virtualMachines"][row["virtualMachine"].as_str().unwrap()].clone();
        for n in 0..3 {
            let name = format!("{id}-twin-{n}");
            let mut row = row.clone();
            row["virtualMachine"] = json!(name);
            row.as_object_mut().unwrap().shift_remove("privateIPAddress");
            document["virtualMachines"][&name] = machine.clone();
            document["networkInterfaces"][format!("{name}-nic")] = row;
        }
    }
    document
}

/// Every saved request, and every machine to every kind of target.
fn questions(document: &Document) -> Vec<Request> {
    let targets = [
        "192.168.0.30",
        "172.30.0.20",
        "100.64.0.5",
        "10.9.0.4",
        "172.20.0.2",
        "10.0.1.4",
        "10.0.0.5",
        "10.0.0.10",
        "10.0.2.4",
        "10.1.0.4",
        "10.2.0.4",
        "10.2.1.4",
        "8.8.8.8",
        "168.63.129.16",
    ]
    .into_iter()
    .chain([
        "rg1sto1brng1.blob.core.windows.net",
        "kv1brntest1.vault.azure.net",
        "acct.blob.core.windows.net",
        "files.corp.example",
        "round.corp.example",
        "",
        "…",
    ]);
    let mut questions = document.requests.clone();
    for (n, target) in targets.enumerate() {
        for machine in [
            "client1",
            "iis-0",
            "rg1vm1",
            "rg1vm2",
            "client",
            "dns",
            "other",
            "spoke1-vm",
            "spoke2-vm",
            "clerk",
            "twin-clerk",
            "traveller",
            "robinson",
            "nobody",
        ] {
            let protocol = ["HTTP", "HTTPS", "TCP", "DNS", "ICMP"][n % 5];
            questions.push(support::request(json!({ "from": machine, "to": target, "protocol": protocol })));
        }
    }
    questions
}

/// Whether a subnet and a network interface have the same id, which [`ProblemCode::DuplicateId`] reports.
///
/// [`ProblemCode::DuplicateId`]: topology::problem::ProblemCode::DuplicateId
fn has_shared_ids(document: &Document) -> bool {
    document.subnets.ids().any(|id| document.network_interfaces.contains(id))
}

/// What the documents of the tests start from.
fn base(which: usize) -> Value {
    match which % 7 {
        0 => json(TWO_TENANTS),
        1 => json(PEERED),
        2 => guarded(TWO_TENANTS),
        3 => guarded(PEERED),
        4 => support::hub_and_spokes::full_of_appliances(),
        5 => support::hybrid::full_of_tunnels(),
        _ => support::names::all_about_names(),
    }
}

fn ends_exactly_once(trace: &Trace) -> Result<(), TestCaseError> {
    let drops = trace.steps.iter().filter(|step| matches!(step.event, Event::Dropped { .. })).count();
    let last = trace.steps.last();
    match &trace.outcome {
        Outcome::Dropped { cause, at } => {
            prop_assert_eq!(drops, 1);
            let last = last.unwrap();
            prop_assert_eq!(&last.event, &Event::Dropped { cause: cause.clone() });
            prop_assert_eq!(&last.at, at);
        }
        Outcome::Answered { response: None, .. } => {
            prop_assert_eq!(drops, 0);
            let connected = matches!(
                last.unwrap().event,
                Event::Connected { .. }
                    | Event::DatagramAnswered { .. }
                    | Event::ProxyHeaderSent { .. }
                    | Event::ProxyHeaderRead { .. }
                    | Event::ProxyHeaderNotUnderstood { .. }
            );
            prop_assert!(connected);
        }
        Outcome::Answered { response: Some(response), .. } => {
            prop_assert_eq!(drops, 0);
            prop_assert_eq!(&last.unwrap().event, &Event::ResponseReceived { response: response.clone() });
        }
        Outcome::Resolved { address } => {
            prop_assert_eq!(drops, 0);
            let told = match &last.unwrap().event {
                Event::AnswerReceived { address, .. } | Event::CachedAnswer { address, .. } => *address,
                Event::HostsFile { address, .. } => Some(*address),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert_eq!(told, Some(*address));
        }
    }
    Ok(())
}

fn decides(verdict: &ZoneVerdict) -> bool {
    matches!(verdict, ZoneVerdict::Answers | ZoneVerdict::SaysMissing | ZoneVerdict::Redirects)
}

/// The reply undoes the translations of the way forth in reverse order, each to exactly the packet it had changed.
fn reply_retraces_its_bindings(trace: &Trace) -> Result<(), TestCaseError> {
    let mut done = Vec::new();
    for step in &trace.steps {
        let packets = step.before.zip(step.after);
        match &step.event {
            Event::Forwarded { source: Some(_), .. }
            | Event::Translated { .. }
            | Event::TranslatedDirectly { .. }
            | Event::Balanced { .. }
            | Event::NatRuleApplied { .. }
            | Event::OutboundTranslated { .. }
            | Event::SourceTranslated { .. }
            | Event::GatewayTranslated { .. }
            | Event::DestinationTranslated { .. } => {
                done.push((step.at.clone(), packets.unwrap()));
            }
            Event::ReplyForwarded { destination: Some(_), .. }
            | Event::Untranslated { .. }
            | Event::Unbalanced { .. }
            | Event::OutboundUntranslated { .. }
            | Event::GatewayUntranslated
            | Event::DestinationUntranslated { .. } => {
                let (place, (before, after)) = done.pop().unwrap();
                let (back_before, back_after) = packets.unwrap();
                prop_assert_eq!(&step.at, &place);
                prop_assert_eq!((back_before.source, back_before.destination), (after.destination, after.source));
                prop_assert_eq!((back_after.source, back_after.destination), (before.destination, before.source));
            }
            Event::Connected { .. } | Event::DatagramAnswered { .. } => prop_assert!(done.is_empty()),
            _ => {}
        }
    }
    Ok(())
}

/// On its way forth, and on its way back, a packet passes a machine that forwards once at most: hops are bounded.
fn passes_no_appliance_twice(trace: &Trace) -> Result<(), TestCaseError> {
    for way in trace.steps.chunk_by(|one, next| one.phase == next.phase) {
        let forwards = |step: &&Step| matches!(step.event, Event::Forwarded { .. } | Event::ReplyForwarded { .. });
        let places: Vec<&Place> = way.iter().filter(forwards).map(|step| &step.at).collect();
        let different: BTreeSet<&Place> = places.iter().copied().collect();
        prop_assert_eq!(places.len(), different.len(), "{:?}", places);
    }
    Ok(())
}

/// Each route a virtual machine's packet takes is the one its explanation chooses, and the rest are the losers.
fn routes_are_explained(network: &Network, trace: &Trace) -> Result<(), TestCaseError> {
    let mut steps = trace.steps.iter();
    let first = steps.find(|step| matches!(step.event, Event::RouteSelected { .. }));
    let Some(Event::RouteSelected { destination, route, losers }) = first.map(|step| &step.event) else {
        return Ok(());
    };
    let Some(Place::Resource(at)) = first.map(|step| &step.at) else { return Ok(()) };
    // A machine whose first network interface has no address sends by another one.
    let source = first.and_then(|step| step.before).map(|packet| packet.source.address);
    if *at != trace.request.from || source != network.address_of(at) {
        return Ok(());
    }
    let Ok(candidates) = network.explain_route(at, *destination) else { return Ok(()) };
    let (chosen, lost): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| candidate.verdict == RouteVerdict::Chosen);
    prop_assert_eq!(chosen.iter().map(|candidate| &candidate.route).collect::<Vec<_>>(), [route]);
    prop_assert_eq!(lost.into_iter().map(|candidate| candidate.route).collect::<Vec<_>>(), losers.clone());
    let listed = network.effective_routes(at).unwrap();
    prop_assert!(listed.contains(route), "{:?}", route);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_document_compiles_and_every_request_ends_exactly_once(
        which in 0_usize..7,
        changes in proptest::collection::vec(change(), 0..10),
    ) {
        let mut value = base(which);
        let mut document: Document = support::read(&value);
        for change in &changes {
            let before = value.clone();
            apply(&mut value, change);
            match serde_json::from_value(value.clone()) {
                Ok(changed) => document = changed,
                Err(_) => value = before,
            }
        }
        let (network, _) = compile(&document);
        let mut session = Session::new();
        for request in questions(&document) {
            let trace = send(&network, &mut session, &request);
            ends_exactly_once(&trace)?;
            reply_retraces_its_bindings(&trace)?;
            passes_no_appliance_twice(&trace)?;
            routes_are_explained(&network, &trace)?;
            if !has_shared_ids(&document) {
                decisions_are_explained(&network, &trace)?;
            }
        }
        for (_, id) in document.ids() {
            let address = network.address_of(id);
            let accessors = (network.alias(id), network.nat_capacity(id), network.zones_linked_to(id));
            std::hint::black_box((network.effective_rules(id).ok(), network.probe_denials(id)));
            std::hint::black_box((address, accessors, network.effective_routes(id).ok(), network.link_identifier(id)));
        }
        for text in ["acct.blob.core.windows.net", "files.corp.example"] {
            let name = text.parse().unwrap();
            let answers = sim::resolve_everywhere(&network, &name);
            prop_assert_eq!(answers.len(), document.virtual_networks.len() + document.on_premises_sites.len());
            for answer in answers {
                prop_assert_eq!(answer.address.is_none(), answer.cause.is_some());
                // A site asks nobody's zones itself.
                let Some(explained) = network.explain_name(&answer.network, &name) else {
                    prop_assert!(document.on_premises_sites.contains(&answer.network));
                    continue;
                };
                let forwarding = explained.rules.iter().filter(|rule| rule.verdict == RuleVerdict::Forwards).count();
                let deciding = explained.zones.iter().filter(|zone| decides(&zone.verdict)).count();
                prop_assert!(forwarding + deciding <= 1 && (explained.public || forwarding + deciding == 1));
            }
        }
        for (one, other) in network.overlapping_networks() {
            prop_assert_ne!(one, other);
        }
    }

    #[test]
    fn a_matrix_says_what_every_request_on_its_own_says(
        which in 0_usize..7,
        changes in proptest::collection::vec(change(), 0..8),
    ) {
        let mut value = crowded(base(which));
        let mut document: Document = support::read(&value);
        for change in &changes {
            let before = value.clone();
            apply(&mut value, change);
            match serde_json::from_value(value.clone()) {
                Ok(changed) => document = changed,
                Err(_) => value = before,
            }
        }
        let (network, _) = compile(&document);
        let matrix = Matrix::of_all(&document, &network);
        for (source, target, cell) in matrix.iter() {
            let alone = Cell::of(&send(&network, &mut Session::new(), &target.request(source)));
            prop_assert_eq!(cell, alone, "{} {}:{}", source, target.to, target.port);
        }
    }

    #[test]
    fn the_same_document_and_requests_give_the_same_bytes(which in 0_usize..3) {
        let document = support::read(&base(which));
        let run = || {
            let (network, mut session) = (compile(&document).0, Session::new());
            questions(&document).iter().map(|request| send(&network, &mut session, request).to_json()).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(), run());
    }
}
