//! Who reaches what: every source against every target, and what an edit changes.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::json;
use sim::reachability::{Cell, Matrix, sources, targets};
use sim::trace::PathKind;
use sim::{Session, compile, send};

use support::{PEERED, TWO_TENANTS, json, read};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn matrix(document: &serde_json::Value) -> Matrix {
    let document = read(document);
    Matrix::of_all(&document, &compile(&document).0)
}

fn cell(matrix: &Matrix, from: &str, to: &str) -> Cell {
    let mut cells = matrix.iter().filter(|(source, target, _)| source.as_str() == from && target.to == to);
    cells.next().unwrap().2
}

#[test]
fn a_matrix_tells_the_way_and_the_refusal_of_every_pair() {
    let matrix = matrix(&json(PEERED));
    let private = Cell::Reached { path: Some(PathKind::PrivateEndpoint) };
    assert_eq!(cell(&matrix, "rg1vm1", BLOB), private);
    assert_eq!(cell(&matrix, "rg1vm2", BLOB), Cell::Refused { path: PathKind::Public, status: 403 });
    assert_eq!(cell(&matrix, "rg1vm2", "10.0.0.5"), private);
}

#[test]
fn targets_are_what_listens_and_what_is_saved_each_once() {
    let document = read(&json(TWO_TENANTS));
    let targets = targets(&document, &compile(&document).0);
    let shown: Vec<String> = targets.iter().map(|target| format!("{}:{}", target.to, target.port)).collect();
    assert_eq!(shown, ["10.0.0.4:80", "10.0.0.5:80", "10.0.0.10:80", "10.0.1.4:80"]);
}

#[test]
fn a_machine_without_an_address_is_no_source() {
    let mut document = json(TWO_TENANTS);
    document["virtualMachines"]["loose"] = json!({});
    let document = read(&document);
    let sources = sources(&document, &compile(&document).0);
    assert_eq!(sources.iter().map(topology::Id::as_str).collect::<Vec<_>>(), ["client1", "iis-0", "iis-1"]);
}

#[test]
fn the_difference_of_two_matrices_is_what_an_edit_changed() {
    let before = json(PEERED);
    let mut after = before.clone();
    after["privateDnsZones"]["zone-blob"]["virtualNetworkLinks"]["link"] = json!({ "virtualNetwork": "rg1vnet2" });
    let changes = matrix(&before).changes(&matrix(&after));
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.source.as_str(), change.target.to.as_str()), ("rg1vm2", BLOB));
    assert_eq!(change.before, Some(Cell::Refused { path: PathKind::Public, status: 403 }));
    assert_eq!(change.after, Some(Cell::Reached { path: Some(PathKind::PrivateEndpoint) }));
    assert_eq!(matrix(&after).changes(&matrix(&after)), []);
}

#[test]
fn a_machine_that_comes_or_goes_is_a_difference_too() {
    let before = json(PEERED);
    let mut after = before.clone();
    after["virtualMachines"]["new"] = json!({});
    after["networkInterfaces"]["new-nic"] = json!({ "virtualMachine": "new", "subnet": "rg1vnet1-default" });
    let (before, after) = (matrix(&before), matrix(&after));
    let came = before.changes(&after);
    assert!(came.iter().all(|change| change.source.as_str() == "new" && change.before.is_none()), "{came:?}");
    assert_eq!(came.len(), after.targets().len());
    let gone = after.changes(&before);
    assert!(gone.len() == came.len() && gone.iter().all(|change| change.after.is_none()), "{gone:?}");
}

#[test]
fn machines_share_work_only_where_nothing_tells_them_apart() {
    let mut document = json(PEERED);
    for n in 0..6 {
        document["virtualMachines"][format!("twin-{n}")] = json!({});
        document["networkInterfaces"][format!("twin-{n}-nic")] =
            json!({ "virtualMachine": format!("twin-{n}"), "subnet": "rg1vnet1-default" });
    }
    // One rule for a part of the twins' addresses, at the service they ask.
    document["virtualMachines"]["web"] = json!({ "services": [{ "name": "IIS", "port": 80 }] });
    document["networkInterfaces"]["web-nic"] =
        json!({ "virtualMachine": "web", "subnet": "rg1vnet2-default", "networkSecurityGroup": "nsg" });
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "subscription-01", "securityRules": { "some": {
        "priority": 100, "direction": "Inbound", "access": "Deny", "sourceAddressPrefix": "10.0.0.8/31"
    } } });
    let document = read(&document);
    let network = compile(&document).0;
    let matrix = Matrix::of_all(&document, &network);
    for (source, target, cell) in matrix.iter() {
        let alone = Cell::of(&send(&network, &mut Session::new(), &target.request(source)));
        assert_eq!(cell, alone, "{source} {}", target.to);
    }
    let denied = matrix.iter().filter(|(_, target, cell)| target.port == 80 && !cell.is_reached()).count();
    assert_eq!(denied, 2);
}
