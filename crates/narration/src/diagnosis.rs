//! Which sentence a diagnosis takes.

use sim::diagnose::{Detail, Remedy, RootCause};
use sim::expectation::Mismatch;
use smol_str::format_smolstr;
use topology::command::Command;

use crate::message::{Arg, Message, code, resource, text};

pub(crate) fn of_cause(cause: &RootCause) -> Message {
    let args = cause.details().into_iter().map(|(name, detail)| {
        let arg = match detail {
            Detail::Resource(id) => Arg::Resource(id),
            Detail::Code(text) => Arg::Code(text),
        };
        (name, arg)
    });
    Message::new(format_smolstr!("diagnosis.{}", cause.name()), args.collect())
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
        Remedy::Ask { ask } => ("remedy.ask", vec![("target", code(&ask.to))]),
    };
    Message::new(key, args)
}

/// What a command does, as an instruction.
fn of_command(command: &Command) -> Message {
    let (key, args) = match command {
        Command::SetTitle { title } => ("remedy.setTitle", vec![("title", code(title))]),
        Command::Create { kind, id, .. } => ("remedy.create", vec![("resource", resource(id)), ("kind", code(kind))]),
        Command::Set { id, path, value } => {
            let field = path.iter().map(smol_str::SmolStr::as_str).collect::<Vec<_>>().join("/");
            let args = vec![("resource", resource(id)), ("field", code(field))];
            match value.as_str().map_or_else(|| value.to_string(), str::to_owned) {
                _ if value.is_null() => ("remedy.unset", args),
                value => ("remedy.set", [args, vec![("value", code(value))]].concat()),
            }
        }
        Command::Rename { id, to } => ("remedy.rename", vec![("resource", resource(id)), ("to", code(to))]),
        Command::Delete { id, .. } => ("remedy.delete", vec![("resource", resource(id))]),
        Command::All { commands } => ("remedy.all", vec![("count", text(commands.len()))]),
        Command::Peer { network, remote } => {
            ("remedy.peer", vec![("network", resource(network)), ("remote", resource(remote))])
        }
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
