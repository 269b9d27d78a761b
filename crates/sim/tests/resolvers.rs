//! DNS private resolvers and forwarding rulesets [PR-OV][PR-RULES].

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::json;
use sim::explain::RuleVerdict;
use sim::trace::{Event, Place, Silence};
use topology::problem::ProblemCode;

use support::names::{
    BLOB, PRIVATE, add_resolver, from_client, hub_and_spoke, id, link, name, silences, told, use_dns,
};
use support::{cause, network};

// 3.7.5 to 3.7.9: private resolver

#[test]
fn rule_3_7_5_an_inbound_endpoint_answers_with_the_zones_of_its_own_network() {
    let mut document = hub_and_spoke();
    add_resolver(&mut document, json!({ "domainName": "corp.example.", "targetDnsServers": [] }));
    use_dns(&mut document, "spoke", &["10.0.1.4"]);
    link(&mut document, "spoke");
    assert_eq!(told(&from_client(&document, BLOB)), "public");
    link(&mut document, "hub");
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE);
    let asked = trace.steps.iter().find(|step| matches!(step.event, Event::InboundEndpointAsked { .. })).unwrap();
    assert_eq!(asked.at, Place::Resource(id("resolver")));
    assert_eq!(network(&document).address_of(&id("resolver")).unwrap().to_string(), "10.0.1.4");
}

#[test]
fn rule_3_2_a_ruleset_comes_after_private_zones_and_before_the_public_dns() {
    let mut document = hub_and_spoke();
    let targets = json!([{ "ipAddress": "10.0.0.4" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": targets }));
    link(&mut document, "hub");
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE, "the rule's target asks from the hub");
    let forwarded = trace.steps.iter().find(|step| matches!(step.event, Event::QueryForwarded { .. })).unwrap();
    assert_eq!((&forwarded.at, forwarded.assumptions.as_slice()), (&Place::Resource(id("resolver")), &["A43"][..]));
    document["privateDnsZones"]["own"] = json!({
        "subscription": "sub",
        "name": "blob.core.windows.net",
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
        "recordSets": { "acct": { "ttl": 10, "aRecords": ["10.1.0.4"] } },
    });
    assert_eq!(told(&from_client(&document, BLOB)), "10.1.0.4");
    assert_eq!(told(&from_client(&document, "other.blob.core.windows.net")), "NXDOMAIN", "M14");
}

#[test]
fn rule_3_7_6_the_longest_enabled_domain_wins_and_targets_are_tried_in_order() {
    let mut document = hub_and_spoke();
    let silent =
        json!([{ "ipAddress": "10.0.0.77" }, { "ipAddress": "10.0.0.4", "port": 5353 }, { "ipAddress": "10.0.0.4" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": silent }));
    link(&mut document, "hub");
    document["dnsForwardingRulesets"]["rules"]["forwardingRules"]["longer"] = json!({
        "domainName": "acct.blob.core.windows.net.",
        "targetDnsServers": [{ "ipAddress": "8.8.8.8" }],
    });
    assert_eq!(told(&from_client(&document, BLOB)), "public");
    let candidates = network(&document).explain_name(&id("spoke"), &name(BLOB)).unwrap().rules;
    let longer = RuleVerdict::LongerRule { ruleset: id("rules"), rule: "longer".into() };
    assert_eq!((&candidates[0].verdict, &candidates[1].verdict), (&RuleVerdict::Forwards, &longer));
    document["dnsForwardingRulesets"]["rules"]["forwardingRules"]["longer"]["forwardingRuleState"] = json!("Disabled");
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), PRIVATE);
    assert_eq!(silences(&trace), [Silence::AddressUnused, Silence::NotADnsServer]);
    let candidates = network(&document).explain_name(&id("spoke"), &name(BLOB)).unwrap().rules;
    assert_eq!(candidates[0].verdict, RuleVerdict::Disabled);
}

#[test]
fn rule_3_2_2_a_wildcard_rule_passes_azures_own_domains_over() {
    let mut document = hub_and_spoke();
    add_resolver(&mut document, json!({ "domainName": ".", "targetDnsServers": [{ "ipAddress": "10.0.0.4" }] }));
    link(&mut document, "hub");
    document["virtualMachines"]["dns"]["dnsServer"]["zones"]["corp.example"]["recordSets"]["www"] =
        json!({ "ttl": 60, "aRecords": ["10.1.0.4"] });
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "public");
    assert!(trace.steps.iter().any(|step| step.assumptions == ["A40"]));
    assert_eq!(told(&from_client(&document, "www.corp.example")), "10.1.0.4");
    let explained = network(&document).explain_name(&id("spoke"), &name(BLOB)).unwrap();
    assert_eq!((&explained.rules[0].verdict, explained.public), (&RuleVerdict::ReservedDomain, true));
}

#[test]
fn rule_3_7_7_azure_dns_is_refused_as_a_target() {
    let mut document = hub_and_spoke();
    let targets = json!([{ "ipAddress": "168.63.129.16" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": targets }));
    let problems = sim::compile(&support::read(&document)).1;
    assert!(problems.iter().any(|problem| problem.code == ProblemCode::RuleTargetIsAzureDns));
    assert_eq!(told(&from_client(&document, BLOB)), "public", "a rule Azure refuses does not exist");
}

#[test]
fn rule_3_7_8_a_rule_towards_the_inbound_endpoint_of_the_linked_network_loops() {
    let mut document = hub_and_spoke();
    let targets = json!([{ "ipAddress": "10.0.1.4" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": targets }));
    link(&mut document, "hub");
    assert_eq!(sim::compile(&support::read(&document)).1, []);
    assert_eq!(told(&from_client(&document, BLOB)), PRIVATE, "linked to the spoke only, it is a way to the hub");
    document["dnsForwardingRulesets"]["rules"]["virtualNetworkLinks"]["hub"] = json!({ "virtualNetwork": "hub" });
    let problems = sim::compile(&support::read(&document)).1;
    let looped = ProblemCode::RulesetLoop { rule: "rule".into(), network: id("hub") };
    assert!(problems.iter().any(|problem| problem.code == looped), "{problems:?}");
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("SERVFAIL", "ForwardingLoop"), "M37");
}

#[test]
fn rule_3_7_9_a_ruleset_needs_no_peering_and_custom_dns_never_consults_it() {
    let mut document = hub_and_spoke();
    let targets = json!([{ "ipAddress": "10.0.0.4" }]);
    add_resolver(&mut document, json!({ "domainName": "blob.core.windows.net.", "targetDnsServers": targets }));
    link(&mut document, "hub");
    document.as_object_mut().unwrap().shift_remove("virtualNetworkPeerings");
    assert_eq!(told(&from_client(&document, BLOB)), PRIVATE);
    use_dns(&mut document, "spoke", &["8.8.8.8"]);
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "public");
    assert!(trace.steps.iter().any(|step| step.assumptions == ["A44"]));
}

#[test]
fn what_azure_refuses_of_a_resolver_is_reported() {
    let mut document = hub_and_spoke();
    add_resolver(&mut document, json!({ "domainName": "corp.example", "targetDnsServers": [] }));
    document["dnsForwardingRulesets"]["rules"]["dnsResolverOutboundEndpoints"] = json!(["resolver/nobody"]);
    document["dnsForwardingRulesets"]["rules"]["virtualNetworkLinks"]["gone"] = json!({ "virtualNetwork": "gone" });
    document["dnsResolvers"]["second"] = json!({
        "virtualNetwork": "hub",
        "inboundEndpoints": { "in": { "subnet": "spoke-default" } },
        "outboundEndpoints": { "out": { "subnet": "tiny" } },
    });
    document["subnets"]["tiny"] = json!({ "virtualNetwork": "hub", "addressPrefix": "10.0.3.0/29" });
    let problems = sim::compile(&support::read(&document)).1;
    let codes: Vec<ProblemCode> = problems.into_iter().map(|problem| problem.code).collect();
    let expected = [
        ProblemCode::SecondResolver { network: id("hub"), resolver: id("resolver") },
        ProblemCode::SubnetOfOtherNetwork { subnet: id("spoke-default") },
        ProblemCode::ResolverSubnetSize { subnet: id("tiny") },
        ProblemCode::MissingReference { reference: "resolver/nobody".into() },
        ProblemCode::RuleDomainInvalid { domain: "corp.example".into() },
        ProblemCode::MissingReference { reference: "gone".into() },
    ];
    assert_eq!(codes, expected);
}
