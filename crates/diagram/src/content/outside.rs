//! What stands outside Azure: sites with their machines and devices, clients on the Internet.

use std::collections::BTreeMap;

use smol_str::SmolStr;
use topology::resource::GatewayType;
use topology::{Document, Id};

use super::{Card, CardKind, FrameKind, SiteContent, card, frame};
use crate::draw_list::Glyph;
use crate::facts::{Detail, Facts};

/// The sites, and what says a site that does not exist.
pub(super) fn sites(document: &Document) -> (Vec<SiteContent>, Vec<Card>) {
    let mut cards: BTreeMap<Option<&Id>, Vec<Card>> = BTreeMap::new();
    let mut put = |id: &Id, site: &Id, kind: CardKind, glyph: Glyph, details: Vec<Detail>| {
        let site = document.on_premises_sites.ids().find(|other| *other == site);
        cards.entry(site).or_default().push(card(document, id, kind, glyph, details));
    };
    for (id, host) in &document.on_premises_hosts {
        let details = vec![Detail::Address(host.ip_address)];
        put(id, &host.on_premises_site, CardKind::OnPremisesHost, Glyph::OnPremisesHost, details);
    }
    for (id, gateway) in &document.local_network_gateways {
        let details = gateway.address_prefixes.iter().map(|range| Detail::Range(*range)).collect();
        put(id, &gateway.on_premises_site, CardKind::LocalNetworkGateway, Glyph::LocalNetworkGateway, details);
    }
    for (id, circuit) in &document.express_route_circuits {
        let details = vec![Detail::ResourceType(SmolStr::new_static(GatewayType::ExpressRoute.as_str()))];
        put(id, &circuit.on_premises_site, CardKind::ExpressRouteCircuit, Glyph::ExpressRouteCircuit, details);
    }
    let homeless = cards.remove(&None).unwrap_or_default();
    let sites = document.on_premises_sites.iter().map(|(id, site)| {
        let ranges = site.address_prefixes.iter().map(|range| Detail::Range(*range)).collect();
        SiteContent {
            frame: frame(document, id, FrameKind::Site, ranges),
            cards: cards.remove(&Some(id)).unwrap_or_default(),
        }
    });
    (sites.collect(), homeless)
}

/// The clients on the Internet.
pub(super) fn clients(document: &Document, facts: &Facts) -> Vec<Card> {
    let client = |id: &Id| {
        let details = facts.addresses.get(id).map(|address| Detail::Address(*address)).into_iter().collect();
        card(document, id, CardKind::InternetClient, Glyph::InternetClient, details)
    };
    document.internet_clients.ids().map(client).collect()
}
