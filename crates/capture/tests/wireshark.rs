//! What Wireshark reads in the captures. Without `tshark` on the machine these tests say so and pass.

#![allow(clippy::unwrap_used, reason = "a test that cannot read what tshark prints has failed")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::path::PathBuf;
use std::process::Command;

use capture::Frame;
use support::{Run, blob, forwarded, missing, ping, proxied, refused, through_an_appliance, two_tenants};
use wire::pcapng::{Direction, Packet, Writer};

/// What tshark prints about a capture; `None` where there is no tshark.
fn tshark(name: &str, capture: &[u8], arguments: &[&str]) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pcapng"));
    std::fs::write(&path, capture).unwrap();
    let mut command = Command::new("tshark");
    for preference in [
        "ip.check_checksum:TRUE",
        "tcp.check_checksum:TRUE",
        "udp.check_checksum:TRUE",
        "tcp.relative_sequence_numbers:FALSE",
        // The same segment is seen at several interfaces of one file; each is read as if it were alone.
        "tcp.analyze_sequence_numbers:FALSE",
        // A PROXY header stands where Wireshark expects HTTP.
        "tcp.try_heuristic_first:TRUE",
    ] {
        command.args(["-o", preference]);
    }
    let Ok(output) = command.arg("-r").arg(&path).args(arguments).output() else {
        println!("skipped: there is no tshark here (Debian: apt-get install tshark)");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// One line a packet, the fields of it separated by `|`.
fn fields(name: &str, run: &Run, fields: &[&str]) -> Option<Vec<String>> {
    let mut arguments = vec!["-T", "fields", "-E", "separator=|"];
    arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
    Some(tshark(name, &run.pcapng(), &arguments)?.lines().map(str::to_owned).collect())
}

fn runs() -> [(&'static str, Run); 8] {
    [
        ("two-tenants", two_tenants()),
        ("blob", blob()),
        ("missing", missing()),
        ("refused", refused()),
        ("forwarded", forwarded()),
        ("appliance", through_an_appliance()),
        ("ping", ping()),
        ("proxied", proxied()),
    ]
}

#[test]
fn no_packet_is_malformed_and_every_checksum_is_good() {
    for (name, run) in runs() {
        let transports = ["tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status"];
        let wanted = [&["_ws.malformed", "ip.checksum.status"][..], &transports[..]].concat();
        let Some(lines) = fields(name, &run, &wanted) else { return };
        assert!(!lines.is_empty());
        for line in lines {
            // 1 is good.
            assert!(["|1|1||", "|1||1|", "|1|||1"].contains(&line.as_str()), "{name}: {line}");
        }
    }
}

#[test]
fn a_connection_is_seen_at_every_interface_it_passes_with_each_rewrite_as_a_comment() {
    let wanted = ["frame.interface_name", "ip.src", "tcp.srcport", "ip.dst", "tcp.flags.str", "http.request.uri"];
    let Some(lines) = fields("every-interface", &two_tenants(), &wanted) else { return };
    let expected = "\
client1-nic|10.0.0.4|49152|10.0.1.4|··········S·|
pe-iis|10.0.0.4|49152|10.0.1.4|··········S·|
pls-iis|10.0.0.4|49152|10.0.1.4|··········S·|
pls-iis 10.0.2.4|10.0.2.4|1024|10.0.0.10|··········S·|
lb-iis|10.0.2.4|1024|10.0.0.10|··········S·|
lb-iis|10.0.2.4|1024|10.0.0.5|··········S·|
iis-1-nic|10.0.2.4|1024|10.0.0.5|··········S·|
iis-1-nic|10.0.0.5|80|10.0.2.4|·······A··S·|
lb-iis|10.0.0.5|80|10.0.2.4|·······A··S·|
lb-iis|10.0.0.10|80|10.0.2.4|·······A··S·|
pls-iis 10.0.2.4|10.0.0.10|80|10.0.2.4|·······A··S·|
pls-iis|10.0.1.4|80|10.0.0.4|·······A··S·|
pe-iis|10.0.1.4|80|10.0.0.4|·······A··S·|
client1-nic|10.0.1.4|80|10.0.0.4|·······A··S·|";
    let seen: Vec<&str> = lines.iter().map(String::as_str).filter(|line| line.contains("S·")).collect();
    assert_eq!(seen, expected.lines().collect::<Vec<_>>());
    let comments = fields("comments", &two_tenants(), &["frame.comment"]).unwrap().join("\n");
    for comment in [
        "ip.src 10.0.0.4 → 10.0.2.4 (privateLinkServices/pls-iis/ipConfigurations/0)",
        "tcp.srcport 49152 → 1024 (natBindings/1)",
        "ip.dst 10.0.0.10 → 10.0.0.5 (networkInterfaces/iis-1-nic/privateIPAddress)",
        "Connect",
    ] {
        assert!(comments.contains(comment), "{comment} is missing in {comments}");
    }
}

#[test]
fn an_appliance_is_seen_taking_a_packet_and_sending_it_on() {
    let wanted = ["frame.interface_name", "ip.src", "ip.dst", "ip.ttl", "tcp.flags.str"];
    let Some(lines) = fields("seen-at-appliance", &through_an_appliance(), &wanted) else { return };
    let expected = "\
client-nic|10.1.0.4|10.2.0.4|64|··········S·
nva-nic|10.1.0.4|10.2.0.4|64|··········S·
nva-nic|10.0.0.4|10.2.0.4|63|··········S·
server-nic|10.0.0.4|10.2.0.4|63|··········S·
server-nic|10.2.0.4|10.0.0.4|64|·······A··S·
nva-nic|10.2.0.4|10.0.0.4|64|·······A··S·
nva-nic|10.2.0.4|10.1.0.4|63|·······A··S·
client-nic|10.2.0.4|10.1.0.4|63|·······A··S·
client-nic|10.1.0.4|10.2.0.4|64|·······AP···
nva-nic|10.1.0.4|10.2.0.4|64|·······AP···
nva-nic|10.0.0.4|10.2.0.4|63|·······AP···
server-nic|10.0.0.4|10.2.0.4|63|·······AP···
server-nic|10.2.0.4|10.0.0.4|64|·······AP···
nva-nic|10.2.0.4|10.0.0.4|64|·······AP···
nva-nic|10.2.0.4|10.1.0.4|63|·······AP···
client-nic|10.2.0.4|10.1.0.4|63|·······AP···";
    assert_eq!(lines, expected.lines().collect::<Vec<_>>());
}

#[test]
fn a_proxy_header_is_seen_from_the_private_link_service_to_the_backend_only() {
    let wanted = ["frame.interface_name", "proxy.src.ipv4", "proxy.dst.ipv4", "proxy.srcport", "proxy.dstport"];
    let Some(lines) = fields("seen-header", &proxied(), &wanted) else { return };
    let expected = "\
pls-iis 10.0.2.4|10.0.0.4|10.0.1.4|49152|80
lb-iis|10.0.0.4|10.0.1.4|49152|80
lb-iis|10.0.0.4|10.0.1.4|49152|80
iis-1-nic|10.0.0.4|10.0.1.4|49152|80";
    let seen: Vec<&str> = lines.iter().map(String::as_str).filter(|line| line.contains("10.0.1.4")).collect();
    assert_eq!(seen, expected.lines().collect::<Vec<_>>());
}

#[test]
fn names_and_answers_are_read_as_they_were_given() {
    let wanted = ["frame.interface_name", "dns.qry.name", "dns.flags.rcode", "dns.cname", "dns.a", "dns.soa.mname"];
    let Some(lines) = fields("names", &blob(), &wanted) else { return };
    let name = "rg1sto1brng1.blob.core.windows.net";
    let private = "rg1sto1brng1.privatelink.blob.core.windows.net";
    let answer = format!("rg1vm1243|{name}|0|{private}|10.0.0.5|");
    assert!(lines.contains(&format!("AzureDNS@rg1vnet1|{name}||||")), "{lines:#?}");
    assert!(lines.contains(&answer), "{lines:#?}");

    let lines = fields("missing-name", &missing(), &wanted).unwrap();
    let name = "nobody.privatelink.blob.core.windows.net";
    assert!(lines.contains(&format!("rg1vm1243|{name}|3|||azureprivatedns.net")), "{lines:#?}");
}

/// A field of a frame as Wireshark places it: name, first byte, length.
type Placed = (String, usize, usize);

/// The fields of each packet, from Wireshark's packet details (PDML).
fn placed(pdml: &str) -> Vec<Vec<Placed>> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    let packet = |text: &str| {
        let tags = text.split("<field ").skip(1).map(|tag| format!(" {}", tag.split('>').next().unwrap_or_default()));
        let field = |tag: String| {
            let number = |name| attribute(&tag, name)?.parse().ok();
            Some((attribute(&tag, "name")?, number("pos")?, number("size")?))
        };
        tags.filter_map(field).collect()
    };
    pdml.split("<packet>").skip(1).map(packet).collect()
}

#[test]
fn fields_stand_where_wireshark_finds_them() {
    for (name, run) in runs() {
        let frames: Vec<Frame> = run.all_frames();
        let mut writer = Writer::new("test");
        let interface = writer.interface("all", "");
        for frame in &frames {
            let direction = Direction::Inbound;
            writer.packet(&Packet { interface, timestamp_us: 0, direction, frame: &frame.bytes, comments: &[] });
        }
        let arguments = ["-o", "tcp.desegment_tcp_streams:FALSE", "-T", "pdml"];
        let Some(pdml) = tshark(&format!("fields-{name}"), &writer.finish(), &arguments) else { return };
        let packets = placed(&pdml);
        assert_eq!(packets.len(), frames.len());
        for (frame, placed) in frames.iter().zip(packets) {
            let mut known = 0;
            for field in &frame.fields {
                let same: Vec<&Placed> = placed.iter().filter(|(name, ..)| name == field.name).collect();
                if same.is_empty() {
                    continue;
                }
                known += 1;
                // A name, a start; of some fields Wireshark shows only the bits that are set.
                let start = field.range.start;
                let found = same.iter().any(|(_, pos, size)| *pos <= start && start < pos + size.max(&1));
                assert!(found, "{name}: {field:?} but Wireshark says {same:?}");
            }
            assert!(known * 10 >= frame.fields.len() * 8, "{name}: {known} of {} known: {frame:?}", frame.fields.len());
        }
    }
}
