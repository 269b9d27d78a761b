//! How long the page takes to draw its diagram, and a frame to paint while panning with a packet in flight.
//! Prints one line a number; `cargo xtask bench` makes the table.

#![allow(clippy::print_stdout, reason = "the numbers are the output")]

use std::time::Duration;

use serde_json::json;
use tests::page::{Lab, Visitor, visit};
use thirtyfour::prelude::*;

/// The part of the page that the frame budget is stated for, in CSS pixels.
const VIEW: (u32, u32) = (1600, 1000);

/// How often the page is opened.
const VISITS: usize = 5;

/// How many wheel events a pan consists of, one each display frame.
const PAN: usize = 240;

/// Records, in the page, how far apart its display frames are.
const WATCH_FRAMES: &str = "
    window.benchIntervals = [];
    let last = null;
    const tick = now => { if (last !== null) { window.benchIntervals.push(now - last); } last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    performance.clearMeasures('frame');";

fn main() {
    let mut drawn = Vec::new();
    for _ in 0..VISITS {
        visit(visitor(), async |lab| {
            lab.open("?bench").await?;
            drawn.extend(
                marks(&lab, "return performance.getEntriesByName('diagram-drawn').slice(0, 1).map(m => m.startTime)")
                    .await?,
            );
            Ok(())
        });
    }
    report("page open to diagram drawn", &mut drawn);

    visit(visitor(), async |lab| {
        lab.open("?bench").await?;
        lab.press("Send request").await?;
        lab.driver().execute(WATCH_FRAMES, vec![]).await?;
        let diagram = lab.find("region", "Diagram").await?.rect().await?;
        lab.pan(diagram.x + diagram.width / 2.0, diagram.y + diagram.height / 2.0, PAN).await?;
        let frames = "return performance.getEntriesByName('frame').map(m => m.duration)";
        report("painting one frame while panning, packet in flight", &mut marks(&lab, frames).await?);
        report(
            "between two frames while panning, packet in flight",
            &mut marks(&lab, "return window.benchIntervals").await?,
        );
        Ok(())
    });
}

fn visitor() -> Visitor {
    Visitor { window: VIEW, reduced_motion: false }
}

async fn marks(lab: &Lab, script: &str) -> WebDriverResult<Vec<f64>> {
    // A mark is set after the frame that the search for the diagram may have seen.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let value = lab.driver().execute(script, vec![]).await?;
    Ok(value.json().as_array().unwrap_or(&vec![json!(null)]).iter().filter_map(serde_json::Value::as_f64).collect())
}

/// Prints the median, the 95th percentile and the largest of some milliseconds.
fn report(what: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
    match (at(50), at(95), times.last()) {
        (Some(median), Some(high), Some(most)) => println!(
            "measured: {what} = p50 {median:.1} ms, p95 {high:.1} ms, max {most:.1} ms ({} samples)",
            times.len()
        ),
        _ => println!("measured: {what} = not recorded by the page"),
    }
}
