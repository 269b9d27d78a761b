//! The programs there are, on which system, and how one is found.

use topology::resource::OsType;

use crate::line::{LineError, split};
use crate::run::Run;
use crate::{az, dns, guest, http};

/// A program.
pub(crate) struct Program {
    /// Its names, the first as it is shown.
    pub(crate) names: &'static [&'static str],
    /// Where it exists.
    pub(crate) home: Home,
    /// How it is used.
    pub(crate) usage: &'static str,
    /// What it is for.
    pub(crate) about: &'static str,
    /// Its options, for completion.
    pub(crate) options: &'static [&'static str],
    pub(crate) run: fn(&mut Run<'_>, &[String]),
}

/// Where a program exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// On every machine and in the Cloud Shell.
    Everywhere,
    /// On every machine.
    Machines,
    /// On machines with this system.
    System(OsType),
}

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        names: &["az"],
        home: Home::Everywhere,
        usage: "az GROUP… COMMAND [--OPTION VALUE]…",
        about: "Azure's command line: look at resources, and change them",
        options: &[],
        run: az::run,
    },
    Program {
        names: &["nslookup", "nslookup.exe"],
        home: Home::Machines,
        usage: "nslookup [-type=A] NAME [SERVER]",
        about: "ask for a name",
        options: &["-type=A", "-type=CNAME"],
        run: dns::nslookup::run,
    },
    Program {
        names: &["dig"],
        home: Home::System(OsType::Linux),
        usage: "dig [@SERVER] NAME [A] [+short] [+trace] [+noall +answer]",
        about: "ask for a name, and show the whole answer",
        options: &["+short", "+trace", "+noall", "+answer"],
        run: dns::dig::run,
    },
    Program {
        names: &["Resolve-DnsName"],
        home: Home::System(OsType::Windows),
        usage: "Resolve-DnsName [-Name] NAME [-Type A] [-Server SERVER] [-DnsOnly]",
        about: "ask for a name, as programs on Windows do",
        options: &["-Name", "-Type", "-Server", "-DnsOnly", "-NoHostsFile"],
        run: dns::resolve_dns_name::run,
    },
    Program {
        names: &["nameresolver", "nameresolver.exe"],
        home: Home::System(OsType::Windows),
        usage: "nameresolver NAME [SERVER]",
        about: "ask for a name, as in the console of App Service",
        options: &[],
        run: dns::nameresolver::run,
    },
    Program {
        names: &["curl", "curl.exe"],
        home: Home::Machines,
        usage: "curl [-v] [-k] [-I] [-s] [-o FILE] [-w FORMAT] [-m SECONDS] URL",
        about: "send an HTTP request",
        options: &["-v", "-k", "-I", "-s", "-o", "-w", "-m", "--connect-timeout"],
        run: http::curl::run,
    },
    Program {
        names: &["Invoke-WebRequest", "iwr", "wget"],
        home: Home::System(OsType::Windows),
        usage: "Invoke-WebRequest [-Uri] URL [-UseBasicParsing]; (Invoke-WebRequest URL).Content",
        about: "send an HTTP request",
        options: &["-Uri", "-UseBasicParsing", "-Method", "-TimeoutSec"],
        run: http::invoke_web_request::run,
    },
    Program {
        names: &["Test-NetConnection", "tnc"],
        home: Home::System(OsType::Windows),
        usage: "Test-NetConnection [-ComputerName] NAME [-Port PORT]",
        about: "try a TCP port, or ping",
        options: &["-ComputerName", "-Port", "-InformationLevel"],
        run: guest::test_net_connection::run,
    },
    Program {
        names: &["ping", "ping.exe"],
        home: Home::Machines,
        usage: "ping [-n COUNT | -c COUNT] NAME",
        about: "send echo requests (ICMP)",
        options: &["-n", "-c"],
        run: guest::ping::run,
    },
    Program {
        names: &["tcpping", "tcpping.exe"],
        home: Home::System(OsType::Windows),
        usage: "tcpping [-n COUNT] NAME:PORT",
        about: "try a TCP port, as in the console of App Service",
        options: &["-n"],
        run: guest::tcpping::run,
    },
    Program {
        names: &["ipconfig", "ipconfig.exe"],
        home: Home::System(OsType::Windows),
        usage: "ipconfig [/all | /flushdns | /displaydns | /renew]",
        about: "addresses, DNS servers and the DNS cache of this machine",
        options: &["/all", "/flushdns", "/displaydns", "/renew"],
        run: guest::addresses::ipconfig,
    },
    Program {
        names: &["resolvectl"],
        home: Home::System(OsType::Linux),
        usage: "resolvectl flush-caches | dns",
        about: "the DNS servers and the DNS cache of this machine",
        options: &["flush-caches", "dns"],
        run: guest::addresses::resolvectl,
    },
    Program {
        names: &["ss"],
        home: Home::System(OsType::Linux),
        usage: "ss -tn",
        about: "the TCP connections of this machine",
        options: &["-tn"],
        run: guest::sockets::ss,
    },
    Program {
        names: &["nc"],
        home: Home::System(OsType::Linux),
        usage: "nc NAME PORT",
        about: "open a TCP connection that stays open",
        options: &[],
        run: guest::sockets::nc,
    },
    Program {
        names: &["netstat", "netstat.exe"],
        home: Home::System(OsType::Windows),
        usage: "netstat -n",
        about: "the TCP connections of this machine",
        options: &["-n"],
        run: guest::sockets::netstat,
    },
    Program {
        names: &["hostname", "hostname.exe"],
        home: Home::Everywhere,
        usage: "hostname",
        about: "the name of this machine",
        options: &[],
        run: guest::addresses::hostname,
    },
    Program {
        names: &["help"],
        home: Home::Everywhere,
        usage: "help [PROGRAM]",
        about: "this list, or how a program is used",
        options: &[],
        run: help,
    },
];

impl Program {
    /// Whether a shell has it.
    pub(crate) fn is_in(&self, run: &Run<'_>) -> bool {
        match self.home {
            Home::Everywhere => true,
            Home::Machines => run.shell.machine().is_some(),
            Home::System(system) => run.shell.machine().is_some() && run.shell.system == system,
        }
    }
}

/// The program a word names. Windows does not look at the case of letters.
pub(crate) fn find(word: &str, system: OsType) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| {
        program.names.iter().any(|name| match system {
            OsType::Linux => *name == word,
            OsType::Windows => name.eq_ignore_ascii_case(word),
        })
    })
}

/// Runs the line.
pub(crate) fn run(mut run: Run<'_>) -> crate::Output {
    let system = run.shell.system;
    // PowerShell's way to one property of an answer: `(Invoke-WebRequest URL).Content`.
    let line = match (system, run.line.strip_prefix('(')) {
        (OsType::Windows, Some(rest)) if rest.contains(").") => rest.replacen(").", " -Property ", 1),
        (OsType::Windows | OsType::Linux, _) => run.line.to_owned(),
    };
    match split(&line, system) {
        Ok(words) => {
            if let Some((program, arguments)) = words.split_first() {
                start(&mut run, program, arguments);
            }
        }
        Err(LineError::OpenQuote(quote)) => run.fail(2, format!("the quote {quote} is not closed")),
        Err(LineError::Operator(operator)) => {
            run.fail(
                2,
                format!("“{operator}” is not supported here: one command a line, without pipes and redirections"),
            );
        }
    }
    run.output
}

fn start(run: &mut Run<'_>, word: &str, arguments: &[String]) {
    let program = find(word, run.shell.system).filter(|program| program.is_in(run));
    match program {
        Some(program) if arguments.iter().any(|word| word == "/?" || word == "--help") && program.names[0] != "az" => {
            explain(run, program);
        }
        Some(program) => (program.run)(run, arguments),
        None => unknown(run, word),
    }
}

fn unknown(run: &mut Run<'_>, word: &str) {
    match run.shell.system {
        OsType::Linux => run.fail(127, format!("{word}: command not found")),
        OsType::Windows => {
            let message = "The term '{word}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.".replace("{word}", word);
            let category = format!("ObjectNotFound: ({word}:String) [], CommandNotFoundException");
            crate::power_shell::failure(run, word, &message, &category, "CommandNotFoundException");
        }
    }
    let elsewhere = PROGRAMS.iter().find(|program| program.names.iter().any(|name| name.eq_ignore_ascii_case(word)));
    let hint = match elsewhere.map(|program| program.home) {
        Some(Home::System(system)) if run.shell.machine().is_some() => {
            format!("{word} runs on machines with {system}; help lists what runs here")
        }
        Some(_) => format!("{word} runs on virtual machines; the Cloud Shell stands in no virtual network"),
        None => String::from("help lists what runs here"),
    };
    run.error(hint);
}

fn help(run: &mut Run<'_>, arguments: &[String]) {
    if let Some(word) = arguments.first() {
        match find(word, run.shell.system).filter(|program| program.is_in(run)) {
            Some(program) => explain(run, program),
            None => unknown(run, word),
        }
        return;
    }
    let shown: Vec<&Program> = PROGRAMS.iter().filter(|program| program.is_in(run)).collect();
    let width = shown.iter().map(|program| program.names[0].len()).max().unwrap_or(0);
    for program in shown {
        run.print(format!("{:width$}  {}", program.names[0], program.about));
    }
}

fn explain(run: &mut Run<'_>, program: &Program) {
    run.print(format!("{}\n\n{}", program.usage, program.about));
}
