//! Every change to a document: planned as a diff with an exact inverse, or refused with Azure's reason.

mod connection;
mod diff;
mod private_dns_zone;
mod refusal;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use self::connection::decide;
pub use self::diff::{Diff, Edit};
use self::private_dns_zone::{link_zone, unlink_zone};
pub use self::refusal::Refusal;
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
    match command {
        Command::SetTitle { title } => Ok(Edit::field("title", &document.title, &title).into()),
        Command::LinkZone { zone, network } => link_zone(document, &zone, network).map(Diff::from),
        Command::UnlinkZone { zone, link } => unlink_zone(document, &zone, &link).map(Diff::from),
        Command::ApproveConnection { endpoint } => {
            decide(document, &endpoint, ConnectionStatus::Approved).map(Diff::from)
        }
        Command::RejectConnection { endpoint } => {
            decide(document, &endpoint, ConnectionStatus::Rejected).map(Diff::from)
        }
        Command::SetDefaultAction { service, action } => {
            Edit::of(Kind::PlatformService, &document.platform_services, &service, |service| {
                service.network_acls.default_action = action;
            })
            .map(Diff::from)
        }
        Command::SetPublicNetworkAccess { service, access } => {
            Edit::of(Kind::PlatformService, &document.platform_services, &service, |service| {
                service.public_network_access = Some(access);
            })
            .map(Diff::from)
        }
        Command::SaveRequest { request } => {
            let mut after = document.requests.clone();
            after.retain(|other| *other != request);
            after.insert(0, request);
            if after == document.requests {
                return Err(Refusal::NothingToChange);
            }
            Ok(Edit::field("requests", &document.requests, &after).into())
        }
        Command::Replace { document: after } => Ok(Edit::Document { before: Box::new(document.clone()), after }.into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::file;

    fn document() -> Document {
        file::parse(
            r#"{
              "schema": 1,
              "title": "Two networks",
              "tenants": {"contoso": {}},
              "subscriptions": {"sub": {"tenant": "contoso"}},
              "virtualNetworks": {
                "vnet1": {"subscription": "sub", "addressPrefixes": ["10.0.0.0/24"]},
                "vnet2": {"subscription": "sub", "addressPrefixes": ["10.1.0.0/24"]}
              },
              "subnets": {"default": {"virtualNetwork": "vnet1", "addressPrefix": "10.0.0.0/24"}},
              "privateEndpoints": {
                "pe": {"subnet": "default", "manualPrivateLinkServiceConnections": [
                  {"privateLinkServiceId": "acct", "groupIds": ["blob"]}]}
              },
              "privateDnsZones": {
                "zone1": {"subscription": "sub", "name": "privatelink.blob.core.windows.net",
                  "virtualNetworkLinks": {"link1": {"virtualNetwork": "vnet1"}}},
                "zone2": {"subscription": "sub", "name": "privatelink.blob.core.windows.net"}
              },
              "platformServices": {"acct": {"type": "Microsoft.Storage/storageAccounts", "subscription": "sub"}}
            }"#,
        )
        .unwrap()
    }

    fn id(text: &str) -> Id {
        text.parse().unwrap()
    }

    fn run(document: &mut Document, command: Command) -> Result<(), Refusal> {
        plan(document, command).map(|diff| diff.apply(document))
    }

    #[test]
    fn a_network_is_linked_to_a_zone_once() {
        let mut document = document();
        let command = Command::LinkZone { zone: id("zone1"), network: id("vnet2") };
        assert_eq!(run(&mut document, command.clone()), Ok(()));
        let again = run(&mut document, command);
        assert_eq!(again, Err(Refusal::AlreadyLinked { zone: id("zone1"), network: id("vnet2") }));
    }

    #[test]
    fn a_network_is_not_linked_to_two_zones_of_the_same_name() {
        let refused = plan(&document(), Command::LinkZone { zone: id("zone2"), network: id("vnet1") });
        let reason = Refusal::OverlappingNamespaces { network: id("vnet1"), linked: id("zone1"), zone: id("zone2") };
        assert_eq!(refused, Err(reason));
    }

    #[test]
    fn a_rejected_connection_cannot_be_approved() {
        let mut document = document();
        assert_eq!(run(&mut document, Command::RejectConnection { endpoint: id("pe") }), Ok(()));
        let approved = run(&mut document, Command::ApproveConnection { endpoint: id("pe") });
        assert_eq!(approved, Err(Refusal::RejectedIsFinal { endpoint: id("pe") }));
    }

    #[test]
    fn saving_a_request_puts_it_first_without_repeating_it() {
        let mut document = document();
        let question = |to: &str| {
            let text = format!(r#"{{"from": "vm", "to": "{to}"}}"#);
            serde_json::from_str::<Request>(&text).unwrap()
        };
        for to in ["a", "b", "a"] {
            run(&mut document, Command::SaveRequest { request: question(to) }).unwrap();
        }
        assert_eq!(document.requests, [question("a"), question("b")]);
        assert_eq!(run(&mut document, Command::SaveRequest { request: question("a") }), Err(Refusal::NothingToChange));
    }

    fn any_command() -> impl Strategy<Value = Command> {
        let zone = prop_oneof![Just(id("zone1")), Just(id("zone2")), Just(id("nothing"))];
        let network = prop_oneof![Just(id("vnet1")), Just(id("vnet2")), Just(id("zone1"))];
        let link = prop_oneof![Just("link1"), Just("link-vnet2"), Just("link-vnet1")];
        prop_oneof![
            ".{0,12}".prop_map(|title| Command::SetTitle { title }),
            (zone.clone(), network).prop_map(|(zone, network)| Command::LinkZone { zone, network }),
            (zone, link).prop_map(|(zone, link)| Command::UnlinkZone { zone, link: link.into() }),
            Just(Command::ApproveConnection { endpoint: id("pe") }),
            Just(Command::RejectConnection { endpoint: id("pe") }),
            Just(Command::SetDefaultAction { service: id("acct"), action: DefaultAction::Deny }),
            Just(Command::SetPublicNetworkAccess { service: id("acct"), access: PublicNetworkAccess::Disabled }),
            Just(Command::Replace { document: Box::default() }),
        ]
    }

    #[test]
    fn a_command_is_written_by_its_name_and_read_back() {
        let command = Command::LinkZone { zone: id("zone1"), network: id("vnet2") };
        let text = serde_json::to_string(&command).unwrap();
        assert_eq!(text, r#"{"command":"linkZone","zone":"zone1","network":"vnet2"}"#);
        assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command);
    }

    proptest! {
        #[test]
        fn undoing_restores_the_document_byte_for_byte(commands in proptest::collection::vec(any_command(), 1..12)) {
            let mut document = document();
            let mut undo = Vec::new();
            for command in commands {
                let before = file::print(&document);
                if let Ok(diff) = plan(&document, command) {
                    diff.apply(&mut document);
                    undo.push((diff.reversed(), before));
                }
            }
            while let Some((diff, before)) = undo.pop() {
                diff.apply(&mut document);
                prop_assert_eq!(file::print(&document), before);
            }
        }
    }
}
