//! The bytes of a packet at each step, what each of them means, and where it comes from.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own frames has failed")]

mod support;

use std::net::Ipv4Addr;

use capture::{Frame, GATEWAY, Origin};
use expect_test::expect;
use serde_json::json;
use sim::trace::Outcome;
use support::{
    Run, blob, document, forwarded, missing, ping, proxied, refused, text, through_an_appliance, two_tenants,
};
use wire::dns::{Message, RecordData, ResponseCode};
use wire::packet::{Packet, Transport};
use wire::tcp::Flags;
use wire::{ethernet, icmp, ipv4, tcp, udp};

/// A frame taken apart again.
struct Opened<'a> {
    ethernet: ethernet::Repr,
    ip: ipv4::Repr,
    tcp: Option<tcp::Repr>,
    payload: &'a [u8],
}

fn open(frame: &Frame) -> Opened<'_> {
    let (ethernet, rest) = ethernet::Repr::parse(&frame.bytes).unwrap();
    let (ip, rest) = ipv4::Repr::parse(rest).unwrap();
    if ip.protocol == ipv4::Protocol::Tcp {
        let (tcp, payload) = tcp::Repr::parse(rest, ip.source, ip.destination).unwrap();
        return Opened { ethernet, ip, tcp: Some(tcp), payload };
    }
    if ip.protocol == ipv4::Protocol::Icmp {
        let (_, payload) = icmp::Repr::parse(rest).unwrap();
        return Opened { ethernet, ip, tcp: None, payload };
    }
    let (_, payload) = udp::Repr::parse(rest, ip.source, ip.destination).unwrap();
    Opened { ethernet, ip, tcp: None, payload }
}

fn runs() -> [Run; 8] {
    [two_tenants(), blob(), missing(), refused(), forwarded(), through_an_appliance(), ping(), proxied()]
}

#[test]
fn every_packet_of_a_trace_is_a_frame_with_its_addresses_and_ports_and_right_checksums() {
    for run in runs() {
        for (step, frames) in run.trace.steps.iter().zip(run.frames()) {
            for (packet, frames) in [(step.before, frames.before), (step.after, frames.after)] {
                let Some(Packet { transport, source, destination, .. }) = packet else {
                    assert!(frames.is_empty());
                    continue;
                };
                assert!(!frames.is_empty(), "{step:?}");
                for frame in &frames {
                    let opened = open(frame);
                    assert_eq!((opened.ip.source, opened.ip.destination), (source.address, destination.address));
                    assert_eq!(opened.ip.protocol, transport.protocol());
                    let name = match transport {
                        Transport::Tcp => "tcp",
                        Transport::Udp => "udp",
                        // No ports.
                        Transport::Icmp => continue,
                    };
                    let port = |end: &str| frame.field(&format!("{name}.{end}port")).unwrap().value.clone();
                    assert_eq!((port("src"), port("dst")), (source.port.to_string(), destination.port.to_string()));
                }
            }
        }
    }
}

#[test]
fn the_fields_of_a_frame_follow_each_other_and_leave_only_separators_of_text_between_them() {
    for frame in runs().iter().flat_map(Run::all_frames) {
        let mut end = 0;
        for field in &frame.fields {
            assert!(field.range.start >= end && field.range.end > field.range.start, "{field:?}");
            assert!(capture::FIELD_NAMES.contains(&field.name), "{field:?}");
            let gap = &frame.bytes[end..field.range.start];
            assert!(gap.is_empty() || (end >= 54 && gap.is_ascii()), "{gap:?} before {field:?}");
            assert_eq!(frame.field_at(field.range.start).unwrap().name, field.name);
            end = field.range.end;
        }
        assert!(
            frame.bytes[end..].iter().all(|byte| b"\r\n".contains(byte)),
            "nothing but the end of the head is left"
        );
    }
}

#[test]
fn the_other_side_of_every_link_has_the_address_of_azures_gateway() {
    for run in runs() {
        for frame in run.all_frames() {
            let Opened { ethernet, .. } = open(&frame);
            let ends = [ethernet.source, ethernet.destination];
            assert_eq!(ends.iter().filter(|end| **end == GATEWAY).count(), 1, "{ends:?}");
        }
    }
    let syn = open(&two_tenants().at("RouteSelected").before[0]).ethernet;
    assert_eq!(syn.destination, GATEWAY, "the sender's own packet leaves, though the step finds it there");
    let accepted = open(&two_tenants().at("GuestAccepted").before[0]).ethernet;
    assert_eq!(accepted.source, GATEWAY);
    assert_ne!(syn.source, accepted.destination);
}

#[test]
fn a_connection_counts_its_bytes_through_every_translation() {
    let run = two_tenants();
    let header = |frames: &[Frame]| open(&frames[0]).tcp.unwrap();
    let syn = header(&run.at("RouteSelected").before);
    let (translated, balanced) = (header(&run.at("Translated").after), header(&run.at("Balanced").after));
    assert_eq!(syn.flags, Flags::SYN);
    assert_eq!(syn.max_segment_size, Some(1460));
    assert_eq!((translated.sequence, balanced.sequence), (syn.sequence, syn.sequence), "NAT leaves them alone");

    let syn_ack = header(&run.at("Connected").before);
    assert_eq!(syn_ack.flags, Flags::SYN | Flags::ACK);
    assert_eq!(syn_ack.acknowledgement, syn.sequence.wrapping_add(1));
    assert_ne!(syn_ack.sequence, syn.sequence);

    let arrived = run.at("RequestArrived").before;
    let request = header(&arrived);
    assert_eq!(request.flags, Flags::PSH | Flags::ACK);
    assert_eq!(request.sequence, syn.sequence.wrapping_add(1));
    assert_eq!(request.acknowledgement, syn_ack.sequence.wrapping_add(1));

    let response = header(&run.at("ResponseReceived").before);
    let asked = u32::try_from(open(&arrived[0]).payload.len()).unwrap();
    assert_eq!(response.acknowledgement, request.sequence.wrapping_add(asked));
    assert_eq!(response.sequence, syn_ack.sequence.wrapping_add(1));
}

#[test]
fn a_machine_that_sends_a_packet_on_lowers_its_time_to_live() {
    let run = through_an_appliance();
    let forwarded = run.at("Forwarded");
    let (before, after) = (open(&forwarded.before[0]).ip, open(&forwarded.after[0]).ip);
    assert_eq!((before.ttl, after.ttl), (64, 63));
    assert_ne!(before.source, after.source, "the appliance puts its own address there");
    assert_eq!(open(&run.at("RequestArrived").before[0]).ip.ttl, 63);
    let back = run.at("ReplyForwarded");
    assert_eq!((open(&back.before[0]).ip.ttl, open(&back.after[0]).ip.ttl), (64, 63));
    assert_eq!(open(&run.at("ResponseReceived").before[0]).ip.ttl, 63);
    assert_eq!(open(&two_tenants().at("RequestArrived").before[0]).ip.ttl, 64, "Azure's own network does not");
}

#[test]
fn a_proxy_header_comes_before_the_clients_bytes_and_counts_with_them() {
    let run = proxied();
    let sent = run.at("ProxyHeaderSent").after;
    let header = open(&sent[0]);
    assert_eq!((header.payload.len(), &header.payload[..12]), (36, &wire::proxy_v2::SIGNATURE[..]));
    let link = sent[0].field("proxy.v2.tlv.linkid").unwrap();
    assert_eq!(link.origin, Origin::Path("privateEndpoints/pe-iis/linkIdentifier".into()));
    assert_eq!(link.value, u32::from_le_bytes(*header.payload.last_chunk().unwrap()).to_string());
    let read = open(&run.at("ProxyHeaderRead").before[0]).payload.to_vec();
    assert_eq!(read, header.payload);
    let arrived = run.at("RequestArrived").before;
    let (first, request) = (header.tcp.unwrap(), open(&arrived[0]).tcp.unwrap());
    assert_eq!(request.sequence, first.sequence.wrapping_add(36));
    let answered = open(&run.at("ResponseSent").after[0]).tcp.unwrap();
    let asked = u32::try_from(open(&arrived[0]).payload.len()).unwrap();
    assert_eq!(answered.acknowledgement, request.sequence.wrapping_add(asked));
    let received = open(&run.at("ResponseReceived").before[0]).tcp.unwrap();
    assert_eq!(received.acknowledgement, first.sequence.wrapping_add(asked), "the consumer's side knows no header");
}

#[test]
fn a_refusal_is_a_reset_that_acknowledges_the_syn() {
    let run = refused();
    let Outcome::Dropped { cause, .. } = &run.trace.outcome else { panic!("{:?}", run.trace.outcome) };
    assert_eq!(cause.code(), "ConnectionRefused");
    let frames = run.at("Dropped");
    let (syn, reset) = (open(&frames.before[0]).tcp.unwrap(), open(&frames.after[0]).tcp.unwrap());
    assert_eq!(reset.flags, Flags::RST | Flags::ACK);
    assert_eq!((reset.sequence, reset.acknowledgement), (0, syn.sequence.wrapping_add(1)));
}

#[test]
fn a_request_is_http_as_curl_sends_it_and_the_response_what_the_guest_says() {
    let run = two_tenants();
    let request = run.at("RequestArrived").before;
    let expected = "GET / HTTP/1.1\r\nHost: 10.0.1.4\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";
    assert_eq!(std::str::from_utf8(open(&request[0]).payload).unwrap(), expected);
    let response = run.at("ResponseReceived").before;
    let body = "Served by iis-1. Your address is 10.0.2.4.";
    let expected = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(std::str::from_utf8(open(&response[0]).payload).unwrap(), expected);
}

#[test]
fn https_is_a_tls_record_whose_content_is_not_encrypted() {
    let run = blob();
    let request = run.at("RequestArrived").before;
    let payload = open(&request[0]).payload;
    assert_eq!(payload[..3], [0x17, 3, 3]);
    assert_eq!(usize::from(u16::from_be_bytes([payload[3], payload[4]])), payload.len() - 5);
    assert!(payload[5..].starts_with(b"GET /test1/test.txt HTTP/1.1\r\nHost: rg1sto1brng1.blob.core.windows.net\r\n"));
    assert_eq!(request[0].field("http.host").unwrap().origin, Origin::Request("to"));
}

#[test]
fn a_body_longer_than_a_segment_takes_several_and_one_longer_than_a_record_several_records() {
    let mut document = document(support::PEERED);
    let service = &mut document["platformServices"]["rg1sto1brng1"]["content"]["/test1/test.txt"];
    *service = json!("x".repeat(20_000));
    let request = document["requests"][0].clone();
    let run = Run::of(document, request);
    let response = run.at("ResponseReceived").before;
    let opened: Vec<Opened<'_>> = response.iter().map(open).collect();
    let mut next = opened[0].tcp.unwrap().sequence;
    let mut stream = Vec::new();
    for segment in &opened {
        let header = segment.tcp.unwrap();
        assert_eq!(header.sequence, next);
        assert!(segment.payload.len() <= 1460);
        next = next.wrapping_add(u32::try_from(segment.payload.len()).unwrap());
        stream.extend(segment.payload);
    }
    let last = opened.last().unwrap().tcp.unwrap();
    assert!(last.flags.contains(Flags::PSH) && !opened[0].tcp.unwrap().flags.contains(Flags::PSH));
    let first = usize::from(u16::from_be_bytes([stream[3], stream[4]]));
    assert_eq!(first, 1 << 14);
    assert_eq!(stream[5 + first], 0x17, "the second record follows");
}

#[test]
fn an_answer_holds_the_whole_chain_and_pairs_with_its_question() {
    let run = blob();
    let question = Message::parse(open(&run.at("QuerySent").after[0]).payload).unwrap();
    let answer = Message::parse(open(&run.at("AnswerReceived").before[0]).payload).unwrap();
    assert!(answer.response && question.recursion_desired && answer.recursion_available);
    assert_eq!((answer.id, &answer.questions), (question.id, &question.questions));
    let data: Vec<String> = answer.answers.iter().map(|record| record.data.to_string()).collect();
    assert_eq!(data, ["rg1sto1brng1.privatelink.blob.core.windows.net", "10.0.0.5"]);
}

#[test]
fn a_missing_name_is_answered_with_the_authority_of_the_private_zone() {
    let answer = Message::parse(open(&missing().at("AnswerReceived").before[0]).payload).unwrap();
    assert_eq!(answer.code, ResponseCode::NxDomain);
    let [record] = &answer.authorities[..] else { panic!("{answer:?}") };
    assert_eq!(record.name.as_str(), "privatelink.blob.core.windows.net");
    assert!(matches!(&record.data, RecordData::Soa(soa) if soa.minimum == 10));
}

#[test]
fn a_server_passes_on_what_it_was_told_with_the_id_of_the_question_it_was_asked() {
    let run = forwarded();
    let (asked, forwarded) = (run.at("QuerySent").after, run.at("QueryForwarded").after);
    let id = |frames: &[Frame]| Message::parse(open(&frames[0]).payload).unwrap().id;
    assert_ne!(id(&asked), id(&forwarded));
    let relayed = run.at("AnswerRelayed");
    assert_eq!((id(&relayed.before), id(&relayed.after)), (id(&forwarded), id(&asked)));
    let answers = |frames: &[Frame]| Message::parse(open(&frames[0]).payload).unwrap().answers;
    assert_eq!(answers(&relayed.before), answers(&relayed.after));
    let port = &relayed.after[0].field("ip.src").unwrap().origin;
    assert_eq!(*port, Origin::Path("virtualNetworks/rg1vnet1/dnsServers".into()));
    let target = &forwarded[0].field("ip.dst").unwrap().origin;
    assert_eq!(*target, Origin::Path("virtualMachines/dns/dnsServer/forwarders/0".into()));
}

#[test]
fn every_field_says_where_it_comes_from() {
    let run = two_tenants();
    expect![[r#"
        0..6      eth.dst                  12:34:56:78:9a:bc  ← Convention
        6..12     eth.src                  00:0d:3a:2a:28:51  ← Convention
        12..14    eth.type                 0x0800 IPv4  ← Fixed("RFC 894")
        14..15    ip.version               4, 20 bytes  ← Fixed("RFC 791 §3.1")
        15..16    ip.dsfield               0  ← Fixed("RFC 791 §3.1")
        16..18    ip.len                   44  ← Computed
        18..20    ip.id                    0  ← Fixed("RFC 6864 §4.1")
        20..22    ip.flags                 DF  ← Convention
        22..23    ip.ttl                   64  ← Convention
        23..24    ip.proto                 6 TCP  ← Request("protocol")
        24..26    ip.checksum              0x24c4  ← Computed
        26..30    ip.src                   10.0.2.4  ← Path("privateLinkServices/pls-iis/ipConfigurations/0")
        30..34    ip.dst                   10.0.0.5  ← Path("networkInterfaces/iis-1-nic/privateIPAddress")
        34..36    tcp.srcport              1024  ← Path("natBindings/1")
        36..38    tcp.dstport              80  ← Request("protocol")
        38..42    tcp.seq                  763568330  ← Convention
        42..46    tcp.ack                  0  ← Computed
        46..47    tcp.hdr_len              24  ← Computed
        47..48    tcp.flags                SYN  ← Fixed("RFC 9293 §3.5")
        48..50    tcp.window_size_value    64240  ← Convention
        50..52    tcp.checksum             0x3490  ← Computed
        52..54    tcp.urgent_pointer       0  ← Fixed("RFC 9293 §3.1")
        54..58    tcp.options.mss          1460  ← Convention
    "#]]
    .assert_eq(&text(&run.at("Balanced").after[0]));
    expect![[r#"
        0..6      eth.dst                  00:0d:3a:9f:0f:7e  ← Convention
        6..12     eth.src                  12:34:56:78:9a:bc  ← Convention
        12..14    eth.type                 0x0800 IPv4  ← Fixed("RFC 894")
        14..15    ip.version               4, 20 bytes  ← Fixed("RFC 791 §3.1")
        15..16    ip.dsfield               0  ← Fixed("RFC 791 §3.1")
        16..18    ip.len                   121  ← Computed
        18..20    ip.id                    0  ← Fixed("RFC 6864 §4.1")
        20..22    ip.flags                 DF  ← Convention
        22..23    ip.ttl                   64  ← Convention
        23..24    ip.proto                 6 TCP  ← Request("protocol")
        24..26    ip.checksum              0x2578  ← Computed
        26..30    ip.src                   10.0.1.4  ← Path("natBindings/1")
        30..34    ip.dst                   10.0.0.4  ← Path("natBindings/1")
        34..36    tcp.srcport              80  ← Request("protocol")
        36..38    tcp.dstport              49152  ← Path("natBindings/1")
        38..42    tcp.seq                  1522147887  ← Convention
        42..46    tcp.ack                  763568402  ← Computed
        46..47    tcp.hdr_len              20  ← Computed
        47..48    tcp.flags                PSH, ACK  ← Fixed("RFC 9293 §3.5")
        48..50    tcp.window_size_value    64240  ← Convention
        50..52    tcp.checksum             0xf9e7  ← Computed
        52..54    tcp.urgent_pointer       0  ← Fixed("RFC 9293 §3.1")
        54..62    http.response.version    HTTP/1.1  ← Fixed("RFC 9112 §2.3")
        63..66    http.response.code       200  ← Path("virtualMachines/iis-1")
        67..69    http.response.phrase     OK  ← Fixed("RFC 9110 §15")
        87..89    http.content_length_header 42  ← Computed
        93..135   http.file_data           Served by iis-1. Your address is 10.0.2.4.  ← Path("virtualMachines/iis-1")
    "#]]
    .assert_eq(&text(&run.at("ResponseReceived").before[0]));
    expect![[r#"
        0..6      eth.dst                  00:0d:3a:ee:e4:b6  ← Convention
        6..12     eth.src                  12:34:56:78:9a:bc  ← Convention
        12..14    eth.type                 0x0800 IPv4  ← Fixed("RFC 894")
        14..15    ip.version               4, 20 bytes  ← Fixed("RFC 791 §3.1")
        15..16    ip.dsfield               0  ← Fixed("RFC 791 §3.1")
        16..18    ip.len                   135  ← Computed
        18..20    ip.id                    0  ← Fixed("RFC 6864 §4.1")
        20..22    ip.flags                 DF  ← Convention
        22..23    ip.ttl                   64  ← Convention
        23..24    ip.proto                 17 UDP  ← Fixed("RFC 1035 §4.2")
        24..26    ip.checksum              0x0713  ← Computed
        26..30    ip.src                   168.63.129.16  ← Fixed("WIRE-IP")
        30..34    ip.dst                   10.0.0.4  ← Path("networkInterfaces/rg1vm1243/privateIPAddress")
        34..36    udp.srcport              53  ← Fixed("RFC 1035 §4.2")
        36..38    udp.dstport              49152  ← Path("ephemeralPorts/rg1vm1")
        38..40    udp.length               115  ← Computed
        40..42    udp.checksum             0x9925  ← Computed
        42..44    dns.id                   0x45f7  ← Convention
        44..46    dns.flags                0x8180 NOERROR  ← Fixed("RFC 1035 §4.1.1")
        46..48    dns.count.queries        1  ← Computed
        48..50    dns.count.answers        2  ← Computed
        50..52    dns.count.auth_rr        0  ← Computed
        52..54    dns.count.add_rr         0  ← Computed
        54..90    dns.qry.name             rg1sto1brng1.blob.core.windows.net  ← Request("to")
        90..92    dns.qry.type             A  ← Fixed("RFC 1035 §3.2")
        92..94    dns.qry.class            IN  ← Fixed("RFC 1035 §3.2")
        94..96    dns.resp.name            rg1sto1brng1.blob.core.windows.net  ← Fixed("DMAUSER-DNS")
        96..98    dns.resp.type            CNAME  ← Fixed("RFC 1035 §3.2")
        98..100   dns.resp.class           IN  ← Fixed("RFC 1035 §3.2")
        100..104  dns.resp.ttl             60  ← Fixed("DMAUSER-DNS")
        104..106  dns.resp.len             27  ← Computed
        106..133  dns.cname                rg1sto1brng1.privatelink.blob.core.windows.net  ← Fixed("DMAUSER-DNS")
        133..135  dns.resp.name            rg1sto1brng1.privatelink.blob.core.windows.net  ← Path("privateDnsZones/zone-blob/recordSets/rg1sto1brng1")
        135..137  dns.resp.type            A  ← Fixed("RFC 1035 §3.2")
        137..139  dns.resp.class           IN  ← Fixed("RFC 1035 §3.2")
        139..143  dns.resp.ttl             10  ← Path("privateDnsZones/zone-blob/recordSets/rg1sto1brng1")
        143..145  dns.resp.len             4  ← Computed
        145..149  dns.a                    10.0.0.5  ← Path("privateDnsZones/zone-blob/recordSets/rg1sto1brng1")
    "#]].assert_eq(&text(&blob().at("AnswerReceived").before[0]));
}

/// What a field's origin names, when it changes, changes the field; what it does not name leaves the field alone.
#[test]
fn changing_the_field_an_origin_names_changes_the_bytes() {
    let mut document = document(support::TWO_TENANTS);
    let request = document["requests"][0].clone();
    let before = Run::of(document.clone(), request.clone()).at("Translated").after;
    let origin = &before[0].field("ip.src").unwrap().origin;
    assert_eq!(*origin, Origin::Path("privateLinkServices/pls-iis/ipConfigurations/0".into()));
    document["privateLinkServices"]["pls-iis"]["ipConfigurations"][0]["privateIPAddress"] = json!("10.0.2.77");
    let after = Run::of(document, request).at("Translated").after;
    let changed: Vec<&str> = before[0]
        .fields
        .iter()
        .zip(&after[0].fields)
        .filter(|(one, other)| one.value != other.value)
        .map(|(field, _)| field.name)
        .collect();
    assert_eq!(open(&after[0]).ip.source, Ipv4Addr::new(10, 0, 2, 77));
    assert_eq!(changed, ["eth.src", "ip.checksum", "ip.src", "tcp.checksum"], "and what is computed from it");
}
