//! Which sentence a diagnosis takes.

use serde_json::Value;
use sim::diagnose::{Remedy, RootCause};
use sim::expectation::Mismatch;
use smol_str::{SmolStr, format_smolstr};
use topology::Id;
use topology::command::Command;

use crate::message::{Arg, Message, code, filled, resource, text};

pub(crate) fn of_cause(cause: &RootCause) -> Message {
    // No cause speaks of a problem.
    let args = cause.details().into_iter().map(|(name, detail)| (name, filled(detail, |_| Vec::new()))).collect();
    Message::new(format_smolstr!("diagnosis.{}", cause.name()), args)
}

pub(crate) fn of_mismatch(mismatch: &Mismatch) -> Message {
    let or_none = |found: Option<String>| found.map_or_else(|| text("—"), Arg::Code);
    let args = match mismatch {
        Mismatch::NotAnswered | Mismatch::NotBlocked => vec![],
        Mismatch::Path { expected, found } => {
            vec![("expected", code(expected)), ("found", or_none(found.map(|found| format!("{found:?}"))))]
        }
        Mismatch::Via { expected } => vec![("expected", resource(expected))],
        Mismatch::Caller { expected, found } | Mismatch::Address { expected, found } => {
            vec![("expected", code(expected)), ("found", or_none(found.map(|found| found.to_string())))]
        }
    };
    Message::new(format_smolstr!("mismatch.{}", mismatch.code()), args)
}

pub(crate) fn of_remedy(remedy: &Remedy) -> Message {
    let (key, args) = match remedy {
        Remedy::Command(command) => return of_command(command),
        Remedy::RenewLease { renew_lease } => ("remedy.renewLease", vec![("machine", resource(renew_lease))]),
        Remedy::FlushDns { flush_dns } => ("remedy.flushDns", vec![("machine", resource(flush_dns))]),
        Remedy::KeepAlive { keepalive_s } => ("remedy.keepAlive", vec![("seconds", text(keepalive_s))]),
        Remedy::Ask { ask } => ("remedy.ask", vec![("target", code(&ask.to))]),
    };
    Message::new(key, args)
}

/// Setting a field: in words where they say more than the field's name and JSON.
fn of_setting(id: &Id, path: &[SmolStr], value: &Value) -> Message {
    let path: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
    let listed = |field: &str| {
        let items = value[field].as_array().into_iter().flatten().filter_map(Value::as_str);
        items.collect::<Vec<_>>().join(", ")
    };
    let stated = |field: &str| code(value[field].as_str().unwrap_or("*"));
    let (key, args) = match path.as_slice() {
        ["recordSets", name] if value.is_object() => {
            ("remedy.setRecord", vec![("name", code(name)), ("addresses", code(listed("aRecords")))])
        }
        ["privateDnsZoneGroup"] if value.is_object() => {
            let zone = value["privateDnsZoneConfigs"][0]["privateDnsZoneId"].as_str().unwrap_or("…");
            ("remedy.setZoneGroup", vec![("zone", code(zone))])
        }
        ["securityRules", name] if value.is_object() => {
            let args = vec![
                ("name", code(name)),
                ("access", stated("access")),
                ("direction", stated("direction")),
                ("source", stated("sourceAddressPrefix")),
                ("destination", stated("destinationAddressPrefix")),
                ("port", stated("destinationPortRange")),
                ("priority", code(&value["priority"])),
            ];
            ("remedy.setSecurityRule", args)
        }
        path => {
            let value_shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let key = if value.is_null() { "remedy.unset" } else { "remedy.set" };
            (key, vec![("field", code(path.join("/"))), ("value", Arg::Code(value_shown))])
        }
    };
    Message::new(key, [vec![("id", resource(id))], args].concat())
}

/// What a command does, as an instruction.
fn of_command(command: &Command) -> Message {
    let (key, args) = match command {
        Command::SetTitle { title } => ("remedy.setTitle", vec![("title", code(title))]),
        Command::Create { id, .. } => ("remedy.create", vec![("id", code(id))]),
        Command::Set { id, path, value } => return of_setting(id, path, value),
        Command::Rename { id, to } => ("remedy.rename", vec![("id", resource(id)), ("to", code(to))]),
        Command::Delete { id, .. } => ("remedy.delete", vec![("id", resource(id))]),
        Command::All { commands } => {
            return match commands.as_slice() {
                [Command::Delete { id, .. }, Command::Create { id: again, .. }] if id == again => {
                    Message::new("remedy.recreate", vec![("id", resource(id))])
                }
                _ => Message::new("remedy.all", vec![("count", text(commands.len()))]),
            };
        }
        Command::Peer { network, remote } => {
            ("remedy.peer", vec![("network", resource(network)), ("remote", resource(remote))])
        }
        Command::IntegrateDns { endpoint } => ("remedy.integrateDns", vec![("endpoint", resource(endpoint))]),
        Command::LinkZone { zone, network } => {
            ("remedy.linkZone", vec![("zone", resource(zone)), ("network", resource(network))])
        }
        Command::UnlinkZone { zone, link } => {
            ("remedy.unlinkZone", vec![("zone", resource(zone)), ("link", code(link))])
        }
        Command::ApproveConnection { endpoint } => ("remedy.approveConnection", vec![("endpoint", resource(endpoint))]),
        Command::RejectConnection { endpoint } => ("remedy.rejectConnection", vec![("endpoint", resource(endpoint))]),
        Command::RemoveConnection { endpoint } => ("remedy.removeConnection", vec![("endpoint", resource(endpoint))]),
        Command::SetDefaultAction { service, action } => {
            ("remedy.setDefaultAction", vec![("service", resource(service)), ("action", code(action))])
        }
        Command::SetPublicNetworkAccess { service, access } => {
            ("remedy.setPublicNetworkAccess", vec![("service", resource(service)), ("access", code(access))])
        }
        Command::SaveRequest { request } => ("remedy.saveRequest", vec![("target", code(&request.to))]),
        Command::Replace { document } => ("remedy.replace", vec![("title", code(&document.title))]),
    };
    Message::new(key, args)
}
