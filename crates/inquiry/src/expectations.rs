//! What the document says should work and what should not, and whether it is so.

use narration::Span;
use sim::expectation::evaluate;
use topology::document::ExpectedOutcome;

use crate::desk::Desk;
use crate::report::{Deed, Report, Row, Tone, resource, text};

/// Every saved expectation with what became of it.
pub(crate) fn report(desk: &Desk) -> Report {
    let mut report = Report::default();
    let rows = desk.document.expectations.iter().map(|expectation| {
        let evaluation = evaluate(&desk.network, expectation);
        let request = &expectation.request;
        let wanted = match expectation.outcome {
            ExpectedOutcome::Reachable => "reachable",
            ExpectedOutcome::Blocked => "blocked",
        };
        let sentences = evaluation.mismatches.iter().map(|it| desk.narrator.mismatch(it, &desk.document));
        let differs: Vec<Span> = sentences.collect::<Vec<_>>().join(&Span::Text(String::from(" ")));
        let holds = evaluation.holds();
        Row {
            tone: if holds { Tone::Good } else { Tone::Bad },
            cells: vec![
                resource(&desk.document, &request.from),
                vec![Span::Code(format!("{}:{}", request.to, request.port()))],
                text(wanted),
                if holds { text("✓ holds") } else { [text("✗ "), differs].concat() },
            ],
            deed: Some(Deed::Play(Box::new(request.clone()))),
        }
    });
    let rows: Vec<Row> = rows.collect();
    if !rows.is_empty() {
        report.heading("Expectations");
        report.table("Expectations", &["From", "To", "Expected", "Found"], rows);
    }
    report
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{PEERED, asked, desk, shown};

    #[test]
    fn every_expectation_says_whether_it_holds_and_what_differs() {
        let mut document: serde_json::Value = serde_json::from_str(PEERED).unwrap();
        let blob = serde_json::json!({ "from": "rg1vm2", "protocol": "HTTPS",
            "to": "rg1sto1brng1.blob.core.windows.net", "path": "/test1/test.txt" });
        document["expectations"] = serde_json::json!([
            { "request": blob, "outcome": "Blocked" },
            { "request": blob, "resolvesTo": "10.0.0.5" },
        ]);
        let report = asked(&mut desk(&document.to_string()), r#"{"question":"expectations"}"#);
        expect![[r#"
            # Expectations
            From | To | Expected | Found
            rg1vm2 | rg1sto1brng1.blob.core.windows.net:443 | blocked | ✓ holds
            rg1vm2 | rg1sto1brng1.blob.core.windows.net:443 | reachable | ✗ It is dropped or refused, but was to be answered. The name resolves to 52.239.170.68, not 10.0.0.5.
        "#]].assert_eq(&shown(&report));
    }
}
