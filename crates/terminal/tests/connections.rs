//! The programs that open connections: what each prints when it works, and for each way it does not.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use expect_test::expect;
use serde_json::{Value, json};

use support::{Desk, peered, two_tenants, with_windows};

const BLOB: &str = "https://rg1sto1brng1.blob.core.windows.net/test1/test.txt";

fn linux() -> Desk {
    Desk::at(&peered(), "rg1vm1")
}

fn windows() -> Desk {
    Desk::at(&with_windows(peered(), "rg1vm1"), "rg1vm1")
}

/// The endpoint's connection waits for its owner.
fn pending(mut document: Value) -> Value {
    let connections = &mut document["privateEndpoints"]["rg1pe1sto1"]["privateLinkServiceConnections"];
    connections[0]["privateLinkServiceConnectionState"]["status"] = "Pending".into();
    document
}

#[test]
fn curl_prints_the_body() {
    let output = linux().run(&format!("curl {BLOB}"));
    assert_eq!((output.text().as_str(), output.exit_code, output.traces.len()), ("test", 0, 1));
}

#[test]
fn curl_head_prints_the_headers() {
    expect![[r#"
        HTTP/1.1 200 OK
        Content-Length: 4
        Content-Type: text/plain
        Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0
    "#]]
    .assert_eq(&linux().text(&format!("curl -I {BLOB}")));
}

#[test]
fn curl_verbose_shows_the_conversation() {
    expect![[r#"
        *   Trying 10.0.0.5:443...
        * Connected to rg1sto1brng1.blob.core.windows.net (10.0.0.5) port 443 (#0)
        * ALPN, offering h2
        * ALPN, offering http/1.1
        *  CAfile: /etc/ssl/certs/ca-certificates.crt
        *  CApath: /etc/ssl/certs
        * TLSv1.3 (OUT), TLS handshake, Client hello (1):
        * TLSv1.3 (IN), TLS handshake, Server hello (2):
        * SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384
        * Server certificate:
        *  subject: CN=*.blob.core.windows.net
        *  subjectAltName: host "rg1sto1brng1.blob.core.windows.net" matched cert's "*.blob.core.windows.net"
        *  SSL certificate verify ok.
        > GET /test1/test.txt HTTP/1.1
        > Host: rg1sto1brng1.blob.core.windows.net
        > User-Agent: curl/7.81.0
        > Accept: */*
        > 
        * Mark bundle as not supporting multiuse
        < HTTP/1.1 200 OK
        < Content-Length: 4
        < Content-Type: text/plain
        < Server: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0
        < 
        test
        * Connection #0 to host rg1sto1brng1.blob.core.windows.net left intact"#]]
    .assert_eq(&linux().text(&format!("curl -v {BLOB}")));
}

#[test]
fn curl_writes_what_a_format_asks_for() {
    let mut desk = linux();
    let line = format!(r#"curl -sk -o /dev/null -w "%{{http_code}} %{{remote_ip}}:%{{remote_port}}\n" {BLOB}"#);
    assert_eq!(desk.text(&line), "200 10.0.0.5:443");
    assert_eq!(desk.text("curl -s -o /dev/null -w '%{http_code}' http://nobody.example/"), "000");
}

#[test]
fn curl_cannot_resolve_a_name_that_does_not_exist() {
    let output = linux().run("curl https://nobody.blob.core.windows.net/");
    assert_eq!(output.text(), "curl: (6) Could not resolve host: nobody.blob.core.windows.net");
    assert_eq!(output.exit_code, 6);
}

#[test]
fn curl_waits_two_minutes_for_an_endpoint_that_is_not_approved() {
    let mut desk = Desk::at(&pending(peered()), "rg1vm1");
    let output = desk.run("curl -k https://10.0.0.5/");
    expect!["curl: (28) Failed to connect to 10.0.0.5 port 443 after 129894 ms: Connection timed out"]
        .assert_eq(&output.text());
    assert_eq!((output.exit_code, desk.session.now_s()), (28, 129));
    let patient = desk.text("curl -m 5 -k https://10.0.0.5/");
    assert_eq!(patient, "curl: (28) Failed to connect to 10.0.0.5 port 443 after 5001 ms: Timeout was reached");
}

#[test]
fn curl_is_refused_where_nothing_listens() {
    let output = linux().run("curl http://10.1.0.4/");
    assert_eq!(output.text(), "curl: (7) Failed to connect to 10.1.0.4 port 80 after 1 ms: Connection refused");
    assert_eq!(output.exit_code, 7);
}

#[test]
fn curl_does_not_accept_the_certificate_under_the_privatelink_name() {
    let output = linux().run("curl https://rg1sto1brng1.privatelink.blob.core.windows.net/test1/test.txt");
    let first = output.text().lines().next().unwrap().to_owned();
    expect!["curl: (60) SSL: no alternative certificate subject name matches target host name 'rg1sto1brng1.privatelink.blob.core.windows.net'"].assert_eq(&first);
    assert_eq!(output.exit_code, 60);
}

#[test]
fn curl_prints_the_refusal_of_a_storage_firewall() {
    let mut desk = Desk::at(&peered(), "rg1vm2");
    let output = desk.run(&format!("curl {BLOB}"));
    let text = output.text();
    let beginning = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthorizationFailure</Code><Message>This request is not authorized to perform this operation.\nRequestId:";
    assert!(text.starts_with(beginning), "{text}");
    assert_eq!(output.exit_code, 0, "an answer is an answer");
    let head = desk.text(&format!("curl -I {BLOB}"));
    assert!(head.starts_with("HTTP/1.1 403 Forbidden\n") && head.contains("x-ms-error-code: AuthorizationFailure"));
}

#[test]
fn curl_says_what_it_does_not_understand() {
    for (line, reason, code) in [
        ("curl", "curl: no URL specified!", 2),
        ("curl ftp://a/", "curl: (1) Protocol \"ftp\" not supported", 1),
        ("curl http:///", "curl: (3) URL using bad/illegal format", 3),
        ("curl --frobnicate a", "option --frobnicate: is unknown", 2),
        ("curl -X POST http://a/", "only GET and HEAD are", 2),
        ("curl -o", "option -o: requires parameter", 2),
        ("curl a b", "one URL at a time", 2),
    ] {
        let output = linux().run(line);
        assert!(output.text().contains(reason), "{line}: {}", output.text());
        assert_eq!(output.exit_code, code, "{line}");
    }
}

#[test]
fn a_provider_sees_the_nat_address_of_its_private_link_service() {
    let mut desk = Desk::at(&two_tenants(), "client1");
    let content = desk.text("(Invoke-WebRequest http://10.0.1.4).Content");
    assert!(content.ends_with("Your address is 10.0.2.4."), "{content}");
    assert_eq!(desk.text("(iwr http://10.0.1.4 -UseBasicParsing).StatusCode"), "200");
}

#[test]
fn invoke_web_request_shows_the_answer_as_a_list() {
    let text = Desk::at(&two_tenants(), "client1").text("Invoke-WebRequest http://10.0.1.4");
    expect![[r#"


        StatusCode        : 200
        StatusDescription : OK
        Content           : Served by iis-1. Your address is 10.0.2.4.
        RawContent        : HTTP/1.1 200 OK
                            Content-Length: 42
                            Content-Type: text/plain
                            Server: Microsoft-IIS/10.0
                            
                            Served by iis-1. Your address is 10.0.2.4.
        Forms             : {}
        Headers           : {[Content-Length, 42], [Content-Type, text/plain], [Server, Microsoft-IIS/10.0]}
        Images            : {}
        InputFields       : {}
        Links             : {}
        ParsedHtml        : mshtml.HTMLDocumentClass
        RawContentLength  : 42

    "#]]
    .assert_eq(&text);
}

#[test]
fn invoke_web_request_says_why_it_failed() {
    let mut peer = Desk::at(&with_windows(peered(), "rg1vm2"), "rg1vm2");
    let refused = peer.text(&format!("Invoke-WebRequest {BLOB}"));
    assert!(
        refused.starts_with("Invoke-WebRequest : The remote server returned an error: (403) Forbidden.\nAt line:1")
    );
    let mut desk = windows();
    for (url, reason) in [
        ("http://nobody.example", "The remote name could not be resolved: 'nobody.example'"),
        ("http://10.1.0.4", "Unable to connect to the remote server"),
        ("https://rg1sto1brng1.privatelink.blob.core.windows.net", "Could not establish trust relationship"),
    ] {
        let output = desk.run(&format!("Invoke-WebRequest {url}"));
        assert!(output.text().contains(reason), "{url}: {}", output.text());
        assert_eq!(output.exit_code, 1);
    }
    let mut desk = Desk::at(&pending(with_windows(peered(), "rg1vm1")), "rg1vm1");
    assert!(desk.text("Invoke-WebRequest http://10.0.0.5").contains("Unable to connect to the remote server"));
    assert_eq!(desk.session.now_s(), 21);
}

#[test]
fn test_net_connection_shows_a_port_that_answers() {
    expect![[r#"

        ComputerName     : rg1sto1brng1.blob.core.windows.net
        RemoteAddress    : 10.0.0.5
        RemotePort       : 443
        InterfaceAlias   : Ethernet
        SourceAddress    : 10.0.0.4
        TcpTestSucceeded : True
    "#]]
    .assert_eq(&windows().text("Test-NetConnection rg1sto1brng1.blob.core.windows.net -Port 443"));
}

#[test]
fn test_net_connection_warns_of_a_port_and_a_ping_that_do_not_answer() {
    let mut desk = Desk::at(&pending(with_windows(peered(), "rg1vm1")), "rg1vm1");
    let output = desk.run("tnc -ComputerName 10.0.0.5 -Port 443");
    expect![[r#"
        WARNING: TCP connect to (10.0.0.5 : 443) failed
        WARNING: Ping to 10.0.0.5 failed with status: TimedOut

        ComputerName           : 10.0.0.5
        RemoteAddress          : 10.0.0.5
        RemotePort             : 443
        InterfaceAlias         : Ethernet
        SourceAddress          : 10.0.0.4
        PingSucceeded          : False
        PingReplyDetails (RTT) : 0 ms
        TcpTestSucceeded       : False
    "#]]
    .assert_eq(&output.text());
    assert_eq!(desk.session.now_s(), 21);
}

#[test]
fn test_net_connection_warns_of_a_name_that_does_not_resolve() {
    let text = windows().text("Test-NetConnection nobody.example -Port 443");
    assert!(text.starts_with("WARNING: Name resolution of nobody.example failed\n"), "{text}");
    assert!(text.contains("PingSucceeded  : False"), "{text}");
    assert_eq!(windows().text("Test-NetConnection 10.0.0.5 -Port 443 -InformationLevel Quiet"), "True");
}

#[test]
fn power_shell_names_a_parameter_it_does_not_know() {
    let output = windows().run("Test-NetConnection 10.0.0.5 -Color red");
    let first = output.text().lines().next().unwrap().to_owned();
    assert_eq!(first, "Test-NetConnection : A parameter cannot be found that matches parameter name 'Color'.");
    assert_eq!(windows().run("tnc 10.0.0.5 -po 443").exit_code, 0, "names may be shortened");
}

#[test]
fn tcpping_counts_what_succeeds() {
    let mut desk = windows();
    expect![[r#"
        Connected to kv1brntest1.vault.azure.net:443, time taken: 1ms
        Complete: 1/1 successful attempts (100%). Average success time: 1ms"#]]
    .assert_eq(&desk.text("tcpping.exe -n 1 kv1brntest1.vault.azure.net:443"));
    expect![[r#"
        Connection attempt failed: No such host is known
        Connection attempt failed: No such host is known
        Connection attempt failed: No such host is known
        Connection attempt failed: No such host is known
        Complete: 0/4 successful attempts (0%). Average success time: 0ms"#]]
    .assert_eq(&desk.text("tcpping nobody.example:443"));
    let mut desk = Desk::at(&pending(with_windows(peered(), "rg1vm1")), "rg1vm1");
    assert!(desk.text("tcpping 10.0.0.5:443").starts_with("Connection attempt failed: Connection timed out.\n"));
}

#[test]
fn rule_1_5_5_a_ping_of_an_endpoint_is_lost_although_tcp_works() {
    let output = windows().run("ping 10.0.0.5");
    expect![[r#"

        Pinging 10.0.0.5 with 32 bytes of data:
        Request timed out.
        Request timed out.
        Request timed out.
        Request timed out.

        Ping statistics for 10.0.0.5:
            Packets: Sent = 4, Received = 0, Lost = 4 (100% loss),"#]]
    .assert_eq(&output.text());
    assert_eq!(output.exit_code, 1);
    let text = linux().text("ping -c 4 rg1sto1brng1.blob.core.windows.net");
    assert!(text.contains("4 packets transmitted, 0 received, 100% packet loss"), "{text}");
}

#[test]
fn a_ping_of_a_machine_is_answered_unless_a_security_group_denies_it() {
    let text = linux().text("ping -c 2 10.1.0.4");
    assert!(text.contains("64 bytes from 10.1.0.4: icmp_seq=2 ttl=64"), "{text}");
    assert!(text.contains("2 packets transmitted, 2 received, 0% packet loss"), "{text}");
    let mut document = peered();
    let deny = json!({"priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "Icmp"});
    document["networkSecurityGroups"] = json!({"nsg": {"subscription": "SUB01", "securityRules": {"no-ping": deny}}});
    document["subnets"]["rg1vnet2-default"]["networkSecurityGroup"] = "nsg".into();
    let mut desk = Desk::at(&document, "rg1vm1");
    assert!(desk.text("ping -c 1 10.1.0.4").contains("1 packets transmitted, 0 received, 100% packet loss"));
    assert_eq!(desk.run("curl http://10.1.0.4/").exit_code, 7, "TCP passes");
    assert!(desk.text("ping nobody.example").contains("ping: nobody.example: Name or service not known"));
}

#[test]
fn a_machine_knows_its_name_and_addresses() {
    assert_eq!(linux().text("hostname"), "rg1vm1");
    assert!(linux().text("resolvectl dns").ends_with("Link 2 (eth0): 168.63.129.16"));
    expect![[r#"

        Windows IP Configuration

           Host Name . . . . . . . . . . . . : rg1vm1


        Ethernet adapter Ethernet:

           Connection-specific DNS Suffix  . :
           Description . . . . . . . . . . . : Microsoft Hyper-V Network Adapter
           DHCP Enabled. . . . . . . . . . . : Yes
           IPv4 Address. . . . . . . . . . . : 10.0.0.4(Preferred)
           Subnet Mask . . . . . . . . . . . : 255.255.255.0
           Default Gateway . . . . . . . . . : 10.0.0.1
           DHCP Server . . . . . . . . . . . : 168.63.129.16
           DNS Servers . . . . . . . . . . . : 168.63.129.16"#]]
    .assert_eq(&windows().text("ipconfig /all"));
}

#[test]
fn both_ends_of_a_connection_show_it_as_they_see_it() {
    let mut desk = Desk::at(&two_tenants(), "client1");
    desk.text("curl http://10.0.1.4/");
    assert!(!desk.text("netstat -n").contains("ESTABLISHED"), "curl closes its connection");
    desk.text("Invoke-WebRequest http://10.0.1.4/");
    expect![[r#"

        Active Connections

          Proto  Local Address          Foreign Address        State
          TCP    10.0.0.4:49153         10.0.1.4:80            ESTABLISHED"#]]
    .assert_eq(&desk.text("netstat -n"));
    desk.shell = terminal::Shell { place: terminal::ShellPlace::Machine(support::id("iis-1")), ..desk.shell };
    let at_backend = desk.text("netstat -n");
    assert!(at_backend.contains("10.0.2.4:"), "the NAT IP of the private link service: {at_backend}");
    let mut desk = linux();
    assert!(desk.text("nc rg1sto1brng1.blob.core.windows.net 443").contains("succeeded!"));
    expect![[r#"
        State  Recv-Q  Send-Q       Local Address:Port         Peer Address:Port   Process
        ESTAB  0       0                 10.0.0.4:49152           10.0.0.5:443"#]]
    .assert_eq(&desk.text("ss -tn"));
    assert_eq!(linux().run("ss -l").exit_code, 1);
    assert!(linux().text("nc 10.1.0.4 80").ends_with("failed: Connection refused"));
}
