//! The program as a person uses it: what it prints, and with which exit code it ends.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use expect_test::{Expect, expect};
use serde_json::Value;

const PEERED: &str = "public/topologies/storage-and-key-vault-peered.json";
const TWO_TENANTS: &str = "public/topologies/private-link-service-two-tenants.json";
const BLOB: &str = "https://rg1sto1brng1.blob.core.windows.net/test1/test.txt";

/// Exit code, standard output and standard error.
fn run_with(arguments: &[&str], input: &str) -> (i32, String, String) {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_privatelink-lab"))
        .args(arguments)
        .current_dir(top)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    run_with(arguments, "")
}

#[track_caller]
fn check(arguments: &[&str], code: i32, expected: &Expect) {
    let (found, out, err) = run(arguments);
    expected.assert_eq(&format!("{out}{err}"));
    assert_eq!(found, code);
    assert_eq!(out.is_empty(), code > 1, "answers go to standard output, complaints to standard error");
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let (code, out, err) = run(&[arguments, &["--output", "json"]].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}")))
}

#[test]
fn a_name_is_resolved_with_its_chain_and_the_reasons() {
    check(
        &["resolve", PEERED, "--from", "rg1vm1", "rg1sto1brng1.blob.core.windows.net"],
        0,
        &expect![[r#"
        Name                                            TTL  Type   Value
        ----------------------------------------------  ---  -----  ----------------------------------------------
        rg1sto1brng1.blob.core.windows.net              60   CNAME  rg1sto1brng1.privatelink.blob.core.windows.net
        rg1sto1brng1.privatelink.blob.core.windows.net  10   A      10.0.0.5

          1  rg1vm1                             Asks 168.63.129.16 for the A record of rg1sto1brng1.blob.core.windows.net.
          2  Public DNS                         The public DNS answers with an alias, rg1sto1brng1.blob.core.windows.net → rg1sto1brng1.privatelink.blob.core.windows.net, because the account has an approved private endpoint. The same alias is given to the whole Internet.
          3  privatelink.blob.core.windows.net  Zone privatelink.blob.core.windows.net is linked to the asking network (link link-rg1vnet1) and holds rg1sto1brng1.privatelink.blob.core.windows.net at 10.0.0.5, to be kept 10 s.
          4  rg1vm1                             rg1sto1brng1.blob.core.windows.net is 10.0.0.5.

        rg1sto1brng1.blob.core.windows.net is 10.0.0.5.
    "#]],
    );
}

#[test]
fn a_name_that_has_no_address_is_a_no() {
    check(
        &["resolve", PEERED, "--from", "rg1vm1", "nobody.example"],
        1,
        &expect![[r#"
          1  rg1vm1      Asks 168.63.129.16 for the A record of nobody.example.
          2  Public DNS  The public DNS does not know nobody.example.
          3  rg1vm1      No address for nobody.example: NXDOMAIN.
          4  rg1vm1      The request ends here: nobody.example does not exist from here.

        Not delivered: nobody.example does not exist from here.
    "#]],
    );
}

#[test]
fn a_request_is_followed_step_by_step() {
    check(
        &["connect", TWO_TENANTS, "--from", "client1", "10.0.1.4:80"],
        0,
        &expect![[r#"
          1  client1  Route 10.0.1.4/32 → InterfaceEndpoint beats 10.0.0.0/16 → VnetLocal: the longer prefix wins and leads to private endpoint pe-iis.
          2  pe-iis   The connection to pls-iis is Approved; the packet enters Private Link with LINKID 1086606391.
          3  pls-iis  The source becomes NAT IP 10.0.2.4:1024, the destination the frontend 10.0.0.10:80. Equal address ranges on both sides never meet.
          4  lb-iis   Rule http takes it: the flow's hash picks iis-1 from 2 healthy of 2 in pool iis, at 10.0.0.5:80.
          5  iis-1    IIS listens on 10.0.0.5:80 and accepts the connection.
          6  lb-iis   The reply leaves with the frontend 10.0.0.10:80 as its source, as if the load balancer had answered.
          7  pls-iis  The reply returns through the same binding: source 10.0.1.4:80, destination 10.0.0.4:49152.
          8  client1  The connection is open: 10.0.0.4:49152 ↔ 10.0.1.4:80.
          9  iis-1    HTTP request for / arrives. The caller it sees is 10.0.2.4:1024.
         10  iis-1    Answers 200.
         11  client1  Receives 200: Served by iis-1. Your address is 10.0.2.4.

        10.0.1.4 answered 200, through a private endpoint.
    "#]],
    );
}

#[test]
fn a_refused_request_is_a_no() {
    let (code, out, _) = run(&["connect", PEERED, "--from", "rg1vm2", BLOB]);
    assert_eq!(code, 1);
    assert!(out.ends_with("answered 403 AuthorizationFailure, over the public address.\n"), "{out}");
}

#[test]
fn the_routes_of_a_network_interface_are_those_of_the_azure_cli() {
    check(
        &["routes", PEERED, "--nic", "rg1vm2165"],
        0,
        &expect![[r#"
        Source   State   Address Prefix  Next Hop Type      Next Hop IP
        -------  ------  --------------  -----------------  -----------
        Default  Active  10.1.0.0/24     VnetLocal
        Default  Active  10.0.0.0/24     VNetPeering
        Default  Active  0.0.0.0/0       Internet
        Default  Active  10.0.0.0/8      None
        Default  Active  100.64.0.0/10   None
        Default  Active  192.168.0.0/16  None
        Default  Active  25.33.80.0/20   None
        Default  Active  25.41.3.0/25    None
        Default  Active  10.0.0.5/32     InterfaceEndpoint
        Default  Active  10.0.0.6/32     InterfaceEndpoint
    "#]],
    );
}

#[test]
fn the_rules_of_a_network_interface_stand_group_by_group() {
    let mut document: Value =
        serde_json::from_str(include_str!("../../../public/topologies/storage-and-key-vault-peered.json")).unwrap();
    document["subnets"]["rg1vnet1-default"]["networkSecurityGroup"] = "nsg".into();
    document["networkSecurityGroups"]["nsg"] = serde_json::json!({ "subscription": "subscription-01", "securityRules": {
        "web": { "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "destinationPortRange": "443" }
    } });
    let (code, out, _) = run_with(&["rules", "-", "--nic", "rg1vm1"], &document.to_string());
    expect![[r#"
        nsg on rg1vnet1-default
        Direction  Priority  Name                           Access  Protocol  Source             Destination     Port
        ---------  --------  -----------------------------  ------  --------  -----------------  --------------  ----
        Inbound    100       web                            Allow   Tcp       *                  *               443
        Inbound    65000     AllowVnetInBound               Allow   *         VirtualNetwork     VirtualNetwork  *
        Inbound    65001     AllowAzureLoadBalancerInBound  Allow   *         AzureLoadBalancer  *               *
        Inbound    65500     DenyAllInBound                 Deny    *         *                  *               *
        Outbound   65000     AllowVnetOutBound              Allow   *         VirtualNetwork     VirtualNetwork  *
        Outbound   65001     AllowInternetOutBound          Allow   *         *                  Internet        *
        Outbound   65500     DenyAllOutBound                Deny    *         *                  *               *
    "#]]
    .assert_eq(&out);
    assert_eq!(code, 0);
}

#[test]
fn without_a_security_group_everything_passes() {
    let expected = expect![[r#"
        No security group applies to rg1vm1243: everything passes.
    "#]];
    check(&["rules", PEERED, "--nic", "rg1vm1243"], 0, &expected);
}

#[test]
fn the_matrix_shows_who_reaches_what() {
    check(
        &["matrix", TWO_TENANTS],
        0,
        &expect![[r#"
            Source   Target        Outcome  Detail
            -------  ------------  -------  -----------------
            client1  10.0.0.4:80   Dropped  ConnectionRefused
            client1  10.0.0.5:80   Dropped  AddressUnused
            client1  10.0.0.10:80  Dropped  AddressUnused
            client1  10.0.1.4:80   Reached  PrivateEndpoint
            iis-0    10.0.0.4:80   Reached  Private
            iis-0    10.0.0.5:80   Reached  Private
            iis-0    10.0.0.10:80  Dropped  Hairpin
            iis-0    10.0.1.4:80   Dropped  AddressUnused
            iis-1    10.0.0.4:80   Reached  Private
            iis-1    10.0.0.5:80   Reached  Private
            iis-1    10.0.0.10:80  Dropped  Hairpin
            iis-1    10.0.1.4:80   Dropped  AddressUnused
        "#]],
    );
}

#[test]
fn the_matrix_of_two_documents_shows_what_differs() {
    check(
        &["matrix", TWO_TENANTS, "--against", TWO_TENANTS],
        0,
        &expect![[r#"
        Nothing differs.
    "#]],
    );
}

#[test]
fn a_diagnosis_names_the_cause_the_evidence_and_the_fix() {
    check(
        &["diagnose", PEERED, "--from", "rg1vm2", BLOB],
        1,
        &expect![[r#"
        rg1sto1brng1.blob.core.windows.net answered 403 AuthorizationFailure.

        M1 at privatelink.blob.core.windows.net: rg1sto1brng1.privatelink.blob.core.windows.net resolves to a public address because zone privatelink.blob.core.windows.net is not linked to rg1vnet2, where the question is asked.

          step 3, privatelink.blob.core.windows.net: Zone privatelink.blob.core.windows.net could answer for rg1sto1brng1.privatelink.blob.core.windows.net, but it is not linked to rg1vnet2, so it is never asked.

        Fix 1: Link zone privatelink.blob.core.windows.net to rg1vnet2.
    "#]],
    );
    check(
        &["diagnose", PEERED, "--from", "rg1vm1", BLOB],
        0,
        &expect![[r#"
        rg1sto1brng1.blob.core.windows.net answered 200. Nothing is wrong.
    "#]],
    );
}

#[test]
fn a_diagnosis_in_json_carries_the_commands() {
    let (code, diagnosis) = json(&["diagnose", PEERED, "--from", "rg1vm2", BLOB]);
    assert_eq!(code, 1);
    assert_eq!(diagnosis["diagnosis"]["cause"]["code"], "M1");
    let remedy = &diagnosis["diagnosis"]["proposals"][0]["remedies"][0];
    assert_eq!(*remedy, serde_json::json!({ "command": "linkZone", "zone": "zone-blob", "network": "rg1vnet2" }));
}

/// The peered networks with two expectations, one of which fails.
fn expecting() -> String {
    let mut document: Value =
        serde_json::from_str(include_str!("../../../public/topologies/storage-and-key-vault-peered.json")).unwrap();
    let asked = |from: &str| serde_json::json!({ "from": from, "protocol": "HTTPS", "to": "rg1sto1brng1.blob.core.windows.net" });
    document["expectations"] = serde_json::json!([
        { "request": asked("rg1vm1"), "path": "PrivateEndpoint", "resolvesTo": "10.0.0.5" },
        { "request": asked("rg1vm2"), "path": "PrivateEndpoint" },
    ]);
    document.to_string()
}

#[test]
fn a_failing_expectation_is_a_no() {
    let (code, out, err) = run_with(&["check", "-"], &expecting());
    expect![[r#"
        From    To                                      Expected                                 Holds  What is not as expected
        ------  --------------------------------------  ---------------------------------------  -----  ------------------------------------------------------------------------------------------------
        rg1vm1  rg1sto1brng1.blob.core.windows.net:443  reachable, PrivateEndpoint, at 10.0.0.5  yes
        rg1vm2  rg1sto1brng1.blob.core.windows.net:443  reachable, PrivateEndpoint               no     It is dropped or refused, but was to be answered. It takes the path Public, not PrivateEndpoint.

        0 problems; 1 of 2 expectations failing.
    "#]].assert_eq(&format!("{out}{err}"));
    assert_eq!(code, 1);
}

#[test]
fn a_document_without_problems_is_all_right() {
    check(
        &["check", TWO_TENANTS],
        0,
        &expect![[r#"
        0 problems; 0 of 0 expectations failing.
    "#]],
    );
}

#[test]
fn a_link_opens_to_the_document_it_was_made_from() {
    let (code, link, _) = run(&["link", PEERED]);
    assert!(code == 0 && link.starts_with("#1z"), "{link}");
    let (code, document, _) = run(&["open", &format!("https://example.org/lab/{}", link.trim())]);
    assert_eq!(code, 0);
    assert_eq!(document, include_str!("../../../public/topologies/storage-and-key-vault-peered.json"));
    let (_, again, _) = run_with(&["link", "-"], &document);
    assert_eq!(again, link);
}

#[test]
fn a_mistake_in_a_file_is_named_with_path_line_and_column() {
    let text = "{\n  \"schema\": 1,\n  \"subnets\": {\n    \"web\": {\"virtualNetwork\": \"v\", \"addressPrefix\": \"10.0.0.0/40\"}\n  }\n}";
    let (code, out, err) = run_with(&["check", "-"], text);
    assert_eq!((code, out.as_str()), (3, ""));
    expect![[r#"
        privatelink-lab: -: line 4, column 53, at subnets.web.addressPrefix: “10.0.0.0/40”: invalid IP address syntax
    "#]]
    .assert_eq(&err);
    check(
        &["check", "no-such-file.json"],
        3,
        &expect![[r#"
        privatelink-lab: no-such-file.json: No such file or directory (os error 2)
    "#]],
    );
    check(
        &["open", "#1zbroken"],
        3,
        &expect![[r#"
        privatelink-lab: the link is damaged: characters are missing or changed
    "#]],
    );
}

#[test]
fn a_command_line_that_is_not_understood_says_why() {
    check(
        &["conect", PEERED],
        2,
        &expect![[r#"
        privatelink-lab: 'conect' is not a command
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["connect", PEERED, "10.0.0.5"],
        2,
        &expect![[r#"
        privatelink-lab: connect: --from VM is missing
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["connect", PEERED, "--from", "vm9", "10.0.0.5"],
        2,
        &expect![[r#"
        privatelink-lab: no machine is called 'vm9'; there are rg1vm1, rg1vm2
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["routes", PEERED, "--nic", "nic9"],
        2,
        &expect![[r#"
        privatelink-lab: no network interface is called 'nic9'; there are rg1vm1243, rg1vm2165
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["routes", PEERED, "--nic", "rg1vm1243", "--path", "/"],
        2,
        &expect![[r#"
        privatelink-lab: routes: --path means nothing here
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["check"],
        2,
        &expect![[r#"
        privatelink-lab: check: FILE is missing
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["check", PEERED, "more"],
        2,
        &expect![[r#"
        privatelink-lab: check: 'more' is one word too many
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["check", PEERED, "--output", "xml"],
        2,
        &expect![[r#"
        privatelink-lab: 'xml' is not an output format; there are text and json
        Try 'privatelink-lab --help'.
    "#]],
    );
    check(
        &["connect", PEERED, "--from", "rg1vm1", "ftp://x"],
        2,
        &expect![[r#"
        privatelink-lab: 'ftp' is not a protocol; there are http, https, sql and tcp
        Try 'privatelink-lab --help'.
    "#]],
    );
}

#[test]
fn help_tells_every_command() {
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, 0);
    for command in ["resolve", "connect", "diagnose", "routes", "rules", "matrix", "check", "link", "open"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(command)), "{command}");
    }
    assert_eq!(run(&[]).1, help);
    assert_eq!(run(&["-V"]).1, format!("privatelink-lab {}\n", env!("CARGO_PKG_VERSION")));
}

/// The names of the fields `docs/cli.md` promises.
#[test]
fn json_has_the_documented_fields() {
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let ask = ["--from", "rg1vm1"];
    let name = "rg1sto1brng1.blob.core.windows.net";
    let (_, resolved) = json(&[&["resolve", PEERED], &ask[..], &[name]].concat());
    assert_eq!(fields(&resolved), "name code address records trace");
    let (_, trace) = json(&[&["connect", PEERED], &ask[..], &[BLOB]].concat());
    assert_eq!(fields(&trace), "request steps outcome");
    let (_, routes) = json(&["routes", PEERED, "--nic", "rg1vm1"]);
    assert_eq!(fields(&routes["value"][0]), "source state addressPrefix nextHopType");
    let (_, rules) = json(&["rules", PEERED, "--nic", "rg1vm1"]);
    assert_eq!(fields(&rules), "networkSecurityGroups");
    let (_, matrix) = json(&["matrix", PEERED]);
    assert_eq!(fields(&matrix["cells"][0]), "source target result");
    let (_, changes) = json(&["matrix", PEERED, "--against", PEERED]);
    assert_eq!(fields(&changes), "changes");
    let (_, diagnosis) = json(&["diagnose", PEERED, "--from", "rg1vm2", BLOB]);
    assert_eq!(fields(&diagnosis), "outcome diagnosis");
    assert_eq!(fields(&diagnosis["diagnosis"]), "cause evidence proposals");
    let (_, checked) = json(&["check", PEERED]);
    assert_eq!(fields(&checked), "problems expectations");
}
