//! What time does: probes (§7.3), idle timeouts and resets (§7.4), NAT ports and open connections (§2.6).

use serde_json::{Value, json};
use sim::session::{PORTS_PER_NAT_IP, ProbeAnswer};
use sim::trace::{DropCause, Event, Outcome};
use sim::{Network, Place, Session, Trace, open, send, send_on};

use super::support::{TWO_TENANTS, cause, json as parse, network, request, status};
use super::{farm, id, server, to};

fn front() -> Value {
    to("10.0.0.100")
}

fn get(network: &Network, session: &mut Session) -> Trace {
    send(network, session, &request(front()))
}

fn with_probe(fields: &Value) -> Value {
    let mut document = farm();
    for (field, value) in fields.as_object().unwrap() {
        document["loadBalancers"]["lb"]["probes"]["http"][field] = value.clone();
    }
    document
}

/// The same farm with what listens on its machines changed.
fn changed(document: &Value, fields: &Value) -> Network {
    let mut document = document.clone();
    for machine in ["web-0", "web-1"] {
        for (field, value) in fields.as_object().unwrap() {
            document["virtualMachines"][machine]["services"][0][field] = value.clone();
        }
    }
    network(&document)
}

/// Whether a new flow finds a backend so many seconds after the guests changed.
#[track_caller]
fn check_after(document: &Value, fields: &Value, expected: &[(u64, bool)]) {
    let before = network(document);
    let mut session = Session::new();
    assert!(server(&get(&before, &mut session)).is_some());
    let after = changed(document, fields);
    session.observe(&after);
    for (at_s, finds) in expected {
        session.advance(at_s - session.now_s());
        let trace = get(&after, &mut session);
        assert_eq!(cause(&trace) != "NoHealthyBackend", *finds, "after {at_s} s: {:?}", trace.outcome);
    }
}

// Probes

#[test]
fn rule_7_3_6_a_probe_changes_its_mind_after_interval_times_threshold() {
    let stopped = json!({ "stopped": true });
    check_after(&with_probe(&json!({})), &stopped, &[(4, true), (5, false)]);
    check_after(&with_probe(&json!({ "probeThreshold": 3 })), &stopped, &[(14, true), (15, false)]);
    check_after(
        &with_probe(&json!({ "numberOfProbes": 2, "intervalInSeconds": 15 })),
        &stopped,
        &[(29, true), (30, false)],
    );
    let both = json!({ "numberOfProbes": 9, "probeThreshold": 1 });
    check_after(&with_probe(&both), &stopped, &[(4, true), (5, false)]);
}

#[test]
fn rule_7_3_2_any_status_but_200_is_down_at_the_next_probe_whatever_the_threshold() {
    let slow = with_probe(&json!({ "probeThreshold": 10 }));
    for status in [301, 302, 403, 404, 500, 204] {
        let fields = json!({ "statusByPath": { "/health": status } });
        check_after(&slow, &fields, &[(4, true), (5, false)]);
    }
    check_after(&slow, &json!({ "statusByPath": { "/": 503 } }), &[(500, true)]);
}

#[test]
fn rule_7_3_2_a_tcp_probe_wants_no_more_than_a_handshake() {
    let document = with_probe(&json!({ "protocol": "Tcp" }));
    check_after(&document, &json!({ "status": 500 }), &[(1000, true)]);
    check_after(&document, &json!({ "stopped": true }), &[(4, true), (5, false)]);
}

#[test]
fn rule_7_3_3_a_backend_that_comes_back_needs_as_many_answers_in_a_row() {
    let document = with_probe(&json!({ "probeThreshold": 2 }));
    let (up, down) = (network(&document), changed(&document, &json!({ "stopped": true })));
    let mut session = Session::new();
    session.observe(&down);
    assert_eq!(cause(&get(&down, &mut session)), "NoHealthyBackend", "what is down at first is known to be");
    session.observe(&up);
    session.advance(9);
    let trace = get(&up, &mut session);
    assert_eq!(cause(&trace), "NoHealthyBackend");
    session.advance(1);
    assert_eq!(status(&get(&up, &mut session)), Some(200));
}

#[test]
fn rule_7_3_4_when_all_are_down_open_connections_go_on_and_new_ones_find_nobody() {
    let document = farm();
    let before = network(&document);
    let mut session = Session::new();
    let (_, number) = open(&before, &mut session, &request(front()), None);
    let after = changed(&document, &json!({ "statusByPath": { "/health": 500 } }));
    session.observe(&after);
    session.advance(60);
    let trace = get(&after, &mut session);
    assert_eq!(cause(&trace), "NoHealthyBackend");
    let failed = trace.steps.iter().find_map(|step| match &step.event {
        Event::ProbeFailed { answer, failed, .. } => Some((answer.clone(), *failed)),
        _ => None,
    });
    assert_eq!(failed, Some((ProbeAnswer::Status(500), 2)));
    assert_eq!(status(&send_on(&after, &mut session, number.unwrap()).unwrap()), Some(200));
}

#[test]
fn rule_7_3_1_all_probed_up_sends_to_all_when_none_is_up() {
    let document = with_probe(&json!({ "noHealthyBackendsBehavior": "AllProbedUp" }));
    let network = changed(&document, &json!({ "statusByPath": { "/health": 503 } }));
    assert_eq!(status(&get(&network, &mut Session::new())), Some(200));
}

#[test]
fn rule_7_3_3_the_inspector_is_told_what_a_probe_holds_and_when_it_will_change() {
    let document = with_probe(&json!({ "probeThreshold": 2 }));
    let mut session = Session::new();
    session.observe(&network(&document));
    let after = changed(&document, &json!({ "stopped": true }));
    session.observe(&after);
    session.advance(4);
    let held = &session.backend_probes(&after, &id("lb"))[0];
    assert_eq!((held.is_up, &held.answer, held.settles_in_s), (true, &ProbeAnswer::Refused, Some(6)));
    session.advance(6);
    let held = &session.backend_probes(&after, &id("lb"))[0];
    assert_eq!((held.is_up, held.settles_in_s), (false, None));
}

// Idle connections

fn iis() -> Value {
    json!({ "from": "client1", "to": "10.0.1.4" })
}

/// The two tenants, with a rule whose flows live as long as stated.
fn tenants(idle_minutes: u32, reset: bool) -> Value {
    let mut document = parse(TWO_TENANTS);
    let rule = &mut document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"];
    rule["idleTimeoutInMinutes"] = json!(idle_minutes);
    rule["enableTcpReset"] = json!(reset);
    document
}

/// What becomes of data sent after so many idle seconds.
fn later(document: &Value, question: Value, keepalive_s: Option<u64>, idle_s: u64) -> Trace {
    let compiled = network(document);
    let mut session = Session::new();
    let (first, number) = open(&compiled, &mut session, &request(question), keepalive_s);
    assert_eq!(cause(&first), "Answered", "{:?}", first.outcome);
    session.advance(idle_s);
    send_on(&compiled, &mut session, number.unwrap()).unwrap()
}

#[test]
fn m28_an_idle_connection_through_private_link_is_forgotten_after_300_seconds_in_silence() {
    let document = tenants(30, true);
    assert_eq!(status(&later(&document, iis(), None, 299)), Some(200));
    let trace = later(&document, iis(), None, 300);
    let Outcome::Dropped { cause, at } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((cause, at), (&DropCause::BindingForgotten { idle_s: 300 }, &Place::Resource(id("pls-iis"))));
    assert!(trace.steps.last().unwrap().assumptions.contains(&"A11"));
}

#[test]
fn m28_a_keepalive_below_300_seconds_keeps_the_connection_and_one_above_does_not() {
    let document = tenants(30, false);
    let trace = later(&document, iis(), Some(299), 86_400);
    assert_eq!(status(&trace), Some(200));
    assert_eq!(cause(&later(&document, iis(), Some(301), 86_400)), "BindingForgotten");
}

#[test]
fn rule_2_6_3_the_rules_own_timeout_may_come_first() {
    let document = tenants(4, false);
    assert_eq!(status(&later(&document, iis(), None, 239)), Some(200));
    let trace = later(&document, iis(), None, 240);
    let Outcome::Dropped { cause, at } = &trace.outcome else { panic!() };
    assert_eq!((cause, at), (&DropCause::FlowForgotten { idle_s: 240 }, &Place::Resource(id("lb-iis"))));
    let late = later(&document, iis(), Some(250), 3600);
    assert_eq!(status(&late), None, "in time for the service, too late for the rule");
    assert_eq!(status(&later(&document, iis(), Some(239), 3600)), Some(200));
}

#[test]
fn rule_7_4_1_with_enable_tcp_reset_both_ends_are_told() {
    let trace = later(&tenants(4, true), iis(), None, 1000);
    let Outcome::Dropped { cause, at } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    let reset = DropCause::ConnectionWasReset { balancer: id("lb-iis"), after_s: 240 };
    assert_eq!((cause, at), (&reset, &Place::Resource(id("client1"))));
}

#[test]
fn rule_7_4_1_ha_ports_send_no_reset_and_datagrams_know_none() {
    let mut document = farm();
    document["loadBalancers"]["lb"]["loadBalancingRules"] = json!({ "ha": {
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "protocol": "All",
        "frontendPort": 0, "backendPort": 0, "enableTcpReset": true
    } });
    assert_eq!(cause(&later(&document, front(), None, 240)), "FlowForgotten");
    let mut document = farm();
    for machine in ["web-0", "web-1"] {
        document["virtualMachines"][machine]["services"] =
            json!([{ "name": "syslog", "protocol": "Udp", "port": 514 }]);
    }
    document["loadBalancers"]["lb"]["loadBalancingRules"] = json!({ "syslog": {
        "frontendIPConfiguration": "front", "backendAddressPool": "pool", "protocol": "Udp",
        "frontendPort": 514, "backendPort": 514, "enableTcpReset": true
    } });
    let datagram = json!({ "from": "client", "to": "10.0.0.100", "protocol": "UDP", "port": 514 });
    assert_eq!(cause(&later(&document, datagram, None, 240)), "FlowForgotten");
}

#[test]
fn rule_1_5_4_an_open_connection_is_cut_when_the_owner_rejects_it() {
    let mut document = parse(TWO_TENANTS);
    let before = network(&document);
    let mut session = Session::new();
    let (_, number) = open(&before, &mut session, &request(iis()), None);
    let connection = &mut document["privateEndpoints"]["pe-iis"]["manualPrivateLinkServiceConnections"][0];
    connection["privateLinkServiceConnectionState"]["status"] = json!("Rejected");
    let trace = send_on(&network(&document), &mut session, number.unwrap()).unwrap();
    assert_eq!(cause(&trace), "ConnectionNotApproved");
    assert_eq!(trace.steps.last().unwrap().assumptions, ["A2"]);
}

#[test]
fn rule_7_2_2_a_flow_stays_with_its_backend_when_the_pool_changes() {
    let document = farm();
    let before = network(&document);
    let mut session = Session::new();
    let (first, number) = open(&before, &mut session, &request(front()), None);
    let chosen = server(&first).unwrap();
    let mut smaller = document;
    smaller["virtualMachines"][&chosen]["services"][0]["statusByPath"] = json!({ "/health": 500 });
    let after = network(&smaller);
    session.observe(&after);
    session.advance(100);
    let trace = send_on(&after, &mut session, number.unwrap()).unwrap();
    let arrived = trace.steps.iter().find_map(|step| match (&step.event, &step.at) {
        (Event::RequestArrived { .. }, Place::Resource(id)) => Some(id.to_string()),
        _ => None,
    });
    assert_eq!(arrived.as_ref(), Some(&chosen));
    let mut stopped = smaller;
    stopped["virtualMachines"][&chosen]["services"] = json!([]);
    let trace = send_on(&network(&stopped), &mut session, number.unwrap()).unwrap();
    assert_eq!(cause(&trace), "ConnectionRefused", "a process that is gone resets");
}

#[test]
fn rule_7_6_2_an_idle_connection_to_the_internet_loses_its_port() {
    let mut document = farm();
    document["publicIPAddresses"]["out-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.2" });
    document["natGateways"]["gateway"] =
        json!({ "subscription": "sub", "publicIpAddresses": ["out-ip"], "idleTimeoutInMinutes": 10 });
    document["subnets"]["clients"]["natGateway"] = json!("gateway");
    document["publicIPAddresses"]["web-ip"] = json!({ "subscription": "sub", "ipAddress": "198.51.100.3" });
    document["networkInterfaces"]["web-0-nic"]["publicIPAddress"] = json!("web-ip");
    super::open_web(&mut document);
    assert_eq!(status(&later(&document, to("198.51.100.3"), None, 599)), Some(200));
    assert_eq!(cause(&later(&document, to("198.51.100.3"), None, 600)), "PortLeaseForgotten");
}

#[test]
fn a_checkpoint_goes_its_own_way_and_a_closed_connection_is_gone() {
    let compiled = network(&parse(TWO_TENANTS));
    let mut session = Session::new();
    let (_, number) = open(&compiled, &mut session, &request(iis()), None);
    let number = number.unwrap();
    let mut checkpoint = session.clone();
    session.close(number);
    assert_eq!((session.nat_bindings(&id("pls-iis")).count(), session.connections().count()), (0, 0));
    assert_eq!(send_on(&compiled, &mut session, number), None);
    assert_eq!(status(&send_on(&compiled, &mut checkpoint, number).unwrap()), Some(200));
}

#[test]
fn a_request_nobody_answers_opens_no_connection() {
    let compiled = network(&farm());
    let closed = json!({ "from": "client", "to": "10.0.0.100", "port": 81 });
    let (_, number) = open(&compiled, &mut Session::new(), &request(closed), None);
    assert_eq!(number, None);
}

// NAT ports

#[test]
fn rule_2_6_1_ports_are_taken_for_each_backend_and_the_inspector_sees_how_many() {
    let mut document = parse(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["ipConfigurations"] =
        json!([{ "subnet": "nat" }, { "subnet": "nat", "primary": true }]);
    let compiled = network(&document);
    let mut session = Session::new();
    for _ in 0..10 {
        assert_eq!(status(&send(&compiled, &mut session, &request(iis()))), Some(200));
    }
    let usage = session.nat_usage(&compiled, &id("pls-iis"));
    assert_eq!(usage.iter().map(|row| row.primary).collect::<Vec<_>>(), [false, true]);
    assert_eq!(usage.iter().map(|row| row.bound).sum::<u64>(), 10);
    assert!(usage.iter().all(|row| row.capacity == 2 * u64::from(PORTS_PER_NAT_IP) && row.bound > 0));
    session.advance(300);
    assert!(session.nat_usage(&compiled, &id("pls-iis")).iter().all(|row| row.bound == 0));
}

#[test]
fn rule_2_6_2_when_every_port_is_bound_towards_every_backend_new_connections_time_out() {
    let mut document = parse(TWO_TENANTS);
    document["loadBalancers"]["lb-iis"]["backendAddressPools"]["iis"]["networkInterfaces"] = json!(["iis-0-nic"]);
    let compiled = network(&document);
    let mut session = Session::new();
    let question = request(json!({ "from": "client1", "to": "10.0.1.4", "protocol": "TCP" }));
    for n in 0..PORTS_PER_NAT_IP {
        let trace = send(&compiled, &mut session, &question);
        assert!(matches!(trace.outcome, Outcome::Answered { .. }), "{n}: {:?}", trace.outcome);
    }
    let trace = send(&compiled, &mut session, &question);
    let Outcome::Dropped { cause, at } = &trace.outcome else { panic!() };
    assert_eq!((cause, at), (&DropCause::NatPortsExhausted, &Place::Resource(id("pls-iis"))));
    let mut seen = std::collections::BTreeSet::new();
    assert!(session.nat_bindings(&id("pls-iis")).all(|row| seen.insert((row.nat, row.backend.clone()))));
    session.advance(300);
    assert_eq!(super::caller(&send(&compiled, &mut session, &question)).split(':').next(), Some("10.0.2.4"));
}
