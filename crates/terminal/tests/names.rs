//! The programs that ask for names, answer by answer.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use expect_test::expect;
use serde_json::{Value, json};

use support::{Desk, id, peered, with_windows};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn linux() -> Desk {
    Desk::at(&peered(), "rg1vm1")
}

fn windows() -> Desk {
    Desk::at(&with_windows(peered(), "rg1vm1"), "rg1vm1")
}

/// The zone is linked and holds no record of the account.
fn without_record(policy: &str) -> Value {
    let mut document = with_windows(peered(), "rg1vm1");
    let zone = &mut document["privateDnsZones"]["zone-blob"];
    zone["recordSets"] = json!({});
    zone["virtualNetworkLinks"]["link-rg1vnet1"]["resolutionPolicy"] = policy.into();
    document
}

/// The machine's network names a DNS server that is not there.
fn silent_server(mut document: Value) -> Value {
    document["virtualNetworks"]["rg1vnet1"]["dnsServers"] = json!(["10.0.0.99"]);
    document
}

#[test]
fn nslookup_on_windows_shows_a_private_hit() {
    expect![[r#"
        Server:  UnKnown
        Address:  168.63.129.16

        Non-authoritative answer:
        Name:    rg1sto1brng1.privatelink.blob.core.windows.net
        Address:  10.0.0.5
        Aliases:  rg1sto1brng1.blob.core.windows.net
    "#]]
    .assert_eq(&windows().text(&format!("nslookup {BLOB}")));
}

#[test]
fn nslookup_on_windows_shows_both_aliases_after_a_fallback_to_the_internet() {
    let mut desk = Desk::at(&without_record("NxDomainRedirect"), "rg1vm1");
    expect![[r#"
        Server:  UnKnown
        Address:  168.63.129.16

        Non-authoritative answer:
        Name:    blob.blz21prdstr03a.store.core.windows.net
        Address:  52.239.170.68
        Aliases:  rg1sto1brng1.blob.core.windows.net
                  rg1sto1brng1.privatelink.blob.core.windows.net
    "#]]
    .assert_eq(&desk.text(&format!("nslookup {BLOB}")));
}

#[test]
fn nslookup_on_windows_shows_a_miss_behind_an_alias_without_an_address() {
    let mut desk = Desk::at(&without_record("Default"), "rg1vm1");
    expect![[r#"
        Server:  UnKnown
        Address:  168.63.129.16

        Non-authoritative answer:
        Name:    rg1sto1brng1.privatelink.blob.core.windows.net
        Aliases:  rg1sto1brng1.blob.core.windows.net
    "#]]
    .assert_eq(&desk.text(&format!("nslookup {BLOB}")));
}

#[test]
fn nslookup_on_windows_says_that_a_domain_does_not_exist() {
    let output = windows().run("nslookup nobody.example.com");
    assert!(output.text().ends_with("*** UnKnown can't find nobody.example.com: Non-existent domain"));
    assert_eq!(output.exit_code, 1);
}

#[test]
fn nslookup_on_windows_waits_two_seconds_for_each_of_its_questions() {
    let mut desk = Desk::at(&silent_server(with_windows(peered(), "rg1vm1")), "rg1vm1");
    let output = desk.run(&format!("nslookup {BLOB}"));
    expect![[r#"
        DNS request timed out.
            timeout was 2 seconds.
        Server:  UnKnown
        Address:  10.0.0.99

        DNS request timed out.
            timeout was 2 seconds.
        DNS request timed out.
            timeout was 2 seconds.
        DNS request timed out.
            timeout was 2 seconds.
        DNS request timed out.
            timeout was 2 seconds.
        *** Request to UnKnown timed-out"#]]
    .assert_eq(&output.text());
    assert_eq!(desk.session.now_s(), 10);
}

#[test]
fn nslookup_on_windows_looks_past_the_cache_and_nslookup_on_linux_does_not() {
    let stale = |desk: &mut Desk| {
        desk.text(&format!("curl -k https://{BLOB}/"));
        desk.document = support_document(desk);
        desk.network = sim::compile(&desk.document).0;
        desk.text(&format!("nslookup {BLOB}"))
    };
    assert!(stale(&mut windows()).contains("10.0.0.50"));
    assert!(stale(&mut linux()).contains("10.0.0.5\n"));
}

/// The same document with another address in the zone.
fn support_document(desk: &Desk) -> topology::Document {
    let text = topology::file::print(&desk.document).replace("\"10.0.0.5\"\n", "\"10.0.0.50\"\n");
    topology::file::parse(&text).unwrap()
}

#[test]
fn nslookup_on_linux_names_what_it_cannot_find() {
    let mut desk = Desk::at(&without_record("Default"), "rg1vm1");
    desk.shell = terminal::Shell { system: topology::resource::OsType::Linux, ..desk.shell };
    let output = desk.run("nslookup rg1sto1brng1.privatelink.blob.core.windows.net");
    expect![[r#"
        Server:         127.0.0.53
        Address:        127.0.0.53#53

        ** server can't find rg1sto1brng1.privatelink.blob.core.windows.net: NXDOMAIN
    "#]]
    .assert_eq(&output.text());
    assert_eq!(output.exit_code, 1);
    let mut desk = Desk::at(&silent_server(peered()), "rg1vm1");
    assert!(desk.text("nslookup a.example").contains("** server can't find a.example: SERVFAIL"));
    let silent = desk.text("nslookup a.example 10.0.0.99");
    assert_eq!(silent, ";; connection timed out; no servers could be reached\n");
}

#[test]
fn nslookup_says_what_it_does_not_do() {
    for (line, reason) in [
        ("nslookup", "the interactive mode is not supported"),
        ("nslookup 10.0.0.5", "PTR records"),
        ("nslookup -type=MX example.com", "-type=MX is not supported"),
        ("nslookup a..b", "not a legal name"),
        ("nslookup a.example dns.example", "couldn't get address for 'dns.example'"),
    ] {
        let output = linux().run(line);
        assert!(output.text().contains(reason), "{line}: {}", output.text());
        assert_ne!(output.exit_code, 0, "{line}");
    }
}

#[test]
fn dig_shows_the_whole_answer() {
    let text = linux().text(&format!("dig {BLOB}"));
    expect![[r#"

        ; <<>> DiG 9.18.39-0ubuntu0.22.04.2-Ubuntu <<>> rg1sto1brng1.blob.core.windows.net
        ;; global options: +cmd
        ;; Got answer:
        ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 568
        ;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

        ;; OPT PSEUDOSECTION:
        ; EDNS: version: 0, flags:; udp: 65494
        ;; QUESTION SECTION:
        ;rg1sto1brng1.blob.core.windows.net. IN A

        ;; ANSWER SECTION:
        rg1sto1brng1.blob.core.windows.net. 60 IN CNAME rg1sto1brng1.privatelink.blob.core.windows.net.
        rg1sto1brng1.privatelink.blob.core.windows.net. 10 IN A 10.0.0.5

        ;; Query time: 3 msec
        ;; SERVER: 127.0.0.53#53(127.0.0.53) (UDP)
        ;; WHEN: Thu Jan 01 00:00:00 UTC 2026
        ;; MSG SIZE  rcvd: 118
    "#]]
    .assert_eq(&text);
}

#[test]
fn dig_shows_the_alias_and_the_authority_of_a_name_that_is_missing() {
    let mut desk = Desk::at(&without_record("Default"), "rg1vm1");
    desk.shell = terminal::Shell { system: topology::resource::OsType::Linux, ..desk.shell };
    let text = desk.text(&format!("dig {BLOB} +noall +comments +answer +authority"));
    expect![[r#"
        ;; Got answer:
        ;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 568
        ;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 1, ADDITIONAL: 1

        ;; OPT PSEUDOSECTION:
        ; EDNS: version: 0, flags:; udp: 65494
        ;; ANSWER SECTION:
        rg1sto1brng1.blob.core.windows.net. 60 IN CNAME rg1sto1brng1.privatelink.blob.core.windows.net.

        ;; AUTHORITY SECTION:
        privatelink.blob.core.windows.net. 10 IN SOA    azureprivatedns.net. azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10
    "#]]
    .assert_eq(&text);
    assert_eq!(desk.text("dig +short rg1sto1brng1.privatelink.blob.core.windows.net"), "");
}

#[test]
fn dig_short_shows_values_only_and_a_public_server_never_sees_a_private_zone() {
    let mut desk = linux();
    let private = desk.text(&format!("dig +short {BLOB}"));
    assert_eq!(private, "rg1sto1brng1.privatelink.blob.core.windows.net.\n10.0.0.5");
    let public = desk.text(&format!("dig @8.8.8.8 +short {BLOB}"));
    assert!(public.ends_with("blob.blz21prdstr03a.store.core.windows.net.\n52.239.170.68"), "{public}");
}

#[test]
fn dig_trace_ends_at_the_public_alias_whatever_is_linked() {
    let text = linux().text(&format!("dig +trace {BLOB}"));
    assert!(text.contains(".                       518400  IN      NS      a.root-servers.net."), "{text}");
    let alias = "rg1sto1brng1.blob.core.windows.net. 60 IN CNAME rg1sto1brng1.privatelink.blob.core.windows.net.";
    assert!(text.contains(alias) && !text.contains("10.0.0.5"), "{text}");
}

#[test]
fn dig_gives_up_on_a_silent_server_after_three_tries() {
    let mut desk = linux();
    let output = desk.run(&format!("dig @10.0.0.99 +short {BLOB}"));
    let line = ";; communications error to 10.0.0.99#53: timed out\n";
    assert_eq!(output.text(), format!("{}{}", line.repeat(3), ";; no servers could be reached\n"));
    assert_eq!((output.exit_code, desk.session.now_s()), (9, 15));
    assert!(desk.text("dig -x 10.0.0.5").contains("PTR records"));
    assert!(desk.text("dig a.example +nonsense").contains("Invalid option: +nonsense"));
}

#[test]
fn resolve_dns_name_shows_an_alias_as_a_table_and_its_address_as_a_list() {
    expect![[r#"

        Name                           Type   TTL   Section    NameHost
        ----                           ----   ---   -------    --------
        rg1sto1brng1.blob.core.wind... CNAME  60    Answer     rg1sto1brng1.privatelink.blob.core.windows.net

        Name       : rg1sto1brng1.privatelink.blob.core.windows.net
        QueryType  : A
        TTL        : 10
        Section    : Answer
        IP4Address : 10.0.0.5

    "#]]
    .assert_eq(&windows().text(&format!("Resolve-DnsName {BLOB} -Type A")));
}

#[test]
fn resolve_dns_name_shows_addresses_as_a_table() {
    // As captured: the record of the private zone alone, written by hand with 1800 seconds.
    let mut document = with_windows(peered(), "rg1vm1");
    document["privateDnsZones"]["zone-blob"]["recordSets"]["rg1sto1brng1"]["ttl"] = 1800.into();
    let mut desk = Desk::at(&document, "rg1vm1");
    expect![[r#"

        Name                                           Type   TTL   Section    IPAddress
        ----                                           ----   ---   -------    ---------
        rg1sto1brng1.privatelink.blob.core.windows.net A      1800  Answer     10.0.0.5

    "#]]
    .assert_eq(&desk.text("resolve-dnsname -Type A -Name rg1sto1brng1.privatelink.blob.core.windows.net"));
}

#[test]
fn resolve_dns_name_stops_after_the_alias_of_a_name_that_is_missing() {
    let mut desk = Desk::at(&without_record("Default"), "rg1vm1");
    let text = desk.text(&format!("Resolve-DnsName {BLOB}"));
    assert!(text.contains("CNAME") && !text.contains("IP4Address"), "{text}");
}

#[test]
fn resolve_dns_name_says_that_a_name_does_not_exist() {
    let output = windows().run("Resolve-DnsName nobody.example.com");
    expect![[r#"
        Resolve-DnsName : nobody.example.com : DNS name does not exist
        At line:1 char:1
        + Resolve-DnsName nobody.example.com
        + ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
            + CategoryInfo          : ResourceUnavailable: (nobody.example.com:String) [Resolve-DnsName], Win32Exception
            + FullyQualifiedErrorId : DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName
    "#]]
    .assert_eq(&output.text());
    let mut desk = Desk::at(&silent_server(with_windows(peered(), "rg1vm1")), "rg1vm1");
    assert!(desk.text("Resolve-DnsName a.example").contains("because the timeout period expired"));
}

#[test]
fn nameresolver_lists_addresses_and_the_names_behind_aliases() {
    let mut desk = windows();
    expect![[r#"
        Server: 168.63.129.16

        Non-authoritative answer:
        Name: kv1brntest1.privatelink.vaultcore.azure.net
        Addresses:
        10.0.0.6
        Aliases:
        kv1brntest1.privatelink.vaultcore.azure.net"#]]
    .assert_eq(&desk.text("nameresolver.exe kv1brntest1.vault.azure.net"));
    assert_eq!(desk.run("nameresolver nobody.example").exit_code, 1);
}

#[test]
fn the_cache_of_a_machine_is_shown_and_emptied() {
    let mut desk = windows();
    desk.text(&format!("Resolve-DnsName {BLOB}"));
    let shown = desk.text("ipconfig /displaydns");
    expect![[r#"

        Windows IP Configuration

            rg1sto1brng1.blob.core.windows.net
            ----------------------------------------
            Record Name . . . . . : rg1sto1brng1.blob.core.windows.net
            Record Type . . . . . : 5
            Time To Live  . . . . : 10
            Data Length . . . . . : 8
            Section . . . . . . . : Answer
            CNAME Record  . . . . : rg1sto1brng1.privatelink.blob.core.windows.net

            rg1sto1brng1.blob.core.windows.net
            ----------------------------------------
            Record Name . . . . . : rg1sto1brng1.privatelink.blob.core.windows.net
            Record Type . . . . . : 1
            Time To Live  . . . . : 10
            Data Length . . . . . : 4
            Section . . . . . . . : Answer
            A (Host) Record . . . : 10.0.0.5
    "#]]
    .assert_eq(&shown);
    let flushed = desk.text("ipconfig /flushdns");
    assert_eq!(flushed, "\nWindows IP Configuration\n\nSuccessfully flushed the DNS Resolver Cache.");
    assert!(!desk.text("ipconfig /displaydns").contains(BLOB));
    let mut desk = linux();
    desk.text(&format!("curl -k https://{BLOB}/"));
    assert_eq!(desk.text("resolvectl flush-caches"), "");
    assert_eq!(desk.session.cached_names(&id("rg1vm1"), sim::cache::CacheKind::Client).count(), 0);
}

#[test]
fn a_lease_is_renewed_to_hear_of_new_dns_servers() {
    let mut desk = windows();
    desk.text(&format!("nslookup {BLOB}"));
    desk.document = topology::file::parse(&silent_server(with_windows(peered(), "rg1vm1")).to_string()).unwrap();
    desk.network = sim::compile(&desk.document).0;
    assert!(desk.text(&format!("nslookup {BLOB}")).contains("Address:  168.63.129.16"));
    desk.text("ipconfig /renew");
    assert!(desk.text(&format!("nslookup {BLOB}")).contains("Address:  10.0.0.99"));
}
