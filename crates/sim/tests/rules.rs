//! One behaviour a test, each named after its rule, on small changes to the two published topologies.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks for the events it is about")]

mod support;

use serde_json::{Value, json};
use sim::trace::{DropCause, Event, FirewallVerdict, Outcome, PathKind, Place};
use sim::{Session, compile, send};
use topology::Id;
use topology::problem::ProblemCode;

use support::{PEERED, SERVICE_ENDPOINT, TWO_TENANTS, ask, cause, json, network, request, status};

const BLOB: &str = "rg1sto1brng1.blob.core.windows.net";

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn to_iis() -> Value {
    json!({ "from": "client1", "to": "10.0.1.4" })
}

fn blob_from(machine: &str) -> Value {
    json!({ "from": machine, "protocol": "HTTPS", "to": BLOB, "path": "/test1/test.txt" })
}

fn endpoint_status(document: &mut Value, endpoint: &str, list: &str, status: &str) {
    document["privateEndpoints"][endpoint][list][0]["privateLinkServiceConnectionState"]["status"] = json!(status);
}

fn end_of_trace(document: &Value, question: Value) -> (&'static str, Place) {
    let trace = ask(document, question);
    let place = trace.steps.last().unwrap().at.clone();
    (cause(&trace), place)
}

fn verdict(document: &Value, question: Value) -> FirewallVerdict {
    let trace = ask(document, question);
    let verdicts = trace.steps.iter().filter_map(|step| match step.event {
        Event::FirewallEvaluated { verdict, .. } => Some(verdict),
        _ => None,
    });
    let verdicts: Vec<FirewallVerdict> = verdicts.collect();
    assert_eq!(verdicts.len(), 1);
    verdicts[0]
}

// Private endpoint [PE-OV]

#[test]
fn only_an_approved_connection_carries_traffic() {
    for status in ["Pending", "Rejected", "Disconnected"] {
        let mut document = json(TWO_TENANTS);
        endpoint_status(&mut document, "pe-iis", "manualPrivateLinkServiceConnections", status);
        let trace = ask(&document, to_iis());
        let last = trace.steps.last().unwrap();
        assert_eq!((cause(&trace), &last.at), ("ConnectionNotApproved", &Place::Resource(id("pe-iis"))));
        assert_eq!(last.assumptions, ["A1"]);
    }
}

#[test]
fn the_route_to_an_endpoint_does_not_wait_for_approval() {
    let mut document = json(TWO_TENANTS);
    endpoint_status(&mut document, "pe-iis", "manualPrivateLinkServiceConnections", "Pending");
    let routes = network(&document).effective_routes(&id("client1-nic")).unwrap();
    assert!(routes.iter().any(|route| route.target == Some(id("pe-iis"))));
}

#[test]
fn an_endpoint_whose_target_is_deleted_is_disconnected() {
    let mut document = json(TWO_TENANTS);
    document.as_object_mut().unwrap().shift_remove("privateLinkServices");
    assert_eq!(end_of_trace(&document, to_iis()).0, "ConnectionNotApproved");
}

#[test]
fn a_private_link_service_takes_no_group_id_and_a_platform_service_needs_one() {
    let mut document = json(TWO_TENANTS);
    document["privateEndpoints"]["pe-iis"]["manualPrivateLinkServiceConnections"][0]["groupIds"] = json!(["blob"]);
    assert_eq!(end_of_trace(&document, to_iis()).0, "EndpointWithoutTarget");
    let mut document = json(PEERED);
    document["privateEndpoints"]["rg1pe1sto1"]["privateLinkServiceConnections"][0]["groupIds"] = json!([]);
    let trace = ask(&document, json!({ "from": "rg1vm1", "to": "10.0.0.5", "protocol": "HTTPS" }));
    assert_eq!(cause(&trace), "EndpointWithoutTarget");
}

#[test]
fn a_port_the_service_does_not_listen_on_times_out() {
    let question = json!({ "from": "rg1vm1", "to": "10.0.0.6", "protocol": "TCP", "port": 8443 });
    assert_eq!(end_of_trace(&json(PEERED), question), ("PortNotServed", Place::Resource(id("kv1brntest1"))));
}

#[test]
fn another_accounts_name_on_a_private_endpoint_is_refused_by_the_service() {
    let question = json!({ "from": "rg1vm1", "to": "10.0.0.5", "protocol": "HTTPS", "insecure": true });
    let trace = ask(&json(PEERED), question);
    assert_eq!(status(&trace), Some(400));
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A14")));
}

// Private link service [PLS-OV]

#[test]
fn a_service_without_a_nat_ip_or_a_frontend_carries_nothing() {
    let mut document = json(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["ipConfigurations"] = json!([]);
    assert_eq!(end_of_trace(&document, to_iis()), ("NatIpMissing", Place::Resource(id("pls-iis"))));
    let mut document = json(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["loadBalancerFrontendIpConfigurations"] = json!([]);
    assert_eq!(end_of_trace(&document, to_iis()), ("FrontendMissing", Place::Resource(id("pls-iis"))));
}

#[test]
fn every_connection_gets_a_binding_of_its_own() {
    let network = network(&json(TWO_TENANTS));
    let mut session = Session::new();
    let callers: Vec<String> = (0..3)
        .map(|_| match send(&network, &mut session, &request(to_iis())).outcome {
            Outcome::Answered { caller, .. } => caller.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(callers, ["10.0.2.4:1024", "10.0.2.4:1025", "10.0.2.4:1026"]);
    let numbers: Vec<u32> = session.nat_bindings(&id("pls-iis")).map(|binding| binding.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn connections_spread_over_all_nat_ips_and_all_healthy_backends() {
    let mut document = json(TWO_TENANTS);
    document["privateLinkServices"]["pls-iis"]["ipConfigurations"] = json!([{ "subnet": "nat" }, { "subnet": "nat" }]);
    let network = network(&document);
    let mut session = Session::new();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..40 {
        for step in send(&network, &mut session, &request(to_iis())).steps {
            match step.event {
                Event::Translated { nat, .. } => seen.insert(nat.address.to_string()),
                Event::Balanced { backend, .. } => seen.insert(backend.to_string()),
                _ => false,
            };
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["10.0.2.4", "10.0.2.5", "iis-0", "iis-1"]);
}

#[test]
fn nat_capacity_is_64000_for_each_nat_ip_and_backend() {
    assert_eq!(network(&json(TWO_TENANTS)).nat_capacity(&id("pls-iis")), 128_000);
}

#[test]
fn the_alias_has_name_guid_region_and_the_fixed_suffix() {
    let alias = network(&json(TWO_TENANTS)).alias(&id("pls-iis")).unwrap();
    let parts: Vec<&str> = alias.split('.').collect();
    assert_eq!(
        (parts[0], parts[1].len(), &parts[2..]),
        ("pls-iis", 36, &["westeurope", "azure", "privatelinkservice"][..])
    );
}

#[test]
fn nat_addresses_accept_no_connections_themselves() {
    let question = json!({ "from": "iis-0", "to": "10.0.2.4" });
    assert_eq!(end_of_trace(&json(TWO_TENANTS), question), ("PortNotServed", Place::Resource(id("pls-iis"))));
}

// Load balancer [LB-DIST][PROBE]

#[test]
fn a_member_whose_probe_fails_gets_no_new_flows() {
    let mut document = json(TWO_TENANTS);
    document["virtualMachines"]["iis-1"]["services"] = json!([]);
    let compiled = network(&document);
    let health: Vec<bool> = compiled.backend_health(&id("lb-iis"), "iis").into_iter().map(|row| row.3).collect();
    assert_eq!(health, [true, false]);
    let mut session = Session::new();
    for _ in 0..20 {
        assert_eq!(status(&send(&compiled, &mut session, &request(to_iis()))), Some(200));
    }
}

#[test]
fn without_healthy_members_the_syn_is_dropped_at_the_load_balancer() {
    let mut document = json(TWO_TENANTS);
    for machine in ["iis-0", "iis-1"] {
        document["virtualMachines"][machine]["services"] = json!([]);
    }
    assert_eq!(end_of_trace(&document, to_iis()), ("NoHealthyBackend", Place::Resource(id("lb-iis"))));
}

#[test]
fn without_a_probe_every_member_counts_as_healthy_and_the_guest_refuses() {
    let mut document = json(TWO_TENANTS);
    document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"].as_object_mut().unwrap().shift_remove("probe");
    for machine in ["iis-0", "iis-1"] {
        document["virtualMachines"][machine]["services"] = json!([]);
    }
    assert_eq!(end_of_trace(&document, to_iis()).0, "ConnectionRefused");
}

#[test]
fn a_port_without_a_rule_is_dropped_at_the_load_balancer() {
    let question = json!({ "from": "client1", "to": "10.0.1.4", "port": 8080 });
    assert_eq!(end_of_trace(&json(TWO_TENANTS), question), ("NoLoadBalancingRule", Place::Resource(id("lb-iis"))));
}

#[test]
fn the_backend_port_of_the_rule_replaces_the_frontend_port_and_comes_back() {
    let mut document = json(TWO_TENANTS);
    let rule = &mut document["loadBalancers"]["lb-iis"]["loadBalancingRules"]["http"];
    rule["frontendPort"] = json!(8080);
    let trace = ask(&document, json!({ "from": "client1", "to": "10.0.1.4", "port": 8080 }));
    assert_eq!(status(&trace), Some(200));
    let connected = trace.steps.iter().find_map(|step| match step.event {
        Event::Connected { remote, .. } => Some(remote.to_string()),
        _ => None,
    });
    assert_eq!(connected.as_deref(), Some("10.0.1.4:8080"));
}

#[test]
fn a_client_of_the_providers_network_reaches_the_frontend_directly() {
    let mut document = json(TWO_TENANTS);
    document["virtualMachines"]["jump"] = json!({});
    document["networkInterfaces"]["jump-nic"] = json!({ "virtualMachine": "jump", "subnet": "web" });
    let trace = ask(&document, json!({ "from": "jump", "to": "10.0.0.10" }));
    let Outcome::Answered { path, caller, .. } = trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!((path, caller.address.to_string().as_str()), (PathKind::Private, "10.0.0.6"));
}

// Addresses [UDR-OV]

#[test]
fn an_address_nothing_has_is_dropped_in_its_network() {
    let question = json!({ "from": "client1", "to": "10.0.9.9" });
    assert_eq!(end_of_trace(&json(TWO_TENANTS), question), ("AddressUnused", Place::Resource(id("ntt-vnet"))));
}

#[test]
fn a_none_route_drops_at_the_sender() {
    let trace = ask(&json(TWO_TENANTS), json!({ "from": "client1", "to": "192.168.1.1" }));
    let Outcome::Dropped { cause: DropCause::RouteNone { prefix }, .. } = trace.outcome else { panic!() };
    assert_eq!(prefix.to_string(), "192.168.0.0/16");
}

#[test]
fn a_peered_machine_is_reached_and_refuses_where_nothing_listens() {
    let question = json!({ "from": "rg1vm1", "to": "10.1.0.4", "protocol": "TCP", "port": 22 });
    assert_eq!(end_of_trace(&json(PEERED), question.clone()), ("ConnectionRefused", Place::Resource(id("rg1vm2"))));
    let mut document = json(PEERED);
    document["virtualMachines"]["rg1vm2"]["services"] = json!([{ "name": "OpenSSH", "port": 22 }]);
    let trace = ask(&document, question);
    assert!(matches!(trace.outcome, Outcome::Answered { path: PathKind::Private, response: None, .. }));
}

#[test]
fn the_two_tenants_use_the_same_addresses() {
    let pairs = network(&json(TWO_TENANTS)).overlapping_networks();
    assert_eq!(pairs, [(id("ntt-vnet"), id("msdn-vnet"))]);
    assert_eq!(network(&json(PEERED)).overlapping_networks(), []);
}

#[test]
fn a_subnet_without_default_outbound_access_has_no_way_to_the_internet() {
    let mut document = json(PEERED);
    document["subnets"]["rg1vnet2-default"]["defaultOutboundAccess"] = json!(false);
    assert_eq!(end_of_trace(&document, blob_from("rg1vm2")), ("NoOutboundAccess", Place::Resource(id("rg1vm2"))));
}

// Names [PE-DNS][PRIV-FALLBACK]

#[test]
fn the_public_alias_exists_only_while_a_connection_is_approved() {
    let mut document = json(PEERED);
    endpoint_status(&mut document, "rg1pe1sto1", "privateLinkServiceConnections", "Rejected");
    let trace = ask(&document, blob_from("rg1vm1"));
    assert!(trace.to_json().contains("52.239.170.68"), "the stale record is never asked for");
    assert!(!trace.steps.iter().any(|step| matches!(step.event, Event::PublicAlias { private_link: true, .. })));
    let privatelink = json!({ "from": "rg1vm2", "to": "rg1sto1brng1.privatelink.blob.core.windows.net" });
    assert_eq!(end_of_trace(&document, privatelink).0, "NameNotResolved");
}

#[test]
fn a_linked_zone_without_the_record_hides_the_public_name() {
    let mut document = json(PEERED);
    document["privateDnsZones"]["zone-blob"]["recordSets"] = json!({});
    let trace = ask(&document, blob_from("rg1vm1"));
    assert_eq!(cause(&trace), "NameNotResolved");
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::PrivateMissing { .. })));
}

#[test]
fn nxdomain_redirect_leads_back_to_the_public_name() {
    let mut document = json(PEERED);
    document["privateDnsZones"]["zone-blob"]["recordSets"] = json!({});
    let link = &mut document["privateDnsZones"]["zone-blob"]["virtualNetworkLinks"]["link-rg1vnet1"];
    link["resolutionPolicy"] = json!("NxDomainRedirect");
    let trace = ask(&document, blob_from("rg1vm1"));
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::RedirectedToPublic { .. })));
    assert_eq!(status(&trace), Some(403));
}

#[test]
fn the_longest_linked_zone_answers() {
    let mut document = json(PEERED);
    document["privateDnsZones"]["all"] = json!({
        "subscription": "subscription-01", "name": "core.windows.net",
        "virtualNetworkLinks": { "link": { "virtualNetwork": "rg1vnet1" } },
        "recordSets": { "rg1sto1brng1.privatelink.blob": { "ttl": 10, "aRecords": ["10.0.0.99"] } }
    });
    let question = json!({
        "from": "rg1vm1", "to": "rg1sto1brng1.privatelink.blob.core.windows.net", "protocol": "TCP", "port": 443
    });
    let trace = ask(&document, question);
    let Event::PrivateRecord { zone, address, .. } = &trace.steps[1].event else { panic!("{:?}", trace.steps[1]) };
    assert_eq!((zone.as_str(), address.to_string().as_str()), ("zone-blob", "10.0.0.5"));
    assert!(trace.steps[1].assumptions.contains(&"A15"));
}

#[test]
fn a_whole_public_suffix_as_a_private_zone_breaks_every_account_in_it() {
    let mut document = json(PEERED);
    document["privateDnsZones"]["whole"] = json!({
        "subscription": "subscription-01", "name": "blob.core.windows.net",
        "virtualNetworkLinks": { "link": { "virtualNetwork": "rg1vnet1" } }
    });
    assert_eq!(end_of_trace(&document, blob_from("rg1vm1")).0, "NameNotResolved");
}

#[test]
fn a_name_nobody_has_does_not_resolve_and_nonsense_is_not_asked_for() {
    let question = json!({ "from": "client1", "to": "nobody.example" });
    assert_eq!(end_of_trace(&json(TWO_TENANTS), question).0, "NameNotResolved");
    let question = json!({ "from": "client1", "to": "not a name" });
    assert_eq!(end_of_trace(&json(TWO_TENANTS), question).0, "TargetNotUnderstood");
}

#[test]
fn a_custom_dns_server_does_not_answer() {
    let mut document = json(PEERED);
    document["virtualNetworks"]["rg1vnet1"]["dnsServers"] = json!(["10.0.0.53"]);
    assert_eq!(end_of_trace(&document, blob_from("rg1vm1")).0, "ResolverUnreachable");
}

// Platform firewall [STG-NET]

#[test]
fn the_firewall_does_not_look_at_private_endpoints() {
    let mut document = json(PEERED);
    document["platformServices"]["rg1sto1brng1"]["publicNetworkAccess"] = json!("Disabled");
    assert_eq!(verdict(&document, blob_from("rg1vm1")), FirewallVerdict::AllowedByPrivateEndpoint);
    assert_eq!(verdict(&document, blob_from("rg1vm2")), FirewallVerdict::DeniedPublicNetworkAccess);
}

#[test]
fn an_ip_rule_admits_the_public_address_and_never_a_31_or_32() {
    let mut document = json(PEERED);
    let Outcome::Answered { caller, .. } = ask(&document, blob_from("rg1vm2")).outcome else { panic!() };
    let mut with_rule = |rule: String| {
        document["platformServices"]["rg1sto1brng1"]["networkAcls"]["ipRules"] = json!([rule]);
        verdict(&document, blob_from("rg1vm2"))
    };
    assert_eq!(with_rule(caller.address.to_string()), FirewallVerdict::AllowedByIpRule);
    assert_eq!(with_rule("203.0.113.0/24".into()), FirewallVerdict::AllowedByIpRule);
    assert_eq!(with_rule(format!("{}/32", caller.address)), FirewallVerdict::DeniedByDefault);
    assert_eq!(with_rule("10.1.0.0/24".into()), FirewallVerdict::DeniedByDefault);
}

#[test]
fn default_allow_admits_everyone_and_a_missing_path_is_not_found() {
    let mut document = json(PEERED);
    document["platformServices"]["rg1sto1brng1"]["networkAcls"] = json!({});
    assert_eq!(verdict(&document, blob_from("rg1vm2")), FirewallVerdict::AllowedByDefault);
    let mut question = blob_from("rg1vm2");
    question["path"] = json!("/test1/other.txt");
    assert_eq!(status(&ask(&document, question)), Some(404));
}

#[test]
fn key_vault_names_the_client_it_refuses() {
    let question = json!({ "from": "rg1vm2", "protocol": "HTTPS", "to": "kv1brntest1.vault.azure.net" });
    let Outcome::Answered { caller, response: Some(response), .. } = ask(&json(PEERED), question).outcome else {
        panic!()
    };
    assert_eq!((response.status, response.error_code.as_deref()), (403, Some("ForbiddenByFirewall")));
    assert!(response.body.contains(&caller.address.to_string()));
}

#[test]
fn the_privatelink_name_fails_the_certificate_check_unless_insecure() {
    let question = json!({
        "from": "rg1vm1", "protocol": "HTTPS", "to": "rg1sto1brng1.privatelink.blob.core.windows.net"
    });
    assert_eq!(end_of_trace(&json(PEERED), question), ("CertificateMismatch", Place::Resource(id("rg1vm1"))));
}

#[test]
fn storage_answers_plain_http_with_a_demand_for_https() {
    let trace = ask(&json(PEERED), json!({ "from": "rg1vm1", "to": BLOB, "path": "/test1/test.txt" }));
    assert_eq!(status(&trace), Some(400));
}

// Half-drawn documents

#[test]
fn a_sender_without_an_interface_sends_nothing() {
    let mut document = json(TWO_TENANTS);
    document["networkInterfaces"].as_object_mut().unwrap().shift_remove("client1-nic");
    assert_eq!(end_of_trace(&document, to_iis()), ("SenderWithoutInterface", Place::Resource(id("client1"))));
}

#[test]
fn the_published_topologies_have_no_problems() {
    for document in [TWO_TENANTS, PEERED, SERVICE_ENDPOINT] {
        assert_eq!(compile(&support::read(&json(document))).1, []);
    }
}

#[test]
fn the_two_tenant_topology_fits_into_a_link_of_700_characters() {
    let link = topology::link::encode(&support::read(&json(TWO_TENANTS)));
    assert!(link.len() <= 700, "{}", link.len());
}

#[test]
fn what_is_contradictory_is_reported_where_it_is() {
    let mut document = json(TWO_TENANTS);
    document["subnets"]["nat"].as_object_mut().unwrap().shift_remove("privateLinkServiceNetworkPolicies");
    document["networkInterfaces"]["iis-0-nic"]["privateIPAddress"] = json!("10.0.0.10");
    document["networkInterfaces"]["iis-1-nic"]["privateIPAddress"] = json!("10.0.0.3");
    document["loadBalancers"]["lb-iis"]["sku"] = json!("Basic");
    document["virtualMachines"]["nat"] = json!({});
    document["subnets"]["overlap"] = json!({ "virtualNetwork": "msdn-vnet", "addressPrefix": "10.0.0.128/25" });
    document["subnets"]["outside"] = json!({ "virtualNetwork": "msdn-vnet", "addressPrefix": "10.9.0.0/24" });
    document["subnets"]["adrift"] = json!({ "virtualNetwork": "no-vnet", "addressPrefix": "10.9.0.0/24" });
    let codes: Vec<(String, ProblemCode)> = compile(&support::read(&document))
        .1
        .into_iter()
        .map(|problem| (format!("{}/{}", problem.subject, problem.field), problem.code))
        .collect();
    let has = |place: &str, code: ProblemCode| {
        assert!(codes.contains(&(place.into(), code.clone())), "{place} {code:?} not in {codes:#?}");
    };
    has("nat/", ProblemCode::DuplicateId);
    has("pls-iis/ipConfigurations/0", ProblemCode::PrivateLinkServicePolicyEnabled { subnet: id("nat") });
    has(
        "pls-iis/loadBalancerFrontendIpConfigurations/0",
        ProblemCode::LoadBalancerNotStandard { load_balancer: id("lb-iis") },
    );
    let reserved = ProblemCode::AddressReserved { address: "10.0.0.3".parse().unwrap() };
    has("iis-1-nic/privateIPAddress", reserved);
    let in_use = ProblemCode::AddressInUse { address: "10.0.0.10".parse().unwrap(), by: id("iis-0-nic") };
    has("lb-iis/frontendIPConfigurations/frontend", in_use);
    has("overlap/addressPrefix", ProblemCode::SubnetsOverlap { other: id("web") });
    has("outside/addressPrefix", ProblemCode::SubnetOutsideNetwork);
    has("adrift/virtualNetwork", ProblemCode::MissingReference { reference: "no-vnet".into() });
}

#[test]
fn a_full_subnet_gives_no_more_addresses() {
    let mut document = json(TWO_TENANTS);
    document["subnets"]["endpoints"]["addressPrefix"] = json!("10.0.1.0/29");
    for n in 0..3 {
        document["privateEndpoints"][format!("pe-{n}")] = json!({ "subnet": "endpoints" });
    }
    let (compiled, problems) = compile(&support::read(&document));
    assert_eq!(compiled.address_of(&id("pe-1")), Some("10.0.1.6".parse().unwrap()));
    assert_eq!(compiled.address_of(&id("pe-2")), None);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, ProblemCode::SubnetIsFull { subnet: id("endpoints") });
}
