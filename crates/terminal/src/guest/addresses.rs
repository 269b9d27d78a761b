//! What a machine knows about itself: name, addresses, DNS servers, DNS cache.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use sim::cache::CacheKind;
use wire::dns::Record;

use crate::run::{Run, own_address};

/// `hostname`
pub(crate) fn hostname(run: &mut Run<'_>, _arguments: &[String]) {
    let name = run.machine().map_or_else(|| String::from("cc-cloud-shell"), ToString::to_string);
    run.print(name);
}

/// `ipconfig [/all | /flushdns | /displaydns | /renew]`
pub(crate) fn ipconfig(run: &mut Run<'_>, arguments: &[String]) {
    let Some(machine) = run.machine() else { return };
    match arguments.first().map(|word| word.to_ascii_lowercase()).as_deref() {
        None => show(run, false),
        Some("/all") => show(run, true),
        Some("/flushdns") => {
            run.session.flush_dns(machine, CacheKind::Client);
            run.print("\nWindows IP Configuration\n\nSuccessfully flushed the DNS Resolver Cache.");
        }
        Some("/renew") => {
            run.session.renew_lease(machine);
            show(run, false);
        }
        Some("/displaydns") => display(run),
        Some(other) => run.fail(1, format!("\nError: unrecognized or incomplete command line.\n\n{other} is not supported here; /all, /flushdns, /displaydns and /renew are")),
    }
}

/// `resolvectl flush-caches | dns`
pub(crate) fn resolvectl(run: &mut Run<'_>, arguments: &[String]) {
    let Some(machine) = run.machine() else { return };
    match arguments.first().map(String::as_str) {
        Some("flush-caches") => run.session.flush_dns(machine, CacheKind::Client),
        Some("dns") | None => {
            let servers = servers(run).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            run.print(format!("Global:\nLink 2 (eth0): {servers}"));
        }
        Some(other) => run.fail(1, format!("Unknown command verb {other}.\nflush-caches and dns are supported here")),
    }
}

fn show(run: &mut Run<'_>, all: bool) {
    let mut rows = vec![("Connection-specific DNS Suffix ", String::new())];
    let (Some(address), Some(prefix)) = (own_address(run), prefix(run)) else {
        return run.print("\nWindows IP Configuration\n");
    };
    if all {
        rows.push(("Description", String::from("Microsoft Hyper-V Network Adapter")));
        rows.push(("DHCP Enabled", String::from("Yes")));
    }
    rows.push(("IPv4 Address", if all { format!("{address}(Preferred)") } else { address.to_string() }));
    rows.push(("Subnet Mask", prefix.netmask().to_string()));
    rows.push(("Default Gateway", Ipv4Addr::from(u32::from(prefix.network()) + 1).to_string()));
    if all {
        rows.push(("DHCP Server", sim::walk::AZURE_DNS.to_string()));
        let servers = servers(run).iter().map(ToString::to_string).collect::<Vec<_>>();
        rows.push(("DNS Servers", servers.join(&format!("\n{}", " ".repeat(39)))));
    }
    let machine = run.machine().map(ToString::to_string).unwrap_or_default();
    run.print("\nWindows IP Configuration\n");
    if all {
        run.print(format!("{}{machine}\n", label("Host Name")));
    }
    run.print("\nEthernet adapter Ethernet:\n");
    for (name, value) in rows {
        run.print(format!("{}{value}", label(name)).trim_end());
    }
}

/// A name followed by dots at every other column, up to the colon at column 37.
fn label(name: &str) -> String {
    dotted(format!("   {name}"), 36)
}

/// Dots at every other column before `end`, and a colon.
fn dotted(mut label: String, end: usize) -> String {
    while label.len() < end {
        label.push(if (end - label.len()) % 2 == 1 { '.' } else { ' ' });
    }
    label + " : "
}

/// The range of the subnet the machine stands in.
fn prefix(run: &Run<'_>) -> Option<Ipv4Net> {
    let subnet = run.document.subnet_of(run.machine()?)?;
    run.document.subnets.get(subnet).map(|subnet| subnet.address_prefix)
}

/// The DNS servers the machine's lease names.
fn servers(run: &mut Run<'_>) -> Vec<Ipv4Addr> {
    let Some(machine) = run.machine() else { return Vec::new() };
    sim::leased_dns_servers(run.network, run.session, machine)
}

/// The cache as Windows shows it: the records of each name remembered.
fn display(run: &mut Run<'_>) {
    let Some(machine) = run.machine() else { return };
    let now_s = run.session.now_s();
    let mut text = String::from("\nWindows IP Configuration\n");
    for (name, cached) in run.session.cached_names(machine, CacheKind::Client) {
        let line = "-".repeat(40);
        if cached.records.is_empty() {
            text.push_str(&format!("\n    {name}\n    {line}\n    Name does not exist.\n"));
        }
        let left = cached.expires_s.saturating_sub(now_s);
        for record in &cached.records {
            text.push_str(&format!("\n    {name}\n    {line}\n{}", cached_record(record, left)));
        }
    }
    run.print(text);
}

fn cached_record(record: &Record, left_s: u64) -> String {
    let is_address = record.data.address().is_some();
    let (length, label) = if is_address { (4, "A (Host) Record") } else { (8, "CNAME Record") };
    let (number, value) = (record.data.record_type().number(), record.data.to_string());
    let seconds = u64::from(record.ttl).min(left_s);
    let rows = [
        ("Record Name", record.name.to_string()),
        ("Record Type", number.to_string()),
        ("Time To Live", seconds.to_string()),
        ("Data Length", length.to_string()),
        ("Section", String::from("Answer")),
        (label, value),
    ];
    rows.iter().map(|(name, value)| format!("{}{value}\n", dotted(format!("    {name} "), 25))).collect()
}
