//! Echo requests: who answers `ping`, and who never does.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use serde_json::{Value, json};
use sim::Trace;
use wire::packet::{Payload, Transport};

use support::{PEERED, TWO_TENANTS, ask, cause, json as read};

fn ping(document: &Value, from: &str, to: &str) -> Trace {
    ask(document, json!({ "from": from, "protocol": "ICMP", "to": to }))
}

#[test]
fn rule_1_5_5_private_link_does_not_carry_echo_requests() {
    let by_name = ping(&read(PEERED), "rg1vm1", "rg1sto1brng1.blob.core.windows.net");
    assert_eq!(cause(&by_name), "EchoNotAnswered");
    let dropped = by_name.steps.last().unwrap();
    assert_eq!((dropped.before.unwrap().transport, dropped.sources.as_slice()), (Transport::Icmp, &["PL-FAQ"][..]));
    assert_eq!(cause(&ping(&read(TWO_TENANTS), "client1", "10.0.1.4")), "EchoNotAnswered");
}

#[test]
fn a_machine_answers_and_a_load_balancer_does_not() {
    let answered = ping(&read(PEERED), "rg1vm1", "10.1.0.4");
    assert_eq!(cause(&answered), "Answered");
    assert_eq!(answered.steps.last().unwrap().before.unwrap().payload, Payload::EchoReply);
    assert!(answered.steps.iter().any(|step| step.assumptions.contains(&"A100")));
    assert_eq!(cause(&ping(&read(TWO_TENANTS), "iis-0", "10.0.0.10")), "EchoNotAnswered");
}

#[test]
fn only_rules_for_icmp_or_for_everything_match_an_echo_request() {
    let mut document = read(PEERED);
    let rule = |protocol: &str| json!({ "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": protocol, "destinationPortRange": "1-65535" });
    document["subnets"]["rg1vnet1-default"]["networkSecurityGroup"] = "nsg".into();
    for (protocol, expected) in [("Tcp", "Answered"), ("Icmp", "DeniedBySecurityGroup"), ("*", "DeniedBySecurityGroup")]
    {
        document["networkSecurityGroups"] =
            json!({ "nsg": { "subscription": "subscription-01", "securityRules": { "no": rule(protocol) } } });
        assert_eq!(cause(&ping(&document, "rg1vm1", "10.1.0.4")), expected, "{protocol}");
    }
}
