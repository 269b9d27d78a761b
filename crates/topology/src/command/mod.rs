//! Every change to a document: planned as a diff with an exact inverse, or refused with Azure's reason.

mod approval;
mod connection;
mod delete;
mod diff;
mod dns_integration;
mod draft;
mod generic;
mod peering;
mod private_dns_zone;
mod private_endpoint;
mod refusal;
mod rename;
mod zone_group;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;

use self::connection::decide;
pub use self::diff::{Diff, Edit};
use self::draft::Draft;
use self::private_dns_zone::{link_zone, unlink_zone};
pub use self::refusal::{Declaration, Detail, Refusal};
use crate::document::Request;
use crate::resource::{ConnectionStatus, DefaultAction, PublicNetworkAccess};
use crate::{Document, Id, Kind};

/// What a user asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Command {
    /// Call the document something.
    SetTitle {
        /// The new title.
        title: String,
    },
    /// Create a resource from its JSON. A private endpoint names its target by id or by alias; the state its connection
    /// begins in, its address and its zone group's records follow.
    Create {
        /// Its type.
        kind: Kind,
        /// Its id.
        id: Id,
        /// Its fields.
        value: Value,
    },
    /// Set one field of a resource.
    Set {
        /// The resource.
        id: Id,
        /// Keys and indices from the resource to the field.
        path: Vec<SmolStr>,
        /// The value; null takes the field away.
        #[serde(default)]
        value: Value,
    },
    /// Give a resource another id, which every reference follows.
    Rename {
        /// The resource.
        id: Id,
        /// Its new id.
        to: Id,
    },
    /// Delete a resource with what belongs to it.
    Delete {
        /// The resource.
        id: Id,
        /// Whether what depends on it goes, too, instead of refusing the command.
        #[serde(default)]
        cascade: bool,
    },
    /// Several commands as one: all of them, or none.
    All {
        /// In the order carried out.
        commands: Vec<Self>,
    },
    /// Peer two virtual networks, in both directions.
    Peer {
        /// One network.
        network: Id,
        /// The other.
        remote: Id,
    },
    /// Give a private endpoint the recommended zones, linked to its network, and a zone group that writes its records.
    IntegrateDns {
        /// The private endpoint.
        endpoint: Id,
    },
    /// Let a virtual network ask a private DNS zone.
    LinkZone {
        /// The zone.
        zone: Id,
        /// The virtual network.
        network: Id,
    },
    /// Take a link away again.
    UnlinkZone {
        /// The zone.
        zone: Id,
        /// The link's name.
        link: SmolStr,
    },
    /// The owner of the target approves a private endpoint's connection.
    ApproveConnection {
        /// The private endpoint.
        endpoint: Id,
    },
    /// The owner of the target rejects a private endpoint's connection.
    RejectConnection {
        /// The private endpoint.
        endpoint: Id,
    },
    /// The owner of the target removes a private endpoint's connection, which leaves the endpoint Disconnected.
    RemoveConnection {
        /// The private endpoint.
        endpoint: Id,
    },
    /// Set `networkAcls.defaultAction` of a platform service.
    SetDefaultAction {
        /// The platform service.
        service: Id,
        /// `Allow` or `Deny`.
        action: DefaultAction,
    },
    /// Set `publicNetworkAccess` of a platform service.
    SetPublicNetworkAccess {
        /// The platform service.
        service: Id,
        /// `Enabled` or `Disabled`.
        access: PublicNetworkAccess,
    },
    /// Make a question the one the document opens with; the same question moves to the front.
    SaveRequest {
        /// The question.
        request: Request,
    },
    /// Put another document in this one's place: a scenario, a link, a file.
    Replace {
        /// The other document.
        document: Box<Document>,
    },
}

/// What a command changes.
///
/// # Errors
/// When Azure would refuse it, or it names something that does not exist.
pub fn plan(document: &Document, command: Command) -> Result<Diff, Refusal> {
    let mut draft = Draft::of(document);
    carry_out(&mut draft, command)?;
    draft.finish()
}

fn carry_out(draft: &mut Draft<'_>, command: Command) -> Result<(), Refusal> {
    match command {
        Command::SetTitle { title } => {
            let before = draft.document().title.clone();
            draft.set_field("title", &before, &title);
            Ok(())
        }
        Command::Create { kind, id, value } => generic::create(draft, kind, &id, value),
        Command::Set { id, path, value } => generic::set(draft, &id, &path, value),
        Command::Rename { id, to } => rename::rename(draft, &id, &to),
        Command::Delete { id, cascade } => delete::delete(draft, &id, cascade),
        Command::All { commands } => commands.into_iter().try_for_each(|command| carry_out(draft, command)),
        Command::Peer { network, remote } => peering::peer(draft, &network, &remote),
        Command::IntegrateDns { endpoint } => dns_integration::integrate(draft, &endpoint),
        Command::LinkZone { zone, network } => link_zone(draft, &zone, network),
        Command::UnlinkZone { zone, link } => unlink_zone(draft, &zone, &link),
        Command::ApproveConnection { endpoint } => decide(draft, &endpoint, ConnectionStatus::Approved),
        Command::RejectConnection { endpoint } => decide(draft, &endpoint, ConnectionStatus::Rejected),
        Command::RemoveConnection { endpoint } => decide(draft, &endpoint, ConnectionStatus::Disconnected),
        Command::SetDefaultAction { service, action } => draft.change(
            Kind::PlatformService,
            |document| &document.platform_services,
            &service,
            |service| {
                service.network_acls.default_action = action;
            },
        ),
        Command::SetPublicNetworkAccess { service, access } => draft.change(
            Kind::PlatformService,
            |document| &document.platform_services,
            &service,
            |service| {
                service.public_network_access = Some(access);
            },
        ),
        Command::SaveRequest { request } => {
            let before = draft.document().requests.clone();
            let after = request.before(&before);
            draft.set_field("requests", &before, &after);
            Ok(())
        }
        Command::Replace { document } => {
            draft.replace(document);
            Ok(())
        }
    }
}
