//! What stands where: the document as tenants, networks, subnets and cards, before anything has a position.

mod outside;

use std::collections::BTreeMap;

use sim::Place;
use smol_str::SmolStr;
use topology::resource::{DefaultAction, PublicNetworkAccess};
use topology::{Document, Id};

use crate::draw_list::Glyph;
use crate::facts::{Detail, Facts};

/// The resolver every virtual network sees [MICROHACK].
const AZURE_DNS: std::net::Ipv4Addr = std::net::Ipv4Addr::new(168, 63, 129, 16);

/// What a card stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CardKind {
    VirtualMachine,
    PrivateEndpoint,
    PrivateLinkService,
    LoadBalancer,
    Backend,
    DnsResolver,
    PrivateDnsZone,
    DnsForwardingRuleset,
    PlatformService,
    PublicIpAddress,
    NatGateway,
    AzureDns,
    Gateway,
    OnPremisesHost,
    LocalNetworkGateway,
    ExpressRouteCircuit,
    InternetClient,
    PublicDns,
    Internet,
}

#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) place: Place,
    pub(crate) kind: CardKind,
    pub(crate) glyph: Glyph,
    pub(crate) name: SmolStr,
    pub(crate) details: Vec<Detail>,
}

/// Which side of Private Link a tenant is on; decides its tint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    A,
    B,
    C,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Tenant(Tone),
    Network,
    Subnet,
    /// An on-premises site.
    Site,
    /// Things that say no valid place.
    Unplaced,
}

#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) place: Option<Place>,
    pub(crate) kind: FrameKind,
    pub(crate) name: SmolStr,
    pub(crate) details: Vec<Detail>,
}

impl Frame {
    const fn unplaced() -> Self {
        Self { place: None, kind: FrameKind::Unplaced, name: SmolStr::new_static(""), details: Vec::new() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SubnetContent {
    pub(crate) frame: Frame,
    pub(crate) cards: Vec<Card>,
    /// Whether traffic flows downwards in it, to services below the networks.
    pub(crate) downwards: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct NetworkContent {
    pub(crate) frame: Frame,
    pub(crate) dns: Option<Card>,
    pub(crate) subnets: Vec<SubnetContent>,
}

#[derive(Clone, Debug)]
pub(crate) struct TenantContent {
    pub(crate) frame: Frame,
    pub(crate) networks: Vec<NetworkContent>,
    pub(crate) zones: Vec<Card>,
    /// Platform services, and in the unplaced area whatever has no subnet.
    pub(crate) services: Vec<Card>,
}

impl TenantContent {
    fn is_empty(&self) -> bool {
        self.networks.is_empty() && self.zones.is_empty() && self.services.is_empty()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct SiteContent {
    pub(crate) frame: Frame,
    /// Machines before the devices that tunnels begin at.
    pub(crate) cards: Vec<Card>,
}

#[derive(Clone, Debug)]
pub(crate) struct Content {
    /// On-premises sites.
    pub(crate) sites: Vec<SiteContent>,
    /// Consumers before providers; the unplaced area, when needed, last.
    pub(crate) tenants: Vec<TenantContent>,
    /// Clients on the Internet, the public DNS and the Internet itself.
    pub(crate) public: Vec<Card>,
}

impl Content {
    pub(crate) fn of(document: &Document, facts: &Facts) -> Self {
        let mut cards = cards_by_subnet(document, facts);
        let has_names = !document.private_dns_zones.is_empty()
            || !document.platform_services.is_empty()
            || !document.dns_forwarding_rulesets.is_empty();
        let mut subnets: BTreeMap<Option<&Id>, Vec<SubnetContent>> = BTreeMap::new();
        for (id, subnet) in &document.subnets {
            let network = document.virtual_networks.contains(&subnet.virtual_network);
            let content = subnet_content(document, id, cards.remove(&Some(id)).unwrap_or_default());
            subnets.entry(network.then_some(&subnet.virtual_network)).or_default().push(content);
        }
        let mut networks: BTreeMap<Option<&Id>, Vec<NetworkContent>> = BTreeMap::new();
        for (id, network) in &document.virtual_networks {
            let mut own = subnets.remove(&Some(id)).unwrap_or_default();
            own.sort_by_key(|subnet| subnet.cards.first().map_or(CardKind::Internet, |card| card.kind));
            let mut details: Vec<Detail> = network.address_prefixes.iter().map(|range| Detail::Range(*range)).collect();
            if facts.overlapping.contains(id) {
                details.push(Detail::Overlaps);
            }
            let frame = frame(document, id, FrameKind::Network, details);
            let dns = has_names.then(|| azure_dns(id));
            networks.entry(owner(document, id)).or_default().push(NetworkContent { frame, dns, subnets: own });
        }
        let mut zones: BTreeMap<Option<&Id>, Vec<Card>> = BTreeMap::new();
        for (id, zone) in &document.private_dns_zones {
            let details = vec![Detail::Records(zone.record_sets.len())];
            let card = card(document, id, CardKind::PrivateDnsZone, Glyph::PrivateDnsZone, details);
            zones.entry(owner(document, id)).or_default().push(card);
        }
        for (id, ruleset) in &document.dns_forwarding_rulesets {
            let details = vec![Detail::Rules(ruleset.forwarding_rules.len())];
            let card = card(document, id, CardKind::DnsForwardingRuleset, Glyph::PrivateDnsZone, details);
            zones.entry(owner(document, id)).or_default().push(card);
        }
        let mut services: BTreeMap<Option<&Id>, Vec<Card>> = BTreeMap::new();
        for (id, _) in &document.platform_services {
            services.entry(owner(document, id)).or_default().push(service_card(document, id));
        }
        for (id, card) in edge_cards(document, facts) {
            services.entry(owner(document, id)).or_default().push(card);
        }

        let order = tenant_order(document);
        let mut tenants: Vec<TenantContent> = order
            .into_iter()
            .map(|(id, tone)| TenantContent {
                frame: frame(document, id, FrameKind::Tenant(tone), tenant_details(document, id)),
                networks: networks.remove(&Some(id)).unwrap_or_default(),
                zones: zones.remove(&Some(id)).unwrap_or_default(),
                services: services.remove(&Some(id)).unwrap_or_default(),
            })
            .collect();
        let mut unplaced = TenantContent {
            frame: Frame::unplaced(),
            networks: networks.remove(&None).unwrap_or_default(),
            zones: zones.remove(&None).unwrap_or_default(),
            services: services.remove(&None).unwrap_or_default(),
        };
        if let Some(subnets) = subnets.remove(&None) {
            unplaced.networks.push(NetworkContent { frame: Frame::unplaced(), dns: None, subnets });
        }
        unplaced.services.extend(cards.remove(&None).unwrap_or_default());
        let (sites, homeless) = outside::sites(document);
        unplaced.services.extend(homeless);
        if !unplaced.is_empty() {
            tenants.push(unplaced);
        }
        let has_outside = !document.on_premises_sites.is_empty() || !document.internet_clients.is_empty();
        let mut public = outside::clients(document, facts);
        if has_outside || !document.platform_services.is_empty() {
            public.extend(public_cards());
        }
        Self { sites, tenants, public }
    }
}

fn frame(document: &Document, id: &Id, kind: FrameKind, details: Vec<Detail>) -> Frame {
    let name = SmolStr::new(document.display_name(id));
    Frame { place: Some(Place::Resource(id.clone())), kind, name, details }
}

fn card(document: &Document, id: &Id, kind: CardKind, glyph: Glyph, details: Vec<Detail>) -> Card {
    Card { place: Place::Resource(id.clone()), kind, glyph, name: SmolStr::new(document.display_name(id)), details }
}

fn azure_dns(network: &Id) -> Card {
    Card {
        place: Place::AzureDns(network.clone()),
        kind: CardKind::AzureDns,
        glyph: Glyph::AzureDns,
        name: SmolStr::new_static("Azure DNS"),
        details: vec![Detail::Address(AZURE_DNS)],
    }
}

fn public_cards() -> Vec<Card> {
    let card = |place, kind, glyph, name| Card { place, kind, glyph, name: SmolStr::new_static(name), details: vec![] };
    vec![
        card(Place::PublicDns, CardKind::PublicDns, Glyph::PublicDns, "Public DNS"),
        card(Place::Internet, CardKind::Internet, Glyph::Internet, "Internet"),
    ]
}

/// The tenant a resource belongs to, when that tenant exists.
fn owner<'a>(document: &'a Document, id: &'a Id) -> Option<&'a Id> {
    document.tenant_of(id).filter(|tenant| document.tenants.contains(tenant))
}

fn tenant_details(document: &Document, tenant: &Id) -> Vec<Detail> {
    let subscriptions = document.subscriptions.iter().filter(|(_, subscription)| subscription.tenant == *tenant);
    let mut details: Vec<Detail> = subscriptions.map(|(id, _)| Detail::Subscription(id.clone())).collect();
    for (id, network) in &document.virtual_networks {
        let location = Detail::Location(network.location.clone());
        if owner(document, id) == Some(tenant) && !details.contains(&location) {
            details.push(location);
        }
    }
    details
}

fn subnet_content(document: &Document, id: &Id, mut cards: Vec<Card>) -> SubnetContent {
    cards.sort_by_key(|card| card.kind);
    let mut details = Vec::new();
    if let Some(subnet) = document.subnets.get(id) {
        details.push(Detail::Range(subnet.address_prefix));
        details.extend(subnet.network_security_group.clone().map(Detail::SecurityGroup));
        details.extend(subnet.route_table.clone().map(Detail::RouteTable));
    }
    let downwards = cards.iter().any(|card| match &card.place {
        Place::Resource(id) => {
            let connection = document.private_endpoints.get(id).and_then(|endpoint| endpoint.connection());
            connection
                .is_some_and(|connection| document.platform_services.contains(&connection.private_link_service_id))
        }
        Place::AzureDns(_) | Place::PublicDns | Place::Internet => false,
    });
    SubnetContent { frame: frame(document, id, FrameKind::Subnet, details), cards, downwards }
}

/// The cards of each subnet that exists; under `None` those without one.
fn cards_by_subnet<'a>(document: &'a Document, facts: &Facts) -> BTreeMap<Option<&'a Id>, Vec<Card>> {
    let mut cards: BTreeMap<Option<&Id>, Vec<Card>> = BTreeMap::new();
    let mut first_interface: BTreeMap<&Id, (&Id, &Id)> = BTreeMap::new();
    for (id, interface) in &document.network_interfaces {
        first_interface.entry(&interface.virtual_machine).or_insert((id, &interface.subnet));
    }
    let mut put = |subnet: Option<&'a Id>, card: Card| {
        let subnet = subnet.filter(|subnet| document.subnets.contains(subnet));
        cards.entry(subnet).or_default().push(card);
    };
    for (id, _) in &document.virtual_machines {
        let first = first_interface.get(id);
        let address = first.and_then(|(interface, _)| facts.addresses.get(*interface));
        let mut details: Vec<Detail> = address.map(|address| Detail::Address(*address)).into_iter().collect();
        let own = first.and_then(|(interface, _)| document.network_interfaces.get(interface));
        details.extend(own.and_then(|own| own.network_security_group.clone()).map(Detail::SecurityGroup));
        let health = facts.health.get(id);
        details.extend(health.map(|healthy| Detail::Healthy(*healthy)));
        let kind = if health.is_some() { CardKind::Backend } else { CardKind::VirtualMachine };
        put(first.map(|(_, subnet)| *subnet), card(document, id, kind, Glyph::VirtualMachine, details));
    }
    for (id, endpoint) in &document.private_endpoints {
        let mut details: Vec<Detail> =
            facts.addresses.get(id).map(|address| Detail::Address(*address)).into_iter().collect();
        let state = endpoint.connection().map(|connection| connection.private_link_service_connection_state.status);
        details.extend(state.map(Detail::Connection));
        put(Some(&endpoint.subnet), card(document, id, CardKind::PrivateEndpoint, Glyph::PrivateEndpoint, details));
    }
    for (id, _) in &document.private_link_services {
        let addresses = facts.nat_ips.get(id).into_iter().flatten();
        let details = addresses.map(|address| Detail::NatAddress(*address)).collect();
        let card = card(document, id, CardKind::PrivateLinkService, Glyph::PrivateLinkService, details);
        put(document.subnet_of(id), card);
    }
    for (id, _) in document.load_balancers.iter().filter(|(id, _)| document.subnet_of(id).is_some()) {
        put(document.subnet_of(id), balancer_card(document, facts, id));
    }
    for (id, gateway) in &document.virtual_network_gateways {
        let details = facts.addresses.get(id).map(|address| Detail::Address(*address)).into_iter().collect();
        put(Some(&gateway.subnet), card(document, id, CardKind::Gateway, Glyph::Gateway, details));
    }
    for (id, _) in &document.dns_resolvers {
        let addresses = facts.inbound.get(id).into_iter().flatten();
        let details = addresses.map(|address| Detail::Address(*address)).collect();
        put(document.subnet_of(id), card(document, id, CardKind::DnsResolver, Glyph::AzureDns, details));
    }
    cards
}

fn balancer_card(document: &Document, facts: &Facts, id: &Id) -> Card {
    let addresses = facts.frontends.get(id).into_iter().flatten();
    let details = addresses.map(|address| Detail::Address(*address)).collect();
    card(document, id, CardKind::LoadBalancer, Glyph::LoadBalancer, details)
}

/// What faces the Internet and stands in no subnet: public load balancers, public IP addresses, NAT gateways.
fn edge_cards<'a>(document: &'a Document, facts: &Facts) -> Vec<(&'a Id, Card)> {
    let balancers = document.load_balancers.ids().filter(|id| document.subnet_of(id).is_none());
    let balancers = balancers.map(|id| (id, balancer_card(document, facts, id)));
    let addresses = document.public_ip_addresses.ids().map(|id| {
        let details = facts.addresses.get(id).map(|address| Detail::Address(*address)).into_iter().collect();
        (id, card(document, id, CardKind::PublicIpAddress, Glyph::PublicIpAddress, details))
    });
    let gateways = document.nat_gateways.iter().map(|(id, gateway)| {
        let addresses = gateway.public_ip_addresses.iter().filter_map(|address| facts.addresses.get(address));
        let details = addresses.map(|address| Detail::Address(*address)).collect();
        (id, card(document, id, CardKind::NatGateway, Glyph::NatGateway, details))
    });
    balancers.chain(addresses).chain(gateways).collect()
}

fn service_card(document: &Document, id: &Id) -> Card {
    let mut details = Vec::new();
    let mut glyph = Glyph::PlatformService;
    if let Some(service) = document.platform_services.get(id) {
        details.push(Detail::ResourceType(service.resource_type.clone()));
        details.extend(service.public_endpoints.values().map(|endpoint| Detail::Address(endpoint.ip_address)));
        if service.public_network_access == Some(PublicNetworkAccess::Disabled) {
            details.push(Detail::PublicNetworkAccessDisabled);
        } else if service.network_acls.default_action == DefaultAction::Deny {
            details.push(Detail::DefaultActionDeny);
        }
        let provider = service.resource_type.split('/').next().unwrap_or_default();
        glyph = match provider.to_ascii_lowercase().as_str() {
            "microsoft.storage" => Glyph::Storage,
            "microsoft.keyvault" => Glyph::KeyVault,
            "microsoft.sql" | "microsoft.documentdb" | "microsoft.dbforpostgresql" | "microsoft.dbformysql" => {
                Glyph::Database
            }
            _ => Glyph::PlatformService,
        };
    }
    card(document, id, CardKind::PlatformService, glyph, details)
}

/// Tenants with consumers before the providers they connect to, in document order where that leaves a choice.
fn tenant_order(document: &Document) -> Vec<(&Id, Tone)> {
    let mut edges: Vec<(&Id, &Id)> = Vec::new();
    for (id, endpoint) in &document.private_endpoints {
        let target = endpoint.connection().map(|connection| &connection.private_link_service_id);
        if let (Some(consumer), Some(provider)) = (owner(document, id), target.and_then(|id| owner(document, id)))
            && consumer != provider
        {
            edges.push((consumer, provider));
        }
    }
    let mut waiting: Vec<&Id> = document.tenants.ids().collect();
    let mut order = Vec::with_capacity(waiting.len());
    let mut n_others = 0_usize;
    while !waiting.is_empty() {
        let is_free =
            |tenant: &&Id| !edges.iter().any(|(consumer, provider)| provider == tenant && waiting.contains(consumer));
        // Tenants that provide to each other in a circle keep the document's order.
        let next = waiting.iter().position(is_free).unwrap_or(0);
        let tenant = waiting.remove(next);
        let tone = if edges.iter().any(|(_, provider)| *provider == tenant) {
            Tone::B
        } else {
            n_others += 1;
            if n_others % 2 == 1 { Tone::A } else { Tone::C }
        };
        order.push((tenant, tone));
    }
    order
}
