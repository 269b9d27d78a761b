//! `ping`, as on Windows and as on Linux.

use sim::{Outcome, Trace};
use topology::document::RequestProtocol;
use topology::resource::OsType;

use crate::reach::reach;
use crate::run::{Question, Run};

const COUNT: u32 = 4;
/// How long Windows waits for each answer, and Linux for the last, in seconds.
const WINDOWS_WAIT_S: u64 = 4;
const LINUX_WAIT_S: u64 = 10;

/// What a ping asks.
pub(super) const fn question(to: &str) -> Question<'_> {
    Question { protocol: RequestProtocol::Icmp, to, port: None, path: None, insecure: false }
}

/// Whether an echo came back.
pub(super) const fn answered(trace: &Trace) -> bool {
    matches!(trace.outcome, Outcome::Answered { .. })
}

/// `ping [-n COUNT | -c COUNT] NAME`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let (count, host) = match arguments {
        [option, count, host] if option == "-n" || option == "-c" => (count.parse().unwrap_or(COUNT), host),
        [host] if !host.starts_with('-') => (COUNT, host),
        _ => return run.fail(2, "ping: usage: ping [-n COUNT | -c COUNT] NAME"),
    };
    let Some(trace) = run.send(question(host)) else { return };
    let answered = answered(&trace);
    let Some(address) = reach(&trace).remote().map(|address| address.to_string()) else {
        return match run.shell.system {
            OsType::Linux => run.fail(2, format!("ping: {host}: Name or service not known")),
            OsType::Windows => {
                run.fail(1, format!("Ping request could not find host {host}. Please check the name and try again."));
            }
        };
    };
    let count = count.clamp(1, 100);
    let received = if answered { count } else { 0 };
    let lost = 100 * (count - received) / count;
    run.output.exit_code = u8::from(!answered);
    match run.shell.system {
        OsType::Linux => {
            run.print(format!("PING {host} ({address}) 56(84) bytes of data."));
            for sequence in 1..=received {
                run.print(format!("64 bytes from {address}: icmp_seq={sequence} ttl=64 time=1.00 ms"));
            }
            let waited = u64::from(count - 1) + if answered { 0 } else { LINUX_WAIT_S };
            run.session.advance(waited);
            let time = 1_000 * (count - 1) + 20;
            run.print(format!(
                "\n--- {host} ping statistics ---\n{count} packets transmitted, {received} received, {lost}% packet loss, time {time}ms"
            ));
            run.print(if answered { "rtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms" } else { "" });
        }
        OsType::Windows => {
            let shown = if *host == address { address.clone() } else { format!("{host} [{address}]") };
            run.print(format!("\nPinging {shown} with 32 bytes of data:"));
            for _ in 0..count {
                let reply = format!("Reply from {address}: bytes=32 time=1ms TTL=128");
                run.print(if answered { reply.as_str() } else { "Request timed out." });
            }
            run.session.advance(u64::from(count) * if answered { 1 } else { WINDOWS_WAIT_S });
            run.print(format!(
                "\nPing statistics for {address}:\n    Packets: Sent = {count}, Received = {received}, Lost = {} ({lost}% loss),",
                count - received
            ));
            if answered {
                run.print(
                    "Approximate round trip times in milli-seconds:\n    Minimum = 1ms, Maximum = 1ms, Average = 1ms",
                );
            }
        }
    }
}
