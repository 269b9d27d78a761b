//! Names between on premises and Azure, through a tunnel [PE-DNSINT][MICROHACK].

use serde_json::json;
use sim::trace::{Event, Silence};

use crate::support::hybrid::{blob_from, from, place, places_where, told, with_vpn};
use crate::support::names::{BLOB, PRIVATE, name, silences};
use crate::support::{ask, cause, network, status};

#[test]
fn rule_9_2_a_conditional_forwarder_for_the_public_suffix_leads_to_the_linked_zone_and_the_private_endpoint() {
    let trace = blob_from(&with_vpn(), "clerk");
    assert_eq!((told(&trace).as_str(), status(&trace)), (PRIVATE, Some(200)));
    let asked = |event: &Event| matches!(event, Event::QueryForwarded { .. } | Event::InboundEndpointAsked { .. });
    assert_eq!(places_where(&trace, asked), [place("hq-dns"), place("resolver")]);
}

#[test]
fn rule_3_1_1_a_tunnel_does_not_lead_to_azure_dns() {
    let mut document = with_vpn();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] =
        json!({ "conditionalForwarders": { "blob.core.windows.net": ["168.63.129.16"] } });
    let trace = blob_from(&document, "clerk");
    assert_eq!(
        (cause(&trace), silences(&trace).as_slice()),
        ("ForwardersUnreachable", &[Silence::AzureDnsOutside][..])
    );
}

#[test]
fn rule_9_3_the_question_needs_the_tunnel_the_address_and_the_security_group_of_the_inbound_endpoint() {
    let mut document = with_vpn();
    document["connections"]["hq-vpn"]["connectionStatus"] = json!("NotConnected");
    assert_eq!(silences(&blob_from(&document, "clerk")), [Silence::NoTunnel]);

    let mut document = with_vpn();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["conditionalForwarders"]["blob.core.windows.net"] =
        json!(["10.0.1.9"]);
    assert_eq!(silences(&blob_from(&document, "clerk")), [Silence::AddressUnused]);

    let mut document = with_vpn();
    document["networkSecurityGroups"]["closed"] = json!({
        "subscription": "sub",
        "securityRules": { "no-names": { "priority": 100, "direction": "Inbound", "access": "Deny",
            "destinationPortRange": "53" } },
    });
    document["subnets"]["hub-in"]["networkSecurityGroup"] = json!("closed");
    assert_eq!(silences(&blob_from(&document, "clerk")), [Silence::DeniedBySecurityGroup]);
}

#[test]
fn rule_9_4_a_forwarder_for_one_name_leaves_every_other_name_alone() {
    let mut document = with_vpn();
    document["platformServices"]["other"] =
        json!({ "type": "Microsoft.Storage/storageAccounts", "subscription": "sub" });
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] =
        json!({ "conditionalForwarders": { "acct.blob.core.windows.net": ["10.0.1.4"] } });
    assert_eq!(told(&blob_from(&document, "clerk")), PRIVATE);
    assert_eq!(told(&from(&document, "clerk", "other.blob.core.windows.net")), "public");
}

#[test]
fn rule_9_4_a_server_with_root_hints_follows_the_alias_itself_and_then_a_privatelink_forwarder_works() {
    let mut document = with_vpn();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"] =
        json!({ "conditionalForwarders": { "privatelink.blob.core.windows.net": ["10.0.1.4"] } });
    assert_eq!(told(&blob_from(&document, "clerk")), PRIVATE);
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["forwarders"] = json!(["8.8.8.8"]);
    assert_eq!(told(&blob_from(&document, "clerk")), "public", "M5");
}

#[test]
fn rule_9_5_with_the_whole_suffix_forwarded_the_account_of_somebody_else_does_not_exist() {
    let mut document = with_vpn();
    document["platformServices"]["theirs"] =
        json!({ "type": "Microsoft.Storage/storageAccounts", "subscription": "sub" });
    document["privateEndpoints"]["their-pe"] = json!({
        "subnet": "hub-default",
        "privateLinkServiceConnections": [{
            "privateLinkServiceId": "theirs",
            "groupIds": ["blob"],
            "privateLinkServiceConnectionState": { "status": "Approved" },
        }],
    });
    let theirs = "theirs.blob.core.windows.net";
    assert_eq!(told(&from(&document, "clerk", theirs)), "NXDOMAIN");
    document["privateDnsZones"]["zone"]["virtualNetworkLinks"]["hub"]["resolutionPolicy"] = json!("NxDomainRedirect");
    assert_eq!(told(&from(&document, "clerk", theirs)), "public");
}

#[test]
fn a_ruleset_forwards_names_of_the_site_through_the_gateway_to_the_server_there() {
    let mut document = with_vpn();
    document["dnsResolvers"]["resolver"]["outboundEndpoints"] = json!({ "out": { "subnet": "hub-out" } });
    document["dnsForwardingRulesets"]["rules"] = json!({
        "subscription": "sub",
        "dnsResolverOutboundEndpoints": ["resolver/out"],
        "forwardingRules": { "corp": {
            "domainName": "corp.example.", "targetDnsServers": [{ "ipAddress": "192.168.0.10" }],
        } },
        "virtualNetworkLinks": { "spoke": { "virtualNetwork": "spoke" } },
    });
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["zones"]["corp.example"]["recordSets"]["files"] =
        json!({ "ttl": 60, "aRecords": ["192.168.0.30"] });
    let trace = ask(&document, json!({ "from": "client", "to": "files.corp.example" }));
    assert_eq!(status(&trace), Some(200));
    let entered = places_where(&trace, |event| matches!(event, Event::TunnelEntered { .. }));
    assert_eq!(entered, [place("gateway"), place("gateway")], "the question, then the request");
}

#[test]
fn the_answers_from_everywhere_hold_a_row_for_each_site() {
    let answers = sim::resolve_everywhere(&network(&with_vpn()), &name(BLOB));
    let told: Vec<(String, bool)> = answers
        .iter()
        .map(|answer| (answer.network.to_string(), answer.address.is_some_and(|address| address.is_private())))
        .collect();
    assert_eq!(told, [("hub".into(), true), ("spoke".into(), false), ("hq".into(), true)]);
}

#[test]
fn rule_9_2_a_dns_server_of_ones_own_in_the_hub_serves_as_well_as_a_resolver() {
    let mut document = with_vpn();
    document["onPremisesHosts"]["hq-dns"]["dnsServer"]["conditionalForwarders"]["blob.core.windows.net"] =
        json!(["10.0.0.4"]);
    assert_eq!(told(&blob_from(&document, "clerk")), PRIVATE);
}

#[test]
fn an_answer_comes_back_through_the_tunnel_its_question_went_through() {
    let trace = blob_from(&with_vpn(), "clerk");
    let relayed =
        trace.steps.iter().find(|step| matches!(step.event, Event::AnswerRelayed { .. }) && step.at == place("hq-dns"));
    assert_eq!(relayed.unwrap().via, [place("gateway"), place("hq-device")]);
}
