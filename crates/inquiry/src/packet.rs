//! The bytes of a request's packets, and the whole run as a capture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use capture::{Frame, Origin};
use narration::plain;
use serde::{Deserialize, Serialize};
use topology::document::Request;

use crate::desk::Desk;

/// The packet at a step, as it comes in and as it goes out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Packets {
    /// As it comes in: usually one frame.
    pub before: Vec<Bytes>,
    /// As it goes out.
    pub after: Vec<Bytes>,
}

/// One frame, cut into the fields it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bytes {
    /// Its fields in order; together they are all of the frame.
    pub fields: Vec<Part>,
}

/// Some bytes of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// As Wireshark calls it: `ip.src`.
    pub name: String,
    /// Two hexadecimal digits a byte.
    pub hex: String,
    /// What they say.
    pub value: String,
    /// Where that comes from: a place of the document, a row of a table, or a rule.
    pub origin: String,
    /// Whether the other side of the step has another value here.
    pub changed: bool,
}

/// The packet at one step of a request.
pub(crate) fn at_step(desk: &Desk, request: &Request, step: usize) -> Packets {
    let trace = desk.trace(request);
    let mut frames = capture::frames(&trace, &desk.document, &desk.network);
    if step >= frames.len() {
        return Packets::default();
    }
    let frames = frames.swap_remove(step);
    Packets {
        before: frames.before.iter().enumerate().map(|(at, frame)| cut(frame, frames.after.get(at))).collect(),
        after: frames.after.iter().enumerate().map(|(at, frame)| cut(frame, frames.before.get(at))).collect(),
    }
}

/// The whole run as a pcapng file in base64.
pub(crate) fn capture_of(desk: &Desk, request: &Request) -> String {
    let trace = desk.trace(request);
    let sentence = |step: &sim::Step| plain(&desk.narrator.step(step, &desk.document));
    STANDARD.encode(capture::pcapng(&trace, &desk.document, &desk.network, &sentence))
}

fn cut(frame: &Frame, other: Option<&Frame>) -> Bytes {
    let mut fields = Vec::new();
    let mut at = 0;
    for field in &frame.fields {
        if field.range.start > at {
            fields.push(part(frame, at..field.range.start, "", String::new(), String::new(), false));
        }
        let differs = other.and_then(|other| other.field(field.name)).is_some_and(|there| there.value != field.value);
        let origin = origin(&field.origin);
        fields.push(part(frame, field.range.clone(), field.name, field.value.clone(), origin, differs));
        at = at.max(field.range.end);
    }
    if at < frame.bytes.len() {
        fields.push(part(frame, at..frame.bytes.len(), "", String::new(), String::new(), false));
    }
    Bytes { fields }
}

fn part(
    frame: &Frame,
    range: std::ops::Range<usize>,
    name: &str,
    value: String,
    origin: String,
    changed: bool,
) -> Part {
    let hex: Vec<String> = frame.bytes[range].iter().map(|byte| format!("{byte:02x}")).collect();
    Part { name: name.to_owned(), hex: hex.join(" "), value, origin, changed }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Path(path) => path.to_string(),
        Origin::Request(field) => format!("the request's {field}"),
        Origin::Answer(name) => format!("the answer for {name}"),
        Origin::Computed => String::from("computed from the other bytes"),
        Origin::Fixed(rule) => format!("always so: {rule}"),
        Origin::Convention => String::from("a convention of these captures"),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{TWO_TENANTS, desk};
    use crate::{Answer, Part};

    #[test]
    fn a_step_shows_its_bytes_with_the_origin_of_what_it_changed() {
        let question = r#"{"question":"packet","request":{"from":"client1","to":"10.0.1.4"},"step":2}"#;
        let Ok(Answer::Packet(packets)) = serde_json::from_str(&desk(TWO_TENANTS).answer_json(question)) else {
            panic!("a packet");
        };
        let part = |frames: &[super::Bytes], name: &str| -> Part {
            frames[0].fields.iter().find(|part| part.name == name).cloned().unwrap()
        };
        assert_eq!(part(&packets.before, "ip.src").value, "10.0.0.4");
        let source = part(&packets.after, "ip.src");
        assert_eq!((source.value.as_str(), source.hex.as_str(), source.changed), ("10.0.2.4", "0a 00 02 04", true));
        assert_eq!(source.origin, "privateLinkServices/pls-iis/ipConfigurations/0");
        assert!(!part(&packets.after, "ip.ttl").changed);
    }

    #[test]
    fn the_whole_run_is_a_capture() {
        let question = r#"{"question":"capture","request":{"from":"client1","to":"10.0.1.4"}}"#;
        let Ok(Answer::File { base64 }) = serde_json::from_str(&desk(TWO_TENANTS).answer_json(question)) else {
            panic!("a file");
        };
        // The block type of a section header (pcapng §4.1): 0A 0D 0D 0A.
        assert!(base64.starts_with("Cg0NC"), "{}", &base64[..16]);
    }
}
