//! How `dig` writes questions and records.

use std::fmt::Write as _;

use wire::DomainName;
use wire::dns::{Message, Record, RecordData, RecordType, ResponseCode, StartOfAuthority};

/// Bytes of the OPT record that modern clients and servers add (RFC 6891).
const OPT_LEN: usize = 11;
/// How long a private zone lets a missing name be remembered, in seconds.
const NEGATIVE_TTL: u32 = 10;

/// The SOA record a private zone sends with the answer that a name is missing.
pub(super) fn private_soa(zone: DomainName) -> Option<Record> {
    let soa = StartOfAuthority {
        primary: "azureprivatedns.net".parse().ok()?,
        mailbox: "azureprivatedns-host.microsoft.com".parse().ok()?,
        serial: 1,
        refresh: 3600,
        retry: 300,
        expire: 2_419_200,
        minimum: NEGATIVE_TTL,
    };
    Some(Record { name: zone, ttl: NEGATIVE_TTL, data: RecordData::Soa(Box::new(soa)) })
}

/// How long an answer is on the wire, in bytes.
pub(super) fn message_len(name: &DomainName, code: ResponseCode, answers: &[Record], authorities: &[Record]) -> usize {
    let question = Message::query(0, name.clone(), RecordType::A);
    let answer = Message { authorities: authorities.to_vec(), ..question.answer(code, answers.to_vec()) };
    answer.emit().len() + OPT_LEN
}

/// The value of a record, with a dot after names.
pub(super) fn value(record: &Record) -> String {
    match &record.data {
        RecordData::Cname(target) => format!("{target}."),
        other @ (RecordData::A(_) | RecordData::Soa(_) | RecordData::Unknown(..)) => other.to_string(),
    }
}

/// A record as a master file writes it: the TTL at column 24, the class at 32, the type at 40, the value at 48.
pub(super) fn record(record: &Record) -> String {
    let (name, ttl) = (format!("{}.", record.name), record.ttl.to_string());
    let kind = record.data.record_type().to_string();
    columns(&[(&name, 0), (&ttl, 24), ("IN", 32), (&kind, 40), (&value(record), 48)])
}

/// The question, which has no TTL.
pub(super) fn question(name: &DomainName) -> String {
    columns(&[(&format!(";{name}."), 0), ("IN", 32), ("A", 40)])
}

/// Each text at its column, or one blank after what stands before it.
fn columns(cells: &[(&str, usize)]) -> String {
    let mut line = String::new();
    for (text, column) in cells {
        let gap = if line.is_empty() { 0 } else { column.saturating_sub(line.len()).max(1) };
        let _ = write!(line, "{:gap$}{text}", "");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(name: &str, ttl: u32) -> Record {
        Record { name: name.parse().unwrap(), ttl, data: RecordData::A([192, 0, 2, 1].into()) }
    }

    #[test]
    fn an_answer_is_as_long_as_captured_for_example_com() {
        let answer = address("example.com", 60);
        assert_eq!(message_len(&answer.name, ResponseCode::NoError, std::slice::from_ref(&answer), &[]), 56);
    }

    #[test]
    fn columns_stand_where_dig_puts_them() {
        let short = record(&address("example.com", 3600));
        assert_eq!(short, "example.com.            3600    IN      A       192.0.2.1");
        let long = record(&address("acct.privatelink.blob.core.windows.net", 9));
        assert_eq!(long, "acct.privatelink.blob.core.windows.net. 9 IN A  192.0.2.1");
    }
}
