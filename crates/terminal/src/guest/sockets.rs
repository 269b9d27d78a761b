//! The TCP connections of a machine: `ss` on Linux, `netstat` on Windows.

use topology::document::RequestProtocol;
use wire::packet::Socket;

use crate::reach::{LINUX_CONNECT_MS, Reach, reach};
use crate::run::{Question, Run};

/// `ss -tn`
pub(crate) fn ss(run: &mut Run<'_>, arguments: &[String]) {
    let letters: String = arguments.iter().flat_map(|word| word.trim_start_matches('-').chars()).collect();
    if !letters.contains('t') || letters.contains(|letter| !"tna".contains(letter)) {
        return run.fail(1, "ss: -tn is supported here: TCP connections, by number");
    }
    let aligned = |socket: Socket| format!("{:>18}:{:<6}", socket.address.to_string(), socket.port);
    run.print("State  Recv-Q  Send-Q       Local Address:Port         Peer Address:Port   Process");
    for (local, remote) in connections(run) {
        run.print(format!("ESTAB  0       0       {}{}", aligned(local), aligned(remote)).trim_end());
    }
}

/// `netstat -n`
pub(crate) fn netstat(run: &mut Run<'_>, arguments: &[String]) {
    if arguments.iter().any(|word| !["-n", "-an", "-a"].contains(&word.to_ascii_lowercase().as_str())) {
        return run.fail(1, "netstat: -n is supported here: TCP connections, by number");
    }
    run.print("\nActive Connections\n\n  Proto  Local Address          Foreign Address        State");
    for (local, remote) in connections(run) {
        run.print(format!("  TCP    {:<22} {:<22} ESTABLISHED", local.to_string(), remote.to_string()));
    }
}

/// `nc NAME PORT`: a TCP connection that stays open in the background.
pub(crate) fn nc(run: &mut Run<'_>, arguments: &[String]) {
    let words: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let (Some(host), Some(Ok(port))) = (words.first(), words.get(1).map(|port| port.parse::<u16>())) else {
        return run.fail(1, "usage: nc NAME PORT");
    };
    let question = Question { protocol: RequestProtocol::Tcp, to: host, port: Some(port), path: None, insecure: false };
    let Some(trace) = run.open(question) else { return };
    let failed = format!("nc: connect to {host} port {port} (tcp) failed");
    match reach(&trace) {
        Reach::Connected { .. } => {
            run.print(format!("Connection to {host} {port} port [tcp/*] succeeded! It stays open in the background."));
        }
        Reach::Refused(_) => run.fail(1, format!("{failed}: Connection refused")),
        Reach::TimedOut(_) => {
            run.session.advance(LINUX_CONNECT_MS / 1000);
            run.fail(1, format!("{failed}: Connection timed out"));
        }
        Reach::NameUnknown => {
            run.fail(1, format!("nc: getaddrinfo for host \"{host}\" port {port}: Name or service not known"));
        }
        Reach::NoNetwork => run.fail(1, format!("{failed}: Network is unreachable")),
    }
}

/// What this machine has open, as it sees it: as a client, and as a server.
fn connections(run: &Run<'_>) -> Vec<(Socket, Socket)> {
    let Some(machine) = run.machine() else { return Vec::new() };
    let mut ends = Vec::new();
    for connection in run.session.connections().filter(|connection| connection.reset.is_none()) {
        if connection.request.from == *machine {
            ends.push(connection.ends());
        }
        ends.extend(connection.server().filter(|(server, ..)| *server == machine).map(|(_, own, other)| (own, other)));
    }
    ends
}
