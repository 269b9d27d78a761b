//! What all programs share: which of them a shell has, help, completion, and lines nobody understands.

#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod support;

use terminal::{Shell, Terminal, complete};

use support::{Desk, id, peered, with_windows};

fn completed(desk: &Desk, line: &str) -> Vec<String> {
    complete(line, &desk.shell, &desk.document, &desk.network).words
}

fn linux() -> Desk {
    Desk::at(&peered(), "rg1vm1")
}

fn windows() -> Desk {
    Desk::at(&with_windows(peered(), "rg1vm1"), "rg1vm1")
}

#[test]
fn each_system_has_its_own_prompt_and_programs() {
    assert_eq!(linux().shell.prompt(), "azureuser@rg1vm1:~$ ");
    assert_eq!(windows().shell.prompt(), "PS C:\\Users\\azureuser> ");
    assert_eq!(Shell::cloud(id("SUB01")).prompt(), "azureuser [ ~ ]$ ");
    let unknown = linux().run("Resolve-DnsName a.example");
    let lines =
        "Resolve-DnsName: command not found\nResolve-DnsName runs on machines with Windows; help lists what runs here";
    assert_eq!((unknown.text().as_str(), unknown.exit_code), (lines, 127));
    let unknown = windows().text("dig a.example");
    assert!(unknown.starts_with("dig : The term 'dig' is not recognized as the name of a cmdlet"), "{unknown}");
    assert!(unknown.ends_with("dig runs on machines with Linux; help lists what runs here"), "{unknown}");
    let cloud = Desk::cloud(&peered(), "SUB01").text("curl http://10.0.0.5");
    assert!(cloud.contains("the Cloud Shell stands in no virtual network"), "{cloud}");
}

#[test]
fn windows_does_not_look_at_the_case_of_letters() {
    assert_eq!(windows().run("HOSTNAME").text(), "rg1vm1");
    assert_eq!(linux().run("HOSTNAME").exit_code, 127);
}

#[test]
fn help_lists_what_runs_here_and_explains_one_program() {
    let all = linux().text("help");
    assert!(all.contains("dig") && !all.contains("Resolve-DnsName"), "{all}");
    assert!(linux().text("help curl").starts_with("curl [-v]"));
    assert!(linux().text("dig --help").starts_with("dig [@SERVER]"));
}

#[test]
fn what_only_a_real_shell_does_is_refused() {
    assert!(linux().text("dig a.example | grep A").starts_with("“|” is not supported here"));
    assert_eq!(linux().text("curl 'http://a"), "the quote ' is not closed");
    assert_eq!(linux().run("   ").lines.len(), 0);
}

#[test]
fn programs_options_and_names_are_completed() {
    assert_eq!(completed(&linux(), "ns"), ["nslookup"]);
    assert_eq!(completed(&windows(), "test"), ["Test-NetConnection"]);
    assert_eq!(completed(&linux(), "dig +s"), ["+short"]);
    let names = completed(&linux(), "nslookup rg1sto1brng1.b");
    assert_eq!(names, ["rg1sto1brng1.blob.core.windows.net"]);
    assert_eq!(completed(&linux(), "curl 10.0.0.5"), ["10.0.0.5"]);
    assert_eq!(complete("nslookup kv", &linux().shell, &linux().document, &linux().network).start, 9);
}

#[test]
fn az_is_completed_word_by_word() {
    let desk = Desk::cloud(&peered(), "SUB01");
    assert_eq!(completed(&desk, "az net"), ["network"]);
    assert_eq!(completed(&desk, "az network private-e"), ["private-endpoint", "private-endpoint-connection"]);
    assert_eq!(completed(&desk, "az network nic show-effective-route-table --na"), ["--name"]);
    assert_eq!(completed(&desk, "az network nic show-effective-route-table -n rg1vm1"), ["rg1vm1243"]);
    assert_eq!(completed(&desk, "az network nic list -g "), ["rg1"]);
    assert_eq!(completed(&desk, "az network nic list -o t"), ["table", "tsv"]);
    let connections = completed(&desk, "az network private-endpoint-connection approve --id ");
    assert_eq!(connections.len(), 2);
    assert!(completed(&desk, "az network nic list -g rg1 -").contains(&String::from("--query")));
    assert_eq!(
        completed(&desk, "az network private-dns link vnet list -z privatelink.b"),
        ["privatelink.blob.core.windows.net"]
    );
}

#[test]
fn a_terminal_remembers_its_lines() {
    let mut desk = linux();
    let mut terminal = Terminal::new(desk.shell.clone());
    for line in ["hostname", "help"] {
        let output = terminal.run(line, &desk.document, &desk.network, &mut desk.session);
        assert_eq!(output.exit_code, 0);
    }
    assert_eq!(terminal.history().lines(), ["hostname", "help"]);
    assert_eq!(terminal.history_mut().older(), Some("help"));
}

#[test]
fn every_line_ends_without_a_panic_on_an_empty_document() {
    let document = support::json(r#"{"schema": 1}"#);
    for shell in [Shell::cloud(id("nothing")), Shell::of_machine(&topology::Document::default(), &id("nobody"))] {
        let mut desk = Desk::new(&document, |_| shell.clone());
        for program in [
            "nslookup a",
            "dig a",
            "curl a",
            "ping a",
            "hostname",
            "resolvectl",
            "az network nic list",
            "az network vnet list",
            "az storage account show -n a -g rg1",
        ] {
            let output = desk.run(program);
            assert!(!output.lines.is_empty(), "{program}");
        }
    }
}
