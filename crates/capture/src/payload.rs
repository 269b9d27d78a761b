//! What packets carry, as bytes whose parts have names.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use sim::trace::Response;
use topology::document::RequestProtocol;
use wire::DomainName;
use wire::dns::{MAX_UDP, Message, Part, Record, RecordType, parts};
use wire::proxy_v2::Header;

use crate::frame::Field;
use crate::origin::Origin;

/// The start of a TLS record that carries application data (RFC 8446 §5.1): content type and version.
const APPLICATION_DATA: [u8; 3] = [0x17, 0x03, 0x03];
/// The most a TLS record holds (RFC 8446 §5.1).
const MAX_RECORD: usize = 1 << 14;

/// The payload of TCP or UDP.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fields: Vec<Field>,
}

impl Content {
    fn add(&mut self, name: &'static str, bytes: &[u8], value: impl Into<String>, origin: Origin) {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        self.fields.push(Field { name, range: start..self.bytes.len(), value: value.into(), origin });
    }

    fn text(&mut self, name: &'static str, text: &str, origin: Origin) {
        self.add(name, text.as_bytes(), text, origin);
    }

    /// Bytes between fields: spaces, names of headers, ends of lines.
    fn filler(&mut self, text: &str) {
        self.bytes.extend(text.as_bytes());
    }

    /// The part of it that a segment carries.
    pub(crate) fn segment(&self, range: Range<usize>) -> Self {
        let fields = self.fields.iter().filter_map(|field| {
            let (start, end) = (field.range.start.max(range.start), field.range.end.min(range.end));
            let range = start.checked_sub(range.start)?..end.checked_sub(range.start)?;
            (range.start < range.end).then(|| Field { range, ..field.clone() })
        });
        Self { fields: fields.collect(), bytes: self.bytes[range].to_vec() }
    }
}

/// What `ping` sends: letters.
pub(crate) fn echo() -> Content {
    let mut content = Content::default();
    content.text("data.data", "abcdefghijklmnopqrstuvwabcdefghi", Origin::Convention);
    content
}

/// A DNS message as UDP carries it.
pub(crate) fn dns(message: &Message, records: &BTreeMap<DomainName, Origin>) -> Content {
    let bytes = message.emit_within(MAX_UDP);
    let parts = parts(&bytes).expect("a message that was written can be read");
    let origin_of = |record: &Record| records.get(&record.name).cloned().unwrap_or(Origin::Fixed("RFC 2308 §3"));
    let field = |(part, range): (Part, Range<usize>)| {
        let word = bytes.get(range.clone()).and_then(|bytes| bytes.first_chunk::<2>());
        let number = word.map_or(0, |word| u16::from_be_bytes(*word));
        let question = message.questions.first();
        let asked = || question.map_or_else(String::new, |question| question.name.to_string());
        let header = |name, value: String| (name, value, Origin::Fixed("RFC 1035 §4.1.1"));
        let of = |section, position| message.section(section).get(position);
        let text = |record: Option<&Record>, read: fn(&Record) -> String| record.map_or_else(String::new, read);
        let fixed = |name, value: String| (name, value, Origin::Fixed("RFC 1035 §3.2"));
        let from = |name, record: Option<&Record>, read| {
            (name, text(record, read), record.map_or(Origin::Convention, origin_of))
        };
        let (name, value, origin) = match part {
            Part::Id => ("dns.id", format!("0x{number:04x}"), Origin::Convention),
            Part::Flags => header("dns.flags", format!("0x{number:04x} {}", message.code)),
            Part::QuestionCount => ("dns.count.queries", number.to_string(), Origin::Computed),
            Part::RecordCount(section) => (count_name(section), number.to_string(), Origin::Computed),
            Part::QuestionName => ("dns.qry.name", asked(), Origin::Request("to")),
            Part::QuestionType => fixed("dns.qry.type", RecordType::of(number).to_string()),
            Part::QuestionClass => fixed("dns.qry.class", "IN".to_owned()),
            Part::Name(section, n) => from("dns.resp.name", of(section, n), |record| record.name.to_string()),
            Part::Type(section, n) => {
                let value = text(of(section, n), |record| record.data.record_type().to_string());
                fixed("dns.resp.type", value)
            }
            Part::Class(..) => fixed("dns.resp.class", "IN".to_owned()),
            Part::Ttl(section, n) => from("dns.resp.ttl", of(section, n), |record| record.ttl.to_string()),
            Part::DataLength(..) => ("dns.resp.len", number.to_string(), Origin::Computed),
            Part::Data(section, n) => {
                let record = of(section, n);
                let name = record.map_or("dns.data", |record| data_name(record.data.record_type()));
                from(name, record, |record| record.data.to_string())
            }
        };
        Field { name, range, value, origin }
    };
    Content { fields: parts.into_iter().map(field).collect(), bytes }
}

const fn count_name(section: wire::dns::Section) -> &'static str {
    match section {
        wire::dns::Section::Answer => "dns.count.answers",
        wire::dns::Section::Authority => "dns.count.auth_rr",
        wire::dns::Section::Additional => "dns.count.add_rr",
    }
}

const fn data_name(record_type: RecordType) -> &'static str {
    match record_type {
        RecordType::A => "dns.a",
        RecordType::Cname => "dns.cname",
        RecordType::Soa => "dns.soa.mname",
        RecordType::Unknown(_) => "dns.data",
    }
}

/// The request as `curl` sends it (RFC 9112 §3).
pub(crate) fn request(protocol: RequestProtocol, host: &str, port: Option<u16>, path: &str) -> Content {
    let mut content = Content::default();
    content.text("http.request.method", "GET", Origin::Convention);
    content.filler(" ");
    content.text("http.request.uri", path, Origin::Request("path"));
    content.filler(" ");
    content.text("http.request.version", "HTTP/1.1", Origin::Fixed("RFC 9112 §2.3"));
    content.filler("\r\nHost: ");
    match port.filter(|port| *port != protocol.default_port()) {
        Some(port) => content.text("http.host", &format!("{host}:{port}"), Origin::Request("to")),
        None => content.text("http.host", host, Origin::Request("to")),
    }
    content.filler("\r\nUser-Agent: ");
    content.text("http.user_agent", "curl/8.5.0", Origin::Convention);
    content.filler("\r\nAccept: ");
    content.text("http.accept", "*/*", Origin::Convention);
    content.filler("\r\n\r\n");
    over(protocol, content)
}

/// The PROXY header before a client's bytes, its parts named as Wireshark names them.
pub(crate) fn proxy_header(header: &Header, endpoint: &Origin) -> Content {
    const PARTS: [(&str, usize); 12] = [
        ("proxy.v2.magic", 12),
        ("proxy.v2.version", 1),
        ("proxy.v2.addr_family", 1),
        ("proxy.v2.length", 2),
        ("proxy.src.ipv4", 4),
        ("proxy.dst.ipv4", 4),
        ("proxy.srcport", 2),
        ("proxy.dstport", 2),
        ("proxy.v2.tlv.type", 1),
        ("proxy.v2.tlv.length", 2),
        ("proxy.v2.tlv.subtype", 1),
        ("proxy.v2.tlv.linkid", 4),
    ];
    let bytes = header.encode();
    let mut content = Content::default();
    let mut rest = bytes.as_slice();
    for (name, length) in PARTS {
        let Some((part, after)) = rest.split_at_checked(length) else { break };
        rest = after;
        let (value, origin) = match (name, part) {
            ("proxy.src.ipv4" | "proxy.dst.ipv4", &[a, b, c, d]) => {
                (Ipv4Addr::new(a, b, c, d).to_string(), Origin::Computed)
            }
            ("proxy.srcport" | "proxy.dstport", &[a, b]) => (u16::from_be_bytes([a, b]).to_string(), Origin::Computed),
            ("proxy.v2.length", &[a, b]) => (u16::from_be_bytes([a, b]).to_string(), Origin::Computed),
            ("proxy.v2.tlv.linkid", &[a, b, c, d]) => (u32::from_le_bytes([a, b, c, d]).to_string(), endpoint.clone()),
            ("proxy.v2.tlv.type" | "proxy.v2.tlv.length" | "proxy.v2.tlv.subtype", _) => {
                (hexadecimal(part), Origin::Fixed("PLS-OV"))
            }
            _ => (hexadecimal(part), Origin::Fixed("PROXY-SPEC")),
        };
        content.add(name, part, value, origin);
    }
    content.bytes.extend(rest);
    content
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The response (RFC 9112 §4), with no header but the one its end needs.
pub(crate) fn response(protocol: RequestProtocol, response: &Response, origin: &Origin) -> Content {
    let mut content = Content::default();
    content.text("http.response.version", "HTTP/1.1", Origin::Fixed("RFC 9112 §2.3"));
    content.filler(" ");
    content.text("http.response.code", &response.status.to_string(), origin.clone());
    content.filler(" ");
    content.text("http.response.phrase", reason_phrase(response.status), Origin::Fixed("RFC 9110 §15"));
    content.filler("\r\nContent-Length: ");
    content.text("http.content_length_header", &response.body.len().to_string(), Origin::Computed);
    content.filler("\r\n\r\n");
    if !response.body.is_empty() {
        content.text("http.file_data", &response.body, origin.clone());
    }
    over(protocol, content)
}

/// HTTP as it is, or in TLS records. Handshake and encryption are not modelled: the records hold HTTP in the clear.
fn over(protocol: RequestProtocol, http: Content) -> Content {
    if protocol != RequestProtocol::Https {
        return http;
    }
    let mut content = Content::default();
    for start in (0..http.bytes.len()).step_by(MAX_RECORD) {
        let part = http.segment(start..http.bytes.len().min(start + MAX_RECORD));
        let [content_type, version @ ..] = APPLICATION_DATA;
        let length = u16::try_from(part.bytes.len()).expect("a record holds at most 2^14 bytes");
        let fixed = Origin::Fixed("RFC 8446 §5.1");
        content.add("tls.record.content_type", &[content_type], "Application Data", fixed.clone());
        content.add("tls.record.version", &version, "TLS 1.2", fixed);
        content.add("tls.record.length", &length.to_be_bytes(), length.to_string(), Origin::Computed);
        let offset = content.bytes.len();
        content.bytes.extend(&part.bytes);
        content.fields.extend(part.fields.into_iter().map(|field| field.shifted(offset)));
    }
    content
}

/// What a status means (RFC 9110 §15).
const fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    }
}
