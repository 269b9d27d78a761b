//! Why a request does not do what is expected of it, and what would help.

use narration::Span;
use sim::diagnose::{Diagnosis, Proposal, Remedy, diagnose};
use topology::command::Command;
use topology::document::Request;

use crate::desk::Desk;
use crate::edit::written;
use crate::report::{Deed, Report, Tone};

/// The cause of a request's failure and the proposals, each already tried. Nothing where it does what is expected.
pub(crate) fn report(desk: &Desk, request: &Request) -> Report {
    let mut report = Report::default();
    let trace = desk.trace(request);
    let Some(diagnosis) = diagnose(&desk.document, &desk.network, &trace) else { return report };
    report.heading(format!("Cause {}", diagnosis.cause.code()));
    report.words(Tone::Bad, desk.narrator.root_cause(&diagnosis.cause, &desk.document));
    tell_proposals(desk, &diagnosis, &mut report);
    report
}

fn tell_proposals(desk: &Desk, diagnosis: &Diagnosis, report: &mut Report) {
    if diagnosis.proposals.is_empty() {
        report.text(Tone::Quiet, "No change of one or two steps was found that helps.");
        return;
    }
    report.heading("What helps, tried on a copy");
    for proposal in &diagnosis.proposals {
        let sentences = proposal.remedies.iter().map(|remedy| desk.narrator.remedy(remedy, &desk.document));
        let words: Vec<Span> = sentences.collect::<Vec<_>>().join(&Span::Text(String::from(" ")));
        report.words(Tone::Good, words);
        if let Some((label, deed)) = deed_of(proposal) {
            report.action(label, deed);
        }
    }
}

/// What carries a proposal out, where the page can: commands as one change, or another question.
fn deed_of(proposal: &Proposal) -> Option<(&'static str, Deed)> {
    if let [Remedy::Ask { ask }] = proposal.remedies.as_slice() {
        return Some(("Ask so", Deed::Play(Box::new(ask.clone()))));
    }
    let commands: Option<Vec<Command>> = proposal
        .remedies
        .iter()
        .map(|remedy| match remedy {
            Remedy::Command(command) => Some(command.clone()),
            Remedy::RenewLease { .. } | Remedy::FlushDns { .. } | Remedy::KeepAlive { .. } | Remedy::Ask { .. } => None,
        })
        .collect();
    commands.map(|commands| ("Apply", Deed::Apply(written(&Command::All { commands }))))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::report::{Block, Deed};
    use crate::testing::{PEERED, asked, desk, shown};

    #[test]
    fn a_missing_link_is_named_and_the_proposal_applies_it() {
        let question = r#"{"question":"diagnosis","request":{"from":"rg1vm2","protocol":"HTTPS",
            "to":"rg1sto1brng1.blob.core.windows.net","path":"/test1/test.txt"}}"#;
        let report = asked(&mut desk(PEERED), question);
        expect![[r#"
            # Cause M1
            rg1sto1brng1.privatelink.blob.core.windows.net resolves to a public address because zone privatelink.blob.core.windows.net is not linked to rg1vnet2, where the question is asked.
            # What helps, tried on a copy
            Link zone privatelink.blob.core.windows.net to rg1vnet2.
            [Apply]
        "#]].assert_eq(&shown(&report));
        assert!(report.blocks.iter().any(|block| matches!(block, Block::Action { deed: Deed::Apply(_), .. })));
    }

    #[test]
    fn what_does_as_expected_has_no_cause() {
        let question = r#"{"question":"diagnosis","request":{"from":"rg1vm1","protocol":"HTTPS",
            "to":"rg1sto1brng1.blob.core.windows.net","path":"/test1/test.txt"}}"#;
        assert!(asked(&mut desk(PEERED), question).blocks.is_empty());
    }
}
