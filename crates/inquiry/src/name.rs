//! One name from every virtual network and every site: what each is told, by whom, and what one more link would change.

use narration::Span;
use sim::trace::{Event, Step};
use sim::walk::NetworkAnswer;
use topology::command::{Command, plan};
use topology::{Document, Id};
use wire::DomainName;
use wire::dns::{RecordData, ResponseCode};

use crate::desk::Desk;
use crate::edit::written;
use crate::report::{Deed, Report, Row, Tone, code, resource, text};

/// The table of a name.
pub(crate) fn report(desk: &Desk, name: &DomainName) -> Report {
    let answers = sim::resolve_everywhere(&desk.network, name);
    let mut report = Report::default();
    if answers.is_empty() {
        report.text(Tone::Quiet, "There is no network to ask from.");
        return report;
    }
    let rows = answers.iter().map(|answer| row(desk, answer)).collect();
    report.table("Answers by network", &["From", "Answer", "TTL", "Chain", "Decided by"], rows);
    let changes: Vec<Row> = answers.iter().flat_map(|answer| with_one_more_link(desk, name, answer)).collect();
    if !changes.is_empty() {
        report.heading("With one more link");
        report.table("Answers with one more link", &["From", "Zone linked", "Answer then"], changes);
    }
    report
}

fn row(desk: &Desk, answer: &NetworkAnswer) -> Row {
    let mut chain = Vec::new();
    for record in &answer.records {
        if let RecordData::Cname(target) = &record.data {
            chain.push(Span::Text(" → ".to_owned()));
            chain.push(Span::Code(target.to_string()));
        }
    }
    let chain = if chain.is_empty() { text("–") } else { chain.split_off(1) };
    let ttl = answer.records.iter().map(|record| record.ttl).min();
    let decided = answer.steps.iter().rev().find(|step| decides(step));
    let decided = decided.map_or_else(Vec::new, |step| desk.narrator.step(step, &desk.document));
    Row {
        tone: if answer.address.is_some() { Tone::Plain } else { Tone::Bad },
        cells: vec![
            resource(&desk.document, &answer.network),
            outcome(answer),
            ttl.map_or_else(|| text("–"), code),
            chain,
            decided,
        ],
        deed: Some(Deed::Select(answer.network.clone())),
    }
}

/// The address, or the response code, and whether the address is a private one.
fn outcome(answer: &NetworkAnswer) -> Vec<Span> {
    match (answer.address, answer.code) {
        (Some(address), _) => {
            let kind = if address.is_private() { " private" } else { " public" };
            vec![Span::Code(address.to_string()), Span::Text(kind.to_owned())]
        }
        (None, Some(ResponseCode::NoError)) => text("no address"),
        (None, Some(code)) => vec![Span::Code(code.to_string())],
        (None, None) => text("no server answers"),
    }
}

/// Whether a step says where the answer comes from.
const fn decides(step: &Step) -> bool {
    matches!(
        &step.event,
        Event::PublicAddress { .. }
            | Event::PublicMissing { .. }
            | Event::PrivateRecord { .. }
            | Event::PrivateMissing { .. }
            | Event::HostsFile { .. }
            | Event::ServerRecord { .. }
            | Event::ServerMissing { .. }
            | Event::ServerSilent { .. }
            | Event::ServerFailed { .. }
    )
}

/// For each zone that could take one of the names and that no link of this network leads to: the answer with the link.
fn with_one_more_link(desk: &Desk, name: &DomainName, answer: &NetworkAnswer) -> Vec<Row> {
    let mut names = vec![name.clone()];
    names.extend(answer.records.iter().filter_map(|record| match &record.data {
        RecordData::Cname(target) => Some(target.clone()),
        RecordData::A(_) | RecordData::Soa(_) | RecordData::Unknown(..) => None,
    }));
    let zones = desk.document.private_dns_zones.iter();
    let candidates = zones.filter(|(_, zone)| {
        let linked = zone.virtual_network_links.values().any(|link| link.virtual_network == answer.network);
        !linked && names.iter().any(|name| name.is_within(&zone.name))
    });
    candidates.filter_map(|(zone, _)| changed(desk, name, answer, zone)).collect()
}

fn changed(desk: &Desk, name: &DomainName, before: &NetworkAnswer, zone: &Id) -> Option<Row> {
    let command = Command::LinkZone { zone: zone.clone(), network: before.network.clone() };
    let mut document: Document = desk.document.clone();
    let change = written(&command);
    plan(&document, command).ok()?.apply(&mut document);
    let (network, _) = sim::compile(&document);
    let after = sim::resolve_everywhere(&network, name).into_iter().find(|answer| answer.network == before.network)?;
    let differs = (after.address, after.code) != (before.address, before.code);
    differs.then(|| Row {
        tone: if after.address.is_some() { Tone::Good } else { Tone::Bad },
        cells: vec![resource(&desk.document, &before.network), resource(&desk.document, zone), outcome(&after)],
        deed: Some(Deed::Apply(change)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Answer, Question};
    use crate::testing::{PEERED, asked, desk, shown};
    use expect_test::expect;

    #[test]
    fn a_name_is_answered_from_every_network_with_the_reason_and_what_a_link_would_change() {
        let mut desk = desk(PEERED);
        let report = asked(&mut desk, r#"{"question":"name","name":"rg1sto1brng1.blob.core.windows.net"}"#);
        expect![[r#"
            From | Answer | TTL | Chain | Decided by
            rg1vnet1 | 10.0.0.5 private | 10 | rg1sto1brng1.privatelink.blob.core.windows.net | Zone privatelink.blob.core.windows.net is linked to the asking network (link link-rg1vnet1) and holds rg1sto1brng1.privatelink.blob.core.windows.net at 10.0.0.5, to be kept 10 s.
            rg1vnet2 | 52.239.170.68 public | 60 | rg1sto1brng1.privatelink.blob.core.windows.net → blob.blz21prdstr03a.store.core.windows.net | The public DNS knows blob.blz21prdstr03a.store.core.windows.net at 52.239.170.68.
            # With one more link
            From | Zone linked | Answer then
            rg1vnet2 | privatelink.blob.core.windows.net | 10.0.0.5 private
        "#]].assert_eq(&shown(&report));
    }

    #[test]
    fn what_is_not_understood_says_why() {
        let mut desk = Desk::default();
        let Answer::NotUnderstood { reason } = desk.answer(Question::Name { name: "no name".to_owned() }) else {
            panic!("two words are not a name");
        };
        assert!(reason.starts_with("“no name” is not a name"), "{reason}");
        assert!(desk.answer_json("{}").contains("notUnderstood"));
    }
}
