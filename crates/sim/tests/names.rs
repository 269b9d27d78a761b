//! Name resolution, rule by rule: who is asked, from where, and what the answer is.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::{Value, json};
use sim::explain::{RuleVerdict, ZoneVerdict};
use sim::trace::{DropCause, Event, Forwarding, Place, Silence};
use sim::{Session, Trace, resolve_everywhere, send};
use topology::Id;
use topology::problem::ProblemCode;
use wire::DomainName;

use support::{add_resolver, ask, cause, hub_and_spoke, network, request, status};

const BLOB: &str = "acct.blob.core.windows.net";
const PRIVATE: &str = "10.1.0.5";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

fn link(document: &mut Value, network: &str) {
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"][network] = json!({ "virtualNetwork": network });
}

fn use_dns(document: &mut Value, network: &str, servers: &[&str]) {
    document["virtualNetworks"][network]["dnsServers"] = json!(servers);
}

fn blob() -> Value {
    json!({ "from": "client", "protocol": "HTTPS", "to": BLOB })
}

/// The address the client was told, or the code of what it met instead.
fn told(trace: &Trace) -> String {
    for step in &trace.steps {
        match &step.event {
            Event::AnswerReceived { address: Some(address), .. } | Event::HostsFile { address, .. }
                if step.at == Place::Resource(id("client")) =>
            {
                return if address.to_string().starts_with("10.") { address.to_string() } else { "public".into() };
            }
            Event::AnswerReceived { address: None, code, .. } => return code.to_string(),
            _ => {}
        }
    }
    cause(trace).into()
}

fn from_client(document: &Value, to: &str) -> Trace {
    ask(document, json!({ "from": "client", "protocol": "HTTPS", "to": to }))
}

fn events(trace: &Trace) -> Vec<&Event> {
    trace.steps.iter().map(|step| &step.event).collect()
}

fn silences(trace: &Trace) -> Vec<Silence> {
    let found = trace.steps.iter().filter_map(|step| match step.event {
        Event::ServerSilent { silence, .. } => Some(silence),
        _ => None,
    });
    found.collect()
}

// 3.5.5: the seven rows of what `acct.<svc>` resolves to

fn with_state(document: &mut Value, state: &str) {
    let connection = &mut document["privateEndpoints"]["pe"]["privateLinkServiceConnections"][0];
    connection["privateLinkServiceConnectionState"]["status"] = json!(state);
}

#[test]
fn outcome_row_1_without_a_connection_the_zone_is_not_consulted() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document.as_object_mut().unwrap().shift_remove("privateEndpoints");
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "public");
    assert!(!trace.to_json().contains("privatelink"));
}

#[test]
fn outcome_row_2_approved_and_not_linked_is_public_by_the_privatelink_alias() {
    let trace = from_client(&hub_and_spoke(), BLOB);
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::PublicAlias { private_link: true, .. })));
    assert!(events(&trace).iter().any(|event| matches!(event, Event::ZoneNotLinked { .. })));
}

#[test]
fn outcome_row_3_approved_linked_and_recorded_is_private() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
}

#[test]
fn outcome_row_4_linked_without_a_record_is_nxdomain_with_the_alias_in_the_answer() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("NXDOMAIN", "NameNotResolved"));
    let aliases = trace.steps.iter().find_map(|step| match &step.event {
        Event::AnswerReceived { records, .. } => Some(records.len()),
        _ => None,
    });
    assert_eq!(aliases, Some(1));
}

#[test]
fn outcome_row_5_nxdomain_redirect_is_public() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"]["spoke"]["resolutionPolicy"] = json!("NxDomainRedirect");
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::RedirectedToPublic { .. })));
}

#[test]
fn outcome_row_6_a_connection_that_is_not_approved_inserts_no_alias() {
    for state in ["Pending", "Rejected"] {
        let mut document = hub_and_spoke();
        link(&mut document, "spoke");
        with_state(&mut document, state);
        let trace = from_client(&document, BLOB);
        assert_eq!(told(&trace), "public", "{state}");
        assert!(!events(&trace).iter().any(|event| matches!(event, Event::PrivateRecord { .. })));
    }
}

#[test]
fn outcome_row_7_the_stale_record_of_a_deleted_endpoint_leads_nowhere() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"]["acct"]["aRecords"] = json!(["10.1.0.99"]);
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), cause(&trace)), ("10.1.0.99", "AddressUnused"));
}

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

// 3.3: zones and links

#[test]
fn rule_3_3_7_machines_register_themselves_in_the_registration_zone() {
    let mut document = hub_and_spoke();
    document["privateDnsZones"]["corp"] = json!({
        "subscription": "sub",
        "name": "corp.example",
        "virtualNetworkLinks": {
            "hub": { "virtualNetwork": "hub", "registrationEnabled": true },
            "spoke": { "virtualNetwork": "spoke" },
        },
    });
    let trace = from_client(&document, "DNS.corp.example");
    assert_eq!(told(&trace), "10.0.0.4");
    let held = trace.steps.iter().find(|step| matches!(step.event, Event::PrivateRecord { ttl: 10, .. })).unwrap();
    assert_eq!(held.sources, ["PRIV-ZONE", "VNET-LINKS"]);
    assert_eq!(told(&from_client(&document, "client.corp.example")), "NXDOMAIN", "a resolution link registers nobody");
    document["privateDnsZones"]["corp"]["recordSets"]["dns"] = json!({ "ttl": 60, "aRecords": ["10.0.0.8"] });
    assert_eq!(told(&from_client(&document, "dns.corp.example")), "10.0.0.8", "a record made by hand stays");
    document["privateDnsZones"]["second"] = document["privateDnsZones"]["corp"].clone();
    document["privateDnsZones"]["second"]["name"] = json!("second.example");
    let problems = sim::compile(&support::read(&document)).1;
    let second = ProblemCode::SecondRegistrationZone { network: id("hub"), zone: id("corp") };
    assert!(problems.iter().any(|problem| problem.code == second), "{problems:?}");
}

#[test]
fn rule_3_3_9_a_record_in_a_zone_of_the_same_name_that_is_not_linked_is_pointed_out() {
    let mut document = hub_and_spoke();
    document["privateDnsZones"]["twin"] = json!({
        "subscription": "sub",
        "name": "privatelink.blob.core.windows.net",
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
    });
    let trace = from_client(&document, BLOB);
    assert_eq!(told(&trace), "NXDOMAIN", "M9");
    assert!(trace.steps.iter().any(|step| match &step.event {
        Event::ZoneNotLinked { zone, network, .. } => *zone == id("zone") && *network == id("spoke"),
        _ => false,
    }));
    let explained = network(&document).explain_name(&id("spoke"), &name("acct.privatelink.blob.core.windows.net"));
    let candidates = explained.unwrap().zones;
    let seen: Vec<_> = candidates.iter().map(|zone| (zone.zone.as_str(), zone.holds, &zone.verdict)).collect();
    let linked = ZoneVerdict::SameNameLinked { linked: id("twin") };
    assert_eq!(seen, [("zone", true, &linked), ("twin", false, &ZoneVerdict::SaysMissing)]);
    link(&mut document, "spoke");
    let problems = sim::compile(&support::read(&document)).1;
    let overlap = ProblemCode::OverlappingNamespaces { network: id("spoke"), linked: id("zone") };
    assert!(problems.iter().any(|problem| problem.code == overlap), "{problems:?}");
}

#[test]
fn a_shorter_zone_loses_to_a_longer_linked_one_and_says_to_which() {
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["wide"] = json!({
        "subscription": "sub",
        "name": "windows.net",
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
    });
    let explained = network(&document).explain_name(&id("spoke"), &name("acct.privatelink.blob.core.windows.net"));
    let explained = explained.unwrap();
    let verdicts: Vec<_> = explained.zones.iter().map(|zone| (zone.labels, zone.verdict.clone())).collect();
    assert_eq!(verdicts, [(5, ZoneVerdict::Answers), (2, ZoneVerdict::LongerZone { zone: id("zone") })]);
    assert!(!explained.public);
    let unlinked = network(&document).explain_name(&id("hub"), &name(BLOB)).unwrap();
    assert_eq!((unlinked.zones[0].verdict.clone(), unlinked.public), (ZoneVerdict::NotLinked, true));
}

#[test]
fn the_answer_from_every_network_stands_side_by_side() {
    let mut document = hub_and_spoke();
    link(&mut document, "hub");
    document["virtualNetworks"]["alone"] =
        json!({ "subscription": "sub", "addressPrefixes": ["10.2.0.0/16"], "dnsServers": ["10.0.0.4"] });
    let answers = resolve_everywhere(&network(&document), &name(BLOB));
    let rows: Vec<_> = answers
        .iter()
        .map(|row| {
            let private = row.address.is_some_and(|address| address.is_private());
            (row.network.as_str(), row.address.is_some(), private, row.cause.as_ref().map(DropCause::code))
        })
        .collect();
    let alone = ("alone", false, false, Some("ResolverUnreachable"));
    assert_eq!(rows, [("hub", true, true, None), ("spoke", true, false, None), alone]);
}

// 3.7.11, 3.7.12, M42: hosts file, caches, leases

#[test]
fn rule_3_7_11_the_hosts_file_answers_before_any_server() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.99"]);
    document["virtualMachines"]["client"]["hosts"] = json!({ BLOB: PRIVATE });
    let trace = from_client(&document, BLOB);
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
}

/// Whether the client's answer came from its own cache, and the address it then connected to.
fn again(document: &Value, session: &mut Session) -> (bool, String) {
    let trace = send(&network(document), session, &request(blob()));
    let cached = trace.steps.iter().find_map(|step| match &step.event {
        Event::CachedAnswer { address, .. } if step.at == Place::Resource(id("client")) => {
            Some(address.map_or("nothing".into(), |address| address.to_string()))
        }
        _ => None,
    });
    match cached {
        Some(address) => {
            (true, if address.starts_with("10.") || address == "nothing" { address } else { "public".into() })
        }
        None => (false, told(&trace)),
    }
}

#[test]
fn an_answer_is_kept_as_long_as_its_shortest_lived_record() {
    let mut document = hub_and_spoke();
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "public".into()));
    link(&mut document, "spoke");
    assert_eq!(again(&document, &mut session), (true, "public".into()), "M42: the stale answer");
    session.advance(59);
    assert_eq!(again(&document, &mut session), (true, "public".into()));
    session.advance(1);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
    session.advance(9);
    assert_eq!(again(&document, &mut session), (true, PRIVATE.into()));
    session.advance(1);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()), "a zone group's record lives 10 s");
}

#[test]
fn rule_3_7_12_a_missing_name_is_kept_too_until_the_cache_is_flushed() {
    use sim::cache::CacheKind;
    let mut document = hub_and_spoke();
    link(&mut document, "spoke");
    document["privateDnsZones"]["zone"]["recordSets"] = json!({});
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "NXDOMAIN".into()));
    document["privateDnsZones"]["zone"]["recordSets"]["acct"] = json!({ "ttl": 10, "aRecords": [PRIVATE] });
    assert_eq!(again(&document, &mut session), (true, "nothing".into()));
    assert_eq!(session.cached_names(&id("client"), CacheKind::Client).count(), 1);
    session.flush_dns(&id("client"), CacheKind::Client);
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn a_dns_server_keeps_answers_for_all_its_clients() {
    use sim::cache::CacheKind;
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "public".into()));
    link(&mut document, "hub");
    session.flush_dns(&id("client"), CacheKind::Client);
    let trace = send(&network(&document), &mut session, &request(blob()));
    assert_eq!(told(&trace), "public");
    assert!(!events(&trace).iter().any(|event| matches!(event, Event::QueryForwarded { .. })));
    session.flush_all_dns();
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn a_servers_failure_is_not_kept() {
    let mut document = hub_and_spoke();
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    link(&mut document, "hub");
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "rootHints": false });
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session), (false, "SERVFAIL".into()));
    document["virtualMachines"]["dns"]["dnsServer"] = json!({ "forwarders": ["168.63.129.16"] });
    assert_eq!(again(&document, &mut session), (false, PRIVATE.into()));
}

#[test]
fn m42_a_client_asks_the_servers_of_its_lease_until_it_is_renewed() {
    let mut document = hub_and_spoke();
    link(&mut document, "hub");
    let mut session = Session::new();
    assert_eq!(again(&document, &mut session).1, "public");
    use_dns(&mut document, "spoke", &["10.0.0.4"]);
    session.flush_all_dns();
    let trace = send(&network(&document), &mut session, &request(blob()));
    assert_eq!(told(&trace), "public");
    assert!(events(&trace).iter().any(|event| matches!(event, Event::LeaseOutdated { .. })));
    session.flush_all_dns();
    session.renew_lease(&id("client"));
    assert_eq!(again(&document, &mut session).1, PRIVATE);
}
