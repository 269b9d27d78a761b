//! `Test-NetConnection` of PowerShell.

use std::net::Ipv4Addr;

use topology::document::RequestProtocol;

use super::ping;
use crate::power_shell::{list, parameters, positional, valued};
use crate::reach::{Reach, WINDOWS_CONNECT_S, reach};
use crate::run::{Question, Run, own_address};

const COMMAND: &str = "Test-NetConnection";

/// `Test-NetConnection [-ComputerName] NAME [-Port PORT]`
pub(crate) fn run(run: &mut Run<'_>, arguments: &[String]) {
    let known = [positional("ComputerName"), valued("Port"), valued("InformationLevel")];
    let Some(given) = parameters(run, COMMAND, arguments, &known) else { return };
    let Some(host) = given.value("ComputerName") else {
        return run.fail(1, "Test-NetConnection : -ComputerName is the name or address to try");
    };
    let quiet = given.value("InformationLevel").is_some_and(|level| level.eq_ignore_ascii_case("Quiet"));
    match given.value("Port").map(str::parse::<u16>) {
        Some(Ok(port)) => try_port(run, host, port, quiet),
        Some(Err(_)) => run.fail(1, "Test-NetConnection : -Port is a number from 1 to 65535"),
        None => try_ping(run, host, quiet),
    }
}

fn try_port(run: &mut Run<'_>, host: &str, port: u16, quiet: bool) {
    let question = Question { protocol: RequestProtocol::Tcp, to: host, port: Some(port), path: None, insecure: false };
    let Some(trace) = run.send(question) else { return };
    let reached = reach(&trace);
    let Some(remote) = reached.remote() else { return unresolved(run, host, quiet) };
    let succeeded = matches!(reached, Reach::Connected { .. });
    let mut rows = vec![
        ("ComputerName", host.to_owned()),
        ("RemoteAddress", remote.to_string()),
        ("RemotePort", port.to_string()),
    ];
    rows.extend(interface(run));
    if !succeeded {
        if matches!(reached, Reach::TimedOut(_)) {
            run.session.advance(WINDOWS_CONNECT_S);
        }
        run.warn(format!("TCP connect to ({remote} : {port}) failed"));
        rows.extend(ping_rows(run, remote));
    }
    rows.push(("TcpTestSucceeded", word(succeeded)));
    show(run, &rows, succeeded, quiet);
}

fn try_ping(run: &mut Run<'_>, host: &str, quiet: bool) {
    let Some(trace) = run.send(ping::question(host)) else { return };
    let Some(remote) = reach(&trace).remote() else { return unresolved(run, host, quiet) };
    let mut rows = vec![("ComputerName", host.to_owned()), ("RemoteAddress", remote.to_string())];
    rows.extend(interface(run));
    let answered = ping::answered(&trace);
    rows.extend(rows_of_ping(run, remote, answered));
    show(run, &rows, answered, quiet);
}

fn unresolved(run: &mut Run<'_>, host: &str, quiet: bool) {
    run.warn(format!("Name resolution of {host} failed"));
    let nothing = String::new;
    let rows = [
        ("ComputerName", host.to_owned()),
        ("RemoteAddress", nothing()),
        ("InterfaceAlias", nothing()),
        ("SourceAddress", nothing()),
        ("PingSucceeded", word(false)),
    ];
    show(run, &rows, false, quiet);
}

fn interface(run: &Run<'_>) -> [(&'static str, String); 2] {
    let own = own_address(run).map(|address| address.to_string()).unwrap_or_default();
    [("InterfaceAlias", String::from("Ethernet")), ("SourceAddress", own)]
}

/// What the ping after a failed connection says.
fn ping_rows(run: &mut Run<'_>, remote: Ipv4Addr) -> [(&'static str, String); 2] {
    let answered = run.send(ping::question(&remote.to_string())).is_some_and(|trace| ping::answered(&trace));
    rows_of_ping(run, remote, answered)
}

fn rows_of_ping(run: &mut Run<'_>, remote: Ipv4Addr, answered: bool) -> [(&'static str, String); 2] {
    if !answered {
        run.warn(format!("Ping to {remote} failed with status: TimedOut"));
    }
    let time = if answered { "1 ms" } else { "0 ms" };
    [("PingSucceeded", word(answered)), ("PingReplyDetails (RTT)", time.to_owned())]
}

fn show(run: &mut Run<'_>, rows: &[(&str, String)], succeeded: bool, quiet: bool) {
    run.output.exit_code = u8::from(!succeeded);
    if quiet {
        run.print(word(succeeded));
    } else {
        run.print(format!("\n{}\n", list(rows)));
    }
}

/// A switch as PowerShell prints it.
fn word(on: bool) -> String {
    String::from(if on { "True" } else { "False" })
}
