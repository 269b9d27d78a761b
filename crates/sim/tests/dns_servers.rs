//! DNS servers on machines: who is asked, from where, in which order, and what is never seen from there.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::json;
use sim::trace::{Event, Forwarding, Place, Silence};

use support::names::{BLOB, PRIVATE, events, from_client, hub_and_spoke, link, name, silences, told, use_dns};
use support::{cause, status};

// 3.1, 3.7: DNS servers

#[test]
fn rule_3_1_5_the_network_that_counts_is_the_one_of_the_server_that_asks() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "spoke");
    assert_eq!(told(&from_client(&document, BLOB)), "public", "M2: the client's own network is linked");
    link(&mut document, "hub");
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
}

#[test]
fn every_hop_of_a_question_carries_its_packets() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    let trace = from_client(&document, BLOB);
    let hops: Vec<String> = trace
        .steps
        .iter()
        .filter(|step| {
            matches!(
                step.event,
                Event::QuerySent { .. }
                    | Event::QueryForwarded { .. }
                    | Event::AnswerRelayed { .. }
                    | Event::AnswerReceived { .. }
            )
        })
        .map(|step| {
            let packet = |packet: Option<wire::packet::Packet>| packet.map_or("-".into(), |packet| packet.to_string());
            let Place::Resource(at) = &step.at else { panic!("{:?}", step.at) };
            format!("{at}: {} ⇒ {}", packet(step.before), packet(step.after))
        })
        .collect();
    assert_eq!(
        hops,
        [
            "client: - ⇒ UDP 10.1.0.4:49152 → 10.0.0.4:53 query",
            "dns: UDP 10.1.0.4:49152 → 10.0.0.4:53 query ⇒ UDP 10.0.0.4:49152 → 168.63.129.16:53 query",
            "dns: UDP 168.63.129.16:53 → 10.0.0.4:49152 answer ⇒ UDP 10.0.0.4:53 → 10.1.0.4:49152 answer",
            "client: UDP 10.0.0.4:53 → 10.1.0.4:49152 answer ⇒ -",
        ]
    );
}

#[test]
fn rule_3_1_4_the_servers_of_an_interface_come_before_those_of_its_network() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.99"]);
    link(&mut document, "spoke");
    document["networkInterfaces"]["client-nic"]["dnsSettings"] = json!({ "dnsServers": ["168.63.129.16"] });
    assert_eq!(told(&from_client(&document, BLOB)), PRIVATE);
}

#[test]
fn rule_3_7_1_root_hints_and_public_forwarders_never_see_private_zones() {
    for server in [json!({}), json!({ "forwarders": ["8.8.8.8"] })] {
        let mut document = hub_and_spoke();
        use_dns(&mut document, "spoke", &["10.0.0.4"]);
        link(&mut document, "hub");
        document["virtualMachines"]["dns"]["dnsServer"] = server.clone();
        assert_eq!(told(&from_client(&document, BLOB)), "public", "M3: {server}");
    }
}

#[test]
fn rule_3_7_2_a_conditional_forwarder_for_privatelink_never_fires_behind_a_forwarder() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    let privatelink = json!({ "privatelink.blob.core.windows.net": ["168.63.129.16"] });
    document["virtualMachines"]["dns"]["dnsServer"] =
        json!({ "forwarders": ["8.8.8.8"], "conditionalForwarders": privatelink });
    assert_eq!(told(&from_client(&document, BLOB)), "public", "M5");
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "conditionalForwarders": privatelink });
    assert_eq!(told(&from_client(&document, BLOB)), PRIVATE, "a server that iterates looks at the alias again");
    document["virtualMachines"]["dns"]["dnsServer"] = json!({
        "forwarders": ["8.8.8.8"],
        "conditionalForwarders": { "blob.core.windows.net": ["168.63.129.16"], "net": ["8.8.8.8"] },
    });
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE, "the public suffix does");
    let suffix = events(&trace).into_iter().find_map(|event| match event {
        Event::QueryForwarded { reason: Forwarding::ConditionalForwarder { suffix, .. }, .. } => Some(suffix.clone()),
        _ => None,
    });
    assert_eq!(suffix, Some(name("blob.core.windows.net")), "the longest suffix");
}

#[test]
fn rule_3_7_3_forwarders_are_tried_in_order_and_a_silent_one_is_followed_by_the_next() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    let forwarders = ["10.0.0.77", "10.1.0.4", "192.0.2.1", "172.31.0.1", "168.63.129.16"];
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "forwarders": forwarders });
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE);
    let expected = [Silence::AddressUnused, Silence::NotADnsServer, Silence::AddressUnused, Silence::RouteNone];
    assert_eq!(silences(&trace), expected);
    document["subnets"]["hub-default"]["defaultOutboundAccess"] = json!(false);
    assert_eq!(silences(&from_client(&document, BLOB))[2], Silence::NoOutboundAccess);
}

#[test]
fn a_server_without_anybody_to_ask_fails_and_says_why() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "rootHints": false });
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("SERVFAIL", "NoForwarder"));
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "rootHints": false, "forwarders": ["10.0.0.77"] });
    assert_eq!(cause(&from_client(&document, BLOB)), "ForwardersUnreachable");
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "forwarders": ["10.0.0.77"] });
    assert_eq!(told(&from_client(&document, BLOB)), "public", "root hints take over");
}

#[test]
fn a_server_in_a_network_that_is_not_peered_is_not_reached() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    document.as_object_mut().unwrap().shift_remove("virtualNetworkPeerings");
    let trace = from_client(&document, BLOB);
    assert_eq!((cause(&trace), silences(&trace)), ("ResolverUnreachable", vec![Silence::RouteNone]));
}

#[test]
fn a_client_asks_its_next_server_only_when_the_one_before_is_silent() {
    let mut document = hub_and_spoke();
    link(&mut document, "hub");
    use_dns(&mut document, "spoke", &["10.0.0.77", "10.0.0.4"]);
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE);
    assert!(trace.steps.iter().any(|step| step.assumptions == ["A42"]));
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "rootHints": false });
    use_dns(&mut document, "spoke", &["10.0.0.4", "168.63.129.16"]);
    assert_eq!(cause(&from_client(&document, BLOB)), "NoForwarder");
}

#[test]
fn a_servers_own_zone_is_the_authority_and_follows_its_aliases() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    document["virtualMachines"]["dns"]["dnsServer"]["zones"] = json!({
        "corp.example": { "recordSets": {
            "files": { "ttl": 300, "cnameRecord": BLOB },
            "www": { "ttl": 300, "aRecords": ["10.1.0.4"] },
        } },
    });
    assert_eq!(told(&from_client(&document, "www.corp.example")), "10.1.0.4");
    assert_eq!(told(&from_client(&document, "files.corp.example")), PRIVATE);
    assert_eq!(told(&from_client(&document, "missing.corp.example")), "NXDOMAIN");
}

#[test]
fn two_servers_that_forward_to_each_other_end_in_a_failure() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    document["virtualMachines"]["other"] = json!({ "dnsServer": { "forwarders": ["10.0.0.4"] } });
    document["networkInterfaces"]["other-nic"] = json!({ "virtualMachine": "other", "subnet": "hub-default" });
    document["virtualMachines"]["dns"]["dnsServer"]["forwarders"] = json!(["10.0.0.5"]);
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("SERVFAIL", "ForwardingLoop"));
    assert!(trace.steps.len() < 20);
}

#[test]
fn a_hundred_servers_in_a_row_end_in_bounded_time() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    for n in 1_u8..=100 {
        let next = format!("10.0.0.{}", n + 4);
        let machine = if n == 1 { "dns".to_owned() } else { format!("dns-{n}") };
        document["virtualMachines"][&machine] = json!({ "dnsServer": { "forwarders": [next] } });
        document["networkInterfaces"][format!("{machine}-nic")] = json!({ "virtualMachine": machine, "subnet": "hub-default", "privateIPAddress": format!("10.0.0.{}", n + 3) });
    }
    let trace = from_client(&document, BLOB);
    assert_eq!(cause(&trace), "ForwardersUnreachable");
    assert!(trace.steps.len() < 400, "{}", trace.steps.len());
}

#[test]
fn aliases_that_lead_to_each_other_end_in_a_failure() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["name"] = json!("corp.example");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({
        "a": { "ttl": 10, "cnameRecord": "b.corp.example" },
        "b": { "ttl": 10, "cnameRecord": "a.corp.example" },
        "c": { "ttl": 10, "cnameRecord": BLOB },
    });
    let trace = from_client(&document, "a.corp.example");
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("SERVFAIL", "AliasLoop"));
    assert_eq!(told(&from_client(&document, "c.corp.example")), "public", "an alias out of the zone is looked up anew");
}

#[test]
fn rule_6_1_a_security_group_keeps_questions_from_a_dns_server() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    let subscription = document["virtualNetworks"]["hub"]["subscription"].clone();
    document["networkSecurityGroups"]["guard"] = json!({
        "subscription": subscription,
        "securityRules": {"no-dns": {
            "priority": 100, "direction": "Inbound", "access": "Deny", "protocol": "Udp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "53"
        }}
    });
    let subnet = document["networkInterfaces"]
        .as_object()
        .unwrap()
        .values()
        .find(|interface| interface["virtualMachine"] == "dns")
        .and_then(|interface| interface["subnet"].as_str())
        .unwrap()
        .to_owned();
    document["subnets"][subnet]["networkSecurityGroup"] = json!("guard");
    let trace = from_client(&document, BLOB);
    assert_eq!(silences(&trace), [Silence::DeniedBySecurityGroup]);
    assert_eq!(cause(&trace), "ResolverUnreachable");
}
