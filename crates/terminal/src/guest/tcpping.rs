//! `tcpping`, from the console of App Service.

use topology::document::RequestProtocol;

use crate::reach::{Reach, WINDOWS_CONNECT_S, reach};
use crate::run::{Question, Run};

const TRIES: usize = 4;
const USAGE: &str = "usage: tcpping.exe [-n count] hostname:port";

/// `tcpping [-n COUNT] NAME:PORT`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let (tries, target) = match arguments {
        [option, count, target] if option == "-n" => (count.parse().unwrap_or(TRIES), target),
        [target] => (TRIES, target),
        _ => return run.fail(1, USAGE),
    };
    let (host, port) = match target.split_once(':') {
        Some((host, port)) => (host, port.parse::<u16>().ok()),
        None => (target.as_str(), Some(80)),
    };
    let Some(port) = port else { return run.fail(1, USAGE) };
    let mut connected: usize = 0;
    for _ in 0..tries {
        let question =
            Question { protocol: RequestProtocol::Tcp, to: host, port: Some(port), path: None, insecure: false };
        let Some(trace) = run.send(question) else { return };
        match reach(&trace) {
            Reach::Connected { .. } => {
                connected += 1;
                run.print(format!("Connected to {host}:{port}, time taken: 1ms"));
            }
            Reach::TimedOut(_) => {
                run.session.advance(WINDOWS_CONNECT_S);
                run.print("Connection attempt failed: Connection timed out.");
            }
            Reach::Refused(_) => run.print(
                "Connection attempt failed: No connection could be made because the target machine actively refused it.",
            ),
            Reach::NameUnknown => run.print("Connection attempt failed: No such host is known"),
            Reach::NoNetwork => run.print("Connection attempt failed: A socket operation was attempted to an unreachable network."),
        }
    }
    let percent = (connected * 100).checked_div(tries).unwrap_or(0);
    let average = usize::from(connected > 0);
    run.print(format!(
        "Complete: {connected}/{tries} successful attempts ({percent}%). Average success time: {average}ms"
    ));
    run.output.exit_code = u8::from(connected < tries);
}
