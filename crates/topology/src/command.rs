//! Every change to a document: planned as a diff with an exact inverse, or refused with Azure's reason.

use smol_str::{SmolStr, format_smolstr};

use crate::document::{Document, Request};
use crate::resource::{
    ConnectionStatus, DefaultAction, Extra, PlatformService, PrivateDnsZone, PrivateEndpoint, PublicNetworkAccess,
    ResolutionPolicy, VirtualNetworkLink,
};
use crate::{Id, Table};

/// What a user asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Call the document something.
    SetTitle(String),
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
    SaveRequest(Request),
    /// Put another document in this one's place: a scenario, a link, a file.
    Replace(Box<Document>),
}

/// Why a command is not carried out. Azure's own code where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The command names something that does not exist.
    NotFound {
        /// What it names.
        reference: SmolStr,
    },
    /// The network already has a link to this zone [VNET-LINKS].
    AlreadyLinked {
        /// The zone.
        zone: Id,
        /// The network.
        network: Id,
    },
    /// The network is linked to another zone of the same name [OBS-OVERLAP].
    OverlappingNamespaces {
        /// The network.
        network: Id,
        /// The zone it is linked to.
        linked: Id,
        /// The zone it was to be linked to.
        zone: Id,
    },
    /// A rejected connection cannot be approved (assumption A17).
    RejectedIsFinal {
        /// The private endpoint.
        endpoint: Id,
    },
    /// A disconnected endpoint can only be deleted [PE-MANAGE].
    DisconnectedIsFinal {
        /// The private endpoint.
        endpoint: Id,
    },
    /// The connection already is in that state.
    NothingToChange,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NotFound",
            Self::AlreadyLinked { .. } => "AlreadyLinked",
            Self::OverlappingNamespaces { .. } => "OverlappingNamespaces",
            Self::RejectedIsFinal { .. } => "RejectedIsFinal",
            Self::DisconnectedIsFinal { .. } => "DisconnectedIsFinal",
            Self::NothingToChange => "NothingToChange",
        }
    }
}

/// A resource before and after; `None` where it did not or does not exist.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit<T> {
    id: Id,
    index: usize,
    before: Option<T>,
    after: Option<T>,
}

impl<T: Clone> Edit<T> {
    /// The change of an existing resource.
    fn of(table: &Table<T>, id: &Id, change: impl FnOnce(&mut T)) -> Result<Self, Refusal> {
        let missing = || Refusal::NotFound { reference: SmolStr::new(id.as_str()) };
        let before = table.get(id).ok_or_else(missing)?;
        let index = table.index_of(id).ok_or_else(missing)?;
        let mut after = before.clone();
        change(&mut after);
        Ok(Self { id: id.clone(), index, before: Some(before.clone()), after: Some(after) })
    }

    fn reversed(self) -> Self {
        Self { before: self.after, after: self.before, ..self }
    }

    fn apply(&self, table: &mut Table<T>) {
        table.set(&self.id, self.index, self.after.clone());
    }
}

/// A change and its inverse: applying a diff and then its reverse restores the document byte for byte.
#[derive(Clone, Debug, PartialEq)]
pub enum Diff {
    /// The title.
    Title {
        /// Until now.
        before: String,
        /// From now on.
        after: String,
    },
    /// The saved questions.
    Requests {
        /// Until now.
        before: Vec<Request>,
        /// From now on.
        after: Vec<Request>,
    },
    /// A private DNS zone.
    PrivateDnsZone(Box<Edit<PrivateDnsZone>>),
    /// A private endpoint.
    PrivateEndpoint(Box<Edit<PrivateEndpoint>>),
    /// A platform service.
    PlatformService(Box<Edit<PlatformService>>),
    /// The whole document.
    Document {
        /// Until now.
        before: Box<Document>,
        /// From now on.
        after: Box<Document>,
    },
}

impl Diff {
    /// The diff that undoes this one.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Title { before, after } => Self::Title { before: after, after: before },
            Self::Requests { before, after } => Self::Requests { before: after, after: before },
            Self::PrivateDnsZone(edit) => Self::PrivateDnsZone(Box::new(edit.reversed())),
            Self::PrivateEndpoint(edit) => Self::PrivateEndpoint(Box::new(edit.reversed())),
            Self::PlatformService(edit) => Self::PlatformService(Box::new(edit.reversed())),
            Self::Document { before, after } => Self::Document { before: after, after: before },
        }
    }

    /// Carries the change out.
    pub fn apply(&self, document: &mut Document) {
        match self {
            Self::Title { after, .. } => document.title.clone_from(after),
            Self::Requests { after, .. } => document.requests.clone_from(after),
            Self::PrivateDnsZone(edit) => edit.apply(&mut document.private_dns_zones),
            Self::PrivateEndpoint(edit) => edit.apply(&mut document.private_endpoints),
            Self::PlatformService(edit) => edit.apply(&mut document.platform_services),
            Self::Document { after, .. } => document.clone_from(after),
        }
    }
}

/// What a command changes.
///
/// # Errors
/// When Azure would refuse it, or it names something that does not exist.
pub fn plan(document: &Document, command: Command) -> Result<Diff, Refusal> {
    match command {
        Command::SetTitle(after) => Ok(Diff::Title { before: document.title.clone(), after }),
        Command::LinkZone { zone, network } => link_zone(document, &zone, network),
        Command::UnlinkZone { zone, link } => unlink_zone(document, &zone, &link),
        Command::ApproveConnection { endpoint } => decide(document, &endpoint, ConnectionStatus::Approved),
        Command::RejectConnection { endpoint } => decide(document, &endpoint, ConnectionStatus::Rejected),
        Command::SetDefaultAction { service, action } => {
            let edit = Edit::of(&document.platform_services, &service, |service| {
                service.network_acls.default_action = action;
            })?;
            Ok(Diff::PlatformService(Box::new(edit)))
        }
        Command::SetPublicNetworkAccess { service, access } => {
            let edit = Edit::of(&document.platform_services, &service, |service| {
                service.public_network_access = access;
            })?;
            Ok(Diff::PlatformService(Box::new(edit)))
        }
        Command::SaveRequest(request) => {
            let before = document.requests.clone();
            let mut after = before.clone();
            after.retain(|other| *other != request);
            after.insert(0, request);
            if after == before {
                return Err(Refusal::NothingToChange);
            }
            Ok(Diff::Requests { before, after })
        }
        Command::Replace(after) => Ok(Diff::Document { before: Box::new(document.clone()), after }),
    }
}

fn link_zone(document: &Document, zone: &Id, network: Id) -> Result<Diff, Refusal> {
    if !document.virtual_networks.contains(&network) {
        return Err(Refusal::NotFound { reference: SmolStr::new(network.as_str()) });
    }
    let name = document.private_dns_zones.get(zone).map(|zone| &zone.name);
    for (other, candidate) in &document.private_dns_zones {
        let linked = candidate.virtual_network_links.values().any(|link| link.virtual_network == network);
        if linked && other == zone {
            return Err(Refusal::AlreadyLinked { zone: zone.clone(), network });
        }
        if linked && Some(&candidate.name) == name {
            return Err(Refusal::OverlappingNamespaces { network, linked: other.clone(), zone: zone.clone() });
        }
    }
    let edit = Edit::of(&document.private_dns_zones, zone, |zone| {
        let mut name = format_smolstr!("link-{network}");
        while zone.virtual_network_links.contains_key(&name) {
            name = format_smolstr!("{name}-2");
        }
        let link = VirtualNetworkLink {
            virtual_network: network,
            registration_enabled: false,
            resolution_policy: ResolutionPolicy::Default,
            extra: Extra::new(),
        };
        zone.virtual_network_links.insert(name, link);
    })?;
    Ok(Diff::PrivateDnsZone(Box::new(edit)))
}

fn unlink_zone(document: &Document, zone: &Id, link: &SmolStr) -> Result<Diff, Refusal> {
    let missing = || Refusal::NotFound { reference: format_smolstr!("{zone}/{link}") };
    let exists = document.private_dns_zones.get(zone).is_some_and(|zone| zone.virtual_network_links.contains_key(link));
    if !exists {
        return Err(missing());
    }
    let edit = Edit::of(&document.private_dns_zones, zone, |zone| {
        zone.virtual_network_links.shift_remove(link);
    })?;
    Ok(Diff::PrivateDnsZone(Box::new(edit)))
}

/// The approval state machine of [PE-OV] as far as the owner drives it.
fn decide(document: &Document, endpoint: &Id, status: ConnectionStatus) -> Result<Diff, Refusal> {
    let current = document
        .private_endpoints
        .get(endpoint)
        .and_then(PrivateEndpoint::connection)
        .map(|connection| connection.private_link_service_connection_state.status)
        .ok_or_else(|| Refusal::NotFound { reference: SmolStr::new(endpoint.as_str()) })?;
    if current == status {
        return Err(Refusal::NothingToChange);
    }
    match current {
        ConnectionStatus::Disconnected => Err(Refusal::DisconnectedIsFinal { endpoint: endpoint.clone() }),
        ConnectionStatus::Rejected => Err(Refusal::RejectedIsFinal { endpoint: endpoint.clone() }),
        ConnectionStatus::Pending | ConnectionStatus::Approved => {
            let edit = Edit::of(&document.private_endpoints, endpoint, |endpoint| {
                if let Some(connection) = endpoint.connection_mut() {
                    connection.private_link_service_connection_state.status = status;
                }
            })?;
            Ok(Diff::PrivateEndpoint(Box::new(edit)))
        }
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
            run(&mut document, Command::SaveRequest(question(to))).unwrap();
        }
        assert_eq!(document.requests, [question("a"), question("b")]);
        assert_eq!(run(&mut document, Command::SaveRequest(question("a"))), Err(Refusal::NothingToChange));
    }

    fn any_command() -> impl Strategy<Value = Command> {
        let zone = prop_oneof![Just(id("zone1")), Just(id("zone2")), Just(id("nothing"))];
        let network = prop_oneof![Just(id("vnet1")), Just(id("vnet2")), Just(id("zone1"))];
        let link = prop_oneof![Just("link1"), Just("link-vnet2"), Just("link-vnet1")];
        prop_oneof![
            ".{0,12}".prop_map(Command::SetTitle),
            (zone.clone(), network).prop_map(|(zone, network)| Command::LinkZone { zone, network }),
            (zone, link).prop_map(|(zone, link)| Command::UnlinkZone { zone, link: link.into() }),
            Just(Command::ApproveConnection { endpoint: id("pe") }),
            Just(Command::RejectConnection { endpoint: id("pe") }),
            Just(Command::SetDefaultAction { service: id("acct"), action: DefaultAction::Deny }),
            Just(Command::SetPublicNetworkAccess { service: id("acct"), access: PublicNetworkAccess::Disabled }),
            Just(Command::Replace(Box::default())),
        ]
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
