//! Who refers to whom: which places of a document name a resource, and whether what they name is there.
//!
//! What a reference is follows from the type of a field ([`Id`] or [`ChildRef`](crate::ChildRef)), so that a new kind
//! of resource takes part without a word here. Only which types a field may name goes by its name.

use indexmap::IndexMap;
use serde_json::Value;
use smol_str::SmolStr;

use crate::schema::{Path, Reference, Stored as _};
use crate::{Document, Id, Kind};

/// A place that names a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mention {
    /// Who holds it.
    pub holder: Holder,
    /// Keys and indices from the holder down, such as `ipConfigurations`, `0`, `subnet`.
    pub path: Vec<SmolStr>,
}

/// What holds a reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A resource.
    Resource(Kind, Id),
    /// A field of the document itself, such as its saved questions.
    Field(SmolStr),
}

impl Mention {
    /// The field it stands in: the last key that is no index.
    #[must_use]
    pub fn field(&self) -> &str {
        self.path.iter().rev().find(|segment| segment.parse::<usize>().is_err()).map_or("", SmolStr::as_str)
    }

    /// Whether it can mean a resource of this type.
    pub(crate) fn may_mean(&self, kind: Kind) -> bool {
        may_name(self.field(), kind)
    }

    fn at(path: &Path<'_>) -> Option<Self> {
        let mut segments = path.segments().into_iter();
        let table = segments.next()?;
        let holder = match Kind::ALL.iter().find(|kind| kind.as_str() == table) {
            Some(kind) => Holder::Resource(*kind, segments.next()?.parse().ok()?),
            None => Holder::Field(table),
        };
        Some(Self { holder, path: segments.collect() })
    }
}

impl Document {
    /// Every place that names a resource of a type, in document order. (Two tables may have one id between them.)
    #[must_use]
    pub fn mentions_of(&self, kind: Kind, id: &Id) -> Vec<Mention> {
        let mut mentions = Vec::new();
        self.references(&Path::Root, &mut |at, reference| {
            if reference.id == id && may_name(field_of(at), kind) {
                mentions.extend(Mention::at(at));
            }
        });
        mentions
    }

    /// Every place that names something, by the id it names.
    pub(crate) fn mentions(&self) -> IndexMap<Id, Vec<Mention>> {
        let mut mentions: IndexMap<Id, Vec<Mention>> = IndexMap::new();
        self.references(&Path::Root, &mut |at, reference| {
            mentions.entry(reference.id.clone()).or_default().extend(Mention::at(at));
        });
        mentions
    }

    /// The places within a resource that name something that is not there, or has another type than the field takes,
    /// and what they name. A Disconnected connection may name a target that is gone [PE-MANAGE].
    #[must_use]
    pub fn dangling_in(&self, kind: Kind, id: &Id) -> Vec<(Vec<SmolStr>, SmolStr)> {
        let mut dangling = Vec::new();
        let disconnected = kind == Kind::PrivateEndpoint && self.is_disconnected(id);
        self.references_of(kind, id, &mut |at, reference| {
            let field = field_of(at);
            let may_be_gone = disconnected && field == "privateLinkServiceId";
            if !may_be_gone && !self.leads_somewhere(field, reference) {
                dangling.push((at.segments(), written(reference)));
            }
        });
        dangling
    }

    /// The references to named children of `parent` that it does not have: who names them, where, and how.
    pub(crate) fn mentions_of_missing_children(&self, parent: &Id) -> Vec<(Mention, SmolStr)> {
        let mut missing = Vec::new();
        self.references(&Path::Root, &mut |at, reference| {
            if reference.id == parent && reference.child.is_some() && !self.leads_somewhere(field_of(at), reference) {
                missing.extend(Mention::at(at).map(|mention| (mention, written(reference))));
            }
        });
        missing
    }

    /// What a field of this name may name, as it is written: resources, or the children of resources.
    #[must_use]
    pub fn nameable_in(&self, field: &str, of_children: bool) -> Vec<SmolStr> {
        let resources = self.ids().filter(|(kind, _)| may_name(field, *kind));
        if !of_children {
            return resources.map(|(_, id)| SmolStr::new(id.as_str())).collect();
        }
        let children = |(kind, id): (Kind, &Id)| {
            let parent = self.resource(kind, id).unwrap_or_default();
            let names = parent[children(field)].as_object().map(|children| children.keys().cloned().collect());
            let names: Vec<String> = names.unwrap_or_default();
            names.into_iter().map(|name| smol_str::format_smolstr!("{id}/{name}")).collect::<Vec<_>>()
        };
        resources.flat_map(children).collect()
    }

    fn leads_somewhere(&self, field: &str, reference: Reference<'_>) -> bool {
        let mut kinds = Kind::ALL.iter().filter(|kind| may_name(field, **kind));
        kinds.any(|kind| match reference.child {
            None => self.index_of(*kind, reference.id).is_some(),
            Some(child) => {
                let parent = self.resource(*kind, reference.id);
                parent.is_some_and(|parent| parent[children(field)].get(child.as_str()).is_some())
            }
        })
    }
}

fn written(reference: Reference<'_>) -> SmolStr {
    match reference.child {
        None => SmolStr::new(reference.id.as_str()),
        Some(child) => smol_str::format_smolstr!("{}/{child}", reference.id),
    }
}

fn field_of<'a>(at: &'a Path<'_>) -> &'a str {
    match at {
        Path::Root => "",
        Path::Field(_, key) => key,
        Path::Item(parent, _) => field_of(parent),
    }
}

/// Whether a field takes references to a type of resource. Most fields are named after the table they refer to; one
/// whose name says nothing takes any.
fn may_name(field: &str, kind: Kind) -> bool {
    let named_after = |kind: &Kind| {
        let plural = kind.as_str();
        plural == field || plural.strip_suffix('s') == Some(field) || plural.strip_suffix("es") == Some(field)
    };
    match field {
        "remoteVirtualNetwork" => kind == Kind::VirtualNetwork,
        "virtualNetworkResourceId" => kind == Kind::Subnet,
        "from" => matches!(kind, Kind::VirtualMachine | Kind::OnPremisesHost | Kind::InternetClient),
        "privateDnsZoneId" => kind == Kind::PrivateDnsZone,
        "privateLinkServiceId" => matches!(kind, Kind::PrivateLinkService | Kind::PlatformService),
        "loadBalancerFrontendIpConfigurations" => kind == Kind::LoadBalancer,
        "dnsResolverOutboundEndpoints" => kind == Kind::DnsResolver,
        "virtualNetworkGateway1" | "virtualNetworkGateway2" | "ingressNatRules" | "egressNatRules" => {
            kind == Kind::VirtualNetworkGateway
        }
        "localNetworkGateway2" => kind == Kind::LocalNetworkGateway,
        "tenantId" => kind == Kind::Tenant,
        "publicIpAddresses" => kind == Kind::PublicIpAddress,
        "backendIPConfiguration" => kind == Kind::NetworkInterface,
        "peer" => kind == Kind::ExpressRouteCircuit,
        "sourceApplicationSecurityGroups" | "destinationApplicationSecurityGroups" => {
            kind == Kind::ApplicationSecurityGroup
        }
        "principal" => matches!(kind, Kind::Tenant | Kind::Subscription),
        _ => match Kind::ALL.iter().find(|kind| named_after(kind)) {
            Some(named) => *named == kind,
            None => true,
        },
    }
}

/// Which children of the resource a field with a reference to a child means.
fn children(field: &str) -> &str {
    match field {
        "loadBalancerFrontendIpConfigurations" => "frontendIPConfigurations",
        "dnsResolverOutboundEndpoints" => "outboundEndpoints",
        "ingressNatRules" | "egressNatRules" => "natRules",
        _ => field,
    }
}

/// The place a path leads to in a JSON value.
pub(crate) fn at_path<'v>(value: &'v mut Value, path: &[SmolStr]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, segment| match value {
        Value::Object(fields) => fields.get_mut(segment.as_str()),
        Value::Array(items) => items.get_mut(segment.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// Takes out what a path leads to. Returns whether it was there.
pub(crate) fn take_path(value: &mut Value, path: &[SmolStr]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    match at_path(value, parents) {
        Some(Value::Object(fields)) => fields.shift_remove(last.as_str()).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => false,
    }
}
